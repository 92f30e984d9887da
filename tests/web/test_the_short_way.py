"""What makes the way short: one tap where one is enough, several days at once, nothing asked when all is sure."""

import html
import re

import pytest
from starlette.testclient import TestClient

from stillwell.cli.browser import opened_in_browser
from stillwell.store.store import Store
from stillwell.web.journey import Journey, decoded
from tests.web.test_an_alarm_on_the_page import ALARM, main_of
from tests.web.test_the_way_through import RESTLESS, key_of, tell

DIARY = "Monday: toast with butter, tea\nTuesday: rice with chicken\nan apple\nDay 3: porridge with milk"


def kept(store: Store, visit: str) -> Journey:
    return decoded(store.get(visit.rpartition("/")[2]).body)


def none_to_all(page: TestClient, visit: str) -> int:
    """Answer every question with no; how many there were."""
    for number in range(30):
        text = page.get(f"{visit}/questions").text
        key = key_of(text)
        if key is None:
            return number
        none = "none" if 'value="none"' in text else "no"
        page.post(f"{visit}/questions", data={"key": key, "answer": none})
    raise AssertionError("they do not end")


def test_a_diary_of_several_days_is_taken_in_one_go(
    page: TestClient, visit: str, store: Store
) -> None:
    tell(page, visit)
    page.post(f"{visit}/food/days/1", data={"day": DIARY, "how": "all"})
    journey = kept(store, visit)
    assert journey.diary == ["toast with butter, tea", "rice with chicken\nan apple", "porridge with milk"]  # fmt: skip
    assert journey.complete == [True] * 3
    page.post(f"{visit}/food/days/2", data={"day": "two eggs", "how": "part"})
    journey = kept(store, visit)
    assert journey.diary[1] == "two eggs" and journey.complete == [True, False, True]


def test_more_days_than_are_taken_are_said_and_nothing_is_kept(
    page: TestClient, visit: str, store: Store
) -> None:
    tell(page, visit)
    many = "\n".join(f"Day {n}: toast" for n in range(1, 17))
    after = page.post(f"{visit}/food/days/1", data={"day": many, "how": "all"})
    assert after.status_code == 422 and "too many" in after.text and "Day 16" in after.text
    assert kept(store, visit).diary == []


def test_whoever_has_nothing_to_add_passes_food_and_tests_with_one_tap(
    page: TestClient, visit: str, store: Store
) -> None:
    tell(page, visit)
    assert 1 <= none_to_all(page, visit) <= 12
    after = page.post(f"{visit}/questions", data={"nothing_more": "yes"})
    assert after.url.path == f"{visit}/answer"
    journey = kept(store, visit)
    assert journey.food_told and journey.labs_told and not journey.no_labs


def test_what_is_unsure_is_shown_before_the_answer(page: TestClient, visit: str) -> None:
    page.post(f"{visit}/words", data={"words": RESTLESS})
    page.post(f"{visit}/medicines", data={"choice": "some", "medicines": "quuxinol 5 mg"})
    none_to_all(page, visit)
    after = page.post(f"{visit}/questions", data={"nothing_more": "yes"})
    assert after.url.path == f"{visit}/check"
    open_ = main_of(after.text).partition("<details>")[0]
    assert "quuxinol" in open_ and f"{visit}/medicines?from=check" in open_


def test_results_told_after_the_last_question_raise_no_other(page: TestClient, visit: str) -> None:
    tell(page, visit)
    none_to_all(page, visit)
    asked = page.post(f"{visit}/tests", data={"results": "Ferritin 11 ng/mL"}).text
    sheet = re.search(r'name="sheet" value="(\w+)"', asked)
    assert sheet
    after = page.post(f"{visit}/tests/rows", data={"sheet": sheet[1], "use-0": "yes"})
    assert after.url.path == f"{visit}/questions" and "No more questions" in after.text
    assert key_of(page.get(f"{visit}/questions?further=1").text) is not None


def test_a_story_told_anew_is_asked_about_again(page: TestClient, visit: str) -> None:
    tell(page, visit)
    none_to_all(page, visit)
    page.post(f"{visit}/words", data={"words": "My feet burn and tingle, it creeps up slowly."})
    assert key_of(page.get(f"{visit}/questions").text) is not None


def test_a_sign_that_was_ticked_is_not_lost_to_none_or_unknown(
    page: TestClient, visit: str, store: Store
) -> None:
    tell(page, visit)
    for other in ("none", "unknown"):
        key = _next_of_several(page, visit)
        item = key.rpartition(":")[2].split("|")[0]
        page.post(f"{visit}/questions", data={"key": key, "answer": [item, other]})
        assert next(a.answer for a in kept(store, visit).answers if a.key == key) == item


def test_what_was_typed_is_not_lost_to_none_at_all(
    page: TestClient, visit: str, store: Store
) -> None:
    page.post(f"{visit}/words", data={"words": RESTLESS})
    after = page.post(f"{visit}/medicines", data={"choice": "none", "medicines": "lithium 400 mg"})
    assert after.status_code == 422 and "lithium 400 mg" in after.text
    assert not kept(store, visit).medicines_told


def _next_of_several(page: TestClient, visit: str) -> str:
    """The key of the next question with boxes to tick; those before it are skipped."""
    for _ in range(20):
        key = key_of(page.get(f"{visit}/questions").text) or ""
        if key.startswith("any_of"):
            return key
        page.post(f"{visit}/questions", data={"key": key, "answer": "skip"})
    raise AssertionError("there is none")


def test_a_sheet_without_doubt_is_confirmed_with_one_tap(page: TestClient, visit: str) -> None:
    tell(page, visit)
    text = page.post(f"{visit}/tests", data={"results": "Ferritin 11 ng/mL\nTSH 2.1 mIU/L"}).text
    before_button = main_of(text).partition('class="acts end"')[0]
    assert "Ferritin 11 ng/mL" in before_button and "TSH" in before_button
    assert 'type="checkbox"' not in before_button
    assert text.count(" checked") == 2


def test_a_part_of_the_way_has_the_same_number_in_every_story(page: TestClient, visit: str) -> None:
    def numbers() -> dict[str, str]:
        steps = ("words", "you", "medicines", "urgent", "questions", "answer", "share")
        shown = {s: page.get(f"{visit}/{s}").text for s in steps}
        return {s: re.findall(r"<summary>(Part \d of 3)", text)[0] for s, text in shown.items()}

    tell(page, visit)
    calm = numbers()
    page.post(f"{visit}/words", data={"words": ALARM})
    assert numbers() == calm


def test_a_story_about_somebody_else_says_so_on_every_step(page: TestClient) -> None:
    page.post("/start")
    begun = page.post("/start", data={"person": "new", "name": "Anna"}, follow_redirects=False)
    other = begun.headers["location"].rpartition("/")[0]
    assert "What is the matter with Anna’s legs?" in html.unescape(page.get(f"{other}/words").text)
    tell(page, other)
    for step in ("you", "medicines", "urgent", "questions", "food", "tests"):
        assert "“you” means Anna" in page.get(f"{other}/{step}").text, step
    mine = page.post("/start", follow_redirects=False).headers["location"].rpartition("/")[0]
    assert "means" not in main_of(page.get(f"{mine}/words").text)


@pytest.mark.parametrize("screen", ["", ":99"])
def test_without_a_browser_nothing_is_said_but_by_us(
    screen: str, tmp_path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    opener = tmp_path / "xdg-open"
    opener.write_text("#!/bin/sh\necho no method available >&2\nexit 3\n")
    opener.chmod(0o700)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setenv("DISPLAY", screen)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setattr("sys.platform", "linux")
    assert not opened_in_browser("http://localhost:1/")
    said = capfd.readouterr()
    assert said.out == said.err == ""


def test_the_sources_of_a_line_stay_together(page: TestClient, visit: str) -> None:
    tell(page, visit)
    marks = re.findall(r'<span class="small marks">\[([^\]]+)\]</span>', page.get(f"{visit}/answer").text)  # fmt: skip
    assert marks and all("\n" not in mark for mark in marks)
    assert ".marks { display: inline-block; }" in page.get("/static/site.css").text

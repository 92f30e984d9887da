"""Where the words tell an alarm, help comes first on every page: numbers to call, and nothing that calms."""

import re

from starlette.testclient import TestClient

from stillwell.knowledge.store import knowledge
from stillwell.web.wording import words
from tests.web.test_the_way_through import RESTLESS, key_of, tell

ALARM = "My legs got weak over two days and now I cannot pass urine and I am numb between my legs."
TODAY = "my left calf is swollen, red and painful since yesterday"
PAGES = ("words", "urgent", "you", "medicines", "questions", "food", "tests", "check", "answer", "plan", "share")  # fmt: skip


def main_of(text: str) -> str:
    return text.partition("<main")[2]


def test_every_page_of_an_emergency_holds_the_numbers_as_links(
    page: TestClient, visit: str
) -> None:
    page.post(f"{visit}/words", data={"words": ALARM})
    for step in PAGES:
        text = page.get(f"{visit}/{step}").text
        for number in ("999", "112", "911"):
            assert f'href="tel:{number}"' in text, (step, number)


def test_without_an_emergency_no_page_offers_to_call(page: TestClient, visit: str) -> None:
    tell(page, visit)
    assert not [step for step in PAGES if "tel:" in page.get(f"{visit}/{step}").text]


def test_the_numbers_are_those_of_the_knowledge_base() -> None:
    known = next(h.what for h in knowledge().base.help if "emergency" in h.levels)
    for number, where in words()["care"]["numbers"].items():
        assert f"{number} in {where}" in known


def test_no_bar_and_no_percentage_stands_beside_an_emergency(page: TestClient, visit: str) -> None:
    page.post(f"{visit}/words", data={"words": ALARM})
    text = page.get(f"{visit}/questions").text
    aside = text.partition("<aside")[2]
    assert "Help comes first" in aside and "%" not in aside and 'class="meter"' not in aside
    key = key_of(text)
    after = page.post(
        f"{visit}/questions", data={"key": key, "answer": "skip"}, headers={"X-Part": "bars"}
    )
    assert "%" not in after.text and "Help comes first" in after.text


def test_calm_bars_do_not_stand_beside_an_alarm_that_names_another_cause(
    page: TestClient, visit: str
) -> None:
    hidden = "I have a fever and my hot red knee hurts, legs shake"
    for said, calm in ((TODAY, True), (hidden, False)):
        page.post(f"{visit}/words", data={"words": said})
        text = page.get(f"{visit}/questions").text
        assert 'class="care today"' in text
        assert ('class="meter"' in text) == calm, said


def test_a_calm_story_keeps_its_bars(page: TestClient, visit: str) -> None:
    tell(page, visit, RESTLESS)
    assert 'class="meter"' in page.get(f"{visit}/questions").text


def test_after_an_alarm_in_the_words_each_step_leads_on_to_a_later_one(
    page: TestClient, visit: str
) -> None:
    seen = [page.post(f"{visit}/words", data={"words": ALARM}).url.path.rpartition("/")[2]]
    assert f'href="{visit}/you"' in main_of(page.get(f"{visit}/urgent").text)
    seen.append("you")
    after = page.post(f"{visit}/you", data={"age": "50", "sex": "male"})
    seen.append(after.url.path.rpartition("/")[2])
    after = page.post(f"{visit}/medicines", data={"choice": "none"})
    seen.append(after.url.path.removeprefix(f"{visit}/").partition("/")[0])
    assert seen == ["urgent", "you", "medicines", "questions"]
    shown = re.findall(rf'href="{visit}/(\w+)"', after.text.partition("</nav>")[2])
    assert shown[:4] == ["words", "urgent", "you", "medicines"]


def test_of_the_reasons_of_an_alarm_the_first_stands_open_and_the_rest_is_folded(
    page: TestClient, visit: str
) -> None:
    page.post(f"{visit}/words", data={"words": ALARM})
    for step in ("questions", "tests", "urgent", "answer"):
        card = page.get(f"{visit}/{step}").text.partition('id="care"')[2].partition("</section>")[0]
        open_, folded = card.split("<details>")
        assert "You told" in open_ and "Must be ruled out first" in folded, step
        assert "Go to an emergency department" in open_ or "ambulance" in open_
        shown = open_ if step in ("urgent", "answer") else folded
        assert "Until help comes" in shown, step


def test_what_to_do_until_help_comes_is_that_of_the_report(page: TestClient, visit: str) -> None:
    page.post(f"{visit}/words", data={"words": ALARM})
    report = (
        page.get(f"{visit}/plan").text.partition('id="until_help"')[2].partition("</section>")[0]
    )
    lines = re.findall(r"<li>\s*([^<\n]+)", report)
    card = page.get(f"{visit}/urgent").text.partition('id="care"')[2].partition("<details>")[0]
    assert lines and all(line.strip() in card for line in lines)


def test_the_page_for_the_doctor_is_one_tap_away(page: TestClient, visit: str) -> None:
    page.post(f"{visit}/words", data={"words": ALARM})
    for step in PAGES:
        text = page.get(f"{visit}/{step}").text
        assert f'href="{visit}/share/doctor.html"' in main_of(text), step
    assert page.get(f"{visit}/share/doctor.html").status_code == 200


def test_the_page_for_the_doctor_is_one_tap_from_a_calm_story_too(
    page: TestClient, visit: str
) -> None:
    tell(page, visit, RESTLESS)
    for step in ("urgent", "answer"):
        assert f'href="{visit}/share/doctor.html"' in main_of(page.get(f"{visit}/{step}").text)


def test_in_an_emergency_only_what_cannot_wait_is_asked(page: TestClient, visit: str) -> None:
    told = "my legs are numb between the thighs since today and I cannot pass urine"
    page.post(f"{visit}/words", data={"words": told})
    for _ in range(6):
        text = page.get(f"{visit}/questions").text
        key = key_of(text)
        if key is None:
            break
        none = "none" if 'value="none"' in text else "no"
        page.post(f"{visit}/questions", data={"key": key, "answer": none})
    assert key is None and "Get help first" in text

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


def test_the_reasons_of_an_alarm_are_folded_where_a_step_is_to_be_seen(
    page: TestClient, visit: str
) -> None:
    page.post(f"{visit}/words", data={"words": ALARM})
    for step, folded in (("questions", True), ("tests", True), ("urgent", False), ("answer", False)):  # fmt: skip
        card = page.get(f"{visit}/{step}").text.partition('id="care"')[2].partition("</section>")[0]
        assert ("<details>" in card) == folded, step
        assert "Go to an emergency department" in card or "ambulance" in card


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

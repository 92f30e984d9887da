"""Who tells of dying finds the numbers first, to be tapped; who tells of harming somebody else finds other words."""

import re

import pytest
from starlette.testclient import TestClient

from stillwell.knowledge.store import knowledge
from stillwell.web.wording import words
from tests.web.test_an_alarm_on_the_page import main_of


def card(page: TestClient, visit: str, said: str) -> str:
    text = main_of(page.post(f"{visit}/words", data={"words": said}).text)
    return text.partition('class="care')[2].partition("</section>")[0]


@pytest.mark.parametrize(
    "said", ["I want to die", "my legs never stop and I do not want to live any more", "I think of hanging myself"]
)  # fmt: skip
def test_the_numbers_come_first_and_each_line_is_short(
    page: TestClient, visit: str, said: str
) -> None:
    shown = card(page, visit, said)
    for number in ("999", "112", "911", "116123", "988", "131114", "1737", "14416"):
        assert f'href="tel:{number}"' in shown, number
    assert shown.index('href="tel:116123"') < shown.index("Thank you for telling us")
    lines = [re.sub(r"<[^>]+>", "", line) for line in re.findall(r"<p>(.*?)</p>", shown, re.S)]
    assert max(len(line.split()) for line in lines) <= 30, lines


def test_the_crisis_lines_are_those_of_the_knowledge_base() -> None:
    base = knowledge().base
    named = " ".join(f"{h.name} {h.what}" for h in base.help)
    for line in words()["care"]["crisis"]:
        assert line["number"] in named
        assert line["number"] in base.triage["suicidal_thoughts_told"].do


def test_the_list_of_stories_does_not_tell_who_glances_at_it(page: TestClient, visit: str) -> None:
    for said in ("I want to die", "I want to kill my husband"):
        page.post(f"{visit}/words", data={"words": said})
        listed = page.get("/").text.partition('class="records"')[2]
        assert "A private story" in listed
        assert not re.search(r"dying|harm|die|kill|mood", listed.lower())


@pytest.mark.parametrize(
    "said", ["I want to kill my husband", "I keep thinking of stabbing my neighbour", "I have urges to strangle my son and it frightens me"]
)  # fmt: skip
def test_a_danger_to_somebody_else_is_no_wish_to_die(
    page: TestClient, visit: str, said: str
) -> None:
    shown = card(page, visit, said)
    assert "thoughts of harming somebody else" in shown and 'href="tel:112"' in shown
    assert "dying" not in shown and "116 123" not in shown


def test_both_are_heard_where_both_are_told(page: TestClient, visit: str) -> None:
    shown = card(page, visit, "I am going to kill my wife and then myself")
    assert "emergency" in shown and "harming somebody else" in shown and "dying" in shown


@pytest.mark.parametrize(
    "said",
    ["I kick my wife in my sleep and I am scared of hurting her", "these cramps are killing me", "I could kill for a night of sleep"],
)  # fmt: skip
def test_ways_of_speaking_and_kicks_in_sleep_are_no_danger(
    page: TestClient, visit: str, said: str
) -> None:
    page.post(f"{visit}/words", data={"words": said})
    assert "harming somebody" not in page.get(f"{visit}/urgent").text


def test_signs_that_the_card_speaks_of_stand_below_it_to_be_answered(
    page: TestClient, visit: str
) -> None:
    said = "had a bad back for years, this week worse and both my legs feel heavy and tingly, like theyre not quite mine"
    text = main_of(page.post(f"{visit}/words", data={"words": said}).text)
    assert "any of the signs below" in text and "Does any of these fit?" in text
    assert 'name="no" value="saddle_numbness"' in text
    after = page.post(f"{visit}/urgent", data={"yes": "saddle_numbness"}).text
    assert 'class="care emergency"' in after and "any of the signs below" not in after


def test_no_signs_below_are_spoken_of_after_all_were_answered_no(
    page: TestClient, visit: str
) -> None:
    said = "had a bad back for years, this week worse and both my legs feel heavy and tingly, like theyre not quite mine"
    page.post(f"{visit}/words", data={"words": said})
    for _ in range(5):
        text = page.get(f"{visit}/urgent").text
        asked = re.search(r'name="none" value="([^"]+)"', text)
        if asked is None:
            break
        page.post(f"{visit}/urgent", data={"none": asked[1]})
    assert asked is None
    for step in ("urgent", "questions", "answer", "plan", "share/doctor.html"):
        text = page.get(f"{visit}/{step}").text
        assert "the signs below" not in text and "of these fit?" not in main_of(text)[:3000], step
        assert "today" in text  # it is as urgent as before

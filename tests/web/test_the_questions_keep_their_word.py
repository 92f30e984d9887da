"""The questions of the page: no more than promised, one step back at a time, nothing silly, nothing that calms."""

import html
import re

import pytest
from starlette.testclient import TestClient

from stillwell.assess.interview import next_page
from stillwell.case.model import Case
from stillwell.case.understand import understand
from stillwell.knowledge.store import knowledge
from tests.web.test_an_alarm_on_the_page import main_of
from tests.web.test_the_way_through import key_of, tell

STORIES = (
    "Cramps in my calves wake me every night, since about March.",
    "My legs tremble when I stand in a queue and it stops when I walk, for a year.",
    "My feet burn and tingle, it creeps up slowly, two years now.",
)


def asked(page: TestClient, visit: str, answer: str) -> list[str]:
    """The pages of all questions, each answered alike."""
    shown: list[str] = []
    while len(shown) < 30:
        text = page.get(f"{visit}/questions").text
        key = key_of(text)
        if key is None:
            return shown
        shown.append(text)
        choices = re.findall(r'name="answer" value="(\w+)"', text)
        given = {"yes": choices[0], "no": "no" if "no" in choices else "none", "skip": "skip"}
        page.post(f"{visit}/questions", data={"key": key, "answer": given[answer]})
    raise AssertionError("they do not end")


@pytest.mark.parametrize("story", STORIES)
@pytest.mark.parametrize("answer", ["yes", "no", "skip"])
def test_no_more_questions_come_than_were_promised(
    page: TestClient, visit: str, story: str, answer: str
) -> None:
    tell(page, visit, story)
    shown = asked(page, visit, answer)
    for number, text in enumerate(shown):
        told = re.search(r"At most (\w+) more", text)
        if told:
            assert len(shown) - number - 1 <= (1 if told[1] == "one" else int(told[1]))


def test_after_the_last_question_none_is_offered(page: TestClient, visit: str) -> None:
    tell(page, visit, STORIES[0])
    asked(page, visit, "no")
    done = html.unescape(page.get(f"{visit}/questions").text)
    answer = page.get(f"{visit}/answer").text
    offered = re.search(r'href="([^"]*/questions\?further=1)"', answer)
    if offered:  # the promise ended them: then the button leads to one more
        assert key_of(page.get(offered[1]).text)
    else:
        assert "No other question would change the answer" in done


def test_whoever_stopped_can_go_on_from_the_answer(page: TestClient, visit: str) -> None:
    tell(page, visit, STORIES[1])
    page.post(f"{visit}/questions", data={"enough": "yes"})
    assert "No more questions" in page.get(f"{visit}/questions").text
    offered = re.search(r'href="([^"]*/questions\?further=1)"', page.get(f"{visit}/answer").text)
    assert offered and key_of(page.get(offered[1]).text)


def test_each_question_has_an_address_of_its_own(page: TestClient, visit: str) -> None:
    tell(page, visit, STORIES[0])
    for number in (1, 2, 3):
        at = page.get(f"{visit}/questions")
        assert at.url.path == f"{visit}/questions/{number}"
        page.post(str(at.url), data={"key": key_of(at.text) or "", "answer": "skip"})
    before = page.get(f"{visit}/questions/2").text
    assert "Question 2." in before
    assert page.get(f"{visit}/questions/9").url.path == f"{visit}/questions/4"


@pytest.mark.parametrize("story", STORIES)
def test_bars_stand_in_their_order_and_none_at_nothing(
    page: TestClient, visit: str, story: str
) -> None:
    tell(page, visit, story)
    for text in asked(page, visit, "no"):
        bars = text.partition("<aside")[2].partition("</aside>")[0]
        shares = [int(n) for n in re.findall(r'"number">(\d+) %', bars)]
        causes = shares[:-1]
        assert causes == sorted(causes, reverse=True) and 0 not in causes, shares


def test_the_reason_of_a_question_holds_no_numbers(page: TestClient, visit: str) -> None:
    tell(page, visit, STORIES[2])
    reasons = [w for t in asked(page, visit, "no") for w in re.findall(r"Why we ask: ([^<]*)", t)]
    assert reasons and not [why for why in reasons if "%" in why]


@pytest.mark.parametrize(
    "told",
    [
        "Up and down the stairs half the night with my twitchy legs.",
        "Cramp in my foot wakes me every night.",
        "My legs ache and it is ruining my sleep.",
        "I get woken by calf cramps.",
    ],
)
def test_what_was_told_in_other_words_is_not_asked(told: str) -> None:
    assert "poor_sleep" in understand(Case(complaint=told)).present


def test_one_small_word_is_not_quoted_to_be_explained() -> None:
    known = knowledge()
    read = understand(Case(complaint="my legs go off in the evening"))
    read.perhaps, read.from_words["in_attacks"] = {"in_attacks": 0.4}, "off"
    read.perhaps["night_leg_cramps"] = 0.3
    read.from_words["night_leg_cramps"] = "legs go off"
    page = next_page(read, _Nothing(), [], known)  # type: ignore[arg-type]
    assert page is not None and page.topic != "in_attacks"


class _Nothing:
    questions: list[object] = []


def test_nothing_is_asked_that_only_an_examination_shows(page: TestClient, visit: str) -> None:
    findings = knowledge().base.findings
    assert findings["pressure_falls_on_standing"].sign
    tell(page, visit, "I have to move my legs in the evening and I feel faint on standing up.")
    for text in asked(page, visit, "no"):
        signs = [i for i in (key_of(text) or "").rpartition(":")[2].split("|") if i in findings]
        assert not [i for i in signs if findings[i].sign]


def test_in_an_emergency_the_reason_stands_open_and_only_alarms_are_asked(
    page: TestClient, visit: str
) -> None:
    page.post(f"{visit}/words", data={"words": "my legs went weak today and I cannot pass urine"})
    page.post(f"{visit}/you", data={"age": "47", "sex": "female"})
    page.post(f"{visit}/medicines", data={"choice": "none"})
    first = main_of(page.get(f"{visit}/questions").text)
    card = first.partition('id="care"')[2].partition("<details>")[0]
    assert "You told" in card
    pages = asked(page, visit, "no")
    assert len(pages) <= 4
    alarms = set(knowledge().base.lexicon["alarm_items"])
    for text in pages:
        key = key_of(text) or ""
        assert ":red_flags:" in key or key in alarms

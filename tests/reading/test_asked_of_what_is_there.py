"""A question takes for granted what it is about: the symptom is there, what is feared or asked about is answered."""

import pytest

from stillwell.assess.assessment import assess
from stillwell.case.read import case_from
from stillwell.knowledge.store import knowledge
from stillwell.learn.answer import Library
from stillwell.report.build import build
from stillwell.report.document import Items
from tests.case_helpers import told


def asked(words):
    return {(one.kind, one.id or one.words.lower()) for one in told(words).asked}


def answers(words):
    part = build(assess(case_from({"complaint": words}), draws=0)).section("asked")
    blocks = part.blocks if part else []
    return " ".join(i.text for b in blocks if isinstance(b, Items) for i in b.items)


@pytest.mark.parametrize(
    ("words", "finding"),
    [
        ("Should I take magnesium for my leg cramps?", "leg_cramps"),
        ("would iron tablets ease my leg cramps", "leg_cramps"),
        ("Would B12 help the tingling in my feet?", "tingling_feet"),
        ("Could low iron be behind my restless legs?", "urge_to_move_legs"),
        ("I wonder about taking potassium for my leg cramps", "leg_cramps"),
    ],
)
def test_a_symptom_that_is_asked_about_as_ones_own_is_there(words, finding):
    assert finding in told(words).present


@pytest.mark.parametrize(
    "words",
    [
        "What if my legs went numb?",
        "Could my feet go numb from too little B12?",
        "Will my legs shake if I stop sertraline?",
        "Can stress cause leg cramps?",
    ],
)
def test_what_may_only_come_is_not_there(words):
    assert not told(words).present


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("My thigh twitches and I am scared of ALS.", ("cause", "als")),
        ("My eyelid twitches. MND terrifies me, I mean MND scares me.", ("cause", "als")),
        ("Parkinson's? My hand shakes.", ("cause", "parkinson_disease")),
        ("My calves cramp, could it be kidney disease?", ("cause", "uraemia")),
        ("Worried about my liver, my legs itch and cramp.", ("cause", "liver_failure")),
        ("My legs ache. Is it cancer?", ("illness", "cancer")),
        ("My legs ache. Could this be lupus?", ("illness", "lupus")),
        ("My feet burn, will B12 tablets help?", ("help", "my feet burn, will b12 tablets help?")),
    ],
)
def test_what_is_feared_or_asked_about_is_listed(words, meant):
    assert meant in asked(words)


def test_every_illness_asked_about_gets_an_answer():
    for words in ("My legs ache. Is it cancer?", "My legs ache. Could this be lupus?"):
        assert "does not work out" in answers(words)
    assert "Against it" in answers("My thigh twitches. I am scared of ALS.")


@pytest.mark.parametrize(
    "words",
    [
        "My feet tingle, would B12 help?",
        "My feet tingle, will B12 tablets help?",
        "My legs twitch. Would magnesium stop it?",
        "My calves twitch, would potassium help?",
    ],
)
def test_what_brings_a_symptom_does_not_say_that_a_tablet_helps(words):
    said = answers(words)
    assert said and not said.startswith("Yes") and "test first" in said


def test_a_claim_of_treatment_answers_whether_something_helps():
    said = answers("My legs cramp at night. Would magnesium help?")
    assert "dummy" in said and said.startswith("No")


@pytest.mark.parametrize(
    ("result", "says"), [("B12 650 ng/L", "no lack"), ("B12 110 ng/L", "shows a lack")]
)
def test_a_result_decides_whether_a_supplement_is_expected_to_help(result, says):
    assert says in answers(f"My feet tingle. {result}. Would B12 help?")


def test_the_library_answers_whether_something_helps_by_treatment_alone():
    library = Library(knowledge())
    assert library.answer("would b12 help tingling feet")[0].kind == "remedy"
    assert library.answer("can low b12 cause tingling feet")[0].answer == "Yes."
    assert library.answer("does magnesium help leg cramps")[0].id == "magnesium_night_cramps"
    assert library.answer("would iron help my restless legs")[0].answer != "Yes."


def test_a_question_that_was_understood_is_not_listed_as_not_understood():
    assert not told("My calves cramp at night. Would magnesium help?").letters_unread

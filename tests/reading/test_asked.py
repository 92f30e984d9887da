"""What a person asks about is read by its name, and what is so, denied or a relative's is not."""

import pytest

from stillwell.case.readers import asked_reader
from stillwell.knowledge.store import knowledge
from tests.case_helpers import told

BASE = knowledge().base


def ids(text):
    return [one.id for one in asked_reader().read(text)]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("My calves twitch. Could it be MS?", ["multiple_sclerosis"]),
        ("I get cramps, is it magnesium", ["low_magnesium"]),
        ("do I have Parkinson's?", ["parkinson_disease"]),
        ("Does my statin do it?", ["statins"]),
        ("I am scared it is ALS", ["als"]),
        ("I'm worried about Parkinson’s", ["parkinson_disease"]),
        ("Is it MS? Or ALS?", ["multiple_sclerosis", "als"]),
        ("could sertraline cause this, or is it low iron", ["ssri", "low_iron"]),
        ("can it be related to my sertraline", ["ssri"]),
        ("is it my iron tablets?", ["iron"]),
        ("does this sound like MS?", ["multiple_sclerosis"]),
        ("I think it's low iron", ["low_iron"]),
        ("Could my legs be shaking because of anxiety?", ["anxiety_or_panic"]),
        ("am I having a stroke?", ["stroke_or_tia"]),
    ],
)
def test_a_named_thing_that_is_asked_about_is_read(text, wanted):
    assert ids(text) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "I have MS and my legs cramp.",
        "It's low iron.",
        "My doctor says it is not MS.",
        "Is it safe to take iron?",
        "I worry about my dad's Parkinson's.",
        "Could it be hereditary? My mum has Parkinson's.",
        "I take iron and my legs jump at night.",
        "Should I take magnesium?",
    ],
)
def test_what_is_so_or_denied_or_is_another_question_is_not_asked_about(text):
    assert ids(text) == []


def test_a_question_of_a_claim_is_kept_whole():
    [one] = asked_reader().read("My legs cramp. Does pickle juice help cramps?")
    assert (one.kind, one.words) == ("question", "Does pickle juice help cramps?")


def test_an_illness_that_the_reader_takes_for_feared_is_asked_about():
    case = told("My calves twitch since March. Could it be MS?")
    assert "multiple_sclerosis" in [one.id for one in case.asked]
    assert "multiple_sclerosis_known" not in case.history_present


def test_every_name_that_can_be_asked_about_is_that_of_a_cause():
    names = [n for n in BASE.lexicon if n.startswith("asked_") and n != "asked_for_history"]
    assert names
    assert {n.removeprefix("asked_") for n in names} <= set(BASE.causes)
    for pair in BASE.lexicon["asked_for_history"]:
        item, cause = pair.split(" = ")
        assert item in BASE.history
        assert cause in BASE.causes


def test_no_name_stands_for_two_causes():
    seen = {}
    for name, said in BASE.lexicon.items():
        if name.startswith("asked_") and name != "asked_for_history":
            for word in said:
                assert seen.setdefault(word, name) == name

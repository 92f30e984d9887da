"""A word that nothing read is listed, and where it may matter no report says that all was understood."""

import pytest

from stillwell.knowledge.store import knowledge
from stillwell.triage.rules import PARTLY, triage
from tests.case_helpers import told


def lines(words):
    return " | ".join(told(words).unclear)


@pytest.mark.parametrize(
    ("words", "part"),
    [
        ("My legs ache and there is a lump in my groin", "lump in my groin"),
        ("My calves cramp, and my ears ring", "my ears ring"),
        ("My feet tingle but my womb has prolapsed", "my womb has prolapsed"),
        ("My legs shake and my wotsit hurts", "my wotsit hurts"),
        ("My legs ache because a boil is oozing", "a boil is oozing"),
    ],
)
def test_what_may_matter_is_listed_and_leaves_the_level_in_doubt(words, part):
    done = told(words)
    assert any(part in line for line in done.unclear)
    assert triage(done, knowledge()).wording == PARTLY


@pytest.mark.parametrize(
    "words",
    [
        "My legs ache, no lumps anywhere",
        "I am a nurse and my legs ache after shifts",
        "My legs ache, I live with my wife and two dogs",
        "My legs ache and I have a rash on my arms",
        "My mother had breast lumps, my legs shake",
        "My feet tingle, is it a growth on my spine?",
    ],
)
def test_what_is_understood_or_does_not_matter_leaves_no_doubt(words):
    assert triage(told(words), knowledge()).wording != PARTLY


def test_a_time_of_what_was_not_understood_is_no_beginning_of_the_complaint():
    done = told("My legs ache and last week my wotsit came out")
    assert not any(name.startswith("onset") for name in done.present)


@pytest.mark.parametrize("when", ["when I am tired", "when I'm hungover"])
def test_a_time_when_it_comes_is_listed_where_it_is_no_sign(when):
    assert when in lines(f"My legs shake {when}.")


def test_a_time_that_is_a_sign_is_not_listed_beside():
    assert "when I" not in lines("My legs shake when I stand still in a queue.")


@pytest.mark.parametrize(
    "words",
    [
        "I cannot fall asleep because my legs twitch",
        "My legs burn and keep me awake",
        "I can't drop off, my legs jump",
    ],
)
def test_legs_that_keep_from_sleep_are_poor_sleep(words):
    assert "poor_sleep" in told(words).present


def test_cramps_that_only_wake_are_no_poor_sleep():
    assert "poor_sleep" not in told("My calf cramps wake me at four").present

"""Words that mean one thing only tell it, whatever else the trained reader read in the same sentence."""

import pytest

from stillwell.knowledge.store import knowledge
from stillwell.triage.rules import triage
from tests.case_helpers import told


@pytest.mark.parametrize(
    "words",
    [
        "I can't stand up, my legs have gone",
        "My legs gave out and I can't get up",
        "Can't get up off the floor, my legs won't hold me",
        "I cannot stand, both legs have stopped working",
        "I can't stand because my legs have packed in",
    ],
)
def test_legs_that_fail_and_cannot_stand_are_one_level(words):
    assert triage(told(words), knowledge()).level == "emergency"


@pytest.mark.parametrize("words", ["My legs have gone to sleep", "My legs have gone brown"])
def test_legs_that_have_gone_something_did_not_fail(words):
    assert "legs_give_way" not in told(words).present


def test_what_fails_somebody_else_is_not_the_patients():
    assert "legs_give_way" not in told("My mum's legs have gone. My feet tingle at night.").present


@pytest.mark.parametrize("words", ["Would I lie awake?", "My legs shake but I never lie awake"])
def test_what_is_asked_or_denied_is_not_told(words):
    assert told(words).certainty.get("poor_sleep", 0) != 0.9

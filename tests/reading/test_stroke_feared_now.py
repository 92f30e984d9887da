"""Who thinks that a stroke or a heart attack is happening is sent to an ambulance; who speaks of one in general is not."""

import pytest

from stillwell.case.model import Case
from stillwell.case.understand import understand
from stillwell.knowledge.store import knowledge
from stillwell.triage.rules import triage


def level(words: str) -> str:
    return triage(understand(Case(complaint=words)), knowledge()).level


@pytest.mark.parametrize(
    "words",
    [
        "I think I'm having a stroke",
        "am I having a stroke? my leg feels funny",
        "I'm sure my husband is having a heart attack",
        "could I be having a mini stroke, my foot has gone dead",
        "I think I've had a TIA just now",
    ],
)
def test_what_somebody_thinks_is_happening_is_an_emergency(words: str) -> None:
    assert level(words) == "emergency"


@pytest.mark.parametrize(
    "words",
    [
        "I'm scared of having a stroke one day, my feet tingle",
        "whenever I panic I feel I'm having a heart attack and my hands tingle",
        "my dad had a heart attack at 60 and my legs cramp at night",
        "I had a stroke five years ago and my leg jerks at night",
        "I'm not having a stroke, it is only restless legs",
    ],
)
def test_one_that_is_past_or_only_thought_of_is_none(words: str) -> None:
    assert level(words) != "emergency"

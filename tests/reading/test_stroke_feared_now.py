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


@pytest.mark.parametrize(
    "words",
    [
        "My left leg went numb ten minutes ago and still is",
        "my right foot has been numb for a quarter of an hour, it is still numb",
        "my left arm has been weak for twenty minutes and I cannot speak properly",
        "my face dropped half an hour ago and is still down",
    ],
)
def test_what_goes_on_is_not_told_as_over(words: str) -> None:
    assert "brain_signs_over" not in understand(Case(complaint=words)).present


@pytest.mark.parametrize(
    "words",
    [
        "my left leg has been numb for ten minutes, it is still numb",
        "my right leg has been numb for the last two hours",
    ],
)
def test_a_leg_that_lost_its_feeling_minutes_ago_is_for_today(words: str) -> None:
    assert level(words) in ("emergency", "today")


@pytest.mark.parametrize(
    "words",
    [
        "Twenty minutes ago my face drooped for five minutes, then it passed",
        "my right leg went weak for half an hour and then came back",
    ],
)
def test_what_passed_is_still_told_as_a_warning(words: str) -> None:
    assert "brain_signs_over" in understand(Case(complaint=words)).present


def test_a_foot_that_was_sat_on_is_no_alarm() -> None:
    assert level("my foot has been asleep for ten minutes after sitting on it") not in (
        "emergency",
        "today",
    )

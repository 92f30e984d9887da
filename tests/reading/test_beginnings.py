"""How long it has been so is read in the usual wordings, and a time of something else is no beginning."""

import pytest

from tests.case_helpers import told


def began(words):
    return [name for name in told(words).present if name.startswith("onset_")]


@pytest.mark.parametrize(
    ("words", "onset"),
    [
        ("Since this morning both my legs grow weaker and I can hardly stand.", "onset_sudden"),
        ("This morning my right leg went numb.", "onset_sudden"),
        ("My hands have trembled since this morning.", "onset_sudden"),
        ("It came on this morning, my legs tingle.", "onset_sudden"),
        ("Six months of paraesthesia in the feet.", "onset_weeks_to_months"),
        ("Six months. My soles burn.", "onset_weeks_to_months"),
        ("My soles burn, for six months.", "onset_weeks_to_months"),
        ("Six months now my soles burn.", "onset_weeks_to_months"),
        ("My soles have burned these past six months.", "onset_weeks_to_months"),
        ("Burning soles 6mo.", "onset_weeks_to_months"),
        ("Burning soles, 6/12.", "onset_weeks_to_months"),
        ("Three weeks of calf cramps.", "onset_weeks_to_months"),
        ("For the best part of a year my calves twitch.", "onset_years"),
        ("A five day history of tingling toes.", "onset_within_days"),
    ],
)
def test_a_beginning_is_read(words, onset):
    assert began(words) == [onset]


@pytest.mark.parametrize(
    "words",
    [
        "I was off work for six months. My calves cramp.",
        "I have been pregnant for six months and my calves cramp.",
        "I have taken ramipril for six months. My calves cramp.",
        "My cramps come three days each month.",
        "I had the squits for a week and my calves cramp.",
    ],
)
def test_a_time_of_something_else_is_no_beginning(words):
    assert not began(words)

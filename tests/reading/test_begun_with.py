"""When it began, told by what it began with: a medicine, an effort on a named day, a counted event."""

import pytest

from stillwell.language.durations import onset_told
from tests.case_helpers import told

NEW = "after_new_medicine_or_dose_change"


@pytest.mark.parametrize(
    ("words", "onset"),
    [
        ("After a fortnight on citalopram my hands are trembling", "onset_within_days"),
        ("I've only been on fluoxetine for five days, shaking hands", "onset_within_days"),
        ("three weeks of prednisolone and my muscles twitch", "onset_weeks_to_months"),
        ("a month on amitriptyline and my legs cramp at night", "onset_weeks_to_months"),
    ],
)
def test_a_medicine_of_the_last_weeks_tells_when_it_began(words, onset):
    assert {onset, NEW} <= set(told(words).present)


@pytest.mark.parametrize(
    "words",
    [
        "on citalopram 20mg for 10 years, hands shake",
        "I have been on lithium for 12 years and my hands shake",
        "been on magnesium for a week for cramps, still cramping",
        "two weeks of quinine for my cramps and no better",
    ],
)
def test_a_medicine_of_years_or_one_taken_for_what_ails_does_not(words):
    assert not {"onset_within_days", "onset_years"} & set(told(words).present)


@pytest.mark.parametrize(
    "words",
    [
        "Leg day Sunday, it's Wednesday today and stairs are murder, quads like rocks",
        "Went hiking on Sunday, it's Tuesday and my calves are agony",
        "first time in ten years I played football, last Thursday, and my thighs are wrecked",
        "Ran my first half marathon yesterday, today my quads are in bits",
    ],
)
def test_the_day_of_an_effort_tells_when_soreness_began(words):
    assert "onset_within_days" in told(words).present


def test_the_day_of_something_else_in_the_sentence_does_not():
    done = told("they ruled out a clot yesterday with a scan, calf still sore from football")
    assert "onset_within_days" not in done.present


def test_a_time_counted_from_a_dated_event_tells_when_it_began():
    words = "On atorvastatin since my stent in March. Thighs ache, started about 4 weeks after."
    assert "onset_weeks_to_months" in told(words).present


@pytest.mark.parametrize(
    ("words", "onset"),
    [
        ("for the first time in about two years on Saturday", "onset_within_days"),
        ("first proper run in ages yesterday", "onset_within_days"),
        ("for two years", "onset_years"),
    ],
)
def test_how_long_something_was_not_done_is_no_beginning(words, onset):
    assert onset_told(words) == onset

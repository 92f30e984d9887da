"""Lengths of time in words tell which beginning is meant."""

import pytest

from stillwell.language.durations import days_told, onset_told, tells_how_often

TOLD = [
    ("three weeks now", "onset_weeks_to_months"),
    ("since Sunday", "onset_within_days"),
    ("for the last 9 days", "onset_within_days"),
    ("x3 wks", "onset_weeks_to_months"),
    ("2/52", "onset_within_days"),
    ("6/12", "onset_weeks_to_months"),
    ("2 yrs", "onset_years"),
    ("the best part of a decade", "onset_years"),
    ("donkey's years", "onset_years"),
    ("since 2019", "onset_years"),
    ("ever since I was 12", "onset_childhood_or_youth"),
    ("all my life", "onset_childhood_or_youth"),
    ("since Easter", "onset_weeks_to_months"),
    ("yesterday", "onset_within_days"),
]


@pytest.mark.parametrize(("words", "onset"), TOLD)
def test_words_of_time_tell_the_beginning(words: str, onset: str) -> None:
    assert onset_told(words) == onset


@pytest.mark.parametrize("words", ["out of the blue", "gradually", "like a switch", ""])
def test_words_without_a_length_tell_none(words: str) -> None:
    assert onset_told(words) is None


def test_a_longer_time_is_never_a_nearer_beginning() -> None:
    order = ["onset_within_days", "onset_weeks_to_months", "onset_years"]
    found = [onset_told(f"{n} days") for n in range(1, 100)]
    places = [order.index(f) for f in found if f]
    assert places == sorted(places)
    assert days_told("3 weeks") == 21.0


@pytest.mark.parametrize(
    "words",
    ["four evenings a week", "three days out of five", "two cups of tea a day", "every other night",
     "most mornings", "after a long day at the till", "after a night shift", "twice a month"],
)  # fmt: skip
def test_how_often_or_at_what_time_is_no_beginning(words: str) -> None:
    assert onset_told(words) is None
    assert days_told(words) is None
    assert tells_how_often(words)


@pytest.mark.parametrize(
    ("words", "onset"),
    [
        ("since last autumn, three nights a week", "onset_weeks_to_months"),
        ("for 4 nights", "onset_within_days"),
        ("five days ago, twice a day", "onset_within_days"),
        ("after a week or so", "onset_within_days"),
    ],
)
def test_a_beginning_beside_how_often_stays_told(words: str, onset: str) -> None:
    assert onset_told(words) == onset

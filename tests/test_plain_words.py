"""Plain words, misspelt too, become findings; negation is honoured; nothing is dropped silently."""

import pytest

from tests.case_helpers import told

SAID = [
    ("my legs jump at night when I lie down", "urge_to_move_legs"),
    ("pins and needles in my feet", "tingling_feet"),
    ("my calfs cramp at nite in bed", "leg_cramps"),
    ("my hands tremble", "hand_tremor"),
    ("my legs shake when I stand", "leg_tremor"),
    ("numb toes", "numbness_feet"),
    ("my urine is dark like cola", "dark_urine"),
    ("I'm exhausted", "fatigue"),
    ("my heart is racing", "palpitations"),
    ("can't keep my legs still in the evening", "urge_to_move_legs"),
    ("charley horse in my calf", "leg_cramps"),
    ("I am numb between the legs, in the saddle area", "saddle_numbness"),
    ("my musclse twitch", "muscle_twitching"),
]


@pytest.mark.parametrize(("text", "finding"), SAID)
def test_ordinary_words_are_understood(text, finding):
    assert finding in told(text).present


@pytest.mark.parametrize(
    "text",
    ["no tingling in my feet", "I don't have tingling feet", "never tingling feet, my legs shake"],
)
def test_a_denied_finding_is_absent(text):
    case = told(text)
    assert "tingling_feet" in case.absent
    assert "tingling_feet" not in case.present


@pytest.mark.parametrize(
    "text", ["my feet are not numb", "tingling in my hands and feet, no numbness"]
)
def test_a_negation_inside_the_phrase_denies_it(text):
    assert "numbness_feet" not in told(text).present


def test_negation_ends_at_but():
    case = told("no numbness in my feet but my hands tremble")
    assert "numbness_feet" in case.absent
    assert "hand_tremor" in case.present


def test_what_is_not_understood_is_listed():
    assert any("zorgle" in line for line in told("my legs shake. zorgle flumps the bixit").unclear)


@pytest.mark.parametrize(
    ("name", "group"),
    [
        ("PPI", "proton_pump_inhibitors"),
        ("water tablet", "thiazides"),
        ("Losec", "proton_pump_inhibitors"),
        ("sertralin", "ssri"),
    ],
)
def test_medicines_are_known_by_class_brand_and_misspelling(name, group):
    assert group in {m.group for m in told("my legs shake", medicines=[name]).medicines}


def test_an_unknown_medicine_is_named():
    assert any("florbium" in line for line in told("my legs shake", medicines=["florbium"]).unclear)


def test_onsets_exclude_each_other():
    case = told(findings={"present": ["leg_weakness", "onset_years"]})
    assert {"onset_sudden", "onset_within_days"} <= set(case.absent)

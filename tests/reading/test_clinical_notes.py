"""Shorthand of clinical notes: power grades, abbreviations, results told as normal, pressure lying and standing."""

import pytest

from tests.case_helpers import told


@pytest.mark.parametrize(
    "words",
    [
        "Power is 4/5 in both legs.",
        "O/E: strength 3/5 lower limbs",
        "motor power 4+/5 left leg, else well",
        "MRC grade 4/5 hip flexion on both sides of the legs",
        "2/5 power in the right leg",
    ],
)
def test_a_grade_of_power_under_five_is_a_weakness(words):
    assert "leg_weakness" in told(f"{words} U&E normal.").present


@pytest.mark.parametrize("words", ["Power 5/5 throughout.", "strength of 5/5 in both legs"])
def test_full_power_is_no_weakness(words):
    assert "leg_weakness" not in told(f"My calves ache. {words}").present


@pytest.mark.parametrize(
    ("words", "tests"),
    [
        ("U&Es were normal", {"sodium", "potassium", "creatinine", "urea"}),
        ("LFTs and TFTs all fine", {"alt", "alkaline_phosphatase", "albumin", "tsh"}),
        ("full blood count unremarkable", {"haemoglobin", "mcv"}),
        ("iron studies came back within normal limits", {"ferritin", "transferrin_saturation"}),
        ("thyroid function normal", {"tsh"}),
    ],
)
def test_a_group_of_tests_that_is_normal_is_normal_in_each(words, tests):
    labs = told(f"My calves ache, {words}.").labs
    assert set(labs) == tests
    assert {r.flag for r in labs.values()} == {"normal"}


def test_a_number_holds_against_the_normal_group():
    labs = told("Cramps. K 3.1, U&Es otherwise normal.").labs
    assert labs["potassium"].flag == "low" and labs["sodium"].flag == "normal"


@pytest.mark.parametrize(
    "words",
    [
        "bloods all normal",
        "the scan was clear",
        "my blood tests came back fine",
        "normal MRI",
        "EMG NAD",
    ],
)
def test_a_normal_result_without_a_name_leaves_a_trace_and_denies_nothing(words):
    done = told(f"My legs are weak. {words}.")
    assert any(words.split(" ", 1)[-1][-4:] in line and "normal" in line for line in done.unclear)
    assert "leg_weakness" in done.present


@pytest.mark.parametrize("words", ["U&E not normal", "kidney function is not fine"])
def test_what_is_not_normal_is_never_read_as_normal(words):
    assert not told(f"My legs cramp. {words}.").labs


def test_abbreviations_are_read_as_what_they_stand_for():
    done = told("HTN, T2DM. Restless legs. FHx tremor. RLS myself for 8 years.")
    assert {"high_blood_pressure", "diabetes", "family_tremor"} <= set(done.history_present)
    assert "family_restless_legs" not in {*done.history_present, *done.perhaps}
    assert "urge_to_move_legs" in done.present


@pytest.mark.parametrize(
    ("words", "falls"),
    [
        ("BP 150/90 lying 120/70 standing", True),
        ("blood pressure lying down 142/80, standing 118/76", True),
        ("BP was 160/90 supine, then 158/78 on standing", True),
        ("132/84 sitting and 130/85 standing", False),
        ("standing 150/90, lying 120/70", False),
        ("My BP is 150/90", False),
    ],
)
def test_a_blood_pressure_that_falls_on_standing_is_a_finding(words, falls):
    assert ("pressure_falls_on_standing" in told(f"My legs shake. {words}.").present) is falls

"""Panels told as normal, however their names are parted, give every test in them, and none is asked for again."""

import pytest

from stillwell.assess.assessment import assess
from stillwell.case.read import case_from
from tests.case_helpers import told as understood

FBC, UE, TFT = {"haemoglobin", "mcv"}, {"sodium", "potassium", "creatinine", "urea"}, {"tsh"}


def told(words):
    return understood(f"My legs shake. {words}")


@pytest.mark.parametrize(
    "words",
    [
        "FBC/U&E/TFT normal.",
        "FBC / U&Es / TFTs - NAD.",
        "FBC, U&E and TFTs normal.",
        "FBC & U+E & TFT all normal.",
        "FBC; U/E; TFT: normal.",
        "FBC-U&E-TFT wnl.",
        "FBC U&E TFT normal.",
        "Bloods (FBC, U&E, TFT) unremarkable.",
        "Normal FBC, U&Es and TFTs.",
        "Bloods: FBC | U&E | TFT = normal",
    ],
)
def test_every_panel_of_a_list_is_read(words):
    labs = told(words).labs
    assert set(labs) == FBC | UE | TFT
    assert {result.flag for result in labs.values()} == {"normal"}


@pytest.mark.parametrize(
    ("words", "tests"),
    [
        ("U&E/B12/TFT normal.", UE | TFT | {"vitamin_b12"}),
        ("TFTs & B12 all normal.", TFT | {"vitamin_b12"}),
        ("B12/folate/ferritin normal.", {"vitamin_b12", "serum_folate", "ferritin"}),
        ("FBC, kidneys and thyroid came back normal.", FBC | TFT | {"creatinine"}),
    ],
)
def test_single_tests_stand_among_panels(words, tests):
    assert set(told(words).labs) == tests


def test_a_result_of_its_own_holds_against_its_panel():
    labs = told("U&E and TFT normal but potassium is low.").labs
    assert labs["potassium"].flag == "low" and labs["sodium"].flag == "normal"


@pytest.mark.parametrize(
    "words",
    [
        "TFT/U&E not normal.",
        "Are my U&E and TFT normal?",
        "Iron and magnesium are good for you.",
        "I hope my B12 and TSH are normal.",
        "My thyroid and liver are normal.",
    ],
)
def test_what_is_not_told_as_a_result_is_none(words):
    assert not told(words).labs


def test_an_unknown_test_in_a_list_is_named():
    done = told("FBC/ESR/TFT normal.")
    assert set(done.labs) == FBC | TFT
    assert any("ESR" in line for line in done.unclear)


def test_panels_of_years_ago_are_no_result_of_now():
    done = told("FBC, U&E, TFT normal in 2015.")
    assert not done.labs and any("TFT" in line for line in done.unclear)


def test_what_a_panel_told_is_not_asked_for_again():
    words = "FBC/U&E/TFT normal, legs shake and cramp, I feel weak"
    order = {line.id for line in assess(case_from({"complaint": words})).checklist.order}
    assert not order & {"thyroid", "sodium", "potassium", "kidney_function", "full_blood_count"}

"""Results in words: several in one breath, in words, critical, past, and what is none."""

import pytest

from stillwell.case.labs_in_words import LabReader
from stillwell.case.model import Person
from stillwell.knowledge.store import knowledge
from tests.case_helpers import told

READER = LabReader(knowledge())

VALUES = [
    ("Na 121 K 2.9", {"sodium": "121.0", "potassium": "2.9"}),
    (
        "Hb 62 and K 6.8, creatinine 800",
        {"haemoglobin": "62.0", "potassium": "6.8", "creatinine": "800.0"},
    ),
    ("potassium six point nine", {"potassium": "6.9"}),
    ("potassium seven", {"potassium": "7.0"}),
    ("my sodium is one twenty one", {"sodium": "121.0"}),
    ("sugars 28", {"glucose": "28.0"}),
    ("sugar 450", {"glucose": "450.0"}),
    ("BM 2.1", {"glucose": "2.1"}),
    ("hb 58, tired", {"haemoglobin": "58.0"}),
    (
        "I take ramipril and spironolactone. Potassium 6.4, sodium 121.",
        {"potassium": "6.4", "sodium": "121.0"},
    ),
    ("I take ramipril. Potassium 6.9. Magnesium 0.3.", {"potassium": "6.9", "magnesium": "0.3"}),
    ("sodium 135-145: 109", {"sodium": "109.0"}),
    ("sodium (135-145) 109", {"sodium": "109.0"}),
    ("sodium [ref 135-145 mmol/L] 109 mmol/L", {"sodium": "109.0"}),
    ("K 3.5–5.1 2.4", {"potassium": "2.4"}),
    ("potassium normal range 3.5 to 5.1, mine was 6.9", {"potassium": "6.9"}),
    ("ferritin 9 (15-150)", {"ferritin": "9.0"}),
    ("B12 (200-900 pg/mL): 150", {"vitamin_b12": "150.0"}),
    (
        "TSH: 2.1 mIU/L \n K+ 2.4 \n Mg 0,55 mmol/l",
        {"tsh": "2.1", "potassium": "2.4", "magnesium": "0.55"},
    ),
    ("K 2.4\nMg 0.55 mmol/L\nNa 118", {"potassium": "2.4", "magnesium": "0.55", "sodium": "118.0"}),
    ("Hgb|7.1|g/dl", {"haemoglobin": "7.1"}),
    (
        "| Ferritin | 9 | ug/L |\n| Potassium | 2.9 | mmol/L |",
        {"ferritin": "9.0", "potassium": "2.9"},
    ),
    ("Ferritin ....... 11 (15-150) ng/ml", {"ferritin": "11.0"}),
    ("B12 normal at 450 ng/L", {"vitamin_b12": "450.0"}),
    ("My ferritin is 18 and haemoglobin 10.4", {"ferritin": "18.0", "haemoglobin": "10.4"}),
]
LISTED = [
    ("ESR 78", "ESR 78"),
    ("my lipase is 400 U/L", "lipase 400 U/L"),
    ("Troponin 55ng/L, legs ache", "Troponin 55ng/L"),
    ("Quatsch factor 34 umol/L", "Quatsch factor 34 umol/L"),
    ("WCC 12.1 10^9/L", "WCC 12.1 10^9/L"),
    ("Sodium 118\nXYZ 12", "XYZ 12"),
]
NOT_LISTED = ["BP 180/110", "I walk 30 min/day", "CKD 3", "L5 and age 34", "B12 for 3 months"]
CODES = [
    "mmol/l",
    "(L) (135-145)",
    "legs ache mmol/l",
    "legs ache and 10^9/L",
    "Potassium 4.1 mmol/L (3.5-5.3) L",
]
FLAGS = [
    ("potassium critically high", "potassium", "high", True),
    ("critically high potassium", "potassium", "high", True),
    ("magnesium low, potassium 3.1", "magnesium", "low", False),
    ("ferritin 11, folate fine", "serum_folate", "normal", False),
    ("glucose meter says HI", "glucose", "high", True),
    ("my meter reads LO", "glucose", "low", True),
    ("my B12 was low last week", "vitamin_b12", "low", False),
]
NONE = [
    "vitamin D3 50000 IU once a month",
    "the doctor said low iron makes it worse",
    "potassium 3.5-5.1",
    "my sodium should be 135-145",
    "they want to check my ferritin",
    "I keep my potassium normal with bananas",
    "iron one of the causes",
    "magnesium two weeks",
    "I take iron 2 tablets",
    "sugar 28 g",
    "my meter says hi there",
    "magnesium 400 mg",
]
PAST = [
    "my B12 was low last year",
    "ferritin was 9 in 2019",
    "last year my ferritin was 9",
    "ferritin was 9 two years ago",
]


def read(text):
    return READER.read(text, Person())


@pytest.mark.parametrize(("text", "expected"), VALUES)
def test_numbers_are_read_exactly(text, expected):
    assert {lab.name: lab.value for lab in read(text).labs} == expected


@pytest.mark.parametrize(("text", "name", "flag", "critical"), FLAGS)
def test_flags_are_read(text, name, flag, critical):
    found = [lab for lab in read(text).labs if lab.name == name]
    assert [(lab.flag, lab.critical) for lab in found] == [(flag, critical)]


@pytest.mark.parametrize("text", NONE)
def test_what_is_no_result_is_not_read(text):
    assert read(text).labs == []


@pytest.mark.parametrize("text", PAST)
def test_a_result_of_years_ago_is_noted_and_not_used(text):
    done = read(text)
    assert done.labs == []
    assert any("past" in note for note in done.notes)


def test_sugar_in_another_unit_is_read_in_that_unit():
    assert [lab.unit for lab in read("sugar 450").labs] == ["mg/dL"]
    assert [lab.unit for lab in read("sugars 28").labs] == ["mmol/L"]


@pytest.mark.parametrize(
    ("text", "potassium"),
    [
        ("my potassium was 4.1 last week and 7.1 today", 7.1),
        ("potassium went from 4.1 to 7.1", 7.1),
        ("potassium 4.1 and 2 tablets a day", 4.1),
        ("sodium 140 and potassium 4.2", 4.2),
    ],
)
def test_of_two_values_of_one_test_the_more_alarming_counts(text: str, potassium: float) -> None:
    assert told(text).labs["potassium"].value == potassium


@pytest.mark.parametrize(("text", "shown"), LISTED)
def test_a_result_of_a_test_not_known_is_listed_and_leaves_the_words(text, shown):
    done = READER.read(text, Person())
    assert any(shown.replace("55ng", "55 ng") in note for note in done.notes)
    assert shown not in done.rest


@pytest.mark.parametrize("text", NOT_LISTED)
def test_a_number_that_is_no_result_is_not_listed(text):
    assert READER.read(text, Person()).notes == []


@pytest.mark.parametrize("text", CODES)
def test_units_and_codes_do_not_reach_the_reader_of_words(text):
    left = READER.read(text, Person()).rest
    assert set(left.lower().split()) <= {"legs", "ache", "and"}


def test_a_urine_result_tells_no_sign_of_the_bladder():
    done = told("Potassium 2.4 mmol/L\nUrine sodium 20 mmol/l")
    assert "little_urine" not in done.present
    assert set(done.labs) == {"potassium"}


def test_a_pasted_list_tells_its_results_and_no_sign():
    text = "TSH: 2.1 mIU/L \n K+ 2.4 \n Mg 0,55 mmol/l \n Na+ 118 \n Hgb|7.1|g/dl \n Ferritin ....... 11 (15-150) ng/ml"
    done = told(text)
    assert set(done.labs) == {"tsh", "potassium", "magnesium", "sodium", "haemoglobin", "ferritin"}
    assert not (done.present or done.perhaps)


ASKED = [
    ("My GP says all normal, sugar 40", "HbA1c"),
    ("the nurse said my blood sugar was 47", "HbA1c"),
    ("sugars 58 at the surgery", "HbA1c"),
    ("iron 20", "ferritin"),
]
KNOWN = [
    ("I'm on gliclazide and sweaty, sugar 44", {"glucose": "44.0"}),
    ("the meter says sugar 45", {"glucose": "45.0"}),
    ("sugar 44 mg/dL", {"glucose": "44.0"}),
    ("sugar 6.1", {"glucose": "6.1"}),
    ("sugar 27", {"glucose": "27.0"}),
    ("glucose 44", {"glucose": "44.0"}),
    ("iron was 19 (ferritin)", {"ferritin": "19.0"}),
]


@pytest.mark.parametrize(("text", "other"), ASKED)
def test_a_number_whose_name_two_tests_share_is_asked_about_and_not_used(text, other):
    found = READER.read(text, Person())
    assert not {"glucose", "hba1c", "serum_iron", "ferritin"} & {lab.name for lab in found.labs}
    assert any(other in note for note in found.notes)


@pytest.mark.parametrize(("text", "values"), KNOWN)
def test_a_number_whose_test_is_told_by_what_stands_beside_is_used(text, values):
    assert {lab.name: lab.value for lab in READER.read(text, Person()).labs} == values


def test_a_sugar_called_normal_is_no_emergency():
    from stillwell.triage.rules import triage

    done = told("My feet tingle. The doctor says the bloods are normal, sugar 39.")
    assert not [a for a in triage(done, knowledge()).alerts if "glucose" in a.id]


@pytest.mark.parametrize(
    ("text", "test", "bounds"),
    [
        ("my ferritin is 9 ng/mL (13-150)", "ferritin", (13.0, 150.0)),
        ("TSH 5.0 mIU/L range 0.27 - 4.2", "tsh", (0.27, 4.2)),
        ("Ferritin  9 ng/mL  13-150\nTSH 2 mIU/L  0.27-4.2", "ferritin", (13.0, 150.0)),
        ("my ferritin is 9 ng/mL (3-4 weeks ago)", "ferritin", None),
        ("my ferritin is 9 ng/mL", "ferritin", None),
    ],
)
def test_the_laboratory_s_own_range_behind_a_result_is_used(text, test, bounds):
    assert told(f"my legs twitch. {text}").labs[test].own_range == bounds

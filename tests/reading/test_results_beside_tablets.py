"""A result told after what is taken is a result, and a dose is none."""

import pytest

from tests.case_helpers import told


@pytest.mark.parametrize(
    ("words", "test", "flag"),
    [
        ("Iron tablets don't work, ferritin 7, legs restless", "ferritin", "low"),
        ("Taking iron and vitamin C, ferritin 11", "ferritin", "low"),
        ("I took vitamin D, calcium 3.1", "calcium_total", "high"),
        ("On potassium tablets, potassium 2.7 and legs weak", "potassium", "low"),
        ("I take sertraline, my sodium is 122", "sodium", "low"),
        ("she takes her tablets, glucose 2.4", "glucose", "low"),
        ("taking iodine drops, TSH 9", "tsh", "high"),
        ("swallows rosuvastatin daily, CK 1200", "creatine_kinase", "high"),
        ("I take creatine, creatine kinase 1500", "creatine_kinase", "high"),
        ("takes metformin 2 g, B12 is 120", "vitamin_b12", "low"),
    ],
)
def test_a_result_after_tablets_is_read(words, test, flag):
    assert told(words).labs[test].flag == flag


@pytest.mark.parametrize(
    "words",
    [
        "I take magnesium 400",
        "tablets: iron 200, calcium 500",
        "I take vitamin D 1000 and magnesium 200",
        "supplements: zinc 15, iron 14",
        "I take copper 2",
        "she takes potassium 99",
    ],
)
def test_a_dose_without_its_unit_is_no_result(words):
    done = told(words)
    assert not done.labs and not done.labs_in_doubt

"""A salt told by its weight counts as the element in it; where both may be meant both are kept."""

import re

import pytest

from stillwell.assess.ceilings import totals
from stillwell.assess.diet import read_diet, taken_doses
from stillwell.assess.taken import warnings
from stillwell.case.model import Case
from stillwell.case.understand import understand
from stillwell.knowledge.store import knowledge

KNOWN = knowledge()
# standard atomic weights, five digits
WEIGHTS = {"H": 1.0079, "C": 12.011, "N": 14.007, "O": 15.999, "P": 30.974, "S": 32.06, "Cl": 35.453,
           "K": 39.098, "Ca": 40.078, "Mg": 24.305, "Zn": 65.39}  # fmt: skip
SALTS = [(r.id, s) for r in KNOWN.base.supplements.values() for s in r.salts if s.formula]


def mass(formula: str) -> float:
    total = 0.0
    for group, times, element, count in re.findall(r"\(([^)]*)\)(\d*)|([A-Z][a-z]?)(\d*)", formula):
        total += mass(group) * int(times or 1) if group else WEIGHTS[element] * int(count or 1)
    return total


@pytest.mark.parametrize(("group", "salt"), SALTS, ids=[s.formula for _, s in SALTS])
def test_the_share_of_each_salt_follows_from_its_formula(group, salt):
    element, count = re.match(r"([A-Z][a-z]?)(\d*)", salt.formula).groups()
    whole = 0.0
    for part in salt.formula.split("·"):
        times, rest = re.match(r"(\d*)(.*)", part).groups()
        whole += int(times or 1) * mass(rest)
    assert salt.share == pytest.approx(WEIGHTS[element] * int(count or 1) / whole, rel=0.01)
    assert salt.interval[0] <= salt.share <= salt.interval[1]


@pytest.mark.parametrize(
    ("told", "nutrient", "least", "most"),
    [
        ("magnesium citrate 400 mg", "magnesium", 65, 400),
        ("magnesium 375 mg (as citrate)", "magnesium", 375, 375),
        ("magnesium (as magnesium oxide) 300 mg", "magnesium", 300, 300),
        ("magnesium glycinate 120 mg elemental", "magnesium", 120, 120),
        ("magnesium bisglycinate 2000 mg", "magnesium", 282, 282),
        ("calcium carbonate 1250 mg", "calcium", 500, 500),
        ("calcium carbonate 1250 mg twice a day", "calcium", 1000, 1000),
        ("zinc gluconate 50 mg", "zinc", 7.2, 50),
        ("zinc sulphate 220 mg", "zinc", 50, 50),
        ("potassium chloride 600 mg", "potassium", 315, 315),
        ("potassium chloride 600 mg (8 mmol)", "potassium", 313, 313),
        ("ferrous fumarate 210 mg", "iron", 69, 69),
        ("magnesium 300 mg", "magnesium", 300, 300),
    ],
)
def test_a_salt_counts_as_the_element_and_what_is_unclear_twice(told, nutrient, least, most):
    case = understand(Case(supplements=[told]))
    assert totals(KNOWN, case, None)[nutrient].tablets == pytest.approx(most, rel=0.02)
    assert taken_doses(KNOWN, case)[0][nutrient] == pytest.approx(least, rel=0.02)
    both = [line for line in case.unclear if "or a salt that weighs so much" in line]
    assert bool(both) == (least != most)


def test_a_warning_about_what_may_be_a_salt_says_how_little_it_may_be():
    case = understand(Case(supplements=["magnesium citrate 400 mg"]))
    said = [w.text for w in warnings(KNOWN, case) if "magnesium" in w.text]
    assert said and all("only 64.8 mg" in text for text in said)
    sure = understand(Case(supplements=["magnesium 400 mg"]))
    assert not [w for w in warnings(KNOWN, sure) if "whole salt" in w.text]


def test_a_salt_in_a_story_is_read_as_in_a_list():
    story = "I take magnesium citrate 400 mg and calcium carbonate 1250 mg every day for my cramps."
    found = totals(KNOWN, understand(Case(story=story)), None)
    assert found["magnesium"].tablets == pytest.approx(400)
    assert found["calcium"].tablets == pytest.approx(500, rel=0.01)


@pytest.mark.parametrize(("told", "times"), [("B-50 complex", 1), ("B-100", 2), ("vitamin B50", 1)])
def test_a_b_complex_counts_by_the_number_in_its_name(told, times):
    case = understand(Case(supplements=[told]))
    found = totals(KNOWN, case, None)
    assert found["vitamin_b6"].tablets == pytest.approx(50 * times)
    assert found["niacin"].tablets == pytest.approx(50 * times)
    above = {w.text for w in warnings(KNOWN, case) if w.kind == "above ceiling"}
    assert any("vitamin B6" in text for text in above)
    assert any("niacin" in text for text in above)
    assert "vitamin_b6_supplement_high_dose" in case.history_present


def test_a_plain_b_complex_is_not_given_a_dose():
    found = totals(KNOWN, understand(Case(supplements=["vitamin B complex"])), None)
    assert found["vitamin_b6"].tablets == 0 and found["vitamin_b6"].unknown


def test_energy_drinks_bring_b6_and_niacin_that_count():
    diary = (
        "2 cans of Red Bull, 2 cans of Red Bull, porridge, chicken and rice, toast, apple, pasta"
    )
    case = understand(Case(supplements=["vitamin B6 5 mg"], diary=diary))
    found = totals(KNOWN, case, read_diet(KNOWN, case))
    assert found["vitamin_b6"].tablets > 5 + 15
    assert found["niacin"].tablets > 35
    texts = [w.text for w in warnings(KNOWN, case, read_diet(KNOWN, case))]
    assert any("niacin" in text and "energy drinks" in text for text in texts)

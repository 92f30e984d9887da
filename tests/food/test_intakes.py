"""Diary to usual intake to probability of inadequacy."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stillwell.assess.assessment import assess
from stillwell.assess.diet import read_diet
from stillwell.case.model import Case, Person
from stillwell.case.understand import understand
from stillwell.errors import CaseError
from stillwell.knowledge.store import knowledge
from stillwell.nutrition.intake.usual import read_diary, reference, usual_intakes

WOMAN = Person(age=34, sex="female")
KNOWN = knowledge()
POOR = "white toast with jam, black coffee x2\nwhite bread sandwich with jam, cola\nwhite rice 200 g, chips"
RICH = "oatmeal with milk, handful of almonds, kiwi\nlentil soup, wholemeal bread, yogurt\nsalmon fillet, spinach, brown rice"


def usual(text, person=WOMAN, **more):
    return usual_intakes(KNOWN, read_diary(text), person, **more)


def test_days_are_told_apart_by_their_names() -> None:
    days = read_diary("Monday: toast\n coffee\nTuesday: eggs\nSaturday: pizza")
    assert [d.weekend for d in days] == [False, False, True]
    assert len(days[0].items) == 2


def test_a_poor_diet_is_likelier_inadequate_than_a_rich_one() -> None:
    poor, rich = usual(POOR), usual(RICH)
    for nutrient in ("magnesium", "folate", "calcium"):
        assert poor[nutrient].inadequate > rich[nutrient].inadequate


def test_few_days_are_drawn_to_what_others_eat_and_many_days_less() -> None:
    one, seven = usual(POOR), usual([POOR] * 7)
    assert one["magnesium"].median > seven["magnesium"].median
    assert (
        one["magnesium"].high - one["magnesium"].low
        > seven["magnesium"].high - seven["magnesium"].low
    )


def test_a_diary_of_foods_that_report_nothing_cannot_show_a_lack() -> None:
    silent = read_diary(POOR)
    for day in silent:
        energy = day.known["energy"]
        day.silent_energy["magnesium"] = energy
        day.known["magnesium"] = 0.0
    reported = read_diary(POOR)
    for day in reported:
        day.known["magnesium"] = 0.0
    unknown = usual_intakes(KNOWN, silent, WOMAN)["magnesium"]
    nothing = usual_intakes(KNOWN, reported, WOMAN)["magnesium"]
    assert unknown.inadequate < nothing.inadequate


def test_iron_of_menstruating_women_uses_its_own_requirement() -> None:
    """IOM 2001, table 14-1: 2.5 % need over 18.2 mg, half need over 8.07 mg."""
    menstruating = usual(RICH)["iron"]
    not_so = usual(RICH, menstruating=False)["iron"]
    assert menstruating.inadequate > not_so.inadequate


def test_supplements_add_after_shrinkage() -> None:
    plain, more = usual(POOR), usual(POOR, supplements={"magnesium": 200.0})
    assert more["magnesium"].median == pytest.approx(plain["magnesium"].median + 200)


def test_potassium_has_only_an_adequate_intake() -> None:
    found = usual(POOR)["potassium"]
    assert found.inadequate is None
    assert found.ai == 2600


@pytest.mark.parametrize(
    ("nutrient", "kind", "body", "amount"),
    [
        ("magnesium", "RDA", "US", 320),
        ("magnesium", "AI", "EFSA", 300),
        ("magnesium", "UL", "EFSA", 250),
        ("vitamin_b12", "EAR", "US", 2.0),
        ("calcium", "EAR", "US", 800),
    ],
)
def test_reference_intakes(nutrient, kind, body, amount) -> None:
    assert reference(KNOWN.base.nutrients[nutrient], kind, WOMAN, body).amount == amount


@settings(max_examples=20, deadline=None)
@given(st.floats(20, 400))
def test_more_of_a_food_never_raises_the_probability_of_inadequacy(grams: float) -> None:
    less = usual(f"almonds {grams:.0f} g, white rice 200 g")["magnesium"]
    more = usual(f"almonds {grams * 1.5:.0f} g, white rice 200 g")["magnesium"]
    assert more.inadequate <= less.inadequate + 1e-9
    assert np.isfinite(more.median)


def test_a_diary_moves_the_prior_of_the_lack() -> None:
    at = "low_vitamin_b12"
    vegan = Case(person=WOMAN, complaint="my feet tingle", diary=[POOR] * 4, medicines=[])
    meat = Case(
        person=WOMAN,
        complaint="my feet tingle",
        diary=["beef steak, liver 100 g, milk x2, chips, white bread sandwich with cheese"] * 4,
        medicines=[],
    )
    present = [
        next(c.before for c in assess(understood).causes if c.id == at)
        for understood in (understand(vegan), understand(meat))
    ]
    told = [understand(c) for c in (vegan, meat)]
    for one in told:
        read_diet(KNOWN, one)
    assert told[0].intakes["vitamin_b12"] < told[1].intakes["vitamin_b12"]
    after = [
        next(c.present for c in assess(c, draws=0, detail=False).causes if c.id == at)
        for c in (vegan, meat)
    ]
    assert present[0] == pytest.approx(present[1])  # age and sex alone
    assert after[0] > after[1]


@pytest.mark.parametrize("text", ["", "   \n", "12345"])
def test_an_empty_diary_is_refused(text: str) -> None:
    with pytest.raises(CaseError, match="diary"):
        read_diary(text)

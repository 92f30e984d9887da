"""Reference intakes by life stage, needs drawn from published distributions, upper levels by their scope."""

import numpy as np
import pytest

from stillwell.case.model import Case, Person
from stillwell.case.understand import understand
from stillwell.errors import CaseError
from stillwell.knowledge.store import knowledge
from stillwell.nutrition.intake.reference import (
    LifeStage,
    counted,
    iron_requirement,
    life_stage,
    reference,
    requirement,
    target,
)
from stillwell.nutrition.intake.usual import read_diary, too_high, usual_intakes

BASE = knowledge().base
WOMAN = LifeStage(age=34, sex="female")


@pytest.mark.parametrize(
    ("nutrient", "kind", "stage", "body", "amount"),
    [
        ("calcium", "RDA", LifeStage(12, "female"), "US", 1300),
        ("magnesium", "RDA", LifeStage(9, "male"), "US", 240),
        ("iron", "UL", LifeStage(10, "female"), "US", 40),
        ("folate", "EAR", LifeStage(30, "female", lactating=True), "US", 450),
        ("folate", "EAR", LifeStage(30, "female", pregnant=True), "US", 520),
        ("vitamin_c", "EAR", WOMAN, "US", 60),
        ("zinc", "UL", WOMAN, "US", 40),
        ("copper", "UL", WOMAN, "US", 10),
        ("copper", "EAR", WOMAN, "US", 0.7),
        ("phosphorus", "EAR", WOMAN, "US", 580),
        ("sodium", "CDRR", WOMAN, "US", 2300),
        ("fibre", "AI", WOMAN, "US", 25),
        ("protein", "RDA", LifeStage(40, "male"), "US", 56),
        ("caffeine", "UL", WOMAN, "EFSA", 400),
        ("caffeine", "UL", LifeStage(30, "female", pregnant=True), "EFSA", 200),
        ("iron", "RDA", LifeStage(80, "female"), "EFSA", 11),
        ("iron", "RDA", LifeStage(30, "female"), "EFSA", 16),
        ("thiamin", "RDA", WOMAN, "EFSA", 0.837),
        ("vitamin_e", "AI", WOMAN, "EFSA", 11),
        ("iron", "RDA", WOMAN, "UK", 14.8),
        ("iron", "RDA", LifeStage(60, "female"), "UK", 8.7),
        ("magnesium", "RDA", LifeStage(40, "male"), "UK", 300),
        ("folate", "RDA", LifeStage(30, "female", pregnant=True), "UK", 300),
        ("vitamin_d", "RDA", WOMAN, "UK", 10),
        ("zinc", "UL", WOMAN, "UK", 25),
    ],
)
def test_values_of_the_reports(nutrient, kind, stage, body, amount) -> None:
    found = reference(BASE.nutrients[nutrient], kind, stage, body)
    assert found is not None
    assert found.amount == pytest.approx(amount, rel=0.01)


def test_smoking_raises_the_need_of_vitamin_c() -> None:
    record = BASE.nutrients["vitamin_c"]
    smoker = LifeStage(34, "female", smoking=True)
    assert target(record, smoker) - target(record, WOMAN) == 35


def test_iron_needs_of_menstruating_women_are_those_published() -> None:
    """IOM 2001, table 14-1: 2.5th, 50th, 95th and 97.5th percentile."""
    z = np.array([-1.959964, 0.0, 1.644854, 1.959964])
    assert iron_requirement("menstruating", z) == pytest.approx(
        [4.42, 8.07, 15.49, 18.23], abs=0.01
    )


def test_vegetarians_need_1_8_times_the_iron() -> None:
    z = np.zeros(3)
    plain, _ = requirement(BASE.nutrients["iron"], WOMAN, "US", z)
    vegetarian, _ = requirement(
        BASE.nutrients["iron"], LifeStage(34, "female", vegetarian=True), "US", z
    )
    assert vegetarian == pytest.approx(1.8 * plain)


def test_what_closes_the_gap_is_measured_on_the_distribution_that_opened_it() -> None:
    days = read_diary(
        ["white toast with jam, tea, pasta with tomato sauce, crisps, cola, apple pie"] * 3
    )
    for stage in (
        WOMAN,
        LifeStage(30, "female", pregnant=True),
        LifeStage(34, "female", vegetarian=True),
    ):
        for usual in usual_intakes(knowledge(), days, stage).values():
            if usual.need is not None and usual.inadequate > 0.1:
                after = usual.inadequate_after(usual.shortfall(0.1))
                assert after == pytest.approx(0.1, abs=0.002)


@pytest.mark.parametrize("age", [-5, 400, float("nan")])
def test_an_impossible_age_is_refused(age) -> None:
    with pytest.raises(CaseError, match="age"):
        life_stage(Person(age=age, sex="female"))


def test_a_pregnant_man_is_refused() -> None:
    with pytest.raises(CaseError, match="pregnant"):
        life_stage(Person(age=30, sex="male", pregnant=True))


def test_a_case_tells_its_life_stage() -> None:
    told = understand(Case(person=Person(age=30, sex="female"), complaint="cramps"))
    told.history_present += ["breastfeeding", "vegan", "smoking"]
    stage = life_stage(told.person, told)
    assert stage.lactating and stage.vegetarian and stage.smoking and not stage.menstruating


@pytest.mark.parametrize(
    ("nutrient", "counts"),
    [("magnesium", "supplements"), ("folate", "supplements"), ("vitamin_e", "supplements"),
     ("calcium", "total"), ("caffeine", "total"), ("iron", "total")],
)  # fmt: skip
def test_an_upper_level_counts_what_its_scope_says(nutrient, counts) -> None:
    assert counted(reference(BASE.nutrients[nutrient], "UL", WOMAN).scope) == counts


def test_much_coffee_passes_the_upper_level_and_much_magnesium_from_food_does_not() -> None:
    days = read_diary(["coffee x10, pumpkin seeds 100 g, pasta 300 g, cheese sandwich"] * 5)
    lines = " ".join(too_high(usual_intakes(knowledge(), days, WOMAN)))
    assert "caffeine" in lines
    assert "magnesium" not in lines
    tablets = usual_intakes(knowledge(), days, WOMAN, supplements={"magnesium": 500.0})
    assert any("magnesium" in line and "tablets" in line for line in too_high(tablets))


def test_a_folic_acid_tablet_is_measured_in_folic_acid() -> None:
    """1 mg of folic acid is 1700 ug as folate equivalents, and at the upper level, not above it."""
    days = read_diary(["pasta 300 g, cheese sandwich, milk"] * 3)
    at = usual_intakes(knowledge(), days, WOMAN, supplements={"folate": 1.7 * 990})
    above = usual_intakes(knowledge(), days, WOMAN, supplements={"folate": 1.7 * 1010})
    assert at["folate"].above == 0.0
    assert above["folate"].above == 1.0


def test_where_a_body_sets_no_average_no_chance_is_made_up_and_upper_levels_still_hold() -> None:
    days = read_diary(["pasta 300 g, cheese sandwich, milk"] * 3)
    british = usual_intakes(knowledge(), days, WOMAN, body="UK", supplements={"zinc": 60.0})
    assert british["iron"].inadequate is None
    assert british["iron"].advised == pytest.approx(14.8)
    assert any("zinc" in line for line in too_high(british))

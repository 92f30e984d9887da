"""Laws of food and supplement lines: only where a lack is in question, and limits by kidneys that are weak."""

import pytest

from stillwell.assess.plan import make_plan
from stillwell.knowledge.store import knowledge
from stillwell.nutrition.planner.limits import limits
from stillwell.triage.rules import triage
from tests.case_helpers import told

KNOWN = knowledge()


def plan(case, ranked):
    return make_plan(KNOWN, case, triage(case, KNOWN), ranked)


@pytest.mark.parametrize(("share", "asked"), [(0.04, False), (0.3, True)])
def test_how_common_a_lack_is_brings_no_food_but_its_share_does(share, asked):
    case = told(findings={"present": ["leg_bouncing_habit"]}, person={"age": 30, "sex": "female"})
    made = plan(case, [("leg_bouncing_habit", 0.8, 0.8), ("low_iron", share, 0.25)])
    assert any(f.nutrient == "iron" for f in made.food) == asked
    assert any("iron" in n.lower() for n in made.food_advice) == asked


def test_where_nothing_is_understood_nothing_is_advised_to_eat_or_take():
    case = told("What a lovely garden you have", person={"age": 40})
    assert not case.present
    made = plan(case, [("low_iron", 0.3, 0.3)])
    assert not made.food and not made.supplements


def labs(**values):
    units = {"potassium": "mmol/L", "egfr": "mL/min/1.73m2", "phosphate": "mmol/L", "ferritin": "ug/L"}  # fmt: skip
    return [{"name": n, "value": v, "unit": units[n]} for n, v in values.items()]


@pytest.mark.parametrize(("egfr", "limited"), [(58, False), (31, False), (25, True)])
def test_kidneys_limit_food_only_where_they_are_weak(egfr, limited):
    case = told(findings={"present": ["leg_cramps"]}, labs=labs(potassium=3.1, egfr=egfr))
    assert ("potassium" in limits(KNOWN, case, {}).no_more) == limited
    notes = plan(case, [("low_potassium", 0.6, 0.9)]).food_advice
    assert not any("do not add more" in n for n in notes if n.startswith("potassium"))


def test_high_phosphate_on_dialysis_brings_no_milk_or_cheese():
    case = told(
        findings={"present": ["leg_cramps"]},
        history={"present": ["dialysis"]},
        labs=labs(phosphate=2.4),
    )
    made = plan(case, [("low_calcium", 0.5, 0.5)])
    assert not any("milk" in f.food.lower() or "cheese" in f.food.lower() for f in made.food)


@pytest.mark.parametrize(
    ("history", "ferritin", "low"),
    [(["dialysis"], 90, True), (["chronic_kidney_disease"], 90, True), ([], 90, False)],
)
def test_iron_is_never_unneeded_where_weak_kidneys_make_ferritin_too_low(history, ferritin, low):
    case = told(
        findings={"present": ["fatigue"]}, history={"present": history}, labs=labs(ferritin=ferritin)
    )  # fmt: skip
    lines = plan(case, [("low_iron", 0.2, 0.2)]).supplements
    (iron,) = [x for x in lines if x.nutrient == "iron"]
    assert iron.unneeded != low


@pytest.mark.parametrize(("weeks", "advised"), [(8, True), (29, False)])
def test_folic_acid_for_the_child_ends_after_week_12(weeks, advised):
    case = told(f"leg cramps at night, I am {weeks} weeks pregnant", person={"sex": "female"})
    case.person.pregnant = True
    lines = plan(case, [("nocturnal_leg_cramps", 0.6, 0.6)]).supplements
    assert any("until week 12" in x.text for x in lines) == advised

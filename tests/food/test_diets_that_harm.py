"""Foods that harm with an illness, a medicine or in pregnancy stay out of every list and plan."""

from dataclasses import replace

import pytest

from stillwell.assess.diet import diet_advice, read_diet
from stillwell.assess.plan import make_plan
from stillwell.case.understand import TakenMedicine
from stillwell.knowledge.store import knowledge
from stillwell.nutrition.foods.table import food
from stillwell.nutrition.planner.limits import conflicts, groups_of, limits
from stillwell.nutrition.planner.pool import candidates
from stillwell.triage.rules import triage
from tests.case_helpers import told

KNOWN = knowledge()
DIARY = [
    "white toast, tea",
    "white rice, chicken, apple",
    "white pasta, tomato sauce, spinach 80 g",
]
LACKS = [
    ("low_potassium", 0.6, 0.6),
    ("low_iron", 0.6, 0.6),
    ("low_magnesium", 0.5, 0.5),
    ("low_calcium", 0.5, 0.5),
    ("low_vitamin_b12", 0.5, 0.5),
    ("low_vitamin_d", 0.5, 0.5),
]


def case(**fields):
    return told(findings={"present": ["leg_cramps"]}, **fields)


def lists(person):
    """Each food of the report's lists and of what a plan may add."""
    made = make_plan(KNOWN, person, triage(person, KNOWN), LACKS)
    kept = limits(KNOWN, person, {})
    return made, [f"{f.food} {f.portion}" for f in made.food] + [
        f"{c.record.name} {c.portion}"
        for c in candidates()
        if not kept.forbids(c.holds, f"{c.record.name} {c.portion}")
    ]


def test_without_an_illness_the_lists_hold_what_is_left_out_below():
    _, names = lists(case(person={"age": 40}))
    held = {group for name in names for group in groups_of(name)}
    assert {"liver", "potassium rich", "mercury", "greens", "tyramine", "purine rich"} <= held


@pytest.mark.parametrize(
    ("fields", "groups"),
    [
        ({"history": {"present": ["chronic_kidney_disease"]}}, {"potassium rich", "phosphate rich"}),
        ({"person": {"age": 30, "sex": "female", "pregnant": True}},
         {"liver", "mercury", "raw or unpasteurised", "alcohol"}),
        ({"medicines": ["phenelzine"]}, {"tyramine"}),
        ({"medicines": ["warfarin"]}, {"greens"}),
        ({"story": "I have gout. My legs cramp."}, {"purine rich"}),
        ({"history": {"present": ["haemochromatosis"]}}, {"liver"}),
        ({"history": {"present": ["kidney_stones"]}}, {"oxalate"}),
    ],
)  # fmt: skip
def test_what_harms_is_in_no_list_and_no_plan(fields, groups):
    made, names = lists(case(**fields))
    assert not [n for n in names if groups & groups_of(n)]
    assert names, "something may still be eaten"
    assert made.food_advice


@pytest.mark.parametrize(
    "fields",
    [
        {"history": {"present": ["dialysis"]}},
        {"labs": [{"name": "egfr", "value": 18, "unit": "mL/min/1.73m2"}]},
    ],
)
def test_with_very_weak_kidneys_there_is_no_list_but_the_renal_dietitian(fields):
    person = case(diary=DIARY, **fields)
    made, _ = lists(person)
    assert not made.food
    assert any("renal dietitian" in line for line in made.food_advice)
    eaten = read_diet(KNOWN, person)
    found = diet_advice(KNOWN, person, eaten, {}, nutrients=["potassium", "magnesium", "iron"])
    assert not found.plans and "renal dietitian" in found.notes[0]


def test_iron_overload_brings_no_iron_and_speaks_of_vitamin_c():
    made, _ = lists(case(history={"present": ["haemochromatosis"]}))
    assert not any(f.nutrient == "iron" for f in made.food)
    assert any("vitamin C" in line for line in made.food_advice)


def test_alcohol_in_the_diary_is_said_in_pregnancy():
    person = case(person={"age": 30, "sex": "female", "pregnant": True})
    lines = conflicts(limits(KNOWN, person, {}), ["a glass of red wine", "brie on crackers"])
    assert any("red wine" in line and "brie" in line and "pregnancy" in line for line in lines)


@pytest.mark.parametrize("diary", [DIARY, [*DIARY, "kale 100 g, lentils, porridge"]])
def test_no_plan_swings_vitamin_k_with_warfarin(diary):
    person = case(diary=diary, person={"age": 60, "sex": "male"})
    taking = replace(person, medicines=[TakenMedicine("w", "warfarin", "warfarin")])
    eaten = read_diet(KNOWN, taking)
    week = sum(
        (food(part.id).nutrients.get("vitamin_k") or 0.0) * part.grams / 100
        for day in eaten.days
        for item in day.items
        for part in item.foods
    ) / len(eaten.days)
    found = diet_advice(KNOWN, taking, eaten, {}, nutrients=["folate", "magnesium", "vitamin_e"])
    pool = {c.record.id: c for c in candidates()}
    for plan in found.plans:
        added = sum(
            (pool[c.food].record.nutrients.get("vitamin_k") or 0.0)
            * pool[c.food].grams / 100 * c.times / 7
            for c in plan.changes
            if c.food in pool and c.times > 0
        )  # fmt: skip
        cut = sum(
            (food(c.food).nutrients.get("vitamin_k") or 0.0) for c in plan.changes if c.times < 0
        )
        assert added <= 0.11 * week + cut + 1

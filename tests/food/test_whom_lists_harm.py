"""No list of foods and no plan for those whom it would harm, and none where nothing is lacking."""

import pytest

import stillwell
from stillwell.case.model import Case, Person
from stillwell.case.understand import understand
from stillwell.knowledge.store import knowledge
from stillwell.nutrition.planner.limits import limits
from stillwell.nutrition.planner.pool import candidates

KNOWN = knowledge()


def food_of(story: str, **case: object) -> list[str]:
    told = Case(story=story, **case)  # type: ignore[arg-type]
    return [line.food for line in stillwell.assess(told).plan.food]


@pytest.mark.parametrize(
    "story",
    [
        "I have PKU and my legs are restless at night. Ferritin 8.",
        "Born with phenylketonuria, pregnant for 14 weeks. Legs cramp, ferritin 9.",
        "Woman of 66. Urge to move my legs at night, ferritin 11, potassium 5.9 mmol/L.",
        "Man of 70 on dialysis, restless legs, ferritin 20.",
    ],
)
def test_no_foods_where_they_would_harm(story: str) -> None:
    assert food_of(story) == []
    assert limits(KNOWN, understand(Case(story=story)), {}).no_plan


def test_phenylketonuria_is_told_of_aspartame_and_the_clinic() -> None:
    said = limits(KNOWN, understand(Case(story="I have PKU, my calves cramp")), {}).no_plan
    assert "aspartame" in said and "metabolic clinic" in said


def test_a_medicine_that_holds_potassium_leaves_out_foods_rich_in_it() -> None:
    kept = limits(KNOWN, understand(Case(medicines=["spironolactone"])), {})
    offered = [c for c in candidates() if not kept.forbids(c.holds, f"{c.record.name} {c.portion}")]
    assert offered and not any("potassium rich" in c.holds for c in offered)


@pytest.mark.parametrize("ferritin", [80, 95, 140])
def test_no_foods_rich_in_iron_where_a_result_shows_enough(ferritin: int) -> None:
    story = f"Man of 45. I have an urge to move my legs at night. Ferritin {ferritin}."
    assert not [f for f in food_of(story) if f]


def test_foods_rich_in_iron_where_a_result_shows_a_lack() -> None:
    assert food_of("Man of 45. I have an urge to move my legs at night. Ferritin 10.")


@pytest.mark.parametrize(
    ("words", "never"),
    [
        ("I hate beans and can't stand lentils.", ("bean", "lentil")),
        ("I don't like tofu and I loathe spinach.", ("tofu", "spinach")),
        ("Not keen on eggs.", ("egg",)),
    ],
)
def test_a_dislike_told_in_words_is_honoured(words: str, never: tuple[str, ...]) -> None:
    understood = understand(Case(story=f"My legs cramp. {words}"))
    kept = limits(KNOWN, understood, {})
    for food in candidates():
        if any(word in food.record.name.lower().split(",")[0] for word in never):
            assert kept.forbids(food.holds, food.record.name), food.record.name


def test_what_is_hated_and_no_food_leaves_no_food_out() -> None:
    story = "I hate my job and I can't stand noise. My legs shake."
    before = limits(KNOWN, understand(Case(story="My legs shake.")), {})
    assert limits(KNOWN, understand(Case(story=story)), {}).groups == before.groups


@pytest.mark.parametrize("words", ["Kosher.", "Woman of 40, kosher, legs cramp.", "I keep kosher"])
def test_a_way_of_eating_said_alone_is_kept(words: str) -> None:
    assert "kosher" in limits(KNOWN, understand(Case(story=words)), {}).diets


DIARY = """Monday: porridge with milk, banana, tea; cheese sandwich, apple; pasta with tomato sauce, cheddar
Tuesday: toast with peanut butter, coffee; lentil soup with bread; rice with chickpea curry, tea
Wednesday: cornflakes with milk; egg sandwich, yoghurt; baked potato with beans and cheese, tea"""


def test_a_nutrient_that_is_short_and_not_tested_gets_one_statement() -> None:
    case = Case(
        story="I have an urge to move my legs every night.",
        diary=DIARY,
        person=Person(age=40, sex="female"),
    )
    lines = [x for x in stillwell.assess(case).plan.supplements if x.nutrient == "vitamin D"]
    assert len(lines) == 1
    text = lines[0].text
    assert "your food brings about" in text.lower() and "is advised" in text
    assert "restless legs" in text and "needs no blood test" in text


def test_the_ceiling_of_a_nutrient_joins_what_is_eaten_taken_and_advised() -> None:
    case = Case(
        story="I have an urge to move my legs every night. Ferritin 12.",
        diary=DIARY,
        supplements=["multivitamin"],
        person=Person(age=40, sex="female"),
    )
    iron = next(x for x in stillwell.assess(case).plan.supplements if x.nutrient == "iron")
    assert "at most 40 mg a day" in iron.ceiling
    assert "your food brings about" in iron.ceiling
    assert "multivitamin an amount that was not told" in iron.ceiling
    assert "18 mg is advised" in iron.ceiling


def test_a_remark_names_what_its_trials_were_about() -> None:
    story = "I have an urge to move my legs every night, worse when I rest."
    remarks = [x for x in stillwell.assess(Case(story=story)).plan.supplements if x.remark]
    assert remarks and all(x.text.startswith("For ") for x in remarks)

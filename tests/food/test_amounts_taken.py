"""What is taken adds up over products, tablets, counts and food, and is told to the right person."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stillwell.assess.ceilings import totals
from stillwell.assess.diet import diet_cautions, read_diet
from stillwell.assess.taken import warnings
from stillwell.case.doses import daily_dose
from stillwell.case.model import Case, Medicine, Person
from stillwell.case.understand import Understood, understand
from stillwell.knowledge.store import knowledge
from stillwell.nutrition.intake.doses import dose_in

KNOWN = knowledge()


def taken(story: str) -> dict[str, float]:
    understood = understand(Case(story=story))
    return {n: t.tablets for n, t in totals(KNOWN, understood, None).items() if t.tablets}


def said(understood: Understood) -> str:
    return " ".join(f"{w.text} {w.do}" for w in warnings(KNOWN, understood))


@pytest.mark.parametrize(
    ("story", "nutrient", "amount"),
    [
        ("I take two of the zinc 15 mg tablets", "zinc", 30),
        ("I take half a zinc 50 mg tablet", "zinc", 25),
        ("I take magnesium 100 mg, three tablets a day", "magnesium", 300),
        ("I take 3 x magnesium 100 mg", "magnesium", 300),
        ("I take calcium 500 mg, one tablet twice a day", "calcium", 1000),
        ("I take magnesium 200 mg in the morning and magnesium 150 mg at night", "magnesium", 350),
        ("I take vitamin D 1000 IU and D3 2000 IU", "vitamin_d", 75),
        ("I take Evacal D3 twice daily and calcium 500 mg", "calcium", 1700),
        ("I take Adcal-D3 twice daily", "vitamin_d", 20),
        ("I take ZMA and magnesium 100 mg", "magnesium", 550),
        ("I take four Brazil nuts and selenium 100 mcg", "selenium", 484),
        ("I take half of an iron tablet (ferrous sulphate 200 mg)", "iron", 32.5),
    ],
)
def test_products_counts_and_halves_add_up(story: str, nutrient: str, amount: float) -> None:
    assert taken(story)[nutrient] == pytest.approx(amount, rel=0.01)


def test_the_same_dose_told_twice_is_one_product() -> None:
    story = "I take magnesium 400 mg. The magnesium 400 mg gave me loose bowels."
    assert taken(story)["magnesium"] == 400
    listed = Case(story=story, supplements=[Medicine(name="magnesium", dose="400 mg")])
    assert totals(KNOWN, understand(listed), None)["magnesium"].tablets == 400


@given(st.lists(st.integers(1, 60).map(lambda n: n * 10), min_size=1, max_size=4, unique=True))
@settings(max_examples=40, deadline=None)
def test_different_doses_of_one_kind_sum_up(doses: list[int]) -> None:
    story = "I take " + ", ".join(f"magnesium {dose} mg" for dose in doses) + "."
    assert taken(story)["magnesium"] == sum(doses)


@given(st.sampled_from(("half a", "one", "two", "three")), st.integers(1, 6))
@settings(max_examples=30, deadline=None)
def test_a_count_before_a_name_multiplies_its_dose(count: str, tens: int) -> None:
    times = {"half a": 0.5, "one": 1, "two": 2, "three": 3}[count]
    assert taken(f"I take {count} zinc {tens * 10} mg")["zinc"] == tens * 10 * times


def test_a_product_of_unknown_amount_is_named_where_the_sum_comes_near() -> None:
    near = understand(Case(story="I take a multivitamin and vitamin D3 3000 IU."))
    assert "multivitamin also holds vitamin D" in said(near)
    far = understand(Case(story="I take a multivitamin and vitamin D3 400 IU."))
    assert "vitamin D" not in said(far)


@pytest.mark.parametrize("age", [2, 6, 11])
def test_iron_in_a_child_is_a_call_and_never_a_dose_to_keep(age: int) -> None:
    understood = understand(
        Case(
            person=Person(age=age),
            supplements=["ferrous sulphate 200 mg"],
            story="restless legs, ferritin 9",
        )
    )
    found = warnings(KNOWN, understood)
    assert any(w.level == "today" and "poison" in w.do for w in found)
    assert "Do not stop it because of this line" not in said(understood)


def test_an_adults_own_iron_is_no_poisoning() -> None:
    understood = understand(Case(person=Person(age=40), supplements=["ferrous sulphate 200 mg"]))
    assert "poison" not in said(understood)


def cautions(diary: str, **person: object) -> str:
    case = Case(diary=diary, person=Person(**{"age": 30, "sex": "female", **person}))  # type: ignore[arg-type]
    understood = understand(case)
    eaten = read_diet(KNOWN, understood)
    assert eaten is not None
    return " ".join(diet_cautions(KNOWN, understood, eaten))


DAY = "porridge with milk, cheese sandwich, apple, pasta with tomato sauce, "


@pytest.mark.parametrize(
    "food", ["lamb's liver 150 g", "cod liver oil 2 tbsp", "chicken livers 150 g"]
)
def test_vitamin_a_of_liver_is_warned_of_most_urgently_in_pregnancy(food: str) -> None:
    pregnant = cautions(DAY + food, pregnant=True)
    assert "vitamin A" in pregnant and "midwife" in pregnant
    assert "midwife" not in cautions(DAY + food)


def test_the_ceilings_of_all_authorities_stand_beside_food_above_them() -> None:
    text = cautions(DAY + "8 brazil nuts")
    assert "selenium" in text
    assert "255 ug in the European Union" in text and "400 ug in the United States" in text


def test_plants_make_no_vitamin_a_too_much_and_an_ordinary_day_is_not_warned_of() -> None:
    assert cautions(DAY + "carrots 300 g, sweet potato", pregnant=True) == ""


def test_salt_substitutes_are_potassium() -> None:
    understood = understand(Case(diary="1 tsp of lo salt", person=Person(age=30)))
    eaten = read_diet(KNOWN, understood)
    assert eaten is not None
    assert eaten.days[0].known["potassium"] > 1500


# how often a dose is taken, in the words people use; the dose itself stands before them
OFTEN = [
    ("a day", 1), ("twice a day", 2), ("b.d.", 2), ("three times daily", 3), ("tds", 3), ("qds", 4),
    ("4 times a day", 4), ("every 8 hours", 3), ("12-hourly", 2), ("every other day", 1 / 2), ("weekly", 1 / 7),
    ("twice a week", 2 / 7), ("3x/week", 3 / 7), ("3 times a week", 3 / 7), ("5 days a week", 5 / 7),
    ("every two weeks", 1 / 14), ("once a month", 1 / 30), ("two tablets a day", 2), ("half a tablet twice a day", 1),
]  # fmt: skip


@pytest.mark.parametrize(("often", "times"), OFTEN)
@given(milligrams=st.integers(2, 60))
@settings(max_examples=10, deadline=None)
def test_the_list_and_the_food_side_read_one_dose(
    often: str, times: float, milligrams: int
) -> None:
    told = f"zinc {milligrams} mg {often}"
    assert daily_dose(told, KNOWN.base.supplements["zinc"]) == pytest.approx(milligrams * times)
    assert dose_in(told) == ("zinc", pytest.approx(milligrams * times, rel=1e-5))


@pytest.mark.parametrize(
    "told", ["two tablets of zinc 20 mg", "zinc 2 x 20 mg", "twice a day zinc 20 mg"]
)
def test_a_count_before_the_dose_counts_on_the_food_side(told: str) -> None:
    assert dose_in(told) == ("zinc", 40)


def test_twenty_thousand_units_twice_a_week_are_143_micrograms_a_day() -> None:
    assert taken("I take vitamin D 20000 IU twice a week.")["vitamin_d"] == pytest.approx(
        142.857, abs=0.01
    )

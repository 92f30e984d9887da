"""The short form shifts what people usually eat; it is never read as a whole diet."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stillwell.assess.diet import read_diet
from stillwell.case.model import Case, Person
from stillwell.case.understand import understand
from stillwell.errors import CaseError
from stillwell.knowledge.store import knowledge
from stillwell.nutrition.intake.habits import population_mean, questions, read_habits, times_a_week
from stillwell.nutrition.intake.reference import variation
from stillwell.nutrition.intake.usual import read_diary, usual_intakes

WOMAN = Person(age=35, sex="female")
KNOWN = knowledge()


def by_form(habits, person=WOMAN, days=()):
    return usual_intakes(KNOWN, list(days), person, habits=read_habits(habits))


def test_the_form_has_about_twenty_questions_with_portions() -> None:
    assert 18 <= len(questions()) <= 25
    assert all(q.portion and q.usual["female"] >= 0 for q in questions())


def test_the_foods_of_the_form_bring_most_of_what_people_eat() -> None:
    """Usual frequencies were fitted such that they do (tools/fit_habits.py)."""
    row = variation(KNOWN, "energy", WOMAN)
    energy = sum(q.per_portion["energy"] * q.usual["female"] / 7 for q in questions())
    assert 0.7 <= energy / population_mean(row) <= 1.0


def test_two_answers_leave_the_rest_of_the_diet_as_in_the_population() -> None:
    nobody = usual_intakes(KNOWN, [], WOMAN)
    told = by_form({"oily fish": 1, "milk": 7})
    for nutrient in ("magnesium", "folate", "iron"):
        assert told[nutrient].median == pytest.approx(nobody[nutrient].median, rel=0.12)
    assert told["vitamin_d"].median > nobody["vitamin_d"].median
    assert told["calcium"].median > nobody["calcium"].median


def test_answering_as_everybody_does_changes_nothing() -> None:
    nobody = usual_intakes(KNOWN, [], WOMAN)
    same = by_form({q.id: q.usual["female"] for q in questions()})
    for nutrient, usual in same.items():
        assert usual.median == pytest.approx(nobody[nutrient].median, rel=0.05)


def test_the_form_narrows_the_range() -> None:
    nobody, told = usual_intakes(KNOWN, [], WOMAN), by_form({"milk": 4, "cheese": 5, "yogurt": 1})
    assert (
        told["calcium"].high - told["calcium"].low < nobody["calcium"].high - nobody["calcium"].low
    )


def test_a_diary_and_a_form_are_both_used() -> None:
    days = read_diary(["white toast, tea, pasta with tomato sauce, cheese sandwich, chips"] * 2)
    alone = usual_intakes(KNOWN, days, WOMAN)
    both = by_form({"spinach": 14, "liver": 3}, days=days)
    assert both["folate"].median > alone["folate"].median
    assert both["vitamin_b12"].median > alone["vitamin_b12"].median


def test_a_food_the_form_does_not_ask_for_counts_too() -> None:
    assert by_form({"liver": 3})["vitamin_b12"].median > by_form({"milk": 4})["vitamin_b12"].median


@pytest.mark.parametrize(
    ("answer", "times"),
    [(3, 3), ("daily", 7), ("never", 0), ("2 a day", 14), ("once a month", 0.233), ("twice a week", 2),
     ("3x/week", 3), ("2-3 times a week", 2.5), ("every day", 7)],
)  # fmt: skip
def test_how_often_is_read_from_words(answer, times) -> None:
    assert times_a_week(answer) == pytest.approx(times)


@pytest.mark.parametrize("answer", [-1, 1000, "umpteen", float("nan")])
def test_an_impossible_frequency_is_refused(answer) -> None:
    with pytest.raises(CaseError, match="habits"):
        times_a_week(answer)


def test_one_bad_line_is_named_and_the_others_are_kept() -> None:
    found = read_habits({"milk": "daily", "moonfruit zz": 3, "eggs": "umpteen"})
    assert found.times == {"milk": 7.0}
    assert len(found.troubles) == 2


@settings(max_examples=40, deadline=None)
@given(st.sampled_from([q.id for q in questions()]), st.floats(0, 30), st.floats(0, 30))
def test_more_of_a_food_never_lowers_the_energy_that_people_take_in(name, one, two) -> None:
    less, more = sorted((one, two))
    assert by_form({name: more})["energy"].median >= by_form({name: less})["energy"].median - 1e-6


def test_a_short_form_does_not_diagnose_a_lack_of_everything() -> None:
    told = understand(
        Case(person=WOMAN, complaint="restless legs", habits={"oily fish": 1, "milk": 7})
    )
    eaten = read_diet(KNOWN, told)
    assert eaten is not None
    assert eaten.usual["magnesium"].inadequate < 0.7
    nobody = usual_intakes(KNOWN, [], WOMAN)
    assert eaten.usual["iron"].inadequate == pytest.approx(nobody["iron"].inadequate, abs=0.1)

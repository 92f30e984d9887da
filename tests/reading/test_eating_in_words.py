"""Allergies and ways of eating are read in a story, kept, and honoured in the plan."""

import pytest

from stillwell.case.model import Case, Person
from stillwell.case.understand import understand
from stillwell.knowledge.store import knowledge
from stillwell.nutrition.planner.limits import limits
from tests.case_helpers import told as understood_of


def told(story: str) -> dict[str, list[str]]:
    return {k: v for k, v in understand(Case(story=story)).eating_in_words.items() if v}


@pytest.mark.parametrize(
    ("story", "words"),
    [
        ("My calves cramp. I am allergic to peanuts.", {"allergies": ["peanuts"]}),
        ("I've a milk allergy, and my feet tingle", {"allergies": ["milk"]}),
        ("allergic to eggs, shellfish and sesame", {"allergies": ["eggs", "shellfish", "sesame"]}),
        ("I'm gluten intolerant", {"allergies": ["gluten"]}),
        ("I get hay fever allergy in May", {"allergies": ["hay fever"]}),
        ("I don't eat pork and I keep halal", {"avoids": ["pork"], "diets": ["halal"]}),
        ("I am not allergic to nuts", {}),
        ("I have no allergies", {}),
        ("My legs shake and my husband is allergic to cats", {}),
        ("I don't eat enough fish", {}),
        ("Would going gluten free help?", {}),
    ],
)
def test_what_the_teller_cannot_or_does_not_eat_is_read(story: str, words: dict) -> None:
    assert told(story) == words


def test_an_allergy_told_in_a_story_forbids_the_food_like_a_listed_one() -> None:
    known = knowledge()
    spoken = understand(Case(person=Person(age=40), story="My legs cramp. I'm allergic to nuts."))
    listed = understand(Case(person=Person(age=40), story="My legs cramp.", allergies=["nuts"]))
    assert "nuts" in limits(known, listed, {}).groups
    assert limits(known, spoken, {}).groups.keys() == limits(known, listed, {}).groups.keys()


def test_an_allergy_to_no_food_that_is_known_is_said_and_stops_nothing() -> None:
    case = understand(Case(person=Person(age=40), story="I'm allergic to zorkle. My legs cramp."))
    assert any("zorkle" in line for line in limits(knowledge(), case, {}).say)


def test_a_story_that_was_read_for_its_allergy_is_not_called_unread() -> None:
    case = understand(Case(story="My legs cramp. I'm allergic to walnuts."))
    assert not [line for line in case.unclear if "walnuts" in line]


REACTS = [
    ("Milk makes me ill.", "avoids", "milk"),
    ("I come out in hives with shellfish.", "allergies", "shellfish"),
    ("Tree nuts give me hives.", "allergies", "tree nuts"),
    ("Cheese gives me the runs.", "avoids", "cheese"),
    ("I break out in a rash when I eat strawberries.", "allergies", "strawberries"),
    ("Aspirin makes me wheeze.", "allergies", "aspirin"),
    ("I cannot have gluten.", "avoids", "gluten"),
]


@pytest.mark.parametrize(("words", "kind", "thing"), REACTS)
def test_what_a_food_or_medicine_always_does_is_no_sign_and_no_illness(words, kind, thing):
    done = understood_of(f"{words} My legs twitch.")
    assert thing in done.eating_in_words[kind]
    assert set(done.present) <= {"muscle_twitching"}
    assert not done.medicines and "coeliac_disease" not in done.history_present


def test_a_reaction_of_now_stays_a_sign():
    done = understood_of("I just ate prawns and come out in hives, and I can't breathe.")
    assert {"hives", "severe_breathlessness"} <= set(done.present)


def test_a_medicine_that_is_taken_stays_taken_though_it_makes_one_wheeze():
    done = understood_of("I take aspirin every day and it makes me wheeze. My legs ache.")
    assert [m.member for m in done.medicines] == ["aspirin"]


def test_an_illness_that_is_named_stays():
    assert "coeliac_disease" in understood_of("I am coeliac. My legs cramp.").history_present


@pytest.mark.parametrize(
    ("words", "food"),
    [
        ("Fish brings me out in lumps", "fish"),
        ("I get eczema from fish", "fish"),
        ("Prawns make my lips go fat", "prawns"),
        ("I come up in big red welts after eating peanuts", "peanuts"),
        ("If I eat fish I come out in lumps", "fish"),
        ("When I have nuts, my throat closes up", "nuts"),
        ("I had an allergic reaction to salmon", "salmon"),
        ("Strawberries give me itchy bumps all over", "strawberries"),
        ("Eggs flare up my eczema", "eggs"),
    ],
)
def test_what_a_food_does_to_the_skin_or_throat_in_any_words_is_an_allergy(words, food):
    done = understood_of(f"{words}. My legs cramp.")
    assert food in done.all_allergies and "leg_cramps" in done.present
    assert not {"hives", "swelling_of_face_or_throat"} & {*done.present, *done.perhaps}


@pytest.mark.parametrize(
    "words",
    [
        "I ate fish tonight and came out in lumps. My legs cramp.",
        "Fish doesn't bring me out in lumps. My legs cramp.",
        "My legs itch when I eat chocolate.",
        "My legs swell, I eat fish and I get a rash from nickel.",
    ],
)
def test_a_reaction_of_now_a_denial_and_a_sign_of_the_legs_are_no_allergy(words):
    assert not understood_of(words).all_allergies

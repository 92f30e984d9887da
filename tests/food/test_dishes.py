"""A dish and its parts: each food that was said is counted, and counted once."""

import re
from pathlib import Path

import pytest
import yaml

from stillwell.nutrition.intake.diary_text import read_telling
from stillwell.nutrition.intake.dishes import count_once
from stillwell.nutrition.intake.meals import match_phrase

SAID = yaml.safe_load((Path(__file__).parents[1] / "cases" / "dishes.yaml").read_text("utf-8"))


def names(text: str) -> list[str]:
    return [i.foods[0].name.lower() for i in read_telling(text).items if i.foods]


def right(said: str, wanted: list[str]) -> tuple[bool, int]:
    """(whether exactly the wanted foods were found, how many of them with grams in their range)."""
    left, whole, grams = list(read_telling(said).items), True, 0
    for line in wanted:
        pattern, _, span = line.partition(" @ ")
        hit = next(
            (i for i in left if i.foods and re.search(pattern, i.foods[0].name, re.IGNORECASE)),
            None,
        )
        if hit is None:
            whole = False
            continue
        left.remove(hit)
        low, _, high = span.partition("-")
        grams += bool(span) and float(low) <= hit.foods[0].grams <= float(high)
    return whole and not left, grams


def test_what_is_said_becomes_its_foods_and_no_others() -> None:
    rows = [(s, f) for family in SAID.values() for s, f in family.items()]
    found = [right(s, f) for s, f in rows]
    told = sum(" @ " in line for _, f in rows for line in f)
    assert len(rows) >= 150
    assert sum(whole for whole, _ in found) / len(rows) >= 0.88
    assert sum(grams for _, grams in found) / told >= 0.88


@pytest.mark.parametrize("kitchen", SAID)
def test_no_kitchen_is_left_behind(kitchen: str) -> None:
    family = SAID[kitchen]
    assert sum(right(s, f)[0] for s, f in family.items()) / len(family) >= 0.75


@pytest.mark.parametrize(
    ("text", "word", "times"),
    [
        ("fry up: 2 eggs, 2 rashers bacon, sausage, beans, toast, mushrooms", "egg", 1),
        ("fry up: 2 eggs, 2 rashers bacon, sausage, beans, toast, mushrooms", "sausage", 1),
        ("fry up", "egg", 1),
        ("omelette (3 eggs, cheese)", "egg", 1),
        ("coffee, fry up: 2 eggs, beans", "egg", 1),
        ("sunday roast: roast beef, potatoes, peas", "beef", 1),
    ],
)
def test_a_dish_and_its_listed_parts_are_counted_once(text, word, times) -> None:
    assert sum(word in n for n in names(text)) == times


def test_what_was_left_out_of_a_dish_is_not_counted() -> None:
    assert not any("beans" in n for n in names("full english without beans"))
    assert any("bacon" in n for n in names("full english without beans"))


@pytest.mark.parametrize(
    "text",
    [
        "toast (buttered)",
        "bread (2 slices, 72 g)",
        "12:30 toast, eggs",
        "pizza (pepperoni, mushrooms)",
    ],
)
def test_a_note_in_brackets_is_no_list_of_parts(text: str) -> None:
    assert count_once(text) == text


def test_an_amount_of_a_dish_holds_for_all_its_parts() -> None:
    one = match_phrase("fish and chips")
    two = match_phrase("2 portions of fish and chips")
    assert [i.foods[0].grams * 2 for i in one] == [i.foods[0].grams for i in two]
    weighed = match_phrase("400 g fish and chips")
    assert sum(i.foods[0].grams for i in weighed) == pytest.approx(400, abs=1)
    tea = match_phrase("tea with milk x5")
    assert [round(i.foods[0].grams) for i in tea] == [1200, 150]


@pytest.mark.parametrize(
    ("text", "lost"),
    [("cheese and tomato quiche", ["tomato"]), ("kitkat", []), ("nettle omelette", ["nettle"])],
)
def test_the_match_says_which_words_the_food_does_not_carry(text, lost) -> None:
    best = match_phrase(text)[0].foods[0]
    assert best.lost == lost
    assert (best.confidence < 0.9) == bool(lost)


@pytest.mark.parametrize(
    "added",
    ["butter", "olive oil", "mayo", "honey", "pesto", "parmesan", "ketchup", "jam", "soy sauce"],
)
@pytest.mark.parametrize("base", ["pasta", "rice", "porridge", "mashed potato"])
def test_a_weight_behind_what_is_added_is_that_of_the_dish(base: str, added: str) -> None:
    items = [i for i in match_phrase(f"{base} with {added} 300 g") if i.foods]
    assert sum(i.foods[0].grams for i in items) == pytest.approx(300, abs=2)
    if len(items) > 1:
        assert items[-1].foods[0].grams <= 60


def test_a_weight_before_what_is_added_is_its_own() -> None:
    items = match_phrase("pasta with 60 g butter")
    assert items[-1].foods[0].grams == 60


@pytest.mark.parametrize(
    ("said", "once"),
    [
        ("ploughman's with pickle", "pickle"),
        ("ploughmans lunch with cheddar", "cheddar"),
        ("full english with mushrooms and beans", "mushroom"),
        ("sunday roast with gravy", "gravy"),
        ("cream tea with jam", "^jam"),
    ],
)
def test_what_is_told_with_a_dish_that_holds_it_is_counted_once(said: str, once: str) -> None:
    assert sum(bool(re.search(once, name)) for name in names(said)) == 1


def test_what_is_told_with_a_dish_in_an_amount_of_its_own_replaces_the_usual_part() -> None:
    found = [i for i in match_phrase("ploughmans with 120 g cheddar") if i.foods]
    assert [i.foods[0].grams for i in found if "Cheddar" in i.foods[0].name] == [120]


def test_what_a_dish_does_not_hold_is_added() -> None:
    assert any("sausage" in n for n in names("full english with black pudding") if "blood" in n)


@pytest.mark.parametrize("said", ["milky coffee", "milky coffee x3", "2 milky coffees"])
def test_milky_coffee_has_milk(said: str) -> None:
    assert any("milk" in n for n in names(said))


@pytest.mark.parametrize("joint", ["w", "w/", "with"])
def test_with_may_be_written_short(joint: str) -> None:
    assert any("sugar" in n for n in names(f"mug of tea {joint} 3 sugars"))


@pytest.mark.parametrize(
    ("said", "grams"),
    [("a can of monster", 500), ("2 cans of rockstar", 1000), ("can of red bull", 250)],
)
def test_cans_of_energy_drinks_have_their_own_size(said: str, grams: float) -> None:
    assert match_phrase(said)[0].foods[0].grams == grams

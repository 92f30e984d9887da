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

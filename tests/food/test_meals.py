"""Meal text to foods and grams."""

import csv
import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from stillwell.cli.main import main
from stillwell.errors import CaseError, StillwellError
from stillwell.nutrition.foods.names import SYNONYMS, index, stems
from stillwell.nutrition.foods.record import NUTRIENTS, data
from stillwell.nutrition.foods.table import all_foods, food
from stillwell.nutrition.intake.meals import match_one, match_phrase, read_meal

MEALS = list(csv.DictReader((Path(__file__).parents[1] / "cases" / "meals.csv").open()))


def names(text: str) -> list[str]:
    return [i.foods[0].name for i in read_meal(text)]


def test_a_breakfast_becomes_foods_and_grams() -> None:
    items = read_meal("2 eggs, a bowl of oatmeal with milk, black coffee x3, handful of almonds")
    assert [i.foods[0].name.split(",")[0] for i in items] == [
        "Egg",
        "Oatmeal",
        "Milk",
        "Coffee",
        "Almonds",
    ]
    assert [round(i.foods[0].grams) for i in items] == [100, 240, 200, 720, 28]


def test_most_phrases_are_matched_with_plausible_grams() -> None:
    first = five = grams = 0
    for row in MEALS:
        item = match_phrase(row["text"])[0]
        wanted = re.compile(row["acceptable_name_regex"], re.IGNORECASE)
        found = [f.name for f in item.foods]
        first += bool(found and wanted.match(found[0]))
        five += any(wanted.match(n) for n in found[:5])
        weight = item.foods[0].grams if item.foods else -1
        grams += float(row["grams_min"]) <= weight <= float(row["grams_max"])
    assert first / len(MEALS) >= 0.9
    assert five / len(MEALS) >= 0.95
    assert grams / len(MEALS) >= 0.9


@pytest.mark.parametrize(
    ("text", "grams"),
    [
        ("50g cheddar", 50),
        ("2 x 330 ml cola", 660),
        ("1 1/2 cups cooked rice", 248),
        ("half an avocado", 75),
        ("½ cup black beans", 88),
        ("a bar of dark chocolate 50g", 50),
        ("large banana", 136),
        ("three slices of white bread", 108),
        ("small banana", 101),
        ("large glass of red wine", 250),
        ("large baked potato", 299),
        ("2 scrambled eggs", 120),
        ("3 egg omelette", 180),
        ("half a dozen oysters", 90),
        ("a bottle of prosecco shared between 3", 250),
        ("2 slices of wholemeal bread, 72 g", 72),
        ("2 bottles of lager (330 ml)", 660),
        ("two and a half slices of toast", 90),
        ("1,5 litres of water", 1500),
        ("10 grapes", 50),
        ("grapes", 100),
    ],
)
def test_amounts_and_measures(text: str, grams: float) -> None:
    assert match_one(text).foods[0].grams == pytest.approx(grams, abs=1)


def test_misspellings_and_british_names() -> None:
    assert names("bananna")[0].startswith("Banana")
    assert "zucchini" in names("courgettes")[0].lower()
    assert "eggplant" in names("aubergine")[0].lower()


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("sweet and sour pork", ["Sweet and sour pork"]),
        ("leek and potato soup", ["Soup, potato"]),
        ("toast with butter and jam", ["Bread, white, toasted", "Butter, NFS", "Jam"]),
        ("2 eggs, steamed broccoli", ["Egg, whole", "Broccoli"]),
        ("dried apricots, a handful", ["Apricot, dried"]),
        ("coffee or tea", ["Coffee, brewed"]),
        ("quarter pounder", ["Quarter Pounder"]),
        ("double cream", ["Cream, heavy"]),
    ],
)
def test_names_hold_together_and_foods_come_apart(text: str, first: list[str]) -> None:
    found = names(text)
    assert len(found) == len(first)
    assert all(name.startswith(start) for name, start in zip(found, first, strict=True))


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("turkey and cranberry baguette", "turkey sandwich"),
        ("white bread sandwich with jam", "jelly sandwich"),
        ("cheddar and tomato panini", "sandwich"),
        ("smoky aubergine soup", "soup"),
        ("tesco finest mature cheddar", "cheese, cheddar"),
    ],
)
def test_the_last_word_says_what_dish_it_is(text: str, word: str) -> None:
    assert word in names(text)[0].lower()
    assert len(names(text)) == 1


def test_milk_in_tea_is_a_dash() -> None:
    items = read_meal("a mug of earl grey with oat milk")
    assert [round(i.foods[0].grams) for i in items] == [300, 30]


def test_every_listed_name_leads_to_a_food_of_that_name() -> None:
    known = index()
    wrong = []
    for family in (f for name in SYNONYMS for f in data(name).values()):
        for named, said in family.items():
            wanted = set(stems(named)) - known.free_stems
            if not any(wanted <= own for own in known.words):
                wrong.append(named)
            wrong += [s for s in said if not match_phrase(str(s))[0].foods]
    assert wrong == []


def test_an_unknown_food_is_listed_not_guessed() -> None:
    assert read_meal("xyzzyplugh")[0].foods == []


@pytest.mark.parametrize("text", ["-3 eggs", "40 kg spinach", "9999 bananas"])
def test_impossible_amounts_are_refused(text: str) -> None:
    with pytest.raises(CaseError):
        read_meal(text)


@given(st.text(max_size=120))
def test_any_text_is_read_or_refused_in_one_line(text: str) -> None:
    try:
        items = read_meal(text)
    except StillwellError as error:
        assert "\n" not in str(error)
        return
    assert all(0 <= f.grams <= 5000 for i in items for f in i.foods)


def test_missing_is_missing_not_zero() -> None:
    assert any(f.nutrients["vitamin_d"] is None for f in all_foods())
    assert all(set(f.nutrients) == set(NUTRIENTS) for f in all_foods()[:50])


def test_every_food_names_its_source() -> None:
    assert all(f.release and f.source for f in all_foods())


def test_unknown_id_names_the_way_out() -> None:
    with pytest.raises(CaseError, match="foods search"):
        food("fndds/no-such-food")


def test_the_match_command_prints_a_row_for_each_phrase(tmp_path: Path) -> None:
    path = tmp_path / "meals.csv"
    path.write_text("text\nlarge banana\ntuna sandwich\n")
    result = CliRunner().invoke(main, ["foods", "match", str(path), "--json"])
    rows = json.loads(result.output)
    assert [r["text"] for r in rows] == ["large banana", "tuna sandwich"]
    assert rows[0]["foods"][0]["id"] == "fndds/banana-raw"
    assert {"id", "name", "grams", "confidence"} <= set(rows[0]["foods"][0])


def test_search_and_rich_in() -> None:
    assert "Lentils" in CliRunner().invoke(main, ["foods", "search", "lentils"]).output
    rows = json.loads(
        CliRunner().invoke(main, ["foods", "rich-in", "magnesium", "--vegan", "--json"]).output
    )
    assert rows[0]["amount"] >= rows[1]["amount"] > 0
    assert not any("milk, reduced" in r["food"].lower() for r in rows)
    bad = CliRunner().invoke(main, ["foods", "rich-in", "unobtainium"])
    assert bad.exit_code == 2

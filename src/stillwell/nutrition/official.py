"""Reads the official FoodData Central downloads (CSV folder, or JSON) into the food database.

Layouts: USDA FoodData Central, "Download Data" (food.csv, food_nutrient.csv, food_category.csv; or one JSON
object that holds a list named after the kind of food).
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path
from typing import Any

from stillwell.errors import CaseError
from stillwell.nutrition.table import (
    KINDS,
    NUTRIENTS,
    build,
    database_path,
    own_rows,
    packaged_rows,
)

IDS = {
    1008: "energy", 2047: "energy", 2048: "energy", 1003: "protein", 1079: "fibre", 1178: "vitamin_b12",
    1190: "folate", 1175: "vitamin_b6", 1165: "thiamin", 1114: "vitamin_d", 1109: "vitamin_e",
    1162: "vitamin_c", 1087: "calcium", 1090: "magnesium", 1089: "iron", 1092: "potassium", 1093: "sodium",
    1091: "phosphorus", 1095: "zinc", 1098: "copper", 1057: "caffeine", 1018: "alcohol",
}  # fmt: skip
PREFERRED_ENERGY = 1008
LISTS = {
    "FoundationFoods": "foundation", "SRLegacyFoods": "sr", "SurveyFoods": "fndds", "BrandedFoods": "branded",
}  # fmt: skip
Rows = Iterator[tuple[Any, ...]]


def import_official(path: Path, said: Callable[[str], None]) -> int:
    """Bring a download into the food database, beside the packaged foods; the number of foods then.

    The database is replaced in one move: an import that is broken off leaves the old one.

    Raises:
        CaseError: the path is not in one of the official layouts.
    """
    rows = _from_json(path) if path.is_file() else _from_csv(path, said)
    count = build(database_path(), chain(packaged_rows(), own_rows(), rows))
    said(f"{count} foods in the table")
    return count


def _row(
    identifier: str,
    name: str,
    category: str,
    kind: str,
    release: str,
    grams: float | None,
    values: dict[str, float],
) -> tuple[Any, ...]:
    return (identifier, name, category, kind, release, grams, *(values.get(n) for n in NUTRIENTS))


def _from_csv(folder: Path, said: Callable[[str], None]) -> Rows:
    for name in ("food.csv", "food_nutrient.csv"):
        if not (folder / name).exists():
            raise CaseError(
                str(folder),
                f"holds no {name}",
                "Give the folder of an unpacked FoodData Central CSV download",
            )
    categories: dict[str, str] = {}
    if (folder / "food_category.csv").exists():
        with (folder / "food_category.csv").open(encoding="utf-8", newline="") as file:
            categories = {r["id"]: r["description"] for r in csv.DictReader(file)}
    foods: dict[str, tuple[str, str, str]] = {}
    with (folder / "food.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            kind = KINDS.get(row.get("data_type", "")) or (
                "branded" if row.get("data_type") == "branded_food" else None
            )
            if kind:
                category = categories.get(row.get("food_category_id", ""), "")
                foods[row["fdc_id"]] = (row["description"], category, kind)
    said(f"{len(foods)} foods named; reading their nutrients ...")
    values: dict[str, dict[str, float]] = {}
    with (folder / "food_nutrient.csv").open(encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.DictReader(file), 1):
            if number % 1_000_000 == 0:
                said(f"{number // 1_000_000} million values read")
            identifier = row["fdc_id"]
            if identifier in foods:
                _take(values.setdefault(identifier, {}), row["nutrient_id"], row["amount"])
    for identifier, (name, category, kind) in foods.items():
        release = f"FoodData Central download {folder.name}"
        yield _row(
            f"fdc/{identifier}", name, category, kind, release, None, values.get(identifier, {})
        )


def _take(target: dict[str, float], number: Any, amount: Any) -> None:
    try:
        identifier, value = int(number), float(amount)
    except (TypeError, ValueError):
        return
    name = IDS.get(identifier)
    if name and value >= 0 and (name not in target or identifier == PREFERRED_ENERGY):
        target[name] = value


def _from_json(path: Path) -> Rows:
    try:
        whole = json.loads(path.read_text("utf-8"))
    except (ValueError, UnicodeDecodeError):
        raise CaseError(str(path), "is not JSON", "Give a FoodData Central JSON download") from None
    names = [n for n in LISTS if isinstance(whole, dict) and isinstance(whole.get(n), list)]
    if not names:
        raise CaseError(str(path), "holds no list of foods", f"Expected one of: {', '.join(LISTS)}")
    for name in names:
        for item in whole[name]:
            values: dict[str, float] = {}
            for part in item.get("foodNutrients", []):
                nutrient = part.get("nutrient") or {}
                _take(values, nutrient.get("id"), part.get("amount"))
            category = item.get("foodCategory") or item.get("wweiaFoodCategory") or {}
            text = category.get("description") or category.get("wweiaFoodCategoryDescription") or ""
            portions = item.get("foodPortions") or []
            grams = portions[0].get("gramWeight") if portions else None
            release = f"FoodData Central JSON {path.name}"
            yield _row(
                f"fdc/{item.get('fdcId')}",
                item.get("description", ""),
                text,
                LISTS[name],
                release,
                grams,
                values,
            )

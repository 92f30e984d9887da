"""FoodData Central's CSV downloads: food.csv, food_nutrient.csv and what goes with them.

Layout: USDA FoodData Central, "Download Data", field descriptions.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from stillwell.errors import CaseError
from stillwell.files import replacing
from stillwell.nutrition.foods.download import Download, Progress, Said, chunks_of, rows_of
from stillwell.nutrition.foods.fdc_numbers import STORED, named, settled
from stillwell.nutrition.foods.record import KINDS, Portion, number

KINDS_HERE = {**KINDS, "branded_food": "branded"}
COLUMNS = {name: i for i, name in enumerate(STORED)}
SAVE_EVERY = 4  # chunks of 8 MB


class CsvDownload:
    """One CSV download, ready to be written as a food database."""

    def __init__(self, source: Download, progress: Progress, said: Said) -> None:
        self.source, self.progress, self.said = source, progress, said
        self.at: dict[str, int] = {}
        self.first: dict[str, float] = {}
        for row in rows_of(source, "food.csv", ("fdc_id", "data_type", "description")):
            if row.get("data_type") in KINDS_HERE:
                self.at.setdefault(row["fdc_id"], len(self.at))
        if not self.at:
            raise CaseError(
                str(source.path),
                "holds no foods of a kind that is read",
                f"Kinds: {', '.join(KINDS_HERE)}",
            )
        said(f"{len(self.at):,} foods named; reading their nutrients ...")
        self.values = self._nutrients()

    def _nutrients(self) -> np.ndarray[Any, np.dtype[np.float32]]:
        """(foods, stored nutrients) per 100 g, nan where not reported; goes on where it was broken off."""
        name, kept = "food_nutrient.csv", self.progress.folder / "values.npy"
        state = self.progress.load()
        start = int(state.get("offset", 0)) if kept.exists() else 0
        if start:
            values: np.ndarray[Any, np.dtype[np.float32]] = np.load(kept)
            self.said("going on where the last import was broken off")
        else:
            values = np.full((len(self.at), len(STORED)), np.nan, dtype=np.float32)
        whole, told = self.source.size(name), -1
        needs = ("fdc_id", "nutrient_id", "amount")
        for count, (rows, offset) in enumerate(chunks_of(self.source, name, needs, start), 1):
            for row in rows:
                place, nutrient = self.at.get(row["fdc_id"]), named(row.get("nutrient_id"))
                if place is not None and nutrient is not None:
                    amount = number(row.get("amount") or "")
                    if amount is not None:
                        values[place, COLUMNS[nutrient]] = amount
            done = offset * 10 // whole if whole else 10
            if done != told:
                told = done
                self.said(f"nutrients: {10 * done} %")
            if count % SAVE_EVERY == 0:
                with replacing(kept) as file:
                    np.save(file, values)
                self.progress.save(offset=offset)
        return values

    def portions(self) -> Iterator[Portion]:
        """Household measures, in the order of the download."""
        if "food_portion.csv" in self.source.members:
            units: dict[str, str] = {}
            if "measure_unit.csv" in self.source.members:
                rows = rows_of(self.source, "measure_unit.csv", ("id", "name"))
                units = {r["id"]: r["name"] for r in rows}
            for row in rows_of(self.source, "food_portion.csv", ("fdc_id", "gram_weight")):
                if row["fdc_id"] in self.at:
                    yield from self._portion(row, units)
        if "branded_food.csv" in self.source.members:
            for row in rows_of(self.source, "branded_food.csv", ("fdc_id", "serving_size")):
                grams = number(row["serving_size"])
                unit = (row.get("serving_size_unit") or "g").lower()
                if grams and row["fdc_id"] in self.at and unit in ("g", "grm", "ml", "mlt"):
                    self.first.setdefault(row["fdc_id"], grams)
                    measure = row.get("household_serving_fulltext") or "serving"
                    yield f"fdc/{row['fdc_id']}", measure, grams

    def _portion(self, row: dict[str, str], units: dict[str, str]) -> Iterator[Portion]:
        grams, amount = number(row["gram_weight"]), number(row.get("amount") or "") or 1.0
        if not grams:
            return
        unit = units.get(row.get("measure_unit_id", ""), "")
        parts = (
            "" if unit == "undetermined" else unit,
            row.get("portion_description") or "",
            row.get("modifier") or "",
        )
        measure = " ".join(p for p in parts if p and not p.isdigit()) or "piece"
        if "quantity not specified" not in measure.lower():
            self.first.setdefault(row["fdc_id"], round(grams / amount, 2))
        yield f"fdc/{row['fdc_id']}", measure, round(grams / amount, 2)

    def foods(self) -> Iterator[tuple[Any, ...]]:
        """The rows of the food database; after `portions` has been read."""
        categories = self._categories()
        brands = self._brands()
        release = f"FoodData Central {self.source.release}"
        seen: set[str] = set()
        for row in rows_of(self.source, "food.csv", ("fdc_id", "data_type", "description")):
            identifier = row["fdc_id"]
            place = self.at.get(identifier)
            if place is None or identifier in seen or not row["description"].strip():
                continue
            seen.add(identifier)
            owner, category = brands.get(identifier, ("", ""))
            category = category or categories.get(row.get("food_category_id", ""), "")
            name = " ".join(row["description"].split())
            if owner and owner.lower() not in name.lower():
                name = f"{name}, {owner}"
            line = self.values[place]
            values = {
                n: round(float(line[i]), 4) for n, i in COLUMNS.items() if not np.isnan(line[i])
            }
            head = (f"fdc/{identifier}", name, category, KINDS_HERE[row["data_type"]], release)
            yield (*head, self.first.get(identifier), *settled(values, name, category))

    def _categories(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for name, key, text in (
            ("food_category.csv", "id", "description"),
            ("wweia_food_category.csv", "wweia_food_category", "wweia_food_category_description"),
        ):
            if name in self.source.members:
                try:
                    rows = list(rows_of(self.source, name, (key, text)))
                except CaseError:
                    rows = list(rows_of(self.source, name, (f"{key}_code", text)))
                    key = f"{key}_code"
                found.update((r[key], r[text]) for r in rows)
        return found

    def _brands(self) -> dict[str, tuple[str, str]]:
        if "branded_food.csv" not in self.source.members:
            return {}
        return {
            r["fdc_id"]: (
                (r.get("brand_name") or r.get("brand_owner") or "").title(),
                r.get("branded_food_category") or "",
            )
            for r in rows_of(self.source, "branded_food.csv", ("fdc_id",))
            if r["fdc_id"] in self.at
        }


def holds_csv(source: Download) -> bool:
    """Whether the download is one of CSV files."""
    return "food.csv" in source.members or "food_nutrient.csv" in source.members


def check_files(source: Download) -> None:
    """Refuse a download of which a file is missing."""
    for name in ("food.csv", "food_nutrient.csv"):
        if name not in source.members:
            raise CaseError(
                str(source.path),
                f"holds no {name}",
                "Give a FoodData Central download (zip, folder or JSON) or the survey database's files",
            )


__all__ = ["CsvDownload", "check_files", "holds_csv"]

"""FoodData Central's JSON downloads, read food by food: the branded one is larger than memory.

Layouts: one object with a list named after the kind of food (Foundation, SR Legacy, FNDDS, Branded), or a plain
list of foods as the programming interface gives it.
"""

from __future__ import annotations

import codecs
import json
import re
import sqlite3
from collections.abc import Iterator
from typing import Any

from stillwell.errors import CaseError
from stillwell.nutrition.foods.download import CHUNK, Download, Progress, Said
from stillwell.nutrition.foods.fdc_numbers import named, settled
from stillwell.nutrition.foods.record import NUTRIENTS, Portion

LISTS = {
    "FoundationFoods": "foundation", "SRLegacyFoods": "sr", "SurveyFoods": "fndds", "BrandedFoods": "branded",
}  # fmt: skip
TYPES = {
    "Foundation": "foundation",
    "SR Legacy": "sr",
    "Survey (FNDDS)": "fndds",
    "Branded": "branded",
}
START = re.compile(rf'"({"|".join(LISTS)})"\s*:\s*\[|^\s*\[')
SAVE_EVERY = 5000


class JsonDownload:
    """One JSON download, its foods kept in a table on disk while they are read."""

    def __init__(self, source: Download, name: str, progress: Progress, said: Said) -> None:
        self.source, self.name, self.progress, self.said = source, name, progress, said
        progress.folder.mkdir(parents=True, exist_ok=True)
        state = progress.load()
        kept = progress.folder / "staged.sqlite"
        if not state:
            kept.unlink(missing_ok=True)
        self.link = sqlite3.connect(kept)
        marks = ", ".join(f"c{i}" for i in range(6 + len(NUTRIENTS)))
        self.link.execute(f"CREATE TABLE IF NOT EXISTS foods ({marks})")
        self.link.execute("CREATE TABLE IF NOT EXISTS portions (food, measure, grams)")
        self._read(int(state.get("offset", 0)), str(state.get("kind", "")))
        if not self.link.execute("SELECT count(*) FROM foods").fetchone()[0]:
            raise CaseError(str(source.path), "holds no foods", "Give the download as it came")

    def _read(self, offset: int, kind: str) -> None:
        if offset:
            self.said("going on where the last import was broken off")
        marks = ", ".join("?" * (6 + len(NUTRIENTS)))
        whole, told = self.source.size(self.name), -1
        count = 0
        for item, of, read in _items(self.source, self.name, offset, kind):
            row, measures = _row(item, of, self.source.release)
            if row is None:
                continue
            self.link.execute(f"INSERT INTO foods VALUES ({marks})", row)
            self.link.executemany("INSERT INTO portions VALUES (?, ?, ?)", measures)
            count += 1
            if count % SAVE_EVERY == 0:
                self.link.commit()
                self.progress.save(offset=read, kind=of)
                done = read * 10 // whole if whole else 10
                if done != told:
                    told = done
                    self.said(f"foods: {10 * done} %")
        self.link.commit()

    def foods(self) -> Iterator[tuple[Any, ...]]:
        """The rows of the food database."""
        yield from self.link.execute("SELECT * FROM foods")

    def portions(self) -> Iterator[Portion]:
        """Household measures."""
        yield from self.link.execute("SELECT * FROM portions")

    def close(self) -> None:
        """Let go of the table."""
        self.link.close()


def _items(
    source: Download, name: str, offset: int, kind: str
) -> Iterator[tuple[dict[str, Any], str, int]]:
    """(food, kind, byte after it), one by one."""
    decoder, read = codecs.getincrementaldecoder("utf-8")(), json.JSONDecoder()
    with source.open(name, offset) as file:
        text, begun, at_end = "", bool(offset), False
        while True:
            raw = file.read(CHUNK)
            at_end = not raw
            try:
                text += decoder.decode(raw, at_end)
            except UnicodeDecodeError:
                raise _not_json(source) from None
            if not begun:
                text = text.lstrip("\ufeff") if not offset else text
                found = START.search(text)
                if found is None:
                    if at_end or not re.match(r"\s*[\[{]", text):
                        raise _no_list(source, text)
                    continue
                begun, kind = True, LISTS.get(found[1] or "", "")
                offset += len(text[: found.end()].encode("utf-8"))
                text = text[found.end() :]
            while True:
                lead = re.match(r"[\s,]*", text)
                skip = lead.end() if lead else 0
                if text[skip : skip + 1] in ("]", ""):
                    break
                try:
                    item, end = read.raw_decode(text, skip)
                except ValueError:
                    break
                offset += len(text[:end].encode("utf-8"))
                text = text[end:]
                if isinstance(item, dict):
                    yield item, kind, offset
            rest = text.lstrip(" \r\n\t,")
            if rest.startswith("]"):
                return
            if at_end:
                if rest:
                    raise _not_json(source)
                return


def _not_json(source: Download) -> CaseError:
    return CaseError(str(source.path), "is not JSON, or broken off", "Download it again")


def _no_list(source: Download, text: str) -> CaseError:
    try:
        json.loads(text)
    except ValueError:
        return _not_json(source)
    return CaseError(
        str(source.path), "holds no list of foods", f"Expected one of: {', '.join(LISTS)}"
    )


def _row(
    item: dict[str, Any], kind: str, release: str
) -> tuple[tuple[Any, ...] | None, list[Portion]]:
    kind = kind or TYPES.get(str(item.get("dataType", "")), "")
    identifier, name = item.get("fdcId"), " ".join(str(item.get("description") or "").split())
    if not kind or identifier is None or not name:
        return None, []
    values: dict[str, float] = {}
    for part in item.get("foodNutrients") or []:
        if not isinstance(part, dict):
            continue
        nutrient = part.get("nutrient") or {}
        key = next(
            (
                found
                for number in (
                    nutrient.get("id"),
                    nutrient.get("number"),
                    part.get("nutrientId"),
                    part.get("number"),
                )
                if (found := named(number))
            ),
            None,
        )
        amount = part.get("amount", part.get("value"))
        if key and isinstance(amount, int | float) and amount >= 0:
            values[key] = float(amount)
    kinds = (
        item.get("foodCategory")
        or item.get("wweiaFoodCategory")
        or item.get("brandedFoodCategory")
        or ""
    )
    if isinstance(kinds, dict):
        category = str(kinds.get("description") or kinds.get("wweiaFoodCategoryDescription") or "")
    else:
        category = str(kinds)
    brand = str(item.get("brandName") or item.get("brandOwner") or "").title()
    if brand and brand.lower() not in name.lower():
        name = f"{name}, {brand}"
    measures = _measures(item, f"fdc/{identifier}")
    grams = measures[0][2] if measures else None
    head = (f"fdc/{identifier}", name, category, kind, f"FoodData Central {release}", grams)
    return (*head, *settled(values, name, category)), measures


def _measures(item: dict[str, Any], identifier: str) -> list[Portion]:
    found: list[Portion] = []
    for part in item.get("foodPortions") or []:
        grams, amount = part.get("gramWeight"), part.get("amount") or part.get("value") or 1.0
        if not isinstance(grams, int | float) or grams <= 0:
            continue
        unit = str((part.get("measureUnit") or {}).get("name") or "")
        parts = ("" if unit == "undetermined" else unit, str(part.get("portionDescription") or ""),
                 str(part.get("modifier") or ""))  # fmt: skip
        measure = " ".join(p for p in parts if p and not p.isdigit()) or "piece"
        found.append((identifier, measure, round(grams / amount, 2)))
    size, unit = item.get("servingSize"), str(item.get("servingSizeUnit") or "g").lower()
    if isinstance(size, int | float) and size > 0 and unit in ("g", "grm", "ml", "mlt"):
        text = str(item.get("householdServingFullText") or "serving")
        found.append((identifier, text, float(size)))
    return sorted(found, key=lambda p: "quantity not specified" in p[1].lower())

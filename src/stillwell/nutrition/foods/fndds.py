"""The survey database (FNDDS) in its own layouts: caret-separated text files, or the table "At A Glance".

Layouts: USDA Food Surveys Research Group, FNDDS documentation (MainFoodDesc, FNDDSNutVal, FoodWeights,
FoodPortionDesc: fields separated by ^, text within ~), and "FNDDS Nutrient Values" (one sheet, a row a food).
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

from stillwell.errors import CaseError
from stillwell.nutrition.foods.download import Download
from stillwell.nutrition.foods.fdc_numbers import named, settled
from stillwell.nutrition.foods.record import NUTRIENTS, Portion, number

SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
HEADINGS = {
    "energy": "energy", "protein": "protein", "fiber, total dietary": "fibre", "vitamin b-12": "vitamin_b12",
    "folate, dfe": "folate", "vitamin b-6": "vitamin_b6", "thiamin": "thiamin", "niacin": "niacin",
    "vitamin a, rae": "vitamin_a", "vitamin d (d2 + d3)": "vitamin_d",
    "vitamin e (alpha-tocopherol)": "vitamin_e", "vitamin c": "vitamin_c", "calcium": "calcium",
    "magnesium": "magnesium", "iron": "iron", "potassium": "potassium", "sodium": "sodium",
    "phosphorus": "phosphorus", "zinc": "zinc", "copper": "copper", "selenium": "selenium",
    "caffeine": "caffeine", "alcohol": "alcohol", "water": "water",
}  # fmt: skip


def _file(source: Download, start: str) -> str | None:
    return next((n for n in sorted(source.members) if n.startswith(start)), None)


def holds_text(source: Download) -> bool:
    """Whether the download is the survey database's text files."""
    return _file(source, "mainfooddesc") is not None


def _carets(source: Download, start: str, least: int) -> Iterator[list[str]]:
    name = _file(source, start)
    if name is None:
        raise CaseError(str(source.path), f"holds no file {start}", "Give all files of the release")
    with source.open(name) as file:
        for line, raw in enumerate(file, 1):
            cells = [c.strip().strip("~") for c in raw.decode("cp1252").rstrip("\r\n").split("^")]
            if len(cells) < least:
                if line == 1 or any(cells):
                    raise CaseError(
                        f"{source.path}: {name}:{line}",
                        f"has {len(cells)} fields instead of {least} or more, separated by ^",
                        "Give the release as it came",
                    )
                continue
            if line == 1 and not cells[0].isdigit():
                continue
            yield cells


def text_foods(source: Download) -> Iterator[tuple[Any, ...]]:
    """Foods of the text files."""
    values: dict[str, dict[str, float]] = {}
    for cells in _carets(source, "fnddsnutval", 5):
        key, amount = named(cells[1]), number(cells[4])
        if key and amount is not None:
            values.setdefault(cells[0], {})[key] = amount
    first: dict[str, float] = {}
    for identifier, _, grams in text_portions(source):
        first.setdefault(identifier, grams)
    release = f"FNDDS {source.release}"
    for cells in _carets(source, "mainfooddesc", 4):
        identifier = f"fndds-code/{cells[0]}"
        row = settled(values.get(cells[0], {}), cells[3], "")
        yield (identifier, cells[3], "", "fndds", release, first.get(identifier), *row)


def text_portions(source: Download) -> Iterator[Portion]:
    """Household measures of the text files."""
    if _file(source, "foodweights") is None or _file(source, "foodportiondesc") is None:
        return
    said = {c[0]: c[3] for c in _carets(source, "foodportiondesc", 4)}
    for cells in _carets(source, "foodweights", 7):
        grams, measure = number(cells[6]), said.get(cells[3], "")
        if grams and measure and "not specified" not in measure.lower():
            yield f"fndds-code/{cells[0]}", measure, grams


def sheet_foods(source: Download, name: str) -> Iterator[tuple[Any, ...]]:
    """Foods of the table "FNDDS Nutrient Values" (xlsx).

    Raises:
        CaseError: not such a table.
    """
    place: dict[int, str] = {}
    at: dict[str, int] = {}
    release = f"FNDDS {source.release}"
    for cells in _sheet(source, name):
        if not place:
            low = [" ".join(c.lower().split()) for c in cells]
            if "food code" in low and "main food description" in low:
                at = {"code": low.index("food code"), "name": low.index("main food description")}
                at["kind"] = next((i for i, c in enumerate(low) if "category description" in c), -1)
                for i, heading in enumerate(low):
                    key = HEADINGS.get(re.sub(r"\s*\([a-z_]+\)$", "", heading))
                    if key:
                        place[i] = key
            continue
        if len(cells) <= at["name"] or not cells[at["code"]].strip():
            continue
        values = {
            key: value
            for i, key in place.items()
            if i < len(cells) and (value := number(cells[i])) is not None
        }
        title = cells[at["name"]]
        kind = cells[at["kind"]] if 0 <= at["kind"] < len(cells) else ""
        code = str(cells[at["code"]]).split(".")[0]
        row = [values.get(n) for n in NUTRIENTS]
        yield (f"fndds-code/{code}", title, kind, "fndds", release, None, *row)
    if not place:
        raise CaseError(
            str(source.path),
            "has no row of headings with 'Food code' and 'Main food description'",
            "Give the table 'FNDDS Nutrient Values'",
        )


def _sheet(source: Download, name: str) -> Iterator[list[str]]:
    """The rows of the first sheet of a workbook, as text."""
    try:
        with source.open(name) as file, zipfile.ZipFile(file) as book:
            shared: list[str] = []
            if "xl/sharedStrings.xml" in book.namelist():
                with book.open("xl/sharedStrings.xml") as part:
                    for _, item in ElementTree.iterparse(part):
                        if item.tag == f"{SHEET}si":
                            shared.append("".join(t.text or "" for t in item.iter(f"{SHEET}t")))
                            item.clear()
            first = sorted(n for n in book.namelist() if n.startswith("xl/worksheets/sheet"))[0]
            with book.open(first) as part:
                for _, row in ElementTree.iterparse(part):
                    if row.tag == f"{SHEET}row":
                        yield _cells(row, shared)
                        row.clear()
    except (zipfile.BadZipFile, ElementTree.ParseError, IndexError, KeyError):
        raise CaseError(str(source.path), "is not a workbook (xlsx)", "Download it again") from None


def _cells(row: ElementTree.Element, shared: list[str]) -> list[str]:
    found: list[str] = []
    for cell in row.iter(f"{SHEET}c"):
        letters = re.match(r"[A-Z]+", cell.get("r", ""))
        if letters:
            column = 0
            for letter in letters[0]:
                column = column * 26 + ord(letter) - 64
            found += [""] * (column - 1 - len(found))
        value = cell.find(f"{SHEET}v")
        text = "".join(t.text or "" for t in cell.iter(f"{SHEET}t"))
        if value is not None and value.text is not None:
            text = shared[int(value.text)] if cell.get("t") == "s" else value.text
        found.append(text)
    return found

"""A food as a record: its nutrients and their units, kinds of source, ids, and the data files of nutrition."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec

from stillwell.knowledge.kept_data import yaml_data

NUTRIENTS = {
    # our name: (column of the packaged table, unit)
    "energy": ("Energy", "kcal"),
    "protein": ("Protein", "g"),
    "fibre": ("Fiber", "g"),
    "vitamin_b12": ("Vitamin B-12", "ug"),
    "folate": ("Folate, total", "ug"),  # carried to dietary folate equivalents
    "vitamin_b6": ("Vitamin B-6", "mg"),
    "thiamin": ("Thiamin", "mg"),
    "niacin": ("Niacin", "mg"),
    "vitamin_a": ("Vitamin A, RAE", "ug"),
    "vitamin_d": ("Vitamin D (D2 + D3)", "ug"),
    "vitamin_e": ("Vitamin E", "mg"),
    "vitamin_c": ("Vitamin C", "mg"),
    "calcium": ("Calcium", "mg"),
    "magnesium": ("Magnesium", "mg"),
    "iron": ("Iron", "mg"),
    "potassium": ("Potassium", "mg"),
    "sodium": ("Sodium", "mg"),
    "phosphorus": ("Phosphorus", "mg"),
    "zinc": ("Zinc", "mg"),
    "copper": ("Copper", "mg"),
    "selenium": ("Selenium", "ug"),
    "riboflavin": ("Riboflavin", "mg"),
    "iodine": ("Iodine", "ug"),
    "vitamin_k": ("Vitamin K1", "ug"),
    "carbohydrate": ("Carbohydrate", "g"),
    "sugars": ("Total Sugars", "g"),
    "saturated_fat": ("Fatty acids, total saturated", "g"),
    "omega_3": ("", "g"),  # ALA + EPA + DHA
    "caffeine": ("", "mg"),
    "alcohol": ("", "g"),
    "water": ("", "g"),
}
OMEGA_3 = ("ALA", "EPA", "DHA")
KINDS = {
    "survey_fndds_food": "fndds",
    "sr_legacy_food": "sr",
    "foundation_food": "foundation",
}
RANK = {"fndds": 0, "sr": 1, "foundation": 2, "own": 0, "branded": 3}  # whole foods before packets
Portion = tuple[str, str, float]  # food id, household measure, grams


class Food(msgspec.Struct, frozen=True):
    """One food with its nutrients per 100 g; None where the source does not report one."""

    id: str
    name: str
    category: str
    source: str
    release: str
    portion_grams: float | None
    nutrients: dict[str, float | None]


DATA = Path(__file__).parents[1] / "data"


def spoken(nutrient: str) -> str:
    """A nutrient's name as people read it."""
    kind, _, letter = nutrient.partition("_")
    return f"{kind} {letter.upper()}" if kind == "vitamin" else nutrient.replace("_", " ")


def data(name: str) -> Any:
    """One of the data files of this package."""
    return yaml_data(DATA / name)


def identity(kind: str, name: str) -> str:
    """A stable id: the kind of source and the name as a slug."""
    slug = "".join(c if c.isalnum() else "-" for c in name.lower())
    while "--" in slug:
        slug = slug.replace("--", "-")
    return f"{kind}/{slug.strip('-')}"


def number(text: str) -> float | None:
    """A value of a table's cell; None where it is empty. Rounding errors below zero are zero."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if value >= 0 else 0.0


def added(parts: Iterable[float | None]) -> float | None:
    """The sum of what is reported of several parts; None where none is."""
    told = [p for p in parts if p is not None]
    return sum(told) if told else None

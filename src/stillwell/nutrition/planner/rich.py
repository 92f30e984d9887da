"""Foods by how much of a nutrient they bring, within what a person may or will eat."""

from __future__ import annotations

import msgspec

from stillwell.nutrition.foods.record import NUTRIENTS
from stillwell.nutrition.intake.amounts import grams_of
from stillwell.nutrition.planner.limits import Limits
from stillwell.nutrition.planner.pool import candidates


class RichFood(msgspec.Struct, frozen=True, kw_only=True):
    """One food: its portion, what that weighs (g), and how much of the nutrient it holds."""

    food: str
    id: str
    portion: str
    grams: float
    amount: float
    unit: str


def rich_foods(nutrient: str, limits: Limits, per: str = "portion") -> list[RichFood]:
    """The foods of the planner that are allowed, the richest first; those without a figure are left out.

    `per`: portion, 100g or 100kcal.

    >>> from stillwell.nutrition.planner.limits import said_limits
    >>> rich_foods("vitamin_b12", said_limits(["vegan"]))[0].portion
    'a glass of fortified soy milk'
    """
    rows = []
    for item in candidates():
        amount = item.record.nutrients.get(nutrient)
        energy = item.record.nutrients.get("energy")
        if amount is None or limits.forbids(item.holds, f"{item.record.name} {item.portion}"):
            continue
        grams = {
            "portion": item.grams or grams_of(item.record, ""),
            "100g": 100.0,
            "100kcal": 1e4 / energy if energy else 0.0,
        }[per]
        rows.append(
            RichFood(
                food=item.record.name, id=item.record.id,
                portion=item.portion if per == "portion" else per, grams=round(grams, 1),
                amount=round(amount * grams / 100, 2), unit=NUTRIENTS[nutrient][1],
            )
        )  # fmt: skip
    return sorted(rows, key=lambda row: -row.amount)

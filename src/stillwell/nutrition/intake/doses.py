"""Doses of supplements, told in words or with a case, as amounts of nutrients a day."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from stillwell.case.model import Medicine
from stillwell.nutrition.foods.packaged import says
from stillwell.nutrition.foods.record import NUTRIENTS, data, spoken

AMOUNT = re.compile(
    r"(?<![\w.])(\d[\d,]*(?:\.\d+)?)\s*(iu|i\.u\.|ie|units?|mcg|[uµμ]g|micrograms?|mg|milligrams?|g|grams?)(?![a-z])",
    re.IGNORECASE,
)


@cache
def _told() -> dict[str, Any]:
    return dict(data("doses.yaml"))


def nutrient_named(text: str) -> dict[str, Any] | None:
    """The row of doses.yaml whose name stands in a text; the longest name holds."""
    low = text.lower()
    fits = [
        (len(word), i)
        for i, row in enumerate(_told()["names"])
        for word in row["words"]
        if says([word], low)
    ]
    return dict(_told()["names"][max(fits)[1]]) if fits else None


def dose_in(text: str) -> tuple[str, float] | None:
    """(nutrient, amount a day in its unit) of a supplement told with its dose; None where it is none.

    A food told in grams is no dose: "iron" and "calcium" count, "spinach 200 g" does not.

    >>> dose_in("vitamin D 1000 IU")
    ('vitamin_d', 25.0)
    >>> dose_in("spinach 200 g") is None
    True
    """
    amount, row = AMOUNT.search(text), nutrient_named(text)
    if amount is None or row is None:
        return None
    value, unit = float(amount[1].replace(",", "")), amount[2].lower()
    name = row["nutrient"]
    if unit in ("iu", "i.u.", "ie", "unit", "units"):
        if "iu" not in row:
            return None
        return name, value * row["iu"] * _often(text)
    low = text.lower()
    mg = value * _told()["mg"].get(unit, 1.0)
    for salt, share in _told()["salts"].items():
        if salt in low and mg >= _told()["salt_from"] and "element" not in low:
            mg *= share
            break  # the tablet's own share stands before the common one
    in_unit = {"mg": 1.0, "ug": 1000.0, "g": 0.001}[NUTRIENTS[name][1]]
    return name, round(mg * in_unit * row.get("factor", 1.0) * _often(text), 6)


def _often(text: str) -> float:
    low = text.lower()
    for row in _told()["often"]:
        if says(row["words"][:1], low) or any(w in low for w in row["words"]):
            return float(row["times"])
    return 1.0


def daily_doses(taken: list[Medicine | str]) -> tuple[dict[str, float], list[str]]:
    """(nutrient -> amount a day, what was told without a dose that can be read)."""
    doses: dict[str, float] = {}
    unread: list[str] = []
    for item in taken:
        one = item if isinstance(item, Medicine) else Medicine(name=item)
        if one.stopped:
            continue
        text = f"{one.name} {one.dose or ''}".strip()
        found = dose_in(text)
        if found is not None:
            doses[found[0]] = doses.get(found[0], 0.0) + found[1]
        elif nutrient_named(text) is not None:
            unread.append(f"{one.name}: its dose was not told, so it is not in the sums")
        elif "multi" in text.lower():
            unread.append(f"{one.name}: what it holds is on its label; it is not in the sums")
    return doses, unread


def said_dose(nutrient: str, amount: float) -> str:
    """As a person reads it: "25 ug vitamin D from tablets"."""
    return f"{amount:g} {NUTRIENTS[nutrient][1]} {spoken(nutrient)} from tablets"

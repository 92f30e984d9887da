"""Doses of supplements, told in words or with a case, as amounts of nutrients a day."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from stillwell.case.doses import count_before, of_element, taken_a_day
from stillwell.case.model import Medicine
from stillwell.knowledge.kept_patterns import compiled
from stillwell.knowledge.store import knowledge
from stillwell.nutrition.foods.packaged import says
from stillwell.nutrition.foods.record import NUTRIENTS, data

AMOUNT = compiled(
    r"(?<![\w.])(\d[\d,]*(?:\.\d+)?)\s*(iu|i\.u\.|ie|units?|mcg|[uµμ]g|micrograms?|mg|milligrams?|g|grams?)(?![a-z])",
    re.IGNORECASE,
)

AMOUNT_OF_SUBSTANCE = compiled(r"(?<![\w.])(\d+(?:\.\d+)?)\s*(mmol|meq)(?![a-z/])", re.IGNORECASE)
_MOLES = ("mmol", "meq")
ELEMENTS = (
    "iron",
    "magnesium",
    "calcium",
    "zinc",
    "potassium",
)  # supplements with records of salts


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

    Where a salt or its element may be meant, the element in the salt: see `dose_range`.

    A food told in grams is no dose: "iron" and "calcium" count, "spinach 200 g" does not.

    >>> dose_in("vitamin D 1000 IU")
    ('vitamin_d', 25.0)
    >>> dose_in("spinach 200 g") is None
    True
    """
    found = dose_range(text)
    return found and (found[0], found[1])


def dose_range(text: str) -> tuple[str, float, float] | None:
    """(nutrient, the least, the most a day that is told): two amounts where a salt or its element may be meant."""
    row = nutrient_named(text)
    moles = AMOUNT_OF_SUBSTANCE.search(text) if row and row["nutrient"] in ELEMENTS else None
    amount = moles or AMOUNT.search(text)
    if amount is None or row is None:
        return None
    value, unit = float(amount[1].replace(",", "")), amount[2].lower()
    name = row["nutrient"]
    often = _a_day(text[: amount.start()], text[amount.end() :])
    if unit in ("iu", "i.u.", "ie", "unit", "units"):
        if "iu" not in row:
            return None
        own = value * row["iu"] * often
        return name, own, own
    if name in ELEMENTS and unit not in _MOLES:
        least, most = _of_element(text, value * _told()["mg"].get(unit, 1.0), name)
    elif name in ELEMENTS:
        mole = knowledge().base.supplements[name].moles
        if mole is None:
            return None
        least = most = value * mole.mg / (mole.milliequivalents if unit == "meq" else 1)
    else:
        least = most = value * _told()["mg"].get(unit, 1.0)
    in_unit = {"mg": 1.0, "ug": 1000.0, "g": 0.001}[NUTRIENTS[name][1]]
    scale = in_unit * row.get("factor", 1.0) * often
    return name, round(least * scale, 6), round(most * scale, 6)


def _a_day(before: str, behind: str) -> float:
    """How many of a dose are taken a day: "2 x", "two tablets of calcium 500 mg", "twice a day iron 65 mg"."""
    at_once = count_before(before)
    return at_once * taken_a_day(behind) if at_once != 1 else taken_a_day(f"{behind} ; {before}")


def _of_element(text: str, mg: float, nutrient: str) -> tuple[float, float]:
    return of_element(text, mg, knowledge().base.supplements[nutrient])


def daily_doses(
    taken: list[Medicine | str], most: bool = False
) -> tuple[dict[str, float], list[str]]:
    """(nutrient -> amount a day, what was told without a dose that can be read).

    Args:
        most: the larger amount where a salt or its element may be meant; else the smaller.
    """
    doses: dict[str, float] = {}
    unread: list[str] = []
    for item in taken:
        one = item if isinstance(item, Medicine) else Medicine(name=item)
        if one.stopped:
            continue
        text = f"{one.name} {one.dose or ''}".strip()
        found = dose_range(text)
        if found is not None:
            amount = found[2] if most else found[1]
            doses[found[0]] = doses.get(found[0], 0.0) + amount
        elif nutrient_named(text) is not None:
            unread.append(f"{one.name}: its dose was not told, so it is not in the sums")
        elif "multi" in text.lower():
            unread.append(f"{one.name}: what it holds is on its label; it is not in the sums")
    return doses, unread

"""A diary's text as days: foods and what they report, what was not understood, what was taken as a tablet."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stillwell.errors import CaseError
from stillwell.nutrition.foods.packaged import says
from stillwell.nutrition.foods.record import NUTRIENTS, data
from stillwell.nutrition.foods.table import food
from stillwell.nutrition.intake.diary_text import read_telling
from stillwell.nutrition.intake.meals import Candidate, Item

Floats = NDArray[np.float64]
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
DAY_LINE = re.compile(
    r"^\s*(?:#+\s*)?(mon(?:day)?|tue(?:s|sday)?|wed(?:nesday)?|thu(?:rs|rsday)?|fri(?:day)?|sat(?:urday)?|"
    r"sun(?:day)?|day\s*\d+)\b\s*[:.\-]?\s*",
    re.IGNORECASE,
)
MEAL = re.compile(
    r"^\s*(breakfast|lunch|dinner|supper|tea time|snacks?|brunch|elevenses)\s*[:\-]\s*",
    re.IGNORECASE,
)
MOST_DAYS = 31
MOST_LETTERS = 100_000


@dataclass
class Day:
    """One day of a diary: its foods and the totals that they report.

    Attributes:
        items: foods told; without foods where not known or not surely known.
        known: nutrient -> what the foods that report it bring.
        silent_energy: nutrient -> energy (kcal) of the foods that do not report it.
        reporting: nutrient -> number of foods that report it.
        asked: phrase -> the foods that it may mean; it is not counted until one is chosen.
        denied: what was said not to have been eaten.
        troubles: one line for each piece that cannot be so; it is not counted.
        doses: nutrient -> amount taken as a tablet this day.
    """

    weekend: bool | None
    items: list[Item]
    known: dict[str, float] = field(default_factory=dict)
    silent_energy: dict[str, float] = field(default_factory=dict)
    reporting: dict[str, int] = field(default_factory=dict)
    asked: dict[str, list[Candidate]] = field(default_factory=dict)
    denied: list[str] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)
    doses: dict[str, float] = field(default_factory=dict)

    @property
    def not_counted(self) -> int:
        """How many of the things eaten that day are in no total."""
        return sum(not i.foods for i in self.items) + len(self.troubles)


def read_diary(text: str | list[str], corrections: dict[str, str] | None = None) -> list[Day]:
    """The days of a diary. A line that starts with a weekday or "day 2" begins a new day.

    Args:
        corrections: phrase -> id or name of the food it means, as the person chose.

    Raises:
        CaseError: a diary without any food, one too long, or of more than 31 days.
    """
    blocks = _blocks(text)
    if sum(len(line) for _, lines in blocks for line in lines) > MOST_LETTERS:
        raise CaseError(
            "diary", f"is longer than {MOST_LETTERS:,} letters", "Give one week of diary"
        )
    days = []
    for name, lines in blocks:
        words = "\n".join(MEAL.sub("", line) for line in lines)
        if not re.search(r"\w", words):
            continue
        told = read_telling(words, corrections)
        day = Day(
            _weekend(name), told.items, asked=told.asked, denied=told.denied,
            troubles=told.troubles, doses=told.doses,
        )  # fmt: skip
        days.append(_totals(day))
    if not any(d.items or d.doses or d.denied for d in days):
        reason = next((line for d in days for line in d.troubles), "")
        raise CaseError(
            "diary",
            f"holds no food that can be counted ({reason})" if reason else "holds no food",
            "Write what you ate, for example: 2 eggs, toast, black coffee",
        )
    if len(days) > MOST_DAYS:
        raise CaseError("diary", f"holds {len(days)} days", f"Give {MOST_DAYS} days at most")
    return days


def days_in(text: str) -> list[str]:
    """The words of each day, where lines name days ("Monday: ...", "day 2"); else the text as it is.

    >>> days_in("Day 1: toast\\nDay 2: rice, fish"), days_in("toast, rice")
    (['toast', 'rice, fish'], ['toast, rice'])
    """
    if not any(DAY_LINE.match(line) for line in text.splitlines()):
        return [text]
    days = ["\n".join(lines).strip() for _, lines in _blocks(text)]
    return [day for day in days if re.search(r"\w", day)]


def _blocks(text: str | list[str]) -> list[tuple[str, list[str]]]:
    blocks: list[tuple[str, list[str]]] = []
    for number, part in enumerate([text] if isinstance(text, str) else text):
        if not isinstance(text, str):
            blocks.append((f"day {number + 1}", []))
        for line in part.splitlines():
            start = DAY_LINE.match(line)
            if start:
                blocks.append((start.group(1).lower(), [line[start.end() :]]))
            elif not blocks:
                blocks.append(("day 1", [line]))
            else:
                blocks[-1][1].append(line)
    return blocks


def _weekend(name: str) -> bool | None:
    for day in DAYS:
        if name[:3] == day[:3]:
            return day in ("saturday", "sunday")
    return None


def _totals(day: Day) -> Day:
    for item in day.items:
        if not item.foods:
            continue
        chosen = item.foods[0]
        record = food(chosen.id)
        for nutrient in NUTRIENTS:
            value = record.nutrients.get(nutrient)
            if value is None:
                energy = (record.nutrients.get("energy") or 0.0) * chosen.grams / 100
                day.silent_energy[nutrient] = day.silent_energy.get(nutrient, 0.0) + energy
            else:
                day.known[nutrient] = day.known.get(nutrient, 0.0) + value * chosen.grams / 100
                day.reporting[nutrient] = day.reporting.get(nutrient, 0) + 1
    return day


def weights(days: list[Day]) -> Floats:
    """Weights of the days: five weekdays to two weekend days where both kinds were told."""
    weekend = [d.weekend for d in days]
    n_end, n_week = weekend.count(True), weekend.count(False)
    if not n_end or not n_week or None in weekend:
        return np.full(len(days), 1 / max(len(days), 1))
    return np.array([2 / 7 / n_end if e else 5 / 7 / n_week for e in weekend])


def mean_nutrients(days: list[Day]) -> dict[str, float]:
    """What the days report, per day."""
    weight = weights(days)
    return {
        n: float(sum(d.known.get(n, 0.0) * w for d, w in zip(days, weight, strict=True)))
        for n in NUTRIENTS
    }


def mean_doses(days: list[Day]) -> dict[str, float]:
    """What the days' tablets bring, per day."""
    total: dict[str, float] = {}
    for day, share in zip(days, weights(days), strict=True):
        for nutrient, amount in day.doses.items():
            total[nutrient] = total.get(nutrient, 0.0) + amount * float(share)
    return total


def unknown_foods(days: list[Day]) -> list[str]:
    """What was told and is in no total: not in the food table, unsure, or not possible."""
    lines: list[str] = []
    for day in days:
        for item in day.items:
            if item.foods:
                continue
            choices = day.asked.get(item.text)
            if choices:
                named = "; ".join(f"{c.name} [{c.id}]" for c in choices[:3])
                lines.append(f"{item.text} (did you mean: {named}?)")
            else:
                lines.append(item.text)
        lines += day.troubles
    return list(dict.fromkeys(lines))


def food_sources(days: list[Day], nutrient: str) -> list[tuple[str, float]]:
    """The foods that bring most of a nutrient, with their amount per day."""
    total: dict[str, float] = {}
    for day, share in zip(days, weights(days), strict=True):
        for item in day.items:
            if item.foods:
                record = food(item.foods[0].id)
                value = record.nutrients.get(nutrient)
                if value:
                    amount = value * item.foods[0].grams / 100 * share
                    total[record.name] = total.get(record.name, 0.0) + float(amount)
    return sorted(total.items(), key=lambda s: -s[1])[:5]


@dataclass(frozen=True)
class Understood:
    """How much of a diary was understood.

    Attributes:
        counted, told: things that are in the totals, and all that were said to be eaten.
        energy: kcal a day that the counted foods bring.
        doubts: why the diary does not tell what is usually eaten; empty where it does.
    """

    counted: int
    told: int
    energy: float
    doubts: list[str]


LEAST_UNDERSTOOD = 0.7  # judgement: of the things told
LEAST_ENERGY, MOST_ENERGY = 0.6, 2.2  # of what people of that sex and age eat


def understood(days: list[Day], usual_energy: float) -> Understood:
    """Whether a diary was understood well enough to say what is usually eaten.

    Energy far under what people eat means that not all was told: the lower bound is near the 95 % limit of
    under-reporting (Goldberg et al. 1991; Black 2000, doi:10.1038/sj.ijo.0801376; general knowledge).
    """
    counted = sum(bool(i.foods) for d in days for i in d.items)
    told = counted + sum(d.not_counted for d in days)
    energy = mean_nutrients(days).get("energy", 0.0) if days else 0.0
    doubts = []
    if told and counted < LEAST_UNDERSTOOD * told:
        doubts.append(f"only {counted} of {told} things eaten were understood")
    if days and energy < LEAST_ENERGY * usual_energy:
        doubts.append(
            f"the foods understood bring {energy:.0f} kcal a day, far less than people live on: "
            "probably not all was told"
        )
    if energy > MOST_ENERGY * usual_energy:
        doubts.append(f"the foods told bring {energy:.0f} kcal a day, more than people can eat")
    return Understood(counted, told, energy, doubts)


@cache
def _fortified() -> dict[str, Any]:
    return dict(data("doses.yaml")["fortified"])


def fortified_drinks(days: list[Day]) -> dict[str, float]:
    """Vitamins added to what is drunk (energy drinks), nutrient -> mean amount a day."""
    row, found = _fortified(), dict[str, float]()
    for day in days:
        for item in day.items:
            for part in item.foods:
                record = food(part.id)
                if not says(row["words"], record.name.lower()):
                    continue
                for nutrient in row["nutrients"]:
                    amount = (record.nutrients.get(nutrient) or 0.0) * part.grams / 100
                    found[nutrient] = found.get(nutrient, 0.0) + amount / len(days)
    return found

"""What a plan may add and what of the diary it may leave out, each in the words people use."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

import numpy as np

from stillwell.errors import CaseError
from stillwell.nutrition.foods.record import Food, data
from stillwell.nutrition.foods.table import all_foods, food
from stillwell.nutrition.intake.usual import Day
from stillwell.nutrition.planner.limits import groups_of, in_diary

MOST_A_WEEK = 7
ALIKE = frozenset(
    {"oily fish", "red meat"}
)  # groups whose foods are one to a person who plans a week
NEVER_CUT = ("vitamin", "supplement", "water")


@dataclass(frozen=True)
class Candidate:
    """A food that a plan may add.

    Attributes:
        like: words of a diary that name it; `unlike`: words in which they name another food ("oat milk").
        kind: words of a diary that name the kind that it replaces.
    """

    record: Food
    portion: str
    grams: float
    holds: frozenset[str]
    most: int
    like: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    unlike: tuple[str, ...] = ()

    def resembles(self, other: Candidate) -> bool:
        """Whether two foods are one to a person who plans a week: milk, and milk without lactose."""
        own = {*self.like, *self.kind, *(self.holds & ALIKE)}
        others = {*other.like, *other.kind, *(other.holds & ALIKE)}
        return self.record.id == other.record.id or bool(own & others)


@dataclass(frozen=True)
class Eaten:
    """A food of the diary: in the person's words, grams of one time, times a week."""

    record: Food
    words: str
    grams: float
    times: int


@cache
def candidates() -> tuple[Candidate, ...]:
    """The plan's foods, each found in the food table.

    Raises:
        CaseError: a listed food is not in the table.
    """
    found = []
    by_name = {f.name.lower(): f for f in all_foods() if f.source != "foundation"}
    for row in data("plan_foods.yaml"):
        record = by_name.get(row["name"].lower())
        if record is None:
            raise CaseError(
                "plan_foods.yaml",
                f"'{row['name']}' is not in the food table",
                "Name it as the table does",
            )
        most = int(row.get("most", MOST_A_WEEK))
        found.append(
            Candidate(
                record,
                row["portion"],
                float(row["grams"]),
                frozenset(row["holds"]) | _by_name(record, row["portion"]),
                most,
                tuple(row.get("like", ())),
                tuple(row.get("kind", ())),
                tuple(row.get("unlike", ())),
            )
        )
    return tuple(found)


def _by_name(record: Food, portion: str) -> frozenset[str]:
    """The groups that the names of a food show it to hold."""
    return groups_of(record.name) | groups_of(portion)


def week(days: list[Day], keep: frozenset[str]) -> list[Eaten]:
    """Diary foods with the grams of one time and how many times a week (at least one)."""
    times: dict[str, list[float]] = {}
    words: dict[str, str] = {}
    for day in days:
        for item in day.items:
            if item.foods:
                times.setdefault(item.foods[0].id, []).append(item.foods[0].grams)
                words.setdefault(item.foods[0].id, item.text)
    return [
        Eaten(food(i), _plain(words[i]), float(np.mean(g)), max(1, round(7 * len(g) / len(days))))
        for i, g in times.items()
        if not any(w in i for w in NEVER_CUT)
        and not any(in_diary(k, f"{i.replace('-', ' ')} {words[i]}") for k in keep)
    ]


def familiar(item: Candidate, eaten: list[Eaten]) -> bool:
    """Whether the person eats a food, or the kind that it replaces, already."""
    return is_eaten(item, eaten) or _said(item.kind, item.unlike, eaten)


def is_eaten(item: Candidate, eaten: list[Eaten]) -> bool:
    """Whether the diary names this very food."""
    return any(e.record.id == item.record.id for e in eaten) or _said(item.like, item.unlike, eaten)


def _said(words: tuple[str, ...], unlike: tuple[str, ...], eaten: list[Eaten]) -> bool:
    said = " | ".join(e.words.lower() for e in eaten)
    for other in unlike:
        said = re.sub(rf"\b{re.escape(other)}\b", " ", said)
    return any(re.search(rf"\b{re.escape(word)}\b", said) for word in words)


def _plain(words: str) -> str:
    """A diary item without its amount, as people would name it."""
    bare = re.sub(
        r"\bx\s?\d+\b|\b[\d./]+\s*(g|ml|kg|oz|tbsp|tsp|cups?|slices?|pints?)?\b", " ", words.lower()
    )
    bare = re.sub(
        r"^\s*(a|an|the|of|some|my)\s+(bowl|cup|glass|mug|pack|plate|slice|handful)?\s*(of)?\s*",
        "",
        " ".join(bare.split()),
    )
    return bare.strip(" ,.-") or words


def amount(record: Food, nutrient: str, grams: float) -> float:
    """How much of a nutrient so many grams of a food hold; what is not reported counts as none."""
    return (record.nutrients.get(nutrient) or 0.0) * grams / 100


def price_of(item: Candidate, prices: dict[str, float]) -> float:
    """The price of a portion: that of the longest words that its name holds; 0 where none fits."""
    name = f"{item.portion} {item.record.name}".lower()
    fitting = [(len(words), p) for words, p in prices.items() if words.lower() in name]
    return max(fitting)[1] if fitting else 0.0

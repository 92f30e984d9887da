"""A plan of food as a value: changes, what they bring, totals, and what to buy."""

from __future__ import annotations

import msgspec


class Change(msgspec.Struct, frozen=True):
    """One change: `times` a week more (or, negative, fewer) of a food portion."""

    food: str
    portion: str
    grams: float
    times: int
    brings: dict[str, float]


class Total(msgspec.Struct, frozen=True):
    """A nutrient a day before and with a plan, with the chance of too little where a need is known.

    `reporting`, `foods`: how many of the diary's foods report it; the rest is estimated.
    """

    nutrient: str
    unit: str
    before: float
    after: float
    advised: float | None
    limit: float | None
    chance_before: float | None
    chance_after: float | None
    reporting: int
    foods: int


class Bought(msgspec.Struct, frozen=True):
    """What a week of a plan needs of one food: portions, and grams in all."""

    food: str
    portion: str
    times: int
    grams: float
    line: str


class DietPlan(msgspec.Struct, frozen=True):
    """One plan: its changes in one sentence, what it brings per day, and how sure the solver is.

    Attributes:
        before, chance: probability of inadequacy now and with the plan, where one is known.
        met: whether each target is reached; `clash`: the limits without which it could be, where not.
        gap: how far from the best possible plan this one may be (0: proven best).
        cost: what the changes cost a week, where prices were given.
        headline: what the plan does, or that it closes nothing; `effort`: how much of the week changes.
        portions: portions a week that change, added and left out.
        closes: whether any chance of too little falls as it should, or any target comes clearly nearer.
        eaten_already, new_foods: the added foods (or kinds of food) by whether the diary names them.
        totals: every nutrient a day before and with the plan; `shopping`: what a week of it needs.
    """

    sentence: str
    changes: list[Change]
    per_day: dict[str, float]
    after: dict[str, float]
    met: dict[str, bool]
    gap: float
    clash: list[str]
    notes: list[str]
    before: dict[str, float] = {}
    chance: dict[str, float] = {}
    cost: float | None = None
    headline: str = ""
    effort: str = ""
    portions: int = 0
    closes: bool = True
    eaten_already: list[str] = []
    new_foods: list[str] = []
    totals: list[Total] = []
    shopping: list[Bought] = []

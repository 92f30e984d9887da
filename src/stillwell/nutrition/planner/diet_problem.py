"""One person's diet problem in numbers: what each change brings, and every limit as a row."""

from __future__ import annotations

import re

import numpy as np

from stillwell.nutrition.foods.record import NUTRIENTS, data, spoken
from stillwell.nutrition.intake.usual import Day, Usual, mean_nutrients
from stillwell.nutrition.planner.gaps import counts_food, spare
from stillwell.nutrition.planner.limits import Limits, in_diary
from stillwell.nutrition.planner.pool import (
    amount,
    candidates,
    familiar,
    is_eaten,
    price_of,
    week,
)
from stillwell.nutrition.planner.solver import Floats, Problem, Row

EVEN = 0.1  # share of what is eaten by which a plan may move a nutrient that must stay even
MOST_PORTIONS = 12  # portions a week that a plan may change, more than which few keep up: judgement
ENERGY = 0.05  # share of the usual energy by which a plan may move it


class DietProblem:
    """A person, their week, the foods they may have, and the targets."""

    def __init__(
        self,
        days: list[Day],
        usual: dict[str, Usual],
        targets: dict[str, float],
        limits: Limits,
        level: float,
        prices: dict[str, float],
    ) -> None:
        self.usual, self.targets, self.limits, self.level = usual, targets, limits, level
        self.pool = candidates()
        self.week = week(days, limits.keep)
        self.eaten = mean_nutrients(days)
        self.familiar = np.array([familiar(c, self.week) for c in self.pool])
        self.is_eaten = [is_eaten(c, self.week) for c in self.pool]
        self.drinks = " ".join(f"{e.words} {e.record.name.lower()}" for e in self.week)
        self.rules = [r for r in data("absorption.yaml") if r["nutrient"] in usual]
        self.raw = {n: self._raw(n) for n in NUTRIENTS}
        self.counted = {n: self._counted(n) for n in NUTRIENTS}
        self.priced = bool(prices)
        self.weight = 1 / np.array(list(targets.values()))
        energy = usual["energy"].median if "energy" in usual else 2000.0
        self.problem = self._problem(energy, prices)
        self.share = (self.problem.gain * self.weight[:, None]).sum(axis=0)

    def _raw(self, nutrient: str) -> tuple[Floats, Floats]:
        """(a portion of each addition, a time of each diary food) a week, per day."""
        return (
            np.array([amount(c.record, nutrient, c.grams) / 7 for c in self.pool]),
            np.array([amount(e.record, nutrient, e.grams) / 7 for e in self.week]),
        )

    def _counted(self, nutrient: str) -> tuple[Floats, Floats]:
        """The same after what hinders uptake; cuts count in full."""
        add, cut = self.raw[nutrient]
        factor = np.ones(len(add))
        for rule in self.rules:
            if rule["nutrient"] != nutrient or "factor" not in rule or not self.applies(rule):
                continue
            for i, c in enumerate(self.pool):
                if c.holds & set(rule.get("holds", [])) or (
                    rule.get("plant") and not c.holds & {"meat", "fish", "shellfish"}
                ):
                    factor[i] = min(factor[i], rule["factor"])
        return add * factor, cut

    def applies(self, rule: dict[str, object]) -> bool:
        eaten, older, medicines = (rule.get(k) for k in ("eaten", "older", "medicines"))
        return (
            (not isinstance(eaten, list) or any(_word_in(str(w), self.drinks) for w in eaten))
            and (not isinstance(older, int) or (self.limits.age or 0) >= older)
            and (not isinstance(medicines, list) or bool(self.limits.medicines & set(medicines)))
        )

    def _problem(self, energy: float, prices: dict[str, float]) -> Problem:
        caps = np.array([float(c.most) for c in self.pool])
        by = [self.limits.forbids(c.holds, f"{c.record.name} {c.portion}") for c in self.pool]
        allowed = np.where([bool(b) for b in by], 0.0, caps)
        who = dict.fromkeys(w for b in by for w in b)
        open_caps = {name: np.where([set(b) <= {name} for b in by], caps, 0.0) for name in who}
        names = [n for n in self.targets]
        return Problem(
            allowed,
            np.array([float(e.times) for e in self.week]),
            open_caps,
            np.array([self.counted[n][0] for n in names]),
            np.array([self.counted[n][1] for n in names]).reshape(len(names), len(self.week)),
            np.array([self.targets[n] for n in names]),
            self._rows(energy),
            np.array([price_of(c, prices) for c in self.pool]),
            self.familiar,
            names,
        )

    def _rows(self, eaten_energy: float) -> list[Row]:
        def change(name: str, nutrient: str, low: float, high: float, counted: bool = False) -> Row:
            add, cut = (self.counted if counted else self.raw)[nutrient]
            return Row(name, add, -cut, low, high)

        room = ENERGY * max(eaten_energy, 800.0)
        rows = [
            change("energy within 5 %", "energy", -room, room),
            change("sodium not raised", "sodium", -np.inf, 0.0),
            change("caffeine not raised", "caffeine", -np.inf, 0.0),
            change("alcohol not raised", "alcohol", -np.inf, 0.0),
        ]
        for n, u in self.usual.items():
            if u.ul and counts_food(u) and n not in ("sodium", "caffeine"):
                name = f"upper level of {spoken(n)}"
                rows.append(change(name, n, -np.inf, max(0.0, u.ul - u.high)))
            less = spare(u, self.level)
            if less is not None and n not in ("sodium", "energy", "caffeine", *self.targets):
                rows.append(change(f"{spoken(n)} not made short", n, -less, np.inf, True))
        for n, why in self.limits.no_more.items():
            if n in NUTRIENTS:
                rows.append(change(why, n, -np.inf, 0.0))
        for n, why in self.limits.even.items():
            have = self.eaten.get(n, 0.0)
            rows.append(change(f"{spoken(n)} kept even, {why}", n, -EVEN * have, EVEN * have))
        for group, most in self.limits.most.items():
            already = sum(
                e.times for e in self.week if in_diary(group, f"{e.record.name} {e.words}")
            )
            holds = np.array([1.0 if group in c.holds else 0.0 for c in self.pool])
            rows.append(
                Row(
                    f"{group} at most {most} times a week",
                    holds,
                    np.zeros(len(self.week)),
                    0.0,
                    float(max(0, most - already)),
                )
            )
        every = Row(
            f"at most {MOST_PORTIONS} portions a week",
            np.ones(len(self.pool)),
            np.ones(len(self.week)),
            0.0,
            float(MOST_PORTIONS),
        )
        return [*rows, every]


def _word_in(word: str, text: str) -> bool:
    return re.search(rf"\b{word}\b", text) is not None

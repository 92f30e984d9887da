"""What a plan says, in the words of data/plan_words.yaml: what it does, how much of the week it changes."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any

from stillwell.nutrition.foods.record import data, spoken
from stillwell.nutrition.planner.diet_problem import DietProblem
from stillwell.writing import in_a_row

if TYPE_CHECKING:
    from stillwell.nutrition.planner.diet_plan import Change, Total


def headline(
    diet: DietProblem,
    before: dict[str, float],
    chance: dict[str, float],
    counted: dict[str, float],
    met: dict[str, bool],
    helps: Callable[[str], bool],
) -> str:
    """What a plan does, in the words that stand above it."""
    said = _words()["head"]
    if not any(helps(n) for n in met):
        return str(said["nothing"].format(names=in_a_row([spoken(n) for n in met])))
    parts = []
    for n in met:
        if not helps(n):
            continue
        usual = diet.usual[n]
        low = usual.median
        part = said["raises"].format(
            nutrient=spoken(n),
            before=rounded(low),
            after=rounded(low + counted[n]),
            unit=usual.unit,
        )
        if n in chance:
            falls = {"from": f"{before[n]:.0%}", "to": f"{chance[n]:.0%}"}
            part += said["and"] + said["chance"].format(**falls)
        parts.append(part)
    missed = [spoken(n) for n, reached in met.items() if not reached]
    end = said["partly"].format(names=in_a_row(missed)) if missed else said["closed"]
    return f"{'. '.join(parts)}. {end}"


def effort(changes: list[Change]) -> str:
    more = sum(c.times for c in changes if c.times > 0)
    fewer = -sum(c.times for c in changes if c.times < 0)
    if more + fewer == 1:
        return str(_words()["effort_one"])
    return str(_words()["effort"].format(portions=more + fewer, more=more, fewer=fewer))


def total_lines(totals: list[Total], changed: float = 0.03) -> list[str]:
    """The nutrients that a plan changes by more than a share, a line each."""
    said, lines = _words(), []
    for row in totals:
        if abs(row.after - row.before) <= changed * max(row.before, 1e-9):
            continue
        line = said["total"].format(
            nutrient=spoken(row.nutrient), before=rounded(row.before), after=rounded(row.after),
            unit=row.unit,
        )  # fmt: skip
        if row.advised:
            line += said["total_advised"].format(advised=rounded(row.advised))
        if row.chance_before is not None and row.chance_after is not None:
            falls = {"from": f"{row.chance_before:.0%}", "to": f"{row.chance_after:.0%}"}
            line += said["total_chance"].format(**falls)
        lines.append(line)
    return lines


def said(key: str, **values: str) -> str:
    """One line of the catalogue, filled in."""
    return str(_words()[key]).format(**values)


@cache
def _words() -> dict[str, Any]:
    found: dict[str, Any] = data("plan_words.yaml")
    return found


def sentence(
    changes: list[Change],
    per_day: dict[str, float],
    before: dict[str, float],
    chance: dict[str, float],
    units: dict[str, str],
) -> str:
    more = [f"{c.portion} {_times(c.times)}" for c in changes if c.times > 0]
    less = [f"{c.portion} {_times(-c.times)}" for c in changes if c.times < 0]
    head = (
        f"{'Have' if less else 'Add'} {in_a_row(more)}" if more else f"Leave out {in_a_row(less)}"
    )
    if more and less:
        head += f", in place of {in_a_row(less)}"
    gains = []
    for n, unit in units.items():
        amount = f"{'+' if per_day[n] >= 0 else ''}{rounded(per_day[n])} {unit} {spoken(n)}"
        if n in chance:
            amount += f" (chance of too little {before[n]:.0%} to {chance[n]:.0%})"
        gains.append(amount)
    return f"{head}: {', '.join(gains)} a day."


def rounded(value: float) -> str:
    return (
        f"{value:.0f}"
        if abs(value) >= 10
        else f"{value:.1f}"
        if abs(value) >= 1
        else f"{value:.2g}"
    )


def _times(times: int) -> str:
    words = {1: "once a week", 2: "twice a week", 7: "every day"}
    return words.get(times, f"{times} times a week")

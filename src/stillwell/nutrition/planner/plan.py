"""The smallest change of diet that closes a gap, in foods and portions that people know.

Additions are portions a week, cuts are times a week that something in the diary is left out. The change is
least such that every target is met, energy stays within 5 %, sodium and caffeine do not rise, no upper level
is passed, no other nutrient falls short instead, and nothing is used that the person cannot or will not eat.
"""

from __future__ import annotations

import msgspec
import numpy as np

from stillwell.errors import CaseError
from stillwell.nutrition.foods.record import NUTRIENTS, spoken
from stillwell.nutrition.intake.usual import Day, Usual
from stillwell.nutrition.planner.diet_problem import DietProblem
from stillwell.nutrition.planner.gaps import LEVEL, chance_after, needed
from stillwell.nutrition.planner.limits import Limits, conflicts, diets, said_limits
from stillwell.nutrition.planner.pool import Candidate, amount, candidates
from stillwell.nutrition.planner.solver import GAP, MOST_CHANGES, Floats, Solution, Solver

DIETS = diets()
MET = 0.005  # what the solver's tolerance may leave of the accepted probability
FELT = 0.02  # share of a target from which lifting a limit counts as help


class Change(msgspec.Struct, frozen=True):
    """One change: `times` a week more (or, negative, fewer) of a food portion."""

    food: str
    portion: str
    grams: float
    times: int
    brings: dict[str, float]


class DietPlan(msgspec.Struct, frozen=True):
    """One plan: its changes in one sentence, what it brings per day, and how sure the solver is.

    Attributes:
        before, chance: probability of inadequacy now and with the plan, where one is known.
        met: whether each target is reached; `clash`: the limits without which it could be, where not.
        gap: how far from the best possible plan this one may be (0: proven best).
        cost: what the changes cost a week, where prices were given.
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


def plans(
    days: list[Day],
    usual: dict[str, Usual],
    nutrients: list[str],
    *,
    limits: Limits | None = None,
    level: float = LEVEL,
    count: int = 3,
    prices: dict[str, float] | None = None,
) -> list[DietPlan]:
    """Up to `count` different least changes of diet that meet the targets.

    Args:
        limits: what the person may not or will not eat; by default what holds for everybody.
        level: the probability of inadequacy that is accepted.
        prices: cost of one portion by words of its name; then dear foods count as more change.

    Raises:
        CaseError: an unknown nutrient, or a level outside (0, 0.5].
    """
    if not 0 < level <= 0.5:
        raise CaseError("level", f"{level:g} is not possible", "Give a chance from 0.01 to 0.5")
    limits = limits or said_limits([])
    for n in nutrients:
        if n not in NUTRIENTS:
            raise CaseError(
                "nutrient", f"'{n}' is not known", f"Use one of: {', '.join(NUTRIENTS)}"
            )
    targets = {n: needed(usual[n], level) for n in nutrients if n in usual}
    targets = {n: t for n, t in targets.items() if t > 0 and n not in limits.no_more}
    if not targets or limits.no_plan:
        return []
    diet = DietProblem(days, usual, targets, limits, level, prices or {})
    solver = Solver(diet.problem)
    found: list[DietPlan] = []
    banned: set[int] = set()
    clash: list[str] | None = None
    for _ in range(count):
        solution = solver.best(frozenset(banned))
        if solution is None or not (solution.more.any() or solution.less.any()):
            break
        useful = solution.missing < diet.problem.targets * 0.98
        if not useful.any():
            break
        plan = _told(diet, solution)
        if any(p.sentence == plan.sentence for p in found):
            break
        if found and sum(plan.met.values()) < sum(found[0].met.values()):
            break
        if not all(plan.met.values()):
            if clash is None:
                clash = _clashes(solver, diet)
            plan = msgspec.structs.replace(plan, clash=clash)
        found.append(plan)
        order = np.argsort(-(diet.share * solution.more), kind="stable")
        banned |= {int(i) for i in order[:2] if solution.more[i] > 0}
    return found


def unreached(
    days: list[Day], usual: dict[str, Usual], nutrients: list[str], limits: Limits
) -> list[str]:
    """Limits that stand between food and these nutrients where no plan was found at all."""
    targets = {n: needed(usual[n]) for n in nutrients if n in usual and n not in limits.no_more}
    targets = {n: t for n, t in targets.items() if t > 0}
    if not targets or limits.no_plan:
        return []
    diet = DietProblem(days, usual, targets, limits, LEVEL, {})
    return _clashes(Solver(diet.problem), diet)


def _clashes(solver: Solver, diet: DietProblem) -> list[str]:
    """The limits without which more could be reached, worked out on the linear programme (milliseconds each).

    Only a limit that is reached there can stand in the way. Where none does alone, those reached are named
    together; where the linear programme reaches everything, whole portions and few changes are what hinders.
    """
    now = solver.linear()
    if now is None:
        return []
    add, cut, missing = now
    base = float(missing @ diet.weight)
    if base < FELT:
        return [f"at most {MOST_CHANGES} changes in whole portions"]
    reached: dict[str, None] = dict.fromkeys(diet.problem.open_caps)
    for row in diet.problem.rows:
        value = float(row.add @ add + row.cut @ cut)
        if min(value - row.low, row.high - value) <= 1e-6 * max(1.0, abs(value)):
            reached[row.name] = None
    gains = []
    for name in reached:
        other = solver.linear(name)
        if other is not None and base - float(other[2] @ diet.weight) > FELT:
            gains.append((base - float(other[2] @ diet.weight), name))
    alone = [name for _, name in sorted(gains, reverse=True)[:4]]
    return alone or [f"{' and '.join(list(reached)[:4])} together"]


def _told(diet: DietProblem, solution: Solution) -> DietPlan:
    """A solution in words."""
    names = diet.problem.names
    changes = [
        Change(
            c.record.id, c.portion, c.grams, int(t),
            {n: round(amount(c.record, n, c.grams), 2) for n in names},
        )
        for c, t in zip(diet.pool, solution.more, strict=True)
        if t
    ]  # fmt: skip
    changes += [
        Change(
            e.record.id, e.words, round(e.grams, 1), -int(t),
            {n: round(-amount(e.record, n, e.grams), 2) for n in names},
        )
        for e, t in zip(diet.week, solution.less, strict=True)
        if t
    ]  # fmt: skip

    def total(nutrient: str, kind: dict[str, tuple[Floats, Floats]]) -> float:
        add, cut = kind[nutrient]
        return float(add @ solution.more - cut @ solution.less)

    per_day = {n: total(n, diet.raw) for n in (*names, "energy", "sodium")}
    counted = {n: total(n, diet.counted) for n in names}
    before = {n: p for n in names if (p := chance_after(diet.usual[n], 0.0)) is not None}
    chance = {n: p for n in names if (p := chance_after(diet.usual[n], counted[n])) is not None}
    met = {
        n: bool(chance[n] <= diet.level + MET if n in chance else missing <= 0.01 * diet.targets[n])
        for n, missing in zip(names, solution.missing, strict=True)
    }
    cost = float(diet.problem.price @ solution.more) if diet.priced else None
    return DietPlan(
        _sentence(changes, per_day, before, chance, {n: diet.usual[n].unit for n in names}),
        changes,
        {n: round(v, 2) for n, v in per_day.items()},
        {n: round(diet.usual[n].median + counted[n], 2) for n in names},
        met,
        round(solution.gap, 4),
        [],
        _notes(diet, solution, met, cost),
        {n: round(p, 3) for n, p in before.items()},
        {n: round(p, 3) for n, p in chance.items()},
        None if cost is None else round(cost, 2),
    )


def _notes(
    diet: DietProblem, solution: Solution, met: dict[str, bool], cost: float | None
) -> list[str]:
    """What a person should know beside this plan."""
    added = [c for c, t in zip(diet.pool, solution.more, strict=True) if t]
    holds = frozenset(h for c in added for h in c.holds)
    plant = any(not c.holds & {"meat", "fish", "shellfish"} for c in added)
    notes = []
    for rule in diet.rules:
        fits = rule["nutrient"] in diet.targets and diet.applies(rule)
        if rule.get("plant") and not plant:
            continue
        for key in ("holds", "added"):
            fits = fits and (key not in rule or bool(holds & set(rule[key])))
        if fits:
            notes.append(rule["text"])
    for n, reached in met.items():
        if not reached:
            least = diet.usual[n].median
            aim = least + diet.targets[n]
            best = aim - float(solution.missing[diet.problem.names.index(n)])
            notes.append(
                f"Food alone brings {spoken(n)} to about {_round(best)} of the {_round(aim)} {diet.usual[n].unit} a day needed."
            )
    if cost is not None:
        notes.append(f"What is added costs about {cost:.2f} a week at the prices given.")
    proven = solution.gap <= GAP + 1e-9
    notes.append(
        "Proven: among the foods looked at no smaller change does the same (within 1 %)."
        if proven
        else f"The search was cut short: a plan up to {solution.gap:.0%} smaller may exist."
    )
    return notes


def plan_lines(limits: Limits, days: list[Day]) -> list[str]:
    """What stands beside all plans: medical lines, and what of the diary itself is ruled out."""
    names = [i.text for d in days for i in d.items if i.foods]
    return [*limits.say, *conflicts(limits, list(dict.fromkeys(names)))]


def _sentence(
    changes: list[Change],
    per_day: dict[str, float],
    before: dict[str, float],
    chance: dict[str, float],
    units: dict[str, str],
) -> str:
    more = [f"{c.portion} {_times(c.times)}" for c in changes if c.times > 0]
    less = [f"{c.portion} {_times(-c.times)}" for c in changes if c.times < 0]
    head = f"{'Have' if less else 'Add'} {_and(more)}" if more else f"Leave out {_and(less)}"
    if more and less:
        head += f", in place of {_and(less)}"
    gains = []
    for n, unit in units.items():
        amount = f"{'+' if per_day[n] >= 0 else ''}{_round(per_day[n])} {unit} {spoken(n)}"
        if n in chance:
            amount += f" (chance of too little {before[n]:.0%} to {chance[n]:.0%})"
        gains.append(amount)
    return f"{head}: {', '.join(gains)} a day."


def _and(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def _round(value: float) -> str:
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


__all__ = [
    "DIETS",
    "Candidate",
    "Change",
    "DietPlan",
    "candidates",
    "needed",
    "plan_lines",
    "plans",
]

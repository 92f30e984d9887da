"""The smallest change of diet that closes a gap, in foods and portions that people know.

Additions are portions a week, cuts are times a week that something in the diary is left out. The change is
least such that every target is met, energy stays within 5 %, sodium and caffeine do not rise, no upper level
is passed, no other nutrient falls short instead, and nothing is used that the person cannot or will not eat.
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import numpy as np

from stillwell.errors import CaseError
from stillwell.nutrition.foods.record import NUTRIENTS, spoken
from stillwell.nutrition.intake.usual import Day, Usual
from stillwell.nutrition.planner.diet_plan import Bought, Change, DietPlan, Total
from stillwell.nutrition.planner.diet_problem import DietProblem
from stillwell.nutrition.planner.gaps import LEVEL, chance_after, needed
from stillwell.nutrition.planner.limits import Limits, conflicts, diets, said_limits
from stillwell.nutrition.planner.pool import Candidate, amount, candidates
from stillwell.nutrition.planner.solver import GAP, MOST_CHANGES, Floats, Solution, Solver
from stillwell.nutrition.planner.wording import effort, headline, rounded, said, sentence

DIETS = diets()
MET = 0.02  # of the chance, and of what is missing, by which a target may be missed and still count as met
HELPS = (
    0.05  # fall of the chance of too little, or share of a target, from which a plan helps at all
)
LIKE_FIRST = 0.5  # share of what the first way brings of each target, under which another is no way: judgement
SWAPPED = 2  # foods that two ways differ in where one is swapped for another
FELT = 0.02  # share of a target from which lifting a limit counts as help


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
    """Up to `count` different least changes of diet that meet the targets, the one of fewest portions first.

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
    banned: frozenset[int] = frozenset()
    clash: list[str] | None = None
    while len(found) < count:
        plan = solution = None
        for new in _next_bans(diet, banned, found):
            solution = solver.best(new)
            plan = _other(diet, solution, found)
            if plan is not None:
                banned = new
                break
        if plan is None or solution is None:
            break
        if not all(plan.met.values()):
            if clash is None:
                clash = _clashes(solver, diet)
            plan = msgspec.structs.replace(plan, clash=clash)
        found.append(plan)
    return sorted(found, key=lambda plan: plan.portions)


def _next_bans(
    diet: DietProblem, banned: frozenset[int], found: list[DietPlan]
) -> list[frozenset[int]]:
    """What the next plan goes without: the two additions that the last one rests on most, or all of them, or one.

    What resembles a food goes with it, or the next way would be the same with a food of its kind.
    """
    if not found:
        return [banned]
    times = {c.food: c.times for c in found[-1].changes if c.times > 0}
    more = np.array([times.get(c.record.id, 0) for c in diet.pool])
    order = [int(i) for i in np.argsort(-(diet.share * more), kind="stable") if more[i] > 0]
    alike = {i: {k for k, c in enumerate(diet.pool) if c.resembles(diet.pool[i])} for i in order}
    groups = [order[:2], order, *([i] for i in order)]
    choices = [banned.union(*(alike[i] for i in group)) for group in groups]
    return [c for c in dict.fromkeys(choices) if c != banned]


def _other(diet: DietProblem, solution: Solution | None, found: list[DietPlan]) -> DietPlan | None:
    """A solution as one more way; None where it changes nothing, repeats one or reaches less."""
    if solution is None or not (solution.more.any() or solution.less.any()):
        return None
    if not (solution.missing < diet.problem.targets * 0.98).any():
        return None
    plan = _told(diet, solution)
    if any(not _differ(diet, p, plan) for p in found):
        return None
    if found and any(
        _brought(diet, plan, n) < LIKE_FIRST * _brought(diet, found[0], n) for n in diet.targets
    ):
        return None
    return plan


def _brought(diet: DietProblem, plan: DietPlan, nutrient: str) -> float:
    """The share of what is missing of a nutrient that a way brings, 1 at most."""
    more = plan.after[nutrient] - diet.usual[nutrient].median
    return float(min(more / diet.targets[nutrient], 1.0))


def _differ(diet: DietProblem, one: DietPlan, other: DietPlan) -> bool:
    """Whether two ways are more than one swapped food apart; foods of one kind count as the same."""
    of = {c.record.id: c for c in diet.pool}
    first, second = ([of[c.food] for c in p.changes if c.times > 0] for p in (one, other))
    apart = sum(not any(a.resembles(b) for b in second) for a in first)
    apart += sum(not any(b.resembles(a) for a in first) for b in second)
    return apart > SWAPPED


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
        n: bool(chance[n] <= diet.level + MET if n in chance else missing <= MET * diet.targets[n])
        for n, missing in zip(names, solution.missing, strict=True)
    }
    cost = float(diet.problem.price @ solution.more) if diet.priced else None
    known = dict(zip((c.record.id for c in diet.pool), diet.is_eaten, strict=True))
    added = [c for c in changes if c.times > 0]
    closes = any(_helps(n, before, chance, counted, diet) for n in names)
    return DietPlan(
        sentence(changes, per_day, before, chance, {n: diet.usual[n].unit for n in names}),
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
        headline(
            diet, before, chance, counted, met, lambda n: _helps(n, before, chance, counted, diet)
        ),
        effort(changes),
        sum(abs(c.times) for c in changes),
        closes,
        [c.portion for c in added if known[c.food]],
        [c.portion for c in added if not known[c.food]],
        _totals(diet, total),
        [_bought(c) for c in added],
    )


def _helps(
    nutrient: str,
    before: dict[str, float],
    chance: dict[str, float],
    counted: dict[str, float],
    diet: DietProblem,
) -> bool:
    """Whether a plan brings a nutrient clearly nearer to enough."""
    if nutrient in chance:
        return before[nutrient] - chance[nutrient] >= HELPS
    return counted[nutrient] >= HELPS * diet.targets[nutrient]


def _totals(
    diet: DietProblem, total: Callable[[str, dict[str, tuple[Floats, Floats]]], float]
) -> list[Total]:
    """Every nutrient a day before and with the plan, after what hinders its uptake."""
    rows = []
    for n, usual in diet.usual.items():
        change = total(n, diet.counted)
        rows.append(
            Total(
                n, usual.unit, round(usual.median, 2), round(usual.median + change, 2),
                usual.advised, usual.limit, _rounded(chance_after(usual, 0.0)),
                _rounded(chance_after(usual, change)), usual.reporting, usual.foods,
            )
        )  # fmt: skip
    return rows


def _rounded(chance: float | None) -> float | None:
    return None if chance is None else round(chance, 3)


def _bought(change: Change) -> Bought:
    grams = round(change.grams * change.times)
    amount = f"{grams / 1000:.1f} kg" if grams >= 1000 else f"{grams} g"
    line = said("shopping", portion=change.portion, times=str(change.times), amount=amount)
    return Bought(change.food, change.portion, change.times, float(grams), line)


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
            unit = diet.usual[n].unit
            words = {"nutrient": spoken(n), "best": rounded(best), "aim": rounded(aim)}
            key = "alone" if diet.usual[n].need is not None else "alone_ai"
            notes.append(said(key, **words, unit=unit, odds=f"{1 / diet.level:.0f}"))
    if cost is not None:
        notes.append(said("cost", cost=f"{cost:.2f}"))
    proven = solution.gap <= GAP + 1e-9
    gap = f"{solution.gap:.0%}"
    notes.append(said("proven") if proven else said("bounded", gap=gap))
    return notes


def plan_lines(limits: Limits, days: list[Day]) -> list[str]:
    """What stands beside all plans: medical lines, and what of the diary itself is ruled out."""
    names = [i.text for d in days for i in d.items if i.foods]
    return [*limits.say, *conflicts(limits, list(dict.fromkeys(names)))]


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

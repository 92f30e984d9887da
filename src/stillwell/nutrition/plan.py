"""The smallest change of diet that closes a gap: a mixed-integer programme over real foods.

Additions are portions a week, cuts are times a week that something in the diary is left out. The sum of
changes is least such that every target is met, energy stays within 5 %, sodium and caffeine do not rise, no
upper level is passed and nothing is used that the person cannot or will not eat. Solver: HiGHS (Huangfu and
Hall 2018, doi:10.1007/s12532-017-0130-5).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import highspy
import msgspec
import numpy as np

from stillwell.errors import CaseError
from stillwell.nutrition.intake import Day, Usual, mean_nutrients
from stillwell.nutrition.table import NUTRIENTS, Food, all_foods, data, food, spoken

DIETS: dict[str, frozenset[str]] = {
    "vegan": frozenset({"meat", "pork", "fish", "shellfish", "dairy", "egg", "honey"}),
    "vegetarian": frozenset({"meat", "pork", "fish", "shellfish"}),
    "pescatarian": frozenset({"meat", "pork"}),
    "halal": frozenset({"pork", "alcohol"}),
    "kosher": frozenset({"pork", "shellfish"}),
    "lactose-free": frozenset({"dairy"}),
    "gluten-free": frozenset({"gluten", "oats"}),
    "nut-free": frozenset({"nuts", "peanuts"}),
    "low-oxalate": frozenset({"oxalate"}),
    "renal": frozenset(),
}
RENAL = ("potassium", "phosphorus", "magnesium")
ENERGY = 0.05
MOST_A_WEEK = 7
LEVEL = 0.1  # accepted probability of inadequacy
KIND_COST, TIME_COST, CUT_COST = 3.0, 1.0, 1.2
NEVER_CUT = ("vitamin", "supplement", "water")
COUNTED_IN_FOOD = (
    "calcium",
    "iron",
    "vitamin_d",
    "phosphorus",
    "zinc",
    "copper",
)  # ULs over all sources


class Change(msgspec.Struct, frozen=True):
    """One change: `times` a week more (or, negative, fewer) of a food portion."""

    food: str
    portion: str
    grams: float
    times: int
    brings: dict[str, float]


class DietPlan(msgspec.Struct, frozen=True):
    """One plan: its changes in sentences, what it brings per day, and how sure the solver is.

    `met` tells for each nutrient whether its target is reached; `clash` names the limits without which it
    could be, where it cannot.
    """

    sentence: str
    changes: list[Change]
    per_day: dict[str, float]
    after: dict[str, float]
    met: dict[str, bool]
    gap: float
    clash: list[str]
    notes: list[str]


@dataclass(frozen=True)
class Candidate:
    """A food that a plan may add."""

    record: Food
    portion: str
    grams: float
    holds: frozenset[str]
    not_pregnant: bool


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
        holds = frozenset(row["holds"]) | (
            {"oxalate"} if row.get("oxalate") == "high" else frozenset()
        )
        found.append(
            Candidate(
                record, row["portion"], float(row["grams"]), holds, bool(row.get("not_pregnant"))
            )
        )
    return tuple(found)


def _amount(record: Food, nutrient: str, grams: float) -> float:
    return (record.nutrients.get(nutrient) or 0.0) * grams / 100


def needed(usual: Usual, level: float = LEVEL) -> float:
    """How much more a day brings the probability of inadequacy to `level`; 0 where it is there already.

    Where only an adequate intake is set, what is missing to it.
    """
    if usual.inadequate is None:
        return max(0.0, (usual.ai or 0.0) - usual.median)
    if usual.inadequate <= level:
        return 0.0
    ear = usual.ear or 0.0
    spread = max(usual.rda - ear, 0.0) / 2 if usual.rda else 0.1 * ear
    need = ear + spread * np.random.default_rng(7).standard_normal(len(usual.draws))
    return float(max(np.quantile(need - usual.draws, 1 - level), 0.0))


def _pool(avoid: frozenset[str], dislikes: list[str], pregnant: bool) -> list[Candidate]:
    words = [w.lower().strip() for w in dislikes if w.strip()]
    return [
        c
        for c in candidates()
        if not c.holds & avoid
        and not (pregnant and c.not_pregnant)
        and not any(w in c.record.name.lower() or w in c.portion.lower() for w in words)
    ]


def avoided(diets: list[str], allergies: list[str]) -> frozenset[str]:
    """What these diets and allergies rule out.

    Raises:
        CaseError: an unknown diet.
    """
    avoid: set[str] = set()
    for diet in diets:
        if diet not in DIETS:
            raise CaseError("diet", f"'{diet}' is not known", f"Use one of: {', '.join(DIETS)}")
        avoid |= DIETS[diet]
    aliases = {
        "milk": "dairy",
        "lactose": "dairy",
        "wheat": "gluten",
        "eggs": "egg",
        "nut": "nuts",
        "peanut": "peanuts",
    }
    return frozenset(avoid | {aliases.get(a.lower(), a.lower()) for a in allergies})


def plans(
    days: list[Day],
    usual: dict[str, Usual],
    nutrients: list[str],
    *,
    diets: list[str] | None = None,
    allergies: list[str] | None = None,
    dislikes: list[str] | None = None,
    pregnant: bool = False,
    level: float = LEVEL,
    count: int = 3,
) -> list[DietPlan]:
    """Up to `count` different least changes of diet that meet the targets.

    Raises:
        CaseError: an unknown diet or nutrient.
    """
    diets = diets or []
    for n in nutrients:
        if n not in NUTRIENTS:
            raise CaseError(
                "nutrient", f"'{n}' is not known", f"Use one of: {', '.join(NUTRIENTS)}"
            )
    targets = {n: needed(usual[n], level) for n in nutrients if n in usual}
    targets = {n: t for n, t in targets.items() if t > 0}
    if "renal" in diets:
        targets = {n: t for n, t in targets.items() if n not in RENAL}
    if not targets:
        return []
    pool = _pool(avoided(diets, allergies or []), dislikes or [], pregnant)
    found: list[DietPlan] = []
    banned: set[str] = set()
    for _ in range(count):
        choice = [c for c in pool if c.record.id not in banned]
        plan = _solve(days, usual, targets, choice, "renal" in diets, frozenset())
        if plan is None or any(p.sentence == plan.sentence for p in found):
            break
        if found and not all(plan.met.values()) and all(found[0].met.values()):
            break
        if not plan.changes:
            break
        found.append(plan)
        added = sorted((c for c in plan.changes if c.times > 0), key=lambda c: -c.times)
        if not added:
            break
        banned |= {c.food for c in added[:2]}
    return found


def _week(days: list[Day]) -> list[tuple[Food, float, int]]:
    """Diary foods with the grams of one time and how many times a week (at least one)."""
    times: dict[str, list[float]] = {}
    for day in days:
        for item in day.items:
            if item.foods:
                times.setdefault(item.foods[0].id, []).append(item.foods[0].grams)
    return [
        (food(i), float(np.mean(g)), max(1, round(7 * len(g) / len(days))))
        for i, g in times.items()
        if not any(w in i for w in NEVER_CUT)
    ]


LIMITS = ("energy", "sodium", "caffeine", "upper levels", "renal")


def _solve(
    days: list[Day],
    usual: dict[str, Usual],
    targets: dict[str, float],
    pool: list[Candidate],
    renal: bool,
    without: frozenset[str],
    explain: bool = True,
) -> DietPlan | None:
    week = _week(days)
    now = mean_nutrients(days)
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    solver.silent()
    solver.setOptionValue("time_limit", 2.0)
    whole = highspy.HighsVarType.kInteger
    add = [solver.addVariable(lb=0, ub=MOST_A_WEEK, obj=TIME_COST, type=whole) for _ in pool]
    cut = [solver.addVariable(lb=0, ub=times, obj=CUT_COST, type=whole) for _, _, times in week]
    for var, most in [
        *((v, MOST_A_WEEK) for v in add),
        *zip(cut, (t for _, _, t in week), strict=True),
    ]:
        used = solver.addVariable(lb=0, ub=1, obj=KIND_COST, type=whole)
        solver.addConstr(var - most * used <= 0)
    missing = {n: solver.addVariable(lb=0, ub=targets[n], obj=1000.0 / targets[n]) for n in targets}

    def change(nutrient: str):  # type: ignore[no-untyped-def]
        return sum(
            _amount(c.record, nutrient, c.grams) / 7 * v for c, v in zip(pool, add, strict=True)
        ) - sum(_amount(f, nutrient, g) / 7 * v for (f, g, _), v in zip(week, cut, strict=True))

    for n, target in targets.items():
        solver.addConstr(change(n) + missing[n] >= target)
    if "energy" not in without:
        room = ENERGY * max(now["energy"], 800.0)
        energy = change("energy")
        solver.addConstr(energy <= room)
        solver.addConstr(change("energy") >= -room)
    for limit in ("sodium", "caffeine"):
        if limit not in without:
            solver.addConstr(change(limit) <= 0)
    solver.addConstr(change("alcohol") <= 0)
    if "upper levels" not in without:
        for n in COUNTED_IN_FOOD:
            if n in usual and usual[n].ul:
                solver.addConstr(change(n) <= max(0.0, (usual[n].ul or 0.0) - usual[n].high))
    if renal and "renal" not in without:
        for n in RENAL:
            solver.addConstr(change(n) <= 0)
    solver.minimize()
    if solver.getModelStatus() not in (
        highspy.HighsModelStatus.kOptimal,
        highspy.HighsModelStatus.kTimeLimit,
    ):
        return None
    values = np.asarray(solver.getSolution().col_value)
    if not len(values):
        return None
    more = [round(values[v.index]) for v in add]
    less = [round(values[v.index]) for v in cut]
    short = {n: float(values[v.index]) for n, v in missing.items()}
    met = {n: short[n] <= 0.02 * targets[n] for n in targets}
    clash: list[str] = []
    if explain and not all(met.values()):
        for limit in LIMITS:
            other = _solve(days, usual, targets, pool, renal, frozenset({limit}), explain=False)
            if other is not None and sum(other.met.values()) > sum(met.values()):
                clash.append(limit)
    return _told(
        pool, week, more, less, targets, usual, met, float(solver.getInfo().mip_gap), clash
    )


def _told(
    pool: list[Candidate],
    week: list[tuple[Food, float, int]],
    more: list[int],
    less: list[int],
    targets: dict[str, float],
    usual: dict[str, Usual],
    met: dict[str, bool],
    gap: float,
    clash: list[str],
) -> DietPlan:
    changes = [
        Change(
            c.record.id,
            c.portion,
            c.grams,
            t,
            {n: round(_amount(c.record, n, c.grams), 2) for n in targets},
        )
        for c, t in zip(pool, more, strict=True)
        if t
    ]
    changes += [
        Change(f.id, f.name, round(g, 1), -t, {n: round(-_amount(f, n, g), 2) for n in targets})
        for (f, g, _), t in zip(week, less, strict=True)
        if t
    ]
    per_day = {
        n: sum(_amount(food(c.food), n, c.grams) * c.times for c in changes) / 7
        for n in (*targets, "energy", "sodium")
    }
    after = {n: round(usual[n].median + per_day[n], 2) for n in targets}
    adds = [c for c in changes if c.times > 0]
    cuts = [c for c in changes if c.times < 0]
    parts = []
    if cuts:
        gone = ", ".join(f"{c.portion} ({_times(-c.times)})" for c in cuts)
        parts.append(
            f"Swap {gone} for " + ", ".join(f"{c.portion} ({_times(c.times)})" for c in adds)
        )
    else:
        parts.append("Add " + ", ".join(f"{c.portion} ({_times(c.times)})" for c in adds))
    gains = ", ".join(
        f"+{per_day[n]:.{0 if per_day[n] >= 10 else 1}f} {usual[n].unit} {spoken(n)}"
        for n in targets
    )
    return DietPlan(
        f"{parts[0]}: {gains} a day.", changes, {n: round(v, 2) for n, v in per_day.items()}, after, met, gap,
        clash, _notes(targets, adds, week),
    )  # fmt: skip


def _times(times: int) -> str:
    return "every day" if times == 7 else "once a week" if times == 1 else f"{times} times a week"


def _notes(
    targets: dict[str, float], adds: list[Change], week: list[tuple[Food, float, int]]
) -> list[str]:
    """Absorption effects that matter for this plan."""
    texts = data("absorption.yaml")
    names = " ".join(f.name.lower() for f, _, _ in week)
    added = " ".join(c.portion for c in adds)
    return [
        row["text"]
        for row in texts
        if row["nutrient"] in targets
        and (not row.get("eaten") or any(w in names for w in row["eaten"]))
        and (not row.get("added") or any(w in added for w in row["added"]))
    ]

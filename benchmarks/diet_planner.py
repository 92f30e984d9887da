"""The planner beside a plain linear-programming diet on the same foods, diaries and targets.

The plain diet is the textbook one (Stigler 1945; Dantzig 1990, doi:10.1287/inte.20.4.43): the least energy of
added foods, in any fraction of a portion, that meets every target; it knows no portions, no number of changes
and no limits. Printed for both: time of one plan, number of changes, targets met, and limits broken (energy
more than 5 % off, sodium raised, an upper level passed, another nutrient made short, a portion a person cannot
measure or eats more often than once a day).
"""

from __future__ import annotations

import statistics
import time

import highspy
import numpy as np

from stillwell.case.model import Person
from stillwell.knowledge.store import knowledge
from stillwell.nutrition.foods.table import food
from stillwell.nutrition.intake.usual import Day, Usual, read_diary, usual_intakes
from stillwell.nutrition.planner.gaps import LEVEL, WORSE, chance_after, counts_food, needed
from stillwell.nutrition.planner.limits import said_limits
from stillwell.nutrition.planner.plan import plans
from stillwell.nutrition.planner.pool import candidates as pool

DIARIES = {
    "white bread week": [
        "white toast with jam, tea, tomato soup, a bread roll, pasta with tomato sauce, apple pie, crisps, sausages",
        "cornflakes with milk, tea, cheese sandwich, crisps, chips, baked beans, fried egg, chocolate bar",
        "croissant, coffee, cheese sandwich, pepperoni pizza, cola, ice cream",
    ],
    "office week": [
        "porridge with milk, banana, black coffee x2, cheese sandwich, crisps, spaghetti bolognese, red wine",
        "2 slices of toast with butter, tea with milk x3, chicken wrap, fish and chips, peas",
        "bran flakes with milk, orange juice, jacket potato with beans, chicken curry with rice",
        "yoghurt with granola, coffee, tuna sandwich, sausages, mashed potato, broccoli, beer x2",
    ],
    "rice and tea": [
        "white rice 400 g, chicken breast, tea x4, white bread 150 g, fried egg, oil 2 tbsp, biscuits 60 g",
        "white rice 400 g, beef curry, tea x4, white bread 150 g, cola x2, cake",
    ],
}
PEOPLE = {
    "woman of 34": Person(age=34, sex="female"),
    "man of 55": Person(age=55, sex="male"),
    "pregnant": Person(age=30, sex="female", pregnant=True),
}
WANTED = [["magnesium"], ["iron", "folate"], ["magnesium", "calcium", "vitamin_b12", "folate"]]
WAYS = [[], ["vegetarian"], ["vegan"]]


def plain(targets: dict[str, float], forbidden: frozenset[str]) -> dict[str, float]:
    """Portions a day of each food: least energy that meets the targets."""
    foods = [c for c in pool() if not c.holds & forbidden]
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    solver.silent()

    def amount(item: object, nutrient: str) -> float:
        return (item.record.nutrients.get(nutrient) or 0.0) * item.grams / 100  # type: ignore[attr-defined]

    columns = [solver.addVariable(lb=0, obj=amount(c, "energy")) for c in foods]
    for nutrient, target in targets.items():
        solver.addConstr(
            sum(amount(c, nutrient) * v for c, v in zip(foods, columns, strict=True)) >= target
        )
    solver.minimize()
    values = solver.getSolution().col_value
    return {c.record.id: values[v.index] * c.grams for c, v in zip(foods, columns, strict=True)}


def broken(usual: dict[str, Usual], grams: dict[str, float], portions: list[float]) -> list[str]:
    """The limits that a change of so many grams a day of each food breaks."""

    def change(nutrient: str) -> float:
        return sum((food(i).nutrients.get(nutrient) or 0.0) * g / 100 for i, g in grams.items())

    found = []
    if abs(change("energy")) > 0.05 * usual["energy"].median + 1:
        found.append("energy")
    if change("sodium") > 1:
        found.append("sodium")
    for name, one in usual.items():
        by = change(name)
        if one.ul and counts_food(one) and name != "sodium" and one.high + by > one.ul and by > 0:
            found.append(f"upper level of {name}")
        after = chance_after(one, by)
        if after is not None and after > max(LEVEL, (one.inadequate or 0) + WORSE) + 0.001:
            found.append(f"{name} short")
    if any(abs(7 * p - round(7 * p)) > 0.01 or p > 1.001 for p in portions):
        found.append("portions")
    return found


def main() -> None:
    busy: dict[str, list[float]] = {}
    rows = {"plain linear programme": [], "planner, first plan": [], "planner, up to three": []}  # type: ignore[var-annotated]
    known = knowledge()
    pool()
    size = {c.record.id: c.grams for c in pool()}
    for text in DIARIES.values():
        days: list[Day] = read_diary(text)
        for person in PEOPLE.values():
            usual = usual_intakes(known, days, person)
            for wanted in WANTED:
                for way in WAYS:
                    limits = said_limits(way)
                    targets = {n: t for n in wanted if (t := needed(usual[n])) > 0}
                    if not targets:
                        continue
                    start = time.perf_counter()
                    grams = {
                        i: g for i, g in plain(targets, frozenset(limits.groups)).items() if g > 0.1
                    }
                    rows["plain linear programme"].append(
                        (
                            time.perf_counter() - start, len(grams), 1.0, 0.0,
                            broken(usual, grams, [g / size[i] for i, g in grams.items()]), 1,
                        )
                    )  # fmt: skip
                    for name, count in (("planner, first plan", 1), ("planner, up to three", 3)):
                        start, cpu = time.perf_counter(), time.process_time()
                        found = plans(days, usual, wanted, limits=limits, count=count)
                        spent = (time.perf_counter() - start) / count
                        busy.setdefault(name, []).append((time.process_time() - cpu) / count)
                        for plan in found or []:
                            by = {c.food: 0.0 for c in plan.changes}
                            for c in plan.changes:
                                by[c.food] += c.grams * c.times / 7
                            rows[name].append(
                                (
                                    spent, len(plan.changes), sum(plan.met.values()) / len(plan.met), plan.gap,
                                    broken(usual, by, [abs(c.times) / 7 for c in plan.changes if c.times > 0]),
                                    len(found),
                                )
                            )  # fmt: skip
                        if not found:
                            rows[name].append((spent, 0, 0.0, 0.0, [], 0))
    first = statistics.median(r[0] for r in rows["plain linear programme"])
    print(
        f"{'':24}{'plans':>6}{'median':>9}{'worst':>9}{'ratio':>7}{'changes':>9}{'met':>6}{'gap':>7}{'broken':>8}"
    )
    for name, all_rows in rows.items():
        times = [r[0] for r in all_rows]
        print(
            f"{name:24}{len(all_rows):>6}{statistics.median(times) * 1e3:>6.0f} ms{max(times) * 1e3:>6.0f} ms"
            f"{statistics.median(times) / first:>7.1f}{np.mean([r[1] for r in all_rows]):>9.1f}"
            f"{np.mean([r[2] for r in all_rows]):>6.0%}{np.mean([r[3] for r in all_rows]):>7.1%}"
            f"{np.mean([len(r[4]) for r in all_rows]):>8.1f}"
        )
        if name in busy:
            cpu = sorted(busy[name])
            print(
                f"    processor time of one plan: median {statistics.median(cpu) * 1e3:.0f} ms, "
                f"nine of ten under {cpu[int(0.9 * len(cpu))] * 1e3:.0f} ms"
            )
        kinds: dict[str, int] = {}
        for r in all_rows:
            for b in r[4]:
                kinds[b] = kinds.get(b, 0) + 1
        if kinds:
            print(
                "    broken: "
                + ", ".join(f"{k} {v}" for k, v in sorted(kinds.items(), key=lambda x: -x[1]))
            )
    print(
        "changes, met, gap and broken: means over the plans (27 diary and person and target sets x 3 diets)"
    )


if __name__ == "__main__":
    main()

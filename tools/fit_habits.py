"""How often people eat each kind of food of the short form, such that its sums meet the survey's mean intakes.

    python tools/fit_habits.py [--data FOLDER]

The survey's files here tell nutrients, not foods. Judged frequencies (`expected` in habits.yaml) are moved as
little as possible (least squares on logarithms) so that the kinds of food together bring no more than the mean
intake of each nutrient and, of energy, about 85 % (the rest is not asked for). With --data the survey's only
question on a food, milk, is laid beside the form's: what people who often drink it eat more than those who
never do.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import yaml
from scipy.optimize import least_squares

from stillwell.knowledge.store import knowledge
from stillwell.nutrition.foods.record import data
from stillwell.nutrition.intake.habits import population_mean, questions

OUT = Path(__file__).parents[1] / "src/stillwell/nutrition/data/habits_usual.yaml"
ASKED = 0.85  # share of the diet that the form asks for: judgement
SPREAD_LOG, SPREAD_MEAN = (
    0.35,
    0.10,
)  # how far a judged frequency, and a nutrient's share, may be off


def means(sex: str) -> dict[str, float]:
    """Survey mean of each nutrient over the age bands."""
    rows = [r for r in knowledge().base.usual_intakes if r.sex == sex]
    found: dict[str, list[float]] = {}
    for row in rows:
        found.setdefault(row.nutrient, []).append(population_mean(row))
    return {n: float(np.mean(v)) for n, v in found.items()}


def fit(sex: str) -> tuple[dict[str, float], dict[str, float]]:
    """(question -> times a week, nutrient -> share of the survey's mean that the form's foods bring)."""
    asked = questions()
    expected = {r["id"]: float(r["expected"][sex]) for r in data("habits.yaml")["questions"]}
    mean = means(sex)
    nutrients = [n for n in mean if n not in ("sodium",)]  # salt is in what is not asked
    brings = np.array([[q.per_portion[n] / 7 / mean[n] for n in nutrients] for q in asked])
    start = np.log([expected[q.id] for q in asked])
    share = np.array([1.0 if n in ("caffeine", "alcohol") else ASKED for n in nutrients])

    def off(log_times: np.ndarray) -> np.ndarray:
        return np.r_[
            (np.exp(log_times) @ brings - share) / SPREAD_MEAN, (log_times - start) / SPREAD_LOG
        ]

    best = least_squares(off, start).x
    times = {q.id: round(float(np.exp(t)), 2) for q, t in zip(asked, best, strict=True)}
    reached = dict(zip(nutrients, np.exp(best) @ brings, strict=True))
    return times, {n: round(float(v), 2) for n, v in reached.items()}


def milk(folder: Path) -> None:
    """The survey's milk question beside the form's."""
    from survey import column, female, read_survey

    table = read_survey(folder)
    often, age = column(table, "milk_past_30d"), column(table, "age_years")
    weight, woman = column(table, "wt_diet_2day"), female(table) > 0.5
    glass = next(q for q in questions() if q.id == "milk").per_portion
    for nutrient, name in (("calcium", "diet_calcium_mg"), ("vitamin_d", "diet_vitamin_d_ug"),
                           ("potassium", "diet_potassium_mg"), ("phosphorus", "diet_phosphorus_mg"),
                           ("energy", "diet_energy_kcal")):  # fmt: skip
        eaten = column(table, name)
        for sex, at in (("women", woman), ("men", ~woman)):
            use = at & (age >= 20) & (weight > 0) & ~np.isnan(eaten)
            groups = [
                float(np.average(eaten[use & (often == k)], weights=weight[use & (often == k)]))
                for k in (0, 1, 2, 3)
            ]
            print(
                f"{nutrient:11} {sex:6} never {groups[0]:.0f} rarely {groups[1]:.0f} sometimes {groups[2]:.0f} "
                f"often {groups[3]:.0f}: {(groups[3] - groups[0]) / glass[nutrient]:.2f} glasses a day"
            )


def main() -> None:
    """Fit and write."""
    parser = argparse.ArgumentParser(description="Usual frequencies of the short form.")
    parser.add_argument("--data", type=Path)
    arguments = parser.parse_args()
    found: dict[str, dict[str, float]] = {}
    for sex in ("female", "male"):
        times, reached = fit(sex)
        print(sex, reached)
        for name, value in times.items():
            found.setdefault(name, {})[sex] = value
    text = "# Made by tools/fit_habits.py: times a week; do not edit by hand.\n"
    text += yaml.safe_dump(found, default_flow_style=None, sort_keys=False)
    OUT.write_text(text, encoding="utf-8")
    if arguments.data:
        milk(arguments.data)


if __name__ == "__main__":
    main()

"""Usual intakes beside the survey's own tables, group by group, and what a diary does to the priors.

python tools/validate_food.py --data FOLDER
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import pandas as pd

from stillwell.case.model import Person
from stillwell.knowledge.store import knowledge
from stillwell.nutrition.intake.usual import usual_intakes

BANDS = {"20-30": 25.0, "31-50": 40.0, "51-70": 60.0, "71+": 75.0, ">70": 75.0, "71-150": 75.0}
UNIT = {"_mg": "", "_ug": "", "_dfe": "", "_g": ""}


def _ours(name: str) -> str:
    for end in UNIT:
        name = name.removesuffix(end)
    return name.removesuffix("_dfe")


def by_group(data: Path) -> list[str]:
    """Shares under the EAR of men and women by age: ours beside the survey's table, same groups."""
    table = pd.read_csv(data / "usual_intake.csv")
    rows: dict[str, list[tuple[float, float, float, float]]] = {}
    for one in table.itertuples():
        name, age = _ours(str(one.nutrient)), BANDS.get(str(one.age))
        if age is None or str(one.reference) != "EAR":
            continue
        usual = usual_intakes(knowledge(), [], Person(age=age, sex=str(one.sex))).get(name)  # type: ignore[arg-type]
        if usual is not None and usual.ear is not None:
            below = float(np.mean(usual.draws < usual.ear))  # the table cuts at the EAR
            rows.setdefault(name, []).append(
                (below, float(one.below_food), float(usual.draws.mean()), float(one.mean_food))
            )
    out = ["Shares of men and women of four age bands under the EAR (cut point), ours and the survey's own table of the same groups; mean usual "
           "intake likewise. Food alone.", "",
           "| nutrient | groups | ours | survey table | largest difference | mean intake, ours over table |",
           "| --- | --- | --- | --- | --- | --- |"]  # fmt: skip
    for name, found in sorted(rows.items()):
        at = np.array(found)
        far = float(np.abs(at[:, 0] - at[:, 1]).max())
        ratio = at[:, 2] / at[:, 3]
        out.append(
            f"| {name.replace('_', ' ')} | {len(at)} | {at[:, 0].mean():.0%} | {at[:, 1].mean():.0%} | "
            f"{100 * far:.0f} points | {ratio.min():.2f} to {ratio.max():.2f} |"
        )
    return out


def percentiles() -> list[str]:
    """Usual intakes of women and men of 31 to 50 years."""
    out = ["Usual intakes a day of people of 40 years (10th, 50th, 90th percentile), within-person variance taken out:", "",
           "| nutrient | women | men |", "| --- | --- | --- |"]  # fmt: skip
    both = [usual_intakes(knowledge(), [], Person(age=40.0, sex=s)) for s in ("female", "male")]  # type: ignore[arg-type]
    for name, usual in both[0].items():
        cells = [
            " / ".join(_said(float(v)) for v in np.quantile(u[name].draws, [0.1, 0.5, 0.9]))
            for u in both
        ]
        out.append(f"| {name.replace('_', ' ')} ({usual.unit}) | {cells[0]} | {cells[1]} |")
    return out


def _said(value: float) -> str:
    return f"{value:.0f}" if value >= 100 else f"{value:.2g}"


def diary_and_priors() -> list[str]:
    """What is eaten moves a prior only where it foretold measured lacks of people left out of the fit."""
    out = ["A diary moves the prior of a lack only where what people said they ate foretold measured lacks in survey cycles left out of the fit, "
           "by more than two standard errors of the fall in log loss:", "",
           "| lack | fall of the held-out log loss (standard error) | used |", "| --- | --- | --- |"]  # fmt: skip
    for name, prior in sorted(knowledge().base.fitted_priors.items()):
        held = prior.held_out
        used = any(t.variable.startswith("intake:") for t in prior.terms)
        if "intake_gain" in held:
            said = f"{held['intake_gain']:.5f} ({held['intake_gain_se']:.5f})"
        elif "log_loss_without_intake" in held:
            said = f"{held['log_loss_without_intake'] - held['log_loss']:.5f} (not worked out)"
        else:
            said = "not asked"
        out.append(f"| {name.replace('_', ' ')} | {said} | {'yes' if used else 'no'} |")
    out += ["", "Magnesium, calcium, thiamin, vitamins B6 and E, copper: no measured lack of enough people in the survey; a diary does not move "
            "these priors, it shows only the probability of inadequacy."]  # fmt: skip
    return out


def food_lines(data: Path | None) -> list[str]:
    """The lines for docs/validation.md."""
    found = [*(by_group(data) if data else []), "", *percentiles(), "", *diary_and_priors(), ""]
    found += [
        "The short form (23 questions): fitted frequencies bring 0.64 to 1.0 of the survey's mean intake of each nutrient and 0.87 of its energy "
        "(tools/fit_habits.py). The survey's one question on a food, milk: people who often drink it take in more calcium, vitamin D, potassium and "
        "phosphorus than those who never do, by 1.1 to 1.5 glasses a day of milk. The survey has no other question on foods, so the form's slope for "
        "other foods is a judgement."
    ]
    found += ["", "Weak points: folate of packaged foods is carried to folate equivalents by kind of food (judgement); alcohol is worked out from energy "
              "that other nutrients leave unexplained; caffeine of brands differs by half; survey foods are American (enriched flour, vitamin D milk).", ""]  # fmt: skip
    return found


def main() -> None:
    """Print them."""
    parser = argparse.ArgumentParser(description="Usual intakes beside the survey's tables.")
    parser.add_argument("--data", type=Path)
    print("\n".join(food_lines(parser.parse_args().data)))


if __name__ == "__main__":
    main()

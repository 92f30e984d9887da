"""Within- and between-person variation of intakes from two recalled days, written as knowledge.

    python tools/fit_intakes.py --data FOLDER [--out FILE]

Intakes are carried to a power scale that makes them nearly normal (Nusser et al. 1996,
doi:10.1080/01621459.1996.10476646); the within-person variance is half the variance of the difference of a
person's two days, the between-person variance what remains of that of their mean.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import yaml
from survey import column, female, read_survey

OUT = (
    Path(__file__).parents[1]
    / "src"
    / "stillwell"
    / "knowledge"
    / "data"
    / "usual_intakes"
    / "us_adults.yaml"
)
NUTRIENTS = {
    "energy": ("diet_energy_kcal", "kcal"), "protein": ("diet_protein_g", "g"), "fibre": ("diet_fibre_g", "g"),
    "thiamin": ("diet_thiamin_mg", "mg"), "vitamin_b6": ("diet_vitamin_b6_mg", "mg"),
    "folate": ("diet_folate_dfe_ug", "ug"), "vitamin_b12": ("diet_vitamin_b12_ug", "ug"),
    "vitamin_c": ("diet_vitamin_c_mg", "mg"), "vitamin_d": ("diet_vitamin_d_ug", "ug"),
    "vitamin_e": ("diet_vitamin_e_mg", "mg"), "calcium": ("diet_calcium_mg", "mg"),
    "phosphorus": ("diet_phosphorus_mg", "mg"), "magnesium": ("diet_magnesium_mg", "mg"),
    "iron": ("diet_iron_mg", "mg"), "zinc": ("diet_zinc_mg", "mg"), "copper": ("diet_copper_mg", "mg"),
    "potassium": ("diet_potassium_mg", "mg"), "sodium": ("diet_sodium_mg", "mg"),
    "niacin": ("diet_niacin_mg", "mg"), "selenium": ("diet_selenium_ug", "ug"),
    "caffeine": ("diet_caffeine_mg", "mg"), "alcohol": ("diet_alcohol_g", "g"),
}  # fmt: skip
BANDS = ((18, 30), (31, 50), (51, 70), (71, 120))
POWERS = (0.1, 0.2, 0.25, 0.33, 0.5)
# not taken every day or by everybody: at a power of a half the mean is kept whatever the share of zeros
EPISODIC = ("caffeine", "alcohol")


def skewness(x: np.ndarray, w: np.ndarray) -> float:
    m = np.average(x, weights=w)
    s = np.sqrt(np.average((x - m) ** 2, weights=w))
    return float(np.average(((x - m) / s) ** 3, weights=w))


def takers(one: np.ndarray, two: np.ndarray, w: np.ndarray) -> dict[str, float]:
    """Share of people who take it at all, and of days on which they do, from two days without and with it.

    With a share c of takers who take it on a share d of days, cd of days and cd2 of pairs of days hold some.
    """
    a_day = float(np.average(np.r_[one > 0, two > 0], weights=np.r_[w, w]))
    both = float(np.average((one > 0) & (two > 0), weights=w))
    days = both / a_day
    return {"takers": float(f"{min(a_day / days, 1.0):.3g}"), "taken_on": float(f"{days:.3g}")}


def main() -> None:
    """Fit every nutrient, sex and age band."""
    parser = argparse.ArgumentParser(description="Variation of intakes within and between people.")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=OUT)
    arguments = parser.parse_args()
    data = read_survey(arguments.data)
    woman, age = female(data) > 0.5, column(data, "age_years")
    weight = column(data, "wt_diet_2day")
    rows = []
    for name, (source, unit) in NUTRIENTS.items():
        one, two = column(data, f"{source}_day1"), column(data, f"{source}_day2")
        both = ~np.isnan(one) & ~np.isnan(two) & (weight > 0)
        if both.sum() < 1000:
            continue
        powers = (0.5,) if name == "alcohol" else POWERS
        power = min(powers, key=lambda p: abs(skewness(one[both] ** p, weight[both])))
        for sex in ("female", "male"):
            for low, high in BANDS:
                at = both & (woman == (sex == "female")) & (age >= low) & (age <= high)
                a, b, w = one[at] ** power, two[at] ** power, weight[at]
                within = float(np.average((a - b) ** 2, weights=w) / 2)
                mean = (a + b) / 2
                centre = float(np.average(mean, weights=w))
                between = max(
                    float(np.average((mean - centre) ** 2, weights=w)) - within / 2, 0.05 * within
                )
                more = takers(one[at], two[at], w) if name in EPISODIC else {}
                rows.append({
                    "nutrient": name, "unit": unit, "sex": sex, "ages": [low, high], "power": power,
                    "mean": float(f"{centre:.5g}"), "between": float(f"{between:.4g}"),
                    "within": float(f"{within:.4g}"), "n": int(at.sum()), **more, "cite": "nhanes",
                })  # fmt: skip
        print(name, power, rows[-1])
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    text = "# Made by tools/fit_intakes.py from two recalled days of each person; do not edit by hand.\n"
    text += "".join(
        "- " + yaml.safe_dump(r, default_flow_style=True, width=4000, sort_keys=False) for r in rows
    )
    arguments.out.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()

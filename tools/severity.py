"""Whether those more at risk of a deficiency have it more severely, by the survey.

    python tools/severity.py --data FOLDER

For each fitted prior: among people who have the deficiency, the slope of the log-odds of its severe form on the
log-odds of their fitted risk (weighted logistic regression; the standard error takes people as independent), and
the severe share in each quarter of risk. These are the `severe_rises` of the causes.
"""

from __future__ import annotations

import argparse
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
from survey import column, female, outcome, read_survey, what_is_known

from stillwell.assess.fitted_prior import fitted_probability
from stillwell.inference.network import Floats
from stillwell.knowledge.loader import load

ANAEMIC = (120.0, 130.0)  # g/L, women and men: WHO
# what is severe; where the cause's own bound leaves too few people, the nearest that does not
SEVERE = {
    "low_vitamin_d": ("vitamin_d_25oh_nmol_l", 15.0),
    "low_iron": ("haemoglobin_g_l", None),
    "low_vitamin_b12": ("haemoglobin_g_l", None),
    "low_folate": ("haemoglobin_g_l", None),
    "low_potassium": ("potassium_mmol_l", 3.2),
    "low_sodium": ("sodium_mmol_l", 130.0),
    "low_phosphate": ("phosphate_mmol_l", 0.65),
}


def severe(data: pd.DataFrame, cause: str) -> Floats:
    """(N,) 1 where it would be severe, nan where that was not measured."""
    source, bound = SEVERE[cause]
    value = column(data, source)
    limit = np.where(female(data) > 0.5, *ANAEMIC) if bound is None else np.full(len(data), bound)
    return np.where(np.isnan(value), np.nan, (value < limit).astype(float))


def slope(x: Floats, y: Floats, weight: Floats) -> tuple[float, float]:
    """Slope of the log-odds of `y` on `x`, and its standard error."""
    design = np.stack([np.ones_like(x), x - x.mean()], axis=1)
    b = np.zeros(2)
    for _ in range(50):
        p = 1 / (1 + np.exp(-design @ b))
        bread = design.T @ ((p * (1 - p) * weight)[:, None] * design)
        b = b + np.linalg.solve(bread, design.T @ (weight * (y - p)))
    return float(b[1]), float(np.sqrt(np.linalg.inv(bread)[1, 1]))


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True, help="folder of person-level files")
    data = read_survey(parser.parse_args().data)
    known = what_is_known(data, {})
    base = load()[0]
    weight, woman, age = column(data, "wt_exam"), female(data), column(data, "age_years")
    print(
        f"{'cause':18}{'people':>8}{'severe':>8}{'slope':>8}{'se':>6}  severe share by quarter of risk"
    )
    for cause in SEVERE:
        worst = severe(data, cause)
        risk = fitted_probability(base.fitted_priors[cause], woman, age, known)
        held = (outcome(data, cause) == 1) & ~np.isnan(worst)
        x, y = np.log(risk[held]) - np.log1p(-risk[held]), worst[held]
        w = weight[held] / weight[held].mean()
        found, error = slope(x, y, w)
        edges = np.quantile(x, [0, 0.25, 0.5, 0.75, 1])
        quarters = [
            np.average(y[(x >= a) & (x <= b)], weights=w[(x >= a) & (x <= b)])
            for a, b in pairwise(edges)
        ]
        shares = ", ".join(f"{100 * q:.1f} %" for q in quarters)
        print(f"{cause:18}{held.sum():8}{int(y.sum()):8}{found:8.2f}{error:6.2f}  {shares}")


if __name__ == "__main__":
    main()

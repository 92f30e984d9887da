"""How well the shipped priors foretell deficiencies in person-level survey files.

    python tools/validate_priors.py --data FOLDER [--json] [--by-cycle]

FOLDER holds parquet files in the layout of the shared survey data (any cycles). Nothing is fitted
here: the coefficients in the knowledge base are applied to people whom they may never have seen.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
import pandas as pd
from fit_priors import weights, with_intakes
from measures import measures
from survey import (
    OUTCOMES,
    column,
    female,
    outcome,
    read_survey,
    reliability_of_one_day,
    what_is_known,
)

from stillwell.assess.fitted_prior import base_log_odds, fitted_probability
from stillwell.inference.network import Floats
from stillwell.knowledge.schema import FittedPrior
from stillwell.knowledge.store import knowledge

RELIABILITY = (
    0.4  # of one recalled day, where the folder has no table of variances: about the median
)


def reliability(data: pd.DataFrame, folder: Path) -> dict[str, Floats]:
    """From the folder's own table, else one typical value for all."""
    from survey import INTAKES

    found = reliability_of_one_day(data, folder)
    return found or {name: np.full(len(data), RELIABILITY) for name in INTAKES}


def check(
    data: pd.DataFrame, known: dict[str, Floats], prior: FittedPrior, rows: Floats
) -> dict[str, float] | None:
    """Measures of one prior on some rows; None where too few were measured."""
    y, w = outcome(data, prior.id), weights(data, prior.id)
    seen = ~np.isnan(y) & (w > 0) & (rows > 0)
    if seen.sum() < 100 or np.nansum(y[seen]) < 5:
        return None
    woman, age = female(data)[seen], column(data, "age_years")[seen]
    here = {k: v[seen].copy() for k, v in known.items()}
    with_intakes(prior.terms, here, woman, age, w[seen])
    p = fitted_probability(prior, woman, age, here)
    alone = 1 / (1 + np.exp(-base_log_odds(prior, woman, age)))
    found = measures(y[seen], p, w[seen])
    found["auc_age_and_sex"] = measures(y[seen], alone, w[seen])["auc"]
    found["n"], found["cases"] = int(seen.sum()), int(y[seen].sum())
    found["observed"] = float(np.average(y[seen], weights=w[seen]))
    found["expected"] = float(np.average(p, weights=w[seen]))
    return found


def main() -> None:
    """Print a table, a row per nutrient (and cycle)."""
    parser = argparse.ArgumentParser(description="Check the shipped priors on a survey.")
    parser.add_argument("--data", type=Path, required=True, help="folder of person-level files")
    parser.add_argument("--by-cycle", action="store_true", help="a row for each cycle too")
    parser.add_argument("--json", action="store_true", dest="as_json")
    arguments = parser.parse_args()
    data = read_survey(arguments.data)
    known = what_is_known(data, reliability(data, arguments.data))
    cycles = data["cycle"].astype(str).to_numpy()
    result: dict[str, dict[str, dict[str, float]]] = {}
    for name, prior in sorted(knowledge().base.fitted_priors.items()):
        parts = {"all": np.ones(len(data))}
        if arguments.by_cycle:
            parts |= {c: (cycles == c).astype(float) for c in np.unique(cycles)}
        result[name] = {
            part: found
            for part, rows in parts.items()
            if (found := check(data, known, prior, rows))
        }
    if arguments.as_json:
        print(json.dumps(result, indent=2))
        return
    print(
        f"{'nutrient':17}{'cycle':12}{'n':>7}{'cases':>7}{'AUC':>7}{'Brier':>8}{'ECE':>8}{'slope':>7}{'intercept':>10}{'observed':>10}{'expected':>10}"
    )
    for name in OUTCOMES:
        if not result.get(name):
            why = "no fitted prior" if name not in result else "not measured here"
            print(f"{name:17}{why}")
        for part, m in result.get(name, {}).items():
            print(
                f"{name:17}{part:12}{m['n']:7.0f}{m['cases']:7.0f}{m['auc']:7.3f}{m['brier']:8.4f}"
                f"{m['ece']:8.4f}{m['slope']:7.2f}{m['intercept']:10.2f}{m['observed']:10.4f}{m['expected']:10.4f}"
            )


if __name__ == "__main__":
    main()

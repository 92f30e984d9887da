"""Priors fitted on a survey: a spline of age for each sex and what else is known of a person.

The same functions serve one person, a table of people, and the fit itself. Natural cubic spline basis:
Hastie, Tibshirani, Friedman 2009, The Elements of Statistical Learning, section 5.2.1.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from stillwell.inference.network import Floats
from stillwell.knowledge.schema import FittedPrior, FittedTerm

BANDS = ((18, 39), (40, 59), (60, 74), (75, 120))
OLDEST = 80.0  # the survey gives no exact age above


def age_basis(age: Floats, knots: Sequence[float]) -> Floats:
    """(N, K) natural cubic spline basis of age with K knots: constant, line, K - 2 curves."""
    x = np.clip(np.asarray(age, dtype=float), knots[0], OLDEST) / 10
    k = np.asarray(knots, dtype=float) / 10
    last = k[-1]

    def curve(knot: float) -> Floats:
        found: Floats = (np.maximum(x - knot, 0) ** 3 - np.maximum(x - last, 0) ** 3) / (
            last - knot
        )
        return found

    end = curve(float(k[-2]))
    columns = [np.ones_like(x), x - 5]
    columns += [(curve(float(knot)) - end) / 10 for knot in k[:-2]]
    return np.stack(columns, axis=-1)


def age_band(age: Floats) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    """Index of the age band of `BANDS`; people under 18 count as the first."""
    return np.searchsorted([b[0] for b in BANDS[1:]], np.asarray(age), side="right")


def base_log_odds(prior: FittedPrior, female: Floats, age: Floats) -> Floats:
    """(N,) log-odds by sex and age alone; `female` holds 1 or 0."""
    basis = age_basis(age, prior.knots)
    women, men = basis @ np.asarray(prior.female), basis @ np.asarray(prior.male)
    result: Floats = np.where(np.asarray(female) > 0.5, women, men)
    return result


def term_input(term: FittedTerm, value: Floats, female: Floats, age: Floats) -> Floats:
    """(N,) x of one term: what its coefficient multiplies; nan where the value is unknown.

    `value` is 0/1 for a flag, kg/m2 for bmi, and the usual intake in the term's unit for an intake.
    """
    if term.mean:
        mean = np.asarray(term.mean)[np.where(np.asarray(female) > 0.5, 0, 1), age_band(age)]
        with np.errstate(divide="ignore", invalid="ignore"):
            result: Floats = np.log(value) - mean
        return np.clip(result, -2.0, 2.0)
    return (np.asarray(value, dtype=float) - term.around) / term.scale


def term_shift(term: FittedTerm, value: Floats, female: Floats, age: Floats) -> Floats:
    """(N,) shift in log-odds that knowing `value` brings; 0 where it is nan (unknown)."""
    centre = np.asarray(term.centre)[np.where(np.asarray(female) > 0.5, 0, 1), age_band(age)]
    shift = term.coefficient * term_input(term, value, female, age) - centre
    result: Floats = np.where(np.isnan(shift), 0.0, shift)
    return result


def fitted_probability(
    prior: FittedPrior, female: Floats, age: Floats, values: Mapping[str, Floats]
) -> Floats:
    """(N,) probability of the cause for people of whom `values` is known (missing or nan: unknown)."""
    log_odds = base_log_odds(prior, female, age)
    for term in prior.terms:
        if term.variable in values:
            log_odds = log_odds + term_shift(term, values[term.variable], female, age)
    result: Floats = 1 / (1 + np.exp(-log_odds))
    return result

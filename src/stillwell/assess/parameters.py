"""Numbers with their uncertainty: the median and spread of each, and redraws from them.

A probability is drawn from a logit-normal, an odds ratio from a log-normal, whose central 95 %
matches the interval of its source; where a source gives only a sample size, the spread is that of
the estimated log-odds.
"""

from __future__ import annotations

from functools import lru_cache
from math import exp, log, log1p, sqrt
from typing import Any

import numpy as np

from stillwell.inference.network import Floats

EDGE = 1e-6
Z_95 = 3.919928


# log-odds by which a count lies off the number that was made from a word before: of 151 links of this base whose
# word was later replaced by a count, told by the word and the sign (docs/frequency_words.md)
WORDED_SD = 0.86


@lru_cache(maxsize=8192)  # some 13,000 at a start, of a few hundred probabilities
def logit(p: float) -> float:
    """Log-odds of a probability, kept within one in a million of 0 and 1."""
    p = EDGE if p < EDGE else 1 - EDGE if p > 1 - EDGE else p
    return log(p) - log1p(-p)


def expit(x: Floats) -> Floats:
    """Probability of log-odds."""
    result: Floats = 1.0 / (1.0 + np.exp(-x))
    return result


def range_90(values: Floats) -> tuple[Floats, Floats]:
    """The 5 % and 95 % quantiles over the first axis, as `numpy.quantile`, which loads masked arrays first."""
    ordered = np.sort(values, axis=0)

    def at(share: float) -> Floats:
        place = share * (len(ordered) - 1)
        low = int(place)
        below, above, t = ordered[low], ordered[min(low + 1, len(ordered) - 1)], place - low
        between: Floats = (
            below + (above - below) * t if t < 0.5 else above - (above - below) * (1 - t)
        )
        return between

    return at(0.05), at(0.95)


@lru_cache(maxsize=8192)
def spread(p: float, interval: tuple[float, float] | None, n: int | None) -> float:
    """Standard deviation of the log-odds of a probability."""
    if interval is not None:
        return min((logit(interval[1]) - logit(interval[0])) / Z_95, 2.5)
    if n:
        return 1.0 / sqrt(max(n * p * (1 - p), 0.5))
    return 1.0


def spread_log(interval: tuple[float, float] | None, n: int | None) -> float:
    """Standard deviation of the logarithm of a ratio or rate."""
    if interval is not None:
        low, high = max(interval[0], 1e-9), max(interval[1], 1e-9)
        return min((log(high) - log(low)) / Z_95, 2.0)
    return 1.0 / sqrt(n) if n else 0.5


def slope_spread(interval: tuple[float, float] | None) -> float:
    """Standard deviation of a slope whose central 95 % is its source's interval."""
    return 0.0 if interval is None else (interval[1] - interval[0]) / Z_95


def prior_median(record: Any) -> tuple[float, float]:
    """Log-odds and spread of a `Prior`: prevalence, or incidence turned into four weeks' prevalence."""
    if record.p is not None:
        return logit(record.p), spread(record.p, record.interval, record.n)
    weeks = (4.0 + record.lasts_weeks) / 52.18
    p = 1.0 - exp(-record.incidence_per_100000_year / 1e5 * weeks)
    return logit(p), spread_log(record.interval, record.n)

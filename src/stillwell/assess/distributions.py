"""Class-conditional distributions of laboratory tests, and panels of tests read together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import erf, log, pi, sqrt

import numpy as np

from stillwell.case.labs import Result, reference_range
from stillwell.inference.network import Floats
from stillwell.knowledge import schema as s

# share of results that say nothing of the blood (mix-ups, haemolysed or mislabelled samples):
# judgement, wide; it bounds how far a single result can move the odds
GROSS_ERROR = 0.01
# share of a wide component where densities are compared: shapes differ from the normal, and markers of one
# nutrient disagree more often than normal tails allow (a raised methylmalonic acid with an ordinary B12): judgement
GROSS_DENSITY = 0.05
# where the value is what defines the cause, people without it have values beyond its limit only by
# measurement and day-to-day noise: this share of the spread among the healthy (judgement)
NOISE = 0.3
# no value makes a state less likely than this against the likeliest one: the tails of the fitted normals are
# not known so far out, and a state that is impossible could not be brought back by anything else: judgement
LEAST = 1e-9
# beyond so many standard deviations outside the outermost class the shape is not known: a value further out
# says as much as one there (else a very high magnesium would speak for a low one): judgement
KNOWN = 2.0
# outside this many (99.7 % of a normal) of every class the report says that the value is like none that is known
UNHEARD = 3.0
STEPS = 33  # values looked at between a result and the class it lies beyond


def _cdf(x: float, mean: float, sd: float) -> float:
    return 0.5 * (1.0 + erf((x - mean) / (sd * sqrt(2.0))))


def _scaled(value: float, test: s.Test) -> float:
    return log(max(value, 1e-9)) if test.scale == "log" else value


def lab_activation(
    test: s.Test, measure: s.Measures, side: str
) -> tuple[float | None, float | None, float]:
    """P(result beyond the range on this side | state), P(marked | beyond), and the log-odds' spread."""
    usual = reference_range(test, None, None, None)
    bound = usual.low if side == "low" else usual.high
    if bound is None:
        return None, None, 0.0
    beyond = _beyond(bound, test, measure, side)
    if beyond < 0.03:
        return None, None, 0.0
    far = test.marked_low if side == "low" else test.marked_high
    marked = None
    if far is not None:
        marked = min(_beyond(far, test, measure, side) / beyond, 0.99)
    return min(beyond, 0.99), marked, 0.5


def _beyond(bound: float, test: s.Test, d: s.Distribution, side: str) -> float:
    below = _cdf(_scaled(bound, test), d.mean, d.sd)
    clean = below if side == "low" else 1 - below
    return (1 - GROSS_ERROR) * clean + GROSS_ERROR * 0.5


def marked_shares(test: s.Test, side: str) -> float:
    """P(marked | beyond the range) in people with none of the causes."""
    usual = reference_range(test, None, None, None)
    bound = usual.low if side == "low" else usual.high
    far = test.marked_low if side == "low" else test.marked_high
    if far is None or bound is None or not test.normal:
        return 0.02
    d = test.normal[0]
    return min(
        max(_beyond(far, test, d, side) / max(_beyond(bound, test, d, side), 1e-6), 0.005), 0.5
    )


@dataclass(frozen=True)
class Grade:
    """How high or low a result is: relative likelihood given each producer, at most `TOP`."""

    leak: float
    causes: dict[tuple[str, str], float]  # (cause, state or "any")


@dataclass(frozen=True)
class Grades:
    """The same for the results of N people: (N,) each."""

    leak: Floats
    causes: dict[tuple[str, str], Floats]


TOP = 0.95  # the likelihoods are relative: the largest is set to this
MARKED = 0.1  # share of a cause's results that are marked where its file does not say: judgement


def is_graded(test: s.Test, side: str) -> bool:
    """Whether it can be told how far out a value of this test lies on this side."""
    usual = reference_range(test, None, None, None)
    bound = usual.low if side == "low" else usual.high
    far = test.marked_low if side == "low" else test.marked_high
    if bound is None or far is None or bound <= 0:
        return False
    return _scaled(far, test) != _scaled(bound, test)


def grade_result(
    test: s.Test, side: str, result: Result, causes: dict[str, s.Cause]
) -> Grade | None:
    """How likely a result as far out as this one is, given who produced it; see `grade_values`.

    Returns None where the distance cannot be told.
    """
    if result.value is None or not is_graded(test, side):
        return None
    value = np.array([result.value])
    found = grade_values(test, side, value, causes, capped=bool(result.censored))
    return Grade(float(found.leak[0]), {key: float(w[0]) for key, w in found.causes.items()})


def grade_values(
    test: s.Test, side: str, values: Floats, causes: dict[str, s.Cause], *, capped: bool = False
) -> Grades:
    """How likely results as far out as these are, given who produced them.

    Beyond the range, a cause with a distribution of its own gives its normal density; one of which only
    the share of marked results is known gives an exponential fall (on the test's scale) that leaves
    this share beyond the threshold; so does whatever is not listed, with the share among the healthy.

    Args:
        values: (N,) in the test's unit, of a test and side that `is_graded`.
        capped: they are bounds ("<" or ">").
    """
    usual = reference_range(test, None, None, None)
    bound = usual.low if side == "low" else usual.high
    far = test.marked_low if side == "low" else test.marked_high
    assert bound is not None and far is not None
    start, step = _scaled(bound, test), abs(_scaled(far, test) - _scaled(bound, test))
    out = -1.0 if side == "low" else 1.0

    def weights(x: Floats) -> tuple[Floats, dict[tuple[str, str], Floats]]:
        """Log weight of whatever is not listed, and of each cause, of values on the test's scale."""
        away = np.maximum(out * (x - start) / step, 0.0)
        found = {
            (cause.id, effect.state): _fall(
                MARKED if effect.marked is None else effect.marked, away, capped
            )
            for cause in causes.values()
            for effect in cause.labs
            if effect.lab == test.id and effect.side == side
        }
        for measure in test.measures:
            beyond = max(_beyond(bound, test, measure, side), 1e-3)
            if capped:
                below = np.vectorize(_cdf, otypes=[float])(x, measure.mean, measure.sd)
                shape = (below if side == "low" else 1 - below) / beyond
            else:
                z = (x - measure.mean) / measure.sd
                shape = np.exp(-0.5 * z * z) / (measure.sd * sqrt(2 * pi)) * step / beyond
            found[(measure.cause, measure.state)] = np.log(np.maximum(shape, GROSS_ERROR))
        return _fall(marked_shares(test, side), away, capped), found

    # beyond the furthest class the value on the way that speaks most for a cause: a worse result never calms
    value = scaled_values(values, test)
    means = [out * m.mean for m in test.measures if out * m.mean > out * start]
    if means:
        beyond = np.flatnonzero(out * value > max(means))
        if len(beyond):
            path = _path(out * max(means), value[beyond])
            leak, found = weights(path)
            most = np.maximum.reduce(list(found.values())) if found else np.zeros_like(leak)
            best = np.argmax(most - leak, axis=0)
            value[beyond] = path[best, np.arange(len(beyond))]
    leak, found = weights(value)
    top = np.maximum.reduce([leak, *found.values()])

    def relative(weight: Floats) -> Floats:
        share: Floats = TOP * np.maximum(np.exp(weight - top), LEAST)
        return share

    return Grades(relative(leak), {key: relative(w) for key, w in found.items()})


def scaled_values(values: Floats, test: s.Test) -> Floats:
    """(N,) values on the scale on which the test's distributions are given."""
    found: Floats = np.log(np.maximum(values, 1e-9)) if test.scale == "log" else values.copy()
    return found


def _path(start: float, ends: Floats) -> Floats:
    """(STEPS, N) values on the way from one value to each of the others."""
    steps: Floats = start + (ends - start) * (np.arange(STEPS) / (STEPS - 1))[:, None]
    return steps


def _fall(share: float, away: Floats, capped: bool) -> Floats:
    """Log density (or log tail, of a bound) at a distance, of an exponential fall with this share beyond 1."""
    rate = -log(min(max(share, 1e-4), 0.97))
    return (0.0 if capped else log(rate)) - rate * away


def adjusted(value: float, test: s.Test, results: dict[str, Result]) -> float:
    """The value after the factors that the test file names (CRP, kidney function); see `case.adjusted`."""
    others = {
        rule.by: np.array([other.value])
        for rule in test.adjust
        if (other := results.get(rule.by)) is not None and other.value is not None
    }
    return float(adjusted_values(np.array([value]), test, others)[0]) if others else value


def adjusted_values(values: Floats, test: s.Test, others: Mapping[str, Floats]) -> Floats:
    """(N,) values after the factors that the test file names, by the results of other tests.

    Args:
        others: test -> (N,) values, nan where there is none.
    """
    for rule in test.adjust:
        other = others.get(rule.by)
        if other is None or rule.kind != "factor" or rule.factor is None:
            continue
        holds = np.zeros(len(values), dtype=bool)
        if rule.above is not None:
            holds |= other > rule.above
        if rule.below is not None:
            holds |= other < rule.below
        values = np.where(holds, values / rule.factor, values)
    return values


@dataclass(frozen=True)
class Classes:
    """What a panel's markers are like in people with and without its cause.

    Attributes:
        used: the markers that are read.
        classes: (mean, sd) of them on their tests' scales by state, absent first.
        correlation: of the markers within a class.
    """

    used: list[str]
    classes: list[tuple[Floats, Floats]]
    correlation: Floats


def readable_markers(panel: s.Panel, cause: s.Cause, tests: dict[str, s.Test]) -> list[str]:
    """The markers of a panel whose distributions are known in every state of its cause."""
    return [
        m
        for m in panel.markers
        if tests[m].normal
        and all(_measure(tests[m], cause, k) for k in range(1, 1 + len(cause.states)))
    ]


def classes_of(
    panel: s.Panel,
    cause: s.Cause,
    tests: dict[str, s.Test],
    used: list[str],
    sex: str | None,
    age: float | None,
) -> Classes:
    """The classes of some of a panel's readable markers, for people of this sex and age."""
    at = [panel.markers.index(m) for m in used]
    correlation = np.array(panel.correlation)[np.ix_(at, at)]
    normals = [_fitting(tests[m].normal, sex, age) for m in used]
    classes = [(np.array([d.mean for d in normals]), np.array([d.sd for d in normals]))]
    for k in range(1, 1 + len(cause.states)):
        rows = [_measure(tests[m], cause, k) for m in used]
        classes.append((np.array([d.mean for d in rows if d]), np.array([d.sd for d in rows if d])))
    return Classes(used, classes, correlation)


def _classes(
    panel: s.Panel,
    cause: s.Cause,
    tests: dict[str, s.Test],
    results: dict[str, Result],
    sex: str | None,
    age: float | None,
) -> tuple[Classes, Floats] | None:
    """The classes of the markers that have values here, and the values."""
    used = [
        m
        for m in readable_markers(panel, cause, tests)
        if m in results and results[m].value is not None
    ]
    if not used:
        return None
    x = np.array([_scaled(adjusted(_value(results[m]), tests[m], results), tests[m]) for m in used])
    return classes_of(panel, cause, tests, used, sex, age), x


def panel_ratio(
    panel: s.Panel,
    cause: s.Cause,
    tests: dict[str, s.Test],
    results: dict[str, Result],
    sex: str | None,
    age: float | None,
) -> tuple[Floats, list[str]] | None:
    """Likelihood of a panel's results by state of its cause, read together; see `panel_likelihoods`.

    Returns (states + 1,) likelihoods and the tests used.
    """
    known = _classes(panel, cause, tests, results, sex, age)
    if known is None:
        return None
    classes, x = known
    return panel_likelihoods(classes, x[None], defines=panel.defines)[0], classes.used


def panel_likelihoods(known: Classes, values: Floats, *, defines: bool) -> Floats:
    """Likelihood of the results of N people by state of the panel's cause, read together.

    Multivariate normal on each test's scale, with the panel's within-class correlation, mixed with a
    wide component for gross error. A value further out than every class speaks for the furthest class at
    least as much as any value between it and that class: a worse result never calms.

    Args:
        values: (N, markers) on the tests' scales.
        defines: the value is what defines the cause.

    Returns:
        (N, states + 1) likelihoods, the largest of each person 1 and none under `LEAST`.
    """
    classes = known.classes
    x = np.clip(
        values,
        np.min([mean - KNOWN * sd for mean, sd in classes], axis=0),
        np.max([mean + KNOWN * sd for mean, sd in classes], axis=0),
    )
    centre = np.mean([m for m, _ in classes], axis=0)
    width = 2.0 * np.max([sd for _, sd in classes], axis=0) + np.ptp(
        [m for m, _ in classes], axis=0
    )
    columns = [
        _telling(np.ascontiguousarray(x[:, i]), i, classes, centre[i], width[i])
        for i in range(x.shape[1])
    ]
    wide = log(GROSS_DENSITY) + _log_density(columns, centre, width, np.eye(len(columns)))
    clean = log(1 - GROSS_DENSITY)
    ratio = [
        np.logaddexp(clean + _log_density(columns, mean, sd, known.correlation), wide)
        for mean, sd in classes
    ]
    if defines:
        ratio[0] = _log_density_within(columns, classes[0], classes[1], known.correlation)
    top = np.maximum.reduce(ratio)
    return np.stack([np.maximum(np.exp(r - top), LEAST) for r in ratio], axis=1)


def _telling(
    x: Floats, marker: int, classes: list[tuple[Floats, Floats]], centre: float, width: float
) -> Floats:
    """(N,) the values between those beyond all classes and the mean of the outer class that tell them apart most.

    On the side of the disease that is where the ratio of the last state to none is largest, on the other
    side where it is smallest; values between the outer means stay as they are.
    """
    (absent, spread), (worst, width_worst) = (
        (float(mean[marker]), float(sd[marker])) for mean, sd in (classes[0], classes[-1])
    )
    side = 1.0 if worst >= absent else -1.0

    def density(u: Floats, mean: float, sd: float) -> Floats:
        clean: Floats = log(1 - GROSS_DENSITY) - 0.5 * ((u - mean) / sd) ** 2 - log(sd)
        wide = log(GROSS_DENSITY) - 0.5 * ((u - centre) / width) ** 2 - log(width)
        return np.logaddexp(clean, wide)

    beyond = side * (x - worst) > 0
    short = ~beyond & (side * (x - absent) < 0)
    found = x.copy()
    for here, outer, best in ((beyond, worst, 1.0), (short, absent, -1.0)):
        at = np.flatnonzero(here)
        if len(at):
            path = _path(outer, x[at])
            ratio = density(path, worst, width_worst) - density(path, absent, spread)
            found[at] = path[np.argmax(best * ratio, axis=0), np.arange(len(at))]
    return found


def unheard_of(
    panel: s.Panel,
    cause: s.Cause,
    tests: dict[str, s.Test],
    results: dict[str, Result],
    sex: str | None,
    age: float | None,
) -> list[str]:
    """The tests of a panel whose values lie further out than those of people with or without its cause."""
    found = _classes(panel, cause, tests, results, sex, age)
    if found is None:
        return []
    known, x = found
    low = np.min([mean - UNHEARD * sd for mean, sd in known.classes], axis=0)
    high = np.max([mean + UNHEARD * sd for mean, sd in known.classes], axis=0)
    outside = (x < low) | (x > high)
    return [name for name, out in zip(known.used, outside, strict=True) if out]


def _log_density_within(
    x: list[Floats],
    absent: tuple[Floats, Floats],
    mild: tuple[Floats, Floats],
    correlation: Floats,
) -> Floats:
    """(N,) logarithm of the density in people without a cause that the value defines: cut at its limit.

    The limit is two standard deviations from the mean of the cause's mildest state towards the healthy.
    """
    mean, sd = absent
    side = np.sign(mild[0] - mean)
    limit = mild[0] - 2 * side * mild[1]
    within, noise = [], np.zeros_like(x[0])
    for i, value in enumerate(x):
        over = np.maximum(side[i] * (value - limit[i]), 0)
        within.append(np.where(over > 0, limit[i], value))
        noise = noise - 0.5 * (over / (NOISE * sd[i])) ** 2
    return _log_density(within, mean, sd, correlation) + noise


def _value(result: Result) -> float:
    assert result.value is not None
    return result.value


def _fitting(rows: list[s.Distribution], sex: str | None, age: float | None) -> s.Distribution:
    """The row of this sex and age; of everyone where either is unknown."""
    for row in rows:
        if row.sex == sex and age is not None and row.ages[0] <= max(age, 18) < row.ages[1] + 1:
            return row
    return next((row for row in rows if row.sex == "any"), rows[0])


def _measure(test: s.Test, cause: s.Cause, state: int) -> s.Measures | None:
    name = cause.states[state - 1]
    for row in test.measures:
        if row.cause == cause.id and row.state in ("any", name):
            return row
    return None


def _log_density(x: list[Floats], mean: Floats, sd: Floats, correlation: Floats) -> Floats:
    """(N,) logarithm of a normal density, up to a constant; `x` holds (N,) values by marker."""
    z = [(value - mean[i]) / sd[i] for i, value in enumerate(x)]
    _, log_determinant = np.linalg.slogdet(correlation)
    precision = np.linalg.inv(correlation)
    quadratic = np.zeros_like(z[0])
    for i, first in enumerate(z):
        for j, second in enumerate(z):
            quadratic = quadratic + precision[i, j] * first * second
    result: Floats = -0.5 * quadratic - 0.5 * log_determinant - np.log(sd).sum()
    return result

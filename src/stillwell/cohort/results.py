"""Laboratory results of many people: units, ranges and adjustments as columns.

Conversion, ranges and rules of adjustment are the one-case function's own; a value that it would refuse is set
aside and counted, and whoever brings one that it would ask about is left to it.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from stillwell.case.labs import reference_range
from stillwell.case.units import convert, reported_units, unit_meant
from stillwell.cohort.people import Bytes, Flags, People
from stillwell.cohort.told import Settled
from stillwell.errors import UnitError
from stillwell.inference.network import Floats
from stillwell.knowledge.base import Base
from stillwell.knowledge.schema import Test

LOW, NORMAL, HIGH, NONE = -1, 0, 1, 2
SIDES = {"low": LOW, "high": HIGH}


@dataclass
class Column:
    """The results of one test: (N,) each.

    Attributes:
        value: in the test's unit; nan where there is none.
        flag: `LOW`, `NORMAL`, `HIGH`, or `NONE` where there is no result.
        marked: beyond the threshold of a marked abnormality.
    """

    value: Floats
    flag: Bytes
    marked: Flags

    def on(self, side: str) -> Flags:
        found: Flags = self.flag == SIDES[side]
        return found


@dataclass
class Results:
    """All results of N people.

    Attributes:
        tests: test id -> its results.
        in_doubt: (N,) who brings a value that makes sense only in another unit.
        set_aside: (test, reason) -> how many values are not used.
    """

    tests: dict[str, Column]
    in_doubt: Flags
    set_aside: Counter[tuple[str, str]] = field(default_factory=Counter)


def set_impossible_aside(base: Base, people: People) -> Counter[tuple[str, str]]:
    """Take values away that are not possible, or in a unit that the test has not; counts them.

    What is left is what the one-case function would take.
    """
    gone: Counter[tuple[str, str]] = Counter()
    for (test_id, unit), values in list(people.labs.items()):
        test = base.tests[test_id]
        here = ~np.isnan(values)
        if not here.any():
            del people.labs[test_id, unit]
            continue
        try:
            own = _converted(values, unit, test)
        except UnitError:
            gone[test_id, "unit_not_known"] += int(here.sum())
            del people.labs[test_id, unit]
            continue
        low, high = test.possible
        wrong = here & ~((low <= own) & (own <= high))
        if wrong.any():
            gone[test_id, "not_possible"] += int(wrong.sum())
            people.labs[test_id, unit] = np.where(wrong, np.nan, values)
    return gone


def _converted(values: Floats, unit: str, test: Test) -> Floats:
    """Values in the test's own unit: `convert` is arithmetic, and works on arrays. Raises UnitError."""
    many: Any = values
    found: Floats = np.asarray(convert(many, unit, test), dtype=np.float64)
    return found


def read_results(base: Base, people: People, settled: Settled) -> Results:
    """The results of people whose impossible values were set aside."""
    count = len(people)
    values: dict[str, Floats] = {}
    doubt = np.zeros(count, dtype=bool)
    for (test_id, unit), raw in sorted(people.labs.items()):
        test = base.tests[test_id]
        own = _converted(raw, unit, test)
        doubt |= _doubtful(raw, unit, test)
        before = values.get(test_id)
        values[test_id] = own if before is None else np.where(np.isnan(before), own, before)
    found = {
        name: _column(base.tests[name], _adjusted(name, values, base), settled)
        for name in sorted(values)
    }
    return Results(found, doubt)


def _doubtful(raw: Floats, unit: str, test: Test) -> Flags:
    """Whose value makes sense only in another unit than the one told."""
    found = np.zeros(len(raw), dtype=bool)
    reported = {u: convert(1.0, u, test) for u in reported_units(test, test.id)}
    size = convert(1.0, unit, test)
    if any(abs(size / s - 1) < 1e-6 for s in reported.values()):
        return found  # a unit in which laboratories report it
    different, own = np.unique(raw, return_inverse=True)
    said = [not np.isnan(v) and bool(unit_meant(float(v), unit, test, test.id)) for v in different]
    result: Flags = np.array(said, dtype=bool)[own]
    return result


def _adjusted(name: str, values: dict[str, Floats], base: Base) -> Floats:
    """The values after linear rules of adjustment (`case.adjusted`)."""
    value = values[name]
    for rule in base.tests[name].adjust:
        other = values.get(rule.by)
        if other is None or rule.kind != "linear" or rule.slope is None or rule.around is None:
            continue
        value = np.where(np.isnan(other), value, value + rule.slope * (rule.around - other))
    return value


def _column(test: Test, value: Floats, settled: Settled) -> Column:
    ranges = [reference_range(test, p.sex, p.age, p.pregnant) for p in settled.persons]
    low = np.array([-np.inf if r.low is None else r.low for r in ranges])[settled.whom]
    high = np.array([np.inf if r.high is None else r.high for r in ranges])[settled.whom]
    flag = np.full(len(value), NORMAL, dtype=np.int8)
    flag[value > high] = HIGH
    flag[value < low] = LOW
    flag[np.isnan(value)] = NONE
    marked = np.zeros(len(value), dtype=bool)
    if test.marked_low is not None:
        marked |= value < test.marked_low
    if test.marked_high is not None:
        marked |= value > test.marked_high
    return Column(value, flag, marked)


__all__ = ["SIDES", "Column", "Results", "read_results", "set_impossible_aside"]

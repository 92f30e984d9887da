"""What summaries are made of: weighted sums by group and sampling unit, and nothing of a single person."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from stillwell.assess.model import model
from stillwell.cohort.assessed import Assessed
from stillwell.cohort.columns import column_of, matching, numbers, states, texts
from stillwell.cohort.mapping import CohortMap
from stillwell.cohort.people import TOLD, UNKNOWN
from stillwell.cohort.told import combinations
from stillwell.cohort.urgency import LEVEL_NAMES

EVERYBODY = "everybody"
PRESENT, URGENCY, TRUTH = "present", "urgency", "truth"
BANDS = ((0, 17), (18, 39), (40, 59), (60, 74), (75, 120))
BINS = 400  # of a probability on the scale of its log-odds, from one in a million up
SCHEMA = pa.schema(
    [
        ("kind", pa.string()),
        ("domain", pa.string()),
        ("value", pa.string()),
        ("stratum", pa.string()),
        ("psu", pa.string()),
        ("item", pa.string()),
        ("people", pa.int64()),
        ("weight", pa.float64()),
        ("total", pa.float64()),
    ]
)
Places = NDArray[np.int64]


@dataclass
class Totals:
    """Rows of `SCHEMA`: what (`present`: expected cases of a cause, `urgency`: people of a level, `truth`:
    people of a bin of probability who have it), of which group and sampling unit, how many people of a weight
    above 0 (of `has`: those who have it), their weight, and the weighted total."""

    names: list[tuple[str, str, str, str, str, str]]
    sums: list[tuple[int, float, float]]

    def table(self) -> pa.Table:
        columns = list(zip(*self.names, strict=True)) if self.names else [()] * 6
        sums = list(zip(*self.sums, strict=True)) if self.sums else [()] * 3
        arrays = [pa.array(c, f.type) for c, f in zip([*columns, *sums], SCHEMA, strict=True)]
        return pa.table(arrays, schema=SCHEMA)


def joined_totals(tables: Iterable[pa.Table]) -> pa.Table:
    """The totals of all parts together, in the order of the parts."""
    whole = pa.concat_tables([SCHEMA.empty_table(), *tables])
    keys = SCHEMA.names[:6]
    sums = [(name, "sum") for name in SCHEMA.names[6:]]
    found = whole.group_by(keys, use_threads=False).aggregate(sums)
    found = found.select([*keys, *(f"{n}_sum" for n, _ in sums)]).rename_columns(SCHEMA.names)
    return found.sort_by([(name, "ascending") for name in keys])


def totals_of(how: CohortMap, table: pa.Table, rows: Places, answer: Assessed) -> Totals:
    """The totals of one part.

    Args:
        rows: places in the table of the people who were assessed.
    """
    found = Totals([], [])
    if not len(rows):
        return found
    at = pa.array(rows)
    part = pa.table({n: pc.take(column_of(table, n), at) for n in _needed(how)})
    weight = np.ones(len(rows))
    if how.survey is not None:
        weight = np.nan_to_num(numbers(column_of(part, how.survey.weight)).values)
    units, names = _units(how, part)
    _present(found, _domains(how, part, len(rows)), units, names, weight, answer)
    every = np.arange(len(rows))
    for level, name in enumerate(LEVEL_NAMES):
        those = every[answer.urgency == level]
        _add(found, (URGENCY, EVERYBODY, "", "", "", name), those, weight, weight[those])
    _truth(found, how, part, weight, answer)
    return found


def _needed(how: CohortMap) -> list[str]:
    survey = how.survey
    names = [*how.by, *(r.column for r in how.truth.values())]
    names += [c for c in (survey.weight, survey.stratum, survey.psu) if c] if survey else []
    for one in (how.person.age, how.person.birth_date, how.person.birth_year, how.person.sex):
        names += [one.column] if one is not None else []
    return list(dict.fromkeys(names))


def _units(how: CohortMap, part: pa.Table) -> tuple[Places, list[tuple[str, str]]]:
    """Number of each person's sampling unit, and the (stratum, unit) of each number."""
    survey = how.survey
    if survey is None or not (survey.stratum or survey.psu):
        return np.zeros(part.num_rows, dtype=np.int64), [("", "")]
    empty = ["" for _ in range(part.num_rows)]
    strata = texts(column_of(part, survey.stratum)) if survey.stratum else empty
    psus = texts(column_of(part, survey.psu)) if survey.psu else empty
    known: dict[tuple[str, str], int] = {}
    pairs = [(s or "", p or "") for s, p in zip(strata, psus, strict=True)]
    units = np.array([known.setdefault(pair, len(known)) for pair in pairs], dtype=np.int64)
    return units, list(known)


def _domains(how: CohortMap, part: pa.Table, count: int) -> dict[str, list[tuple[str, Places]]]:
    """Groups of people by sex, age and the map's columns."""
    every = np.arange(count)
    found = {EVERYBODY: [("", every)]}
    if how.person.sex is not None:
        array = column_of(part, how.person.sex.column)
        values = how.person.sex.values
        found["sex"] = [
            (name, every[matching(array, values.get(name, [name]))]) for name in ("female", "male")
        ]
    if how.person.age is not None:
        age = np.floor(numbers(column_of(part, how.person.age.column)).values)
        found["age"] = [
            (f"{low}-{high}", every[(age >= low) & (age <= high)]) for low, high in BANDS
        ]
    for name in how.by:
        told = texts(column_of(part, name))
        groups: dict[str, list[int]] = {}
        for i, value in enumerate(told):
            groups.setdefault("" if value is None else value, []).append(i)
        found[name] = [(v, np.array(groups[v])) for v in sorted(groups)]
    return found


def _present(
    found: Totals,
    domains: dict[str, list[tuple[str, Places]]],
    units: Places,
    names: list[tuple[str, str]],
    weight: NDArray[np.float64],
    answer: Assessed,
) -> None:
    """Expected cases of each cause among the adults of every group, by sampling unit.

    People are summed first by cells: those of one sampling unit who are in the same groups.
    """
    known = ~np.isnan(answer.nothing_listed)
    columns: list[NDArray[Any]] = [np.where(known, units, -1)]
    for values in domains.values():
        group = np.full(len(units), -1)
        for k, (_, those) in enumerate(values):
            group[those] = k
        columns.append(group)
    first, cell = combinations(columns)
    causes = model().causes
    sums = np.empty((len(causes), len(first)))
    for v, present in enumerate(answer.present):
        sums[v] = np.bincount(cell, weights=weight * present, minlength=len(first))
    size = len(names)
    for (domain, values), group in zip(domains.items(), columns[1:], strict=True):
        for k, (value, those) in enumerate(values):
            those = those[known[those]]
            if not len(those) and domain != EVERYBODY:
                continue
            people = np.bincount(units[those][weight[those] > 0], minlength=size)
            weights = np.bincount(units[those], weights=weight[those], minlength=size)
            here = np.flatnonzero(known[first] & (group[first] == k))
            own = units[first[here]]
            for v, cause in enumerate(causes):
                total = np.bincount(own, weights=sums[v, here], minlength=size)
                for u, (stratum, psu) in enumerate(names):
                    if weights[u] > 0 or domain == EVERYBODY:
                        found.names.append((PRESENT, domain, value, stratum, psu, cause))
                        found.sums.append((int(people[u]), float(weights[u]), float(total[u])))


def _truth(
    found: Totals, how: CohortMap, part: pa.Table, weight: NDArray[np.float64], answer: Assessed
) -> None:
    """People by bin of probability, and how many of them have it."""
    for cause, rule in how.truth.items():
        state = states(column_of(part, rule.column), rule)
        p = answer.present[model().cause_index[cause]]
        known = (state != UNKNOWN) & ~np.isnan(p) & (weight > 0)
        bins = bin_of(p)
        for b in np.unique(bins[known]):
            those = np.flatnonzero(known & (bins == b))
            has = weight[those] * (state[those] == TOLD)
            name = (TRUTH, cause, f"{b:04d}", "", "", "has")
            found.names.append(name)
            found.sums.append((int((has > 0).sum()), float(weight[those].sum()), float(has.sum())))
            name = (TRUTH, cause, f"{b:04d}", "", "", "expected")
            _add(found, name, those, weight, weight[those] * p[those])


def bin_of(p: NDArray[np.float64]) -> Places:
    """(N,) number of the bin of a probability."""
    clipped = np.clip(np.nan_to_num(p), 1e-6, 1 - 1e-6)
    log_odds = np.log(clipped) - np.log1p(-clipped)
    widest = np.log(1e6)
    found: Places = np.clip((log_odds + widest) / (2 * widest) * BINS, 0, BINS - 1).astype(np.int64)
    return found


def _add(
    found: Totals,
    name: tuple[str, str, str, str, str, str],
    those: Places,
    weight: NDArray[np.float64],
    total: Any,
) -> None:
    found.names.append(name)
    people = int((weight[those] > 0).sum())
    found.sums.append((people, float(weight[those].sum()), float(total.sum())))


__all__ = [
    "BINS", "EVERYBODY", "PRESENT", "SCHEMA", "TRUTH", "URGENCY", "Totals", "bin_of", "joined_totals",
    "totals_of",
]  # fmt: skip

"""What a map would read, without assessing anybody: coverage, units that look wrong, the first rejects."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

import numpy as np

from stillwell.case.labs import reference_range
from stillwell.case.units import convert, reported_units
from stillwell.cohort.columns import column_of, numbers
from stillwell.cohort.mapping import CohortMap
from stillwell.cohort.people import TOLD, UNKNOWN
from stillwell.cohort.reading import REASONS, Reading, read_people
from stillwell.cohort.results import set_impossible_aside
from stillwell.cohort.source import columns_in_words, lacking, plan, read_rows
from stillwell.cohort.summary import FEWEST
from stillwell.errors import UnitError
from stillwell.inference.network import Floats
from stillwell.knowledge.schema import Test
from stillwell.knowledge.store import knowledge

FIRST_REJECTS = 10
FEW = 20  # values below which no distribution is looked at
WIDE = 2.0  # times beyond the usual range at which a median is suspicious


def dry_run(source: str, how: CohortMap, aside: Mapping[str, int] | None = None) -> Iterator[str]:
    """Lines that tell what the first rows of a source hold by a map. Raises CaseError."""
    tasks = plan(source)
    table = read_rows(tasks[0], how.columns())
    reading = read_people(table, how)
    rows = sum(t.rows + t.broken for t in tasks)
    yield f"{rows:,} rows in {len(tasks)} parts; the first {table.num_rows:,} were looked at"
    files = list(dict.fromkeys(task.path for task in tasks))
    lacks, names = lacking(files, how.columns())
    for column, number in lacks.items():
        may = " (optional)" if column in how.optional_columns() else ""
        yield f"column of the map that {number} of {len(files)} files lack: {column}{may}"
    if lacks:
        yield columns_in_words(names, how.columns())
    yield from _coverage(reading)
    yield from _suspicions(how, table)
    reading.set_aside += set_impossible_aside(knowledge().base, reading.people)
    for (name, reason), number in sorted(reading.set_aside.items()):
        yield f"set aside: {name}: {number:,} values ({reason})"
    for told, number in sorted((aside or {}).items()):
        name, _, reason = told.partition(": ")
        yield f"set aside: {name}: {number:,} values ({reason})"
    refused = np.flatnonzero(reading.reason >= 0)
    yield f"rejects: {len(refused):,} rows"
    for row in refused[:FIRST_REJECTS]:
        yield f"  row {row}: {REASONS[reading.reason[row]]}"


def _coverage(reading: Reading) -> Iterator[str]:
    people = reading.people
    count = max(len(people), 1)

    def share(held: int) -> str:
        return f"{held:,} ({held / count:.0%})"

    yield f"age: {share(int((~np.isnan(people.age)).sum()))}"
    yield f"sex: {share(int((people.sex != UNKNOWN).sum()))}"
    for kind in ("findings", "history"):
        for name, column in getattr(people, kind).items():
            told = int((column == TOLD).sum())
            yield f"{kind}.{name}: {share(int((column != UNKNOWN).sum()))}, present {share(told)}"
    for kind in ("medicines", "supplements"):
        for name, column in getattr(people, kind).items():
            yield f"{kind}.{name}: taken by {share(int(column.sum()))}"
    others: Counter[str] = Counter()
    for (test, unit), values in people.labs.items():
        held = int((~np.isnan(values)).sum())
        if held >= FEWEST or _is_unit(unit, knowledge().base.tests[test]):
            yield f"labs.{test} in {unit}: {share(held)}"
        else:
            others[test] += held
    for test, held in others.items():
        yield f"labs.{test} in other spellings: {share(held)}"


def _is_unit(unit: str, test: Test) -> bool:
    """Whether it is the spelling of a unit in which the test is reported, and not somebody's free text."""
    try:
        convert(1.0, unit, test)
    except UnitError:
        return False
    return True


def _suspicions(how: CohortMap, table) -> Iterator[str]:  # type: ignore[no-untyped-def]
    for name, rule in how.lab_rules():
        values = numbers(column_of(table, rule.column)).values
        values = values[~np.isnan(values)]
        test = knowledge().base.tests[name]
        if rule.unit is not None and rule.unit_column is None and len(values) >= FEW:
            line = suspicion(values, rule.unit, test)
            if line:
                yield line


def suspicion(values: Floats, unit: str, test: Test) -> str:
    """Why the unit of some values looks wrong, with their distribution; "" where it does not."""
    usual = reference_range(test, None, None, None)
    low, high = (usual.low or 0.0) / WIDE, (usual.high or np.inf) * WIDE
    few, middle, many = np.quantile(values, [0.05, 0.5, 0.95])
    try:
        if low <= convert(float(middle), unit, test) <= high:
            return ""
    except UnitError:
        return ""
    fits = [
        u for u in reported_units(test, test.id) if low <= convert(float(middle), u, test) <= high
    ]
    meant = f"; in {' or '.join(dict.fromkeys(fits))} it would be usual" if fits else ""
    return (
        f"unit in doubt: labs.{test.id} in {unit}: 5 % {few:g}, median {middle:g}, 95 % {many:g}, "
        f"usual {usual.low if usual.low is not None else ''} to "
        f"{usual.high if usual.high is not None else ''} {test.unit}{meant}"
    )


__all__ = ["dry_run", "suspicion"]

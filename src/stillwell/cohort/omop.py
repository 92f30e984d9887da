"""The OMOP Common Data Model 5.4 as a table with one row a person: the last results, illnesses and drugs by a day."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from stillwell.cohort.drug_names import read_drug
from stillwell.cohort.mapping import Coded, CohortMap, LabRule, Number, Rule, Whom
from stillwell.cohort.source import MOST_ROWS
from stillwell.errors import CaseError
from stillwell.knowledge.base import Base
from stillwell.knowledge.store import knowledge

SEXES = {8507: "male", 8532: "female"}  # gender_concept_id
BOUNDS = (4171756, 4172704, 4171754, 4171755)  # operator_concept_id of <, >, <= and >=
KNOWN = "medicines_known"  # column: 0 where a drug was not read
MOST_DAYS = 36_500  # of a supply
NEEDED = ("person", "measurement", "condition_occurrence", "drug_exposure", "concept")


@contextmanager
def prepared(source: str, how: CohortMap) -> Iterator[tuple[str, CohortMap, Counter[str]]]:
    """Where to read people from, by which map, and what was not used ("field: reason" -> values): an OMOP folder is first brought into one table.

    The table lies in a folder of its own that is taken away afterwards. Raises CaseError.
    """
    if how.layout != "omop":
        yield source, how, Counter()
        return
    table, flat, aside = people_table(Path(source), how, knowledge().base)
    with tempfile.TemporaryDirectory(prefix="stillwell-omop-") as folder:
        path = Path(folder) / "people.parquet"
        pq.write_table(table, path, row_group_size=MOST_ROWS)
        yield str(path), flat, aside


def people_table(
    folder: Path, how: CohortMap, base: Base
) -> tuple[pa.Table, CohortMap, Counter[str]]:
    """One row a person, the map that reads it, and what was not used. Raises CaseError."""
    aside: Counter[str] = Counter()
    assert how.as_of is not None
    tables = {name: _read(folder, name) for name in NEEDED}
    concepts = _concepts(tables["concept"])
    rows = _persons(tables["person"])
    _deaths(rows, tables["person"], folder, how.as_of, aside)
    labs = _measurements(rows, tables["measurement"], concepts, how, base, aside)
    history = _conditions(rows, tables["condition_occurrence"], folder, concepts, how, aside)
    drugs = _drugs(rows, tables["drug_exposure"], concepts, how, aside)
    columns: dict[str, list[Any]] = {"person_id": list(rows)}
    for name in (
        "sex",
        "birth_date",
        "death_date",
        KNOWN,
        *labs,
        *(f"{t}_unit" for t in labs),
        *history,
        *drugs,
    ):
        columns[name] = [row.get(name) for row in rows.values()]
    flat = msgspec.structs.replace(
        how,
        layout="table",
        person=Whom(
            birth_date=Number(column="birth_date"),
            sex=Coded(column="sex"),
            death_date=Number(column="death_date"),
        ),
        labs={t: LabRule(column=t, unit_column=f"{t}_unit") for t in labs},
        history={h: Rule(column=h) for h in history},
        medicines={m: Rule(column=m) for m in drugs},
        medicines_known=Rule(column=KNOWN) if how.medicines_known else False,
    )
    return pa.table(columns), flat, aside


def _read(folder: Path, name: str) -> pa.Table:
    """A table of the model, in one file or a folder of them, with names in lower case."""
    found = sorted(p for p in folder.rglob("*.parquet") if p.stem.lower() == name)
    if not found:
        raise CaseError("IN", f"holds no {name}.parquet", "Give a folder of OMOP tables in Parquet")
    try:
        table = pa.concat_tables([pq.read_table(p) for p in found], promote_options="permissive")
    except (OSError, pa.ArrowException) as error:
        raise CaseError(
            "IN", f"{name} cannot be read ({error})", "Take it out, or mend it"
        ) from None
    return table.rename_columns([n.lower() for n in table.column_names])


def _rows(table: pa.Table, *names: str) -> Iterator[tuple[Any, ...]]:
    columns = [
        table[n].to_pylist() if n in table.column_names else [None] * table.num_rows for n in names
    ]
    return zip(*columns, strict=True)


def _concepts(table: pa.Table) -> dict[int, tuple[str, str, str]]:
    """concept -> (vocabulary, code, name)"""
    wanted = ("concept_id", "vocabulary_id", "concept_code", "concept_name")
    return {i: (str(v), str(c), str(n)) for i, v, c, n in _rows(table, *wanted)}


def _persons(table: pa.Table) -> dict[Any, dict[str, Any]]:
    found: dict[Any, dict[str, Any]] = {}
    wanted = ("person_id", "gender_concept_id", "year_of_birth", "month_of_birth", "day_of_birth")
    for person, gender, year, month, day in _rows(table, *wanted):
        born = (
            None if year is None else f"{int(year):04d}-{int(month or 7):02d}-{int(day or 1):02d}"
        )
        found[person] = {"sex": SEXES.get(gender), "birth_date": born, KNOWN: 1}
    return found


def _deaths(
    rows: dict[Any, dict[str, Any]],
    persons: pa.Table,
    folder: Path,
    as_of: dt.date,
    aside: Counter[str],
) -> None:
    """Put the day of death into the rows of those who died before the as-of day; nothing later is read."""
    told = list(_rows(persons, "person_id", "death_datetime"))
    told = [(person, when) for person, when in told if when is not None]
    if any(p.stem.lower() == "death" for p in folder.rglob("*.parquet")):
        told += _rows(_read(folder, "death"), "person_id", "death_date")
    for person, when in told:
        day = _day(when)
        if person not in rows:
            aside["death: person_not_known"] += 1
        elif day is None:
            aside["death: no_date"] += 1
        elif day < as_of:
            rows[person]["death_date"] = day.isoformat()


def _day(value: Any) -> dt.date | None:
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    try:
        return dt.date.fromisoformat(str(value)[:10])
    except ValueError:
        return None


def _measurements(
    rows: dict[Any, dict[str, Any]],
    table: pa.Table,
    concepts: dict[int, tuple[str, str, str]],
    how: CohortMap,
    base: Base,
    aside: Counter[str],
) -> list[str]:
    """Put each person's last result of each test into their row; returns the tests."""
    of_code = {code: test.id for test in base.tests.values() for code in test.loinc}
    tests = {
        i: of_code[code]
        for i, (kind, code, _) in concepts.items()
        if kind == "LOINC" and code in of_code
    }
    whole = table.num_rows
    table = table.filter(pc.is_in(table["measurement_concept_id"], pa.array(list(tests) or [-1])))
    _count(aside, "measurement: code_not_read", whole - table.num_rows)
    wanted = (
        "person_id", "measurement_concept_id", "measurement_date", "value_as_number",
        "unit_source_value", "unit_concept_id", "operator_concept_id",
    )  # fmt: skip
    assert how.as_of is not None
    first = how.as_of - dt.timedelta(days=how.look_back.measurement)
    last: dict[tuple[Any, str], dt.date] = {}
    for person, concept, when, value, source, unit, operator in _rows(table, *wanted):
        day, test = _day(when), tests[concept]
        if why := _why_not(person in rows, day, how.as_of, first, value):
            aside[f"{test}: {why}"] += 1
            continue
        assert day is not None
        if last.get((person, test), dt.date.min) > day:
            continue
        last[person, test] = day
        bound = "<" if operator in BOUNDS else ""
        told = source or (concepts.get(unit, ("", "", ""))[1] if unit else None)
        rows[person][test], rows[person][f"{test}_unit"] = f"{bound}{float(value)}", told
    return sorted({test for _, test in last})


def _count(aside: Counter[str], name: str, number: int) -> None:
    if number:
        aside[name] += number


def _why_not(
    known: bool, day: dt.date | None, as_of: dt.date, first: dt.date | None = None, value: Any = 1
) -> str:
    """Why an entry is not read; "" where it is."""
    if not known:
        return "person_not_known"
    if day is None:
        return "no_date"
    if day > as_of:
        return "after_as_of"
    if first is not None and day < first:
        return "before_window"
    return "no_value" if value is None else ""


def _conditions(
    rows: dict[Any, dict[str, Any]],
    table: pa.Table,
    folder: Path,
    concepts: dict[int, tuple[str, str, str]],
    how: CohortMap,
    aside: Counter[str],
) -> list[str]:
    """Mark the illnesses that began by the as-of day; what no record tells stays unknown."""
    assert how.as_of is not None
    item_of = {code: item for item, codes in how.conditions.items() for code in codes}
    items = {
        i: item_of[code]
        for i, (kind, code, _) in concepts.items()
        if kind == "SNOMED" and code in item_of
    }
    if any(folder.rglob("*concept_ancestor.parquet")):
        ancestors = _read(folder, "concept_ancestor")
        for above, below in _rows(ancestors, "ancestor_concept_id", "descendant_concept_id"):
            if above in items:
                items.setdefault(below, items[above])
    found = set()
    wanted = ("person_id", "condition_concept_id", "condition_start_date")
    for person, concept, when in _rows(table, *wanted):
        if concept not in items:
            aside["condition: code_not_read"] += 1
        elif why := _why_not(person in rows, _day(when), how.as_of):
            aside[f"condition: {why}"] += 1
        else:
            rows[person][items[concept]] = 1
            found.add(items[concept])
    return sorted(found)


def _drugs(
    rows: dict[Any, dict[str, Any]],
    table: pa.Table,
    concepts: dict[int, tuple[str, str, str]],
    how: CohortMap,
    aside: Counter[str],
) -> list[str]:
    """Mark the drugs that are taken on the as-of day.

    The end of an exposure is read where it is not later than the as-of day; else it is the start and the days' supply.
    Where neither tells whether the drug is still taken, and where a drug's name is not read, it stays open which
    medicines the person takes.
    """
    assert how.as_of is not None
    after = dt.timedelta(days=how.look_back.drug)
    names: dict[int, tuple[list[str], bool]] = {}
    found = set()
    wanted = (
        "person_id", "drug_concept_id", "drug_exposure_start_date", "drug_exposure_end_date",
        "days_supply",
    )  # fmt: skip
    for person, concept, start, end, supply in _rows(table, *wanted):
        first, last = _day(start), _day(end)
        if why := _why_not(person in rows, first, how.as_of):
            aside[f"drug: {why}"] += 1
            if why == "no_date":
                rows[person][KNOWN] = 0
            continue
        assert first is not None
        later = last is not None and last > how.as_of
        if later:
            aside["drug: end_after_as_of"] += 1
            last = None
        if last is None and supply is not None and 0 < supply < MOST_DAYS:
            last = first + dt.timedelta(days=int(supply))
        if (last or first) + after < how.as_of:
            if last is None:
                aside["drug: end_not_known"] += 1
                rows[person][KNOWN] = 0
            continue
        if concept not in names:
            names[concept] = read_drug(concepts.get(concept, ("", "", ""))[2])
        told, whole = names[concept]
        if not whole:
            aside["drug: name_not_read"] += 1
            rows[person][KNOWN] = 0
        for name in told:
            rows[person][name] = 1
            found.add(name)
    return sorted(found)


__all__ = ["people_table", "prepared"]

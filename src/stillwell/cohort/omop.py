"""The OMOP Common Data Model 5.4 as a table with one row a person: the last results, illnesses and drugs by a day."""

from __future__ import annotations

import datetime as dt
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from stillwell.cohort.mapping import Coded, CohortMap, LabRule, Number, Rule, Whom
from stillwell.cohort.source import MOST_ROWS
from stillwell.cohort.taken import named
from stillwell.errors import CaseError
from stillwell.knowledge.loader import Base
from stillwell.knowledge.store import knowledge

SEXES = {8507: "male", 8532: "female"}  # gender_concept_id
BOUNDS = (4171756, 4172704, 4171754, 4171755)  # operator_concept_id of <, >, <= and >=
NEEDED = ("person", "measurement", "condition_occurrence", "drug_exposure", "concept")


@contextmanager
def prepared(source: str, how: CohortMap) -> Iterator[tuple[str, CohortMap]]:
    """Where to read people from, and by which map: an OMOP folder is first brought into one table.

    The table lies in a folder of its own that is taken away afterwards. Raises CaseError.
    """
    if how.layout != "omop":
        yield source, how
        return
    table, flat = people_table(Path(source), how, knowledge().base)
    with tempfile.TemporaryDirectory(prefix="stillwell-omop-") as folder:
        path = Path(folder) / "people.parquet"
        pq.write_table(table, path, row_group_size=MOST_ROWS)
        yield str(path), flat


def people_table(folder: Path, how: CohortMap, base: Base) -> tuple[pa.Table, CohortMap]:
    """One row a person, and the map that reads it. Raises CaseError."""
    assert how.as_of is not None
    tables = {name: _read(folder, name) for name in NEEDED}
    concepts = _concepts(tables["concept"])
    rows = _persons(tables["person"])
    labs = _measurements(rows, tables["measurement"], concepts, how, base)
    history = _conditions(rows, tables["condition_occurrence"], folder, concepts, how)
    drugs = _drugs(rows, tables["drug_exposure"], concepts, how)
    columns: dict[str, list[Any]] = {"person_id": list(rows)}
    for name in ("sex", "birth_date", *labs, *(f"{t}_unit" for t in labs), *history, *drugs):
        columns[name] = [row.get(name) for row in rows.values()]
    flat = msgspec.structs.replace(
        how,
        layout="table",
        person=Whom(birth_date=Number(column="birth_date"), sex=Coded(column="sex")),
        labs={t: LabRule(column=t, unit_column=f"{t}_unit") for t in labs},
        history={h: Rule(column=h) for h in history},
        medicines={m: Rule(column=m) for m in drugs},
    )
    return pa.table(columns), flat


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
        found[person] = {"sex": SEXES.get(gender), "birth_date": born}
    return found


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
) -> list[str]:
    """Put each person's last result of each test into their row; returns the tests."""
    of_code = {code: test.id for test in base.tests.values() for code in test.loinc}
    tests = {
        i: of_code[code]
        for i, (kind, code, _) in concepts.items()
        if kind == "LOINC" and code in of_code
    }
    table = table.filter(pc.is_in(table["measurement_concept_id"], pa.array(list(tests) or [-1])))
    wanted = (
        "person_id", "measurement_concept_id", "measurement_date", "value_as_number",
        "unit_source_value", "unit_concept_id", "operator_concept_id",
    )  # fmt: skip
    assert how.as_of is not None
    first = how.as_of - dt.timedelta(days=how.look_back.measurement)
    last: dict[tuple[Any, str], dt.date] = {}
    for person, concept, when, value, source, unit, operator in _rows(table, *wanted):
        day, test = _day(when), tests[concept]
        if person not in rows or day is None or not first <= day <= how.as_of or value is None:
            continue
        if last.get((person, test), dt.date.min) > day:
            continue
        last[person, test] = day
        bound = "<" if operator in BOUNDS else ""
        told = source or (concepts.get(unit, ("", "", ""))[1] if unit else None)
        rows[person][test], rows[person][f"{test}_unit"] = f"{bound}{float(value)}", told
    return sorted({test for _, test in last})


def _conditions(
    rows: dict[Any, dict[str, Any]],
    table: pa.Table,
    folder: Path,
    concepts: dict[int, tuple[str, str, str]],
    how: CohortMap,
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
        day = _day(when)
        if concept in items and person in rows and day is not None and day <= how.as_of:
            rows[person][items[concept]] = 1
            found.add(items[concept])
    return sorted(found)


def _drugs(
    rows: dict[Any, dict[str, Any]],
    table: pa.Table,
    concepts: dict[int, tuple[str, str, str]],
    how: CohortMap,
) -> list[str]:
    """Mark the drugs that are taken on the as-of day."""
    assert how.as_of is not None
    after = dt.timedelta(days=how.look_back.drug)
    names: dict[int, list[str]] = {}
    found = set()
    wanted = ("person_id", "drug_concept_id", "drug_exposure_start_date", "drug_exposure_end_date")
    for person, concept, start, end in _rows(table, *wanted):
        first, last = _day(start), _day(end)
        if person not in rows or first is None or first > how.as_of:
            continue
        if (last or first) + after < how.as_of:
            continue
        if concept not in names:
            names[concept] = ingredients(concepts.get(concept, ("", "", ""))[2])
        for name in names[concept]:
            rows[person][name] = 1
            found.add(name)
    return sorted(found)


def ingredients(name: str) -> list[str]:
    """The medicines of a drug concept's name that are known here, by their generic names.

    >>> ingredients("24 HR metformin hydrochloride 500 MG Oral Tablet")
    ['metformin']
    """
    found = []
    for piece in re.sub(r"[{}\[\]()]", " ", name).split(" / "):
        words = re.sub(r"^\s*\d+\s*(HR|ML|ACTUAT)\s+", "", piece, flags=re.IGNORECASE)
        words = re.split(r"\s\d", words)[0].strip()
        for told in (words, words.split(" ")[0]) if words else ():
            taken = named("medicines", told).taken
            if len(taken) == 1 and taken[0].one_of == 1 and taken[0].dose is None:
                found.append(taken[0].member or taken[0].group)
                break
    return list(dict.fromkeys(found))


__all__ = ["ingredients", "people_table", "prepared"]

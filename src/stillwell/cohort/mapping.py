"""Maps: which column of a table tells what, checked before anything is read."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any, Literal

import msgspec
import yaml
from rapidfuzz import process

from stillwell.case.units import convert
from stillwell.cohort.taken import named
from stillwell.errors import CaseError, UnitError
from stillwell.files import read_text
from stillwell.knowledge.base import Base

Value = str | float | bool
BUILT_IN = ("omop", "nhanes")


class Strict(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """Base of a map's records: unknown fields are refused."""


class Rule(Strict, kw_only=True, frozen=True):
    """When a column says that something is there.

    Attributes:
        column: its name.
        present, absent: values that say yes and no; any other value tells nothing.
        present_from, present_below: numbers from which, or below which, it is there; absent_from and
            absent_below: the same for what is not there. Where only one side is given the other is the rest.
        date: a column with the day it was told of; later than the as-of date it is not read.
        days: how far back from the as-of date it is read.
        optional: the input may lack the column.
    """

    column: str
    present: tuple[Value, ...] = (1.0,)
    absent: tuple[Value, ...] = (0.0,)
    present_from: float | None = None
    present_below: float | None = None
    absent_from: float | None = None
    absent_below: float | None = None
    date: str | None = None
    days: float | None = None
    optional: bool = False


class LabRule(Strict, kw_only=True, frozen=True):
    """A column with the results of a test.

    `unit` for all of them, or `unit_column` with the unit of each; a value without unit is set aside.
    """

    column: str
    unit: str | None = None
    unit_column: str | None = None
    date: str | None = None
    days: float | None = None
    optional: bool = False


class Coded(Strict, kw_only=True, frozen=True):
    """A column of codes: `values` gives the codes of each meaning; `unknown` those that tell nothing."""

    column: str
    values: dict[str, list[Value]] = {}
    unknown: list[Value] = []
    optional: bool = False


class Number(Strict, kw_only=True, frozen=True):
    """A column of numbers."""

    column: str
    optional: bool = False


class Whom(Strict, kw_only=True, frozen=True):
    """Who a person is. `birth_date` or `birth_year` give the age on the as-of date; who died before it is refused."""

    age: Number | None = None
    birth_date: Number | None = None
    birth_year: Number | None = None
    sex: Coded | None = None
    pregnant: Rule | None = None
    weight_kg: Number | None = None
    height_cm: Number | None = None
    death_date: Number | None = None


class Survey(Strict, kw_only=True, frozen=True):
    """The design of a survey: weight, stratum and primary sampling unit."""

    weight: str
    stratum: str | None = None
    psu: str | None = None


class LookBack(Strict, kw_only=True, frozen=True):
    """How many days before the as-of day a measurement counts, and how many after its end a drug does."""

    measurement: float = 365.0
    drug: float = 30.0


class CohortMap(Strict, kw_only=True, frozen=True):
    """How a table, or the tables of a common data model, tell of people.

    Attributes:
        layout: `table`, one row a person, or `omop`, the tables of CDM 5.4.
        key: the only column by which a person can be found again.
        as_of: nothing later is read; `as_of_column` where each person has a day of their own.
        medicines_known: whether somebody without a medicine of the map takes none of them; where a column says no,
            what else somebody takes is open.
        keep: further columns to hand through. by: columns by which summaries are given.
        truth: cause -> what shows that it is really there, for calibration; never read as evidence.
        causes: causes to write; all where empty.
        look_back, conditions: of the layout `omop`: windows, and history item -> SNOMED CT codes.
    """

    layout: Literal["table", "omop"] = "table"
    key: str
    as_of: dt.date | None = None
    as_of_column: str | None = None
    person: Whom
    findings: dict[str, list[Rule] | Rule] = {}
    history: dict[str, list[Rule] | Rule] = {}
    medicines: dict[str, list[Rule] | Rule] = {}
    supplements: dict[str, list[Rule] | Rule] = {}
    medicines_known: bool | Rule = False
    labs: dict[str, list[LabRule] | LabRule] = {}
    survey: Survey | None = None
    keep: list[str] = []
    by: list[str] = []
    truth: dict[str, Rule] = {}
    causes: list[str] = []
    look_back: LookBack = LookBack()
    conditions: dict[str, list[str]] = {}

    @property
    def digest(self) -> str:
        """Changes with anything that the map says."""
        return hashlib.sha256(msgspec.json.encode(self, order="sorted")).hexdigest()

    def columns(self) -> list[str]:
        """The columns that are read, each once."""
        return list(self._columns())

    def optional_columns(self) -> set[str]:
        """The columns that the input may lack."""
        return {name for name, needed in self._columns().items() if not needed}

    def _columns(self) -> dict[str, bool]:
        """Column -> whether the input must have it."""
        whom = self.person
        always = [self.key, self.as_of_column, *self.keep, *self.by]
        found: list[tuple[str | None, bool]] = [(name, True) for name in always]
        for one in (whom.age, whom.birth_date, whom.birth_year, whom.sex, whom.weight_kg):
            found += [(one.column, not one.optional)] if one else []
        for one in (whom.height_cm, whom.death_date):
            found += [(one.column, not one.optional)] if one else []
        rules: list[Rule | LabRule] = [*self.truth.values()]
        rules += [r for _, _, r in self.rules()]
        rules += [r for _, r in self.lab_rules()]
        rules += [whom.pregnant] if whom.pregnant else []
        rules += [self.medicines_known] if isinstance(self.medicines_known, Rule) else []
        for rule in rules:
            needed = not rule.optional
            found += [(rule.column, needed), (rule.date, needed)]
            found += [(rule.unit_column, needed)] if isinstance(rule, LabRule) else []
        if self.survey is not None:
            survey = self.survey
            found += [(name, True) for name in (survey.weight, survey.stratum, survey.psu)]
        every: dict[str, bool] = {}
        for name, needed in found:
            if name:
                every[name] = every.get(name, False) or needed
        return every

    def rules(self) -> Iterator[tuple[str, str, Rule]]:
        """(kind, name, rule) of everything that is there or not."""
        for kind in ("findings", "history", "medicines", "supplements"):
            for name, rule in getattr(self, kind).items():
                for one in rule if isinstance(rule, list) else [rule]:
                    yield kind, name, one

    def lab_rules(self) -> Iterator[tuple[str, LabRule]]:
        for name, rule in self.labs.items():
            for one in rule if isinstance(rule, list) else [rule]:
                yield name, one


def read_map(name: str, base: Base, as_of: dt.date | None = None) -> CohortMap:
    """A built-in map by its name, or one of a file, checked.

    Args:
        as_of: in the place of the map's own as-of day.

    Raises:
        CaseError: names the field, what is wrong and the way out.
    """
    if name in BUILT_IN:
        text = resources.files("stillwell.cohort").joinpath(f"maps/{name}.yaml").read_text("utf-8")
    else:
        if not Path(name).exists():
            way = f"Give a file, or one of the built-in maps: {', '.join(BUILT_IN)}"
            raise CaseError("--map", f"'{name}' is not there", way)
        text = read_text(name, "--map")
    try:
        value = yaml.safe_load(text)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        line = f" at line {mark.line + 1}" if mark else ""
        raise CaseError("--map", f"is not valid YAML{line}", "See docs/scale.md") from None
    if as_of is not None and isinstance(value, dict):
        value["as_of"] = as_of
    return checked_map(value, base)


def checked_map(value: Any, base: Base) -> CohortMap:
    """A map from plain data, with every name in it known. Raises CaseError."""
    if not isinstance(value, dict):
        raise CaseError("--map", "is no map", "Start with 'key: ...' and 'person: ...'")
    try:
        found = msgspec.convert(value, CohortMap, strict=False)
    except msgspec.ValidationError as error:
        text, _, at = str(error).partition(" - at `$")
        raise CaseError(
            f"map{at.rstrip('`')}", text.replace("`", "'"), "See docs/scale.md"
        ) from None
    tables: dict[str, dict[str, Any]] = {
        "findings": base.findings,
        "history": base.history,
        "labs": base.tests,
        "conditions": base.history,
    }
    for kind, table in tables.items():
        for name in getattr(found, kind):
            _known(f"{kind}.{name}", name, table)
    for kind in ("medicines", "supplements"):
        for name in getattr(found, kind):
            _one_medicine(kind, name)
    for name in (*found.truth, *found.causes):
        _known(f"causes.{name}", name, base.causes)
    for name, rule in found.lab_rules():
        _unit_of(name, rule, base)
    _dates(found)
    return found


def _known(field: str, name: str, table: dict[str, Any]) -> None:
    if name not in table:
        near = process.extractOne(name, list(table), score_cutoff=60)
        way = f"Did you mean '{near[0]}'?" if near else "See stillwell kb show"
        raise CaseError(f"map.{field}", "is not in the knowledge base", way)


def _one_medicine(kind: str, name: str) -> None:
    taken = named(kind, name).taken
    if not taken:
        way = "Give a generic name, or a class as 'stillwell kb show' prints it"
        raise CaseError(f"map.{kind}.{name}", "is no medicine that is known here", way)
    if len(taken) > 1 or taken[0].one_of > 1:
        ways = " or ".join(t.group for t in taken)
        raise CaseError(f"map.{kind}.{name}", "can mean several things", f"Write {ways}")


def _unit_of(name: str, rule: LabRule, base: Base) -> None:
    if rule.unit is None or rule.unit_column is not None:
        return
    try:
        convert(1.0, rule.unit, base.tests[name])
    except UnitError as error:
        raise CaseError(f"map.labs.{name}.unit", str(error)) from None


def _dates(found: CohortMap) -> None:
    whom = found.person
    if found.as_of is not None and found.as_of_column is not None:
        raise CaseError("map.as_of", "stands beside as_of_column", "Give one of them")
    dated = [r for _, _, r in found.rules() if r.date] + [r for _, r in found.lab_rules() if r.date]
    needs = dated or whom.birth_date or whom.birth_year or whom.death_date or found.layout == "omop"
    if needs and found.as_of is None and found.as_of_column is None:
        way = "Give --as-of 2025-12-31, or add as_of: or as_of_column: to the map"
        raise CaseError("map.as_of", "is needed where the map reads dates", way)


__all__ = [
    "BUILT_IN", "Coded", "CohortMap", "LabRule", "Number", "Rule", "Survey", "Whom",
    "checked_map", "read_map",
]  # fmt: skip

"""From a table with one row a person to people, by a map; what cannot be used is counted by its reason."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa

from stillwell.cohort.columns import EPOCH, blank, column_of, days, matching, numbers, states
from stillwell.cohort.mapping import CohortMap, LabRule, Rule
from stillwell.cohort.people import DENIED, SEXES, TOLD, UNKNOWN, Bytes, Flags, People
from stillwell.inference.network import Floats

OLDEST = 120
WEIGHTS, HEIGHTS = (2.0, 500.0), (40.0, 260.0)  # as in a case
DAYS_OF_YEAR = 365.2425

NEITHER = "neither_present_nor_absent"  # of a value that is not used
# reasons for which a person is not assessed
KEY_MISSING, KEY_REPEATED = "key_missing", "key_repeated"
AGE_NOT_POSSIBLE, SEX_NOT_UNDERSTOOD = "age_not_possible", "sex_not_understood"
BORN_LATER, AS_OF_MISSING = "born_after_as_of", "as_of_missing"
DIED, WEIGHT_NOT_POSSIBLE = "died_before_as_of", "weight_not_possible"
NOT_USABLE, UNREADABLE = "not_usable", "unreadable"
REASONS = (
    KEY_MISSING, KEY_REPEATED, AS_OF_MISSING, AGE_NOT_POSSIBLE, BORN_LATER, SEX_NOT_UNDERSTOOD,
    DIED, WEIGHT_NOT_POSSIBLE, NOT_USABLE, UNREADABLE,
)  # fmt: skip


@dataclass
class Reading:
    """The people of a table.

    Attributes:
        people: all its rows, also those refused.
        reason: (N,) number of the reason in `REASONS` for which a row is refused; -1: it is not.
        set_aside: (field, reason) -> values that are not used.
    """

    people: People
    reason: Bytes
    set_aside: Counter[tuple[str, str]] = field(default_factory=Counter)

    def refuse(self, those: Flags, reason: str) -> None:
        """Refuse rows that were not refused before."""
        self.reason[those & (self.reason < 0)] = REASONS.index(reason)


def read_people(table: pa.Table, how: CohortMap) -> Reading:
    """The people of a table, one a row."""
    count = table.num_rows
    people = People.unknown(count)
    found = Reading(people, np.full(count, -1, dtype=np.int8))
    _keys(table, how, found)
    as_of = _as_of(table, how, found)
    _whom(table, how, found, as_of)
    _survey(table, how, found)
    for kind, name, rule in how.rules():
        column = _dated(table, rule, as_of, found, name)
        held = getattr(people, kind)
        if kind in ("medicines", "supplements"):
            held[name] = held.get(name, np.zeros(count, dtype=bool)) | (column == TOLD)
            if kind == "medicines":  # what was not read is not "not taken"
                people.medicines_open |= _unread(table, rule)
                people.medicines_open |= rule.column not in table.column_names
        else:
            before = held.get(name, np.full(count, UNKNOWN, np.int8))
            held[name] = np.maximum(before, column)
    known = how.medicines_known
    if isinstance(known, Rule):
        column = states(column_of(table, known.column), known)
        people.medicines_known = column == TOLD
        people.medicines_open |= column == DENIED
        _count(found, "medicines_known", NEITHER, _unread(table, known))
    else:
        people.medicines_known = np.full(count, known)
    for test, lab in how.lab_rules():
        _lab(table, test, lab, as_of, found)
    for cause, rule in how.truth.items():
        _count(found, f"truth.{cause}", NEITHER, _unread(table, rule))
    return found


def _survey(table: pa.Table, how: CohortMap, found: Reading) -> None:
    """Refuse rows whose weight is none; one that is not told is 0."""
    if how.survey is None:
        return
    column = column_of(table, how.survey.weight)
    told = numbers(column)
    found.refuse(told.bad | told.bound | (told.values < 0), WEIGHT_NOT_POSSIBLE)
    _count(found, "survey.weight", "missing", np.isnan(told.values) & ~told.bad & ~told.bound)


def _unread(table: pa.Table, rule: Rule) -> Flags:
    """(N,) where a rule's column holds something that is neither present nor absent."""
    array = column_of(table, rule.column)
    found: Flags = (states(array, rule) == UNKNOWN) & ~blank(array)
    return found


def _keys(table: pa.Table, how: CohortMap, found: Reading) -> None:
    keys = column_of(table, how.key)
    found.refuse(
        np.asarray(keys.is_null(nan_is_null=True).to_numpy(zero_copy_only=False)), KEY_MISSING
    )
    if pa.types.is_null(keys.type):
        return
    own = keys.dictionary_encode().indices.to_numpy(zero_copy_only=False)
    own = np.where(np.isnan(own), -1, own).astype(np.int64)
    _, first = np.unique(own, return_index=True)
    again = np.ones(len(own), dtype=bool)
    again[first] = False
    found.refuse(again & (own >= 0), KEY_REPEATED)


def _as_of(table: pa.Table, how: CohortMap, found: Reading) -> Floats:
    """(N,) the as-of day of each person; nan where the map has none."""
    if how.as_of_column is not None:
        each = days(column_of(table, how.as_of_column))
        found.refuse(np.isnan(each), AS_OF_MISSING)
        return each
    day = np.nan if how.as_of is None else float((how.as_of - EPOCH).days)
    return np.full(table.num_rows, day)


def _whom(table: pa.Table, how: CohortMap, found: Reading, as_of: Floats) -> None:
    people, whom = found.people, how.person
    age = np.full(len(people), np.nan)
    if whom.age is not None:
        told = numbers(column_of(table, whom.age.column))
        age = told.values
        found.refuse(told.bad | told.bound, AGE_NOT_POSSIBLE)
    elif whom.birth_date is not None:
        born = days(column_of(table, whom.birth_date.column))
        found.refuse(born > as_of, BORN_LATER)
        age = _whole_years(born, as_of)
    elif whom.birth_year is not None:
        # of those born in a year half are a year older on the last of June
        year = numbers(column_of(table, whom.birth_year.column)).values
        now = as_of / DAYS_OF_YEAR + EPOCH.year
        found.refuse(year > np.floor(now), BORN_LATER)
        age = np.maximum(now - (year + 0.5), 0.0)
    found.refuse((age < 0) | (age > OLDEST), AGE_NOT_POSSIBLE)
    with np.errstate(invalid="ignore"):
        people.age = np.where((age >= 0) & (age <= OLDEST), np.floor(age), np.nan)
    if whom.sex is not None:
        array = column_of(table, whom.sex.column)
        for code, name in enumerate(SEXES):
            people.sex[matching(array, whom.sex.values.get(name, [name]))] = code
        null = np.asarray(array.is_null(nan_is_null=True).to_numpy(zero_copy_only=False))
        other = (people.sex == UNKNOWN) & ~null & ~matching(array, whom.sex.unknown)
        found.refuse(other, SEX_NOT_UNDERSTOOD)
    if whom.death_date is not None:
        found.refuse(days(column_of(table, whom.death_date.column)) < as_of, DIED)
    if whom.pregnant is not None:
        people.pregnant = _dated(table, whom.pregnant, as_of, found, "pregnant")
    for name, bounds in (("weight_kg", WEIGHTS), ("height_cm", HEIGHTS)):
        column = getattr(whom, name)
        if column is None:
            continue
        told = numbers(column_of(table, column.column))
        wrong = (told.values <= bounds[0]) | (told.values >= bounds[1])
        _count(found, name, "not_possible", wrong)
        _count(found, name, "not_a_number", told.bad | told.bound)
        setattr(people, name, np.where(wrong, np.nan, told.values))


def _whole_years(born: Floats, as_of: Floats) -> Floats:
    """(N,) age at the last birthday; nan where a day is not known."""
    known = ~(np.isnan(born) | np.isnan(as_of))
    first = np.where(known, born, 0).astype("datetime64[D]")
    last = np.where(known, as_of, 0).astype("datetime64[D]")

    def month_and_day(day: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        month = day.astype("datetime64[M]")
        number = (month - day.astype("datetime64[Y]")).astype(int)
        found: np.ndarray[Any, Any] = number * 100 + (day - month).astype(int)
        return found

    years = (last.astype("datetime64[Y]") - first.astype("datetime64[Y]")).astype(float)
    years -= month_and_day(last) < month_and_day(first)
    return np.where(known, years, np.nan)


def _dated(table: pa.Table, rule: Rule, as_of: Floats, found: Reading, name: str) -> Bytes:
    """What a rule reads, within its window: nothing from after the as-of day."""
    column = states(column_of(table, rule.column), rule)
    _count(found, name, NEITHER, _unread(table, rule))
    if rule.date is None:
        return column
    outside = _outside(table, rule, as_of, found, name, column != UNKNOWN)
    return np.where(outside, UNKNOWN, column).astype(np.int8)


def _outside(
    table: pa.Table, rule: Rule | LabRule, as_of: Floats, found: Reading, name: str, told: Flags
) -> Flags:
    """Whose entry lies after the as-of day, before the window, or on no day that can be read."""
    assert rule.date is not None
    day = days(column_of(table, rule.date))
    later, undated = told & (day > as_of), told & np.isnan(day)
    _count(found, name, "after_as_of", later)
    _count(found, name, "no_date", undated)
    outside = later | undated
    if rule.days is not None:
        old = told & (day < as_of - rule.days)
        _count(found, name, "before_window", old)
        outside = outside | old
    return outside


def _lab(table: pa.Table, test: str, lab: LabRule, as_of: Floats, found: Reading) -> None:
    told = numbers(column_of(table, lab.column))
    _count(found, test, "not_a_number", told.bad)
    _count(found, test, "only_a_bound", told.bound)
    values = told.values
    if lab.date is not None:
        outside = _outside(table, lab, as_of, found, test, ~np.isnan(values))
        values = np.where(outside, np.nan, values)
    taken = np.zeros(len(values), dtype=bool)
    for (other, _), before in found.people.labs.items():
        if other == test:  # the first column of the map that has a value holds
            taken |= ~np.isnan(before)
    values = np.where(taken, np.nan, values)
    here = ~np.isnan(values)
    if lab.unit_column is None:
        if lab.unit is None:
            _count(found, test, "no_unit", here)
            return
        _add(found.people, test, lab.unit, values)
        return
    units = column_of(table, lab.unit_column)
    left = here
    for unit in _different(units):
        those = here & matching(units, [unit])
        left = left & ~those
        if unit.strip():
            _add(found.people, test, unit, np.where(those, values, np.nan))
        else:
            left = left | those
    if lab.unit is not None:
        _add(found.people, test, lab.unit, np.where(left, values, np.nan))
    else:
        _count(found, test, "no_unit", left)


def _different(units: pa.Array) -> list[str]:
    """The different units of a column, without regard to case, in their order."""
    if pa.types.is_null(units.type):
        return []
    values = units.unique().to_pylist()
    return list(
        {str(v).strip().lower(): str(v) for v in sorted(map(str, filter(None, values)))}.values()
    )


def _add(people: People, test: str, unit: str, values: Floats) -> None:
    if not np.isnan(values).all():
        before = people.labs.get((test, unit))
        people.labs[test, unit] = (
            values if before is None else np.where(np.isnan(before), values, before)
        )


def _count(found: Reading, name: str, reason: str, those: Flags) -> None:
    number = int(those.sum())
    if number:
        found.set_aside[name, reason] += number


def day_of(number: float) -> dt.date:
    """A day from its number since 1970."""
    return EPOCH + dt.timedelta(days=int(number))


__all__ = ["REASONS", "Reading", "day_of", "read_people"]

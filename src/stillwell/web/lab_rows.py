"""A row of a lab sheet as fields to fill in, and what was filled in as a row again."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from math import isfinite

from msgspec.structs import replace

from stillwell.case.lab_names import find_test
from stillwell.case.lab_sheet import Place, Row, Sheet, labs_of
from stillwell.case.lab_sheet.checks import range_shown, side_of
from stillwell.case.model import Lab
from stillwell.case.numbers import readings
from stillwell.case.units import convert, reported_units, usual_units
from stillwell.errors import UnitError
from stillwell.knowledge.schema import Test
from stillwell.knowledge.store import knowledge
from stillwell.web.wording import words

FIELDS = ("test", "other", "bound", "value", "unit", "unit_other", "low", "high", "flag", "date")
FLAGS = ("", "LL", "L", "N", "H", "HH", "*")
BOUNDS = ("", "<", ">")
LONGEST = 80  # letters of one field
OLDEST = 1900  # a year before which nobody living has been tested


def number(value: float | None) -> str:
    """A number as people write it, with all its digits."""
    if value is None:
        return ""
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)


def told_value(lab: Lab) -> str:
    """The number of a result as people write it, or its mark."""
    return (
        number(lab.value)
        if isinstance(lab.value, int | float)
        else str(lab.value or lab.flag or "")
    )


def test_of(row: Row) -> Test | None:
    """The test of a row."""
    return knowledge().base.tests.get(row.test or "")


def fields_of(row: Row) -> dict[str, str]:
    """What the fields of a row show before anybody touches them."""
    low, high = row.reference or (None, None)
    test = test_of(row)
    return {
        "test": test.name if test else "",
        "other": "",
        "bound": row.comparator,
        "value": "" if smudged(row) else number(row.value),
        "unit": row.unit or "",
        "unit_other": "",
        "low": number(low),
        "high": number(high),
        "flag": row.flag,
        "date": row.date.isoformat() if row.date else "",
    }


def smudged(row: Row) -> bool:
    """Whether a sign of the number could not be read ("1?0"): what is left of it is no number to offer."""
    return not row.sure and re.search(r"\d\?|\?\d", row.place.words) is not None


def units_of(row: Row, typed: Mapping[str, str] | None = None) -> list[str]:
    """The units to choose from: the one that is written, then those that laboratories use.

    Args:
        typed: what stands in the fields; there the test may have been named that the row does not tell.
    """
    named = (typed or {}).get("other") or (typed or {}).get("test") or ""
    test = test_of(row) or (find_test(named, knowledge()) if named else None)
    if test is None:
        return []
    units = [row.unit or "", *reported_units(test, row.name), *usual_units(test)]
    seen: dict[str, str] = {}
    for unit in units:
        if unit and "BUN" not in unit:
            seen.setdefault(unit.lower().replace("µ", "u"), unit)
    return list(seen.values())


def value_shown(row: Row) -> str:
    """The result of a row in one line."""
    if row.value is None:
        return row.said or str(words()["tests"]["flags"].get(row.flag, ""))
    return " ".join(p for p in (row.comparator + number(row.value), row.unit) if p)


def filled_in(row: Row, typed: Mapping[str, str], today: dt.date) -> tuple[Row, dict[str, str]]:
    """The row as the person put it right, and what is wrong, by field.

    Args:
        typed: `FIELDS`; one that is not there is left as it is.
    """
    say = words()["tests"]["wrong"]
    given = {**fields_of(row), **typed}
    errors: dict[str, str] = {}
    test = _test(row, given, errors)
    value, bound = _value(given, errors)
    unit = given["unit_other"].strip() or given["unit"].strip()
    if test is not None and value is not None and "value" not in errors:
        if not unit:
            errors["unit"] = say["no_unit"]
        else:
            try:
                convert(value, unit, test)
            except UnitError as error:
                errors["unit"] = str(error)
    done = replace(
        row,
        name=row.name if test is None or test.id == row.test else test.name,
        test=test.id if test else None,
        value=value,
        said="" if value is not None else row.said,
        comparator=bound,
        unit=unit or None,
        reference=_range(given, errors),
        flag=given["flag"] if given["flag"] in FLAGS else row.flag,
        date=day_of(given["date"], today, errors),
    )
    if done.value is None and done.flag in ("", "*") and "value" not in errors:
        errors["value"] = say["no_value"]
    return done, errors


def _test(row: Row, given: Mapping[str, str], errors: dict[str, str]) -> Test | None:
    say = words()["tests"]["wrong"]
    known = knowledge()
    name = given["other"].strip() or given["test"].strip()
    now = test_of(row)
    if now is not None and name in ("", now.name):
        return now
    if not name:
        errors["test"] = say["no_test"]
        return None
    test = find_test(name, known)
    if test is None:
        errors["test"] = say["unknown_test"].format(typed=name)
    return test


def _value(given: Mapping[str, str], errors: dict[str, str]) -> tuple[float | None, str]:
    say = words()["tests"]["wrong"]
    bound = given["bound"] if given["bound"] in BOUNDS else ""
    text = given["value"].strip()
    if not text:
        return None, bound
    numbers, written = readings(text)
    if not numbers or not all(map(isfinite, numbers)):
        errors["value"] = say["no_number"].format(typed=text)
        return None, bound
    if len(numbers) > 1:
        ways = " or ".join(map(number, numbers))
        errors["value"] = say["two_numbers"].format(typed=text, ways=ways)
        return None, bound
    return numbers[0], written or bound


def _range(
    given: Mapping[str, str], errors: dict[str, str]
) -> tuple[float | None, float | None] | None:
    say = words()["tests"]["wrong"]
    ends: list[float | None] = []
    for end in ("low", "high"):
        text = given[end].strip()
        numbers, _ = readings(text)
        if text and len(numbers) != 1:
            errors[end] = say["no_number"].format(typed=text)
        ends.append(numbers[0] if len(numbers) == 1 else None)
    low, high = ends
    if low is not None and high is not None and low >= high:
        errors["low"] = say["range"]
    return None if low is None and high is None else (low, high)


def day_of(typed: str, today: dt.date, errors: dict[str, str]) -> dt.date | None:
    """A day that was typed; what is wrong with it goes into `errors`."""
    say = words()["tests"]["wrong"]
    text = typed.strip()
    if not text:
        return None
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        errors["date"] = say["date"].format(typed=text)
        return None
    if day > today or day.year < OLDEST:
        errors["date"] = say["future" if day > today else "date"].format(typed=text)
    return day


def lab_of(row: Row) -> Lab:
    """The result of a case from a row that was confirmed.

    Raises:
        CaseError: it has no test or no number and mark.
    """
    if row.value is None and row.test is not None and row.flag not in ("", "*"):
        side = {"L": "low", "H": "high", "N": "normal"}[row.flag[:1]]
        critical = row.flag in ("LL", "HH")
        return Lab(name=row.test, flag=side, critical=critical, date=row.date)  # type: ignore[arg-type]
    return labs_of(Sheet(kind="text", rows=[replace(row, previous=False)]), [0])[0]


def row_of(lab: Lab, previous: bool = False) -> Row:
    """A result that is kept, as a row to change."""
    test = find_test(lab.name, knowledge())
    numbers, bound = readings(str(lab.value)) if lab.value is not None else ([], "")
    reference = lab.reference if isinstance(lab.reference, list) else None
    flag = {"low": "L", "high": "H", "normal": "N"}.get(lab.flag or "", "")
    row = Row(
        place=Place(page=1, line=1, start=0, end=0, words=""),
        name=test.name if test and lab.name == test.id else lab.name,
        test=test.id if test else None,
        value=numbers[0] if numbers else None,
        comparator=bound,  # type: ignore[arg-type]
        unit=lab.unit,
        reference=(reference[0], reference[1]) if reference else None,
        flag=flag,  # type: ignore[arg-type]
        date=lab.date,
        previous=previous,
        sure=True,
    )
    side = flag or {"low": "L", "high": "H", "": ""}[side_of(row)]
    return replace(row, flag=side * 2) if lab.critical and side in ("L", "H") else row


def rows_shown(labs: list[Lab]) -> list[dict[str, str]]:
    """Results that are kept, each as the words of a table's cells."""
    shown = []
    for lab in labs:
        row = row_of(lab)
        test = test_of(row)
        flag = row.flag or {"low": "L", "high": "H", "": ""}[side_of(row)]
        shown.append(
            {
                "name": test.name if test else lab.name,
                "value": value_shown(row),
                "range": range_shown(row.reference) if row.reference else "",
                "flag": words()["tests"]["flags"][flag] if lab.value is not None else "",
                "date": lab.date.isoformat() if lab.date else "",
            }
        )
    return shown

"""Whether a row's number, unit, range and mark can belong together; what has to be asked where not."""

from __future__ import annotations

from stillwell.case.lab_sheet.decimals import meanings
from stillwell.case.lab_sheet.model import Row
from stillwell.case.lab_sheet.records import Record
from stillwell.case.lab_sheet.tokens import Token, is_unit
from stillwell.case.lab_sheet.words import words
from stillwell.case.units import (
    convert,
    likely_units,
    possible_units,
    reported_units,
    told_unit,
    unit_meant,
)
from stillwell.errors import UnitError
from stillwell.knowledge.schema import Test


def doubt_about(row: Row, test: Test | None, mark: str, token: Token, record: Record) -> str:
    """What has to be asked about a row of a known test, or ""; fills in what is certain."""
    said = words().said_why
    if test is None:
        return said["unknown_test"].format(name=row.name)
    if token.kind == "said" or row.value is None:
        return said["only_words"].format(said=row.said or token.text)
    numbers = meanings(token.text, mark)
    if row.unit is None:
        units = _units_without(test, row.name)
        if len(units) != 1:
            ways = " or ".join(_meant(numbers[0], test, row.name)) or test.unit
            return said["no_unit"].format(ways=ways)
        [row.unit] = units
    elif len({u.text.lower() for u in record.of("unit")}) > 1:
        return said["wrong_unit"].format(unit=row.unit, test=test.name)
    return _about_unit(row, test, numbers) or _about_range(row, test)


def _units_without(test: Test, name: str) -> list[str]:
    """The one unit of a test that is given in one only (or in several that mean the same)."""
    units = list(dict.fromkeys(reported_units(test, name)))
    sizes = {round(convert(1.0, u, test) / convert(1.0, units[0], test), 6) for u in units}
    linear = test.id != "hba1c"
    return units[:1] if len(sizes) == 1 and linear else []


def _meant(number: float, test: Test, name: str) -> list[str]:
    return [f"{number:g} {unit}" for unit in likely_units(number, test, name)[:3]]


def _about_unit(row: Row, test: Test, numbers: list[float]) -> str:
    """Ask where the number is not possible in its unit, or can be two that are."""
    said = words().said_why
    unit = told_unit(row.unit or "", row.name, test)
    try:
        low, high = test.possible
        fitting = [n for n in numbers if _fits(convert(n, unit, test), low, high, row.comparator)]
    except UnitError:
        key = "wrong_unit" if is_unit(unit) else "unknown_unit"
        return said[key].format(unit=row.unit, test=test.name)
    shown = f"{row.comparator}{numbers[0]:g} {row.unit}"
    if not fitting:
        ways = [f"{numbers[0]:g} {u}" for u in possible_units(numbers[0], test)[:2]]
        hint = said["hint"].format(ways=" or ".join(ways)) if ways else ""
        return said["impossible"].format(shown=shown, test=test.name, hint=hint)
    if len(numbers) > 1:
        return said["two_numbers"].format(ways=" or ".join(f"{n:g}" for n in numbers))
    meant = unit_meant(numbers[0], unit, test, row.name)
    if meant:
        return said["slip"].format(shown=shown, meant=f"{numbers[0]:g} {meant}")
    return ""


def _fits(value: float, low: float, high: float, comparator: str) -> bool:
    return (
        low <= value <= high
        or (comparator == "<" and 0 <= value <= high)
        or (comparator == ">" and value >= low)
    )


def _about_range(row: Row, test: Test) -> str:
    """Ask where the sheet's range cannot be this test's, or its mark says another thing."""
    said = words().said_why
    if row.reference is None:
        return ""
    unit = told_unit(row.unit or "", row.name, test)
    shown = range_shown(row.reference)
    low, high = (convert(b, unit, test) if b is not None else None for b in row.reference)
    usual_low = min((r.low for r in test.reference if r.low is not None), default=None)
    usual_high = max((r.high for r in test.reference if r.high is not None), default=None)
    above = low is not None and usual_high is not None and low > usual_high
    below = high is not None and usual_low is not None and high < usual_low
    wide = high is not None and usual_high is not None and not 0.2 < high / usual_high < 8
    if above or below or wide:
        return said["range_misfit"].format(range=shown, test=test.name, unit=row.unit)
    if row.comparator or row.previous or row.flag in ("", "*"):
        return ""
    side = side_of(row)
    if row.flag[0] != {"low": "L", "high": "H", "": "N"}[side]:
        return said["flag_misfit"].format(flag=row.flag, range=shown)
    return ""


def side_of(row: Row) -> str:
    """On which side of its range a row's number lies: "low", "high" or ""."""
    low, high = row.reference or (None, None)
    if row.value is None:
        return ""
    if low is not None and row.value < low:
        return "low"
    return "high" if high is not None and row.value > high else ""


def range_shown(bounds: tuple[float | None, float | None]) -> str:
    """A range as people write it."""
    low, high = bounds
    if low is None:
        return f"<{high:g}"
    return f"{low:g}-{high:g}" if high is not None else f">{low:g}"

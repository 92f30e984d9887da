"""Reads laboratory results: units, censoring, flags, and the laboratory's own range."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from math import isfinite, log

from stillwell.case.lab_names import find_test, nearest_test, other_specimen
from stillwell.case.model import Case, Lab, Person
from stillwell.case.numbers import readings
from stillwell.case.units import (
    convert,
    from_own_unit,
    likely_units,
    possible_units,
    told_unit,
    unit_meant,
)
from stillwell.errors import CaseError, UnitError
from stillwell.knowledge.schema import ReferenceRange, Test
from stillwell.knowledge.store import Knowledge


@dataclass(frozen=True)
class Result:
    """One result in the test's own unit.

    Attributes:
        value: the number, or the bound of a censored result; None if only a flag was given.
        censored: "<" or ">" where the laboratory gave only a bound.
        flag: low, normal or high against the laboratory's range, or ours where it gave none.
        marked: beyond the threshold of a marked abnormality.
        shown: the result as the person brought it.
        unit_brought: the unit that the person used.
        range_from_lab: whether the laboratory's own range decided the flag.
        critical: the laboratory (or the person) called it critical.
        date: when it was taken, where that was told.
        own_range: the laboratory's own range, in `unit_brought`, where it decided the flag.
        below_definition: the threshold, in the test's unit, below which a value inside its range counts as
            low here all the same (`Test.counts_as_low`); None where the value is not of that kind.
        likely_unit: the unit that was probably meant, where the value makes no sense in the one told and
            would in that; such a result is asked about and not counted.
    """

    test: str
    value: float | None
    censored: str
    flag: str
    marked: bool
    shown: str
    unit_brought: str | None
    range_from_lab: bool
    critical: bool = False
    date: dt.date | None = None
    own_range: tuple[float | None, float | None] | None = None
    below_definition: float | None = None
    likely_unit: str = ""


def reference_range(
    test: Test, sex: str | None, age: float | None, pregnant: bool | None
) -> ReferenceRange:
    """The range for this person; where sex or age is unknown the widest of those that fit."""
    fitting = [
        r
        for r in test.reference
        if (sex is None or r.sex in ("any", sex))
        and (age is None or r.ages[0] <= age < r.ages[1] + 1)
        and (r.pregnant is None or r.pregnant == bool(pregnant))
    ] or test.reference
    if pregnant and any(r.pregnant for r in fitting):
        fitting = [r for r in fitting if r.pregnant]
    lows = [r.low for r in fitting if r.low is not None]
    highs = [r.high for r in fitting if r.high is not None]
    return ReferenceRange(
        low=min(lows) if lows else None, high=max(highs) if highs else None, judgement=True
    )


def read_labs(case: Case, knowledge: Knowledge) -> tuple[dict[str, Result], list[str]]:
    """All results by test id, and a line for each that cannot be used.

    Of two results of one test the newer counts, or where that is not told the one further out of its
    range: more results never make a case look milder.

    Raises:
        CaseError: an impossible value or an unknown unit, naming the field and the likely unit.
    """
    results: dict[str, Result] = {}
    notes: list[str] = []
    for index, lab in enumerate(case.labs):
        test = find_test(lab.name, knowledge)
        if test is None:
            notes.append(_not_used(lab, knowledge))
            continue
        field = f"labs[{index}] ({lab.name})"
        found = _read(lab, test, field, case.person)
        if test.id in results:
            first = results[test.id]
            found = _which(first, found, test, case.person)
            other = first if found is not first else _read(lab, test, field, case.person)
            notes.append(
                f"{test.name} was given twice ({_dated(found)}; {_dated(other)}): "
                f"{_dated(found)} is used"
            )
        results[test.id] = found
    for name, result in results.items():
        if result.likely_unit:
            test = knowledge.base.tests[name]
            notes.append(
                knowledge.base.wording.limits["unit_in_doubt"].format(
                    test=test.name,
                    shown=result.shown,
                    meant=f"{result.shown.split()[0]} {result.likely_unit}",
                )
            )
    return results, notes


def _not_used(lab: Lab, knowledge: Knowledge) -> str:
    value = f"{lab.value:.10g}" if isinstance(lab.value, int | float) else lab.value
    shown = " ".join(str(part) for part in (lab.name, value, lab.unit, lab.flag) if part)
    specimen = other_specimen(lab.name, knowledge)
    if specimen:
        return (
            f"'{shown}' is not used: '{specimen}' is another test than the one of blood used here"
        )
    near = nearest_test(lab.name, knowledge)
    hint = f" (nearest known test: {near})" if near else ""
    return f"the test '{shown}' is not one that is used here{hint}"


def _dated(result: Result) -> str:
    return result.shown + (f" of {result.date}" if result.date else "")


def _which(first: Result, second: Result, test: Test, person: Person) -> Result:
    if first.date and second.date and first.date != second.date:
        return max(first, second, key=lambda r: r.date or dt.date.min)
    return max(first, second, key=lambda r: _how_far_out(r, test, person))


def _how_far_out(result: Result, test: Test, person: Person) -> tuple[bool, bool, bool, float]:
    usual = reference_range(test, person.sex, person.age, person.pregnant)
    bound = usual.low if result.flag == "low" else usual.high
    ratio = 0.0
    if result.value and bound:
        ratio = abs(log(max(result.value, 1e-9) / bound))
    out = result.flag != "normal"
    return result.critical, result.marked, out, ratio


def _read(lab: Lab, test: Test, field: str, person: Person) -> Result:
    if lab.value is None:
        if lab.flag is None:
            raise CaseError(field, "has neither value nor flag", "Add value and unit, or flag: low")
        shown = f"critically {lab.flag}" if lab.critical else lab.flag
        return Result(
            test.id, None, "", lab.flag, lab.critical, shown, None, True, lab.critical, lab.date
        )
    numbers, censored = _numbers(lab.value, field)
    unit = told_unit(lab.unit, lab.name, test) if lab.unit else None
    number = _only_number(numbers, unit, test, field)
    if unit is None:
        unit = _only_unit(number, test, field, lab.name)
    try:
        value = convert(number, unit, test)
    except UnitError as error:
        raise CaseError(field, str(error)) from None
    if not _possible(value, number, censored, test):
        likely = possible_units(number, test)
        way = (
            f"Did you mean {number:g} {' or '.join(likely[:2])}?" if likely else "Check the number"
        )
        raise CaseError(field, f"{number:g} {unit} is not possible for {test.name}", way)
    flag, own = flag_of(lab, number, value, censored, test, person)
    marked = lab.critical or is_marked(value, test)
    shown = f"{censored}{number:g} {unit}".strip()
    bounds = _own_range(lab.reference, field) if own and lab.flag is None else None
    return Result(
        test.id,
        value,
        censored,
        flag,
        marked,
        shown,
        unit,
        own,
        lab.critical,
        lab.date,
        bounds,
        _below_definition(value, censored, flag, test),
        unit_meant(number, unit, test, lab.name) if lab.unit else "",
    )


def _below_definition(value: float, censored: str, flag: str, test: Test) -> float | None:
    rule = test.counts_as_low
    low = rule is not None and flag == "normal" and censored != ">" and value < rule.below
    return rule.below if rule is not None and low else None


def in_doubt(result: Result, test: Test, person: Person) -> tuple[Result, Result]:
    """A result with a `likely_unit` as it was told, and as it would be in that unit."""
    number = from_own_unit(result.value or 0.0, result.unit_brought or test.unit, test)
    lab = Lab(name=test.id, value=number, unit=result.likely_unit, date=result.date)
    return result, _read(lab, test, test.name, person)


def is_marked(value: float, test: Test) -> bool:
    """Whether a value lies beyond the threshold of a marked abnormality."""
    return (test.marked_low is not None and value < test.marked_low) or (
        test.marked_high is not None and value > test.marked_high
    )


def _possible(value: float, number: float, censored: str, test: Test) -> bool:
    low, high = test.possible
    return (
        low <= value <= high
        or (censored == "<" and value <= high and number >= 0)
        or (censored == ">" and value >= low)
    )


def _numbers(value: float | str, field: str) -> tuple[list[float], str]:
    if isinstance(value, int | float):
        return [float(value)], ""
    numbers, bound = readings(value)
    if not numbers:
        raise CaseError(field, f"'{value}' is no number", 'Write 0.55, or "<0.01" for a bound')
    return numbers, bound


def _only_number(numbers: list[float], unit: str | None, test: Test, field: str) -> float:
    """The one reading of a number that is possible ("1,250" is 1250 or 1.25)."""
    if len(numbers) == 1:
        return numbers[0]
    possible = [
        n for n in numbers if (_fits(n, unit, test) if unit else bool(possible_units(n, test)))
    ]
    if len(possible) == 1:
        return possible[0]
    ways = " or ".join(f"{n:g}" for n in numbers)
    raise CaseError(field, f"a comma can mean two numbers here ({ways})", f"Write {ways}")


def _fits(number: float, unit: str, test: Test) -> bool:
    try:
        return test.possible[0] <= convert(number, unit, test) <= test.possible[1]
    except UnitError:
        return False


def _only_unit(number: float, test: Test, field: str, name: str) -> str:
    units = likely_units(number, test, name)
    if len(units) == 1:
        return units[0]
    if not units:
        raise CaseError(
            field,
            f"{number:g} is not possible for {test.name} in any usual unit",
            "Check the number",
        )
    raise CaseError(field, "has no unit", f"Add one of: {', '.join(units[:4])}")


def flag_of(
    lab: Lab, number: float, value: float, censored: str, test: Test, person: Person
) -> tuple[str, bool]:
    """(low, normal or high, whether the laboratory's own word or range says so)."""
    if lab.flag is not None:
        return lab.flag, True
    bounds = _own_range(lab.reference, f"reference of {lab.name}")
    own = bounds is not None
    if bounds is None:
        usual = reference_range(test, person.sex, person.age, person.pregnant)
        low, high, measured = usual.low, usual.high, value
    else:
        (low, high), measured = bounds, number
    if low is not None and censored != ">" and _below(measured, low, censored):
        return "low", own
    if high is not None and censored != "<" and _below(high, measured, censored):
        return "high", own
    return "normal", own


def _below(smaller: float, larger: float, censored: str) -> bool:
    """Whether one lies below the other; a bound that is equal does too ("<2.5" is below 2.5)."""
    return smaller < larger or (bool(censored) and smaller == larger)


def _own_range(reference: object, field: str) -> tuple[float | None, float | None] | None:
    """The laboratory's own range, or None where it has none that can be read.

    Raises:
        CaseError: a range is meant, and one of its numbers is none.
    """
    bounds: tuple[float | None, float | None] | None = None
    if isinstance(reference, dict):
        bounds = reference.get("low"), reference.get("high")
    elif isinstance(reference, list) and len(reference) == 2:
        bounds = reference[0], reference[1]
    elif isinstance(reference, str):
        text = reference.replace(",", ".")
        span = re.search(r"([0-9.]+)\s*(?:-|–|to)\s*([0-9.]+)", text)
        bound = re.search(r"([<>≤≥])=?\s*([0-9.]+)", text)
        try:
            if span:
                bounds = float(span.group(1)), float(span.group(2))
            elif bound:
                number = float(bound.group(2))
                bounds = (None, number) if bound.group(1) in "<≤" else (number, None)
        except ValueError:
            way = "Write 3.5-5.0 or <5.0, or leave it out"
            raise CaseError(field, f"'{reference}' is no range", way) from None
    if bounds is None or bounds == (None, None):
        return None
    if any(b is not None and not isfinite(b) for b in bounds):
        return None
    if bounds[0] is not None and bounds[1] is not None and bounds[0] >= bounds[1]:
        return None  # upside down: not a range
    return bounds


def in_unit(value: float, unit: str, test: Test) -> str:
    """A value of the test's own unit, written in another."""
    return f"{from_own_unit(value, unit, test):.3g} {unit}"


__all__ = ["Result", "find_test", "flag_of", "in_unit", "is_marked", "read_labs", "reference_range"]

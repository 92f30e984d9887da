"""Reads laboratory results: units, censoring, flags, and the laboratory's own range."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rapidfuzz import process

from stillwell.case.model import Case, Lab
from stillwell.case.units import convert, from_own_unit, possible_units
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
    """

    test: str
    value: float | None
    censored: str
    flag: str
    marked: bool
    shown: str
    unit_brought: str | None
    range_from_lab: bool


def find_test(name: str, knowledge: Knowledge) -> Test | None:
    """The test that a laboratory or a person calls by this name."""
    tests = knowledge.base.tests
    key = " ".join(name.lower().replace("_", " ").split())
    if name in tests:
        return tests[name]
    names = {
        w.lower(): t for t in tests.values() for w in (t.id.replace("_", " "), t.name, *t.words)
    }
    if key in names:
        return names[key]
    near = process.extractOne(key, list(names), score_cutoff=88) if len(key) >= 5 else None
    return names[near[0]] if near else None


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

    Raises:
        CaseError: an impossible value or an unknown unit, naming the field and the likely unit.
    """
    results: dict[str, Result] = {}
    unused: list[str] = []
    for index, lab in enumerate(case.labs):
        test = find_test(lab.name, knowledge)
        if test is None:
            near = process.extractOne(lab.name.replace(" ", "_"), list(knowledge.base.tests))
            hint = f" (nearest known test: {near[0]})" if near else ""
            unused.append(f"the test '{lab.name}' is not one that is used here{hint}")
            continue
        field = f"labs[{index}] ({lab.name})"
        results[test.id] = _read(lab, test, field, case)
    return results, unused


def _read(lab: Lab, test: Test, field: str, case: Case) -> Result:
    person = case.person
    if lab.value is None:
        if lab.flag is None:
            raise CaseError(field, "has neither value nor flag", "Add value and unit, or flag: low")
        return Result(test.id, None, "", lab.flag, False, lab.flag, None, True)
    number, censored = _number(lab.value, field)
    unit = lab.unit or _only_unit(number, test, field)
    try:
        value = convert(number, unit, test)
    except UnitError as error:
        raise CaseError(field, str(error)) from None
    low, high = test.possible
    if not (
        low <= value <= high
        or (censored == "<" and value <= high and number >= 0)
        or (censored == ">" and value >= low)
    ):
        likely = possible_units(number, test)
        way = (
            f"Did you mean {number:g} {' or '.join(likely[:2])}?" if likely else "Check the number"
        )
        raise CaseError(field, f"{number:g} {unit} is not possible for {test.name}", way)
    flag, own = _flag(lab, number, value, unit, censored, test, person)
    marked = (test.marked_low is not None and value < test.marked_low) or (
        test.marked_high is not None and value > test.marked_high
    )
    shown = f"{censored}{number:g} {unit}".strip()
    return Result(test.id, value, censored, flag, marked, shown, unit, own)


def _number(value: float | str, field: str) -> tuple[float, str]:
    if isinstance(value, int | float):
        return float(value), ""
    found = re.fullmatch(r"\s*([<>]?)=?\s*([0-9]*[.,]?[0-9]+(?:e-?\d+)?)\s*", value.lower())
    if not found:
        raise CaseError(field, f"'{value}' is no number", 'Write 0.55, or "<0.01" for a bound')
    return float(found.group(2).replace(",", ".")), found.group(1)


def _only_unit(number: float, test: Test, field: str) -> str:
    units = possible_units(number, test)
    same = [u for u in units if abs(convert(1.0, u, test) - 1.0) < 1e-9]
    if units and len(same) == len(units):
        return units[0]
    if not units:
        raise CaseError(
            field,
            f"{number:g} is not possible for {test.name} in any usual unit",
            "Check the number",
        )
    raise CaseError(field, "has no unit", f"Add one of: {', '.join(units[:4])}")


def _flag(
    lab: Lab, number: float, value: float, unit: str, censored: str, test: Test, person: object
) -> tuple[str, bool]:
    if lab.flag is not None:
        return lab.flag, True
    bounds = _own_range(lab.reference)
    own = bounds is not None
    if bounds is None:
        sex, age = getattr(person, "sex", None), getattr(person, "age", None)
        usual = reference_range(test, sex, age, getattr(person, "pregnant", None))
        low, high, measured = usual.low, usual.high, value
    else:
        (low, high), measured = bounds, number
    if low is not None and measured < low and censored != ">":
        return "low", own
    if high is not None and measured > high and censored != "<":
        return "high", own
    return "normal", own


def _own_range(reference: object) -> tuple[float | None, float | None] | None:
    if isinstance(reference, dict):
        return reference.get("low"), reference.get("high")
    if isinstance(reference, list) and len(reference) == 2:
        return reference[0], reference[1]
    if isinstance(reference, str):
        text = reference.replace(",", ".")
        span = re.search(r"([0-9.]+)\s*(?:-|–|to)\s*([0-9.]+)", text)
        if span:
            return float(span.group(1)), float(span.group(2))
        bound = re.search(r"([<>])=?\s*([0-9.]+)", text)
        if bound:
            number = float(bound.group(2))
            return (None, number) if bound.group(1) == "<" else (number, None)
    return None


def in_unit(value: float, unit: str, test: Test) -> str:
    """A value of the test's own unit, written in another."""
    return f"{from_own_unit(value, unit, test):.3g} {unit}"

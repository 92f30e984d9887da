"""Results that are read by another result: calcium by the albumin that carries most of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from stillwell.case.labs import Result, is_marked, reference_range
from stillwell.case.model import Person
from stillwell.case.units import from_own_unit
from stillwell.knowledge.store import Knowledge

ALREADY = ("adjust", "correct")  # in the name of a result that the laboratory adjusted itself


def with_adjusted(
    results: Mapping[str, Result],
    names: Mapping[str, str],
    person: Person,
    known: Knowledge,
) -> dict[str, Result]:
    """The results, those with a `linear` rule of adjustment at their adjusted value.

    The adjusted value decides the flag, unless the laboratory or the person gave the flag without a number.
    A bound, a result of doubtful unit and one that was told as adjusted stay as they are.

    Args:
        names: the name under which each result was told.

    Source: the rule in the test's own file (`adjust`).
    """
    found = dict(results)
    for name, result in results.items():
        test = known.base.tests[name]
        if result.value is None or result.censored or result.likely_unit:
            continue
        if any(word in names.get(name, "").lower() for word in ALREADY):
            continue
        value = result.value
        for rule in test.adjust:
            other = results.get(rule.by)
            if other is None or other.value is None or other.censored or other.likely_unit:
                continue
            if rule.kind == "linear" and rule.slope is not None and rule.around is not None:
                value += rule.slope * (rule.around - other.value)
        if value == result.value:
            continue
        unit = result.unit_brought or test.unit
        shown = known.base.wording.results["adjusted"].format(
            shown=result.shown, value=f"{from_own_unit(value, unit, test):.3g}"
        )
        found[name] = replace(
            result,
            value=value,
            flag=_flag(result, value, unit, known, person),
            marked=result.critical or is_marked(value, test),
            shown=shown,
        )
    return found


def _flag(result: Result, value: float, unit: str, known: Knowledge, person: Person) -> str:
    test = known.base.tests[result.test]
    low, high, measured = None, None, value
    if result.own_range is not None:
        (low, high), measured = result.own_range, from_own_unit(value, unit, test)
    elif result.range_from_lab:
        return result.flag
    else:
        usual = reference_range(test, person.sex, person.age, person.pregnant)
        low, high = usual.low, usual.high
    if low is not None and measured < low:
        return "low"
    return "high" if high is not None and measured > high else "normal"

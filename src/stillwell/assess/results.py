"""The person's results beside the reference range that was used, in the unit asked for."""

from __future__ import annotations

import msgspec

from stillwell.assess.borderline import borderline_cause
from stillwell.case.labs import Result, in_unit, reference_range
from stillwell.case.model import Person
from stillwell.case.understand import Understood
from stillwell.case.units import from_own_unit
from stillwell.knowledge.base import measured_side
from stillwell.knowledge.schema import Test
from stillwell.knowledge.store import Knowledge


class ResultLine(msgspec.Struct, frozen=True, kw_only=True):
    """One result as it is printed.

    Attributes:
        value: with its unit; a bare word where only "low" or "high" was told.
        low, high: ends of the range that decided the flag, in `unit`; None where it is open or was not told.
        own_range: whether that is the laboratory's own range (or word) and not ours.
        marked: far outside.
        below_definition: for a value inside its range that counts as low here all the same: in words, below
            what, as what, and who says so.
        borderline: for a value inside its range that speaks for a cause: the cause's name.
    """

    id: str
    name: str
    value: str
    unit: str
    low: float | None
    high: float | None
    flag: str
    own_range: bool
    marked: bool
    below_definition: str = ""
    borderline: str = ""


def result_lines(known: Knowledge, understood: Understood, units: str) -> list[ResultLine]:
    """All results that were used.

    Args:
        units: `brought` (as the person brought them), `si` or `us`.
    """
    return [
        _line(known, known.base.tests[n], r, understood.person, units)
        for n, r in understood.labs.items()
    ]


def below_definition(known: Knowledge, test: Test, result: Result, unit: str | None = None) -> str:
    """Below what a value inside its range counts as low, as what, and who says so; "" where it does not.

    Args:
        unit: the unit of the threshold as printed; None: the one that the person used.
    """
    rule, limit = test.counts_as_low, result.below_definition
    if rule is None or limit is None:
        return ""
    unit = unit or result.unit_brought or test.unit
    return known.base.wording.results["below_definition"].format(
        limit=f"{from_own_unit(limit, unit, test):.3g}",
        unit=unit,
        meaning=rule.meaning,
        whose=rule.whose,
    )


def cause_means(known: Knowledge, test: Test, result: Result, unit: str, flag: str) -> str:
    """The flag with what the cause of a test means by low, where the value is low and above that; else ""."""
    rule, value = test.counts_as_low, result.value
    if rule is None or rule.cause_below is None or value is None or not flag:
        return ""
    if not rule.cause_below <= value < rule.below:
        return ""
    cause = next((m.cause for m in test.measures if measured_side(test, m.cause) == "low"), None)
    if cause is None:
        return ""
    return known.base.wording.results["cause_means"].format(
        flag=flag,
        cause=known.base.causes[cause].name,
        limit=f"{from_own_unit(rule.cause_below, unit, test):.3g}",
        unit=unit,
    )


def _line(known: Knowledge, test: Test, result: Result, person: Person, units: str) -> ResultLine:
    unit, value = result.unit_brought or test.unit, result.shown
    wanted = {"si": test.unit, "us": test.us_unit}.get(units)
    if wanted and result.value is not None:
        unit, value = wanted, f"{result.censored}{in_unit(result.value, wanted, test)}"
    low, high = result.own_range or (None, None)
    cause = borderline_cause(known.base, person, result)
    if not result.range_from_lab:
        usual = reference_range(test, person.sex, person.age, person.pregnant)
        low, high = (
            None if bound is None else float(f"{from_own_unit(bound, unit, test):.3g}")
            for bound in (usual.low, usual.high)
        )
    elif result.unit_brought and unit != result.unit_brought:
        low, high = None, None  # the laboratory's range is in the unit that it used
    below = below_definition(known, test, result, unit)
    return ResultLine(
        id=test.id,
        name=test.name,
        value=value,
        unit=unit,
        low=low,
        high=high,
        flag=result.flag,
        own_range=result.range_from_lab,
        marked=result.marked,
        below_definition=cause_means(
            known, test, result, unit, below or ("low" if result.flag == "low" else "")
        )
        or below,
        borderline=known.base.causes[cause].name if cause else "",
    )

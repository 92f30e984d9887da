"""Which results count now, which are earlier ones, and which unit was meant."""

from __future__ import annotations

import datetime as dt

import msgspec
from msgspec.structs import replace

from stillwell.case.lab_names import find_test
from stillwell.case.lab_sheet import Row
from stillwell.case.labs import in_doubt, read_labs
from stillwell.case.model import Case, Lab, Person
from stillwell.case.units import convert, likely_units, possible_units, told_unit
from stillwell.errors import CaseError
from stillwell.knowledge.store import knowledge
from stillwell.web.lab_rows import lab_of, number, test_of

MOST_WAYS = 3
TOLD = "told"
OUT = "out"


class Doubt(msgspec.Struct, kw_only=True):
    """A result whose unit was perhaps another.

    Attributes:
        name: of the test.
        told: the result as it was told.
        told_side: low, normal or high if that is right; "" where it is not possible at all.
        ways: (unit, the result in it, low, normal or high) that may be meant; none where the number is
            possible in no usual unit.
    """

    name: str
    told: str
    told_side: str
    ways: list[tuple[str, str, str]]

    @property
    def hopeless(self) -> bool:
        """Whether there is nothing to choose from."""
        return not self.ways and not self.told_side

    @property
    def ways_out(self) -> list[str]:
        """The answers that are taken."""
        return [*(unit for unit, *_ in self.ways), *([TOLD] if self.told_side else []), OUT]


def doubt_about(row: Row, person: Person) -> Doubt | None:
    """Whether to ask which unit was meant; None where the result can be taken as it is.

    Raises:
        CaseError: it has no test, no unit or no number.
    """
    test, known = test_of(row), knowledge()
    lab = lab_of(row)
    if test is None or row.value is None:
        return None
    told = f"{row.comparator}{number(row.value)} {row.unit}"
    try:
        results, _ = read_labs(Case(person=person, labs=[lab]), known)
    except CaseError:
        likely = likely_units(row.value, test, row.name) or possible_units(row.value, test)
        ways = [(u, _in(row, u), _side(lab, u, person)) for u in likely[:MOST_WAYS]]
        return Doubt(name=test.name, told=told, told_side="", ways=ways)
    result = results.get(test.id)
    if result is None or not result.likely_unit:
        return None
    as_told, as_meant = in_doubt(result, test, person)
    unit = result.likely_unit
    ways = [(unit, _in(row, unit), as_meant.flag)]
    return Doubt(name=test.name, told=told, told_side=as_told.flag, ways=ways)


def _in(row: Row, unit: str) -> str:
    return f"{row.comparator}{number(row.value)} {unit}"


def _side(lab: Lab, unit: str, person: Person) -> str:
    """Low, normal or high of a result in another unit."""
    # against the usual range: that of the sheet is written in one of the units, we do not know which
    alone = replace(lab, unit=unit, reference=None, flag=None, critical=False)
    results, _ = read_labs(Case(person=person, labs=[alone]), knowledge())
    return next((r.flag for r in results.values()), "")


def as_meant(row: Row, answer: str) -> Row | None:
    """The row after the answer: a unit, `TOLD`, or `OUT`, which leaves none.

    Its range was written in the unit that was meant, whichever that is.
    """
    if answer == OUT:
        return None
    return _as_told(row) if answer == TOLD else replace(row, unit=answer)


def _as_told(row: Row) -> Row:
    """The row as it was told, in the test's own unit, in which nothing about it is in doubt any more."""
    test = test_of(row)
    if test is None or row.value is None or row.unit is None:
        return row
    unit = told_unit(row.unit, row.name, test)
    low, high = (
        convert(end, unit, test) if end is not None else None
        for end in row.reference or (None, None)
    )
    value = float(f"{convert(row.value, unit, test):.6g}")
    reference = (low, high) if row.reference else None
    return replace(row, name=test.name, value=value, unit=test.unit, reference=reference)


def taken_in(now: list[Lab], earlier: list[Lab], rows: list[Row]) -> tuple[list[Lab], list[Lab]]:
    """(results that count now, earlier ones, newest first) after rows were confirmed.

    Of two dated results of a test the newer counts and the older becomes an earlier one; a result
    without a day, or of the same day, takes the place of the one before.
    """
    history = [*earlier, *(lab_of(row) for row in rows if row.previous)]
    new = [lab_of(row) for row in rows if not row.previous]
    tests = {_test(lab) for lab in new}
    kept = [lab for lab in now if _test(lab) not in tests]
    for name in dict.fromkeys(_test(lab) for lab in new):
        mine = [lab for lab in new if _test(lab) == name]
        days = {lab.date for lab in mine}
        before = [o for o in now if _test(o) == name and o.date and o.date not in days]
        if None in days:
            kept += mine
            history += [o for o in before if o.date]
            continue
        both = [*mine, *before]
        newest = max(lab.date or dt.date.min for lab in both)
        kept += [lab for lab in both if lab.date == newest]
        history += [lab for lab in both if lab.date != newest]
    unique = {msgspec.json.encode(lab): lab for lab in history if lab not in kept}
    return kept, sorted(unique.values(), key=lambda lab: lab.date or dt.date.min, reverse=True)


def told_before(row: Row, now: list[Lab]) -> Lab | None:
    """A result of the same test that counts now and would be replaced."""
    if row.previous or row.test is None:
        return None
    return next((lab for lab in now if _test(lab) == row.test), None)


def _test(lab: Lab) -> str:
    test = find_test(lab.name, knowledge())
    return test.id if test is not None else lab.name.lower()


def mark(lab: Lab) -> str:
    """What tells a kept result from another that took its place in the list."""
    import hashlib

    return hashlib.sha256(msgspec.json.encode(lab)).hexdigest()[:16]

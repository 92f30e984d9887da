"""A person's results over time, and what changed from one story to the next."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from stillwell.assess.assessment import Assessment
from stillwell.assess.ranked import Because, Ranked
from stillwell.case.labs import Result, read_labs, reference_range
from stillwell.case.units import from_own_unit
from stillwell.errors import StillwellError
from stillwell.knowledge.schema import Test
from stillwell.knowledge.store import Knowledge
from stillwell.store.store import Record
from stillwell.web.charts import Chart, Value, chart
from stillwell.web.journey import Journey

Story = tuple[Record, Journey]
SHOWN = 0.1  # probability from which a cause is compared, before or after
MOVED = 0.03  # a smaller change of it is not one
WEIGHED = 0.1  # log-odds: a reason that changed less did not bring it about
MOST = 6
MOST_REASONS = 3


@dataclass(frozen=True)
class Measured:
    """One result of a day: the number in the series' unit and the words it was brought in."""

    day: dt.date
    value: float
    shown: str
    flag: str


@dataclass(frozen=True)
class Series:
    """A test that was done more than once.

    Attributes:
        low, high: the usual range of this person, in `unit`; None where an end is open.
    """

    id: str
    name: str
    unit: str
    low: float | None
    high: float | None
    points: list[Measured]
    picture: Chart


def day_of(record: Record, journey: Journey) -> dt.date:
    """The day of a story."""
    return journey.started or record.created.date()


def lab_series(stories: Sequence[Story], known: Knowledge) -> list[Series]:
    """The tests that were done more than once, in the unit in which the last was brought."""
    found: dict[str, list[tuple[dt.date, Result]]] = {}
    journeys = sorted(stories, key=lambda s: (day_of(*s), s[0].id))
    for record, journey in journeys:
        case = journey.case(known)
        for lab in case.labs:
            try:
                read, _ = read_labs(msgspec.structs.replace(case, labs=[lab]), known)
            except StillwellError:  # it is asked about where it was told
                continue
            for test, result in read.items():
                if result.value is not None and not result.likely_unit:
                    day = result.date or day_of(record, journey)
                    found.setdefault(test, []).append((day, result))
    last = journeys[-1][1] if journeys else Journey()
    made = [_series(known.base.tests[t], results, last) for t, results in found.items()]
    return sorted((s for s in made if len(s.points) > 1), key=lambda s: s.name)


def _series(test: Test, results: list[tuple[dt.date, Result]], about: Journey) -> Series:
    unit = results[-1][1].unit_brought or test.unit
    by_day: dict[dt.date, Measured] = {}
    for day, result in results:  # a story told later counts of two of one day
        value = float(f"{from_own_unit(result.value or 0.0, unit, test):.4g}")
        by_day[day] = Measured(day, value, result.shown, result.flag)
    points = [by_day[day] for day in sorted(by_day)]
    usual = reference_range(test, about.sex, about.age, about.pregnant)
    low, high = (
        None if end is None else float(f"{from_own_unit(end, unit, test):.3g}")
        for end in (usual.low, usual.high)
    )
    values = [Value(p.day, p.value, f"{p.day:%-d %b %Y}: {p.shown}") for p in points]
    picture = chart(values, band=(low, high))
    return Series(test.id, test.name, unit, low, high, points, picture)


@dataclass(frozen=True)
class ResultChange:
    """A result that is new or another one; "" before where it is new."""

    name: str
    before: str
    after: str


@dataclass(frozen=True)
class CauseChange:
    """The probability that a cause is part of the reason, before and after, and what moved it.

    Attributes:
        reasons: what was told before and what is told now, in words; either may be empty.
    """

    name: str
    before: float
    after: float
    reasons: list[tuple[str, str]]


def results_changed(before: Assessment, after: Assessment) -> list[ResultChange]:
    """The results that are new or another one."""
    old = {r.id: r.value for r in before.results}
    return [
        ResultChange(r.name, old.get(r.id, ""), r.value)
        for r in after.results
        if old.get(r.id) != r.value
    ]


def taken_changed(before: Assessment, after: Assessment) -> tuple[list[str], list[str]]:
    """(what is taken now and was not, what was and is no longer told), each with its dose as told."""
    return _new_and_gone(_taken(before), _taken(after))


def signs_changed(before: Assessment, after: Assessment) -> tuple[list[str], list[str]]:
    """(signs told now and not before, signs told before and not now: they need not be gone)."""
    return _new_and_gone(before.understood.get("present", []), after.understood.get("present", []))


def _taken(assessed: Assessment) -> list[str]:
    return [*(one.shown for one in assessed.taken), *assessed.taken_unknown]


def _new_and_gone(before: list[str], after: list[str]) -> tuple[list[str], list[str]]:
    return [n for n in after if n not in before], [n for n in before if n not in after]


def causes_changed(before: Assessment, after: Assessment) -> list[CauseChange]:
    """The likely causes whose probability moved, the one that moved most first."""
    old = {c.id: c for c in before.causes}
    new = {c.id: c for c in after.causes}
    found = []
    for name in old.keys() | new.keys():
        first, then = old.get(name), new.get(name)
        was = first.contributes if first else 0.0
        is_now = then.contributes if then else 0.0
        if max(was, is_now) < SHOWN or abs(is_now - was) < MOVED:
            continue
        words = (then or first).name  # type: ignore[union-attr]
        moved = _reasons(first, then, before, after)
        found.append(CauseChange(words, was, is_now, moved))
    return sorted(found, key=lambda c: (-abs(c.after - c.before), c.name))[:MOST]


def _reasons(
    first: Ranked | None, then: Ranked | None, before: Assessment, after: Assessment
) -> list[tuple[str, str]]:
    """What speaks otherwise for it now, the weightiest first."""
    old = {r.item: r for r in first.reasons} if first else {}
    new = {r.item: r for r in then.reasons} if then else {}
    told_before, told_after = _told(before), _told(after)
    moved: list[tuple[float, str, str]] = []
    for item in old.keys() | new.keys():
        was, is_now = old.get(item), new.get(item)
        change = _weight(is_now) - _weight(was)
        said_before = was.words if was else _same_result(is_now, after, before)
        said_after = is_now.words if is_now else _same_result(was, before, after)
        if (said_before in told_after and not said_after) or (
            said_after in told_before and not said_before
        ):
            continue  # it was told both times, and is only not listed for this cause once
        if abs(change) >= WEIGHED and said_before != said_after:
            moved.append((abs(change), said_before, said_after))
    moved.sort(key=lambda m: (-m[0], m[1], m[2]))
    return [(b, a) for _, b, a in moved[:MOST_REASONS]]


def _told(assessed: Assessment) -> set[str]:
    return {r.words for c in assessed.causes for r in c.reasons}


def _weight(reason: Because | None) -> float:
    return reason.weight if reason is not None else 0.0


def _same_result(reason: Because | None, here: Assessment, there: Assessment) -> str:
    """Where a reason is a result: the same test's result in the other story, in words; else ""."""
    if reason is None:
        return ""
    other = {r.id: f"{r.name} {r.value}" for r in there.results}
    words = [other.get(r.id, "") for r in here.results if f"{r.name} {r.value}" in reason.words]
    return ", ".join(w for w in words if w)

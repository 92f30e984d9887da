"""Results that were given and not confirmed yet: how many wait, and whether one would be an alarm if it is right."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec
from starlette.concurrency import run_in_threadpool

from stillwell.case.lab_sheet.model import Row
from stillwell.case.model import Case, Lab
from stillwell.errors import StillwellError
from stillwell.knowledge.store import knowledge
from stillwell.triage.rules import LEVELS, RED, triage
from stillwell.web.journey import Journey
from stillwell.web.lab_rows import lab_of, value_shown
from stillwell.web.work import TooBusy, Work


@dataclass(frozen=True)
class WaitingResults:
    """What waits, as a page says it.

    Attributes:
        count: results that nobody has said yes or no to.
        level: emergency or today where one of them would make it so; else "".
        alarming: those results, in the words of the sheet.
    """

    count: int
    level: str = ""
    alarming: tuple[str, ...] = ()


async def waiting_of(work: Work, journey: Journey) -> WaitingResults | None:
    """What waits in the sheet of a journey; None where nothing does."""
    if journey.sheet is None:
        return None
    rows = [w.row for w in journey.sheet.rows if w.use != "no"]
    case = msgspec.structs.replace(journey.case(knowledge()), diary=None, habits={})
    before = await _level(work, case)
    levels: dict[str, list[str]] = {}
    for row in rows:
        lab = _lab(row)
        if lab is None or row.previous:
            continue
        level = await _level(work, msgspec.structs.replace(case, labs=[*case.labs, lab]))
        if level in RED and (before not in LEVELS or LEVELS.index(level) < LEVELS.index(before)):
            levels.setdefault(level, []).append(f"{row.name} {value_shown(row)}")
    level = min(levels, key=LEVELS.index, default="")
    return WaitingResults(len(rows), level, tuple(levels.get(level, [])))


def _lab(row: Row) -> Lab | None:
    """The result of a row as it would count, or None where its test or number is not known."""
    if row.test is None:
        return None
    try:
        return lab_of(row)
    except (StillwellError, KeyError):
        return None


async def _level(work: Work, case: Case) -> str:
    """How urgent a case is; "" where it cannot be used."""
    try:
        read = await work.understood(case)
        return (await run_in_threadpool(triage, read, knowledge())).level
    except TooBusy:
        raise
    except StillwellError:
        return ""

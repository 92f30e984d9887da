"""What changed since the story before, as a section of the doctor's page."""

from __future__ import annotations

import datetime as dt

from stillwell.assess.assessment import Assessment
from stillwell.errors import StillwellError
from stillwell.report.chances import percent
from stillwell.report.document import Document, Item, Items, Paragraph, Section
from stillwell.report.phrases import listed
from stillwell.web.desk import Visit
from stillwell.web.over_time import (
    CauseChange,
    causes_changed,
    day_of,
    results_changed,
    signs_changed,
    taken_changed,
)
from stillwell.web.stories import before, stories_of
from stillwell.web.wording import words
from stillwell.writing import capital

BEHIND = "problem"  # the section of the doctor's page after which it stands
SECTION = "changed"
MOST = 8  # names in a line


async def since_last(visit: Visit) -> Section | None:
    """What changed since the story of an earlier day; None where there is none.

    Raises:
        CaseError: this story cannot be used.
    """
    here = (visit.record, visit.journey)
    last = before(await stories_of(visit.desk, visit.record.person), here)
    if last is None:
        return None
    try:
        first = await Visit(visit.desk, *last).assessment("questions")
    except StillwellError:  # told before something was known that makes it impossible
        first = None
    now = await visit.assessment("full")
    return _section(day_of(*last), first, now)


def with_changes(document: Document, changed: Section) -> list[Section]:
    """The sections with what changed right behind the problem."""
    sections = list(document.sections)
    places = [at for at, part in enumerate(sections) if part.id == BEHIND]
    sections.insert(places[0] + 1 if places else 0, changed)
    return sections


def _section(day: dt.date, first: Assessment | None, now: Assessment) -> Section:
    say = words()["changes"]
    shown = f"{day:%-d %B %Y}"
    if first is None:
        lead = Paragraph(text=say["unreadable"].format(day=shown), tone="quiet")
        return Section(id=SECTION, title=say["heading"], part="answer", blocks=[lead])
    moved, gone = say["moved"], say["not_again"]
    results = [
        moved.format(before=f"{capital(r.name)} {r.before}", after=r.after)
        if r.before
        else say["new"].format(after=f"{r.name} {r.after}")
        for r in results_changed(first, now)
    ]
    lines = [(say["results"], "; ".join(results))]
    for title, (new, old) in (
        (say["taken"], taken_changed(first, now)),
        (say["signs"], signs_changed(first, now)),
    ):
        parts = [say["new"].format(after=_few(new))] if new else []
        parts += [gone.format(before=_few(old))] if old else []
        lines.append((title, "; ".join(parts)))
    items = [Item(lead=title, text=text) for title, text in lines if text]
    if now.urgency.level != "emergency":  # an emergency's page holds no calming numbers
        causes = [Item(text=_cause(c)) for c in causes_changed(first, now)]
        items += [Item(lead=say["causes"], text="", items=causes)] if causes else []
    lead = Paragraph(text=say["since"].format(day=shown), tone="quiet")
    same = [Item(text=say["nothing"])]
    return Section(
        id=SECTION,
        title=say["heading"],
        part="answer",
        blocks=[lead, Items(items=items or same)],
    )


def _few(names: list[str]) -> str:
    rest = len(names) - MOST
    more = [words()["changes"]["more"].format(count=rest)] if rest > 0 else []
    return listed([*names[:MOST], *more])


def _cause(change: CauseChange) -> str:
    """One cause with how it moved, and what moved it in brackets."""
    say = words()["changes"]
    why = [
        say["moved"].format(before=b, after=a)
        if a and b
        else say["reason_new"].format(after=a)
        if a
        else say["reason_gone"].format(before=b)
        for b, a in change.reasons
    ]
    text = say["moved"].format(
        before=f"{capital(change.name)} {percent(change.before)}", after=percent(change.after)
    )
    return f"{text} ({'; '.join(why)})" if why else text

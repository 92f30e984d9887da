"""Dates of the plan on which something is looked at again, as a calendar file."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from functools import cache

from stillwell.assess.assessment import Assessment
from stillwell.web.wording import words


@dataclass(frozen=True)
class FollowUp:
    """A date, and the plan's own sentence that it comes from."""

    day: dt.date
    text: str


def follow_ups(assessed: Assessment, start: dt.date) -> list[FollowUp]:
    """The dates that a plan names as a time after which to look again, each once, the earliest first.

    Args:
        start: the day from which they count. Of "two to four weeks" the earlier end is taken.
    """
    lines = [p.text for c in assessed.steps for p in (*c.steps, *c.home, *c.back)]
    lines += [s.text for s in assessed.plan.supplements if not s.remark]
    found: dict[str, FollowUp] = {}
    for line in lines:
        for sentence in re.split(r"(?<=[.;])\s+", line):
            after = _after(sentence)
            if after is not None:
                found.setdefault(sentence, FollowUp(start + dt.timedelta(days=after), sentence))
    return sorted(found.values(), key=lambda f: (f.day, f.text))


def calendar(found: list[FollowUp], uid: str, made: dt.datetime) -> bytes:
    """An iCalendar file (RFC 5545) of whole-day events.

    Args:
        uid: what makes the events' ids, so that a second file replaces the first one's dates.
        made: when the plan was made.
    """
    from icalendar import Calendar, Event

    say = words()["follow_up"]
    out = Calendar()
    out.add("prodid", "-//stillwell//EN")
    out.add("version", "2.0")
    for number, one in enumerate(found):
        event = Event()
        event.add("uid", f"{uid}-{number}@stillwell")
        event.add("dtstamp", made)
        event.add("dtstart", one.day)
        event.add("dtend", one.day + dt.timedelta(days=1))
        event.add("summary", say["summary"])  # a shared calendar shows it to others
        event.add("description", one.text)
        event.add("transp", "TRANSPARENT")
        out.add_component(event)
    return bytes(out.to_ical())


def _after(sentence: str) -> int | None:
    """After how many days a sentence says to look again.

    >>> _after("Blood count again after 2 to 4 weeks."), _after("Come back in two days.")
    (14, None)
    """
    say = words()["follow_up"]
    if not re.search(rf"\b(?:{'|'.join(say['again'])})\b", sentence, re.I):
        return None
    found = _period().search(sentence)
    if found is None:
        return None
    number = found["number"].lower()
    return int(say["numbers"].get(number) or number) * int(say["units"][found["unit"].lower()])


@cache
def _period() -> re.Pattern[str]:
    say = words()["follow_up"]
    number = "|".join([r"\d{1,2}", *say["numbers"]])
    units = "|".join(say["units"])
    leads = "|".join(say["after"])
    return re.compile(
        rf"\b(?:{leads})\s+(?:about\s+)?(?P<number>{number})(?:\s+(?:to|or)\s+(?:{number}))?\s+(?P<unit>{units})s?\b",
        re.I,
    )

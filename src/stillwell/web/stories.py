"""The stories of one person: which there are, which of a day counts, which one came before another."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.concurrency import run_in_threadpool

from stillwell.web import journey
from stillwell.web.desk import Desk
from stillwell.web.over_time import Story, day_of


async def stories_of(desk: Desk, person: str) -> list[Story]:
    """The stories in which something was told, the earliest first."""
    records = await run_in_threadpool(desk.store.records, person, journey.KIND)
    found = [(r, journey.decoded(r.body)) for r in records]
    found = [(r, j) for r, j in found if j.told]
    return sorted(found, key=lambda s: (day_of(*s), s[0].created, s[0].id))


def one_a_day(stories: Sequence[Story]) -> list[Story]:
    """Of several stories of one day the last."""
    return list({day_of(*story): story for story in stories}.values())


def before(stories: Sequence[Story], story: Story) -> Story | None:
    """The last story of an earlier day, or None where this one is the first."""
    found = [s for s in stories if day_of(*s) < day_of(*story)]
    return found[-1] if found else None

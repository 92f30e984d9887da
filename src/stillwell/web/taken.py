"""What a person's own words say is taken, to be confirmed on the page of medicines."""

from __future__ import annotations

import re

import msgspec

from stillwell.case.understand import TakenMedicine
from stillwell.knowledge.store import Knowledge
from stillwell.web.journey import Journey
from stillwell.web.work import Work

# an amount right after a name; the readers of doses read it again once it is confirmed
_DOSE = r"[\s,(]*(?:of\s+)?(\d+(?:[.,]\d+)?\s*(?:mg|mcg|\u00b5g|ug|g|ml|iu|units?)\b)?"


async def taken_in_words(
    journey: Journey, known: Knowledge, work: Work
) -> tuple[list[str], list[str]]:
    """(medicines, supplements) that the words tell as taken now, each with its dose where one follows.

    Raises:
        CaseError: the words cannot be used.
    """
    bare = msgspec.structs.replace(journey, medicines=None, supplements=[])
    read = await work.understood(bare.case(known))
    return _named(read.medicines, journey.words), _named(read.supplements, journey.words)


def _named(taken: list[TakenMedicine], text: str) -> list[str]:
    lines = []
    for one in taken:
        if one.stopped:
            continue
        found = re.search(rf"\b{re.escape(one.told)}\b{_DOSE}", text, re.IGNORECASE)
        lines.append(f"{one.told} {found[1]}" if found and found[1] else one.told)
    return list(dict.fromkeys(lines))


__all__ = ["taken_in_words"]

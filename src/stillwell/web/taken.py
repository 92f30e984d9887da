"""What a person's own words say is taken, to be confirmed on the page of medicines."""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from stillwell.case.understand import TakenMedicine
from stillwell.case.understood import NotKnown
from stillwell.knowledge.store import Knowledge
from stillwell.web.journey import Journey
from stillwell.web.work import Work

_IU = re.compile(r"\biu\b")


async def taken_in_words(
    journey: Journey, known: Knowledge, work: Work
) -> tuple[list[str], list[str]]:
    """(medicines, supplements) that the words tell as taken now, each with its dose and how often.

    Raises:
        CaseError: the words cannot be used.
    """
    bare = msgspec.structs.replace(journey, medicines=None, supplements=[])
    read = await work.understood(bare.case(known))
    medicines = _named(read.medicines, journey.words) + _named(read.not_known, journey.words)
    return medicines, _named(read.supplements, journey.words)


def _named(taken: Sequence[TakenMedicine | NotKnown], text: str) -> list[str]:
    lines = [
        " ".join(_as_written(words, text) for words in (one.told, one.dose_told) if words)
        for one in taken
        if not one.stopped
    ]
    return list(dict.fromkeys(lines))


def _as_written(words: str, text: str) -> str:
    """Words that were read, in the letters of the person ("vitamin D 1000 IU")."""
    pattern = r"[\s,()-]+".join(map(re.escape, words.split()))
    found = re.search(rf"(?<!\w){pattern}(?!\w)", text, re.IGNORECASE)
    return " ".join(found[0].split()) if found else _IU.sub("IU", words)


__all__ = ["taken_in_words"]

"""The person's own words as the doctor's page quotes them: what an alarm rests on is never cut."""

from __future__ import annotations

import re
from dataclasses import dataclass

from stillwell.report.phrases import sentences

QUOTED = 300  # characters of the person's own words beside those of an alarm
AROUND = 120  # characters on each side of the words of an alarm, in a sentence too long to quote


@dataclass(frozen=True)
class Quotes:
    """What is quoted.

    Attributes:
        behind_alarms: the sentences on which alarms rest, the gravest first; empty where `rest` is all that was told.
        rest: the words from their beginning, whole where they are short.
    """

    behind_alarms: list[str]
    rest: str


def quotes_of(text: str, alarm_words: list[str]) -> Quotes:
    """The words on which alarms rest in full, then the other words as far as there is room.

    Args:
        text: all that the person wrote.
        alarm_words: the words on which alarms rest, the gravest first; those that do not stand in the text
            so (told in a list, or read from a shorthand) are quoted as they are.
    """
    text = " ".join(text.split())
    behind: list[str] = []
    for told in alarm_words:
        quote = _sentences_around(text, " ".join(told.split()))
        if not any(quote in other for other in behind):
            behind = [*(other for other in behind if other not in quote), quote]
    if len(text) <= QUOTED:
        return Quotes([quote for quote in behind if quote not in text], text)
    return Quotes(behind, _beginning(text, behind))


def _sentences_around(text: str, told: str) -> str:
    """The sentences that hold some words; of a very long one what stands near them; the words where none does."""
    found = re.search(rf"(?<!\w){re.escape(told)}(?!\w)", text, re.IGNORECASE)
    if found is None:
        return told
    start = end = 0
    for part in sentences(text):
        begin = text.index(part, end)
        end = begin + len(part)
        if end <= found.start():
            start = end
            continue
        start = begin if begin <= found.start() else start
        if end >= found.end():
            break
    whole = text[start:end].strip()
    if len(whole) <= max(QUOTED, len(told)):
        return whole
    left, right = max(start, found.start() - AROUND), min(end, found.end() + AROUND)
    before = text[left : found.start()]
    after = text[found.end() : right]
    if left > start:
        before = f"… {before.partition(' ')[2]}"
    if right < end:
        after = f"{after.rpartition(' ')[0]} …"
    return f"{before}{found[0]}{after}".strip()


def _beginning(text: str, behind: list[str]) -> str:
    """The first sentences, without those that stand among the words of an alarm already."""
    kept, cut = "", False
    for part in sentences(text):
        if any(part in quote for quote in behind):
            cut = True
            continue
        if len(kept) + len(part) >= QUOTED:
            cut = True
            break
        kept = f"{kept}{' …' if cut and kept else ''} {part}".strip()
        cut = False
    if not kept and not behind:
        kept, cut = text[:QUOTED].rsplit(" ", 1)[0], True
    return f"{kept} …" if kept and cut else kept

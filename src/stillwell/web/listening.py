"""Every box of words is listened to for alarm signs, and what tells one counts as told in the story.

A person says what frightens them where they happen to be writing: among their medicines, in a question for the
doctor, beside what they ate. The story is read wholly; of every other box only what tells an alarm is taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import msgspec
from starlette.concurrency import run_in_threadpool

from stillwell.case.model import Case
from stillwell.case.understand import Understood
from stillwell.errors import StillwellError
from stillwell.knowledge.store import knowledge
from stillwell.triage.rules import PERHAPS_ALARM, RED, SOUNDS_URGENT, triage
from stillwell.web.work import TooBusy

if TYPE_CHECKING:
    from stillwell.web.journey import Journey
    from stillwell.web.work import Work

OF_FOOD = ("food", "not_eaten")  # boxes in which names of food stand
NOT_KEPT = "not_kept"  # what was typed and refused: it counts on the page that says so
PIECE = 4000  # letters that are read at once, so that no single reading waits long
MOST_LETTERS = 60_000  # of one text that is read; the longest field that a case may have
_SENTENCES = re.compile(r"(?<=[.!?;])\s+|\n+")


def boxes(journey: Journey) -> dict[str, list[str]]:
    """The words of each box beside the story, as they are kept."""
    return {
        "medicines": [*(journey.medicines or []), *journey.supplements],
        "not_eaten": [*journey.avoids, *journey.allergies],
        "food": list(journey.diary),
        "for_doctor": list(journey.for_doctor),
    }


async def listened(work: Work, journey: Journey, before: dict[str, list[str]]) -> None:
    """Take what tells an alarm in the boxes that changed into the journey. Raises TooBusy."""
    for box, texts in boxes(journey).items():
        if texts == before.get(box, []):
            continue
        told = await alarms_in(work, texts, journey.case(knowledge()), food=box in OF_FOOD)
        journey.heard.pop(box, None)
        if told:
            journey.heard[box] = told


async def alarms_in(
    work: Work, texts: Iterable[str], beside: Case | None = None, *, food: bool = False
) -> list[str]:
    """Those sentences of texts that tell an alarm sign; a whole piece where only all of it does.

    Args:
        beside: what was told already; its words, results and lists of what is taken are left out.
        food: whether the texts tell what was eaten: names of food are no alarm ("blood orange").

    Raises:
        TooBusy: they could not be read now.
    """
    known = _around(beside or Case())
    silent = await _signs(work, known, "")
    found = []
    for text in texts:
        spoken = await run_in_threadpool(_not_food, text) if food else [(text, frozenset[str]())]
        for said, names in spoken:
            for piece in _pieces(said[:MOST_LETTERS]):
                signs = await _signs(work, known, piece) - silent
                if not signs or (names and _named(signs, names)):
                    continue
                parts = [p for p in _SENTENCES.split(piece) if re.search(r"\w", p)]
                alone = [p for p in parts if await _signs(work, known, p) - silent]
                found += alone or [piece]
    return list(dict.fromkeys(part.strip() for part in found))


def _around(case: Case) -> Case:
    """The case without its words, so that only a new text speaks."""
    return msgspec.structs.replace(
        case, complaint=None, story=None, diet=None, other=[], medicines=None, supplements=[],
        labs=[], diary=None, habits={}, foods={}, misread=[],
    )  # fmt: skip


async def _signs(work: Work, known: Case, text: str) -> set[tuple[str, str]]:
    """(sign, its words) of the alarm signs in a text that make something for today or an emergency of it."""
    if not text.strip():
        return set()
    for case in (known, Case()):
        try:
            read = await work.understood(msgspec.structs.replace(case, complaint=text))
        except TooBusy:
            raise
        except StillwellError:  # it cannot be used together with what was told: then alone
            continue
        return await run_in_threadpool(_red_signs, read)
    return set()


def _red_signs(read: Understood) -> set[tuple[str, str]]:
    known = knowledge()
    urgency = triage(read, known)
    rules = [a.id for a in urgency.alerts if a.level in RED and a.id != SOUNDS_URGENT]
    if not rules:
        return set()
    told = {*read.present, *read.noted}
    told |= {i for i, p in read.perhaps.items() if p >= PERHAPS_ALARM}
    named = {i for rule in rules for i in _findings(known.base.triage[rule].when)}
    return {(i, read.from_words[i]) for i in told & named & read.from_words.keys()}


def _findings(when: object) -> Iterator[str]:
    """The findings that a condition names."""
    if isinstance(when, msgspec.Struct):
        for name in when.__struct_fields__:
            value = getattr(when, name)
            if name == "finding" and value:
                yield value
            else:
                yield from _findings(value)
    elif isinstance(when, list | tuple):
        for one in when:
            yield from _findings(one)


def _pieces(text: str) -> Iterator[str]:
    """A text in pieces of whole sentences, each short enough to be read at once; a sentence said again once."""
    held = ""
    for part in dict.fromkeys(_SENTENCES.split(text)):
        for start in range(0, len(part), PIECE):
            one = part[start : start + PIECE]
            if held and len(held) + len(one) > PIECE:
                yield held
                held = ""
            held = f"{held} {one}".strip()
    if held:
        yield held


def _not_food(text: str) -> list[tuple[str, frozenset[str]]]:
    """(what of a day's words is no known food, words of the foods that it may name)."""
    from stillwell.nutrition.intake.diary import read_diary

    try:
        days = read_diary(text)
    except StillwellError:
        return [(text, frozenset())]
    return [
        (item.text, frozenset(w for c in day.asked.get(item.text, []) for w in _words(c.name)))
        for day in days
        for item in day.items
        if not item.foods
    ]


def _named(signs: set[tuple[str, str]], names: frozenset[str]) -> bool:
    """Whether all that sounds like a sign is the name of a food."""
    return all(_words(words) <= names for _, words in signs)


def _words(text: str) -> set[str]:
    return set(re.findall(r"[a-z']+", text.lower()))

"""What a person told of eating, read: days, usual intakes, ways to change. Remembered for the same words.

Days are read where a page shows them; what is worked out of them is worked out by the workers.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import msgspec

from stillwell.assess.diet import diet_advice, intake_lines, other_lines, read_diet
from stillwell.assess.intakes import Diet, Eaten, EatenLine, IntakeLine
from stillwell.case.understand import Understood
from stillwell.errors import CaseError
from stillwell.knowledge.store import knowledge
from stillwell.nutrition.intake.diary import Day, read_diary
from stillwell.nutrition.intake.reference import LifeStage
from stillwell.nutrition.planner.limits import limits, said_limits
from stillwell.nutrition.planner.pool import candidates
from stillwell.web.corrections import corrected, name_words
from stillwell.web.journey import Journey
from stillwell.web.reading import read
from stillwell.web.replanning import without

KEPT = 16
KEPT_WAYS = 64  # each refusal is planned on the ways before it
Present = tuple[tuple[str, float], ...]


class Intakes(msgspec.Struct, frozen=True, kw_only=True):
    """Usual intakes as a page shows them.

    Attributes:
        days: how many were told; `missed`: foods in them that could not be counted.
        others: nutrients of which nobody knows how intakes vary.
        stage: whose needs they are held against.
    """

    days: int
    missed: int
    lines: list[IntakeLine]
    others: list[EatenLine]
    notes: list[str]
    stage: LifeStage


def days_of(journey: Journey) -> list[tuple[list[Day], str]]:
    """Each day that was told, with what was made of it (a text may hold several) or why nothing was."""
    texts, foods = corrected(journey.diary, journey.foods, journey.amounts)
    found: list[tuple[list[Day], str]] = []
    for text in texts:
        try:
            found.append((_days(text, tuple(foods.items())), ""))
        except CaseError as error:
            found.append(([], str(error).removeprefix("diary ").removeprefix("diary: ")))
    return found


@lru_cache(256)
def _days(text: str, foods: tuple[tuple[str, str], ...]) -> list[Day]:
    return read_diary([text], dict(foods))


def intakes_of(body: bytes) -> Intakes | None:
    """Usual intakes of a case in JSON, or None where nothing was told that counts. Raises CaseError."""
    eaten = _eaten(body)
    if eaten is None:
        return None
    return Intakes(
        days=len(eaten.days),
        missed=sum(d.not_counted for d in eaten.days),
        lines=intake_lines(eaten.usual),
        others=other_lines(eaten),
        notes=[*eaten.notes, *eaten.unread],
        stage=eaten.stage,
    )


@lru_cache(KEPT)
def _eaten(body: bytes) -> Eaten | None:
    return read_diet(knowledge(), read(body))


@lru_cache(KEPT_WAYS)
def ways_of(body: bytes, declined: tuple[str, ...], present: Present) -> Diet | None:
    """Up to three plans without what was declined; None where nothing was told that counts.

    Args:
        body: the case in JSON, without what was declined: that changes no intake and no cause.
        present: the probability of each cause.

    Raises:
        CaseError: a way of eating or an allergy that is not known.
    """
    eaten = _eaten(body)
    if eaten is None:
        return None
    if declined:
        before = ways_of(body, declined[:-1], present)
        assert before is not None
        after = without(before, read(body), eaten, dict(present), list(declined))
        if after is not None:
            return after
    told = replace(read(body), dislikes=list(declined))
    return diet_advice(knowledge(), told, eaten, dict(present))


def left_out(told: Understood, present: dict[str, float]) -> dict[str, list[str]]:
    """Who or what rules foods out of any plan, with the groups of food. Raises CaseError."""
    here, everybody = limits(knowledge(), told, present), said_limits([])
    by: dict[str, list[str]] = {}
    for group, who in here.groups.items():
        if group not in everybody.groups:
            by.setdefault(who, []).append(group)
    for word, who in here.words.items():
        if word not in everybody.words and who not in by:
            by[who] = [word]
    return by


def spoken_declined(words: str) -> str:
    """A declined food as the plan called it."""
    for one in candidates():
        if name_words(one.record.id) == words:
            return one.portion
    return words

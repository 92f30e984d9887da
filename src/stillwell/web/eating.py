"""What a person told of eating, read: days, usual intakes, ways to change. Remembered for the same words."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import msgspec

from stillwell.assess.diet import diet_advice, read_diet
from stillwell.assess.intakes import Diet, Eaten
from stillwell.case.model import Case
from stillwell.case.understand import Understood, understand
from stillwell.errors import CaseError
from stillwell.knowledge.store import knowledge
from stillwell.nutrition.intake.diary import Day, read_diary
from stillwell.nutrition.planner.limits import limits, said_limits
from stillwell.nutrition.planner.pool import candidates
from stillwell.web.corrections import corrected, name_words
from stillwell.web.journey import Journey
from stillwell.web.replanning import without

KEPT = 16
KEPT_WAYS = 64  # each refusal is planned on the ways before it
Present = tuple[tuple[str, float], ...]


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


def case_of(journey: Journey) -> Case:
    """The case without what was declined in a plan: that changes no intake and no cause."""
    return msgspec.structs.replace(journey.case(knowledge()), dislikes=[])


def eaten_of(case: Case) -> Eaten | None:
    """Usual intakes, or None where nothing was told that counts. Raises CaseError."""
    return _eaten(msgspec.json.encode(case))[1]


@lru_cache(KEPT)
def _eaten(body: bytes) -> tuple[Understood, Eaten | None]:
    told = understand(msgspec.json.decode(body, type=Case))
    return told, read_diet(knowledge(), told)


def ways_of(case: Case, declined: list[str], present: dict[str, float]) -> Diet | None:
    """Up to three plans without what was declined; None where nothing was told that counts.

    Args:
        present: the probability of each cause.

    Raises:
        CaseError: a way of eating or an allergy that is not known.
    """
    return _ways(msgspec.json.encode(case), tuple(declined), tuple(present.items()))


@lru_cache(KEPT_WAYS)
def _ways(body: bytes, declined: tuple[str, ...], present: Present) -> Diet | None:
    told, eaten = _eaten(body)
    if eaten is None:
        return None
    if declined:
        before = _ways(body, declined[:-1], present)
        assert before is not None
        after = without(before, told, eaten, dict(present), list(declined))
        if after is not None:
            return after
    told = replace(told, dislikes=list(declined))
    return diet_advice(knowledge(), told, eaten, dict(present))


def left_out(case: Case, present: dict[str, float]) -> dict[str, list[str]]:
    """Who or what rules foods out of any plan, with the groups of food; raises CaseError."""
    told = _eaten(msgspec.json.encode(case))[0]
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

"""Interactions among all that a person takes, and who should not take what: the gravest first."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import get_args

import msgspec

from stillwell.assess.for_whom import applies
from stillwell.assess.intakes import NUTRIENT_OF
from stillwell.case.understand import TakenMedicine, Understood
from stillwell.knowledge.schema import Caution, DrugClass, Interaction, Severity
from stillwell.knowledge.store import Knowledge
from stillwell.nutrition.planner.limits import LIKELY, history_words
from stillwell.triage.rules import holds

GRAVEST_FIRST: tuple[str, ...] = get_args(Severity)


def taken_now(understood: Understood) -> list[TakenMedicine]:
    """The medicines and supplements that are not stopped."""
    return [t for t in (*understood.medicines, *understood.supplements) if not t.stopped]


def record_of(known: Knowledge, taken: TakenMedicine) -> DrugClass:
    """The class of a medicine or supplement."""
    return known.base.medicines.get(taken.group) or known.base.supplements[taken.group]


def names_of(taken: TakenMedicine) -> set[str]:
    """The names under which an interaction or a caution may speak of something taken."""
    names = {taken.group, taken.member, NUTRIENT_OF.get(taken.group, taken.group)}
    return names - {""}


def interaction(known: Knowledge, one: TakenMedicine, other: TakenMedicine) -> Interaction | None:
    """The gravest interaction of two things taken, from either one's record; None where none is known.

    Its words name the two. Where another record asks for more hours between them, its advice holds.
    """
    found = [
        meeting.named(shown(known, a), shown(known, b))
        for a, b in ((one, other), (other, one))
        for meeting in record_of(known, a).interactions
        if meeting.with_ in names_of(b) and _is_meant(meeting, a, b)
    ]
    gravest = min(found, key=lambda m: GRAVEST_FIRST.index(m.severity), default=None)
    if gravest is None or gravest.space_hours is None:
        return gravest
    widest = max(found, key=lambda m: m.space_hours or 0.0)
    if (widest.space_hours or 0.0) <= gravest.space_hours:
        return gravest
    return msgspec.structs.replace(gravest, advice=widest.advice, space_hours=widest.space_hours)


def _is_meant(meeting: Interaction, one: TakenMedicine, other: TakenMedicine) -> bool:
    """Whether an interaction speaks of these members; a class told without its member counts as any."""
    own = not meeting.members or not one.member or one.member in meeting.members
    return own and (not meeting.others or not other.member or other.member in meeting.others)


def meetings_of(known: Knowledge, taken: TakenMedicine, names: set[str]) -> list[Interaction]:
    """What the record of a thing taken says of a nutrient, under any of its names."""
    return [
        m.named(shown(known, taken), m.with_.replace("_", " "))
        for m in record_of(known, taken).interactions
        if m.with_ in names and (not m.members or not taken.member or taken.member in m.members)
    ]


def meetings_with(known: Knowledge, group: DrugClass, taken: TakenMedicine) -> list[Interaction]:
    """What the record of a class says of a thing taken."""
    return [
        m.named(group.name, shown(known, taken))
        for m in group.interactions
        if m.with_ in (taken.group, taken.member)
        and (not m.others or not taken.member or taken.member in m.others)
    ]


def shown(known: Knowledge, taken: TakenMedicine) -> str:
    """A thing taken as a line names it."""
    return taken.member or (taken.told if taken.one_of > 1 else record_of(known, taken).name)


def pairs(understood: Understood) -> Iterator[tuple[TakenMedicine, TakenMedicine]]:
    """Each pair of different things taken; two readings of one ambiguous word are no pair."""
    for one, other in combinations(taken_now(understood), 2):
        same = (one.group, one.member) == (other.group, other.member)
        one_word = one.told == other.told and one.one_of > 1
        class_of_other = one.group == other.group and not (one.member and other.member)
        if not (same or one_word or class_of_other):
            yield one, other


def planned_pairs(understood: Understood) -> Iterator[tuple[TakenMedicine, TakenMedicine]]:
    """Each thing that is about to be started, with each that is taken and with each other such."""
    for one in understood.planned:
        for other in taken_now(understood):
            if one.group != other.group:
                yield one, other
    yield from combinations(understood.planned, 2)


def caution_holds(
    caution: Caution, known: Knowledge, understood: Understood, present: dict[str, float]
) -> tuple[bool, list[str], bool]:
    """(whether a caution holds for this person, the items that make it hold, by allergy alone).

    Illnesses count however they were told: as history, as a result, in words that were not understood,
    or where the posterior of the cause is at least `LIKELY`.
    """
    no = False, list[str](), False
    if not applies(caution.for_whom, understood):
        return no
    if caution.unless is not None and holds(caution.unless, understood, known) is not None:
        return no
    if caution.for_whom != "everyone" and not asks_more(caution):
        return True, [], False
    because = holds(caution.when, understood, known) if caution.when is not None else None
    if because is not None:
        return True, because, False
    if any(present.get(cause, 0.0) >= LIKELY for cause in caution.causes):
        return True, [], False
    words = history_words(understood)
    told = [w for w in caution.words if w in words]
    eaten = food_words(understood)
    told += [w for w in caution.foods if w in eaten]
    if told:
        return True, told, False
    allergies = " ".join(understood.all_allergies).lower()
    allergic = [w for w in caution.allergies if w in allergies]
    return bool(allergic), allergic, bool(allergic)


def asks_more(caution: Caution) -> bool:
    """Whether a caution asks for more than whom it is for."""
    lists = (caution.words, caution.foods, caution.allergies, caution.causes)
    return caution.when is not None or any(lists)


def food_words(understood: Understood) -> str:
    """All that was told of food, and what was not understood of the story."""
    diary = understood.diary
    lines = [diary] if isinstance(diary, str) else list(diary or [])
    unread = [u for u in understood.unclear if u.startswith("not understood")]
    return " | ".join((*lines, *unread)).lower()


def is_of(caution: Caution, taken: TakenMedicine) -> bool:
    """Whether a caution speaks of something taken; a class told without its member counts as it."""
    return bool(names_of(taken) & set(caution.taken))


def cautions_for(
    known: Knowledge, understood: Understood, group: str, present: dict[str, float]
) -> list[Caution]:
    """The cautions that hold for a class of supplements, taken or only thought of."""
    return [
        c
        for c in known.base.cautions.values()
        if group in c.taken and caution_holds(c, known, understood, present)[0]
    ]

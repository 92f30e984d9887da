"""The checklists that a case opens, and the red flags of its complaints that nobody has spoken of."""

from __future__ import annotations

from stillwell.case.person_in_words import is_child
from stillwell.case.understand import Understood
from stillwell.knowledge.checklists import EVERY
from stillwell.knowledge.schema import Checklist
from stillwell.knowledge.store import Knowledge

MOST_COMPLAINTS = 3
MOST_RED_FLAGS = 8


def open_checklists(known: Knowledge, understood: Understood) -> list[Checklist]:
    """The checklists of a case's complaints, main complaint first, then the one for everybody."""
    found: dict[str, Checklist] = {}
    for finding in [*understood.complaint, *understood.present, *understood.noted]:
        for rules in known.base.checklists.values():
            if finding in rules.opens:
                found.setdefault(rules.id, rules)
    every = known.base.checklists.get(EVERY)
    return [*list(found.values())[:MOST_COMPLAINTS], *([every] if every else [])]


def red_flags_of(known: Knowledge, understood: Understood) -> list[str]:
    """Red flags of the complaints of which nothing was told: the first of each complaint, and so on.

    What is far-fetched by all that was told (a throat that closes, of plain cramps) comes last.

    Of a child those of children alone: drink and numb feet are questions to adults.
    """
    there = {*understood.present, *understood.noted, *understood.history_present}
    said = {*understood.present, *understood.absent, *understood.noted}
    opened = open_checklists(known, understood)
    child = is_child(understood.person)
    lists = [rules.child_red_flags if child else rules.red_flags for rules in opened]
    longest = max(map(len, lists), default=0)
    merged = [flags[i] for i in range(longest) for flags in lists if i < len(flags)]
    unsaid = [f for f in dict.fromkeys(merged) if f not in said]
    far = {
        flag
        for rules in opened
        for flag, names in rules.near_with.items()
        if there.isdisjoint(names)
    }
    far -= {f for rules in opened for f in rules.red_flags if f not in rules.near_with}
    return sorted(unsaid, key=far.__contains__)[:MOST_RED_FLAGS]


__all__ = ["open_checklists", "red_flags_of"]

"""What was understood, as chips beside the words they came from."""

from __future__ import annotations

from typing import Literal

import msgspec

from stillwell.case.understand import TakenMedicine, Understood
from stillwell.knowledge.store import Knowledge

Group = Literal["there", "not_there", "taken", "results", "perhaps", "person"]


class Chip(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that was read from words.

    Attributes:
        id: what is withdrawn where the person takes it away, several with `|` between them; empty where it is changed on its own page.
        words: the words it was read from; empty where it follows from others.
    """

    id: str
    group: Group
    name: str
    words: str = ""


def chips(told: Understood, known: Knowledge, listed: frozenset[str] = frozenset()) -> list[Chip]:
    """The chips of a case.

    Args:
        listed: items that were answered or listed, and so were not read from words.
    """
    base = known.base
    names = {i: f.name for i, f in base.findings.items()}
    names |= {i: h.name for i, h in base.history.items()}

    def of(items: list[str], group: Group) -> list[Chip]:
        return [
            Chip(id=i, group=group, name=names[i], words=told.from_words.get(i, ""))
            for i in items
            if i in names and i not in listed and i in told.from_words
        ]

    there = of([*told.present, *told.noted, *told.history_present], "there")
    absent = of([*told.absent, *told.history_absent], "not_there")
    unsure = sorted(
        (i for i in told.perhaps if i not in told.present), key=lambda i: -told.perhaps[i]
    )
    return [
        *dict.fromkeys(there),
        *absent,
        *_taken(told, known),
        *(
            Chip(id="", group="results", name=f"{base.tests[t].name} {r.shown}")
            for t, r in told.labs.items()
        ),
        *of(unsure[:6], "perhaps"),
    ]


def _taken(told: Understood, known: Knowledge) -> list[Chip]:
    """One chip for each thing that is taken; a word for several classes ("water tablet") is one thing."""
    named: dict[str, list[str]] = {}
    for one in (*told.medicines, *told.supplements):
        groups = named.setdefault(_name(one, known), [])
        if one.group not in groups:
            groups.append(one.group)
    return [Chip(id="|".join(groups), group="taken", name=name) for name, groups in named.items()]


def _name(taken: TakenMedicine, known: Knowledge) -> str:
    from stillwell.assess.in_words import with_dose

    return with_dose(known.base, taken)


__all__ = ["Chip", "chips"]

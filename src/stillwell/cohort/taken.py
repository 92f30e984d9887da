"""What people take, as the knowledge base's classes: each name is read once, by the one-case function."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from stillwell.case.model import Case
from stillwell.case.understand import understand
from stillwell.case.understood import TakenMedicine
from stillwell.cohort.people import Flags, People


@dataclass(frozen=True)
class Named:
    """What a name of something taken stands for.

    Attributes:
        taken: the classes and members.
        plain: it is one thing without dose; whoever takes another is worked out by the one-case function.
    """

    taken: tuple[TakenMedicine, ...]
    plain: bool


@lru_cache(maxsize=10_000)
def named(kind: str, name: str) -> Named:
    """What a name means among the `kind`: medicines or supplements."""
    understood = understand(
        Case(medicines=[name]) if kind == "medicines" else Case(supplements=[name])
    )
    taken = (*understood.medicines, *understood.supplements)
    plain = (
        len(getattr(understood, kind)) == len(taken) == 1
        and taken[0].one_of == 1
        and taken[0].dose is None
        and not taken[0].stopped
        and not (
            understood.portions
            or understood.planned
            or understood.history_present
            or understood.present
        )
    )
    return Named(taken, plain)


@dataclass(frozen=True)
class Takes:
    """What N people take.

    Attributes:
        medicines, supplements: what is taken -> (N,) whether by each.
        known: (N,) whether it is known which medicines are taken.
        unusual: (N,) whether somebody takes something with a dose, or in words that mean several things.
    """

    medicines: dict[TakenMedicine, Flags]
    supplements: dict[TakenMedicine, Flags]
    known: Flags
    unusual: Flags

    @property
    def every(self) -> dict[TakenMedicine, Flags]:
        return {**self.medicines, **self.supplements}


def takes(people: People) -> Takes:
    """What people take, each thing once; a class told beside one of its members is that member."""
    count = len(people)
    unusual = np.zeros(count, dtype=bool)
    known = people.medicines_known.copy()
    kinds: dict[str, dict[TakenMedicine, Flags]] = {"medicines": {}, "supplements": {}}
    for kind, found in kinds.items():
        for name, column in sorted(getattr(people, kind).items()):
            if not column.any():
                continue
            if kind == "medicines":
                known |= column
            read = named(kind, name)
            if not read.plain:
                unusual |= column
                continue
            one = read.taken[0]
            same = next((t for t in found if (t.group, t.member) == (one.group, one.member)), one)
            found[same] = found[same] | column if same in found else column
        for one in [t for t in found if not t.member]:
            for other in found:
                if other.group == one.group and other.member:
                    found[one] = found[one] & ~found[other]
    known &= ~people.medicines_open
    return Takes(kinds["medicines"], kinds["supplements"], known, unusual)


__all__ = ["Named", "Takes", "named", "takes"]

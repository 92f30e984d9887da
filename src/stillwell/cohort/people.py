"""People as columns, in the knowledge base's own terms; and any one of them as a case."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stillwell.case.model import Case, Lab, Person, Told
from stillwell.case.understand import Understood, understand
from stillwell.inference.network import Floats

Bytes = NDArray[np.int8]
Flags = NDArray[np.bool_]
UNKNOWN, DENIED, TOLD = -1, 0, 1
SEXES = ("female", "male")  # by code; -1 is not known


@dataclass
class People:
    """N people, one place of every array each.

    Attributes:
        age: whole years; nan where not known.
        sex: code of `SEXES`, or `UNKNOWN`.
        pregnant: `TOLD`, `DENIED` or `UNKNOWN`, as a field of the person.
        weight_kg, height_cm: nan where not known.
        findings, history: id -> `TOLD`, `DENIED` or `UNKNOWN`.
        medicines, supplements: name -> whether it is taken.
        medicines_known: whether it is known which medicines are taken.
        medicines_open: whether something else may be taken that was not read: what is not told is not denied.
        labs: (test, unit) -> values in that unit, nan where there is none.
    """

    age: Floats
    sex: Bytes
    pregnant: Bytes
    weight_kg: Floats
    height_cm: Floats
    findings: dict[str, Bytes] = field(default_factory=dict)
    history: dict[str, Bytes] = field(default_factory=dict)
    medicines: dict[str, Flags] = field(default_factory=dict)
    supplements: dict[str, Flags] = field(default_factory=dict)
    medicines_known: Flags = field(default_factory=lambda: np.zeros(0, dtype=bool))
    medicines_open: Flags = field(default_factory=lambda: np.zeros(0, dtype=bool))
    labs: dict[tuple[str, str], Floats] = field(default_factory=dict)

    @classmethod
    def unknown(cls, count: int) -> People:
        """So many people of whom nothing is known."""
        nothing = np.full(count, np.nan)
        no = np.full(count, UNKNOWN, dtype=np.int8)
        known = np.zeros(count, dtype=bool)
        return cls(
            nothing, no, no.copy(), nothing.copy(), nothing.copy(),
            medicines_known=known, medicines_open=known.copy(),
        )  # fmt: skip

    def __len__(self) -> int:
        return len(self.age)

    def some(self, at: NDArray[np.int64] | Flags | slice) -> People:
        """The people at these places."""
        parts: dict[str, Any] = {
            f.name: {k: v[at] for k, v in part.items()} if isinstance(part, dict) else part[at]
            for f in fields(self)
            for part in [getattr(self, f.name)]
        }
        return People(**parts)

    def case(self, i: int) -> Case:
        """One of them, as the case that the one-case function takes."""
        age, weight, height = (
            None if np.isnan(a[i]) else float(a[i])
            for a in (self.age, self.weight_kg, self.height_cm)
        )
        pregnant = None if self.pregnant[i] == UNKNOWN else bool(self.pregnant[i] == TOLD)
        taken = _held(self.medicines, i, True)
        return Case(
            person=Person(
                age=age,
                sex=None if self.sex[i] == UNKNOWN else SEXES[self.sex[i]],  # type: ignore[arg-type]
                pregnant=pregnant,
                weight_kg=weight,
                height_cm=height,
            ),
            findings=Told(
                present=_held(self.findings, i, TOLD), absent=_held(self.findings, i, DENIED)
            ),
            history=Told(
                present=_held(self.history, i, TOLD), absent=_held(self.history, i, DENIED)
            ),
            medicines=[*taken] if taken or self._none_taken(i) else None,
            supplements=[*_held(self.supplements, i, True)],
            labs=[
                Lab(name=test, value=float(values[i]), unit=unit)
                for (test, unit), values in self.labs.items()
                if not np.isnan(values[i])
            ],
        )

    def _none_taken(self, i: int) -> bool:
        return bool(self.medicines_known[i] and not self.medicines_open[i])

    def understood(self, i: int) -> Understood:
        """One of them as understood from the case. Raises StillwellError."""
        understood = understand(self.case(i))
        understood.medicines_known = understood.medicines_known and not self.medicines_open[i]
        return understood


def _held(columns: dict[str, Bytes] | dict[str, Flags], i: int, state: int) -> list[str]:
    return [name for name, column in columns.items() if column[i] == state]


def joined(parts: Iterable[People]) -> People:
    """People of several sets of the same columns as one set."""
    every = list(parts)
    first = every[0]
    together: dict[str, Any] = {}
    for f in fields(first):
        part = getattr(first, f.name)
        if isinstance(part, dict):
            together[f.name] = {
                k: np.concatenate([getattr(p, f.name)[k] for p in every]) for k in part
            }
        else:
            together[f.name] = np.concatenate([getattr(p, f.name) for p in every])
    return People(**together)


__all__ = ["DENIED", "SEXES", "TOLD", "UNKNOWN", "Bytes", "Flags", "People", "joined"]

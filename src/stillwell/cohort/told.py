"""What people told, settled: who they are, what findings imply and exclude, as the one-case function does it.

The rules themselves stand in `case.settled`; they are applied once to each combination of what they read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stillwell.case.model import Person
from stillwell.case.settled import OF_WOMEN, may_be_pregnant, settle_person, tidied
from stillwell.case.understood import Understood
from stillwell.cohort.people import DENIED, SEXES, TOLD, UNKNOWN, Bytes, Flags, People
from stillwell.errors import CaseError
from stillwell.inference.network import Floats
from stillwell.knowledge.store import knowledge

PERHAPS = "perhaps_pregnant"
FEW = 4  # numbers of at most so many times the people are counted by their place, not sorted


@dataclass(frozen=True)
class Told:
    """The findings that somebody has, with all that follows from them.

    Attributes:
        present: with what is implied, in the one-case function's order.
        excluded: what they rule out.
        complaint: those complained of.
    """

    present: tuple[str, ...]
    excluded: tuple[str, ...]
    complaint: tuple[str, ...]


@dataclass
class Settled:
    """N people with what was told about them settled.

    Attributes:
        whom: (N,) number of each person's row in `persons`: sex, age and pregnancy.
        persons: the different ones.
        history: id -> states, with the pregnancy that a field told.
        told: (N,) number of each person's findings in `tolds`.
        denied: id -> (N,) whether a finding is denied or excluded.
        refused: why somebody cannot be used, or "".
    """

    whom: NDArray[np.int64]
    persons: list[Person]
    history: dict[str, Bytes]
    told: NDArray[np.int64]
    tolds: list[Told]
    denied: dict[str, Flags]
    refused: Flags


def combinations(columns: Sequence[NDArray[Any]]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """(first place of each different row, number of each row's own) of some columns side by side.

    Rows are numbered in the order of their values, not of their places.
    """
    count = len(columns[0]) if columns else 0
    if not columns or not count:
        return np.zeros(min(count, 1), np.int64), np.zeros(count, np.int64)
    number, size = np.zeros(count, np.int64), 1
    for column in columns:
        inverse, different = _ranked(column)
        number, size = number * different + inverse, size * different
        if size > FEW * count:  # renumbered, so that the numbers stay small
            number, size = _ranked(number)
    own, size = _ranked(number)
    first = np.empty(size, np.int64)
    first[own[::-1]] = np.arange(count - 1, -1, -1)
    return first, own


def _ranked(values: NDArray[Any]) -> tuple[NDArray[np.int64], int]:
    """Number of each value among the different ones in their order, and how many there are."""
    if values.dtype.kind in "bui":
        whole = values.astype(np.int64)
        least, most = int(whole.min()), int(whole.max())
        if most - least < max(FEW * len(whole), 1000):
            whole -= least
            here = np.zeros(most - least + 1, dtype=bool)
            here[whole] = True
            place = np.cumsum(here) - 1
            return place[whole], int(place[-1]) + 1
    different, inverse = np.unique(values, return_inverse=True)
    return inverse.astype(np.int64), len(different)


def settle(people: People) -> Settled:
    """Settle what was told about people."""
    history = dict(people.history)
    findings = dict(people.findings)
    sex, pregnant, refused = _settle_persons(people, history, findings)
    whom, persons = _persons(people.age, sex, pregnant)
    told, tolds = _settle_findings(findings, len(people))
    denied = _denied(findings, told, tolds)
    return Settled(whom, persons, history, told, tolds, denied, refused)


def _settle_persons(
    people: People, history: dict[str, Bytes], findings: dict[str, Bytes]
) -> tuple[Bytes, Bytes, Flags]:
    """Sex, pregnancy, and whom to refuse; `history` and `findings` are settled in place."""
    young = np.array([may_be_pregnant(Person(age=a)) for a in range(121)])
    known_age = ~np.isnan(people.age)
    may = np.ones(len(people), dtype=bool)
    may[known_age] = young[np.clip(people.age[known_age], 0, 120).astype(int)]
    names = [n for n in (*OF_WOMEN, PERHAPS) if n in history or n in findings]
    columns = [people.sex, people.pregnant, may]
    columns += [history[n] if n in history else findings[n] for n in names]
    first, own = combinations(columns)
    sex, pregnant = np.empty(len(first), np.int8), np.empty(len(first), np.int8)
    refused, perhaps = np.zeros(len(first), bool), np.zeros(len(first), bool)
    for k, i in enumerate(first):
        alone = People.some(people, np.array([i])).case(0)
        understood = Understood(alone.person, list(alone.findings.present))
        understood.history_present = list(alone.history.present)
        understood.history_absent = list(alone.history.absent)
        try:
            settle_person(understood)
        except CaseError:
            refused[k] = True
        person = understood.person
        sex[k] = UNKNOWN if person.sex is None else SEXES.index(person.sex)
        states = {None: UNKNOWN, False: DENIED, True: TOLD}
        pregnant[k] = states[person.pregnant]
        perhaps[k] = PERHAPS in understood.present
    if PERHAPS in findings:
        column = findings[PERHAPS]
        findings[PERHAPS] = np.where((column == TOLD) & ~perhaps[own], UNKNOWN, column).astype(
            np.int8
        )
    settled_pregnant = pregnant[own]
    was = history.get("pregnant", np.full(len(people), UNKNOWN, np.int8))
    history["pregnant"] = np.where(people.pregnant == TOLD, TOLD, was).astype(np.int8)
    return sex[own], settled_pregnant, refused[own]


def _persons(age: Floats, sex: Bytes, pregnant: Bytes) -> tuple[NDArray[np.int64], list[Person]]:
    first, own = combinations([np.where(np.isnan(age), -1.0, age), sex, pregnant])
    states = {UNKNOWN: None, DENIED: False, TOLD: True}
    persons = [
        Person(
            age=None if np.isnan(age[i]) else float(age[i]),
            sex=None if sex[i] == UNKNOWN else SEXES[sex[i]],  # type: ignore[arg-type]
            pregnant=states[int(pregnant[i])],
        )
        for i in first
    ]
    return own, persons


def _settle_findings(
    findings: dict[str, Bytes], count: int
) -> tuple[NDArray[np.int64], list[Told]]:
    names = sorted(n for n, column in findings.items() if (column == TOLD).any())
    if not names:
        return np.zeros(count, np.int64), [closure(())]
    bits = np.packbits(np.stack([findings[n] == TOLD for n in names], axis=1), axis=1)
    first, own = combinations(list(bits.T))
    chosen = [tuple(n for n in names if findings[n][i] == TOLD) for i in first]
    return own, [closure(c) for c in chosen]


@lru_cache(maxsize=100_000)
def closure(findings: tuple[str, ...]) -> Told:
    """What follows from some findings that are told: implied ones, excluded ones, the complaint."""
    understood = Understood(Person(), present=list(findings))
    tidied(understood, knowledge())
    return Told(tuple(understood.present), tuple(understood.absent), tuple(understood.complaint))


def _denied(
    findings: dict[str, Bytes], told: NDArray[np.int64], tolds: list[Told]
) -> dict[str, Flags]:
    """What people deny, without what follows from something told, and what that rules out."""
    found: dict[str, Flags] = {}
    excluded = {name for t in tolds for name in t.excluded}
    for name in sorted({*findings, *excluded}):
        holds = np.array([name in t.present for t in tolds])
        column = findings.get(name)
        said = np.zeros(len(told), bool) if column is None else (column == DENIED)
        if holds.any():
            said = said & ~holds[told]
        if name in excluded:
            said = said | np.array([name in t.excluded for t in tolds])[told]
        if said.any():
            found[name] = said
    return found


__all__ = ["Settled", "Told", "closure", "combinations", "settle"]

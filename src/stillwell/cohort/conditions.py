"""Conditions of the knowledge base's rules, held against many people at once (`triage.rules.holds` for one)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from stillwell.cohort.people import TOLD, Flags, People
from stillwell.cohort.results import NONE, Results
from stillwell.cohort.taken import Takes
from stillwell.cohort.told import Settled
from stillwell.inference.network import Floats
from stillwell.knowledge.schema import Condition
from stillwell.knowledge.store import Knowledge

Holds = Flags | None  # None: it holds for nobody


@dataclass
class Columns:
    """What rules read of N people, by column.

    Attributes:
        findings: id -> (N,) who has it, with what follows from other findings.
        age: (N,) years, nan where not known.
    """

    count: int
    findings: dict[str, Flags]
    history: dict[str, Flags]
    takes: Takes
    results: Results
    age: Floats

    @classmethod
    def of(
        cls,
        people: People,
        settled: Settled,
        taken: Takes,
        results: Results,
        present: Callable[[tuple[str, ...]], tuple[str, ...]] = lambda names: names,
    ) -> Columns:
        """The columns of people; `present` changes which findings of a pattern count."""
        chosen = [set(present(t.present)) for t in settled.tolds]
        names = sorted(set().union(*chosen)) if chosen else []
        findings = {n: np.array([n in c for c in chosen])[settled.told] for n in names}
        history = {n: column == TOLD for n, column in settled.history.items()}
        return cls(len(people), findings, history, taken, results, people.age)


class Conditions:
    """Holds conditions against people, each different one once."""

    def __init__(self, known: Knowledge, columns: Columns) -> None:
        self.known = known
        self.columns = columns

    def holds(self, when: Condition) -> Holds:
        """(N,) for whom a condition holds; None where it holds for nobody."""
        if when.all is not None:
            every = np.ones(self.columns.count, dtype=bool)
            for part in when.all:
                here = self.holds(part)
                if here is None:
                    return None
                every = every & here
                if not every.any():
                    return None
            return every
        if when.any is not None:
            found: Holds = None
            for part in when.any:
                here = self.holds(part)
                if here is not None:
                    found = here if found is None else found | here
            return found
        if when.at_least is not None:
            return self._at_least(*when.at_least)
        return _somebody(self._single(when))

    def _at_least(self, count: int, parts: list[Condition]) -> Holds:
        number = np.zeros(self.columns.count, dtype=np.int16)
        for part in parts:
            here = self.holds(part)
            if here is not None:
                number += here
        return _somebody(number >= count)

    def _single(self, when: Condition) -> Holds:
        columns = self.columns
        if when.finding is not None:
            return columns.findings.get(when.finding)
        if when.history is not None:
            return columns.history.get(when.history)
        if when.medicine is not None:
            return self._takes(when.medicine)
        if when.age_from is not None:
            return columns.age >= when.age_from
        if when.age_below is not None:
            return columns.age < when.age_below
        if when.pregnant is not None:
            return columns.history.get("pregnant")
        if when.result == "marked":
            return self._any_marked()
        if when.lab is not None:
            return self._result(when)
        # stopped medicines, doses, daily entries, home measurements and results that a laboratory
        # called critical have no column: whoever brings one is worked out one by one
        return None

    def _takes(self, name: str) -> Holds:
        found: Holds = None
        for one, column in self.columns.takes.every.items():
            if name in (one.group, one.member):
                found = column if found is None else found | column
        return found

    def _any_marked(self) -> Holds:
        found: Holds = None
        for column in self.columns.results.tests.values():
            found = column.marked if found is None else found | column.marked
        return found

    def _result(self, when: Condition) -> Holds:
        """A result beyond a threshold, or on a side of its range."""
        column = self.columns.results.tests.get(when.lab or "")
        if column is None:
            return None
        told: Flags = column.flag != NONE
        if when.below is None and when.above is None and when.flag is None:
            return told
        found = np.zeros(self.columns.count, dtype=bool)
        if when.flag is not None:
            found |= column.on(when.flag)
        if when.below is not None:
            found |= column.value < when.below
        if when.above is not None:
            found |= column.value > when.above
        held: Flags = found & told
        return held


def _somebody(found: Holds) -> Holds:
    return found if found is not None and found.any() else None


__all__ = ["Columns", "Conditions", "Holds"]

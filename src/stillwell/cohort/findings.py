"""Positive findings of people as arrays: who produces them, how common they are, how far out results are."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from stillwell.assess.distributions import grade_values
from stillwell.assess.model import STATES, Model
from stillwell.case.model import Person
from stillwell.cohort.results import Results
from stillwell.cohort.told import Settled
from stillwell.inference.many import Findings
from stillwell.inference.network import Floats

Places = NDArray[np.int64]


class FindingTables:
    """Who produces each finding, and how common it is otherwise: looked up once."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self._produced: dict[str, Floats] = {}
        self._leaks: dict[tuple[str, str | None, float | None], float] = {}

    def produced(self, name: str) -> Floats:
        """(V, S) probability that a state of a cause produces the finding."""
        if name not in self._produced:
            none = np.zeros((1, len(self.model.causes)))
            network = self.model.network(none, none, [name], [], [], None, None, None, 0)
            self._produced[name] = network.activation[0, 0]
        return self._produced[name]

    def leak(self, name: str, person: Person) -> float:
        """How often nothing listed produces the finding at this age and sex."""
        key = (name, person.sex, person.age)
        if key not in self._leaks:
            self._leaks[key] = self.model.leak_of(name, person.sex, person.age)
        return self._leaks[key]


class FindingColumns:
    """The positive findings of N people, as far as they differ from person to person."""

    def __init__(
        self, tables: FindingTables, graded: dict[str, bool], told: Settled, results: Results
    ) -> None:
        self.tables, self.graded, self.told, self.results = tables, graded, told, results
        self._leak_columns: dict[str, Floats] = {}
        self._shown_tables: dict[str, tuple[NDArray[np.int32], Floats]] = {}

    def of(self, names: Sequence[str], at: Places) -> Findings:
        """What people at some places have in common, who all have the findings of these names."""
        v = len(self.tables.model.causes)
        row = np.full((len(names), v, STATES), -1, dtype=np.int32)
        leak = np.empty((len(names), len(at)))
        shown: list[Floats] = []
        for k, name in enumerate(names):
            leak[k] = self.leak(name)[at]
            if self.graded.get(name):
                rows, table = self._shown(name)
                row[k] = rows + sum(len(t) for t in shown)
                shown.append(table[:, at])
                leak[k] *= shown[-1][0]
        arises = np.stack([self.tables.produced(n) for n in names]) if names else row.astype(float)
        none = np.zeros((0, len(at)))
        return Findings(arises, row, np.concatenate([none, *shown]), leak)

    def leak(self, name: str) -> Floats:
        """(N,) how often nothing listed produces a finding."""
        if name not in self._leak_columns:
            told = self.told
            by_person = np.array([self.tables.leak(name, p) for p in told.persons])
            self._leak_columns[name] = by_person[told.whom]
        return self._leak_columns[name]

    def _shown(self, name: str) -> tuple[NDArray[np.int32], Floats]:
        """How far out a result is: (V, S) rows of a (rows, N) table, row 0 that of the leak."""
        if name not in self._shown_tables:
            model = self.tables.model
            base = model.known.base
            _, test, side = name.split(":")
            grades = grade_values(base.tests[test], side, self.results.tests[test].value, base.causes)
            rows = np.zeros((len(model.causes), STATES), dtype=np.int32)
            table = [grades.leak]
            ordered = sorted(grades.causes.items(), key=lambda item: item[0][1] != "any")
            for (cause, state), weight in ordered:
                for s in model.states_of(cause, state):
                    rows[model.cause_index[cause], s] = len(table)
                table.append(weight)
            self._shown_tables[name] = rows, np.stack(table)
        return self._shown_tables[name]


__all__ = ["FindingColumns", "FindingTables"]

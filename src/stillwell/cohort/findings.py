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


class FindingTables:
    """Who produces each finding, and how common it is otherwise: looked up once."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self._known: dict[str, tuple[Floats, Floats]] = {}
        self._leaks: dict[tuple[str, str | None, float | None], float] = {}

    def produced(self, name: str) -> Floats:
        """(V, S) probability that a state of a cause produces the finding."""
        return self._tables(name)[0]

    def spared(self, name: str) -> Floats:
        """(V, S) probability that a state of a cause does not suppress the finding."""
        return self._tables(name)[1]

    def _tables(self, name: str) -> tuple[Floats, Floats]:
        if name not in self._known:
            none = np.zeros((1, len(self.model.causes)))
            network = self.model.network(none, none, [name], [], [], None, None, None, 0)
            self._known[name] = network.activation[0, 0], network.inhibition[0, 0]
        return self._known[name]

    def leak(self, name: str, person: Person) -> float:
        """How often nothing listed produces the finding at this age and sex."""
        key = (name, person.sex, person.age)
        if key not in self._leaks:
            self._leaks[key] = self.model.leak_of(name, person.sex, person.age)
        return self._leaks[key]


def findings_of(
    tables: FindingTables,
    names: Sequence[str],
    graded: dict[str, bool],
    settled: Settled,
    results: Results,
) -> Findings:
    """What is to know of findings that some of N people have."""
    v = len(tables.model.causes)
    row = np.full((len(names), v, STATES), -1, dtype=np.int32)
    as_seen = np.full(len(names), -1, dtype=np.int32)
    leak = np.zeros((len(names), len(settled.persons)))
    arises = np.zeros((len(names), v, STATES))
    shown: list[Floats] = []
    for k, name in enumerate(names):
        arises[k] = tables.produced(name)
        leak[k] = [tables.leak(name, p) for p in settled.persons]
        if graded.get(name):
            as_seen[k] = len(shown)
            row[k] = _shown(tables.model, name, results, shown)
    none = np.zeros((0, len(settled.whom)))
    table = np.stack(shown) if shown else none
    return Findings(arises, row, as_seen, table, leak, settled.whom)


def _shown(model: Model, name: str, results: Results, shown: list[Floats]) -> NDArray[np.int32]:
    """(V, S) rows that say how far out a result is; appended to `shown`, first that of what is not listed."""
    base = model.known.base
    _, test, side = name.split(":")
    grades = grade_values(base.tests[test], side, results.tests[test].value, base.causes)
    rows = np.full((len(model.causes), STATES), len(shown), dtype=np.int32)
    shown.append(grades.leak)
    for (cause, state), weight in sorted(grades.causes.items(), key=lambda i: i[0][1] != "any"):
        for s in model.states_of(cause, state):
            rows[model.cause_index[cause], s] = len(shown)
        shown.append(weight)
    return rows


__all__ = ["FindingTables", "findings_of"]

"""Assesses people: posteriors, contributions, "nothing listed" and urgency, exactly as one by one."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np

from stillwell.assess.model import Model
from stillwell.case.person_in_words import is_child
from stillwell.cohort.groups import Engine
from stillwell.cohort.one_by_one import assess_understood
from stillwell.cohort.people import Flags, People
from stillwell.cohort.results import read_results, set_impossible_aside
from stillwell.cohort.taken import takes
from stillwell.cohort.told import settle
from stillwell.cohort.urgency import LEVEL_NAMES, UrgencyTables
from stillwell.errors import StillwellError
from stillwell.inference.network import Floats


@dataclass
class Assessed:
    """What is said of N people.

    Attributes:
        present, contributes: (V, N) probabilities; nan of children and where they cannot be worked out.
        nothing_listed: (N,).
        urgency: (N,) numbers of `LEVEL_NAMES`.
        refused: (N,) whom the one-case function refuses.
        one_by_one: (N,) who was worked out by the one-case function.
        patterns: different patterns of positive findings.
        set_aside: (test, reason) -> values that were not used.
    """

    present: Floats
    contributes: Floats
    nothing_listed: Floats
    urgency: np.ndarray[tuple[int, ...], np.dtype[np.int8]]
    refused: Flags
    one_by_one: Flags
    patterns: int
    set_aside: Counter[tuple[str, str]]

    @classmethod
    def of_nobody(cls, causes: int) -> Assessed:
        """What is said of no people."""
        none, no = np.zeros(0), np.zeros(0, dtype=bool)
        table = np.zeros((causes, 0))
        return cls(table, table, none, np.zeros(0, np.int8), no, no, 0, Counter())


class Assessor:
    """Assesses sets of people; what is worked out for one set serves the next."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.engine = Engine(model)
        self.rules = UrgencyTables(model.known)

    def assess(self, people: People, room: Floats | None = None) -> Assessed:
        """Assess people; values that are not possible are set aside (and taken out of `people`).

        Args:
            room: (2, V, N) where what causes are and contribute is written; made where there is none.
        """
        if room is None:
            room = np.empty((2, len(self.model.causes), len(people)))
        gone = set_impossible_aside(self.model.known.base, people)
        told = settle(people)
        taken = takes(people)
        results = read_results(self.model.known.base, people, told)
        child = np.array([is_child(p) for p in told.persons], dtype=bool)[told.whom]
        alone = (results.in_doubt | taken.unusual) & ~told.refused
        skip = child | alone | told.refused
        found = self.engine.posteriors(people, told, taken, results, skip, room)
        alone = alone | found.left
        urgency = self.rules.levels(people, told, taken, results, found.present, self.model)
        answer = Assessed(
            found.present,
            found.contributes,
            found.nothing_listed,
            urgency,
            told.refused.copy(),
            alone,
            found.patterns,
            gone,
        )
        for i in np.flatnonzero(alone):
            self._one(people, int(i), answer)
        answer.present[:, answer.refused] = np.nan
        answer.contributes[:, answer.refused] = np.nan
        answer.nothing_listed[answer.refused] = np.nan
        return answer

    def _one(self, people: People, i: int, answer: Assessed) -> None:
        try:
            one = assess_understood(self.model, people.understood(i))
        except StillwellError:
            answer.refused[i] = True
            return
        answer.present[:, i], answer.contributes[:, i] = one.present, one.contributes
        answer.nothing_listed[i] = one.nothing_listed
        answer.urgency[i] = LEVEL_NAMES.index(one.urgency)


__all__ = ["LEVEL_NAMES", "Assessed", "Assessor"]

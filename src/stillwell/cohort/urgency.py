"""How urgent it is for many people: the rules of triage and what is taken, held against columns."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stillwell.assess.for_whom import applies
from stillwell.assess.interactions import asks_more, interaction, is_of, pairs
from stillwell.assess.model import Model
from stillwell.assess.taken import warnings
from stillwell.assess.urgency import with_taken
from stillwell.case.person_in_words import is_child
from stillwell.case.understood import TakenMedicine, Understood
from stillwell.cohort.conditions import Columns, Conditions
from stillwell.cohort.people import DENIED, TOLD, UNKNOWN, Flags, People
from stillwell.cohort.results import HIGH, LOW, Results
from stillwell.cohort.taken import Takes
from stillwell.cohort.told import Settled, combinations
from stillwell.errors import StillwellError
from stillwell.inference.network import Floats
from stillwell.knowledge.schema import Caution
from stillwell.knowledge.store import Knowledge
from stillwell.nutrition.planner.limits import LIKELY
from stillwell.triage.rules import LEVELS, NOT_UNDERSTOOD, RED, Urgency, is_mild, slow_forms

LEVEL_NAMES = (*LEVELS, NOT_UNDERSTOOD)
CODE = {name: k for k, name in enumerate(LEVEL_NAMES)}
Codes = NDArray[np.int8]


class UrgencyTables:
    """The rules, and what was worked out of them for earlier people."""

    def __init__(self, known: Knowledge) -> None:
        self.known = known
        self._pairs: dict[tuple[TakenMedicine, TakenMedicine], int | None] = {}
        self._warned: dict[tuple[object, ...], int] = {}

    def levels(
        self,
        people: People,
        settled: Settled,
        taken: Takes,
        results: Results,
        present: Floats,
        model: Model,
    ) -> Codes:
        """(N,) number of `LEVEL_NAMES` of each person.

        Args:
            present: (V, N) posterior of each cause, nan where there is none.
        """
        level = self._triage(people, settled, taken, results)
        if not taken.every:
            return level
        columns = Columns.of(people, settled, taken, results)
        return self._with_taken(level, people, settled, columns, present, model)

    # ---- triage ----

    def _triage(self, people: People, told: Settled, taken: Takes, results: Results) -> Codes:
        """The level by the rules alone; see `triage.rules.triage`."""
        known, count = self.known, len(people)

        def settled(present: tuple[str, ...]) -> tuple[str, ...]:
            return tuple(slow_forms(Understood(people_of_nobody, list(present)), known).present)

        people_of_nobody = told.persons[0] if told.persons else Understood(None).person  # type: ignore[arg-type]
        columns = Columns.of(people, told, taken, results, settled)
        conditions = Conditions(known, columns)
        level = np.full(count, len(LEVELS), dtype=np.int8)
        for rule in known.base.triage.values():
            holds = conditions.holds(rule.when)
            if holds is None:
                continue
            np.minimum(level, np.where(holds, CODE[rule.level], len(LEVELS)), out=level)
            if rule.emergency_with is not None:
                worse = conditions.holds(rule.emergency_with)
                if worse is not None:
                    level[holds & worse] = CODE["emergency"]
        mild = np.array(
            [
                is_mild(Understood(people_of_nobody, list(settled(t.present))), known)
                for t in told.tolds
            ],
            dtype=bool,
        )[told.told]
        child = np.array([is_child(p) for p in told.persons], dtype=bool)[told.whom]
        something = np.array([bool(t.present) for t in told.tolds])[told.told]
        for column in results.tests.values():
            mild = mild & (column.flag != LOW) & (column.flag != HIGH)
            something = something | ~np.isnan(column.value)
        none = level == len(LEVELS)
        level[none] = np.where(mild & ~child, CODE["self_care"], CODE["routine"])[none]
        words = np.zeros(count, dtype=bool)
        for states in (*people.findings.values(), *people.history.values()):
            words |= states != UNKNOWN
        red = np.isin(level, [CODE[name] for name in RED])
        level[words & ~something & ~red] = CODE[NOT_UNDERSTOOD]
        return level

    # ---- what is taken ----

    def _with_taken(
        self,
        level: Codes,
        people: People,
        settled: Settled,
        columns: Columns,
        present: Floats,
        model: Model,
    ) -> Codes:
        """The level raised to that of the most urgent warning about what is taken.

        The most urgent of all interactions and cautions that hold bounds it; where that would raise it, the
        one-case function decides, once for each set of them.
        """
        items = list(columns.takes.every.items())
        now = np.where(level == CODE[NOT_UNDERSTOOD], CODE["routine"], level)
        bound = np.full(len(level), len(LEVELS), dtype=np.int8)
        anything = np.zeros(len(level), dtype=bool)
        for _, column in items:
            anything |= column
        # advice on amounts is routine: it raises only what people look after themselves
        bound[anything & (now == CODE["self_care"])] = CODE["routine"]
        held: list[tuple[object, Flags]] = []
        for a, (one, first) in enumerate(items):
            for other, second in items[a + 1 :]:
                code = self._meeting(one, other)
                if code is not None and (both := first & second).any():
                    held.append(((one, other), both))
                    np.minimum(bound, np.where(both, code, len(LEVELS)), out=bound)
        conditions = Conditions(self.known, columns)
        for caution in self.known.base.cautions.values():
            mine = [(one, column) for one, column in items if is_of(caution, one)]
            if not mine:
                continue
            holds = self._caution(caution, settled, columns, conditions, present, model)
            if holds is None:
                continue
            for one, column in mine:
                if (here := column & holds).any():
                    held.append(((caution.id, one), here))
                    np.minimum(bound, np.where(here, CODE[caution.level], len(LEVELS)), out=bound)
        raised = np.flatnonzero(bound < now)
        if not len(raised):
            return level
        mild = now[raised] == CODE["self_care"]
        parts: list[NDArray[Any]] = [level[raised], np.where(mild, settled.whom[raised], -1)]
        parts.extend(h[raised] for _, h in held)
        parts.extend(np.where(mild, c[raised], False) for _, c in items)
        chosen, own = combinations(parts)
        codes = np.array(
            [
                self._asked(
                    people, int(i), level, present[:, i], model,
                    (*(n for n, h in held if h[i]), LEVEL_NAMES[level[i]])
                    if now[i] != CODE["self_care"] else None,
                )
                for i in raised[chosen]
            ],
            dtype=np.int8,
        )  # fmt: skip
        level = level.copy()
        level[raised] = codes[own]
        return level

    def _asked(
        self,
        people: People,
        i: int,
        level: Codes,
        present: Floats,
        model: Model,
        key: tuple[object, ...] | None,
    ) -> int:
        """The level of one person by the one-case function, remembered under `key`."""
        if key is not None and key in self._warned:
            return self._warned[key]
        try:
            told = people.understood(i)
        except StillwellError:
            return int(level[i])
        by_name = {
            name: float(p) for name, p in zip(model.causes, present, strict=True) if not np.isnan(p)
        }
        now = Urgency(level=LEVEL_NAMES[level[i]], alerts=[])
        code = CODE[with_taken(self.known, now, warnings(self.known, told, None, by_name)).level]
        if key is not None:
            self._warned[key] = code
        return code

    def _meeting(self, one: TakenMedicine, other: TakenMedicine) -> int | None:
        """The level at which two things taken together are warned of; None where they are not."""
        key = (one, other)
        if key not in self._pairs:
            both = Understood(None, medicines=[one, other])  # type: ignore[arg-type]
            found = [interaction(self.known, a, b) for a, b in pairs(both)]
            codes = [CODE[meeting.level] for meeting in found if meeting is not None]
            self._pairs[key] = min(codes, default=None)
        return self._pairs[key]

    def _caution(
        self,
        caution: Caution,
        settled: Settled,
        columns: Columns,
        conditions: Conditions,
        present: Floats,
        model: Model,
    ) -> Flags | None:
        """For whom a caution holds; see `assess.interactions.caution_holds`."""
        whom = self._applies(caution, settled, columns)
        if caution.for_whom != "everyone" and not asks_more(caution):
            found: Flags = whom
        else:
            found = np.zeros(columns.count, dtype=bool)
            when = conditions.holds(caution.when) if caution.when is not None else None
            if when is not None:
                found |= when
            for cause in caution.causes:
                if cause in model.cause_index:
                    found |= present[model.cause_index[cause]] >= LIKELY
            found = found & whom
        if caution.unless is not None:
            unless = conditions.holds(caution.unless)
            if unless is not None:
                found = found & ~unless
        return found if found.any() else None

    def _applies(self, caution: Caution, settled: Settled, columns: Columns) -> Flags:
        """Whom a caution is for, asked once for each kind of person."""
        count = columns.count
        if caution.for_whom == "everyone":
            return np.ones(count, dtype=bool)
        after = np.zeros(count, dtype=bool)
        hormones = [o for o in columns.takes.medicines if o.group == "hrt"]
        for hormone in hormones:
            after |= columns.takes.medicines[hormone]
        unknown = np.full(count, UNKNOWN, dtype=np.int8)
        pregnant = settled.history.get("pregnant", unknown)
        past = settled.history.get("postmenopausal", unknown) == TOLD
        first, own = combinations([settled.whom, after, pregnant, past])
        holds = []
        for i in first:
            one = Understood(settled.persons[settled.whom[i]])
            one.history_present = ["pregnant"] * int(pregnant[i] == TOLD)
            one.history_present += ["postmenopausal"] * int(past[i])
            one.history_absent = ["pregnant"] * int(pregnant[i] == DENIED)
            if after[i]:
                one = replace(one, medicines=hormones[:1])
            holds.append(applies(caution.for_whom, one))
        found: Flags = np.array(holds, dtype=bool)[own]
        return found


__all__ = ["CODE", "LEVEL_NAMES", "UrgencyTables"]

"""Priors of many people: what age, sex, history and medicines do, as columns.

Each influence is worked out by the one-case function (`assess.evidence.influences`), once for each item
and each band of age and sex for which it differs; people are looked up in these tables.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, partial

import numpy as np
from numpy.typing import NDArray

from stillwell.assess.evidence import (
    OBESE,
    UNNAMED,
    Influence,
    implied_influences,
    influences,
    medicine_made,
    prevalence,
)
from stillwell.assess.fitted_prior import age_band, term_shift
from stillwell.assess.model import Model
from stillwell.assess.parameters import expit, logit
from stillwell.assess.taken_for import TAKEN_FOR, Implied, implied_history
from stillwell.case.model import Person
from stillwell.case.understood import TakenMedicine, Understood
from stillwell.cohort.people import DENIED, TOLD, UNKNOWN, Flags, People
from stillwell.cohort.taken import Takes
from stillwell.cohort.told import Settled, combinations
from stillwell.inference.many import Columns
from stillwell.inference.network import Floats
from stillwell.knowledge.schema import HistoryItem

AFTER_STOPPING = "after_stopping_medicine_or_substance"
Places = NDArray[np.int64]


@dataclass
class _Moves:
    """What moves the priors of N people, by cause.

    Attributes:
        shift: cause -> (N,) sum of shifts in log-odds.
        quiet: cause -> (N,) product of 1 - what is added.
        brought: cause -> (N,) what people with a denied factor bring to everyone's prior.
    """

    count: int
    shift: dict[int, Floats]
    quiet: dict[int, Floats]
    brought: dict[int, Floats]

    def row(self, table: dict[int, Floats], cause: int, start: float) -> Floats:
        if cause not in table:
            table[cause] = np.full(self.count, start)
        return table[cause]


class PriorTables:
    """Priors of people of each age and sex, and what every item does to them."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.base = model.known.base
        self.rises = {i: np.array([slope]) for i, (slope, _) in model.severe_rises.items()}
        self._of_person: dict[tuple[str | None, float | None], tuple[Floats, Floats]] = {}
        self._common: dict[tuple[str, str | None, float | None], float] = {}
        self._of_item: dict[tuple[object, ...], list[Influence]] = {}
        self.made = sorted(medicine_made(model))
        self.severe = {
            i: expit(np.array([share.mean]))
            for i, share in enumerate(model.severe)
            if share is not None
        }

    def of_persons(self, persons: Sequence[Person]) -> tuple[Floats, Floats]:
        """(P, V) average prior of people of each age and sex, and the share that parents bring."""
        keys = [(p.sex, p.age) for p in persons]
        new = [k for k in dict.fromkeys(keys) if k not in self._of_person]
        if new:
            average = np.concatenate([self.model.base_priors(sex, age) for sex, age in new])
            brought = self.model.attributable_to_parents(average)
            self._of_person.update(zip(new, zip(average, brought, strict=True), strict=True))
        tables = [self._of_person[k] for k in keys]
        return np.stack([t[0] for t in tables]), np.stack([t[1] for t in tables])

    def priors(self, people: People, settled: Settled, takes: Takes) -> Columns:
        """The prior of every state of every cause."""
        average, attributable = self.of_persons(settled.persons)
        moves = _Moves(len(people), {}, {}, {})
        for influence_groups in self._grouped(people, settled, takes):
            _apply(moves, influence_groups)
        for cause in self.made:
            row = moves.row(moves.shift, cause, 0.0)
            row += np.where(takes.known, np.log(UNNAMED), 0.0)
        usual = np.clip(1 - (1 - expit(_log_odds(average))), 1e-12, 0.98)
        usual = self.model.state_prior(usual, average, attributable, self.severe, self.rises)
        own: dict[tuple[int, int], Floats] = {}
        for cause in sorted({*moves.shift, *moves.quiet, *moves.brought}):
            present = self._present(cause, average[:, cause], settled.whom, moves)
            brought = attributable[settled.whom, cause]
            states = self.model.state_prior(
                present[:, None],
                average[settled.whom, cause][:, None],
                brought[:, None],
                _alone(self.severe, cause),
                _alone(self.rises, cause),
            )
            for state in range(self.model.n_states[cause]):
                own[cause, state] = np.ascontiguousarray(states[:, 0, state])
        return Columns(usual, settled.whom, own)

    def _present(self, cause: int, average: Floats, whom: Places, moves: _Moves) -> Floats:
        """(N,) prior of a cause after history and medicines; see `assess.evidence.apply_influences`."""
        if cause in moves.brought:
            usual = average[whom]
            log_odds = _log_odds(np.maximum(usual - moves.brought[cause], 0.1 * usual))
        else:
            log_odds = _log_odds(average)[whom]
        log_odds = log_odds + moves.shift.get(cause, 0.0)
        present = 1 - (1 - expit(log_odds)) * moves.quiet.get(cause, 1.0)
        found: Floats = np.clip(present, 1e-12, 0.98)
        return found

    # ---- which influences there are, those of one group together ----

    def _grouped(
        self, people: People, settled: Settled, takes: Takes
    ) -> Iterator[list[tuple[Influence, Flags]]]:
        """Influences with whom each holds for; of those in one list the strongest counts."""
        groups: dict[tuple[object, ...], list[tuple[Influence, Flags]]] = {}
        every = (
            *self._of_history(settled),
            *self._of_taken_for(settled, takes),
            *self._of_taken(settled, takes),
            *self._of_none_taken(settled, takes),
        )
        for number, (influence, holds) in enumerate(every):
            if influence.term is not None:
                key: tuple[object, ...] = ("term", influence.cause, influence.term)
            elif influence.group is not None:
                key = ("group", influence.cause, influence.group)
            else:
                key = ("single", number)
            groups.setdefault(key, []).append((influence, holds))
        yield from groups.values()
        yield from self._of_body_mass(people, settled)

    def _of_history(self, settled: Settled) -> Iterator[tuple[Influence, Flags]]:
        for name, column in sorted(settled.history.items()):
            item = self.base.history[name]
            for state in (TOLD, DENIED):
                here = column == state
                if not here.any():
                    continue
                for person, those in self._bands(settled, here, partial(self._prevalence, item)):
                    case = Understood(person)
                    listed = case.history_present if state == TOLD else case.history_absent
                    listed.append(name)
                    for one in self._known(("history", name, state), case, person):
                        if not self._is_body_mass(one):
                            yield one, those

    def _of_taken_for(self, settled: Settled, takes: Takes) -> Iterator[tuple[Influence, Flags]]:
        """Illnesses that medicines tell of, of those who neither told nor denied them."""
        tellers: dict[str, list[TakenMedicine]] = {}
        for taken in takes.medicines:
            for history in {r.history for r in self.base.medicines[taken.group].taken_for}:
                tellers.setdefault(history, []).append(taken)
        for history, medicines in sorted(tellers.items()):
            said = settled.history.get(history)
            columns = [takes.medicines[m] for m in medicines]
            open_ = np.logical_or.reduce(columns)
            if said is not None:
                open_ = open_ & (said == UNKNOWN)
            first, own = combinations(columns)
            for number, i in enumerate(first):
                mine = [m for m, column in zip(medicines, columns, strict=True) if column[i]]
                here = open_ & (own == number)
                if mine and here.any():
                    yield from self._implied(history, mine, settled, here)

    def _implied(
        self, history: str, medicines: list[TakenMedicine], settled: Settled, here: Flags
    ) -> Iterator[tuple[Influence, Flags]]:
        """What one illness does that some medicines tell of, to those of `here`."""

        def told_of(person: Person) -> tuple[Implied | None, Understood]:
            case = Understood(person)
            case.medicines.extend(medicines)
            return implied_history(self.base, case).get(history), case

        item = self.base.history[history]
        for person, those in self._bands(
            settled, here, lambda p: (self._prevalence(item, p), told_of(p)[0])
        ):
            illness, case = told_of(person)
            if illness is not None:
                for one in implied_influences(self.model, case, {history: illness}):
                    yield one, those

    def _of_taken(self, settled: Settled, takes: Takes) -> Iterator[tuple[Influence, Flags]]:
        stopping = np.array([AFTER_STOPPING in t.present for t in settled.tolds])[settled.told]
        for kind, table in (("medicines", takes.medicines), ("supplements", takes.supplements)):
            for taken, column in table.items():
                for after in (False, True):
                    here = column & (stopping == after)
                    if not here.any():
                        continue
                    for person, those in self._bands(settled, here):
                        case = Understood(person)
                        getattr(case, kind).append(taken)
                        if after:
                            case.present.append(AFTER_STOPPING)
                        key = (kind, taken.group, taken.member, after)
                        for one in self._known(key, case, person):
                            if not one.item.startswith(TAKEN_FOR):  # see `_of_taken_for`
                                yield one, those

    def _of_none_taken(self, settled: Settled, takes: Takes) -> Iterator[tuple[Influence, Flags]]:
        """Classes that a fitted prior speaks of and that are known not to be taken."""
        for name, prior in self.base.fitted_priors.items():
            cause = self.model.cause_index[name]
            for number, term in enumerate(prior.terms):
                kind, _, names = term.variable.partition(":")
                if kind != "medicine":
                    continue
                taken = np.zeros(len(takes.known), dtype=bool)
                for one, column in takes.medicines.items():
                    if one.group in names.split("|"):
                        taken |= column
                here = takes.known & ~taken
                for person, those in self._bands(settled, here):
                    case = Understood(person)
                    case.medicines_known = True
                    for found in self._known(("none",), case, person):
                        if found.cause == cause and found.term == number:
                            yield found, those

    def _of_body_mass(
        self, people: People, settled: Settled
    ) -> Iterator[list[tuple[Influence, Flags]]]:
        """Body mass index from weight and height, else what "obesity" alone tells."""
        own = np.clip(people.weight_kg / (people.height_cm / 100) ** 2, 15, 55)
        obese = settled.history.get("obesity")
        if obese is not None:
            own = np.where(np.isnan(own) & (obese == TOLD), OBESE, own)
        if np.isnan(own).all():
            return
        age = np.array([45.0 if p.age is None else p.age for p in settled.persons])[settled.whom]
        sex = np.array([-1 if p.sex is None else int(p.sex == "male") for p in settled.persons])
        women = sex[settled.whom]
        for name, prior in self.base.fitted_priors.items():
            for term in prior.terms:
                if term.variable != "bmi":
                    continue
                of_women = term_shift(term, own, np.ones(len(own)), age)
                of_men = term_shift(term, own, np.zeros(len(own)), age)
                both = (of_women + of_men) / 2
                shift = np.where(women == 0, of_women, np.where(women == 1, of_men, both))
                cause = self.model.cause_index[name]
                yield [(Influence("history:obesity", cause), shift)]

    def _is_body_mass(self, one: Influence) -> bool:
        if one.term is None:
            return False
        prior = self.base.fitted_priors[self.model.causes[one.cause]]
        return prior.terms[one.term].variable == "bmi"

    def _bands(
        self, settled: Settled, here: Flags, same: Callable[[Person], object] | None = None
    ) -> Iterator[tuple[Person, Flags]]:
        """One person of each band of age and sex, with those of `here` who are of it.

        Args:
            same: what of a person is to be the same for all of a band, beside age and sex.
        """
        keys: dict[tuple[object, ...], list[int]] = {}
        for number, person in enumerate(settled.persons):
            alike = None if same is None else same(person)
            keys.setdefault((person.sex, _band_of(person.age), alike), []).append(number)
        kind = np.empty(len(settled.persons), dtype=np.int64)
        for k, numbers in enumerate(keys.values()):
            kind[numbers] = k
        of_whom = kind[settled.whom]
        for k, numbers in enumerate(keys.values()):
            those = here & (of_whom == k)
            if those.any():
                yield settled.persons[numbers[0]], those

    def _prevalence(self, item: HistoryItem, person: Person) -> float:
        key = (item.id, person.sex, person.age)
        if key not in self._common:
            self._common[key] = prevalence(item, person.sex, person.age)
        return self._common[key]

    def _known(self, key: tuple[object, ...], case: Understood, person: Person) -> list[Influence]:
        common = 0.0
        if key[0] == "history":
            common = self._prevalence(self.base.history[str(key[1])], person)
        whole = (*key, person.sex, _band_of(person.age), common)
        if whole not in self._of_item:
            self._of_item[whole] = influences(self.model, case)
        return self._of_item[whole]


@cache
def _band_of(age: float | None) -> int:
    return int(age_band(np.array([45.0 if age is None else age]))[0])


def _log_odds(average: Floats) -> Floats:
    found: Floats = np.log(np.clip(average, 1e-12, 1)) - np.log1p(-np.clip(average, 0, 1 - 1e-9))
    return found


def _alone(by_cause: dict[int, Floats], cause: int) -> dict[int, Floats]:
    """What is known of one cause, as of the only one."""
    return {0: by_cause[cause]} if cause in by_cause else {}


def _apply(moves: _Moves, rivals: list[tuple[Influence, Flags]]) -> None:
    """Take in influences of one group: of those that hold for a person the strongest counts."""
    cause = rivals[0][0].cause
    if rivals[0][1].dtype != bool:  # a shift of its own for every person
        moves.row(moves.shift, cause, 0.0)[:] += rivals[0][1]
        return
    for one, holds in rivals:
        if one.without:
            moves.row(moves.brought, cause, 0.0)[holds] += one.without
    ranked = sorted(rivals, key=lambda r: (r[0].shift, r[0].add), reverse=True)
    if any(one.certainty < 1.0 for one, _ in ranked):
        _apply_unsure(moves, ranked)
        return
    left = np.ones(moves.count, dtype=bool)
    for one, holds in ranked:
        here = left & holds if len(rivals) > 1 else holds
        if one.add:
            chance = float(expit(np.asarray(logit(one.add))))
            row = moves.row(moves.quiet, cause, 1.0)
            np.multiply(row, 1 - chance, out=row, where=here)
        elif one.shift:
            row = moves.row(moves.shift, cause, 0.0)
            np.add(row, one.shift, out=row, where=here)
        if len(rivals) > 1:
            left &= ~holds


def _apply_unsure(moves: _Moves, ranked: list[tuple[Influence, Flags]]) -> None:
    """The same where some are told with less than certainty: mixed as in `assess.evidence.apply_influences`."""
    cause = ranked[0][0].cause
    untold, odds, added = np.ones(moves.count), np.zeros(moves.count), np.zeros(moves.count)
    for one, holds in ranked:
        chance = untold * holds * one.certainty
        untold = untold - chance
        if one.add:
            added += chance * float(expit(np.asarray(logit(one.add))))
            odds += chance
        else:
            odds += chance * np.exp(one.shift)
    moves.row(moves.quiet, cause, 1.0)[:] *= 1 - added
    moves.row(moves.shift, cause, 0.0)[:] += np.log(odds + untold)


__all__ = ["PriorTables"]

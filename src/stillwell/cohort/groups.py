"""The posterior of any people: those with the same positive findings together, the rest one by one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stillwell.assess.distributions import grade_values
from stillwell.assess.evidence import EvidenceItems, complaint_of, evidence_items, told_beside
from stillwell.assess.model import STATES, Model
from stillwell.assess.posterior import RELEVANT, THROUGH
from stillwell.assess.size import crowded, too_large
from stillwell.case.model import Person
from stillwell.case.understood import Understood
from stillwell.cohort.evidence import EvidenceTables, Likelihoods
from stillwell.cohort.findings import FindingTables, findings_of
from stillwell.cohort.lanes import Part, Pattern, TooWideError, parts_of
from stillwell.cohort.people import Flags, People
from stillwell.cohort.priors import PriorTables
from stillwell.cohort.results import Results
from stillwell.cohort.taken import Takes
from stillwell.cohort.told import Settled, Told, combinations
from stillwell.inference.many import Causes, Columns, Known, Out
from stillwell.inference.network import Evidence, Floats, Network
from stillwell.inference.people import Differing
from stillwell.inference.program import build

Places = NDArray[np.int64]
MOST_LANES = 4096  # people whose weights are laid out at once
USUAL_FINDINGS = 8  # with more the one-case function may have to set findings aside
MOST_FINDINGS = 11  # there is a table of 2^11 sets of findings explained so far beside each cell
KEPT_PATTERNS = 500  # with their programs, about a megabyte each


@dataclass
class Posteriors:
    """(V, N) probabilities, (N,) nothing listed, and (N,) who has to be worked out one by one."""

    present: Floats
    contributes: Floats
    nothing_listed: Floats
    left: Flags
    patterns: int = 0
    counts: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class _Kind:
    """What people of one pattern share: the names of their positive findings and what is denied of them."""

    told: Told
    lab_present: tuple[str, ...]
    denied: tuple[str, ...]


class Engine:
    """Everything that is kept from one set of people to the next: tables, programs, orders."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.priors = PriorTables(model)
        self.tables = EvidenceTables(model)
        self._parts: dict[tuple[int, ...], Part] = {}
        self._patterns: dict[object, Pattern | None] = {}
        self._bands: dict[tuple[str, str | None, float | None], tuple[object, ...]] = {}
        self._crowded: dict[Told, bool] = {}
        self._fits: dict[tuple[str, ...], bool] = {}
        self.findings = FindingTables(model)
        none = np.zeros((1, len(model.causes)))
        network = model.network(none, none, [], [], [], None, None, None, 0)
        self.causes = Causes(network, parts_of(network), RELEVANT, THROUGH)

    def posteriors(
        self,
        people: People,
        settled: Settled,
        takes: Takes,
        results: Results,
        skip: Flags,
        room: Floats,
    ) -> Posteriors:
        """Work out people; those of `skip` are left alone.

        Args:
            room: (2, V, N) where present and contributes are written.
        """
        count = len(people)
        prior = self.priors.priors(people, settled, takes)
        known = self.tables.likelihoods(settled, results)
        found = Posteriors(
            room[0],
            room[1],
            np.full(count, np.nan),
            np.zeros(count, dtype=bool),
        )
        complains = np.array([bool(t.present) for t in settled.tolds])[settled.told]
        for column in known.lab_present.values():
            complains = complains | column
        structural = {
            name: self._structural(name, column, settled, complains)
            for name, column in known.denied.items()
        }
        plain = self._plain(settled, known, structural) & ~skip
        self._work_out(np.flatnonzero(plain), prior, known, settled, results, found)
        wanted = np.flatnonzero(~skip & ~plain)
        for kind, person, at in self._groups(settled, known, structural, wanted):
            found.patterns += 1
            pattern = self._pattern(kind, person)
            if pattern is None:
                found.left[at] = True
                continue
            for start in range(0, len(at), MOST_LANES):
                some = at[start : start + MOST_LANES]
                self._answer(pattern, kind, some, prior, known, settled, results, found)
        room[:, :, np.flatnonzero(skip | found.left)] = np.nan
        return found

    def _answer(
        self,
        pattern: Pattern,
        kind: _Kind,
        at: Places,
        prior: Columns,
        known: Likelihoods,
        settled: Settled,
        results: Results,
        found: Posteriors,
    ) -> None:
        answer = pattern.answer(
            prior.some(at),
            known.likelihood.some(at),
            self._differing(kind, at, settled, results),
        )
        found.present[:, at] = answer.present
        found.contributes[:, at] = answer.contributes
        found.nothing_listed[at] = answer.nothing_listed
        found.left[at] = answer.lost

    # ---- those who have only findings: no qualities, no course, nothing that something suppresses ----

    def _plain(self, settled: Settled, known: Likelihoods, structural: dict[str, Flags]) -> Flags:
        """(N,) who has only findings that are all asked about, and not too many."""
        tables = self.tables
        base = self.model.known.base
        plain = np.array(
            [
                tables.modelled.issuperset(t.present) and not told_beside(base, t.present)
                for t in settled.tolds
            ]
        )[settled.told]
        for column in structural.values():
            plain = plain & ~column
        many = np.array([len(t.present) for t in settled.tolds])[settled.told]
        for column in known.lab_present.values():
            many = many + column
        found: Flags = plain & (many <= MOST_FINDINGS)
        return found

    def _work_out(
        self,
        at: Places,
        prior: Columns,
        known: Likelihoods,
        settled: Settled,
        results: Results,
        found: Posteriors,
    ) -> None:
        """Work out people by the sweep over all causes, those with equally many findings together."""
        tables = self.tables
        names, table = _has(at, settled, known)
        known = _suppressed(self.findings, sorted(tables.inhibited), settled, known)
        findings = findings_of(self.findings, names, tables.graded, settled, results)
        out = Out(found.present, found.contributes, found.nothing_listed, found.left)
        many = table.sum(axis=1)
        for k in np.unique(many):
            those = np.flatnonzero(many == k)
            has = np.nonzero(table[those])[1].reshape(len(those), k).astype(np.int32)
            order = np.lexsort(has.T[::-1]) if k else np.arange(len(those))
            has, those = has[order], those[order]
            if k > USUAL_FINDINGS:
                fits = self._fitting(has, names, settled, at[those])
                found.left[at[those[~fits]]] = True
                has, those = has[fits], those[fits]
            found.patterns += 1 + int((has[1:] != has[:-1]).any(axis=1).sum())
            self.causes.work_out(findings, has, at[those], Known(prior, known.likelihood), out)

    def _fitting(
        self, has: NDArray[np.int32], names: list[str], settled: Settled, at: Places
    ) -> Flags:
        """(L,) of whom the one-case function sets no finding aside because there are too many."""
        first, own = combinations(list(has.T))
        fits = []
        for i in first:
            mine = tuple(names[f] for f in has[i])
            if mine not in self._fits:
                kind = _Kind(
                    settled.tolds[settled.told[at[i]]],
                    tuple(n for n in mine if n.startswith("lab:")),
                    (),
                )
                network, evidence, _ = self._network(kind, settled.persons[settled.whom[at[i]]])
                program = build(network, evidence, quiet=True)
                self._fits[mine] = not too_large((program.cells, program.work))
            fits.append(self._fits[mine])
        found: Flags = np.array(fits, dtype=bool)[own]
        return found

    # ---- groups ----

    def _groups(
        self, settled: Settled, known: Likelihoods, structural: dict[str, Flags], wanted: Places
    ) -> Iterator[tuple[_Kind, Person, Places]]:
        """People who share their positive findings and the leaks of these."""
        if not len(wanted):
            return
        structural = {n: c for n, c in structural.items() if c[wanted].any()}
        columns: list[NDArray[Any]] = [settled.told[wanted]]
        columns += [c[wanted] for c in known.lab_present.values()]
        columns += [c[wanted] for c in structural.values()]
        first, own = combinations(columns)
        order = np.argsort(own, kind="stable")
        bounds = np.searchsorted(own[order], np.arange(len(first) + 1))
        for number, i in enumerate(wanted[first]):
            kind = _Kind(
                settled.tolds[settled.told[i]],
                tuple(n for n, c in known.lab_present.items() if c[i]),
                tuple(n for n, c in structural.items() if c[i]),
            )
            those = wanted[order[bounds[number] : bounds[number + 1]]]
            yield from self._by_leak(kind, settled, those)

    def _structural(self, name: str, column: Flags, settled: Settled, complains: Flags) -> Flags:
        """Where a denied finding has a place of its own in the sweep: not where it tells nothing."""
        model = self.model
        if name in self.tables.inhibited and name in self.tables.modelled:
            return column
        relevant = np.zeros(len(settled.tolds), dtype=bool)
        for k, one in enumerate(settled.tolds):
            if name in model.qualities:
                relevant[k] = model.qualities[name] in one.present
            elif name in model.exclusive:
                relevant[k] = not set(one.present) & set(model.exclusive)
            else:
                relevant[k] = name in model.course
        found: Flags = column & relevant[settled.told]
        return found & complains if name in model.course else found

    def _by_leak(
        self, kind: _Kind, settled: Settled, those: Places
    ) -> Iterator[tuple[_Kind, Person, Places]]:
        """The same people by how common qualities and courses of theirs are at their age and sex."""
        names = self._in_bands(kind)
        numbers = np.unique(settled.whom[those])
        kinds: dict[tuple[object, ...], list[int]] = {}
        for number in numbers.tolist():
            person = settled.persons[number]
            key = tuple(self._band(n, person) for n in names)
            kinds.setdefault(key, []).append(number)
        if len(kinds) == 1:
            yield kind, settled.persons[numbers[0]], those
            return
        of_person = np.zeros(len(settled.persons), dtype=np.int64)
        for k, members in enumerate(kinds.values()):
            of_person[members] = k
        own = of_person[settled.whom[those]]
        for k, members in enumerate(kinds.values()):
            yield kind, settled.persons[members[0]], those[own == k]

    def _in_bands(self, kind: _Kind) -> list[str]:
        """What has a program of its own where it is more or less common: all but positive findings."""
        names = [n for n in kind.told.present if n not in self.tables.modelled]
        names = [n for n in (*names, *kind.denied) if n in self.model.leaks]
        if any(n in self.model.exclusive for n in names):
            names += self.model.exclusive
        return names

    def _band(self, name: str, person: Person) -> tuple[object, ...]:
        key = (name, person.sex, person.age)
        if key not in self._bands:
            shares = self.model.leaks[name].weights(person.sex, person.age)
            self._bands[key] = tuple((n.mean, w) for n, w in shares)
        return self._bands[key]

    # ---- programs ----

    def _pattern(self, kind: _Kind, person: Person) -> Pattern | None:
        bands = tuple(self._band(n, person) for n in self._in_bands(kind))
        key = (kind, bands)
        if key in self._patterns:
            self._patterns[key] = self._patterns.pop(key)  # the last one used stands last
        else:
            if len(self._patterns) >= KEPT_PATTERNS:
                self._patterns.pop(next(iter(self._patterns)))
            self._patterns[key] = self._written(kind, person)
        return self._patterns[key]

    def _written(self, kind: _Kind, person: Person) -> Pattern | None:
        """The pattern's programs; None where it is too crowded or too wide for lanes."""
        if self._is_crowded(kind, person):
            return None
        network, evidence, items = self._network(kind, person)
        graded = [k for k, n in enumerate(items.qualities) if n.endswith(":marked")]
        leaks = [k for k, n in enumerate(items.present) if not n.startswith("lab:")]
        try:
            return Pattern(network, evidence, leaks, graded, self._parts)
        except TooWideError:
            return None

    def _network(self, kind: _Kind, person: Person) -> tuple[Network, Evidence, EvidenceItems]:
        """The network of a pattern, with the prior of nobody."""
        items = self._items(kind, person)
        none = np.zeros((1, len(self.model.causes)))
        network = self.model.network(
            none,
            none,
            items.findings,
            items.qualities,
            items.course,
            person.sex,
            person.age,
            None,
            0,
            None,
            items.began,
        )
        known = self.model.known.base
        complaint = complaint_of(known, items.present, [1.0] * len(items.present))
        return network, items.evidence(complaint), items

    def _is_crowded(self, kind: _Kind, person: Person) -> bool:
        if kind.told not in self._crowded:
            understood = Understood(person, list(kind.told.present), list(kind.denied))
            self._crowded[kind.told] = crowded(self.model, understood)
        return self._crowded[kind.told]

    def _items(self, kind: _Kind, person: Person) -> EvidenceItems:
        understood = Understood(person, list(kind.told.present), list(kind.denied))
        denied = [n for n in kind.denied if n.startswith("lab:")]
        understood = replace(understood, absent=[n for n in kind.denied if n not in denied])
        graded = [f"{n}:marked" for n in kind.lab_present if self.tables.graded[n]]
        return evidence_items(self.model, understood, list(kind.lab_present), denied, graded)

    def _differing(
        self, kind: _Kind, at: Places, settled: Settled, results: Results
    ) -> Differing | None:
        """How common findings are at each person's age and sex, and how far out results are."""
        names = [n for n in kind.lab_present if self.tables.graded[n]]
        findings = [n for n in kind.told.present if n in self.tables.modelled]
        if not names and not findings:
            return None
        leaks = np.empty((len(findings), len(at)))
        whom = settled.whom[at]
        for k, name in enumerate(findings):
            leaks[k] = np.array([self.findings.leak(name, p) for p in settled.persons])[whom]
        model, base = self.model, self.model.known.base
        shape = (len(names), len(model.causes), STATES, len(at))
        producers, shown = np.empty(shape), np.empty((len(names), len(at)))
        for k, name in enumerate(names):
            _, test, side = name.split(":")
            values = results.tests[test].value[at]
            grades = grade_values(base.tests[test], side, values, base.causes)
            producers[k] = shown[k] = grades.leak
            rows = sorted(grades.causes.items(), key=lambda item: item[0][1] != "any")
            for (cause, state), weight in rows:
                for s in model.states_of(cause, state):
                    producers[k, model.cause_index[cause], s] = weight
        return Differing(leaks, producers, shown)


def _suppressed(
    tables: FindingTables, names: list[str], settled: Settled, known: Likelihoods
) -> Likelihoods:
    """The likelihoods with that of findings that a cause suppresses: who has one, has no cause that did so."""
    own = dict(known.likelihood.own)
    for name in names:
        holds = np.array([name in t.present for t in settled.tolds])[settled.told]
        if not holds.any():
            continue
        spares = tables.spared(name)
        for v, s in np.argwhere(spares < 1).tolist():
            factor = np.where(holds, spares[v, s], 1.0)
            own[v, s] = factor * own[v, s] if (v, s) in own else factor
    return replace(known, likelihood=replace(known.likelihood, own=own))


def _has(at: Places, settled: Settled, known: Likelihoods) -> tuple[list[str], NDArray[np.bool_]]:
    """The findings that people at some places have, and (L, F) who has which."""
    told_here = settled.told[at]
    used = np.unique(told_here)
    names = sorted({n for k in used for n in settled.tolds[k].present})
    number = {n: f for f, n in enumerate(names)}
    of_told = np.zeros((len(settled.tolds), len(names)), dtype=bool)
    for k in used:
        of_told[k, [number[n] for n in settled.tolds[k].present]] = True
    table = [of_told[told_here]]
    for name, column in known.lab_present.items():
        if (here := column[at]).any():
            names.append(name)
            table.append(here[:, None])
    return names, np.concatenate(table, axis=1)


__all__ = ["Engine", "Posteriors"]

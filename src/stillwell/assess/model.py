"""Compiles the knowledge base into arrays, and cuts out the part that one case needs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from stillwell.assess.distributions import GROSS_ERROR, Grade, lab_activation, marked_shares
from stillwell.assess.fitted_prior import age_basis, base_log_odds
from stillwell.assess.parameters import (
    EDGE,
    WORDED_SD,
    expit,
    logit,
    prior_median,
    slope_spread,
    spread,
)
from stillwell.inference.network import Floats, Link, Network
from stillwell.knowledge import schema as s
from stillwell.knowledge.base import panel_side
from stillwell.knowledge.store import Knowledge, knowledge

STATES = 3
UNTOLD = 0.01  # least share of a way to begin that a cause's file does not name: judgement
AGES = np.arange(18, 91)
SEXES = ("female", "male")


def age_weights(shares: Sequence[s.AgeShare]) -> Floats:
    """(2, 73) share of adults of each sex at each year of age from 18 to 90; sums to 1."""
    weights = np.zeros((len(SEXES), len(AGES)))
    for band in shares:
        held = (band.ages[0] <= AGES) & (band.ages[1] >= AGES)
        weights[SEXES.index(band.sex), held] += band.p / held.sum()
    total: Floats = weights / weights.sum()
    return total


@dataclass(frozen=True)
class Number:
    """A probability as log-odds with spread."""

    mean: float
    sd: float


@dataclass(frozen=True)
class Banded:
    """A probability by age and sex: which of `numbers` holds at (sex, age)."""

    numbers: tuple[Number, ...]
    index: NDArray[np.int64]  # (2, 73) by sex and age - 18
    population: Floats  # (2, 73) of age_weights

    def weights(self, sex: str | None, age: float | None) -> list[tuple[Number, float]]:
        """The numbers that hold for this person, with their share of the population."""
        if len(self.numbers) == 1:
            return [(self.numbers[0], 1.0)]
        sexes = slice(None) if sex is None else SEXES.index(sex)
        years = slice(None) if age is None else int(min(max(age, 18), 90)) - 18
        if sex is not None and age is not None:
            return [(self.numbers[self.index[sexes, years]], 1.0)]
        chosen = self.index[sexes, years].ravel()
        shares = np.bincount(chosen, weights=self.population[sexes, years].ravel()).tolist()
        found = {k: shares[k] for k in chosen.tolist()}
        total = sum(found.values())
        return [(self.numbers[k], w / total) for k, w in found.items()]


def banded(records: Sequence[s.Leak | s.Prior], population: Floats) -> Banded:
    """Bands of age and sex as a table; the first record that fits a person holds."""
    numbers = tuple(
        Number(*prior_median(r))
        if isinstance(r, s.Prior)
        else Number(logit(r.p), spread(r.p, r.interval, r.n))
        for r in records
    )
    index = np.zeros((len(SEXES), len(AGES)), dtype=np.int64)
    for sex, row in zip(SEXES, index, strict=True):
        mine = [k for k, r in enumerate(records) if r.sex in ("any", sex)]
        if not mine:
            continue
        bands = np.array([records[k].ages for k in mine])
        # years outside a band; in a gap between bands the nearest band of that sex holds
        outside = np.maximum(bands[:, :1] - AGES, AGES - bands[:, 1:]).clip(min=0)
        row[:] = np.array(mine)[outside.argmin(axis=0)]
    return Banded(numbers, index, population)


Draw = Callable[[Sequence[Number]], Floats]  # numbers to (n, L) draws of them


class Model:
    """The knowledge base as numbers, ready to be cut to a case."""

    def __init__(self, known: Knowledge) -> None:
        self.known = known
        base = known.base
        self.causes = _topological(base.causes)
        self.cause_index = {c: i for i, c in enumerate(self.causes)}
        self.n_states = np.array([1 + len(base.causes[c].states) for c in self.causes])
        self.population = age_weights(base.population)
        self._medians: dict[float, float] = {}  # by log-odds
        self._reach: list[float] | None = None
        self.priors = [banded(base.causes[c].prior, self.population) for c in self.causes]
        self.fitted = {
            self.cause_index[f.id]: self._fitted_table(f) for f in base.fitted_priors.values()
        }
        self.severe = [
            None
            if (share := base.causes[c].severe_share) is None
            else Number(logit(share.p), spread(share.p, share.interval, share.n))
            for c in self.causes
        ]
        self.severe_rises = {
            i: (rises.slope, slope_spread(rises.interval))
            for i, c in enumerate(self.causes)
            if (rises := base.causes[c].severe_rises) is not None
        }
        self.findings: list[str] = []
        self.qualities: dict[str, str] = {}
        self.course: list[str] = []
        modelled = {n: f for n, f in base.findings.items() if not f.triage_only}
        for name, finding in modelled.items():
            if finding.section == "course":
                self.course.append(name)
            elif finding.qualifies:
                self.qualities[name] = self._root(name)
            else:
                self.findings.append(name)
        # the ways a complaint can begin exclude each other: their shares add up to one
        self.exclusive = [
            n for n in self.course if set(base.findings[n].excludes) & set(self.course)
        ]
        self.leaks = {n: banded(f.leak, self.population) for n, f in modelled.items()}
        self.edges: dict[str, dict[tuple[int, int], Number]] = {}
        self.inhibitions: dict[str, dict[tuple[int, int], Number]] = {}
        self._findings_edges()
        self._lab_edges()
        self.links = [
            (self.cause_index[link.cause], i, link)
            for i, c in enumerate(self.causes)
            for link in base.causes[c].raised_by
        ]
        self.link_numbers = [
            Number(logit(link.p), spread(link.p, link.interval, link.n))
            for _, _, link in self.links
        ]
        self.exclusions = tuple(
            (i, j)
            for i, c in enumerate(self.causes)
            if (other := base.causes[c].opposite) is not None and (j := self.cause_index[other]) > i
        )
        self.average_leak = {n: self._average(b) for n, b in self.leaks.items()}

    def _fitted_table(self, prior: s.FittedPrior) -> tuple[Floats, Floats]:
        """(2, 73) log-odds by sex and age of a prior fitted on the survey, and their spread."""
        ages = AGES.astype(float)
        basis = age_basis(ages, prior.knots)
        k = len(prior.knots)
        covariance = np.asarray(prior.covariance)
        mean, spread_of = [], []
        for i, sex in enumerate(SEXES):
            block = covariance[i * k : (i + 1) * k, i * k : (i + 1) * k]
            mean.append(base_log_odds(prior, np.full(len(AGES), float(sex == "female")), ages))
            spread_of.append(np.sqrt(np.einsum("ni,ij,nj->n", basis, block, basis)))
        return np.stack(mean), np.stack(spread_of)

    def _root(self, name: str) -> str:
        findings = self.known.base.findings
        parent: str | None = findings[name].qualifies
        while parent and findings[parent].qualifies:
            parent = findings[parent].qualifies
        assert parent is not None
        return parent

    @staticmethod
    def _average(band: Banded) -> float:
        pairs = band.weights(None, None)
        p = expit(np.array([n.mean for n, _ in pairs])).tolist()
        return float(sum(w * one for (_, w), one in zip(pairs, p, strict=True)))

    def _findings_edges(self) -> None:
        base = self.known.base
        for i, name in enumerate(self.causes):
            cause = base.causes[name]
            told = {edge.finding for edge in cause.findings}
            for edge in sorted(cause.findings, key=lambda e: e.state != "any"):
                p = edge.p if edge.p is not None else (edge.k or 0 + 0.5) / ((edge.n or 1) + 1)
                sd = spread(p, edge.interval, edge.n)
                number = Number(logit(p), max(sd, WORDED_SD) if edge.basis == "worded" else sd)
                for state in _states(cause, edge.state):
                    self.edges.setdefault(edge.finding, {})[(i, state)] = number
            for edge in cause.findings:
                root = self.qualities.get(edge.finding)
                if root is not None and root not in told:
                    # only the quality is told: the finding itself occurs at least as often
                    for state in _states(cause, edge.state):
                        table = self.edges.setdefault(root, {})
                        known = table.get((i, state))
                        mine = self.edges[edge.finding][(i, state)]
                        if known is None or known.mean < mine.mean:
                            table[(i, state)] = mine
            for against in cause.against:
                number = Number(
                    logit(against.factor), spread(against.factor, against.interval, against.n)
                )
                for state in _states(cause, against.state):
                    self.inhibitions.setdefault(against.finding, {})[(i, state)] = number

    def _lab_edges(self) -> None:
        base = self.known.base
        defined = {
            (marker, panel_side(panel, base.tests[marker]))
            for panel in base.panels.values()
            if panel.defines
            for marker in panel.markers
        }
        for test in base.tests.values():
            for side, share in (("low", test.leak_low), ("high", test.leak_high)):
                name = f"lab:{test.id}:{side}"
                self.findings.append(name)
                self.qualities[f"{name}:marked"] = name
                outside = share.p if share else 0.025
                leak = Number(
                    logit(outside), spread(outside, share.interval if share else (0.01, 0.05), None)
                )
                if (test.id, side) in defined:
                    leak = Number(logit(GROSS_ERROR / 2), 0.5)
                everyone = np.zeros((len(SEXES), len(AGES)), dtype=np.int64)
                self.leaks[name] = Banded((leak,), everyone, self.population)
                shares = marked_shares(test, side)
                self.leaks[f"{name}:marked"] = Banded(
                    (Number(logit(shares), 1.0),), everyone, self.population
                )
        for i, name in enumerate(self.causes):
            cause = base.causes[name]
            for effect in cause.labs:
                key = f"lab:{effect.lab}:{effect.side}"
                number = Number(logit(effect.p), spread(effect.p, effect.interval, effect.n))
                for state in _states(cause, effect.state):
                    self.edges.setdefault(key, {})[(i, state)] = number
                    if effect.marked is not None:
                        self.edges.setdefault(f"{key}:marked", {})[(i, state)] = Number(
                            logit(effect.marked), 0.7
                        )
        for test in base.tests.values():
            for measure in test.measures:
                i = self.cause_index[measure.cause]
                cause = base.causes[measure.cause]
                for side in ("low", "high"):
                    p, marked, sd = lab_activation(test, measure, side)
                    if p is None:
                        continue
                    key = f"lab:{test.id}:{side}"
                    for state in _states(cause, measure.state):
                        self.edges.setdefault(key, {})[(i, state)] = Number(logit(p), sd)
                        if marked is not None:
                            self.edges.setdefault(f"{key}:marked", {})[(i, state)] = Number(
                                logit(marked), 0.5
                            )

    def states_of(self, cause: str, state: str) -> list[int]:
        """The numbers of the states of a cause that "any" or one name stands for."""
        return _states(self.known.base.causes[cause], state)

    def usual_leak(self, name: str) -> float:
        """How common a finding is, averaged over adults, in people with none of the causes."""
        return self.average_leak.get(name, 0.0)

    def leak_of(self, name: str, sex: str | None, age: float | None) -> float:
        """How common a finding is in people of this age and sex with none of the causes, at the median."""

        return float(self._drawn_leaks([name], sex, age, _median, 1)[0, 0])

    def _who(self, sex: str | None, age: float | None) -> Floats:
        """(2, 73) share of the adults that a person of this sex and age may be."""
        share = self.population.copy()
        if sex is not None:
            share[1 - SEXES.index(sex)] = 0
        if age is not None:
            share[:, int(min(max(age, 18), 90)) != AGES] = 0
        return share

    # ---- cutting out the part that a case needs ----

    def base_priors(
        self, sex: str | None, age: float | None, noise: Floats | None = None
    ) -> Floats:
        """(L, V) probability of each cause in people of this age and sex, before anything else.

        `noise` (L, V) holds standard normal draws; None gives the medians.
        """
        lanes = 1 if noise is None else noise.shape[0]
        result = np.zeros((lanes, len(self.causes)))
        for i, band in enumerate(self.priors):
            z = np.zeros(1) if noise is None else noise[:, i]
            if i in self.fitted:
                log_odds, sd = self.fitted[i]
                share = self._who(sex, age)
                cells = share > 0
                p = expit(log_odds[cells] + sd[cells] * z[:, None])
                result[:, i] = p @ (share[cells] / share[cells].sum())
                continue
            for number, weight in band.weights(sex, age):
                if noise is None:
                    result[:, i] += weight * self._median_of(number)
                else:
                    result[:, i] += weight * expit(np.asarray(number.mean + number.sd * z))
        return result

    def network(
        self,
        present_prior: Floats,
        average_prior: Floats,
        findings: list[str],
        qualities: list[str],
        course: list[str],
        sex: str | None,
        age: float | None,
        rng: np.random.Generator | None,
        draws: int,
        grades: Mapping[str, Grade] | None = None,
        began: Sequence[tuple[str, bool]] = (),
    ) -> Network:
        """The network of one case.

        Args:
            present_prior: (L, V) prior with this person's history and medicines.
            average_prior: (L, V) prior of people of this age and sex (for the parents' share).
            rng, draws: lane 0 holds the medians, the `draws` further lanes redraw every number.
            grades: how far out each abnormal result is, by the quality's name.
            began: ways to begin, each with whether it was told or denied.
        """
        v = len(self.causes)
        lanes = 1 + draws if rng is not None else 1

        def draw(numbers: Sequence[Number]) -> Floats:
            """(n, L) draws of each number; many in one go, as one by one most of the time is Python's."""
            mean = np.array([n.mean for n in numbers])[:, None]
            if rng is None or draws == 0:
                return expit(mean)
            sd = np.array([n.sd for n in numbers])[:, None]
            z = rng.standard_normal((len(numbers), lanes))
            z[:, 0] = 0.0
            return expit(mean + sd * z)

        def normal() -> Floats:
            """(L,) standard normal draws, 0 in the lane of the medians."""
            z = np.zeros(lanes)
            if rng is not None and draws:
                z[1:] = rng.standard_normal(draws)
            return z

        leak = self._drawn_leaks(findings, sex, age, draw, lanes)
        activation, inhibition = self._drawn_edges(findings, draw, lanes)
        quality, quality_leak = self._qualities(qualities, sex, age, draw, lanes)
        for k, name in enumerate(qualities):
            if grades and name in grades:
                quality[:, k], quality_leak[:, k] = self._grade(grades[name])
        course_p, course_leak = self._qualities(course, sex, age, draw, lanes)
        agreement = self._beginnings(began, sex, age, draw, lanes) if began else None
        position = {n: k for k, n in enumerate(findings)}
        links, attributable = self._links(average_prior, draw)
        every = max(present_prior.shape[0], lanes)
        severe = {i: draw([share])[0] for i, share in enumerate(self.severe) if share is not None}
        rises = {i: slope + sd * normal() for i, (slope, sd) in self.severe_rises.items()}
        prior = self.state_prior(
            np.broadcast_to(present_prior, (every, v)),
            average_prior,
            np.asarray(attributable),
            severe,
            rises,
        )
        return Network(
            self.n_states,
            prior,
            tuple(links),
            leak,
            activation,
            inhibition,
            np.array([position[self.qualities[q]] for q in qualities], dtype=np.int64),
            quality,
            quality_leak,
            course_p,
            course_leak,
            agreement,
            self.exclusions,
        )

    def state_prior(
        self,
        present_prior: Floats,
        average_prior: Floats,
        attributable: Floats,
        severe: Mapping[int, Floats],
        rises: Mapping[int, Floats],
    ) -> Floats:
        """(L, V, S) prior of each state, before any parent acts.

        Args:
            present_prior: (L, V) prior with this person's history and medicines.
            average_prior: (L or 1, V) prior of people of this age and sex.
            attributable: (L or 1, V) the share of it that the parents bring (see `attributable_to_parents`).
            severe: share of the severe state, (L or 1,), of the causes whose degree matters.
            rises: by how many log-odds that share rises with each log-odds of being more at risk, (L or 1,).
        """
        prior = np.zeros((*present_prior.shape, STATES))
        # the part of a cause's prior that its parents bring must not be counted twice
        base = np.maximum(1 - (1 - present_prior) / (1 - attributable), 0.1 * present_prior)
        prior[:, :, 1] = base
        for i, share in severe.items():
            if i in rises:
                more = _log_odds(present_prior[:, i]) - _log_odds(average_prior[:, i])
                share = expit(_log_odds(share) + rises[i] * more)
            prior[:, i, 1] = base[:, i] * (1 - share)
            prior[:, i, 2] = base[:, i] * share
        prior[:, :, 0] = 1 - (prior[:, :, 1] + prior[:, :, 2])
        return prior

    def attributable_to_parents(self, average_prior: Floats) -> Floats:
        """(P, V) share of each cause's prior that its parents bring, at the medians.

        Args:
            average_prior: (P, V) prior of people of an age and sex each.
        """
        return self._brought(average_prior, _median(self.link_numbers))

    def _median_of(self, number: Number) -> float:
        if number.mean not in self._medians:
            self._medians[number.mean] = float(expit(np.array([number.mean]))[0])
        return self._medians[number.mean]

    def _drawn_leaks(
        self, names: Sequence[str], sex: str | None, age: float | None, draw: Draw, lanes: int
    ) -> Floats:
        """(L, n) how common each of these is in people of this age and sex with none of the causes."""
        shares = [self.leaks[name].weights(sex, age) for name in names]
        return _weighted(shares, draw([n for pairs in shares for n, _ in pairs]), lanes)

    def _drawn_edges(
        self, findings: Sequence[str], draw: Draw, lanes: int
    ) -> tuple[Floats, Floats]:
        """(L, F, V, S) how often each state brings a finding beyond its leak, and what it leaves of it."""
        v = len(self.causes)
        activation = np.zeros((lanes, len(findings), v, STATES))
        inhibition = np.ones((1, len(findings), v, STATES))
        numbers: list[Number] = []
        brings: list[tuple[int, int, int, int]] = []  # place of the number, finding, cause, state
        leaves: list[tuple[int, int, int, int]] = []
        floors: list[float] = []
        for f, name in enumerate(findings):
            floor = 0.0 if name.startswith("lab:") else self.average_leak.get(name, 0.0)
            for (i, state), number in self.edges.get(name, {}).items():
                brings.append((len(numbers), f, i, state))
                floors.append(floor)
                numbers.append(number)
            for (i, state), number in self.inhibitions.get(name, {}).items():
                leaves.append((len(numbers), f, i, state))
                numbers.append(number)
        if numbers:
            p = draw(numbers)
            if brings:
                at, f_, i_, s_ = np.array(brings).T
                low = np.array(floors)[:, None]
                activation[:, f_, i_, s_] = np.clip((p[at] - low) / (1 - low), 0.0, 0.999).T
            if leaves:
                inhibition = np.ones((p.shape[1], len(findings), v, STATES))
                at, f_, i_, s_ = np.array(leaves).T
                inhibition[:, f_, i_, s_] = p[at].T
        return activation, inhibition

    def _qualities(
        self, names: list[str], sex: str | None, age: float | None, draw: Draw, lanes: int
    ) -> tuple[Floats, Floats]:
        """(L, Q, V, S) how often what each state brings is of a kind, and (L, Q) how often all else is."""
        shown = np.zeros((lanes, len(names), len(self.causes), STATES))
        shares = [self.leaks[name].weights(sex, age) for name in names]
        edges = [self.edges.get(name, {}) for name in names]
        numbers = [
            n
            for pairs, edge in zip(shares, edges, strict=True)
            for n in (*(n for n, _ in pairs), *edge.values())
        ]
        if not names:
            return shown, np.zeros((lanes, 0))
        p = draw(numbers)
        at, leaks = 0, np.zeros((lanes, len(names)))
        for k, (name, pairs, edge) in enumerate(zip(names, shares, edges, strict=True)):
            leaks[:, k] = _weighted([pairs], p[at : at + len(pairs)], lanes)[:, 0]
            shown[:, k] = leaks[:, k, None, None]
            at += len(pairs)
            whole = self.edges.get(self.qualities.get(name, ""), {})
            for (i, state), number in edge.items():
                # a quality that stood alone: given the finding it is certain
                alone = name in self.qualities and whole.get((i, state)) is number
                shown[:, k, i, state] = 0.95 if alone else p[at]
                at += 1
        return shown, leaks

    def _grade(self, grade: Grade) -> tuple[Floats, float]:
        table = np.full((len(self.causes), STATES), grade.leak)
        for (name, state), p in sorted(grade.causes.items(), key=lambda item: item[0][1] != "any"):
            table[self.cause_index[name], _states(self.known.base.causes[name], state)] = p
        return table, grade.leak

    def usual_beginnings(self, sex: str | None, age: float | None) -> Floats:
        """How often complaints begin in each of the exclusive ways; sums to 1."""
        shares = self._drawn_leaks(self.exclusive, sex, age, _median, 1)[0]
        result: Floats = shares / shares.sum()
        return result

    def _beginnings(
        self,
        began: Sequence[tuple[str, bool]],
        sex: str | None,
        age: float | None,
        draw: Draw,
        lanes: int,
    ) -> Floats:
        """(L, A, V, S) how well each way to begin, told or denied, agrees with each cause.

        The share of the cause's complaints that begin so, against the share of all: what a cause's file
        does not give is shared out like the usual shares, and is never quite nothing.
        """
        usual = np.ascontiguousarray(self._drawn_leaks(self.exclusive, sex, age, draw, lanes).T)
        usual = usual / usual.sum(axis=0)
        rows = [self.exclusive.index(name) for name, _ in began]
        result = np.ones((lanes, len(began), len(self.causes), STATES))
        keys = list({key for n in self.exclusive for key in self.edges.get(n, {})})
        told_of = [
            [k for k, n in enumerate(self.exclusive) if key in self.edges.get(n, {})]
            for key in keys
        ]
        numbers = [
            self.edges[self.exclusive[k]][key]
            for key, ways in zip(keys, told_of, strict=True)
            for k in ways
        ]
        drawn = iter(np.broadcast_to(draw(numbers), (len(numbers), lanes)))
        for (i, state), ways in zip(keys, told_of, strict=True):
            given = {k: next(drawn) for k in ways}
            rest = [k for k in range(len(self.exclusive)) if k not in given]
            total = np.sum(list(given.values()), axis=0)
            left = np.maximum(1 - total, UNTOLD * len(rest)) if rest else 0 * total
            share = np.empty((len(self.exclusive), lanes))
            for k, p in given.items():
                share[k] = np.maximum(p / total * (1 - left), UNTOLD / 4)
            if rest:
                share[rest] = left * usual[rest] / usual[rest].sum(axis=0)
            for a, (k, (_, told)) in enumerate(zip(rows, began, strict=True)):
                result[:, a, i, state] = (
                    share[k] / usual[k] if told else (1 - share[k]) / (1 - usual[k])
                )
        return result

    def _links(self, average: Floats, draw: Draw) -> tuple[list[Link], Floats]:
        """The links, and the share of each cause's prior that its parents bring."""
        base = self.known.base
        tables: dict[tuple[int, int], Floats] = {}
        drawn = draw(self.link_numbers)
        for (parent, child, link), p in zip(self.links, drawn, strict=True):
            table = tables.get((parent, child))
            if table is None:
                table = np.zeros((len(p), STATES, STATES))
                table[:, :, 0] = 1.0
                tables[(parent, child)] = table
            cause, effect = base.causes[self.causes[parent]], base.causes[self.causes[child]]
            target = 1 + (effect.states.index(link.gives) if link.gives else 0)
            for state in _states(cause, link.state):
                table[:, state, target] += p * (1 - table[:, state, 1:].sum(axis=1))
                table[:, state, 0] = 1 - table[:, state, 1:].sum(axis=1)
        links = [Link(a, b, t) for (a, b), t in tables.items()]
        return links, self._brought(average[:1], drawn)

    def _brought(self, average: Floats, drawn: Floats) -> Floats:
        """(P or L, V) share of each cause's prior (P or 1, V) that its parents bring, from draws (links, L or 1)."""
        base = self.known.base
        if self._reach is None:
            self._reach = [
                _share_of_states(self.severe[parent], base.causes[self.causes[parent]], link.state)
                for parent, _, link in self.links
            ]
        quiet = np.ones((max(len(average), drawn.shape[1]), len(self.causes)))
        for (parent, child, _), reach, p in zip(self.links, self._reach, drawn, strict=True):
            brings = average[:, parent] * reach * p
            quiet[:, child] *= 1 - np.minimum(np.maximum(brings, 0), 0.9)
        return 1 - quiet


def _median(numbers: Sequence[Number]) -> Floats:
    """(n, 1) the medians of numbers."""
    return expit(np.array([n.mean for n in numbers])[:, None])


def _weighted(shares: Sequence[Sequence[tuple[Number, float]]], p: Floats, lanes: int) -> Floats:
    """(L, n) the mean of the numbers of each person's bands by their share, from their draws in this order."""
    result = np.zeros((lanes, len(shares)))
    at = 0
    for k, pairs in enumerate(shares):
        for _, weight in pairs:
            result[:, k] += weight * p[at]
            at += 1
    return result


def _log_odds(p: Floats) -> Floats:
    kept = np.clip(p, EDGE, 1 - EDGE)
    result: Floats = np.log(kept) - np.log1p(-kept)
    return result


def _share_of_states(severe: Number | None, cause: s.Cause, state: str) -> float:
    if severe is None or state == "any":
        return 1.0
    share = float(expit(np.array(severe.mean)))
    return share if state == cause.states[-1] else 1 - share


def _states(cause: s.Cause, state: str) -> list[int]:
    """State numbers that a line of a cause file speaks of; what holds in the mild holds in the severe."""
    if state == "any":
        return list(range(1, 1 + len(cause.states)))
    at = 1 + cause.states.index(state)
    return [at]


def _topological(causes: dict[str, s.Cause]) -> list[str]:
    order: list[str] = []
    visiting: set[str] = set()

    def visit(name: str) -> None:
        if name in order:
            return
        if name in visiting:
            raise ValueError(f"the causes {sorted(visiting)} raise each other in a circle")
        visiting.add(name)
        for link in causes[name].raised_by:
            visit(link.cause)
        visiting.discard(name)
        order.append(name)

    for name in sorted(causes):
        visit(name)
    return order


@cache
def model() -> Model:
    """The model of the built-in knowledge base."""
    return Model(knowledge())

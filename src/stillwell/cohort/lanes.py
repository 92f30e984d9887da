"""The exact posterior of many people who share their positive findings: one program, a lane for each.

The network falls into parts that nothing joins: links, opposite states and positive findings join causes. A part
that no positive finding reaches has a posterior of its own, in closed form where it is a single cause. What a lane
gives depends on its person alone: not on the others, nor on how many there are.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from stillwell.assess.posterior import RELEVANT, THROUGH
from stillwell.inference.network import Evidence, Floats, Network, Posterior, Variant
from stillwell.inference.program import Program, build, build_tagged
from stillwell.inference.scale import LEAST, MOST
from stillwell.inference.sweep import posterior_of_people, run_lanes

WIDEST = 2**17  # cells of one person; above it people are worked out one by one
WIDEST_TAGGED = 2**20
NOT_ITEMS = ("likelihood", "softness")
Places = NDArray[np.int64]


class TooWideError(ValueError):
    """The program of these findings is too wide to be worth lanes."""


@dataclass
class Answer:
    """What lanes say of L people.

    Attributes:
        present, contributes: (V, L) probabilities.
        nothing_listed: (L,).
        lost: (L,) whose evidence a double cannot hold, or whose sweep would be too wide.
    """

    present: Floats
    contributes: Floats
    nothing_listed: Floats
    lost: NDArray[np.bool_]


def parts_of(network: Network) -> list[list[int]]:
    """The causes in parts that are joined by links and opposite states, or alone."""
    parent = list(range(network.n_variables))

    def root(v: int) -> int:
        while parent[v] != v:
            v = parent[v]
        return v

    pairs = [(link.parent, link.child) for link in network.links]
    pairs += [(group[0], other) for group in network.exclusions for other in group[1:]]
    for a, b in pairs:
        parent[root(a)] = root(b)
    found: dict[int, list[int]] = {}
    for v in range(network.n_variables):
        found.setdefault(root(v), []).append(v)
    return list(found.values())


def reached(network: Network, evidence: Evidence) -> set[int]:
    """The causes that produce or suppress something that is not folded into the lanes."""
    items = [*evidence.present, *evidence.absent]
    if not items:
        return set()
    active = (network.activation[:, items] > 0) | (network.inhibition[:, items] < 1)
    return set(np.flatnonzero(active[..., 1:].any(axis=(0, 1, 3))).tolist())


class Pattern:
    """The programs of people with the same positive findings.

    Args:
        network: of these findings, without the prior of anybody.
        evidence: the findings; what else is known of each person comes with the lanes.
        orders: orders of elimination found for patterns of this kind, kept from call to call.
    """

    def __init__(self, network: Network, evidence: Evidence, orders: dict[object, list[int]]):
        self.evidence = evidence
        self.whole = network
        self.orders = orders
        here = reached(network, evidence)
        self.core: list[int] = []
        self.apart: list[list[int]] = []
        self.alone: list[int] = []
        for part in parts_of(network):
            if here & set(part):
                self.core += part
            elif len(part) > 1:
                self.apart.append(part)
            else:
                self.alone += part
        self.core.sort()

    def answer(self, prior: Floats, unary: Floats, graded: Graded | None = None) -> Answer:
        """Work out L people.

        Args:
            prior, unary: (V, S, L) prior and likelihood of each state.
            graded: how far out their results are.

        Raises:
            TooWideError: one by one is better.
        """
        lanes = prior.shape[2]
        present = np.empty((prior.shape[0], lanes))
        contributes = np.zeros_like(present)
        lost = np.zeros(lanes, dtype=bool)
        present[self.alone] = _alone(prior[self.alone], unary[self.alone])
        for part in self.apart:
            keep = np.array(part)
            network, variant = _people(self.whole.restricted(keep), prior[keep], unary[keep])
            found = self._posterior(network, Evidence(), variant, ("apart", tuple(part)))[0]
            present[keep] = found.present.T
            lost |= _not_held(found.evidence)
        nothing = np.ones(lanes)
        if self.core:
            keep = np.array(self.core)
            core = _Core(self, keep, prior[keep], unary[keep], graded)
            present[keep], contributes[keep], nothing, gone = core.answer()
            lost |= gone
        return Answer(present, contributes, nothing, lost)

    def _posterior(
        self, network: Network, evidence: Evidence, variant: Variant, key: tuple[object, ...]
    ) -> tuple[Posterior, Program]:
        program = build(
            network, evidence, variant, quiet=True, order=self.orders.get(key), people=True
        )
        if program.cells > WIDEST:
            raise TooWideError
        self.orders.setdefault(key, program.order)
        return posterior_of_people(network, program), program


@dataclass(frozen=True)
class Graded:
    """How far out results are, person by person, for the qualities that say so.

    Attributes:
        qualities: numbers of the network's qualities.
        shown: (L, qualities, V, S), leak: (L, qualities): as `Network.quality` and `quality_leak`.
    """

    qualities: list[int]
    shown: Floats
    leak: Floats

    def some(self, at: Places) -> Graded:
        return Graded(self.qualities, self.shown[at], self.leak[at])


class _Core:
    """The causes that positive findings reach, of L people."""

    def __init__(
        self, pattern: Pattern, keep: Places, prior: Floats, unary: Floats, graded: Graded | None
    ) -> None:
        self.pattern, self.graded, self.keep = pattern, graded, keep
        self.prior, self.unary = prior, unary
        self.key = _shape(pattern.whole, pattern.evidence)
        self.network = pattern.whole.restricted(keep)
        self.evidence = pattern.evidence

    def answer(self) -> tuple[Floats, Floats, Floats, NDArray[np.bool_]]:
        """(V, L) present and contributes, (L,) nothing listed, (L,) lost."""
        network, variant = self._lanes(slice(None), None)
        found, program = self.pattern._posterior(
            network, self.evidence, variant, ("core", self.key)
        )
        lost = _not_held(found.evidence)
        direct = np.clip(found.present - found.quiet[:, :, 1:].sum(axis=2), 0.0, None)
        contributes = direct.copy()
        nothing = np.ones(len(found.evidence))
        if self.evidence.complaint:
            silent = build(
                network,
                self.evidence,
                variant,
                silence_complaint=True,
                order=program.order,
                people=True,
            )
            with np.errstate(divide="ignore", invalid="ignore"):
                nothing = run_lanes(silent, backward=False)[0] / found.evidence
            self._through(found.present, contributes, lost)
        shares = np.minimum(contributes, found.present)
        return found.present.T, shares.T, nothing, lost

    def _lanes(self, at: Places | slice, kept: NDArray[np.bool_] | None) -> tuple[Network, Variant]:
        """The network and variant of some people; `kept` (L, V): causes not taken as absent."""
        prior, unary = self.prior[:, :, at], self.unary[:, :, at]
        network = self.network
        if kept is not None:
            mask = kept.T[:, None, :]
            absent = np.zeros((1, prior.shape[1], 1))
            absent[:, 0] = 1.0
            prior, unary = np.where(mask, prior, absent), np.where(mask, unary, 1.0)
            links = []
            for link in network.links:
                there = kept[:, link.child]
                if not there.all():  # the others' child stays as it is, whatever pushes it
                    idle = np.zeros((1, *link.table.shape[1:]))
                    idle[:, :, 0] = 1.0
                    mixed = np.where(there[:, None, None], link.table, idle)
                    link = replace(link, table=mixed if there.any() else idle)
                links.append(link)
            network = replace(network, links=tuple(links))
        network, variant = _people(network, prior, unary)
        if self.graded is not None:
            graded = self.graded if isinstance(at, slice) else self.graded.some(at)
            lanes = prior.shape[2]
            quality = np.repeat(network.quality, lanes, axis=0)
            leak = np.repeat(network.quality_leak, lanes, axis=0)
            for k, q in enumerate(graded.qualities):
                quality[:, q], leak[:, q] = graded.shown[:, k][:, self.keep], graded.leak[:, k]
            network = replace(network, quality=quality, quality_leak=leak)
        return network, variant

    def _through(self, present: Floats, contributes: Floats, lost: NDArray[np.bool_]) -> None:
        """Add what causes bring through others; see `assess.posterior.contribution_shares`."""
        kept = present >= RELEVANT
        reach = reached(self.network, self.evidence)
        children = self.network.children()
        below_reached = _descendants_in(children, reach)
        worth = np.zeros(len(present), dtype=bool)
        for v, reached_below in below_reached.items():
            if reached_below:
                worth |= kept[:, v] & kept[:, sorted(reached_below)].any(axis=1)
        people = np.flatnonzero(worth & ~lost)
        if not len(people):
            return
        kept = kept[people]
        network, variant = self._lanes(people, kept)
        part, program = self.pattern._posterior(network, self.evidence, variant, ("core", self.key))
        gone = _not_held(part.evidence)
        own = np.clip(part.present - part.quiet[:, :, 1:].sum(axis=2), 0.0, None)
        below = np.zeros_like(own)
        for v in sorted(children, reverse=True):
            for child in children[v]:
                below[:, v] += np.where(kept[:, child], own[:, child] + below[:, child], 0.0)
        tagged = None
        for v in sorted(children):
            wants = np.minimum(part.present[:, v], below[:, v]) > THROUGH
            wants &= kept[:, v] & ~gone
            some = np.flatnonzero(wants)
            if not len(some):
                continue
            network, variant = self._lanes(people[some], kept[some])
            tagged = build_tagged(network, self.evidence, program.order, variant, people=True)(v)
            if tagged.cells > WIDEST_TAGGED:
                gone[some] = True
                continue
            quiet = run_lanes(tagged, backward=False)[0] / part.evidence[some]
            whole = np.clip(part.present[some, v] - quiet, 0.0, None)
            contributes[people[some], v] += np.clip(whole - own[some, v], 0.0, None)
        lost[people[gone]] = True


def _people(network: Network, prior: Floats, unary: Floats) -> tuple[Network, Variant]:
    """The network and variant of people with these priors and likelihoods (V, S, L)."""
    lanes = prior.shape[2]
    network = replace(network, prior=prior.transpose(2, 0, 1))
    return network, Variant(lanes, likelihood=unary.transpose(2, 0, 1))


def _alone(prior: Floats, unary: Floats) -> Floats:
    """(V, L) posterior of causes that nothing else reaches, by Bayes' rule."""
    weight = prior * unary
    some = weight[:, 1] + weight[:, 2]
    present: Floats = some / (weight[:, 0] + some)
    return present


def _not_held(z: Floats) -> NDArray[np.bool_]:
    held: NDArray[np.bool_] = (z > LEAST) & (z < MOST)
    return ~held


def _shape(network: Network, evidence: Evidence) -> bytes:
    """What decides the order of elimination: which findings, and where the network is active."""
    items = [getattr(evidence, f.name) for f in fields(evidence) if f.name not in NOT_ITEMS]
    active = (network.activation[0] > 0, network.inhibition[0] < 1, network.quality_of)
    whole = hashlib.sha256(repr(items).encode())
    for part in active:
        whole.update(np.ascontiguousarray(part).tobytes())
    return whole.digest()


def _descendants_in(children: dict[int, list[int]], reach: set[int]) -> dict[int, set[int]]:
    """For each cause that pushes others: those it can push, by any way, that are in `reach`."""
    found: dict[int, set[int]] = {}

    def below(v: int) -> set[int]:
        if v not in found:
            found[v] = set()
            for child in children.get(v, ()):
                found[v] |= below(child) | ({child} & reach)
        return found[v]

    for v in children:
        below(v)
    return {v: found[v] for v in children}


__all__ = ["Answer", "Graded", "Pattern", "TooWideError", "parts_of", "reached"]

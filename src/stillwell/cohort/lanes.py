"""The exact posterior of many people who share their positive findings: one program, a lane for each.

The network falls into parts that nothing joins: links, opposite states and positive findings join causes. A part
that no positive finding reaches has a posterior of its own, in closed form where it is a single cause. What a lane
gives depends on its person alone: not on the others, nor on how many there are.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stillwell.assess.posterior import RELEVANT, THROUGH
from stillwell.inference.network import Evidence, Floats, Network, Posterior
from stillwell.inference.people import Differing, Template, Templates, posterior_of
from stillwell.inference.scale import LEAST, MOST

WIDEST = 2**15  # cells of one person; above it one by one is as fast
WIDEST_TAGGED = 2**20
PATIENCE = 0.2  # of the search for an order
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
        leaks: numbers of the findings that are more common at one age or sex than at another.
        graded: numbers of the qualities that say how far out a result is, person by person.
        parts: programs of the parts that nothing positive reaches, the same for all patterns.
    """

    def __init__(
        self,
        network: Network,
        evidence: Evidence,
        leaks: list[int],
        graded: list[int],
        parts: dict[tuple[int, ...], Part],
    ) -> None:
        here = reached(network, evidence)
        core: list[int] = []
        self.apart: list[tuple[Places, Part]] = []
        self.alone: list[int] = []
        for part in parts_of(network):
            if here & set(part):
                core += part
            elif len(part) > 1:
                key = tuple(part)
                if key not in parts:
                    parts[key] = Part(network.restricted(np.array(part)), Evidence(), [], [])
                self.apart.append((np.array(part), parts[key]))
            else:
                self.alone += part
        self.keep = np.array(sorted(core), dtype=np.int64)
        self.core = _Core(network.restricted(self.keep), evidence, leaks, graded) if core else None

    def answer(self, prior: Floats, unary: Floats, others: Differing | None = None) -> Answer:
        """Work out L people.

        Args:
            prior, unary: (V, S, L) prior and likelihood of each state.
            others: how common their findings are, and how far out their results.

        Raises:
            TooWideError: one by one is better.
        """
        lanes = prior.shape[2]
        present = np.empty((prior.shape[0], lanes))
        contributes = np.zeros_like(present)
        lost = np.zeros(lanes, dtype=bool)
        present[self.alone] = _alone(prior[self.alone], unary[self.alone])
        for keep, part in self.apart:
            found = part.posterior(prior[keep], unary[keep], None)
            present[keep] = found.present.T
            lost |= _not_held(found.evidence)
        nothing = np.ones(lanes)
        if self.core is not None:
            keep = self.keep
            if others is not None:
                others = others.of_causes(keep)
            present[keep], contributes[keep], nothing, gone = self.core.answer(
                prior[keep], unary[keep], others
            )
            lost |= gone
        return Answer(present, contributes, nothing, lost)


class Part:
    """Causes that are joined, with the findings that reach them."""

    def __init__(
        self, network: Network, evidence: Evidence, leaks: list[int], graded: list[int]
    ) -> None:
        self.network, self.evidence = network, evidence
        self.templates = Templates(network, evidence, leaks, graded)
        self.quiet = self.templates.quiet(None, PATIENCE)
        if self.quiet.program.cells > WIDEST:
            raise TooWideError

    def posterior(self, prior: Floats, unary: Floats, others: Differing | None) -> Posterior:
        return posterior_of(self.network, self.quiet, prior, unary, others)


class _Core(Part):
    """The causes that positive findings reach."""

    def __init__(
        self, network: Network, evidence: Evidence, leaks: list[int], graded: list[int]
    ) -> None:
        super().__init__(network, evidence, leaks, graded)
        self.order = self.quiet.program.order
        self.silent = self.templates.silent(self.order) if evidence.complaint else None
        self.tagged: dict[int, Template] = {}
        self.children = network.children()
        self.below = _descendants_in(self.children, reached(network, evidence))

    def answer(
        self, prior: Floats, unary: Floats, others: Differing | None
    ) -> tuple[Floats, Floats, Floats, NDArray[np.bool_]]:
        """(V, L) present and contributes, (L,) nothing listed, (L,) lost."""
        found = self.posterior(prior, unary, others)
        lost = _not_held(found.evidence)
        present = found.present
        contributes = _own(found)
        nothing = np.ones(len(lost))
        if self.silent is not None:
            with np.errstate(divide="ignore", invalid="ignore"):
                z = self.silent.run(prior, unary, others, backward=False)[0]
                nothing = z / found.evidence
            self._through(prior, unary, others, present, contributes, lost)
        return present.T, np.minimum(contributes, present).T, nothing, lost

    def _through(
        self,
        prior: Floats,
        unary: Floats,
        others: Differing | None,
        present: Floats,
        contributes: Floats,
        lost: NDArray[np.bool_],
    ) -> None:
        """Add what causes bring through others; see `assess.posterior.contribution_shares`."""
        kept = present >= RELEVANT
        worth = np.zeros(len(present), dtype=bool)
        for v, below_it in self.below.items():
            if below_it:
                worth |= kept[:, v] & kept[:, sorted(below_it)].any(axis=1)
        people = np.flatnonzero(worth & ~lost)
        if not len(people):
            return
        kept = kept[people]
        prior, unary = _only_kept(self.network, prior[:, :, people], unary[:, :, people], kept.T)
        others = others.some(people) if others is not None else None
        part = self.posterior(prior, unary, others)
        gone = _not_held(part.evidence)
        own = _own(part)
        below = np.zeros_like(own)
        for v in sorted(self.children, reverse=True):
            for child in self.children[v]:
                below[:, v] += np.where(kept[:, child], own[:, child] + below[:, child], 0.0)
        for v in sorted(self.children):
            wants = np.minimum(part.present[:, v], below[:, v]) > THROUGH
            some = np.flatnonzero(wants & kept[:, v] & ~gone)
            if not len(some):
                continue
            if v not in self.tagged:
                self.tagged[v] = self.templates.tagged(v, self.order)
            if self.tagged[v].program.cells > WIDEST_TAGGED:
                gone[some] = True
                continue
            here = others.some(some) if others is not None else None
            z = self.tagged[v].run(prior[:, :, some], unary[:, :, some], here, backward=False)[0]
            whole = np.clip(part.present[some, v] - z / part.evidence[some], 0.0, None)
            contributes[people[some], v] += np.clip(whole - own[some, v], 0.0, None)
        lost[people[gone]] = True


def _own(found: Posterior) -> Floats:
    """(L, V) probability that each cause itself produced a complaint finding."""
    direct: Floats = np.clip(found.present - found.quiet[:, :, 1:].sum(axis=2), 0.0, None)
    return direct


def _only_kept(
    network: Network, prior: Floats, unary: Floats, kept: NDArray[np.bool_]
) -> tuple[Floats, Floats]:
    """Priors and likelihoods (V, S, L) in which the causes not kept (V, L) are taken as absent.

    Taking a cause as absent is to condition on its absence and to take back what this tells of its parents: the
    probability that a parent in some state does not push it.
    """
    absent = np.zeros((1, prior.shape[1], 1))
    absent[:, 0] = 1.0
    prior = np.where(kept[:, None], prior, absent)
    unary = np.where(kept[:, None], unary, absent)
    for link in network.links:
        spared = link.table[0, :, 0][:, None]
        unary[link.parent] = np.where(
            kept[link.child] | ~kept[link.parent], unary[link.parent], unary[link.parent] / spared
        )
    return prior, unary


def _alone(prior: Floats, unary: Floats) -> Floats:
    """(V, L) posterior of causes that nothing else reaches, by Bayes' rule."""
    weight = prior * unary
    some = weight[:, 1] + weight[:, 2]
    present: Floats = some / (weight[:, 0] + some)
    return present


def _not_held(z: Floats) -> NDArray[np.bool_]:
    held: NDArray[np.bool_] = (z > LEAST) & (z < MOST)
    return ~held


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


__all__ = ["Answer", "Part", "Pattern", "TooWideError", "parts_of", "reached"]

"""Programs for many people who share their findings: written once, filled with what differs from one to another.

What differs is the prior and the likelihood of each state, how common findings are, and how the qualities of some
are shown. A weight of the program is one of these numbers, or linear in one of them; where each stands is found when
the program is written.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from stillwell.inference.kernel import run_people
from stillwell.inference.network import Evidence, Floats, Network, Posterior, Variant
from stillwell.inference.program import PATIENCE, Builder, Program
from stillwell.inference.sweep import OutOfMemoryError, shared_out

Places = NDArray[np.int64]


@dataclass(frozen=True)
class Differing:
    """What differs from person to person besides prior and likelihood.

    Attributes:
        leak: (F, L) probability that a finding arises from nothing listed.
        producers: (Q, V, S, L) probability that a producer shows a quality; shown: (Q, L) the same for the leak.
    """

    leak: Floats
    producers: Floats
    shown: Floats

    @property
    def rows(self) -> Floats:
        """(Q * V * S + Q + F, L): what producers show, what the leaks show, the leaks."""
        lanes = self.leak.shape[1]
        return np.concatenate([self.producers.reshape(-1, lanes), self.shown, self.leak])

    def some(self, at: Places) -> Differing:
        """The same of some of the people."""
        producers = np.ascontiguousarray(self.producers[..., at])
        return Differing(self.leak[:, at], producers, self.shown[:, at])

    def of_causes(self, keep: Places) -> Differing:
        """The same of some of the causes."""
        return replace(self, producers=np.ascontiguousarray(self.producers[:, keep]))


@dataclass(frozen=True)
class Template:
    """A program and where its weights come from.

    Attributes:
        program: with the weights that are the same for everybody.
        prior, unary: (rows of the weights, places in the (V * S, L) numbers).
        factor: what the likelihood of each row of `unary` is multiplied with for everybody.
        others: (rows, places in `Differing.rows`, value at 0, slope).
        levels: (state, whether it may produce nothing) of each level of each variable.
    """

    program: Program
    prior: tuple[Places, Places]
    unary: tuple[Places, Places]
    factor: Floats
    others: tuple[Places, Places, Floats, Floats]
    levels: list[list[tuple[int, bool]]]

    def run(
        self, prior: Floats, unary: Floats, others: Differing | None, *, backward: bool
    ) -> tuple[Floats, Floats | None]:
        """(L,) probability of the evidence of each person, and (rows, top, L) its share with each level.

        Args:
            prior, unary: (V, S, L) prior and likelihood of each state.

        Raises:
            OutOfMemoryError: the tensor is too large.
        """
        lanes = prior.shape[2]
        rows = np.concatenate([self.prior[0], self.unary[0], self.others[0]]).astype(np.int32)
        varying = np.empty((len(rows), lanes))
        first, second = len(self.prior[0]), len(self.prior[0]) + len(self.unary[0])
        np.take(prior.reshape(-1, lanes), self.prior[1], axis=0, out=varying[:first])
        np.take(unary.reshape(-1, lanes), self.unary[1], axis=0, out=varying[first:second])
        if (self.factor != 1.0).any():
            varying[first:second] *= self.factor[:, None]
        if others is not None:
            _, places, start, slope = self.others
            varying[second:] = start[:, None] + slope[:, None] * others.rows[places]
        program = self.program
        z = np.zeros(lanes)
        levels = np.zeros((len(program.rows), program.top, lanes)) if backward else None
        fixed = program.weights[:, 0]
        if not run_people(
            program.code, program.patterns, fixed, rows, varying, program.cells, z, levels
        ):
            raise OutOfMemoryError("this case is too large to be worked out exactly here")
        return z, levels


class Templates:
    """The programs of one pattern of findings.

    Args:
        network: with any prior; one lane.
        evidence: the findings that everybody has; no likelihood.
        leaks: numbers of the present findings whose leak differs from person to person.
        qualities: numbers of the network's qualities that do; each is the only one of its finding, whose leak
            does not.
    """

    def __init__(
        self, network: Network, evidence: Evidence, leaks: list[int], qualities: list[int]
    ) -> None:
        self.network, self.evidence = network, evidence
        self.leaks, self.qualities = leaks, qualities
        self._quiet = self._builder(False)
        self._quiet.prepare()

    def quiet(self, order: list[int] | None, patience: float = PATIENCE) -> Template:
        """The whole posterior, telling apart whether a variable produced a complaint finding."""
        builder = self._quiet.quietly()
        return self._template(builder, builder.program(order, patience))

    def silent(self, order: list[int]) -> Template:
        """No variable may produce a complaint finding."""
        builder = self._builder(True)
        return self._template(builder, builder.program(order, PATIENCE))

    def tagged(
        self, variable: int, order: list[int] | None, patience: float = PATIENCE
    ) -> Template:
        """A variable is present, but contributes neither itself nor through any that it pushed."""
        builder = self._quiet.tagged_by(variable)
        return self._template(builder, builder.program(order, patience))

    def _builder(self, silence: bool) -> Builder:
        # two lanes: what differs is 0 in one and 1 in the other
        network = self.network
        if self.leaks:
            leak = np.repeat(network.leak, 2, axis=0)
            for lane in (0, 1):
                leak[lane, self.leaks] = lane
            network = replace(network, leak=leak)
        if self.qualities:
            quality = np.repeat(network.quality, 2, axis=0)
            leak = np.repeat(network.quality_leak, 2, axis=0)
            for lane in (0, 1):
                quality[lane, self.qualities], leak[lane, self.qualities] = lane, lane
            network = replace(network, quality=quality, quality_leak=leak)
        return Builder(network, self.evidence, Variant(2), silence, False)

    def _template(self, builder: Builder, program: Program) -> Template:
        states = self.network.prior.shape[2]
        prior: list[tuple[int, int]] = []
        unary: list[tuple[int, int]] = []
        for v, start in enumerate(builder.opening):
            for s in range(int(self.network.n_states[v])):
                prior.append((start + s, v * states + s))
        for v, start in enumerate(builder.closing):
            for k, s in enumerate(builder.states[v]):
                if not (v == builder.tag and k == 0):
                    unary.append((start + k, v * states + s))
        others = self._others(builder, program.weights)
        kept = replace(program, weights=np.ascontiguousarray(program.weights[:, :1]))
        factor = builder.evidence_unary[0].reshape(-1)[_columns(unary)[1]]
        muted = [{level.place for level in upper if level.muted} for upper in builder.upper]
        levels = [
            [(s, k in muted[v]) for k, s in enumerate(states)]
            for v, states in enumerate(builder.states)
        ]
        return Template(kept, _columns(prior), _columns(unary), factor, others, levels)

    def _others(self, builder: Builder, weights: Floats) -> tuple[Places, Places, Floats, Floats]:
        """Where what differs stands: the weights that differ between the two lanes."""
        size = self.network.n_variables * self.network.prior.shape[2]
        blocks: list[tuple[int, Places]] = []  # first row, place of each row
        for k, quality in enumerate(self.qualities):
            finding = int(self.network.quality_of[quality])
            at = builder.accumulators[self.evidence.present.index(finding)]
            for start, entries in ((at.whole, at.nnz), (at.hits, at.nnz_hit)):
                blocks.append((start, k * size + np.arange(size).repeat(entries)))
            shown = len(self.qualities) * size + k
            blocks.append((at.opening[3], np.full(at.size, shown)))
        for k, finding in enumerate(self.leaks):
            at = builder.accumulators[self.evidence.present.index(finding)]
            leak = len(self.qualities) * (size + 1) + k
            blocks.append((at.opening[3], np.full(at.size, leak)))
        if not blocks:
            none = np.zeros(0, dtype=np.int64)
            return none, none, np.zeros(0), np.zeros(0)
        rows = np.concatenate([start + np.arange(len(places)) for start, places in blocks])
        places = np.concatenate([places for _, places in blocks])
        slope = weights[rows, 1] - weights[rows, 0]
        differ = np.flatnonzero(slope)
        found = rows[differ]
        return found, places[differ], weights[found, 0], slope[differ]


def _columns(pairs: list[tuple[int, int]]) -> tuple[Places, Places]:
    table = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    return table[:, 0].copy(), table[:, 1].copy()


def posterior_of(
    network: Network, template: Template, prior: Floats, unary: Floats, others: Differing | None
) -> Posterior:
    """The posterior of each person. Whose evidence has no probability gets nan.

    Raises:
        OutOfMemoryError: the tensor is too large.
    """
    z, levels = template.run(prior, unary, others, backward=True)
    assert levels is not None
    with np.errstate(divide="ignore", invalid="ignore"):
        return shared_out(network, template.program, z, levels)


__all__ = ["Differing", "Template", "Templates", "posterior_of"]

"""Programs for many people who share their findings: written once, filled with what differs from one to another.

What differs is the prior and the likelihood of each state, and how the qualities of some findings are shown. A
weight of the program is one of these numbers, or linear in one of them; where each stands is found when the program
is written.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from stillwell.inference.kernel import run_people
from stillwell.inference.network import Evidence, Floats, Network, Posterior, Variant
from stillwell.inference.program import PATIENCE, Program, _Builder
from stillwell.inference.sweep import OutOfMemoryError, shared_out

Places = NDArray[np.int64]


@dataclass(frozen=True)
class Shown:
    """How qualities are shown, person by person.

    Attributes:
        producers: (Q, V, S, L) probability that a producer shows it; leak: (Q, L) the same for the leak.
    """

    producers: Floats
    leak: Floats

    @property
    def rows(self) -> Floats:
        """(Q * V * S + Q, L), the leaks last."""
        lanes = self.leak.shape[1]
        return np.concatenate([self.producers.reshape(-1, lanes), self.leak])

    def some(self, at: Places) -> Shown:
        """The same of some of the people."""
        return Shown(np.ascontiguousarray(self.producers[..., at]), self.leak[:, at])


@dataclass(frozen=True)
class Template:
    """A program and where its weights come from.

    Attributes:
        program: with the weights that are the same for everybody.
        prior, unary: (rows of the weights, places in the (V * S, L) numbers).
        factor: what the likelihood of each row of `unary` is multiplied with for everybody.
        shown: (rows, places in `Shown.rows`, value at 0, slope).
    """

    program: Program
    prior: tuple[Places, Places]
    unary: tuple[Places, Places]
    factor: Floats
    shown: tuple[Places, Places, Floats, Floats]

    def run(
        self, prior: Floats, unary: Floats, shown: Shown | None, *, backward: bool
    ) -> tuple[Floats, Floats | None]:
        """(L,) probability of the evidence of each person, and (rows, top, L) its share with each level.

        Args:
            prior, unary: (V, S, L) prior and likelihood of each state.

        Raises:
            OutOfMemoryError: the tensor is too large.
        """
        lanes = prior.shape[2]
        rows = np.concatenate([self.prior[0], self.unary[0], self.shown[0]]).astype(np.int32)
        varying = np.empty((len(rows), lanes))
        first, second = len(self.prior[0]), len(self.prior[0]) + len(self.unary[0])
        np.take(prior.reshape(-1, lanes), self.prior[1], axis=0, out=varying[:first])
        np.take(unary.reshape(-1, lanes), self.unary[1], axis=0, out=varying[first:second])
        if (self.factor != 1.0).any():
            varying[first:second] *= self.factor[:, None]
        if shown is not None:
            _, places, start, slope = self.shown
            varying[second:] = start[:, None] + slope[:, None] * shown.rows[places]
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
        qualities: numbers of the network's qualities that differ from person to person; each is the only one
            of its finding.
    """

    def __init__(self, network: Network, evidence: Evidence, qualities: list[int]) -> None:
        self.network, self.evidence, self.qualities = network, evidence, qualities
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

    def tagged(self, variable: int, order: list[int]) -> Template:
        """A variable is present, but contributes neither itself nor through any that it pushed."""
        builder = self._quiet.tagged_by(variable)
        return self._template(builder, builder.program(order, PATIENCE))

    def _builder(self, silence: bool) -> _Builder:
        # two lanes: the differing qualities surely not shown, and surely shown
        network = self.network
        if self.qualities:
            quality = np.repeat(network.quality, 2, axis=0)
            leak = np.repeat(network.quality_leak, 2, axis=0)
            for lane in (0, 1):
                quality[lane, self.qualities], leak[lane, self.qualities] = lane, lane
            network = replace(network, quality=quality, quality_leak=leak)
        return _Builder(network, self.evidence, Variant(2), silence, False)

    def _template(self, builder: _Builder, program: Program) -> Template:
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
        shown = self._shown(builder, program.weights)
        kept = replace(program, weights=np.ascontiguousarray(program.weights[:, :1]))
        factor = builder.evidence_unary[0].reshape(-1)[_columns(unary)[1]]
        return Template(kept, _columns(prior), _columns(unary), factor, shown)

    def _shown(self, builder: _Builder, weights: Floats) -> tuple[Places, Places, Floats, Floats]:
        """Where the qualities stand: the weights that differ between the two lanes."""
        size = self.network.n_variables * self.network.prior.shape[2]
        rows: list[int] = []
        places: list[int] = []
        for k, quality in enumerate(self.qualities):
            finding = int(self.network.quality_of[quality])
            at = builder.accumulators[self.evidence.present.index(finding)]
            tables = [(at.whole, at.nnz), (at.hits, at.nnz_hit)]
            for start, entries in tables:
                for i in range(size):
                    for row in range(start + entries * i, start + entries * (i + 1)):
                        rows.append(row)
                        places.append(k * size + i)
            for row in range(at.opening[3], at.opening[3] + at.size):
                rows.append(row)
                places.append(len(self.qualities) * size + k)
        every = np.array(rows, dtype=np.int64)
        slope = weights[every, 1] - weights[every, 0]
        differ = np.flatnonzero(slope)
        found = every[differ]
        return found, np.array(places, dtype=np.int64)[differ], weights[found, 0], slope[differ]


def _columns(pairs: list[tuple[int, int]]) -> tuple[Places, Places]:
    table = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    return table[:, 0].copy(), table[:, 1].copy()


def posterior_of(
    network: Network, template: Template, prior: Floats, unary: Floats, shown: Shown | None
) -> Posterior:
    """The posterior of each person. Whose evidence has no probability gets nan.

    Raises:
        OutOfMemoryError: the tensor is too large.
    """
    z, levels = template.run(prior, unary, shown, backward=True)
    assert levels is not None
    with np.errstate(divide="ignore", invalid="ignore"):
        return shared_out(network, template.program, z, levels)


__all__ = ["Shown", "Template", "Templates", "posterior_of"]

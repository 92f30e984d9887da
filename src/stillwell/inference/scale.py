"""Keeps the probability of the evidence where a double can hold it.

The likelihoods of a case may have any scale for each variable. Where so much was told that the probability
of all of it falls under what a double holds, they are scaled up; every posterior, and every ratio of two
sweeps of the same evidence, stays as it is.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from stillwell.inference.network import Evidence, Floats, Network, Posterior
from stillwell.inference.program import PATIENCE, Program, build
from stillwell.inference.sweep import ImpossibleEvidenceError, evidence_probability, posterior_by

LEAST, MOST = 2.0**-600, 2.0**600  # the redraws and what-ifs may lie as far again beyond
STEP = 1200  # bits by which the evidence is made likelier where nothing of it is left
STEPS = 7
MOST_BITS = 600.0  # for one variable


def scaled(network: Network, evidence: Evidence, bits: float) -> Evidence:
    """The same evidence, 2^bits times as probable: the factor is spread over all variables."""
    likelihood = evidence.likelihood
    if likelihood is None:
        likelihood = np.ones((network.n_variables, network.prior.shape[2]))
    share = np.clip(bits / network.n_variables, -MOST_BITS, MOST_BITS)
    return replace(evidence, likelihood=likelihood * 2.0**share)


def worked_out(
    network: Network,
    evidence: Evidence,
    *,
    patience: float = PATIENCE,
    program: Program | None = None,
) -> tuple[Evidence, Program, Posterior]:
    """The evidence in a scale that fits, its program, and the posterior with `quiet`.

    Args:
        program: one written by `build(network, evidence, quiet=True)`.

    Raises:
        ImpossibleEvidenceError: it cannot arise in the network, whatever the scale.
        OutOfMemoryError: the case is too large to be worked out exactly.
    """
    if program is None:
        program = build(network, evidence, quiet=True, patience=patience)
    try:
        found = posterior_by(network, program)
        if _held(found.evidence) or not network.n_variables:
            return evidence, program, found
    except ImpossibleEvidenceError:
        if not network.n_variables:
            raise
    bits = 0.0
    for _ in range(STEPS):
        z = evidence_probability(program)
        usable = z[(z > 0) & np.isfinite(z)]
        if len(usable):
            bits -= float(np.log2(np.median(usable)))
        else:
            bits += STEP if (z == 0).all() else -STEP
        here = scaled(network, evidence, bits)
        program = build(network, here, quiet=True, order=program.order)
        if _held(evidence_probability(program)):
            return here, program, posterior_by(network, program)
    raise ImpossibleEvidenceError("this evidence cannot arise in the network")


def _held(z: Floats) -> bool:
    return bool(((z > LEAST) & (z < MOST)).all())

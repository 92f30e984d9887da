"""Runs the sweep: exact posteriors, contributions and the probability that nothing listed explains.

The method: eliminate the variables one after another, carrying the joint distribution over the
accumulators now open. Only sums and products of non-negative numbers occur, so no digits are lost
however rare the evidence is (unlike the inclusion-exclusion of Quickscore; Heckerman 1989,
doi:10.1016/B978-0-444-88738-2.50020-8). The backward sweep is its adjoint.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stillwell.inference import _sweep
from stillwell.inference.network import Evidence, Floats, Network, Posterior, Variant
from stillwell.inference.program import Program, build

LANES = 8
MEMORY_LIMIT = 160_000_000
_library = ctypes.CDLL(_sweep.__file__)
_kernel: Callable[..., int] = _library.stillwell_sweep


class ImpossibleEvidenceError(ValueError):
    """The evidence has probability zero under the network."""


class OutOfMemoryError(MemoryError):
    """The case needs more memory than there is."""


def posterior(
    network: Network,
    evidence: Evidence,
    variant: Variant | None = None,
    *,
    effort: int = 0,
    order: list[int] | None = None,
) -> Posterior:
    """The exact posterior of every variable, for each draw of the parameters or lane.

    Raises:
        ImpossibleEvidenceError: P(evidence) = 0 in some lane.
    """
    program = build(network, evidence, variant, effort=effort, order=order)
    z, present, quiet = run(program, backward=True)
    if not (z > 0).all():
        raise ImpossibleEvidenceError("this evidence cannot arise in the network")
    assert present is not None and quiet is not None
    s = network.prior.shape[2]
    lanes = len(z)
    state = np.zeros((lanes, network.n_variables, s))
    hush = np.zeros_like(state)
    order_used = np.array(program.order)
    top = min(s, present.shape[1])
    state[:, order_used, :top] = (present[:, :top] / z).transpose(2, 0, 1)
    hush[:, order_used, :top] = (quiet[:, :top] / z).transpose(2, 0, 1)
    return Posterior(z, state, hush)


def evidence_probability(program: Program) -> Floats:
    """(L,) P(evidence), by the forward sweep alone."""
    return run(program, backward=False)[0]


def nothing_listed(
    network: Network, evidence: Evidence, z: Floats, order: list[int] | None = None
) -> Floats:
    """(L,) probability that no variable produced any of the complaint findings."""
    if not evidence.complaint:
        return np.ones(len(z))
    program = build(network, evidence, silence_complaint=True, order=order)
    result: Floats = evidence_probability(program) / z
    return result


def contributions(
    network: Network,
    evidence: Evidence,
    given: Posterior,
    floor: float = 1e-4,
    order: list[int] | None = None,
) -> Floats:
    """(L, V) probability that a variable is present and produced a complaint finding.

    It counts activations by the variable itself or by any variable that it pushed. For a variable
    that pushes others and is present with probability under `floor`, or whose children are, only its
    own are counted: what is left out is at most `floor`.
    """
    direct = given.present - given.quiet[:, :, 1:].sum(axis=2)
    result: Floats = np.clip(direct, 0.0, None)
    if not evidence.complaint:
        return np.zeros_like(result)
    pushed_by = network.children()
    wanted = [
        v
        for v, children in pushed_by.items()
        if given.present[:, v].max() >= floor and given.present[:, children].max() >= floor
    ]
    for variable in wanted:
        program = build(network, evidence, tag=variable, order=order)
        quiet = evidence_probability(program) / given.evidence
        result[:, variable] = np.clip(given.present[:, variable] - quiet, 0.0, None)
    return result


@dataclass(frozen=True)
class _Chunk:
    start: int
    stop: int


def run(program: Program, backward: bool) -> tuple[Floats, Floats | None, Floats | None]:
    """Run a program over all its lanes, eight at a time, on two threads."""
    lanes = program.weights.shape[1]
    steps = len(program.order)
    top = max(len(s) for s in program.states)
    z = np.empty(lanes)
    present = np.zeros((steps, top, lanes)) if backward else None
    quiet = np.zeros((steps, top, lanes)) if backward else None
    chunks = [_Chunk(a, min(a + LANES, lanes)) for a in range(0, lanes, LANES)]

    def one(chunk: _Chunk) -> None:
        width = 1 if lanes == 1 else LANES
        weights = np.zeros((program.weights.shape[0], width))
        taken = program.weights[:, chunk.start : chunk.stop]
        weights[:, : taken.shape[1]] = taken
        if taken.shape[1] < width:
            weights[:, taken.shape[1] :] = taken[:, :1]
        out = np.zeros(width)
        shape = (steps, top, width)
        here = np.zeros(shape) if backward else None
        hush = np.zeros(shape) if backward else None
        failed = _kernel(
            _pointer(program.code),
            _pointer(program.patterns),
            _pointer(weights),
            ctypes.c_int32(width),
            ctypes.c_int64(program.cells),
            ctypes.c_int64(MEMORY_LIMIT),
            _pointer(out),
            _pointer(here),
            _pointer(hush),
        )
        if failed:
            raise OutOfMemoryError("this case is too large to be worked out exactly here")
        count = chunk.stop - chunk.start
        z[chunk.start : chunk.stop] = out[:count]
        if present is not None and quiet is not None and here is not None and hush is not None:
            present[:, :, chunk.start : chunk.stop] = here[:, :, :count]
            quiet[:, :, chunk.start : chunk.stop] = hush[:, :, :count]

    if len(chunks) == 1:
        one(chunks[0])
    else:
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(one, chunks))
    return z, present, quiet


def _pointer(array: NDArray[Any] | None) -> ctypes.c_void_p:
    return ctypes.c_void_p(None if array is None else array.ctypes.data)

"""Runs the sweep: exact posteriors, contributions and the probability that nothing listed explains.

The method: eliminate the variables one after another, carrying the joint distribution over the
accumulators now open. Only sums and products of non-negative numbers occur, so no digits are lost
however rare the evidence is (unlike the inclusion-exclusion of Quickscore; Heckerman 1989,
doi:10.1016/B978-0-444-88738-2.50020-8). The backward sweep is its adjoint.
"""

from __future__ import annotations

import numpy as np

from stillwell.inference.kernel import run_lanes, run_program
from stillwell.inference.network import Evidence, Floats, Network, Posterior, Variant
from stillwell.inference.program import PATIENCE, Builder, Program, build, build_tagged

LANES = 8
TAGGED_CELLS = 2**25  # cells of all lanes that run together
MOST_CELLS = 2**31  # bytes of one tensor that a case may take
WORTH_A_THREAD = 1e6  # cells touched over all lanes: some milliseconds
TOO_LARGE = "this case is too large to be worked out exactly here"


class ImpossibleEvidenceError(ValueError):
    """The evidence has probability zero under the network."""


class OutOfMemoryError(MemoryError):
    """The case needs more memory than there is."""


def posterior(
    network: Network,
    evidence: Evidence,
    variant: Variant | None = None,
    *,
    quiet: bool = False,
    order: list[int] | None = None,
    builder: Builder | None = None,
) -> Posterior:
    """The exact posterior of every variable, for each draw of the parameters or lane.

    Args:
        quiet: also find P(state and no own activation of a complaint finding).
        order: an order that `build` found for the same findings and variables.
        builder: one of the same network and evidence, without a variant, whose work is shared.

    Raises:
        ImpossibleEvidenceError: P(evidence) = 0 in some lane.
        OutOfMemoryError: the case is too large to be worked out exactly.
    """
    if builder is None:
        return posterior_by(network, build(network, evidence, variant, quiet=quiet, order=order))
    writer = builder.quietly() if quiet else builder.copied()
    return posterior_by(network, writer.program(order, PATIENCE))


def posterior_by(network: Network, program: Program) -> Posterior:
    """The posterior that a program written for this network gives; see `posterior`."""
    z, levels = run(program, backward=True)
    if not (z > 0).all():
        raise ImpossibleEvidenceError("this evidence cannot arise in the network")
    assert levels is not None
    return shared_out(network, program, z, levels)


def shared_out(network: Network, program: Program, z: Floats, levels: Floats) -> Posterior:
    """The posterior from what a backward sweep found."""
    s = network.prior.shape[2]
    state = np.zeros((len(z), network.n_variables, s))
    top = min(s, levels.shape[1])
    rows = np.array(program.rows, dtype=np.int64)
    share = (levels / z).transpose(2, 0, 1)
    state[:, rows, :top] = share[:, :, :top]
    hush = state
    hit = np.array(program.hit)
    if hit.any():
        hush = state.copy()
        for first in sorted(set(hit[hit > 0].tolist())):
            # first = n + tagged copies, and there are none here: the n states come first
            chosen = np.flatnonzero(hit == first)
            which = rows[chosen]
            hush[:, which, first:] = 0.0
            state[:, which, first:] = 0.0
            state[:, which, 1:first] += share[:, chosen, first : 2 * first - 1]
    return Posterior(z, state, hush)


def evidence_probability(program: Program) -> Floats:
    """(L,) P(evidence), by the forward sweep alone."""
    return run(program, backward=False)[0]


def nothing_listed(
    network: Network,
    evidence: Evidence,
    z: Floats,
    order: list[int] | None = None,
    builder: Builder | None = None,
) -> Floats:
    """(L,) probability that no variable produced any of the complaint findings.

    Args:
        builder: one of the same network and evidence, whose work is shared.
    """
    if not evidence.complaint:
        return np.ones(len(z))
    builder = builder or Builder(network, evidence)
    program = builder.silenced().program(order, PATIENCE)
    result: Floats = evidence_probability(program) / z
    return result


def contributions(
    network: Network,
    evidence: Evidence,
    given: Posterior,
    floor: float = 1e-4,
    order: list[int] | None = None,
    builder: Builder | None = None,
) -> Floats:
    """(L, V) probability that a variable is present and produced a complaint finding.

    It counts activations by the variable itself or by any variable that it pushed. Where a variable is
    present, or its descendants contribute, with a mean probability under `floor`, only its own are
    counted: what is left out is at most `floor`. So are only its own where the sweep that follows its
    pushes would need more than `TAGGED_CELLS` cells.

    Args:
        given: a posterior with `quiet`.
        builder: one of the same network and evidence, whose work is shared.
    """
    direct: Floats = np.clip(given.present - given.quiet[:, :, 1:].sum(axis=2), 0.0, None)
    if not evidence.complaint:
        return np.zeros_like(direct)
    result = direct.copy()
    children = network.children()
    shares, present = direct.mean(axis=0), given.present.mean(axis=0)

    def below(variable: int) -> float:
        return sum(float(shares[c]) + below(c) for c in children.get(variable, ()))

    wanted = [v for v in children if min(present[v], below(v)) > floor]
    if not wanted:
        return result
    # many lanes are parted between two threads by `run`: twice two would need twice the memory
    together = len(given.evidence) <= LANES
    tagged = build_tagged(builder or Builder(network, evidence), order, together=together)

    def through(variable: int, program: Program | None = None) -> Floats:
        program = program or tagged(variable)
        if program.cells * min(len(given.evidence), LANES) > TAGGED_CELLS:
            return direct[:, variable]
        quiet = evidence_probability(program) / given.evidence
        found: Floats = np.clip(given.present[:, variable] - quiet, 0.0, None)
        return found

    first = tagged(wanted[0])
    result[:, wanted[0]] = through(wanted[0], first)
    if together and first.work > WORTH_A_THREAD:
        from concurrent.futures import ThreadPoolExecutor

        with ThreadPoolExecutor(2) as pool:
            shares_through = list(pool.map(through, wanted[1:]))
    else:
        shares_through = list(map(through, wanted[1:]))
    for variable, share in zip(wanted[1:], shares_through, strict=True):
        result[:, variable] = share
    return result


def run(program: Program, backward: bool) -> tuple[Floats, Floats | None]:
    """Run a program over all its lanes, eight at a time; on two threads where that takes a while.

    Returns:
        (L,) probability of the evidence, and (rows, top, L) its share with each level of each variable.

    Raises:
        OutOfMemoryError: the tensor is too large.
    """
    weights = np.ascontiguousarray(program.weights)
    lanes = weights.shape[1]
    if lanes > 1:
        if program.cells * LANES * 8 > MOST_CELLS:
            raise OutOfMemoryError(TOO_LARGE)
        if lanes < LANES:
            more = np.repeat(weights[:, :1], LANES - lanes, axis=1)
            weights = np.concatenate([weights, more], axis=1)
    elif program.cells * 8 > MOST_CELLS:
        raise OutOfMemoryError(TOO_LARGE)
    width = weights.shape[1]
    z = np.empty(width)
    levels = np.zeros((len(program.rows), program.top, width)) if backward else None

    def some(first: int, last: int) -> bool:
        return run_lanes(
            program.code, program.patterns, weights, first, last, program.cells, z, levels
        )

    if width == 1:
        done = run_program(program.code, program.patterns, weights, program.cells, z, levels)
    elif width < 2 * LANES or program.work * width < WORTH_A_THREAD:
        done = some(0, width)
    else:
        from concurrent.futures import ThreadPoolExecutor

        half = width // (2 * LANES) * LANES
        with ThreadPoolExecutor(1) as pool:
            other = pool.submit(some, half, width)
            done = some(0, half) and other.result()
    if not done:
        raise OutOfMemoryError(TOO_LARGE)
    return z[:lanes], None if levels is None else levels[:, :, :lanes]

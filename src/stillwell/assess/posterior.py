"""The posterior of a case: all causes at the medians, the redraws, and the smaller network the rest is worked out over."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from stillwell.assess.evidence import CaseEvidence, case_evidence, first_lane
from stillwell.assess.model import Model, model
from stillwell.assess.parameters import range_90
from stillwell.assess.ranking import ranking
from stillwell.assess.size import crowded, fit_to_memory, too_large
from stillwell.case.understand import Understood
from stillwell.inference.network import Evidence, Floats, Network, Posterior
from stillwell.inference.program import Builder, Program, build
from stillwell.inference.scale import worked_out
from stillwell.inference.sweep import (
    ImpossibleEvidenceError,
    contributions,
    nothing_listed,
    posterior,
)

RELEVANT = 0.002
THROUGH = 0.005  # what a cause brings through others is worked out where it may be this much
MOST = 30
LONG_PATIENCE = 3.0  # the order serves all redraws, reasons and questions
LINKED = 0.02  # what a cause brings through others is redrawn where it is at least so likely
WIDE = 400_000  # cells; above this the redraws and questions would take longer than people wait


@dataclass
class Found:
    """The posterior of a case at the medians, and the smaller network that the rest is worked out over."""

    causal_model: Model
    understood: Understood  # without what was set aside
    forgotten: list[str]
    observed: CaseEvidence
    present: Floats
    share: Floats
    nothing: float
    cells: int
    keep: NDArray[np.int64]
    small: CaseEvidence
    order: list[int]
    small_cells: int
    exact: Posterior


def find_posterior(understood: Understood, draws: int) -> Found:
    """Work out the posterior.

    Raises:
        ImpossibleEvidenceError, OutOfMemoryError: it cannot be worked out.
    """
    causal_model = model()
    understood, forgotten, observed, full = _sized(causal_model, understood, draws)
    single = first_lane(observed.network)
    evidence, full, base = worked_out(single, observed.evidence, program=full)
    share = contribution_shares(single, evidence, base)
    nothing = float(nothing_listed(single, evidence, base.evidence, full.order)[0])
    present = base.present[0]
    if not (np.isfinite(share).all() and np.isfinite(present).all() and np.isfinite(nothing)):
        raise ImpossibleEvidenceError("a number of the network is no number")
    keep = _relevant(present, share)
    network, evidence = observed.network.restricted(keep), _only(observed.evidence, keep)
    evidence, program, exact = worked_out(first_lane(network), evidence, patience=LONG_PATIENCE)
    return Found(
        causal_model=causal_model,
        understood=understood,
        forgotten=forgotten,
        observed=observed,
        present=present,
        share=share,
        nothing=nothing,
        cells=full.cells,
        keep=keep,
        small=replace(observed, network=network, evidence=evidence),
        order=program.order,
        small_cells=program.cells,
        exact=exact,
    )


Find = Callable[[Understood, int], Found]


def finder() -> Find:
    """Works the posterior of one case out once, however often it is asked for with the same redraws."""
    known: dict[int, Found] = {}

    def find(understood: Understood, draws: int) -> Found:
        if draws not in known:
            known[draws] = find_posterior(understood, draws)
        return known[draws]

    return find


@dataclass
class Ranges:
    """The redraws: (draws, V) present and contributes; the 90 % range of "nothing listed"."""

    present: Floats
    share: Floats
    nothing_low: float
    nothing_high: float
    left_out: bool = False


def redraws(found: Found) -> Ranges:
    """What redrawing all uncertain numbers does to the answer; not for long cases."""
    drawn_wanted = found.observed.network.n_draws > 1
    if not drawn_wanted or found.small_cells > WIDE:
        return Ranges(
            found.present[None], found.share[None], found.nothing, found.nothing, drawn_wanted
        )
    small, order = found.small, found.order
    builder = Builder(small.network, small.evidence)
    drawn = posterior(small.network, small.evidence, quiet=True, order=order, builder=builder)
    lanes = drawn.present.shape[0]
    # a cause left out of the redraws is present with a probability under the threshold
    present = np.tile(np.linspace(0, RELEVANT, lanes)[:, None], (1, len(found.causal_model.causes)))
    share = present.copy()
    present[:, found.keep] = drawn.present
    share[:, found.keep] = contributions(
        small.network, small.evidence, drawn, LINKED, order, builder
    )
    nothing = nothing_listed(small.network, small.evidence, drawn.evidence, order, builder)
    low, high = range_90(nothing)
    if not (np.isfinite(present).all() and np.isfinite(share).all() and np.isfinite(nothing).all()):
        raise ImpossibleEvidenceError("a redraw of the network gives no number")
    return Ranges(present, share, float(low), float(high))


def posterior_of(causal_model: Model, understood: Understood) -> tuple[Floats, Floats, float]:
    """(present, contributes, nothing listed) at the medians: the fast part, for interviews and runs."""
    _, _, observed, program = _sized(causal_model, understood, 0)
    evidence, program, result = worked_out(observed.network, observed.evidence, program=program)
    share = contribution_shares(observed.network, evidence, result)
    nothing = nothing_listed(observed.network, evidence, result.evidence, program.order)
    return result.present[0], share, float(nothing[0])


def order_of(causal_model: Model, understood: Understood) -> list[str]:
    """Ids of all causes in the order of the list, at the medians, no result taken as proof."""
    _, _, observed, program = _sized(causal_model, understood, 0)
    evidence, _, result = worked_out(observed.network, observed.evidence, program=program)
    share = contribution_shares(observed.network, evidence, result)
    order = ranking(causal_model, share, result.present[0], observed.average_prior[0], frozenset())
    return [causal_model.causes[v] for v, _ in order]


def contribution_shares(network: Network, evidence: Evidence, observed: Posterior) -> Floats:
    """(V,) probability that each cause contributes to the complaint.

    What it brings itself is exact over all causes. What it brings through others is worked out over the
    causes that are present with probability `RELEVANT` and more: what those left out could add is at
    most their probability.
    """
    direct: Floats = np.clip(observed.present[0] - observed.quiet[0, :, 1:].sum(axis=1), 0.0, None)
    keep = np.flatnonzero(observed.present[0] >= RELEVANT)
    if not len(keep):
        return direct
    small = network.restricted(keep)
    here, program, part = worked_out(small, _only(evidence, keep))
    own = np.clip(part.present[0] - part.quiet[0, :, 1:].sum(axis=1), 0.0, None)
    through = contributions(small, here, part, THROUGH, program.order)[0] - own
    direct[keep] += np.clip(through, 0.0, None)
    result: Floats = np.minimum(direct, observed.present[0])
    return result


def _relevant(present: Floats, share: Floats) -> NDArray[np.int64]:
    """The causes that the redraws, reasons and next steps are worked out over."""
    chosen = (present >= RELEVANT) & (share >= RELEVANT / 2)
    chosen[np.argsort(-share)[:12]] = True
    kept = np.flatnonzero(chosen)
    if len(kept) > MOST:
        kept = np.sort(np.argsort(-share)[:MOST])
    return kept


def _sized(
    causal_model: Model, understood: Understood, draws: int
) -> tuple[Understood, list[str], CaseEvidence, Program]:
    """The case cut to what can be worked out exactly, what was left out, and its program."""
    fits = not crowded(causal_model, understood)
    if fits:
        observed = case_evidence(causal_model, understood, draws)
        program = build(first_lane(observed.network), observed.evidence, quiet=True)
        if not too_large((program.cells, program.work)):
            return understood, [], observed, program
    understood, forgotten = fit_to_memory(causal_model, understood, measured=fits)
    observed = case_evidence(causal_model, understood, draws)
    return (
        understood,
        forgotten,
        observed,
        build(first_lane(observed.network), observed.evidence, quiet=True),
    )


def _only(evidence: Evidence, keep: NDArray[np.int64]) -> Evidence:
    """The same evidence about some of the variables."""
    assert evidence.likelihood is not None
    return replace(evidence, likelihood=evidence.likelihood[keep])

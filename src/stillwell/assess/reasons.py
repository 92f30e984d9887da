"""Why: how the log-odds of each cause change when one piece of evidence is left out."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from stillwell.assess.evidence import CaseEvidence, apply_influences, first_lane
from stillwell.assess.model import Model
from stillwell.case.understand import Understood
from stillwell.inference.network import Floats, Variant
from stillwell.inference.sweep import posterior


@dataclass(frozen=True)
class Reason:
    """One piece of evidence and what it does to one cause, in log-odds (natural)."""

    item: str
    weight: float


def leave_one_out(
    model: Model, case: Understood, given: CaseEvidence, order: list[int], keep: NDArray[np.int64]
) -> tuple[list[str], Floats]:
    """(items, (items, V) change in log-odds of each cause brought by each item).

    One lane per item: the sweep is run with that item treated as unknown.
    """
    ev = given.evidence
    n_present = len(ev.present)
    items: list[str] = [given.findings[i] for i in ev.present]
    items += [f"no:{given.findings[i]}" for i in ev.absent]
    items += [given.qualities[i] for i in ev.quality_present]
    items += [f"no:{given.qualities[i]}" for i in ev.quality_absent]
    items += [given.course[i] for i in ev.course_present]
    items += [f"no:{given.course[i]}" for i in ev.course_absent]
    items += [name if told else f"no:{name}" for name, told in given.began]
    panels = list(given.panel_likelihoods)
    items += [f"panel:{p}" for p in panels]
    told = list(dict.fromkeys(i.item for i in given.influences))
    items += told
    lanes = 1 + len(items)
    masks = {
        "present": np.ones((lanes, n_present)),
        "absent": np.ones((lanes, len(ev.absent))),
        "quality_present": np.ones((lanes, len(ev.quality_present))),
        "quality_absent": np.ones((lanes, len(ev.quality_absent))),
        "course_present": np.ones((lanes, len(ev.course_present))),
        "course_absent": np.ones((lanes, len(ev.course_absent))),
        "agreement": np.ones((lanes, len(ev.agreement))),
    }
    network = first_lane(given.network)
    assert ev.likelihood is not None
    likelihood = np.broadcast_to(ev.likelihood, (lanes, *ev.likelihood.shape)).copy()
    priors = np.broadcast_to(network.prior, (lanes, *network.prior.shape[1:])).copy()
    place = {int(v): i for i, v in enumerate(keep)}
    lane = 1
    for name in (
        "present",
        "absent",
        "quality_present",
        "quality_absent",
        "course_present",
        "course_absent",
        "agreement",
    ):
        for k in range(masks[name].shape[1]):
            masks[name][lane, k] = 0
            if name == "present":
                for q_name in ("quality_present", "quality_absent"):
                    for j, q in enumerate(getattr(ev, q_name)):
                        if network.quality_of[q] == ev.present[k]:
                            masks[q_name][lane, j] = 0
            lane += 1
    for panel in panels:
        _, cause, ratio = given.panel_likelihoods[panel]
        if cause in place:
            likelihood[lane, place[cause], : len(ratio)] /= ratio
        lane += 1
    for item in told:
        kept = [i for i in given.influences if i.item != item]
        prior = apply_influences(model, case, given.average_prior[:1], kept, None)[0]
        moved = {i.cause for i in given.influences if i.item == item}
        for full in moved & set(place):
            cause = place[full]
            ratio_now = prior[full] / given.present_prior[0, full]
            share = 1 - network.prior[0, cause, 0]
            target = min(share * ratio_now, 0.98)
            if share > 0:
                priors[lane, cause, 1:] *= target / share
            priors[lane, cause, 0] = 1 - priors[lane, cause, 1:].sum()
        lane += 1
    variant = Variant(lanes, likelihood=likelihood, **masks)  # type: ignore[arg-type]
    result = posterior(replace(network, prior=priors), ev, variant, order=order).present
    safe = np.clip(result, 1e-12, 1 - 1e-12)
    log_odds = np.log(safe) - np.log1p(-safe)
    return items, log_odds[:1] - log_odds[1:]

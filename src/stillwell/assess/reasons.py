"""Why: how the log-odds of each cause change when one piece of evidence is left out."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from stillwell.assess.directions import own_directions, taken_by
from stillwell.assess.evidence import CaseEvidence, apply_influences, first_lane
from stillwell.assess.model import Model
from stillwell.assess.taken_for import TAKEN_FOR
from stillwell.case.understand import Understood
from stillwell.inference.network import Floats, Variant
from stillwell.inference.sweep import posterior

MOST = 8  # reasons of one cause
MUCH = 0.2  # a change of probability from which an illness is told to point to a rival: judgement
LEAST_WEIGHT = 0.1  # log-odds


@dataclass(frozen=True)
class Reason:
    """One piece of evidence and what it does to one cause, in log-odds (natural).

    `better`: the number (among those kept) of the cause that explains the item better, where the item fits
    this cause and lowers it all the same; None: the item speaks for or against the cause itself.
    """

    item: str
    weight: float
    better: int | None = None


def reasons(
    model: Model,
    case: Understood,
    observed: CaseEvidence,
    order: list[int],
    keep: NDArray[np.int64],
) -> list[list[Reason]]:
    """The reasons of each of the causes `keep`, the weightiest first; none that reads backwards.

    An item stands for or against a cause only in the direction of the cause's own links, or of those of the
    conditions it raises and the causes behind it (see `directions`); an illness or habit only in that of its own. What fits a cause and lowers it, because
    a rival produces it too, is told with the rival; without one it is no reason. What was denied is no reason unless the cause itself
    usually brings it; a medicine that is not taken is none.
    """
    items, log_odds, gains = leave_one_out(model, case, observed, order, keep)
    network = first_lane(observed.network)
    own = own_directions(observed, network, keep)
    found: list[list[Reason]] = []
    for v in range(len(keep)):
        why: list[Reason] = []
        for k in np.argsort(-np.abs(log_odds[:, v])):
            weight = float(log_odds[k, v])
            if abs(weight) < LEAST_WEIGHT or len(why) == MOST:
                break
            denied = items[k].startswith("no:")
            if items[k].startswith(("not taken:", "not told:")):
                continue
            if weight > 0:
                far = denied or items[k].startswith(("history:", TAKEN_FOR))
                if own[k, v] > 0 or (own[k, v] == 0 and not far):
                    why.append(Reason(items[k], weight))
            elif own[k, v] < 0:
                why.append(Reason(items[k], weight))
            elif not denied and not items[k].startswith(
                ("lab:", "panel:", "medicine:", "taken for:")
            ):
                rival = taken_by(own, gains, int(k), v)
                far = items[k].startswith("history:")
                if rival is not None and not (far and gains[k, rival] < MUCH):
                    why.append(Reason(items[k], weight, rival))
        found.append(_one_way(why))
    return found


def _one_way(why: list[Reason]) -> list[Reason]:
    """The reasons without those that speak the other way than all that one test says together.

    "MCV is high" may speak for a cause and "how high it is" against it: a reader wants to know what the MCV
    says.
    """
    said: dict[str, float] = {}
    for reason in why:
        said[_test_of(reason.item)] = said.get(_test_of(reason.item), 0.0) + reason.weight
    return [r for r in why if not _test_of(r.item) or r.weight * said[_test_of(r.item)] > 0]


def _test_of(item: str) -> str:
    """The test that an item is about; "" for what is no result."""
    kind, _, rest = item.removeprefix("no:").partition(":")
    return rest.partition(":")[0] if kind == "lab" else ""


def leave_one_out(
    model: Model,
    case: Understood,
    observed: CaseEvidence,
    order: list[int],
    keep: NDArray[np.int64],
) -> tuple[list[str], Floats, Floats]:
    """(items, (items, V) change in log-odds of each cause brought by each item, the same in probability).

    One lane per item: the sweep is run with that item treated as unknown.
    """
    ev = observed.evidence
    n_present = len(ev.present)
    items: list[str] = [observed.findings[i] for i in ev.present]
    items += [f"no:{observed.findings[i]}" for i in ev.absent]
    items += [observed.qualities[i] for i in ev.quality_present]
    items += [f"no:{observed.qualities[i]}" for i in ev.quality_absent]
    items += [observed.course[i] for i in ev.course_present]
    items += [f"no:{observed.course[i]}" for i in ev.course_absent]
    items += [name if told else f"no:{name}" for name, told in observed.began]
    panels = list(observed.panel_likelihoods)
    items += [f"panel:{p}" for p in panels]
    told = list(dict.fromkeys(i.item for i in observed.influences))
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
    network = first_lane(observed.network)
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
        _, cause, ratio = observed.panel_likelihoods[panel]
        if cause in place:
            likelihood[lane, place[cause], : len(ratio)] /= ratio
        lane += 1
    for item in told:
        kept = [i for i in observed.influences if i.item != item]
        prior = apply_influences(model, case, observed.average_prior[:1], kept, None)[0]
        moved = {i.cause for i in observed.influences if i.item == item}
        for full in moved & set(place):
            cause = place[full]
            ratio_now = prior[full] / observed.present_prior[0, full]
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
    return items, log_odds[:1] - log_odds[1:], result[:1] - result[1:]

"""Which way a piece of evidence points, by what a cause's own file says of it.

The change in log-odds that an item brings (`reasons.leave_one_out`) is exact, and yet reads backwards where
causes compete: what produces tiredness beside low iron takes tiredness away from it, and diabetes, which
raises nerve damage from diabetes, lowers every other reason for the same tingling. A reader takes "against"
as something that does not fit. So an item counts for or against a cause only as the cause's own links say;
where a rival takes it away, the reason names the rival.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from stillwell.assess.evidence import CaseEvidence
from stillwell.inference.network import Floats, Network

Signs = NDArray[np.int64]
USUAL = 0.25  # a denied sign speaks against a cause, for a reader, if it usually brings that sign: judgement
PROTECTS = (
    -0.4
)  # log-odds from which something told speaks against a cause; less is noise of a survey: judgement
SAME = 0.05  # weights closer to 1 than this point nowhere
SELDOM = 0.5  # a sign that was told speaks against what shows it less than this share as often as usual: judgement
BETTER = 0.01  # a rival explains an item better if the item raises its probability by this


def own_directions(observed: CaseEvidence, network: Network, keep: NDArray[np.int64]) -> Signs:
    """(items, V) what each item says of each cause by itself: 1 for it, -1 against it, 0 nothing.

    Items stand in the order of `reasons.leave_one_out`. A sign speaks for what produces it and against what
    suppresses it; a quality, a course or a beginning for those that show it more often than usual; a history
    item or a medicine as its odds ratio says; a result as its likelihood says. A denied sign speaks against
    a cause only if that usually brings it.

    Args:
        network: of the causes `keep`, one lane.
    """
    ev = observed.evidence
    produces = network.activation[0].max(axis=2)
    suppresses = network.inhibition[0].min(axis=2) < 1
    rows: list[Signs] = []
    rows += [np.where(produces[f] > 0, 1, -suppresses[f].astype(int)) for f in ev.present]
    rows += [
        np.where(produces[f] >= USUAL, -1, (suppresses[f] & (produces[f] == 0)).astype(int))
        for f in ev.absent
    ]
    for told, kind in ((1, ev.quality_present), (-1, ev.quality_absent)):
        for k in kind:
            able = produces[network.quality_of[k]] > 0
            shown = _against_usual(network.quality[0, k], network.quality_leak[0, k])
            less = (network.quality[0, k][:, 1:] < network.quality_leak[0, k] * SELDOM).any(axis=1)
            rows.append(told * able * np.where((shown < 0) & ~less & (told > 0), 0, shown))
    able = produces[list(ev.complaint)].max(axis=0, initial=0.0) > 0
    for told, kind in ((1, ev.course_present), (-1, ev.course_absent)):
        for k in kind:
            rows.append(
                told * able * _against_usual(network.course[0, k], network.course_leak[0, k])
            )
    if network.agreement is not None:
        for a in ev.agreement:
            shown = _against_usual(network.agreement[0, a], 1.0)
            seldom = (network.agreement[0, a][:, 1:] < SELDOM).any(axis=1)
            rows.append(able * np.where((shown < 0) & ~seldom, 0, shown))
    place = {int(v): i for i, v in enumerate(keep)}
    for _, cause, ratio in observed.panel_likelihoods.values():
        row = np.zeros(len(keep), dtype=int)
        if cause in place:
            row[place[cause]] = 1 if ratio[1:].max() > ratio[0] else -1
        rows.append(row)
    for item in dict.fromkeys(i.item for i in observed.influences):
        row = np.zeros(len(keep), dtype=int)
        for influence in observed.influences:
            if influence.item == item and influence.cause in place:
                raises = influence.shift > 0 or influence.add > 0
                protects = influence.shift <= PROTECTS
                row[place[influence.cause]] = 1 if raises else -int(protects)
        rows.append(row)
    result: Signs = np.array(rows, dtype=np.int64).reshape(len(rows), len(keep))
    return result


def _against_usual(share: Floats, usual: float) -> Signs:
    """(V,) 1 where a state shows something more often than usual, -1 where none and some less often."""
    more = (share[:, 1:] > usual * (1 + SAME)).any(axis=1)
    less = (share[:, 1:] < usual * (1 - SAME)).any(axis=1)
    result: Signs = np.where(more, 1, -less.astype(int))
    return result


def taken_by(own: Signs, gains: Floats, item: int, cause: int) -> int | None:
    """The cause that explains an item better than this one: which it points to and raises most.

    Args:
        gains: (items, V) change in probability of each cause brought by each item.
    """
    able = np.where(own[item] > 0, gains[item], 0.0)
    able[cause] = 0.0
    best = int(np.argmax(able))
    return best if able[best] >= BETTER else None


__all__ = ["own_directions", "taken_by"]

"""What free speech does not tell: weaker evidence than a denial, stronger than nothing, for what people tell unasked.

Of a sign X that a person who has it tells unasked with probability t, "X was told" is a noisy-OR whose every
activation q is thinned to t q; that it was not told is the absence of that noisy-OR, a factor 1 - t q for each cause
and state, exact and of no cost. Where little was told at all, silence says less: t is scaled by 1 - 2^-n, n being how
many things were told. A history item with an odds ratio, not told, is there with probability s' = s (1 - t) / (1 - s t)
instead of its share s. What was asked, answered, feared or told in part is not silent.
"""

from __future__ import annotations

import numpy as np

from stillwell.assess.model import STATES, Model
from stillwell.assess.parameters import expit
from stillwell.case.understand import Understood
from stillwell.inference.network import Floats


def telling(case: Understood) -> float:
    """How much of what people tell unasked this person can be expected to have told, from 0 to 1."""
    told = len({*case.present, *case.history_present}) + len(case.medicines)
    return 1 - 0.5**told


def is_silent(case: Understood, item: str) -> bool:
    """Whether a person told something in words, and nothing that was told or answered speaks of an item.

    A list or a record is no speech: what stands in neither says nothing.
    """
    if not case.letters:
        return False
    spoken = {*case.present, *case.absent, *case.history_present, *case.history_absent, *case.noted}
    return item not in {*spoken, *case.perhaps, *case.feared}


def silence(model: Model, case: Understood) -> Floats:
    """(V, STATES) likelihood of what was not told, by cause and state; ones where nothing was told at all."""
    result = np.ones((len(model.causes), STATES))
    much = telling(case)
    for name, finding in model.known.base.findings.items():
        share = finding.told_unasked
        if share is None or not is_silent(case, name):
            continue
        implied = any(name in model.known.base.findings[n].implies for n in case.present)
        if implied:
            continue
        for (i, state), number in model.edges.get(name, {}).items():
            result[i, state] *= 1 - share.p * much * float(expit(np.array(number.mean)))
    return result


def share_untold(share: float, told_unasked: float, case: Understood) -> float:
    """The share of people with a history item among those who do not tell of it, of `share` in all."""
    t = told_unasked * telling(case)
    return share * (1 - t) / (1 - share * t)

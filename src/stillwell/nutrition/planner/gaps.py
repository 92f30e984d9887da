"""How far an intake is from safe: what is missing, what can be spared, and the chance once it changes.

The draws of intake and requirement are those the probability of inadequacy itself was worked out from.
"""

from __future__ import annotations

import numpy as np

from stillwell.nutrition.intake.usual import Usual

LEVEL = 0.1  # accepted probability of inadequacy
WORSE = 0.03  # how much a plan may raise the probability of inadequacy of what is short already


def needed(usual: Usual, level: float = LEVEL) -> float:
    """How much more a day brings the probability of inadequacy to `level`; 0 where it is there already.

    The draws of intake and requirement are those the probability itself was worked out from. Where only an
    adequate intake is set, what is missing to it.
    """
    if usual.need is None:
        return max(0.0, (usual.ai or 0.0) - usual.median)
    return float(max(np.quantile(usual.need - usual.draws, 1 - level), 0.0))


def chance_after(usual: Usual, change: float) -> float | None:
    """The probability of inadequacy once `change` a day is added to the usual intake."""
    if usual.need is None:
        return None
    return float(np.mean(usual.draws + change < usual.need))


def spare(usual: Usual, level: float = LEVEL) -> float | None:
    """How much less a day leaves the nutrient as safe as it was: None where nothing is known of the need.

    What is short already may become short by `WORSE` more, what is not may come up to `level`.
    """
    if usual.need is not None and usual.inadequate is not None:
        allowed = max(level, usual.inadequate + WORSE)
        if allowed >= 1:
            return 0.0
        return float(max(-np.quantile(usual.need - usual.draws, 1 - allowed), 0.0))
    if usual.ai:
        return max(usual.median - usual.ai, 0.03 * usual.median)
    return None


def counts_food(usual: Usual) -> bool:
    """Whether this upper level is over all sources and not over supplements alone."""
    return usual.ul_counts == "total"

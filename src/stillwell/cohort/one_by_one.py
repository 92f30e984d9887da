"""One person by the one-case function: for those whom the columns do not cover, and to compare with."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from stillwell.assess.model import Model
from stillwell.assess.posterior import posterior_of
from stillwell.assess.taken import warnings
from stillwell.assess.urgency import with_taken
from stillwell.case.model import Case
from stillwell.case.person_in_words import is_child
from stillwell.case.understand import Understood, understand
from stillwell.errors import StillwellError
from stillwell.inference.network import Floats
from stillwell.inference.sweep import ImpossibleEvidenceError, OutOfMemoryError
from stillwell.triage.rules import triage


@dataclass
class One:
    """What the one-case function says of a person.

    Attributes:
        urgency: level, with what is taken.
        present, contributes: (V,) of each cause; nan of a child, or where it cannot be worked out.
        nothing_listed: probability that no cause explains the complaint.
    """

    urgency: str
    present: Floats
    contributes: Floats
    nothing_listed: float


def assess_one(causal_model: Model, case: Case) -> One:
    """Assess one person as `stillwell.assess` does, without redraws and words.

    Raises:
        StillwellError: the case cannot be used.
    """
    return assess_understood(causal_model, understand(case))


def assess_understood(causal_model: Model, understood: Understood) -> One:
    """The same of a case that was understood."""
    known = causal_model.known
    urgency = triage(understood, known)
    none = np.full(len(causal_model.causes), np.nan)
    present, share, nothing, by_name = none, none, np.nan, dict[str, float]()
    if not is_child(understood.person):
        try:
            present, share, nothing = posterior_of(causal_model, understood)
            by_name = dict(zip(causal_model.causes, present.tolist(), strict=True))
        except (ImpossibleEvidenceError, OutOfMemoryError):
            pass
    try:
        urgency = with_taken(known, urgency, warnings(known, understood, None, by_name))
    except StillwellError:
        if urgency.level not in ("emergency", "today"):
            raise
    return One(urgency.level, present, share, float(nothing))


__all__ = ["One", "assess_one", "assess_understood"]

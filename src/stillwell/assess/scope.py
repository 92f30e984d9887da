"""What the system is not for: an animal, a recipe, a complaint that none of its causes has to do with. It says so plainly."""

from __future__ import annotations

import msgspec

from stillwell.case.understand import Understood
from stillwell.knowledge.store import Knowledge
from stillwell.triage.rules import CALM, NOT_UNDERSTOOD, SURE_ALARM, Urgency

UNEXPLAINED = 0.9  # chance that nothing listed explains it, from which it is not ours: judgement
COMPLAINT, ANIMAL, REQUEST = "complaint", "animal", "request"


def with_scope(
    known: Knowledge, understood: Understood, urgency: Urgency, nothing: float | None
) -> Urgency:
    """The urgency, with what makes the case none of ours (`outside`); an alarm is never taken back.

    Args:
        nothing: the probability that nothing listed explains the complaint.
    """
    what = _outside(known, understood, urgency, nothing)
    if not what:
        return urgency
    return msgspec.structs.replace(
        urgency,
        outside=what,
        alerts=[a for a in urgency.alerts if a.id != NOT_UNDERSTOOD],
        ask=[],
    )


def _outside(
    known: Knowledge, understood: Understood, urgency: Urgency, nothing: float | None
) -> str:
    calm = urgency.level in CALM or urgency.level == NOT_UNDERSTOOD
    tested = understood.labs or understood.labs_in_doubt or understood.vitals or understood.noted
    if not calm or tested or understood.critical_unknown:
        return ""
    if understood.other_than_ours and urgency.level == NOT_UNDERSTOOD:
        return understood.other_than_ours
    if any(one.kind != "question" for one in understood.asked):
        return ""
    findings = known.base.findings
    ours = set(known.base.lexicon["sections_of_ours"])
    told = [n for n in understood.present if findings[n].section in ours]
    perhaps = [n for n in understood.perhaps if n in findings and findings[n].section in ours]
    if any(understood.sure(n) >= SURE_ALARM for n in told) or perhaps or understood.unread:
        return ""
    if not understood.present or nothing is None or nothing < UNEXPLAINED:
        return ""
    return COMPLAINT

"""Red flags that nobody has asked about yet: one more sign, and an urgent rule would hold."""

from __future__ import annotations

from collections.abc import Mapping

from stillwell.case.understand import Understood
from stillwell.knowledge.schema import Condition
from stillwell.knowledge.store import Knowledge
from stillwell.triage.rules import holds

URGENT = ("emergency", "today")


def unasked_red_flags(
    case: Understood, known: Knowledge, present: Mapping[str, float]
) -> list[str]:
    """Findings, none told, each of which alone would make an urgent rule hold, likeliest cause first.

    Args:
        present: probability that each cause is present; rules of likelier causes are asked about first.
    """
    fired = {rule.id for rule in known.base.triage.values() if holds(rule.when, case, known)}
    best: dict[str, float] = {}
    for rule in known.base.triage.values():
        if rule.level not in URGENT or rule.id in fired:
            continue
        weight = max((present.get(cause, 0.0) for cause in rule.causes), default=0.0)
        for finding in completing(rule.when, case, known):
            best[finding] = max(best.get(finding, 0.0), weight)
    asked = known.base.findings
    return sorted((f for f in best if not asked[f].sign), key=lambda f: (-best[f], f))


def completing(when: Condition, case: Understood, known: Knowledge) -> set[str]:
    """The findings, none of them told, one of which is all that a condition lacks."""
    if when.all is not None:
        open_parts = [part for part in when.all if holds(part, case, known) is None]
        return completing(open_parts[0], case, known) if len(open_parts) == 1 else set()
    if when.any is not None:
        return set().union(*(completing(part, case, known) for part in when.any))
    if when.at_least is not None:
        count, parts = when.at_least
        held = sum(holds(part, case, known) is not None for part in parts)
        if held != count - 1:
            return set()
        return set().union(
            *(completing(part, case, known) for part in parts if not holds(part, case, known))
        )
    told = {*case.present, *case.absent}
    return {when.finding} if when.finding is not None and when.finding not in told else set()

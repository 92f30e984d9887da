"""Red flags that nobody has asked about yet: one more sign, and an urgent rule would hold."""

from __future__ import annotations

from collections.abc import Mapping

from stillwell.case.understand import Understood
from stillwell.knowledge.store import Knowledge
from stillwell.triage.rules import completing, holds

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

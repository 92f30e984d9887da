"""Alarms that no knowledge base may be without: checked each time one is loaded.

A rule that is missing or weakened, by damage or by another's hand, must not pass in silence. The cases stand
here and not among the knowledge files, so that what is checked cannot bring its own check. What is asked of
a rule is worked out anew, on ids and numbers alone, and not by the code that triage runs.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from stillwell.knowledge.schema import Condition, TriageRule


class MustFire(NamedTuple):
    """Findings and results (in the test's own unit) for which a rule of this level must hold."""

    level: str
    findings: frozenset[str] = frozenset()
    results: Mapping[str, float] = {}


# Each is far beyond the threshold of its rule, which stands with its source in knowledge/data/triage.
MUST_FIRE = (
    MustFire("emergency", frozenset({"saddle_numbness", "back_pain"})),
    MustFire("emergency", frozenset({"facial_weakness", "onset_sudden"})),
    MustFire("emergency", frozenset({"seizure"})),
    MustFire("emergency", results={"potassium": 7.1}),
    MustFire("emergency", results={"potassium": 2.0}),
    MustFire("emergency", results={"sodium": 109.0}),
    MustFire("emergency", results={"calcium_total": 3.9}),
    MustFire("emergency", frozenset({"confusion"}), {"glucose": 2.0}),
)


def silent_alarms(rules: Mapping[str, TriageRule]) -> list[MustFire]:
    """The cases for which no rule of their level holds; empty in a sound knowledge base."""
    return [
        case
        for case in MUST_FIRE
        if not any(r.level == case.level and _holds(r.when, case) for r in rules.values())
    ]


def _holds(when: Condition, case: MustFire) -> bool:
    if when.all is not None:
        return all(_holds(part, case) for part in when.all)
    if when.any is not None:
        return any(_holds(part, case) for part in when.any)
    if when.at_least is not None:
        count, parts = when.at_least
        return sum(_holds(part, case) for part in parts) >= count
    if when.finding is not None:
        return when.finding in case.findings
    value = case.results.get(when.lab or "")
    if value is None:
        return False
    below = when.below is not None and value < when.below
    return below or (when.above is not None and value > when.above)


__all__ = ["MUST_FIRE", "MustFire", "silent_alarms"]

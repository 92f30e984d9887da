"""What a triage rule must hold, and alarms that no knowledge base may be without: checked each time one is loaded.

A rule that is missing or weakened, by damage or by another's hand, must not pass in silence. The cases stand
here and not among the knowledge files, so that what is checked cannot bring its own check. What is asked of
a rule is worked out anew, on ids and numbers alone, and not by the code that triage runs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from string import Formatter
from typing import NamedTuple

from stillwell.knowledge.base import Base, Where
from stillwell.knowledge.conditions import bad_condition
from stillwell.knowledge.management import bad_urgent_tests
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


def bad_rule(base: Base, rule: TriageRule) -> Iterator[tuple[Where, str]]:
    """What is wrong with a triage rule: its names, its slots, and dangers that it does not name."""
    yield from bad_condition(base, rule.when, ("when",))
    yield from bad_urgent_tests(base, rule.now)
    if rule.emergency_with is not None:
        yield from bad_condition(base, rule.emergency_with, ("emergency_with",))
    for i, other in enumerate(rule.instead):
        yield from bad_condition(base, other.when, ("instead", i, "when"))
    for i, cause in enumerate(rule.causes):
        if cause not in base.causes:
            yield ("causes", i), f"the cause '{cause}' is not known"
    silent = [c for c in rule.causes if c in base.causes and base.causes[c].names_no_danger]
    if rule.level in ("emergency", "today") and silent == rule.causes != [] and not rule.also:
        yield ("also",), f"'{silent[0]}' names no danger: say in 'also' what must be ruled out"
    for i, words in enumerate(rule.also):
        if "the medicine" in words and not _asks_for_medicine(rule.when):
            yield ("also", i), "speaks of the medicine, in a rule that asks for none"
    for text in (rule.do, *(other.do for other in rule.instead)):
        slots = {name for _, name, _, _ in Formatter().parse(text) if name is not None}
        if slots - {"told"} or (slots and not _asks_for_medicine(rule.when)):
            yield ("do",), "the only slot is {told}, in a rule that asks for a medicine"


def _asks_for_medicine(when: Condition) -> bool:
    """Whether a condition holds only where something is taken, or was."""
    if when.all is not None:
        return any(_asks_for_medicine(part) for part in when.all)
    if when.any is not None:
        return all(_asks_for_medicine(part) for part in when.any)
    return any(name is not None for name in (when.medicine, when.stopped, when.dose))


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

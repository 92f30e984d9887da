"""The sources of what a report shows, in its order."""

from __future__ import annotations

from stillwell.assess.bottom_line import Sentence
from stillwell.assess.checklist import Checklist, TestLine
from stillwell.assess.ranked import Ranked
from stillwell.assess.steps import CauseSteps
from stillwell.assess.taken import Warning
from stillwell.knowledge.references import reference_text
from stillwell.knowledge.store import Knowledge
from stillwell.triage.rules import Urgency


def references_of(
    known: Knowledge,
    ranked: list[Ranked],
    urgency: Urgency,
    steps: list[CauseSteps],
    answer: list[Sentence],
    against: list[Warning],
    checklist: Checklist,
    at_once: list[TestLine],
) -> dict[str, str]:
    """The sources of what the report shows, in its order."""
    base = known.base
    keys: dict[str, None] = {}
    for alert in urgency.alerts:
        keys.update(dict.fromkeys(alert.cite))
    for sentence in answer:
        keys.update(dict.fromkeys(sentence.cite))
    for warning in against:
        keys.update(dict.fromkeys(warning.cite))
    for cause in ranked[:5]:
        keys.update(dict.fromkeys(cause.cite))
    for line in (*at_once, *checklist.order, *checklist.avoid):
        keys.update(dict.fromkeys(line.cite))
    for about in steps:
        for step in (*about.steps, *about.home, *about.back, *about.until_help):
            keys.update(dict.fromkeys(step.cite))
    return {key: reference_text(base.references[key]) for key in keys if key in base.references}

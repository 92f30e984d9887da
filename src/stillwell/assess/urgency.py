"""The urgency of a case with what is taken: the headline is never calmer than any line about a medicine."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from stillwell.assess.warning import Warning
from stillwell.knowledge.store import Knowledge
from stillwell.triage.rules import CALM, LEVELS, Alert, Urgency

TAKEN = "taken"  # the id of an alert that comes from what is taken
MOST = 3  # such alerts on top; the list of what is taken holds all


def with_taken(known: Knowledge, urgency: Urgency, against: Sequence[Warning]) -> Urgency:
    """The urgency, raised to that of the most urgent warning about what is taken.

    Where both are as urgent, a medicine above its limit stands first, as the nearest cause that can be mended; but
    after every other emergency.

    Args:
        against: the warnings, the gravest first.

    >>> from stillwell.assess.warning import Warning
    >>> from stillwell.knowledge.store import knowledge
    >>> calm = Urgency(level="routine", alerts=[])
    >>> warning = Warning(subjects=["a", "b"], kind="interaction", severity="contraindicated", text="", do="", level="today")
    >>> with_taken(knowledge(), calm, [warning]).level
    'today'
    """
    if not against:
        return urgency
    level = min((w.level for w in against), key=LEVELS.index)
    # what was not understood is as calm as it can be: nothing but a warning is known
    now = urgency.level if urgency.level in LEVELS else CALM[0]
    if level == now and level not in CALM:
        above = [_alert(known, w) for w in against if w.level == level and w.kind == "above limit"]
        if not above:
            return urgency
        first = [a for a in urgency.alerts if a.level == level] if level == LEVELS[0] else []
        rest = [a for a in urgency.alerts if a not in first]
        return msgspec.structs.replace(urgency, alerts=[*first, *above[:MOST], *rest])
    if LEVELS.index(level) >= LEVELS.index(now):
        return urgency
    gravest = [_alert(known, w) for w in against if w.level == level][:MOST]
    return msgspec.structs.replace(urgency, level=level, alerts=[*gravest, *urgency.alerts])


def _alert(known: Knowledge, warning: Warning) -> Alert:
    return Alert(
        id=TAKEN,
        level=warning.level,
        why=warning.text,
        do=warning.do,
        within=warning.within or known.base.wording.levels[warning.level].within,
        because=[],
        cite=warning.cite,
        judgement=warning.judgement,
        perhaps=[warning.perhaps] if warning.perhaps else [],
    )


__all__ = ["TAKEN", "with_taken"]

"""Applies the triage rules to a case. No rule holds a negation, so more evidence never lowers urgency."""

from __future__ import annotations

from typing import get_args

import msgspec

from stillwell.case.understand import Understood
from stillwell.knowledge.schema import Condition, Level, TriageRule
from stillwell.knowledge.store import Knowledge

LEVELS: tuple[str, ...] = get_args(Level)


class Alert(msgspec.Struct, frozen=True, kw_only=True):
    """A rule that fired."""

    id: str
    level: str
    why: str
    do: str
    within: str
    because: list[str]
    cite: list[str]
    judgement: bool
    causes: list[str] = []


class Urgency(msgspec.Struct, frozen=True, kw_only=True):
    """How urgent, and every rule that says so, most urgent first."""

    level: str
    alerts: list[Alert]


def triage(case: Understood, known: Knowledge) -> Urgency:
    """The urgency of a case: the most urgent rule that holds.

    Where none holds: `routine` if anything was told at all that wants a clinician's ear
    (a sign, a result outside its range), else `self_care`.
    """
    alerts = []
    for rule in known.base.triage.values():
        because = holds(rule.when, case, known)
        if because is not None:
            alerts.append(_alert(rule, because))
    alerts.sort(key=lambda a: LEVELS.index(a.level))
    if alerts:
        return Urgency(level=alerts[0].level, alerts=alerts)
    return Urgency(level="routine", alerts=[])


def _alert(rule: TriageRule, because: list[str]) -> Alert:
    cite = [rule.cite] if isinstance(rule.cite, str) else list(rule.cite or [])
    return Alert(
        id=rule.id,
        level=rule.level,
        why=rule.why,
        do=rule.do,
        within=rule.within,
        because=list(dict.fromkeys(because)),
        cite=cite,
        judgement=rule.judgement,
        causes=list(rule.causes),
    )


def holds(when: Condition, case: Understood, known: Knowledge) -> list[str] | None:
    """The items that make a condition true, or None where it is not."""
    if when.all is not None:
        parts = [holds(part, case, known) for part in when.all]
        return None if any(p is None for p in parts) else [i for p in parts for i in p or []]
    if when.any is not None:
        parts = [p for part in when.any if (p := holds(part, case, known)) is not None]
        return [i for p in parts for i in p or []] if parts else None
    if when.at_least is not None:
        count, choices = when.at_least
        parts = [p for part in choices if (p := holds(part, case, known)) is not None]
        return [i for p in parts for i in p or []] if len(parts) >= count else None
    return _single(when, case)


def _single(when: Condition, case: Understood) -> list[str] | None:
    if when.finding is not None:
        return [when.finding] if when.finding in case.present else None
    if when.history is not None:
        return [when.history] if when.history in case.history_present else None
    for name, stopped in ((when.medicine, False), (when.stopped, True)):
        if name is not None:
            for taken in (*case.medicines, *case.supplements):
                if name in (taken.group, taken.member) and (taken.stopped or not stopped):
                    return [f"medicine:{name}"]
            return None
    if when.age_from is not None:
        old = case.person.age is not None and case.person.age >= when.age_from
        return [f"age {when.age_from} or over"] if old else None
    if when.pregnant is not None:
        return ["pregnant"] if "pregnant" in case.history_present else None
    result = case.labs.get(when.lab or "")
    if result is None:
        return None
    held = False
    if when.flag is not None:
        held = result.flag == when.flag
    if result.value is not None:
        if when.below is not None and result.censored != ">":
            held = held or result.value < when.below
        if when.above is not None and result.censored != "<":
            held = held or result.value > when.above
    return [f"lab:{when.lab}"] if held else None

"""What is done about each likely cause, for this person: the plan of `knowledge/data/management/`.

A cause gets its steps where it probably contributes to the complaint, where a result shows that it is there, or
where an alarm names it. Of a cause that is improbable only what finds it out is shown, never a treatment; in an
emergency only what to do until help comes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

import msgspec

from stillwell.case.understand import Understood
from stillwell.knowledge.checklists import orders_of
from stillwell.knowledge.loader import Base, cites
from stillwell.knowledge.schema import Condition, Line, Step
from stillwell.knowledge.store import Knowledge
from stillwell.nutrition.planner.limits import limits
from stillwell.triage.rules import RED, Urgency, holds

LIKELY = 0.1  # contribution from which a cause is treated
SHOWN_BY_RESULT = 0.5  # probability from which a cause that a result measures is treated though it explains little
WORTH_ASKING = 0.02  # contribution from which the first cause is looked into where none is likely
MOST = 6  # causes with steps
MOST_TOLD = 3  # medicines and results that a step names


class Judged(Protocol):
    """What the plan needs to know of a ranked cause."""

    @property
    def id(self) -> str: ...
    @property
    def contributes(self) -> float: ...
    @property
    def present(self) -> float: ...


class PlanStep(msgspec.Struct, frozen=True, kw_only=True):
    """One thing to do.

    Attributes:
        who: self, gp, specialist or emergency.
        kind: check, care, stop or treat.
        short: the step in one line, as it goes on from "First,"; may be empty.
        nutrient: the nutrient that it gives, if any.
        strength: GRADE's word for the certainty of the evidence; empty for lines that are no advice on treatment.
        judgement: whether it is our judgement and no source says it.
        asks: lines of an order that it sends to.
    """

    who: str
    kind: str
    text: str
    short: str = ""
    nutrient: str = ""
    strength: str = ""
    cite: list[str] = []
    judgement: bool = False
    asks: list[str] = []


class CauseSteps(msgspec.Struct, frozen=True, kw_only=True):
    """What to do about one cause, in order.

    Attributes:
        home: first steps that are safe at home.
        back: when to come back, and what would make it urgent.
        until_help: what to do until help comes, where it is an emergency; all else is empty then.
    """

    id: str
    name: str
    steps: list[PlanStep] = []
    home: list[PlanStep] = []
    back: list[PlanStep] = []
    until_help: list[PlanStep] = []


def steps_for(
    known: Knowledge, told: Understood, urgency: Urgency, ranked: Sequence[Judged]
) -> list[CauseSteps]:
    """The plan of a case; `ranked`: all causes, the likeliest first.

    Raises:
        CaseError: a way of eating, allergy or dislike that is not known.
    """
    base = known.base
    named = named_causes(base, told, urgency, ranked)
    if urgency.level == "emergency":
        return _until_help(known, told, named)
    present = {cause.id: cause.present for cause in ranked}
    forbidden = set(limits(known, told, present).no_supplement)
    plan: list[CauseSteps] = []
    seen: set[str] = set()
    for cause, treated in _chosen(base, told, ranked, named):
        record = base.management[cause]
        steps = [
            _step(base, told, step, because)
            for step in record.steps
            if (because := _fits(known, told, step)) is not None
            and (treated or step.kind == "check")
            and step.nutrient not in forbidden
            and _is_new(step.about or step.text, seen)
        ]
        found = CauseSteps(
            id=cause,
            name=base.causes[cause].name,
            steps=steps,
            home=list(_lines(known, told, record.home, seen)) if treated else [],
            back=list(_lines(known, told, record.back, seen)),
        )
        if found.steps or found.home or found.back:
            plan.append(found)
    return plan


def named_causes(
    base: Base, told: Understood, urgency: Urgency, ranked: Sequence[Judged]
) -> list[str]:
    """The causes that the gravest alarms name: first those that a result shows, then the likeliest."""
    alerts = [a for a in urgency.alerts if a.level in RED and a.level == urgency.level]
    named = list(dict.fromkeys(c for a in alerts for c in a.causes))
    share = {c.id: c.contributes for c in ranked}
    return sorted(named, key=lambda c: (not results_of(base, told, c), -share.get(c, 0.0)))


def _until_help(known: Knowledge, told: Understood, named: Iterable[str]) -> list[CauseSteps]:
    """What to do until help comes, for the causes that an alarm names."""
    plan = []
    seen: set[str] = set()
    for cause in named:
        lines = list(_lines(known, told, known.base.management[cause].until_help, seen))
        if lines:
            plan.append(CauseSteps(id=cause, name=known.base.causes[cause].name, until_help=lines))
    return plan[:3]


def _chosen(
    base: Base, told: Understood, ranked: Sequence[Judged], named: Sequence[str]
) -> list[tuple[str, bool]]:
    """The causes of the plan, and whether each is likely enough to be treated; the first cause at least."""
    likely = {c.id for c in ranked if c.contributes >= LIKELY}
    likely |= {
        c.id for c in ranked if c.present >= SHOWN_BY_RESULT and results_of(base, told, c.id)
    }
    order = list(named[: MOST // 2])  # what an alarm names comes first, however unlikely
    order += [c.id for c in ranked if c.id in likely and c.id not in order]
    order = order[:MOST]
    if not order and ranked and ranked[0].contributes >= WORTH_ASKING:
        order = [ranked[0].id]
    return [(c, c in likely) for c in order if c in base.management]


def results_of(base: Base, told: Understood, cause: str) -> list[str]:
    """The tests that measure a cause and whose result lies outside the range, in the order told."""
    markers = {m for panel in base.panels.values() if panel.cause == cause for m in panel.markers}
    return [
        name
        for name, result in told.labs.items()
        if result.flag != "normal"
        and (name in markers or any(m.cause == cause for m in base.tests[name].measures))
    ]


def missing_tests(base: Base, told: Understood, tests: Iterable[str]) -> list[str]:
    """Those of some tests that are not told; of tests on one line of an order one is enough."""
    lines = [set(order.tests) for order in orders_of(base).values()]
    done = set(told.labs).union(*(line for line in lines if line & set(told.labs)))
    return [test for test in tests if test not in done]


def _fits(known: Knowledge, told: Understood, step: Step) -> list[str] | None:
    """What made a step fit this person (empty where it fits everybody), or None where it does not."""
    if step.tests and not missing_tests(known.base, told, step.tests):
        return None
    return _holds(known, told, step.when, step.unless)


def _holds(
    known: Knowledge, told: Understood, when: Condition | None, unless: Condition | None
) -> list[str] | None:
    if unless is not None and holds(unless, told, known) is not None:
        return None
    return [] if when is None else holds(when, told, known)


def _step(base: Base, told: Understood, step: Step, because: list[str]) -> PlanStep:
    words = _told(base, told, because)
    missing = _joined([base.tests[t].name for t in missing_tests(base, told, step.tests)])
    return PlanStep(
        who=step.who,
        kind=step.kind,
        text=_sentence(step.text.format(told=words, missing=missing)),
        short=step.short.format(told=words, missing=missing),
        nutrient=step.nutrient,
        strength=step.strength,
        cite=cites(step),
        judgement=step.judgement,
        asks=step.asks,
    )


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _told(base: Base, told: Understood, because: list[str]) -> str:
    """The medicines and results among what made a step fit, in the person's own words."""
    names = []
    for item in because:
        kind, _, name = item.partition(":")
        if kind == "medicine":
            names += [
                m.member or m.told
                for m in (*told.medicines, *told.supplements)
                if name in (m.group, m.member)
            ]
        elif kind == "lab" and name in told.labs:
            names.append(f"{base.tests[name].name} {told.labs[name].shown}")
    return _joined(list(dict.fromkeys(names))[:MOST_TOLD])


def _joined(names: list[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def _lines(
    known: Knowledge, told: Understood, lines: Iterable[Line], seen: set[str]
) -> Iterable[PlanStep]:
    for line in lines:
        because = _holds(known, told, line.when, line.unless)
        if because is not None and _is_new(line.text, seen):
            yield PlanStep(
                who="self",
                kind="care",
                text=line.text,
                cite=cites(line),
                judgement=line.judgement,
            )


def _is_new(subject: str, seen: set[str]) -> bool:
    if subject in seen:
        return False
    seen.add(subject)
    return True

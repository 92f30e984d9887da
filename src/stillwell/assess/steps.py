"""What is done about each likely cause, for this person: the plan of `knowledge/data/management/`.

A cause gets its steps where it probably contributes to the complaint, where a result shows that it is there, or
where an alarm names it. Of a cause that is improbable only what finds it out is shown, never a treatment; in an
emergency only what to do until help comes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Protocol

import msgspec

from stillwell.assess.borderline import borderline_cause
from stillwell.case.person_in_words import is_child
from stillwell.case.understand import Understood
from stillwell.knowledge.base import Base, cites, measured_side
from stillwell.knowledge.checklists import orders_of
from stillwell.knowledge.schema import Condition, FirstAid, Line, Step
from stillwell.knowledge.store import Knowledge
from stillwell.nutrition.planner.limits import limits
from stillwell.triage.rules import (
    PERHAPS_ALARM,
    RED,
    SOUNDS_URGENT,
    Alert,
    Urgency,
    holds,
    medicines_among,
)
from stillwell.writing import capital, in_a_row

LIKELY = 0.1  # contribution from which a cause is treated
SHOWN_BY_RESULT = (
    0.5  # probability from which a cause that a result measures counts though it explains little
)
NOTHING = (
    0.5  # chance that nothing listed explains it, from which less likely causes are not treated
)
WORTH_ASKING = 0.02  # contribution from which the first cause is looked into where none is likely
MOST = 6  # causes with steps
MOST_TOLD = 3  # medicines and results that a step names
MOST_FIRST_AID = 2  # causes of the leading alarm whose first aid is said
SALTS = frozenset(
    ["calcium_total", "calcium_ionised", "magnesium", "potassium", "sodium", "phosphate"]
)
BY_WAY_OF = {"hypoparathyroidism": "low_calcium"}  # dangerous by what a test of the salts shows
GENERAL = 3  # dangers above which an alert is a general one
SMALL = frozenset(["a", "an", "the", "of", "or", "as", "by"])


class Judged(Protocol):
    """What the plan needs to know of a ranked cause."""

    @property
    def id(self) -> str: ...
    @property
    def contributes(self) -> float: ...
    @property
    def present(self) -> float: ...
    @property
    def gives_way_to(self) -> str: ...


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
        leads: it is said first, whatever else is to do.
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
    leads: bool = False


class CauseSteps(msgspec.Struct, frozen=True, kw_only=True):
    """What to do about one cause, in order.

    Attributes:
        shown: whether a result shows the cause.
        home: first steps that are safe at home.
        back: when to come back, and what would make it urgent.
        until_help: what to do until help comes, where it is an emergency; all else is empty then. First aid
            that is of no single cause stands first, with an empty id and name.
    """

    id: str
    name: str
    shown: bool = False
    steps: list[PlanStep] = []
    home: list[PlanStep] = []
    back: list[PlanStep] = []
    until_help: list[PlanStep] = []


def steps_for(
    known: Knowledge,
    understood: Understood,
    urgency: Urgency,
    ranked: Sequence[Judged],
    nothing: float = 0.0,
) -> list[CauseSteps]:
    """The plan of a case.

    Args:
        ranked: all causes, the likeliest first.
        nothing: the probability that nothing listed explains the complaint. Where that is likelier than not,
            a cause that is less likely is looked into and not treated.

    Raises:
        CaseError: a way of eating, allergy or dislike that is not known.
    """
    base = known.base
    if urgency.level == "emergency":
        return _until_help(known, understood, urgency)
    if is_child(understood.person):  # the steps are those of adults
        return []
    named = named_causes(base, understood, urgency)
    present = {cause.id: cause.present for cause in ranked}
    forbidden = set(limits(known, understood, present).no_supplement)
    plan: list[CauseSteps] = []
    seen: set[str] = set()
    for cause, treated in _chosen(base, understood, urgency, ranked, named, nothing):
        record = base.management[cause]
        steps = [
            _step(base, understood, step, because)
            for step in record.steps
            if (because := _fits(known, understood, step, cause)) is not None
            and (treated or step.kind == "check")
            and step.nutrient not in forbidden
            and _is_new(step.about or step.text, seen)
        ]
        found = CauseSteps(
            id=cause,
            name=base.causes[cause].name,
            shown=bool(results_of(base, understood, cause)),
            steps=steps,
            home=list(_lines(known, understood, record.home, seen)) if treated else [],
            back=list(_lines(known, understood, record.back, seen)),
        )
        if found.steps or found.home or found.back:
            plan.append(found)
    return plan


def gravest(urgency: Urgency) -> list[Alert]:
    """The alerts that make it an emergency, or a matter of today."""
    return [a for a in urgency.alerts if a.level in RED and a.level == urgency.level]


def named_causes(base: Base, understood: Understood, urgency: Urgency) -> list[str]:
    """The dangers among the causes that the gravest alarms name, in their order, those that a result shows first."""
    named = dict.fromkeys(c for a in gravest(urgency) for c in a.causes)
    dangers = [c for c in named if not base.causes[c].names_no_danger]
    return sorted(dangers, key=lambda c: not results_of(base, understood, c))


def dangers(base: Base, understood: Understood, urgency: Urgency) -> list[str]:
    """What the alarms say must be ruled out, in their order: words of the rule, then ids of causes.

    A cause that a result shows stands first; of alarms that are certain before those of doubtful words. In an
    emergency what a certain alarm of today names stands after them, and what a general one names (legs that no
    longer carry) last, unless it leads. What another of them says more exactly ("a clot" beside "a clot in the
    lung") is left out.
    """
    found: list[str] = []
    grave = gravest(urgency)
    later = [a for a in urgency.alerts if a.level in RED and a not in grave and not a.perhaps]
    rest = sorted([*grave[1:], *later], key=lambda a: _is_general(base, a))
    for alert in (*grave[:1], *(_without_explained(a, grave[0]) for a in rest)):
        named = [base.causes[c].names_no_danger for c in alert.causes]
        place = (
            named.index(True) if True in named else 0
        )  # the rule's words stand for what names none
        found += [c for c in alert.causes[:place] if c not in found]
        found += alert.also
        found += [c for c in alert.causes[place:] if not base.causes[c].names_no_danger]
    unique = [d for d in dict.fromkeys(found) if not is_excluded(base, understood, d)]
    said = {d: _content(base.causes[d].name if d in base.causes else d) for d in unique}
    exact = [d for d in unique if not any(said[d] < other for other in said.values())]
    return sorted(exact, key=lambda d: d not in base.causes or not results_of(base, understood, d))


def _without_explained(alert: Alert, leading: Alert) -> Alert:
    """An alert without its further causes, where the leading one names all its signs: of what those signs mean
    besides, the gravest is enough, and nothing else that was told points to the others."""
    if not alert.because or not set(alert.because) <= set(leading.because):
        return alert
    return msgspec.structs.replace(alert, causes=alert.causes[:1], also=alert.also[:1])


def _is_general(base: Base, alert: Alert) -> bool:
    """Whether an alert names more dangers than a reader can look for."""
    named = [c for c in alert.causes if not base.causes[c].names_no_danger]
    return len(named) + len(alert.also) > GENERAL


def _content(words: str) -> frozenset[str]:
    """The words of a name that tell what it is."""
    return frozenset(words.lower().split()) - SMALL


def _until_help(known: Knowledge, understood: Understood, urgency: Urgency) -> list[CauseSteps]:
    """What to do until help comes, for the leading alarm: no line contradicts one before it.

    First comes what holds for everybody in this state (`first_aid/`), then the causes of the first alarm that
    have first aid, those that a result shows first. An alarm for low sugar leads even where its words are
    doubtful: sugar cannot wait, and nobody whose sugar may be low is told to fast.
    """
    doubtful = [f for f, p in understood.perhaps.items() if p >= PERHAPS_ALARM]
    understood = replace(understood, present=[*understood.present, *understood.noted, *doubtful])
    said: list[FirstAid] = []
    plan: list[CauseSteps] = []
    lines = list(_first_aid(known, understood, known.base.first_aid.values(), said))
    if lines:
        plan.append(CauseSteps(id="", name="", until_help=lines))
    grave = sorted(gravest(urgency), key=lambda a: not _needs_sugar(known.base, a))
    for alert in grave:
        causes = sorted(alert.causes, key=lambda c: not results_of(known.base, understood, c))
        found = []
        for cause in causes:
            aid = known.base.management[cause].until_help
            lines = list(_first_aid(known, understood, aid, said))
            if lines:
                name = known.base.causes[cause].name
                found.append(CauseSteps(id=cause, name=name, until_help=lines))
            if len(found) == MOST_FIRST_AID:
                break
        if found:
            return [*plan, *found]
    return plan


def _needs_sugar(base: Base, alert: Alert) -> bool:
    """Whether the first cause that an alert names is one for which sugar is given by mouth."""
    record = base.management.get(alert.causes[0]) if alert.causes else None
    return record is not None and any(aid.mouth == "sugar" for aid in record.until_help)


def _first_aid(
    known: Knowledge, understood: Understood, lines: Iterable[FirstAid], said: list[FirstAid]
) -> Iterable[PlanStep]:
    """The lines that hold, and contradict and repeat none of those `said`, which grows."""
    for line in lines:
        because = _holds(known, understood, line.when, line.unless)
        if because is None or any(contradict(line, other) for other in said):
            continue
        text = line.text.format(told=medicines_among(because, understood))
        if text not in {other.text for other in said}:
            said.append(msgspec.structs.replace(line, text=text))
            yield PlanStep(
                who="self", kind="care", text=text, cite=cites(line), judgement=line.judgement
            )


def contradict(one: FirstAid, other: FirstAid) -> bool:
    """Whether two lines of first aid cannot both be followed.

    >>> lie = FirstAid(text="Lie flat.", posture="flat")
    >>> contradict(lie, FirstAid(text="Sit up.", posture="upright"))
    True
    """
    postures, mouths = {one.posture, other.posture} - {""}, {one.mouth, other.mouth} - {""}
    return len(postures) > 1 or len(mouths) > 1


def _chosen(
    base: Base,
    understood: Understood,
    urgency: Urgency,
    ranked: Sequence[Judged],
    named: Sequence[str],
    nothing: float,
) -> list[tuple[str, bool]]:
    """The causes of the plan, and whether each is likely enough to be treated; the first cause at least.

    Where an alarm names what must be ruled out the same day, nothing else is treated before that: "stay active"
    beside a mini-stroke would calm. What a result shows is treated all the same.
    """
    likely = {c.id for c in ranked if c.contributes >= LIKELY}
    proven = {
        c.id for c in ranked if c.present >= SHOWN_BY_RESULT and results_of(base, understood, c.id)
    }
    first_of_all = {c.gives_way_to for c in ranked if c.gives_way_to} & {c.id for c in ranked[:1]}
    likely |= proven | first_of_all
    doubtful = set[str]()
    if nothing >= NOTHING:
        doubtful = {c.id for c in ranked if c.contributes < nothing} - proven - first_of_all
    order = list(named[: MOST // 2])  # what an alarm names comes first, however unlikely
    order += [c.id for c in ranked if c.id in likely and c.id not in order]
    order = order[:MOST]
    if not order and ranked and ranked[0].contributes >= WORTH_ASKING:
        order = [ranked[0].id]
    first = set(named) or likely
    alerts = gravest(urgency)
    if alerts and all(a.id == SOUNDS_URGENT for a in alerts):
        first = set[
            str
        ]()  # an alarm that nobody can name yet: what is harmless is not treated before it is
    return [
        (c, c in likely - doubtful and (c in first or bool(results_of(base, understood, c))))
        for c in order
        if c in base.management
    ]


def results_of(base: Base, understood: Understood, cause: str) -> list[str]:
    """The tests whose result shows a cause, in the order told.

    It measures the cause and lies outside the range on its side, or inside and speaks for it all the same
    (see `borderline_cause`). A result that was set aside, since it makes no sense as told, shows nothing.
    """
    return [
        name
        for name, result in understood.labs.items()
        if (side := measured_side(base.tests[name], cause)) is not None
        and (result.flag == side or borderline_cause(base, understood.person, result) == cause)
    ]


def is_excluded(base: Base, understood: Understood, cause: str) -> bool:
    """Whether a result that measures a cause of the salts is normal, by number or in words, and none shows it."""
    if results_of(base, understood, cause):
        return False
    cause = BY_WAY_OF.get(cause, cause)
    return any(
        name in SALTS and result.flag == "normal" and measured_side(base.tests[name], cause)
        for name, result in understood.labs.items()
    )


def missing_tests(base: Base, understood: Understood, tests: Iterable[str]) -> list[str]:
    """Those of some tests that are not told; of tests on one line of an order one is enough."""
    lines = [set(order.tests) for order in orders_of(base).values()]
    done = set(understood.labs).union(*(line for line in lines if line & set(understood.labs)))
    return [test for test in tests if test not in done]


def _fits(known: Knowledge, understood: Understood, step: Step, cause: str) -> list[str] | None:
    """What made a step fit this person (empty where it fits everybody), or None where it does not."""
    if step.shown is not None and step.shown != bool(results_of(known.base, understood, cause)):
        return None
    if step.tests and not missing_tests(known.base, understood, step.tests):
        return None
    return _holds(known, understood, step.when, step.unless)


def _holds(
    known: Knowledge, understood: Understood, when: Condition | None, unless: Condition | None
) -> list[str] | None:
    if unless is not None and holds(unless, understood, known) is not None:
        return None
    return [] if when is None else holds(when, understood, known)


def _step(base: Base, understood: Understood, step: Step, because: list[str]) -> PlanStep:
    words = _told(base, understood, because)
    missing = in_a_row([base.tests[t].name for t in missing_tests(base, understood, step.tests)])
    return PlanStep(
        who=step.who,
        kind=step.kind,
        text=capital(step.text.format(told=words, missing=missing)),
        short=step.short.format(told=words, missing=missing),
        nutrient=step.nutrient,
        strength=step.strength,
        cite=cites(step),
        judgement=step.judgement,
        asks=step.asks,
        leads=step.leads,
    )


def _told(base: Base, understood: Understood, because: list[str]) -> str:
    """The medicines and results among what made a step fit, in the person's own words."""
    names = []
    for item in because:
        kind, _, name = item.partition(":")
        if kind == "medicine":
            names += [
                m.member or m.told
                for m in (*understood.medicines, *understood.supplements)
                if name in (m.group, m.member)
            ]
        elif kind == "lab" and name in understood.labs:
            names.append(f"{base.tests[name].name} {understood.labs[name].shown}")
    return in_a_row(list(dict.fromkeys(names))[:MOST_TOLD])


def _lines(
    known: Knowledge, understood: Understood, lines: Iterable[Line], seen: set[str]
) -> Iterable[PlanStep]:
    for line in lines:
        because = _holds(known, understood, line.when, line.unless)
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

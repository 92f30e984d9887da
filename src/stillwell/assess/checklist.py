"""What must always be asked and tested, joined with what information gain finds worth its trouble.

The rules are data (`knowledge/data/checklists`): for each complaint its red flags, the questions that no
doctor leaves out, the first tests, and tests not to do. A test that would change little is listed only
where a rule asks for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from stillwell.assess.for_whom import applies
from stillwell.assess.questions import NextStep
from stillwell.assess.steps import CauseSteps, dangers, gravest
from stillwell.case.person_in_words import is_child
from stillwell.case.understand import Understood
from stillwell.knowledge.base import cites
from stillwell.knowledge.checklists import EVERY, orders_of
from stillwell.knowledge.schema import Checklist as Rules
from stillwell.knowledge.schema import MustAsk, Standing
from stillwell.knowledge.store import Knowledge
from stillwell.language.durations import ONSETS
from stillwell.triage.red_flags import open_checklists, red_flags_of
from stillwell.triage.rules import Urgency, holds
from stillwell.writing import in_a_row

MOST_TESTS = 8
MOST_URGENT = 6
MOST_QUESTIONS = 3
MOST_MUSTS = 2  # of the questions, so that the most informative one has a place
# how far a test must be expected to move the probability of some cause, before it is listed unasked
WORTH_MOVING = 0.1
LIKELY = 0.1  # how probably a cause must contribute, for a test that only it asks for
MILD = "self_care"
HEARD = 0.5  # probability of a doubtful reading from which how it began is not asked anew
WORTH_ASKING = 0.02  # contribution from which a cause is worth a question of its own
CHANGE = "after_new_medicine_or_dose_change"


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """A question not yet answered: the item or field it is about, its words, and why it is asked."""

    id: str
    text: str
    why: str


class TestLine(msgspec.Struct, frozen=True, kw_only=True):
    """A test of the order, or one not to do: why, and where that comes from."""

    id: str
    name: str
    how: str = ""
    why: str
    cite: list[str] = []
    judgement: bool = False


class Checklist(msgspec.Struct, frozen=True, kw_only=True):
    """What a doctor would ask and test now.

    Attributes:
        complaint: names of the checklists that the case opens, main complaint first.
        red_flags: signs of these complaints of which nothing was told, gravest first; at most eight.
        questions: at most three, those that no doctor leaves out before the most informative.
        order: one order of tests not yet done, at most eight, what is special to the person first.
        avoid: tests that should not be done, and why.
    """

    complaint: list[str] = []
    red_flags: list[Asked] = []
    questions: list[Asked] = []
    order: list[TestLine] = []
    avoid: list[TestLine] = []


def must_ask(known: Knowledge, understood: Understood) -> list[MustAsk]:
    """What no doctor leaves out and nobody has told, those for everybody first."""
    lists = open_checklists(known, understood)
    rules = [*lists[-1:], *lists[:-1]]
    found = {
        q.ask: q
        for r in rules
        for q in r.questions
        if applies(q.for_whom, understood)
        and (q.unless is None or holds(q.unless, understood, known) is None)
    }
    return [q for q in found.values() if not _is_told(q, understood)]


def choices_of(known: Knowledge, field: str) -> list[str]:
    """The items any of which answers the question about a field of the case."""
    every = known.base.checklists.get(EVERY)
    return [c for q in (every.questions if every else []) if q.ask == field for c in q.choices]


def _is_told(must: MustAsk, understood: Understood) -> bool:
    """Whether an item, or a field of the case, was told."""
    ask = must.ask
    if ask == "age":
        return understood.person.age is not None
    if ask == "sex":
        return understood.person.sex is not None or bool({*must.choices} & {*_all_told(understood)})
    if ask == "onset":
        begun = {*must.choices, *ONSETS}
        perhaps = {name for name, p in understood.perhaps.items() if p >= HEARD}
        return bool(
            begun & {*understood.present, *understood.noted, *perhaps}
            or CHANGE in understood.present
        )
    if ask == "medicines":
        return understood.medicines_known or bool(understood.medicines)
    if ask == "supplements":
        return bool(understood.supplements or understood.supplements_told)
    if ask == "results":
        return bool(understood.labs)
    if ask == "diet":
        said = set(must.choices) & {*understood.history_present, *understood.history_absent}
        return bool(
            said or understood.diary or understood.habits or understood.avoids or understood.foods
        )
    if (
        ask == CHANGE
        and understood.medicines_known
        and not (understood.medicines or understood.supplements)
    ):
        return True  # who takes nothing has changed nothing
    return ask in {*_all_told(understood), *understood.absent, *understood.history_absent}


def _bears(step: NextStep, contributes: Mapping[str, float]) -> bool:
    """Whether what a question would move most is a cause that what was told leaves in play."""
    if not step.moves:
        return True
    most = max(step.moves, key=lambda move: abs(move[1] - move[2]))
    return contributes.get(most[0], 0.0) >= WORTH_ASKING


def _all_told(understood: Understood) -> set[str]:
    return {*understood.present, *understood.noted, *understood.history_present}


def _words(known: Knowledge, must: MustAsk) -> str:
    base = known.base
    if must.words:
        return must.words
    table = base.findings if must.ask in base.findings else base.history
    return table[must.ask].question


def make_checklist(
    known: Knowledge,
    understood: Understood,
    level: str,
    steps: list[NextStep],
    contributes: Mapping[str, float],
) -> Checklist:
    """The checklist of a case.

    Args:
        level: urgency; where people look after themselves no test is ordered.
        steps: unasked questions and tests by information gain, best first.
        contributes: probability that each cause contributes to the complaint.
    """
    base = known.base
    lists = open_checklists(known, understood)
    flags = red_flags_of(known, understood)
    musts = [q for q in must_ask(known, understood) if q.ask not in flags]
    asked = [Asked(id=q.ask, text=_words(known, q), why=q.why) for q in musts]
    onsets = choices_of(known, "onset")
    best = [
        Asked(id=s.id, text=base.findings[s.id].question, why=_gain(known, s))
        for s in steps
        if s.kind == "question" and s.id not in (*flags, *onsets) and not s.again
        if _bears(s, contributes)
    ]
    first = {a.id: a for a in [*asked[:MOST_MUSTS], *best, *asked[MOST_MUSTS:]]}
    avoid = _avoided(known, understood, lists)
    unwanted = {line.id for line in avoid}
    order = [] if level == MILD else _order(known, understood, lists, unwanted)
    if level != MILD:
        order = _with_informative(known, understood, order, steps, unwanted, contributes)
    ordered = {line.id for line in order}
    if is_child(
        understood.person
    ):  # what doctors ask of adults, and tests that are theirs, are left out
        first, order, avoid = {}, [], []
    return Checklist(
        complaint=[rules.name for rules in lists if rules.id != EVERY],
        red_flags=[
            Asked(id=f, text=base.findings[f].question, why=base.findings[f].why_asked)
            for f in flags
        ],
        questions=list(first.values())[:MOST_QUESTIONS],
        order=order[:MOST_TESTS],
        avoid=[line for line in avoid if line.id not in ordered],
    )


def ordered(known: Knowledge, checklist: Checklist) -> list[Asked]:
    """The laboratory tests that an order holds, by the id of each test, under the name of its line."""
    lines = orders_of(known.base)
    return [
        Asked(id=test, text=line.name, why=line.why)
        for line in checklist.order
        if line.id in lines
        for test in lines[line.id].tests
    ]


def without_asked(checklist: Checklist, plan: Iterable[CauseSteps]) -> Checklist:
    """The checklist without advice against a test that a step of the plan sends to."""
    asked = {name for about in plan for step in about.steps for name in step.asks}
    avoid = [line for line in checklist.avoid if line.id not in asked]
    return msgspec.structs.replace(checklist, avoid=avoid)


def urgent_tests(known: Knowledge, understood: Understood, urgency: Urgency) -> list[TestLine]:
    """Examinations and scans that cannot wait, for the dangers that the gravest alarms name, in their order."""
    found: dict[str, TestLine] = {}
    rules = [(a.id, known.base.triage.get(a.id)) for a in gravest(urgency)]
    named = dangers(known.base, understood, urgency)
    records = [(d, known.base.management.get(d)) for d in named]
    for danger, record in (*rules, *records):
        for test in record.now if record is not None else []:
            if not set(test.not_before).isdisjoint(named):
                continue
            line = TestLine(
                id=danger,
                name=test.name,
                why=test.why,
                cite=cites(test),
                judgement=test.judgement,
            )
            found.setdefault(test.name, line)
    return list(found.values())[:MOST_URGENT]


def _avoided(known: Knowledge, understood: Understood, lists: Iterable[Rules]) -> list[TestLine]:
    """Tests not to do; what the order of a rule asks for in this case is never among them."""
    found: dict[str, TestLine] = {}
    wanted = {
        name
        for rules in lists
        for rule in rules.tests
        if rule.when is not None and holds(rule.when, understood, known) is not None
        if rule.unless is None or holds(rule.unless, understood, known) is None
        for name in rule.order
    }
    for rules in lists:
        for rule in rules.avoid:
            meant = rule.when is None or holds(rule.when, understood, known) is not None
            spared = rule.unless is not None and holds(rule.unless, understood, known) is not None
            if meant and not spared and rule.order not in wanted:
                found.setdefault(rule.order, _line(known, rule.order, rule.why, rule))
    return [line for line in found.values() if not _is_done(known, line.id, understood)]


def _order(
    known: Knowledge, understood: Understood, lists: list[Rules], unwanted: set[str]
) -> list[TestLine]:
    """The tests that rules ask for: what the story asks for, what everybody is asked, what the person's age and
    sex ask for."""
    special: dict[str, TestLine] = {}
    usual: dict[str, TestLine] = {}
    by_person: dict[str, TestLine] = {}  # asked of people like this one, whatever the complaint
    for rules in [*lists[-1:], *lists[:-1]]:
        for rule in rules.tests:
            held = rule.when is None or holds(rule.when, understood, known) is not None
            spared = rule.unless is not None and holds(rule.unless, understood, known) is not None
            if spared or not (held and applies(rule.for_whom, understood)):
                continue
            target = special
            if rule.when is None:
                target = usual if rule.for_whom == "everyone" else by_person
            for name in rule.order:
                target.setdefault(name, _line(known, name, rule.why, rule))
    merged = dict(special)
    for line in (*usual.values(), *by_person.values()):
        merged.setdefault(line.id, line)
    return [
        line
        for line in merged.values()
        if line.id not in unwanted and not _is_done(known, line.id, understood)
    ]


def _with_informative(
    known: Knowledge,
    understood: Understood,
    order: list[TestLine],
    steps: list[NextStep],
    unwanted: set[str],
    contributes: Mapping[str, float],
) -> list[TestLine]:
    """The order with the tests that could move a likely cause much and say what none listed says."""
    lines = orders_of(known.base)
    covered = {test for name in {*unwanted, *(o.id for o in order)} for test in lines[name].tests}
    covered |= set(understood.labs)
    result = list(order)
    for step in steps:
        if step.kind in ("question", "sign") or step.id in covered:
            continue
        if _moves(known, step, contributes) < WORTH_MOVING:
            continue
        mates = {m for p in known.base.panels.values() if step.id in p.markers for m in p.markers}
        if mates & covered:
            continue
        test = _usual_first(known, understood, step.id)
        name = next((o.id for o in lines.values() if test in o.tests and not o.only_by_rule), None)
        if name is not None and not _is_done(known, name, understood):
            covered |= set(lines[name].tests)
            line = _line(known, name, _gain(known, step), None)
            result.append(line)
    return result


def _usual_first(known: Knowledge, understood: Understood, test: str) -> str:
    """The test of a panel that is made before another of it: ferritin before the transferrin saturation."""
    for panel in known.base.panels.values():
        if test in panel.markers:
            tests = known.base.causes[panel.cause].tests
            return next((t for t in tests if t in panel.markers and t not in understood.labs), test)
    return test


def _moves(known: Knowledge, step: NextStep, contributes: Mapping[str, float]) -> float:
    """How far a test is expected to move the likely cause, among those it is a test of, that it moves most.

    Returns:
        The mean absolute change of probability.
    """
    p = step.probability
    causes = known.base.causes
    likely = [
        m
        for m in step.moves
        if contributes.get(m[0], 0.0) >= LIKELY and step.id in causes[m[0]].tests
    ]
    return max((2 * p * (1 - p) * abs(yes - no) for _, yes, no in likely), default=0.0)


def _gain(known: Knowledge, step: NextStep) -> str:
    """What a question or test would help to tell, in words."""
    if not step.moves:
        return ""
    causes = known.base.causes
    names = in_a_row([causes[c].name for c, _, _ in step.moves[:2]])
    return known.base.wording.interview["gain"].format(causes=names)


def _is_done(known: Knowledge, name: str, understood: Understood) -> bool:
    return bool(set(orders_of(known.base)[name].tests) & set(understood.labs))


def _line(known: Knowledge, name: str, why: str, rule: Standing | None) -> TestLine:
    order = orders_of(known.base)[name]
    return TestLine(
        id=name,
        name=order.name,
        how=order.how,
        why=why,
        cite=cites(rule) if rule is not None else [],
        judgement=rule is None or rule.judgement,
    )


__all__ = [
    "Asked",
    "Checklist",
    "TestLine",
    "choices_of",
    "make_checklist",
    "must_ask",
    "urgent_tests",
    "without_asked",
]

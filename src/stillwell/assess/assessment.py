"""Case in, assessment out: triage, evidence, posterior, reasons, next steps, plan."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import msgspec

from stillwell import __version__
from stillwell.assess.alarm_quotes import words_behind_alarms
from stillwell.assess.asked_next import Question, questions_and_tests, steps_next
from stillwell.assess.bottom_line import Sentence, bottom_line
from stillwell.assess.ceilings import Authority
from stillwell.assess.checklist import (
    Checklist,
    TestLine,
    make_checklist,
    only_alarm_signs,
    ordered,
    urgent_tests,
    without_asked,
)
from stillwell.assess.cited import references_of
from stillwell.assess.in_words import (
    TakenLine,
    in_words,
    limits_of,
    taken_lines,
    understood_in_words,
    unheard,
    unknown_names,
)
from stillwell.assess.intakes import Diet, Eaten
from stillwell.assess.plan import Plan, first_aid, make_plan
from stillwell.assess.posterior import WIDE, Find, Ranges, find_posterior, redraws
from stillwell.assess.questions import NextStep
from stillwell.assess.ranked import Because, Ranked, ranked_causes, reasons_of
from stillwell.assess.ranking import proven_by_results
from stillwell.assess.results import ResultLine, ResultNote, result_lines, which_counts
from stillwell.assess.scope import with_scope
from stillwell.assess.stages import Stages
from stillwell.assess.steps import CauseSteps, dangers, in_despair, steps_for
from stillwell.assess.taken import Warning, warnings
from stillwell.assess.urgency import with_taken
from stillwell.assess.widths import Width, widths
from stillwell.case.asked_in_words import Asked
from stillwell.case.model import Case, Person
from stillwell.case.person_in_words import is_child
from stillwell.case.understand import Understood, understand
from stillwell.errors import CaseError
from stillwell.knowledge.base import Base
from stillwell.knowledge.references import reference_text
from stillwell.knowledge.store import Knowledge, knowledge
from stillwell.language.durations import ONSETS
from stillwell.triage.red_flags import red_flags_of
from stillwell.triage.rules import RED, Urgency, triage

DRAWS = 200
MOST_RULED_OUT = 5


class Wished(msgspec.Struct, frozen=True, kw_only=True):
    """A prescribed medicine that the person thinks of or asks about taking.

    Attributes:
        group: its class in the knowledge base.
        whom: "pregnant", "breastfeeding", "child", or "" of anybody else.
    """

    name: str
    group: str
    whom: str = ""


class Denied(msgspec.Struct, frozen=True, kw_only=True):
    """A sign that was said not to be there; `alarm`: whether it would make the case urgent."""

    id: str
    name: str
    alarm: bool


class Assessment(msgspec.Struct, frozen=True, kw_only=True):
    """Everything a report shows, in the order in which it is shown.

    `missing`: the parts that could not be worked out, each with the line that says so. Where the causes
    are missing, `causes` is empty and `nothing_listed` is None; the urgency is always there.
    `ask`: signs nobody has spoken of that would make it urgent, as questions. `rule_out`: causes that
    an alert names, which must be ruled out first, whatever their probability. `bottom_line`: the answer in
    three to five sentences. `steps`: what is done about each cause. `warnings`: what speaks against
    something that is taken, the gravest first. `asked`: what the person asks about. `taken_classes`: ids of
    the classes of medicines and supplements that are taken. `widths`: the uncertain numbers that make
    the range of a cause wide. `urgent_tests`: what cannot wait, for the dangers
    that the alarms name. `taken`: what is taken and what it can bring on. `taken_unknown`: what
    is taken and not known here, as told. `takes_none`: it was said that no medicine is taken. `own_words`: what the person wrote.
    `alarm_words`: those of them on which the alarms of today rest.
    `of_other`: the words are about somebody else than the one who tells them.
    `began`: how it began as understood, with the words that tell it. `denied`: what was said not to be there.
    """

    schema: str
    version: str
    knowledge: str
    urgency: Urgency
    understood: dict[str, list[str]]
    unclear: list[str]
    complaint: list[str]
    causes: list[Ranked]
    nothing_listed: float | None
    nothing_low: float | None
    nothing_high: float | None
    questions: list[Question]
    tests: list[Question]
    checklist: Checklist
    plan: Plan
    diet: Diet | None
    limits: list[str]
    references: dict[str, str]
    missing: dict[str, str] = {}
    ask: list[str] = []
    rule_out: list[str] = []
    bottom_line: list[Sentence] = []
    steps: list[CauseSteps] = []
    warnings: list[Warning] = []
    results: list[ResultLine] = []
    result_notes: list[ResultNote] = []
    person: Person = msgspec.field(default_factory=Person)
    asked: list[Asked] = []
    taken_classes: list[str] = []
    wished: list[Wished] = []
    urgent_tests: list[TestLine] = []
    widths: dict[str, list[Width]] = {}
    taken: list[TakenLine] = []
    taken_unknown: list[str] = []
    takes_none: bool = False
    own_words: str = ""
    alarm_words: list[str] = []
    of_other: bool = False
    began: list[str] = []
    denied: list[Denied] = []


def assess(
    case: Case | Understood,
    *,
    draws: int = DRAWS,
    detail: bool = True,
    units: Literal["brought", "si", "us"] = "brought",
    authority: Authority = "lowest",
    find: Find | None = None,
) -> Assessment:
    """Assess one case.

    Args:
        draws: redraws of all uncertain numbers for the 90 % intervals (0: none).
        detail: also work out reasons and next steps.
        units: how results are printed: as the person brought them, SI, or US units.
        authority: whose upper levels of supplements hold: "us", "efsa", "uk", or the lower of US and EFSA.
        find: works out the posterior; one that remembers it (`finder`) serves several calls for one case.

    Triage comes first. Whatever fails after it costs only its own part of the report, which says so.

    Raises:
        CaseError: a field of the case cannot be used (if it is urgent: one that is needed to read it).
    """
    known = knowledge()
    base = known.base
    understood = _understood_case(case) if isinstance(case, Case) else case
    urgency = triage(understood, known)
    stages = Stages(urgency.level, base.wording.limits)
    proven = stages.attempt(
        "words", lambda: proven_by_results(understood, urgency), frozenset[str]()
    )
    told = urgency
    alarm_words: list[str] = []
    alarm_words = stages.attempt(
        "words", lambda: words_behind_alarms(base, understood, told), alarm_words
    )
    urgency = stages.attempt("words", lambda: in_words(known, understood, urgency), urgency)
    intake = stages.attempt("diet", lambda: _read_diet(known, understood), None)
    child = is_child(understood.person)
    found = None
    if child:  # the model is of adults: urgency, what to do and tests only
        stages.missing["causes"] = base.wording.limits["child_causes"]
    else:
        found = stages.attempt("causes", lambda: (find or find_posterior)(understood, draws), None)
    ranges: Ranges | None = None
    because: dict[int, list[Because]] = {}
    asked: list[NextStep] = []
    ranked: list[Ranked] = []
    limits: list[str] = []
    wide: dict[str, list[Width]] = {}
    if found is not None:
        ranges = stages.attempt("ranges", lambda: redraws(found), None)
        if found.forgotten:
            limits.append(base.wording.limits["too_long"].format(signs=", ".join(found.forgotten)))
        if ranges is not None and ranges.left_out:
            limits.append(base.wording.limits["long"])
        if detail and found.small_cells <= WIDE:
            because = stages.attempt("reasons", lambda: reasons_of(found), {})
            asked = stages.attempt("next", lambda: steps_next(found), [])
        if ranges is not None and detail:
            drawn = ranges
            wide = stages.attempt("ranges", lambda: widths(found, drawn), {})
        ranked = stages.attempt(
            "causes", lambda: ranked_causes(found, ranges, because, _named(urgency), proven), []
        )
    against: list[Warning] = []
    against = stages.attempt(
        "plan",
        lambda: warnings(known, understood, intake, {r.id: r.present for r in ranked}, authority),
        against,
    )
    calm = urgency
    urgency = stages.attempt("plan", lambda: with_taken(known, calm, against), calm)
    within = urgency
    nothing = found.nothing if found and ranked else None
    urgency = stages.attempt(
        "words", lambda: with_scope(known, understood, within, nothing), within
    )
    ranked = [] if urgency.outside else ranked
    questions: list[Question] = []
    tests: list[Question] = []
    questions, tests = stages.attempt(
        "next", lambda: questions_and_tests(known, asked, understood), (questions, tests)
    )
    shares = {r.id: r.contributes for r in ranked if not r.after}
    checklist = stages.attempt(
        "next", lambda: make_checklist(known, understood, urgency.level, asked, shares), Checklist()
    )
    listed = [(r.id, r.contributes, r.present) for r in ranked]
    plan = first_aid(base, urgency, child)
    if not child:
        plan = stages.attempt(
            "plan",
            lambda: make_plan(known, understood, urgency, listed, intake, authority),
            plan,
        )
    steps: list[CauseSteps] = []
    nothing = nothing if ranked else None
    steps = stages.attempt(
        "steps", lambda: steps_for(known, understood, urgency, ranked, nothing or 0.0), steps
    )
    checklist = without_asked(checklist, steps)
    if in_despair(urgency):  # a question or a test is no answer to who wants to die
        checklist, questions, tests = only_alarm_signs(checklist), [], []
    answer: list[Sentence] = []
    answer = stages.attempt(
        "bottom_line",
        lambda: bottom_line(
            known,
            understood,
            urgency,
            ranked,
            nothing,
            steps,
            ordered(known, checklist),
            questions,
            against,
        ),
        answer,
    )
    if detail and not child and not urgency.outside and not in_despair(urgency):
        limits += stages.attempt("limits", lambda: limits_of(found, known, understood), [])
    limits += stages.attempt("limits", lambda: unheard(known, understood), [])
    diet = None
    if intake is not None and detail and not child:
        from stillwell.assess.diet import diet_advice

        present = {r.id: r.present for r in ranked}
        diet = stages.attempt("diet", lambda: diet_advice(known, understood, intake, present), None)
    at_once: list[TestLine] = []
    at_once = stages.attempt("next", lambda: urgent_tests(known, understood, urgency), at_once)
    listed_words: dict[str, list[str]] = {}
    references: dict[str, str] = {}
    listed_words = stages.attempt(
        "understood", lambda: understood_in_words(known, understood, units), listed_words
    )
    references = stages.attempt(
        "sources",
        lambda: references_of(known, ranked, urgency, steps, answer, against, checklist, at_once),
        references,
    )
    results: list[ResultLine] = []
    results = stages.attempt("understood", lambda: result_lines(known, understood, units), results)
    notes: list[ResultNote] = []
    notes = stages.attempt("understood", lambda: which_counts(known, results), notes)
    references |= {key: reference_text(base.references[key]) for note in notes for key in note.cite}
    return Assessment(
        schema="stillwell/assessment/1",
        version=__version__,
        knowledge=known.digest[:12],
        urgency=urgency,
        understood=listed_words,
        unclear=[*understood.unclear, *stages.refused],
        complaint=[base.findings[f].name for f in understood.complaint if f in base.findings],
        causes=ranked,
        nothing_listed=nothing,
        nothing_low=ranges.nothing_low if ranges and ranked else None,
        nothing_high=ranges.nothing_high if ranges and ranked else None,
        widths=wide,
        questions=questions,
        tests=tests,
        checklist=checklist,
        plan=plan,
        diet=diet,
        limits=limits,
        references=references,
        missing=stages.missing,
        ask=[base.findings[name].question for name in urgency.ask],
        rule_out=_rule_out(known, understood, urgency),
        bottom_line=answer,
        steps=steps,
        warnings=against,
        results=results,
        result_notes=notes,
        person=understood.person,
        asked=understood.asked,
        wished=_wished(known, understood),
        of_other=understood.of_other,
        urgent_tests=at_once,
        taken=stages.attempt("understood", lambda: taken_lines(base, understood), []),
        taken_unknown=unknown_names(base, understood),
        takes_none=understood.medicines_known and not understood.medicines,
        own_words=understood.own_words,
        alarm_words=alarm_words,
        began=_began(base, understood),
        denied=_denied(known, understood),
        taken_classes=[
            m.group for m in (*understood.medicines, *understood.supplements) if not m.stopped
        ],
    )


def _began(base: Base, understood: Understood) -> list[str]:
    """How it began, in the words that tell it or by the item that was chosen."""
    return [
        understood.from_words.get(name) or base.findings[name].name
        for name in (*understood.present, *understood.noted)
        if name in ONSETS
    ]


def _denied(known: Knowledge, understood: Understood) -> list[Denied]:
    """The signs that were denied, without what something told rules out anyhow."""
    base = known.base
    alarms = set(base.lexicon["alarm_items"])
    flags = set(red_flags_of(known, replace(understood, absent=[])))
    return [
        Denied(id=name, name=base.findings[name].name, alarm=name in alarms | flags)
        for name in understood.absent
        if not set(base.findings[name].excludes) & set(understood.present)
    ]


def _understood_case(case: Case) -> Understood:
    """The case as understood. Raises CaseError, which carries the case: it may hold an alarm."""
    try:
        return understand(case)
    except CaseError as error:
        error.rest = case
        raise


def _read_diet(known: Knowledge, understood: Understood) -> Eaten | None:
    """What the diary or the habits of a case come to; without them the food table is not loaded."""
    if not understood.diary and not understood.habits:
        return None
    from stillwell.assess.diet import read_diet

    return read_diet(known, understood)


def _wished(known: Knowledge, understood: Understood) -> list[Wished]:
    """The prescribed medicines that are thought of and not taken yet, each once."""
    told = {*understood.history_present}
    whom = next((w for w in ("pregnant", "breastfeeding") if w in told), "")
    whom = "pregnant" if understood.person.pregnant else whom
    whom = "child" if is_child(understood.person) else whom
    found = {
        m.member or m.told: m.group for m in understood.planned if m.group in known.base.medicines
    }
    return [Wished(name=name, group=group, whom=whom) for name, group in found.items()]


def _named(urgency: Urgency) -> set[str]:
    """Causes that an alert says must be ruled out now."""
    return {c for alert in urgency.alerts if alert.level in RED for c in alert.causes}


def _rule_out(known: Knowledge, understood: Understood, urgency: Urgency) -> list[str]:
    """What the gravest alerts say must be ruled out, in the order of the alerts."""
    causes = known.base.causes
    found = dangers(known.base, understood, urgency)
    return [causes[d].name if d in causes else d for d in found][:MOST_RULED_OUT]

"""Turns an assessment into a document: once, for all forms and both audiences."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from stillwell.assess.assessment import Assessment
from stillwell.characters import without_steering
from stillwell.knowledge.store import knowledge
from stillwell.report.check import settled
from stillwell.report.document import Document, Section
from stillwell.report.sections import case, machinery
from stillwell.report.sections.answer import answer
from stillwell.report.sections.asked import asked
from stillwell.report.sections.care import care_card, other_alarms, signs_to_ask
from stillwell.report.sections.causes import causes
from stillwell.report.sections.doctor import doctor_sections, technical_names
from stillwell.report.sections.next_step import next_step
from stillwell.report.sections.plan import diet_details, more_steps, plan
from stillwell.report.sections.sources import sources
from stillwell.report.wording import words
from stillwell.triage.rules import OUTSIDE, RED
from stillwell.writing import capital

USUAL = 0.25  # share of people with a cause from which a sign is usual: judgement
Audience = Literal["person", "doctor"]


def build(assessment: Assessment, audience: Audience = "person") -> Document:
    """The document of an assessment.

    Args:
        audience: `person` for the whole report, `doctor` for a summary of one page.
    """
    care = care_card(assessment)
    if audience == "doctor":
        care = msgspec.structs.replace(care, rule_out=technical_names(assessment.rule_out))
    make = doctor_sections if audience == "doctor" else _for_the_person
    sections = make(assessment)
    shown, more = sources(care, sections, assessment.references)
    if audience == "doctor":  # one page: its sources are folded away
        shown = [msgspec.structs.replace(s, extra=True) for s in shown]
    sections = _with_sources(sections, shown, more)
    footer = words().footer.format(version=assessment.version, knowledge=assessment.knowledge)
    drawn = Document(
        title=title_of(assessment, audience),
        audience=audience,
        care=care,
        sections=sections,
        footer=footer,
    )
    document = msgspec.convert(_plain(msgspec.to_builtins(drawn)), Document)
    return settled(document, assessment)


def title_of(assessment: Assessment, audience: Audience = "person") -> str:
    """What the page is about: the complaint, unless something else made it urgent."""
    say = words()
    complaint = heading_of(assessment)
    if audience == "doctor":
        return say.title_doctor.format(complaint=complaint).rstrip(": ")
    urgency = assessment.urgency
    if urgency.level in RED:
        gravest = [a for a in urgency.alerts if a.level == urgency.level]
        if not any(set(a.because) & set(assessment.complaint) for a in gravest):
            return say.title_alarm
        return say.title_now.format(complaint=complaint)
    if urgency.wording.startswith(OUTSIDE):
        return say.title_outside
    return say.title.format(complaint=complaint) if complaint else say.title_open


def heading_of(assessment: Assessment) -> str:
    """The complaint as a heading names it, or "" where there is none."""
    findings = knowledge().base.findings
    told = {
        name: heading
        for name, heading in words().complaints.items()
        if name in findings and findings[name].name in assessment.complaint
    }
    brought = _usual_signs(assessment)
    for name, heading in told.items():
        if name in brought:
            return heading
    if told:
        return next(iter(told.values()))
    return capital(assessment.complaint[0]) if assessment.complaint else ""


def _usual_signs(assessment: Assessment) -> set[str]:
    """The findings that the cause of the main story usually brings: the heading is one of them."""
    causes = knowledge().base.causes
    about = next((s.about for s in assessment.bottom_line if s.about in causes), None)
    if about is None:
        return set()
    return {link.finding for link in causes[about].findings if (link.p or 0.0) >= USUAL}


def _for_the_person(assessment: Assessment) -> list[Section]:
    """Answer, plan and reasons, then the machinery; of what is none of ours the answer and what was understood."""
    if assessment.urgency.wording.startswith(OUTSIDE):
        return [*answer(assessment), *plan(assessment), *case.understood(assessment)]
    return [
        *answer(assessment),
        *next_step(assessment),
        *asked(assessment),
        *_with_signs(plan(assessment), signs_to_ask(assessment)),
        *case.gaps(assessment),
        *causes(assessment),
        *case.results(assessment),
        *case.understood(assessment),
        *case.intakes(assessment),
        *case.sayings(assessment),
        *case.who_can_help(assessment),
        *machinery.limits(assessment),
        *other_alarms(assessment),
        *more_steps(assessment),
        *diet_details(assessment),
        *machinery.all_causes(assessment),
        *machinery.weights(assessment),
        *machinery.cited_by_cause(assessment),
        *case.all_intakes(assessment),
    ]


def _with_signs(planned: list[Section], signs: list[Section]) -> list[Section]:
    """The plan with the alarm signs that nobody has spoken of, after what to do and what must not be taken."""
    place = sum(part.id in ("until_help", "do", "taken") for part in planned)
    return [*planned[:place], *signs, *planned[place:]]


def _with_sources(
    sections: list[Section], shown: list[Section], more: list[Section]
) -> list[Section]:
    """Sources stand after what is always shown, further ones at the very end."""
    always = [s for s in sections if not s.extra]
    return [*always, *shown, *(s for s in sections if s.extra), *more]


def _plain(value: Any) -> Any:
    """The same data with every text on one line and without what steers a terminal."""
    if isinstance(value, str):
        return " ".join(without_steering(value).split())
    if isinstance(value, list):
        return [_plain(v) for v in value]
    if isinstance(value, dict):
        return {k: _plain(v) for k, v in value.items()}
    return value

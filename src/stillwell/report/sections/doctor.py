"""The doctor's summary: problem, five causes with evidence for and against, tests, medicines, results."""

from __future__ import annotations

from stillwell.assess.assessment import Assessment
from stillwell.assess.ranked import Ranked
from stillwell.report.chances import percent
from stillwell.report.document import AnyBlock, Item, Items, Paragraph, Section, Table
from stillwell.report.phrases import listed, section, who
from stillwell.report.sections.case import results
from stillwell.report.sections.causes import chance_of, main_causes
from stillwell.report.sections.next_step import order
from stillwell.report.sections.plan import taken
from stillwell.report.wording import words
from stillwell.writing import capital

REASONS = 4
MOST_MEDICINES = 8
MOST_NOT_USED = 6
LONGEST = 110  # characters of a line that was not used


def doctor_sections(assessment: Assessment) -> list[Section]:
    """All sections of the summary; together they fit one page."""
    return [
        *section("problem", "answer", _problem(assessment)),
        *section("differential", "answer", _differential(assessment)),
        *section("order", "answer", [order(assessment)]),
        *section("medicines", "answer", [_medicines(assessment)]),
        *results(assessment),
        *section("not_used", "answer", [_not_used(assessment)]),
    ]


def _not_used(assessment: Assessment) -> Items:
    """What was told and not used, short: an unknown name or a sentence unread may matter most."""
    lines = assessment.unclear[:MOST_NOT_USED]
    rest = len(assessment.unclear) - len(lines)
    items = [Item(text=_short(line), tone="warning") for line in lines]
    more = words().doctor.more_not_used.format(count=rest)
    return Items(items=[*items, Item(text=more)] if rest else items)


def _short(line: str) -> str:
    return line if len(line) <= LONGEST else line[:LONGEST].rsplit(" ", 1)[0] + " …"


def _problem(assessment: Assessment) -> list[AnyBlock]:
    say = words().doctor
    told = assessment.understood
    complaint = assessment.complaint or told.get("present", [])
    rest = [name for name in told.get("present", []) if name not in complaint]
    lines = [say.person.format(person=capital(who(assessment.person)), complaint=listed(complaint))]
    for pattern, names in (
        (say.other, rest),
        (say.denied, told.get("absent", [])),
        (say.history, told.get("history", [])),
    ):
        if names:
            lines.append(pattern.format(items=listed(names)))
    return [Paragraph(text=" ".join(lines)), Paragraph(text=say.lead, tone="quiet")]


def _differential(assessment: Assessment) -> list[AnyBlock]:
    say = words().doctor
    rows = [
        [
            capital(c.technical_name),
            _chance(assessment, c),
            _reasons(c, 1.0),
            _reasons(c, -1.0),
        ]
        for c in main_causes(assessment)
    ]
    if not rows:
        lines = [line for part, line in assessment.missing.items() if part == "causes"]
        return [Paragraph(text=line, tone="warning") for line in lines]
    columns = [say.cause, say.chance, say.speaks_for, say.against]
    nothing = words().answer["nothing"].format(chance=percent(assessment.nothing_listed))
    table = Table(caption="", columns=columns, rows=rows)
    if assessment.urgency.level == "emergency":
        return [Paragraph(text=words().causes["not_to_decide"], tone="warning"), table]
    return [table, Paragraph(text=nothing)]


def _chance(assessment: Assessment, cause: Ranked) -> str:
    """The number with its range; only the number where no story can make anybody as sure as it is."""
    chance = chance_of(assessment, cause.id, cause.contributes)
    if chance != percent(cause.contributes):
        return chance
    return f"{chance} ({percent(cause.contributes_low)}–{percent(cause.contributes_high)})"


def _reasons(cause: Ranked, side: float) -> str:
    found = [r.words for r in cause.reasons if r.weight * side > 0 and not r.better]
    return listed(found[:REASONS]) or words().doctor.nothing


def _medicines(assessment: Assessment) -> Items:
    """What is taken, the causes that it speaks for, and what is to be said about it."""
    say = words().doctor
    told = assessment.understood
    items = []
    for name in [*told.get("medicines", []), *told.get("supplements", [])]:
        bears = [
            c.name
            for c in main_causes(assessment)
            if any(r.words == name and r.weight > 0 for r in c.reasons)
        ]
        text = say.bears_on.format(causes=listed(bears)) if bears else ""
        items.append(Item(lead=capital(name), text=text))
    items.sort(key=lambda item: not item.text)
    return Items(
        items=[*taken(assessment).items, *items[:MOST_MEDICINES]] or [Item(text=say.no_medicines)]
    )

"""The doctor's summary: problem, five causes with evidence for and against, tests, medicines, results."""

from __future__ import annotations

import msgspec

from stillwell.assess.assessment import Assessment
from stillwell.assess.in_words import TakenLine
from stillwell.assess.ranked import Ranked
from stillwell.knowledge.store import knowledge
from stillwell.report.chances import WORTH_LISTING, percent
from stillwell.report.document import (
    AnyBlock,
    Item,
    Items,
    Paragraph,
    Section,
    Table,
    TestOrder,
)
from stillwell.report.phrases import listed, section, sentence, sentences, who
from stillwell.report.sections.case import results
from stillwell.report.sections.causes import chance_of, chance_of_nothing, main_causes
from stillwell.report.sections.next_step import order
from stillwell.report.sections.plan import taken
from stillwell.report.wording import words
from stillwell.triage.rules import RED
from stillwell.writing import capital

REASONS = 4
MOST_MEDICINES = 8
MOST_EFFECTS = 4  # causes that a medicine can bring on
MOST_NOT_USED = 6
MOST_DENIED = 6
QUOTED = 300  # characters of the person's own words
LONGEST = 110  # characters of a line that was not used


def doctor_sections(assessment: Assessment) -> list[Section]:
    """All sections of the summary; together they fit one page."""
    return [
        *section("problem", "answer", _problem(assessment)),
        *section("differential", "answer", _differential(assessment)),
        *section("order", "answer", [*at_once(assessment), _order(assessment)]),
        *section("medicines", "answer", [_medicines(assessment)]),
        *results(assessment),
        *section("not_used", "answer", [_not_used(assessment)]),
    ]


def _not_used(assessment: Assessment) -> Items:
    """What was told and not used, short: a sentence unread may matter most; medicines stand in their list."""
    of_medicines = knowledge().base.wording.readings["unknown_medicine"].partition("{words}")[2]
    told = [line for line in assessment.unclear if not line.endswith(of_medicines)]
    lines, rest = told[:MOST_NOT_USED], len(told[MOST_NOT_USED:])
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
        (say.denied, denied_that_matter(assessment)),
        (say.history, told.get("history", [])),
    ):
        if names:
            lines.append(pattern.format(items=listed(names)))
    began = [say.began.format(words=words_) for words_ in assessment.began[:1]]
    lines += began or [say.began_untold]
    quoted = _quoted(assessment.own_words)
    return [
        Paragraph(text=" ".join(lines)),
        *([Paragraph(text=say.own_words.format(words=quoted))] if quoted else []),
        Paragraph(text=say.lead, tone="quiet"),
    ]


def denied_that_matter(assessment: Assessment) -> list[str]:
    """What was denied and bears on a listed cause, then alarm signs of the complaint, in few words.

    Thoughts of dying are asked of everybody, so their denial is listed only where it bears on a cause.
    """
    against = {
        r.item.removeprefix("no:")
        for c in main_causes(assessment)
        for r in c.reasons
        if r.item.startswith("no:") and r.weight < 0
    }
    mind = {name for story in knowledge().base.stories.values() for name in story.mind}
    bearing = [d.name for d in assessment.denied if d.id in against]
    alarms = [d.name for d in assessment.denied if d.alarm and d.id not in against | mind]
    return [*bearing, *alarms][:MOST_DENIED]


def _quoted(text: str) -> str:
    """The person's own words, whole where they are short, else their first sentences."""
    text = " ".join(text.split())
    if len(text) <= QUOTED:
        return text
    kept = ""
    for part in sentences(text):
        if len(kept) + len(part) >= QUOTED:
            break
        kept = f"{kept} {part}".strip()
    return f"{kept or text[:QUOTED].rsplit(' ', 1)[0]} …"


def at_once(assessment: Assessment) -> list[AnyBlock]:
    """Scans and examinations that cannot wait, for the dangers that the alarms name."""
    items = [
        Item(
            lead=capital(line.name),
            text=sentence(line.why),
            cite=line.cite,
            judgement=line.judgement,
        )
        for line in assessment.urgent_tests
    ]
    lead = Paragraph(text=words().doctor.at_once, tone="warning")
    return [lead, Items(items=items)] if items else []


def _order(assessment: Assessment) -> TestOrder | None:
    """The order of tests; behind what cannot wait it says that it can."""
    made = order(assessment)
    if made is None or not assessment.urgent_tests or not made.tests:
        return made
    return msgspec.structs.replace(made, lead=words().doctor.then)


def _differential(assessment: Assessment) -> list[AnyBlock]:
    say = words().doctor
    red = assessment.urgency.level in RED
    first = assessment.rule_out if red else []
    rows = [
        [
            capital(c.technical_name),
            _chance(assessment, c),
            _reasons(c, 1.0),
            _reasons(c, -1.0),
        ]
        for c in _in_order(main_causes(assessment), first)
    ]
    danger = (
        [Paragraph(text=say.rule_out.format(causes=listed(first)), tone="warning")] if first else []
    )
    if not rows:
        lines = [line for part, line in assessment.missing.items() if part == "causes"]
        return [*danger, *(Paragraph(text=line, tone="warning") for line in lines)]
    columns = [say.cause, say.chance, say.speaks_for, say.against]
    nothing = words().answer["nothing"].format(chance=chance_of_nothing(assessment))
    table = Table(caption="", columns=columns, rows=rows)
    if danger or assessment.urgency.level == "emergency":
        return [*danger, Paragraph(text=words().causes["not_to_decide"], tone="warning"), table]
    return [table, Paragraph(text=nothing)]


def _in_order(causes: list[Ranked], first: list[str]) -> list[Ranked]:
    """What must be ruled out, what a result shows, then by the number; what another gives way to in its place."""
    lent = {c.gives_way_to: c.contributes for c in causes if c.after}
    return sorted(
        causes,
        key=lambda c: (
            c.name not in first,
            c.group != "result",
            -max(c.contributes, lent.get(c.id, 0.0)),
            bool(c.after),
        ),
    )


def _chance(assessment: Assessment, cause: Ranked) -> str:
    """The number with its range; only the number where no story can make anybody as sure as it is."""
    chance = chance_of(assessment, cause.id, cause.contributes)
    if chance != percent(cause.contributes):
        return chance
    return f"{chance} ({percent(cause.contributes_low)}–{percent(cause.contributes_high)})"


def _reasons(cause: Ranked, side: float) -> str:
    found = [r.words for r in cause.reasons if r.weight * side > 0 and not r.better]
    return listed(found[:REASONS]) or words().doctor.nothing


def _names(cause: Ranked, taken: TakenLine) -> bool:
    """Whether a medicine is among the reasons for a cause."""
    return any(
        r.words == taken.name and r.weight > 0 and r.item.startswith("medicine:")
        for r in cause.reasons
    )


def _medicines(assessment: Assessment) -> Items:
    """What is taken, the causes that it speaks for, and what is to be said about it."""
    say = words().doctor
    shares = {c.id: c for c in assessment.causes if c.contributes >= WORTH_LISTING}
    items = []
    for one in assessment.taken:
        bears = [c.id for c in main_causes(assessment) if _names(c, one)]
        bears += [c for c in one.can_bring if c in shares and c not in bears]
        bears = [c for c in bears if c != _treats(one)]
        bears.sort(key=lambda c: -shares[c].contributes if c in shares else 0.0)
        causes = [
            f"{shares[c].name} ({percent(shares[c].contributes)})" for c in bears if c in shares
        ]
        text = say.bears_on.format(causes=listed(causes[:MOST_EFFECTS])) if causes else ""
        items.append(Item(lead=capital(one.shown), text=text))
    items.sort(key=lambda item: not item.text)
    items[MOST_MEDICINES:] = _rest(items[MOST_MEDICINES:])
    items += [Item(lead=capital(n), text=say.not_known) for n in assessment.taken_unknown]
    none = Item(text=say.takes_none if assessment.takes_none else say.no_medicines)
    return Items(items=[*taken(assessment).items, *items] or [none])


def _treats(taken: TakenLine) -> str | None:
    """The lack that a supplement fills: who takes iron may lack it, and the iron did not bring that on."""
    nutrient = knowledge().base.nutrients.get(taken.id)
    return nutrient.low_cause if nutrient is not None else None


def _rest(items: list[Item]) -> list[Item]:
    """The names of what does not find a line of its own, in one: none is left out."""
    names = ", ".join(item.lead for item in items)
    return [Item(lead=words().doctor.also_taken, text=names)] if names else []

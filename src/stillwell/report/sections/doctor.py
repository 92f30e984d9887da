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
from stillwell.report.phrases import listed, section, sentence, who
from stillwell.report.quotes import quotes_of
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
    quotes = quotes_of(assessment.own_words, assessment.alarm_words)
    behind = "; ".join(f"“{quote}”" for quote in quotes.behind_alarms)
    return [
        Paragraph(text=" ".join(lines)),
        *([Paragraph(text=say.alarm_words.format(words=behind), tone="warning")] if behind else []),
        *([Paragraph(text=say.own_words.format(words=quotes.rest))] if quotes.rest else []),
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
    """What an alarm names first; the other causes with their numbers, and in an emergency none of them."""
    say = words().doctor
    red = assessment.urgency.level in RED
    first = assessment.rule_out if red else []
    emergency = assessment.urgency.level == "emergency"
    named = listed(_with_plain_name(name) for name in first)
    danger = [Paragraph(text=say.rule_out.format(causes=named), tone="warning")] if first else []
    shown = _in_order(_listed_causes(assessment, first, only_first=emergency), first)
    rows = [_row(assessment, c, numbered=not emergency) for c in shown]
    columns = [say.cause, *([] if emergency else [say.chance]), say.speaks_for, say.against]
    table = Table(caption="", columns=columns, rows=rows)
    missing = [line for part, line in assessment.missing.items() if part == "causes"]
    if missing and not rows:
        return [*danger, *(Paragraph(text=line, tone="warning") for line in missing)]
    if emergency:
        return [*danger, *([table] if rows else []), Paragraph(text=say.not_listed, tone="quiet")]
    if not rows:
        return [*danger]
    if danger:
        return [*danger, Paragraph(text=words().causes["not_to_decide"], tone="warning"), table]
    nothing = words().answer["nothing"].format(chance=chance_of_nothing(assessment))
    return [table, Paragraph(text=nothing)]


def technical_names(dangers: list[str]) -> list[str]:
    """Causes, and dangers that a rule names in plain words, as doctors name them."""
    of_causes = {c.name: c.technical_name for c in knowledge().base.causes.values()}
    of_rules = words().doctor.technical
    return list(dict.fromkeys(of_causes.get(name) or of_rules.get(name, name) for name in dangers))


def _with_plain_name(name: str) -> str:
    """A danger as doctors name it, and behind that as the person reads it on their own page."""
    (technical,) = technical_names([name])
    told = name.lower() in technical.lower() or technical.lower() in name.lower()
    return technical if told else f"{technical} ({name})"


def _listed_causes(assessment: Assessment, first: list[str], *, only_first: bool) -> list[Ranked]:
    """What must be ruled out, however small its number, and unless `only_first` the main list too."""
    main = set() if only_first else {c.id for c in main_causes(assessment)}
    return [c for c in assessment.causes if c.name in first or c.id in main]


def _row(assessment: Assessment, cause: Ranked, *, numbered: bool) -> list[str]:
    """One line of the table; what made an alarm name the cause speaks for it before all else."""
    behind = [
        sign
        for alert in assessment.urgency.alerts
        if alert.level in RED and cause.id in alert.causes
        for sign in alert.because
    ]
    return [
        capital(cause.technical_name),
        *([_chance(assessment, cause)] if numbered else []),
        _reasons(cause, 1.0, behind),
        _reasons(cause, -1.0, []),
    ]


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


def _reasons(cause: Ranked, side: float, before: list[str]) -> str:
    """The reasons of one side, behind those `before`, none twice."""
    found = [r.words for r in cause.reasons if r.weight * side > 0 and not r.better]
    shown = list(dict.fromkeys([*before, *found]))[: max(REASONS, len(set(before)))]
    return listed(shown) or words().doctor.nothing


def _names(cause: Ranked, taken: TakenLine) -> bool:
    """Whether a medicine is among the reasons for a cause."""
    return any(
        r.words == taken.name and r.weight > 0 and r.item.startswith("medicine:")
        for r in cause.reasons
    )


def _medicines(assessment: Assessment) -> Items:
    """What is taken, the causes that it speaks for, and what is to be said about it."""
    say = words().doctor
    emergency = assessment.urgency.level == "emergency"
    shares = {
        c.id: c
        for c in assessment.causes
        if (c.name in assessment.rule_out if emergency else c.contributes >= WORTH_LISTING)
    }
    items = []
    for one in assessment.taken:
        bears = [c.id for c in main_causes(assessment) if _names(c, one)]
        bears += [c for c in one.can_bring if c in shares and c not in bears]
        bears = [c for c in bears if c != _treats(one)]
        bears.sort(key=lambda c: -shares[c].contributes if c in shares else 0.0)
        text = _can_bring([shares[c] for c in bears if c in shares], numbered=not emergency)
        items.append(Item(lead=capital(one.shown), text=text))
    items.sort(key=lambda item: not item.text)
    items[MOST_MEDICINES:] = _rest(items[MOST_MEDICINES:])
    items += [Item(lead=capital(n), text=say.not_known) for n in assessment.taken_unknown]
    none = Item(text=say.takes_none if assessment.takes_none else say.no_medicines)
    return Items(items=[*taken(assessment).items, *items] or [none])


def _can_bring(causes: list[Ranked], *, numbered: bool) -> str:
    """What a medicine can bring on; in an emergency what the alarm names, without its number."""
    say = words().doctor
    if not causes:
        return ""
    if not numbered:
        names = [c.technical_name for c in causes[:MOST_EFFECTS]]
        return say.can_bring.format(causes=listed(names))
    shown = [
        say.bears_on_one.format(cause=c.name, chance=percent(c.contributes))
        for c in causes[:MOST_EFFECTS]
    ]
    return say.bears_on.format(causes=listed(shown))


def _treats(taken: TakenLine) -> str | None:
    """The lack that a supplement fills: who takes iron may lack it, and the iron did not bring that on."""
    nutrient = knowledge().base.nutrients.get(taken.id)
    return nutrient.low_cause if nutrient is not None else None


def _rest(items: list[Item]) -> list[Item]:
    """The names of what does not find a line of its own, in one: none is left out."""
    names = ", ".join(item.lead for item in items)
    return [Item(lead=words().doctor.also_taken, text=names)] if names else []

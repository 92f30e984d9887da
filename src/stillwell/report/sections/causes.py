"""The likely causes with their bars and reasons."""

from __future__ import annotations

import msgspec

from stillwell.assess.asked_next import Move, Question
from stillwell.assess.assessment import Assessment
from stillwell.assess.ranked import Ranked
from stillwell.assess.rounding import ROUGH
from stillwell.knowledge.base import measured_side
from stillwell.knowledge.store import knowledge
from stillwell.report.chances import (
    HARDLY_KNOWN,
    LIKELY,
    POSSIBLE,
    WORTH_LISTING,
    interval,
    people,
    percent,
    word_for,
)
from stillwell.report.document import AnyBlock, Bar, CauseBlock, Paragraph, Section
from stillwell.report.phrases import listed, section, sentence
from stillwell.report.wording import words
from stillwell.triage.rules import RED
from stillwell.writing import capital

SHOWN = 5
AT_LENGTH = 2  # causes told at length, at least, where so many are listed
AT_LENGTH_FROM = 0.15  # contribution from which a cause is told at length
MOST_FOR, MOST_AGAINST, MOST_CITED, MOST_APART = 5, 3, 2, 6
SAYS_MORE = 0.1  # difference between present and contributing that is worth a sentence
SURER_THAN_A_STORY = (
    0.95  # probability from which a cause that needs an examination is said with caution
)
END = 0.02  # so near to an end of its range a number says less than the range
WORTH_ASKING = 0.1  # expected change of a cause from which a question or a test is worth its while


def causes(assessment: Assessment) -> list[Section]:
    """At most five causes, none below 1 %, in the order of the assessment; in an emergency folded away.

    So it is where an alarm of today names a danger and the list would begin with something harmless.
    """
    say = words().causes
    if not assessment.causes:
        return []
    shown = main_causes(assessment)
    emergency = assessment.urgency.level == "emergency" or _calms(assessment, shown)
    blocks: list[AnyBlock] = []
    if emergency:
        blocks.append(Paragraph(text=say["not_to_decide"], tone="warning"))
    if shown:
        blocks.append(Paragraph(text=say["intro"], tone="quiet"))
    else:
        blocks.append(Paragraph(text=say["none_likely"]))
    drawn = cause_blocks(assessment)
    at_length = _at_length(assessment)
    full = [b for b in drawn if b.id in at_length]
    numbered = [msgspec.structs.replace(b, rank=n) for n, b in enumerate(full, 1)]
    blocks += _with_headings(assessment, numbered)
    rest = [c for c in shown if c.id not in {b.id for b in full}]
    if rest:
        rest.sort(key=lambda c: -c.shown_percent)
        names = listed(f"{c.name} ({percent(c.contributes, _width(c))})" for c in rest)
        blocks.append(Paragraph(text=say["less_likely"].format(names=names)))
    nothing = chance_of_nothing(assessment)
    between = interval(assessment.nothing_low, assessment.nothing_high)
    between = between if nothing == percent(assessment.nothing_listed) else ""
    text = say["nothing"].format(chance=nothing, interval=between)
    blocks.append(Paragraph(text=text.replace(" ()", "")))
    apart = [
        c for c in assessment.causes if (c.told or c.present >= LIKELY) and c.contributes < POSSIBLE
    ]
    if apart:
        names = listed(
            f"{c.name} {say['apart_told'] if c.told else chance_of(assessment, c.id, c.present)}"
            for c in apart[:MOST_APART]
        )
        blocks.append(Paragraph(text=say["apart"].format(names=names)))
    return section("causes", "machinery" if emergency else "reasons", blocks, extra=emergency)


def _calms(assessment: Assessment, shown: list[Ranked]) -> bool:
    """Whether an alarm names what must be ruled out first, and the list begins with something else."""
    red = assessment.urgency.level in RED and bool(assessment.rule_out)
    return red and bool(shown) and not shown[0].named_by_alert


def _at_length(assessment: Assessment) -> set[str]:
    """The causes told at length: the first, what the answer in short names, and what is likely enough.

    What the answer in short says is in play is never called less likely further down.
    """
    likely = {c.id for c in assessment.causes if c.contributes >= AT_LENGTH_FROM}
    likely |= {name for sentence in assessment.bottom_line for name in sentence.names}
    main = main_causes(assessment)
    chosen = {c.id for i, c in enumerate(main) if i == 0 or c.id in likely or c.group == "result"}
    rest = sorted((c for c in main if c.id not in chosen), key=lambda c: -c.shown_percent)
    return chosen | {c.id for c in rest[: max(0, AT_LENGTH - len(chosen))]}


def _width(cause: Ranked) -> float:
    return cause.contributes_high - cause.contributes_low


def _with_headings(assessment: Assessment, drawn: list[CauseBlock]) -> list[AnyBlock]:
    """The causes with a line before each group that says why it stands there; none for a single group."""
    groups = {cause.id: cause.group for cause in main_causes(assessment)}
    if len(set(groups.values())) < 2:
        return [*drawn]
    say, last = words().causes, ""
    blocks: list[AnyBlock] = []
    for block in drawn:
        if groups[block.id] != last:
            last = groups[block.id]
            blocks.append(Paragraph(text=say[f"group_{last}"], tone="quiet"))
        blocks.append(block)
    return blocks


def main_causes(assessment: Assessment) -> list[Ranked]:
    """The causes of the main list, in the order of the assessment.

    What another gives way to stands in it however small its number is: it is what to look into first.
    """
    listed = {c.id for c in assessment.causes if c.contributes >= WORTH_LISTING}
    listed |= {c.gives_way_to for c in assessment.causes if c.after and c.id in listed}
    found = [c for c in assessment.causes if c.id in listed]
    named = {name for sentence in assessment.bottom_line for name in sentence.names}
    return [*found[:SHOWN], *(c for c in found[SHOWN:] if c.id in named)]


def cause_blocks(assessment: Assessment) -> list[CauseBlock]:
    """The main list; a bar that would be longer than the one above it in its group is not drawn."""
    blocks: list[CauseBlock] = []
    main = main_causes(assessment)
    own = {c.id: c.shown_percent for c in main}
    lent = {c.gives_way_to: c.shown_percent for c in main if c.after}
    least, above, group = 100, "", ""
    for rank, cause in enumerate(main, 1):
        if cause.group != group:
            least, group = 100, cause.group
        in_order = cause.shown_percent <= (own.get(cause.gives_way_to, 0) if cause.after else least)
        note = "" if in_order else _out_of_order(cause, above)
        blocks.append(_block(assessment, cause, rank, note))
        if in_order:
            least, above = max(cause.shown_percent, lent.get(cause.id, 0)), cause.name
    return blocks


def what_narrows(assessment: Assessment, cause: str) -> str:
    """The test, or else the question, that would move a cause most; "" where none would move it much."""
    best, most = "", WORTH_ASKING
    for asked in (*assessment.tests, *assessment.questions):
        moved = max((expected_change(asked, m) for m in asked.moves if m.cause == cause), default=0)
        if moved > most:
            best, most = asked.text, moved
    return best


def expected_change(asked: Question, move: Move) -> float:
    """How far the answer is expected to move the probability of a cause: 2 p (1 - p) |yes - no|."""
    p = asked.probability
    return 2 * p * (1 - p) * abs(move.yes - move.no)


def _at_an_end(p: float, low: float, high: float) -> bool:
    """Whether a number lies at an end of its wide range, where the two read as if they did not agree."""
    return high - low >= ROUGH and low >= WORTH_LISTING and not low + END < p < high - END


def _out_of_order(cause: Ranked, above: str) -> str:
    say = words().causes
    known = knowledge().base.causes
    if cause.after:
        return say["after"].format(name=known[cause.gives_way_to].name, because=cause.after)
    general = cause.id in known and known[cause.id].general
    return say["general" if general else "out_of_order"].format(name=above)


def is_settled(assessment: Assessment, cause: str) -> bool:
    """Whether what was told or measured is enough to be sure of a cause: its record says that a history
    settles it, or a result lies on its side of the range."""
    base = knowledge().base
    record = base.management.get(cause)
    return (record is not None and record.settled_by == "history") or any(
        line.flag != "normal" and line.flag == measured_side(base.tests[line.id], cause)
        for line in assessment.results
    )


def chance_of(assessment: Assessment, cause: str, p: float, width: float = 0.0) -> str:
    """A probability in per cent, no surer than a story can make anybody of this cause."""
    capped = p >= SURER_THAN_A_STORY and not is_settled(assessment, cause)
    return words().chance.over.format(n=90) if capped else percent(p, width)


def chance_of_nothing(assessment: Assessment) -> str:
    """The chance that nothing listed explains it, no smaller than a story can make anybody sure of.

    Where a history or a result settles a cause that explains it, the number itself.
    """
    nothing = assessment.nothing_listed
    likely = [c for c in assessment.causes if c.contributes >= LIKELY]
    sure = any(is_settled(assessment, c.id) for c in likely)
    if nothing is None or sure or nothing >= 1 - SURER_THAN_A_STORY:
        return percent(nothing)
    return words().chance.under.format(n=round(100 * (1 - SURER_THAN_A_STORY)))


def _block(assessment: Assessment, cause: Ranked, rank: int, note: str) -> CauseBlock:
    say = words().causes
    p, low, high = cause.contributes, cause.contributes_low, cause.contributes_high
    capped = p >= SURER_THAN_A_STORY and not is_settled(assessment, cause.id)
    between = "" if capped else interval(low, high)
    chance = "" if high - low >= HARDLY_KNOWN else chance_of(assessment, cause.id, p, high - low)
    if between and _at_an_end(p, low, high) and chance:
        chance, between = "", words().chance.somewhere.format(low=percent(low), high=percent(high))
    narrows = what_narrows(assessment, cause.id) if high - low >= HARDLY_KNOWN else ""
    more = abs(cause.present - p) >= SAYS_MORE
    present = say["present"].format(chance=chance_of(assessment, cause.id, cause.present))
    return CauseBlock(
        rank=rank,
        id=cause.id,
        name=capital(cause.name),
        technical_name="" if cause.technical_name == cause.name else cause.technical_name,
        word=words().chance.very_likely if capped else word_for(p, high - low),
        percent=chance,
        people=people(p, high - low) if chance and not between else "",
        interval=say["unsettled"] if capped else between,
        bar=None if note else Bar(value=p, low=low, high=high),
        note=note,
        present=say["present_told"] if cause.told else present if more else "",
        narrows=sentence(say["narrows"].format(what=narrows)) if narrows else "",
        reasons_for=[r.words for r in cause.reasons if r.weight > 0][:MOST_FOR],
        reasons_against=[r.words for r in cause.reasons if r.weight < 0 and not r.better][
            :MOST_AGAINST
        ],
        reasons_elsewhere=[
            say["elsewhere"].format(what=r.words, cause=r.better) for r in cause.reasons if r.better
        ][:MOST_AGAINST],
        cite=cause.cite[:MOST_CITED],
    )

"""The answer in short: what it most likely is, and what else is in play."""

from __future__ import annotations

from stillwell.assess.assessment import Assessment, Ranked
from stillwell.report.chances import HARDLY_KNOWN, LIKELY, POSSIBLE, percent, word_for
from stillwell.report.document import AnyBlock, Paragraph, Section
from stillwell.report.phrases import capital, listed, section
from stillwell.report.sections.causes import what_narrows
from stillwell.report.wording import words

OTHERS = 3  # further causes that are named
NOTHING_SAID = 0.1  # chance that nothing listed explains it, from which the answer says so


def answer(assessment: Assessment) -> list[Section]:
    """The bottom line that `assess` made, or where it made none the first causes in a sentence or two."""
    blocks: list[AnyBlock] = []
    if assessment.urgency.level == "emergency" and assessment.causes:
        blocks.append(Paragraph(text=words().answer["first"], tone="alarm"))
    if assessment.bottom_line:
        blocks += [Paragraph(text=line.text, cite=line.cite) for line in assessment.bottom_line]
    elif assessment.causes:
        blocks.append(Paragraph(text=" ".join(_sentences(assessment))))
    elif "causes" in assessment.missing:
        blocks.append(Paragraph(text=assessment.missing["causes"], tone="warning"))
    return section("answer", "answer", blocks)


def _sentences(assessment: Assessment) -> list[str]:
    say = words().answer
    causes = assessment.causes
    fitting = [c for c in causes if c.contributes >= POSSIBLE][: OTHERS + 1]
    first = causes[0]
    chance = {"name": first.name, "chance": percent(first.contributes, _width(first))}
    if not fitting:
        said = [say["unsure"].format(**chance | {"name": capital(first.name)})]
    elif first.contributes >= LIKELY and _width(first) < HARDLY_KNOWN:
        said = [say["one"].format(**chance)]
    elif len(fitting) > 1:
        said = [say["many"].format(names=listed(_named(c) for c in fitting))]
        fitting = []
    else:
        said = [say["open"].format(**chance | {"name": capital(first.name)})]
    if fitting[1:]:
        said.append(say["also"].format(names=listed(c.name for c in fitting[1:])))
    narrows = what_narrows(assessment, first.id)
    if narrows and _width(first) >= HARDLY_KNOWN:
        said.append(say["settle"].format(what=narrows))
    if (assessment.nothing_listed or 0) >= NOTHING_SAID:
        said.append(say["nothing"].format(chance=percent(assessment.nothing_listed)))
    return said


def _named(cause: Ranked) -> str:
    return (
        words()
        .answer["named"]
        .format(name=cause.name, chance=word_for(cause.contributes, _width(cause)))
    )


def _width(cause: Ranked) -> float:
    return cause.contributes_high - cause.contributes_low

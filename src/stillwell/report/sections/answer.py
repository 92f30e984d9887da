"""The answer in short: the bottom line that `assess` made."""

from __future__ import annotations

from stillwell.assess.assessment import Assessment
from stillwell.report.document import AnyBlock, Paragraph, Section
from stillwell.report.phrases import section
from stillwell.report.wording import words


def answer(assessment: Assessment) -> list[Section]:
    """The bottom line; where it or the causes could not be worked out, the line that says so."""
    blocks: list[AnyBlock] = []
    if assessment.urgency.level == "emergency" and assessment.causes:
        blocks.append(Paragraph(text=words().answer["first"], tone="alarm"))
    blocks += [Paragraph(text=line.text, cite=line.cite) for line in assessment.bottom_line]
    if not assessment.bottom_line:
        missing = [
            assessment.missing[k] for k in ("causes", "bottom_line") if k in assessment.missing
        ]
        blocks += [Paragraph(text=line, tone="warning") for line in missing[:1]]
    return section("answer", "answer", blocks)

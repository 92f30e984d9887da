"""Writes an assessment in one of the forms; the alarm alone where it cannot be written."""

from __future__ import annotations

import msgspec

from stillwell.assess.assessment import Assessment
from stillwell.characters import without_steering
from stillwell.knowledge.store import knowledge
from stillwell.report.build import Audience, build
from stillwell.report.render import as_json

FORMATS = {
    "terminal": "txt",
    "html": "html",
    "md": "md",
    "json": "json",
    "document": "document.json",
}


def write(
    assessment: Assessment,
    form: str,
    *,
    colour: bool = False,
    width: int = 80,
    audience: Audience = "person",
    everything: bool = False,
) -> str:
    """The report in one of `FORMATS`; the alarm alone where it cannot be written.

    Args:
        colour, width: of the terminal.
        audience: for whom; `json` is the assessment itself and the same for all.
        everything: also what is folded away elsewhere (terminal, md).
    """
    try:
        return _written(assessment, form, colour, width, audience, everything)
    except Exception:  # whatever it is: the urgency must reach the person
        import logging

        log = logging.getLogger(__name__)
        log.info("the report cannot be written as %s", form, exc_info=True)
        return alarm(assessment, form)


def _written(
    assessment: Assessment,
    form: str,
    colour: bool,
    width: int,
    audience: Audience,
    everything: bool,
) -> str:
    if form == "json":
        return as_json.render(assessment)
    document = build(assessment, audience)
    if form == "document":
        return as_json.render(document)
    if form == "html":
        from stillwell.report.render import html

        return html.render(document)
    if form == "md":
        from stillwell.report.render import markdown

        return markdown.render(document, everything=everything)
    from stillwell.report.render import terminal

    return terminal.render(document, colour=colour, width=width, everything=everything)


def alarm_lines(assessment: Assessment) -> list[str]:
    """How urgent it is, what to do now, and why: what every report must say."""
    plan = assessment.plan
    lines = [plan.heading, f"{plan.now} ({plan.within})"]
    for alert in assessment.urgency.alerts[:5]:
        lines.append(" ".join([alert.why, alert.do, *alert.because]))
    return [" ".join(without_steering(line).split()) for line in lines]


def alarm(assessment: Assessment, form: str) -> str:
    """What `alarm_lines` says, by the plainest means, in one of the forms."""
    note = knowledge().base.wording.limits["missing_report"]
    lines = [*alarm_lines(assessment), note]
    if form in ("json", "document"):
        urgent = {
            "schema": assessment.schema,
            "urgency": msgspec.to_builtins(assessment.urgency),
            "plan": {"heading": lines[0], "now": assessment.plan.now},
            "missing": {"report": note},
        }
        return msgspec.json.format(msgspec.json.encode(urgent)).decode()
    if form == "html":
        from html import escape  # its table of names takes longer to load than is worth it for text

        body = "".join(f"<p>{escape(line)}</p>" for line in lines[1:])
        title = escape(lines[0])
        head = f'<meta charset="utf-8"><title>{title}</title>'
        return (
            f'<!doctype html>\n<html lang="en"><head>{head}</head>'
            f"<body><main><h1>{title}</h1>{body}</main></body></html>\n"
        )
    return "\n\n".join(lines) + "\n"

"""Writes an assessment as terminal text, HTML, Markdown or JSON."""

from __future__ import annotations

import logging
import re
import textwrap
from functools import cache
from html import escape
from typing import Any

import msgspec

from stillwell.assess.assessment import Assessment
from stillwell.characters import without_steering
from stillwell.knowledge.store import knowledge
from stillwell.nutrition.foods.record import spoken
from stillwell.report.view import cause_lines, cited, link_of, percent, source_numbers

_log = logging.getLogger(__name__)
FORMATS = {"terminal": "txt", "html": "html", "md": "md", "json": "json"}


@cache
def _templates(form: str) -> Any:
    from jinja2 import Environment, PackageLoader, select_autoescape

    environment = Environment(
        loader=PackageLoader("stillwell.report"),
        autoescape=select_autoescape(["html.j2", "html"]),
        trim_blocks=False,
    )
    environment.filters["pct"] = percent
    environment.filters["cap"] = capital
    environment.filters["amount"] = amount
    environment.filters["words"] = spoken
    environment.filters["cited"] = cited
    environment.filters["link"] = link_of
    environment.filters["told"] = literal if form == "md" else _one_line
    return environment


def amount(value: float) -> str:
    """An amount with no more digits than it deserves."""
    return f"{value:.0f}" if value >= 20 else f"{value:.1f}".removesuffix(".0")


def literal(text: str) -> str:
    """A person's words in Markdown: shown as they are, never a link, a tag or a heading.

    >>> literal("[x](javascript:y) <b>")
    '\\\\[x\\\\](javascript:y) &lt;b&gt;'
    """
    text = re.sub(r"([\\`*_\[\]|~])", r"\\\1", _one_line(text))
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _one_line(text: str) -> str:
    return " ".join(text.split())


def capital(text: str) -> str:
    """The first letter large, the rest as it is (GP, vitamin D)."""
    return text[:1].upper() + text[1:]


def write(assessment: Assessment, form: str, *, colour: bool = False, width: int = 80) -> str:
    """The report in one of the forms terminal, html, md, json; the alarm alone where it cannot be written."""
    try:
        return _whole(assessment, form, colour, width)
    except Exception:  # whatever it is: the urgency must reach the person
        _log.info("the report cannot be written as %s", form, exc_info=True)
        return alarm(assessment, form)


def alarm_lines(assessment: Assessment) -> list[str]:
    """How urgent it is, what to do now, and why: what every report must say."""
    plan = assessment.plan
    lines = [plan.heading, f"{plan.now} ({plan.within})"]
    for alert in assessment.urgency.alerts[:5]:
        lines.append(" ".join([alert.why, alert.do, *alert.because]))
    return [_one_line(without_steering(line)) for line in lines]


def alarm(assessment: Assessment, form: str) -> str:
    """What `alarm_lines` says, by the plainest means, in one of the forms."""
    note = knowledge().base.wording.limits["missing_report"]
    lines = [*alarm_lines(assessment), note]
    if form == "json":
        told = {
            "schema": assessment.schema,
            "urgency": msgspec.to_builtins(assessment.urgency),
            "plan": {"heading": lines[0], "now": assessment.plan.now},
            "missing": {"report": note},
        }
        return msgspec.json.format(msgspec.json.encode(told)).decode()
    if form == "html":
        body = "".join(f"<p>{escape(line)}</p>" for line in lines[1:])
        head = f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{escape(lines[0])}</title>'
        return f"{head}</head><body><main><h1>{escape(lines[0])}</h1>{body}</main></body></html>\n"
    return "\n\n".join(lines) + "\n"


def _whole(assessment: Assessment, form: str, colour: bool, width: int) -> str:
    if form == "json":
        return msgspec.json.format(msgspec.json.encode(assessment)).decode()
    values = {
        "a": assessment,
        "lines": cause_lines(assessment),
        "words": knowledge().base.wording.alarms,
        "numbers": source_numbers(assessment),
        "emergency": assessment.urgency.level == "emergency",
        "urgent": assessment.urgency.level in ("emergency", "today"),
    }
    if form in ("md", "html"):
        text: str = _templates(form).get_template(f"report.{form}.j2").render(**values)
        return without_steering(text).strip() + "\n"
    markdown: str = _templates(form).get_template("report.md.j2").render(**values)
    return _terminal(without_steering(markdown), assessment, colour, width)


def _terminal(markdown: str, assessment: Assessment, colour: bool, width: int) -> str:
    """The same text for a terminal: bars for probabilities, wrapped, coloured where wanted."""
    bars = {capital(line.cause.name): line for line in cause_lines(assessment)}
    out: list[str] = []
    for raw in markdown.splitlines():
        line = re.sub(r"(?<!\*)\*([^*]+)\*(?!\*)", r"\1", raw)
        if line.startswith("#"):
            title = line.lstrip("# ").strip()
            out.append(_style(title.upper() if line.startswith("## ") else title, "1;36", colour))
            continue
        bold = re.match(r"(\d+\. )\*\*(.+?)\*\* \((.+?)\): (.*)", line)
        if bold and bold.group(2) in bars:
            number, name, technical, rest = bold.groups()
            found = bars[name]
            bar = _bar(
                found.cause.contributes, found.cause.contributes_low, found.cause.contributes_high
            )
            out.append(_style(f"{number}{name}", "1", colour) + f" ({technical})")
            out.append("   " + _style(bar, "34", colour) + f" {found.percent} ({found.interval})")
            rest = re.sub(r"^(\w+), .*?\); ", r"\1: ", rest)
            out += textwrap.wrap(rest, width, initial_indent="   ", subsequent_indent="   ")
            continue
        alarm = re.fullmatch(r"\*\*(.+)\*\*", line)
        if alarm:
            urgent = assessment.urgency.level in ("emergency", "today")
            out.append(_style(alarm.group(1), "1;31" if urgent else "1;32", colour))
            continue
        indent = re.match(r"\s*(?:- )?", line)
        lead = " " * len(indent.group(0)) if indent else ""
        out += textwrap.wrap(
            line, width, subsequent_indent=lead, break_long_words=False, break_on_hyphens=False
        ) or [""]
    text = "\n".join(out)
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def _bar(p: float, low: float, high: float, width: int = 30) -> str:
    cells = ["█" if (k + 0.5) / width <= p else "·" for k in range(width)]
    for k in range(round(low * (width - 1)), round(high * (width - 1)) + 1):
        cells[k] = "▓" if cells[k] == "█" else "░"
    return "".join(cells)


def _style(text: str, code: str, colour: bool) -> str:
    return f"\x1b[{code}m{text}\x1b[0m" if colour else text

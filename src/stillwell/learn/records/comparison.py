"""The classic comparison as tables with common columns: in 80 letters of a terminal, or as Markdown."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from functools import cache
from pathlib import Path

import msgspec
import yaml

from stillwell.knowledge import schema as s
from stillwell.knowledge.base import Base, cites
from stillwell.learn.records.pages import Sources, percent

WIDTH = 80
_FILE = Path(__file__).parent / "compare.yaml"
_FELT = 3
_PLACES = 2
_LEAST = 0.15  # share of those with a cause who show it
_URGENT = ("emergency", "today")


class _Table(msgspec.Struct, forbid_unknown_fields=True):
    title: str
    columns: list[str]


class _Comparison(msgspec.Struct, forbid_unknown_fields=True):
    causes: list[str]
    where: list[str]
    when: list[str]
    tables: list[_Table]
    columns: dict[str, str]
    nothing: str
    severe: str
    most_in: str
    who: dict[str, str]
    of_ages: str
    judged: str
    sources: str


@cache
def _comparison() -> _Comparison:
    return msgspec.convert(yaml.safe_load(_FILE.read_text(encoding="utf-8")), _Comparison)


def comparison(base: Base, *, markdown: bool = False) -> str:
    """The tables with their sources by number."""
    what, sources = _comparison(), Sources(base)
    cells: dict[str, Callable[[s.Cause], str]] = {
        "cause": lambda c: c.name,
        "common": lambda c: _common(c, sources),
        "feels": lambda c: _felt(base, c, _anything(base, c), _FELT, sources),
        "where": lambda c: _felt(base, c, what.where, _PLACES, sources),
        "when": lambda c: _felt(base, c, what.when, _PLACES, sources),
        "helps": lambda c: _helps(base, c, sources),
        "tests": lambda c: ", ".join(base.tests[t].name for t in c.tests[:4]) or what.nothing,
        "done": lambda c: c.see,
        "urgent": lambda c: _urgent(base, c, sources),
    }
    out: list[str] = []
    for table in what.tables:
        rows = [[cells[column](base.causes[c]) for column in table.columns] for c in what.causes]
        heads = [what.columns[c] for c in table.columns]
        out += [f"## {table.title}", "", *(_markdown if markdown else _plain)(heads, rows), ""]
    out.append(f"## {what.sources}")
    out.append("")
    for line in sources.lines():
        out += [line] if markdown else textwrap.wrap(line, WIDTH, subsequent_indent="   ")
    return "\n".join(out) + "\n"


def _common(cause: s.Cause, sources: Sources) -> str:
    what = _comparison()
    told = [p for p in cause.prior if p.p is not None]
    if not told:
        return what.nothing
    least, most = min(told, key=lambda p: p.p or 0), max(told, key=lambda p: p.p or 0)
    low, high = percent(least.p or 0), percent(most.p or 0)
    if low == high:
        return f"{low} {_mark(most, sources)}"
    group = what.of_ages.format(
        who=what.who[most.sex], low=most.ages[0], high=min(most.ages[1], 99)
    )
    return f"{low} to {high}, {what.most_in.format(who=group)} {_mark(most, sources)}"


def _anything(base: Base, cause: s.Cause) -> list[str]:
    """The findings that a cause is felt by: neither the course nor qualities of others."""
    return [
        e.finding for e in cause.findings
        if base.findings[e.finding].section != "course"
        and base.findings[e.finding].qualifies is None and not base.findings[e.finding].sign
    ]  # fmt: skip


def _felt(base: Base, cause: s.Cause, among: list[str], most: int, sources: Sources) -> str:
    """The findings of a list that most of those with a cause have."""
    what = _comparison()
    edges: dict[str, s.Produces] = {}
    for edge in cause.findings:
        old = edges.get(edge.finding)
        if (
            edge.finding in among
            and (edge.p or 0) >= _LEAST
            and (not old or (old.p or 0) < (edge.p or 0))
        ):
            edges[edge.finding] = edge
    chosen = sorted(edges.values(), key=lambda e: (not cites(e), -(e.p or 0)))[:most]
    parts = []
    for edge in sorted(chosen, key=lambda e: -(e.p or 0)):
        severe = f", {what.severe}" if edge.state == "severe" else ""
        name = base.findings[edge.finding].name
        parts.append(f"{name} {percent(edge.p or 0)}{severe} {_mark(edge, sources)}")
    return "; ".join(parts) or what.nothing


def _helps(base: Base, cause: s.Cause, sources: Sources) -> str:
    lines = [
        f"{h.text} ({h.strength}) {_mark(h, sources)}" for h in base.general_steps(cause.id)[:2]
    ]
    return " ".join(lines) or _comparison().nothing


def _urgent(base: Base, cause: s.Cause, sources: Sources) -> str:
    rules = [
        rule for rule in base.triage.values()
        if cause.id in rule.causes and rule.level in _URGENT
    ]  # fmt: skip
    rules.sort(key=lambda r: _URGENT.index(r.level))
    if not rules:
        return _comparison().nothing
    return f"{rules[0].why} {_mark(rules[0], sources)}"


def _mark(record: object, sources: Sources) -> str:
    return sources.mark(record) if cites(record) else f"({_comparison().judged})"


def _markdown(heads: list[str], rows: list[list[str]]) -> list[str]:
    lines = [heads, ["---"] * len(heads), *rows]
    return ["| " + " | ".join(c.replace("|", "/") for c in line) + " |" for line in lines]


def _plain(heads: list[str], rows: list[list[str]]) -> list[str]:
    """Columns with their cells broken into lines; the first is as wide as its longest word needs."""
    first = min(20, max(len(row[0]) for row in [heads, *rows]))
    rest = (WIDTH - first - 2 * (len(heads) - 1)) // (len(heads) - 1)
    widths = [first, *[rest] * (len(heads) - 1)]
    out: list[str] = []
    for number, row in enumerate([heads, *rows]):
        cells = [
            textwrap.wrap(c, w, break_on_hyphens=False) for c, w in zip(row, widths, strict=True)
        ]
        for line in range(max(map(len, cells))):
            parts = [
                (cell[line] if line < len(cell) else "").ljust(width)
                for cell, width in zip(cells, widths, strict=True)
            ]
            out.append("  ".join(parts).rstrip())
        out.append("-" * WIDTH if number == 0 else "")
    return out[:-1]

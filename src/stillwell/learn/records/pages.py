"""Readable pages of the records of the knowledge base, with sources by number."""

from __future__ import annotations

import re
import textwrap
from functools import cache
from typing import Any

from stillwell.knowledge.base import Base, cites
from stillwell.knowledge.references import reference_text
from stillwell.learn.records.names import Record

WIDTH = 80


class Sources:
    """Numbers of references in the order of their first use."""

    def __init__(self, base: Base) -> None:
        self._base = base
        self._numbers: dict[str, int] = {}

    def mark(self, record: object) -> str:
        """The numbers of what a record cites, as "[1, 4]", or that it is a judgement, with its reason."""
        keys = [k for k in cites(record) if k in self._base.references]
        if keys:
            numbers = [self._numbers.setdefault(k, len(self._numbers) + 1) for k in keys]
            return f"[{', '.join(map(str, numbers))}]"
        reason = getattr(record, "reason", None)
        return f"(our judgement: {reason})" if reason else "(our judgement)"

    def lines(self) -> list[str]:
        """The references with their numbers, and what of each was read."""
        found = [(n, self._base.references[k]) for k, n in self._numbers.items()]
        return [f"{n}. {reference_text(r)} (read: {r.read})" for n, r in found]


def page(base: Base, record: Record) -> str:
    """A record as Markdown that reads well in a terminal."""
    sources = Sources(base)
    text = _template(record.kind).render(
        base=base, r=record.value, record=record, mark=sources.mark, causes_of=_causes_of,
        tested_by=_tested_by, raised_by=_raised_by, percent=percent,
    )  # fmt: skip
    listed = sources.lines()
    if listed:
        text += "\n\n## Sources\n" + "\n".join(listed)
    text = re.sub(r"(?<=[^\n])\n(?=## )", "\n\n", text)
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def filled(text: str, width: int = WIDTH) -> str:
    """Markdown with its lines broken at a width, lists indented."""
    lines: list[str] = []
    for line in text.splitlines():
        hanging = re.match(r"(- |\d+\. )?", line)
        indent = " " * len(hanging.group(0)) if hanging else ""
        lines += textwrap.wrap(
            line, width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
        ) or [""]
    return "\n".join(lines)


def percent(share: float) -> str:
    """A share in percent with no more digits than it deserves.

    >>> percent(0.4), percent(0.0123), percent(0.00004)
    ('40 %', '1.2 %', '0.004 %')
    """
    value = 100 * share
    return f"{value:.0f} %" if value >= 10 else f"{value:.2g} %"


@cache
def _template(kind: str) -> Any:
    from jinja2 import Environment, PackageLoader

    environment = Environment(
        loader=PackageLoader("stillwell.learn.records"), trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["words"] = lambda text: str(text).replace("_", " ")
    return environment.get_template(f"{kind}.md.j2")


def _causes_of(base: Base, finding: str) -> list[tuple[Any, Any]]:
    found = [
        (cause, edge) for cause in base.causes.values() for edge in cause.findings
        if edge.finding == finding and edge.p
    ]  # fmt: skip
    return sorted(found, key=lambda f: -(f[1].p or 0))[:12]


def _tested_by(base: Base, test: str) -> list[Any]:
    return [cause for cause in base.causes.values() if test in cause.tests]


def _raised_by(base: Base, item: str) -> list[tuple[Any, Any]]:
    return [
        (cause, factor) for cause in base.causes.values() for factor in cause.risk_factors
        if factor.factor == item
    ]  # fmt: skip

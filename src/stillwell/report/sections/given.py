"""Turns the values that `assess` gives with their sources into lines of the document."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from stillwell.report.document import Item, Items, Paragraph, Test, Tone
from stillwell.report.phrases import capital


def items_of(lines: Iterable[str], lead: str = "") -> list[Any]:
    """A list of plain lines, after a paragraph where `lead` says one."""
    found = Items(items=[Item(text=capital(line)) for line in lines])
    return [Paragraph(text=lead), found] if lead else [found]


def item_of(value: Any, tone: Tone = "plain") -> Item:
    """One line from a value with `text` and, where it has them, `lead`, `note`, `strength`, `cite`."""
    return Item(
        text=value.text,
        lead=getattr(value, "lead", ""),
        note=getattr(value, "note", ""),
        tone=tone,
        strength=getattr(value, "strength", ""),
        cite=list(getattr(value, "cite", [])),
        judgement=getattr(value, "judgement", False),
    )


def test_of(value: Any) -> Test:
    """One test from a value with `text` (its name) and, where it has them, `why`, `note`, `cite`."""
    return Test(
        name=capital(value.text),
        why=getattr(value, "why", ""),
        note=getattr(value, "note", ""),
        cite=list(getattr(value, "cite", [])),
        judgement=getattr(value, "judgement", False),
    )

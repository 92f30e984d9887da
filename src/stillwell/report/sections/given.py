"""Turns the values that `assess` gives with their sources into lines of the document."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from stillwell.report.document import Item, Items, Paragraph
from stillwell.writing import capital


def items_of(lines: Iterable[str], lead: str = "") -> list[Any]:
    """A list of plain lines, after a paragraph where `lead` says one."""
    found = Items(items=[Item(text=capital(line)) for line in lines])
    return [Paragraph(text=lead), found] if lead else [found]

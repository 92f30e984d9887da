"""What all renderers share: which sections are shown, and the numbers of the sources."""

from __future__ import annotations

from collections.abc import Mapping

from stillwell.report.document import Document, Section, Sources

URGENT = ("emergency", "today")


def shown(document: Document, everything: bool) -> list[Section]:
    """The sections that a form without folding shows."""
    return [s for s in document.sections if everything or not s.extra]


def source_numbers(document: Document) -> dict[str, int]:
    """The number under which each source is cited, from 1, through all lists of sources."""
    blocks = [b for s in document.sections for b in s.blocks if isinstance(b, Sources)]
    keys = [source.key for block in blocks for source in block.sources]
    return {key: number for number, key in enumerate(keys, 1)}


def marks(keys: list[str], numbers: Mapping[str, int]) -> str:
    """The numbers of some sources in square brackets; "" for none."""
    found = sorted({numbers[key] for key in keys if key in numbers})
    return f"[{', '.join(map(str, found))}]" if found else ""

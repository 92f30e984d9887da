"""What all renderers share: which sections are shown, and the numbers of the sources."""

from __future__ import annotations

from collections.abc import Mapping

from stillwell.report.document import Document, Items, Section, Sources


def shown(document: Document, everything: bool, brief: bool = False) -> list[Section]:
    """The sections that a form without folding shows.

    Args:
        brief: for a screen: also without reasons and machinery that other forms fold away.
    """
    if everything:
        return document.sections
    kept = [s for s in document.sections if not s.extra]
    if not brief or document.audience == "doctor":
        return kept
    return [s for s in kept if not s.folded or s.part in ("answer", "plan") or _warns(s)]


def _warns(section: Section) -> bool:
    """Whether a section holds a warning, such as what was told and not used."""
    return any(
        item.tone in ("warning", "alarm")
        for block in section.blocks
        if isinstance(block, Items)
        for item in block.items
    )


def source_numbers(document: Document) -> dict[str, int]:
    """The number under which each source is cited, from 1, through all lists of sources."""
    blocks = [b for s in document.sections for b in s.blocks if isinstance(b, Sources)]
    keys = [source.key for block in blocks for source in block.sources]
    return {key: number for number, key in enumerate(keys, 1)}


def marks(keys: list[str], numbers: Mapping[str, int]) -> str:
    """The numbers of some sources in square brackets; "" for none. They stay on the line of the word before them."""
    found = sorted({numbers[key] for key in keys if key in numbers})
    return f"[{', '.join(map(str, found))}]" if found else ""

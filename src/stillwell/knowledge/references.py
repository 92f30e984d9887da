"""References as people read them."""

from __future__ import annotations

import re

from stillwell.knowledge.schema import Reference


def reference_text(r: Reference) -> str:
    """A reference in one line."""
    seen = f"read in {r.accessed}" if r.accessed and not r.year else None
    parts = [r.authors, r.title, r.journal, str(r.year) if r.year else seen]
    text = ". ".join(p.rstrip(".") for p in parts if p)
    link = f"doi:{r.doi}" if r.doi else f"PMID {r.pmid}" if r.pmid else r.pmcid or r.url or ""
    return f"{text}. {link}".strip()


def how_read(r: Reference) -> str:
    """How much of a work was read: `in_full`, its `abstract`, or a `page_or_part` (a page, section, table, excerpt)."""
    read = r.read.lower()
    if re.match(r"(?:the )?(?:full|whole) (?:text|paper|article|document)", read):
        return "in_full"
    return "abstract" if "abstract" in read else "page_or_part"

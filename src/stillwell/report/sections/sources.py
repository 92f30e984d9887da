"""The sources of what the document says: those cited, in the order in which they are cited first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from stillwell.knowledge.references import reference_text
from stillwell.knowledge.store import knowledge
from stillwell.report.document import CareCard, Section, Source, Sources
from stillwell.report.phrases import section


def sources(
    care: CareCard, sections: list[Section], listed: Mapping[str, str]
) -> tuple[list[Section], list[Section]]:
    """(sources of what is always shown, sources of what is folded away).

    Args:
        listed: the lines of sources that the assessment brings; others are looked up.
    """
    first = dict.fromkeys(cited([care, *(s for s in sections if not s.extra)]))
    rest = [k for k in dict.fromkeys(cited([s for s in sections if s.extra])) if k not in first]
    return (
        section("sources", "machinery", [Sources(sources=_lines([*first], listed))], folded=True),
        section("more_sources", "machinery", [Sources(sources=_lines(rest, listed))], extra=True),
    )


def cited(value: Any) -> Iterator[str]:
    """All keys that a value and all that is in it cite, in reading order."""
    if isinstance(value, list):
        for inner in value:
            yield from cited(inner)
    elif isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            inner = getattr(value, name)
            yield from inner if name == "cite" else cited(inner)


def _lines(keys: list[str], listed: Mapping[str, str]) -> list[Source]:
    known = knowledge().base.references
    lines = []
    for key in keys:
        text = listed.get(key) or reference_text(known[key])
        lines.append(Source(key=key, text=text, link=link_of(text)))
    return lines


def link_of(text: str) -> str:
    """The address of a source that its line names by DOI, PubMed number or address.

    >>> link_of("Allen 2018, Sleep Medicine, doi:10.1016/j.sleep.2017.11.1126")
    'https://doi.org/10.1016/j.sleep.2017.11.1126'
    """
    word = text.split()[-1] if text else ""
    if word.startswith("doi:"):
        return "https://doi.org/" + word.removeprefix("doi:")
    if " PMID " in text and word.isdigit():
        return f"https://pubmed.ncbi.nlm.nih.gov/{word}/"
    if word.startswith("PMC") and word[3:].isdigit():
        return f"https://pmc.ncbi.nlm.nih.gov/articles/{word}/"
    return word if word.startswith(("https://", "http://")) else ""

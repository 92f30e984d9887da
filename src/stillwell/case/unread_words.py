"""Words that nothing read inside sentences of which something was read, so that none is lost without a trace."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

from stillwell.knowledge.kept_patterns import compiled
from stillwell.knowledge.phrases import any_of

MOST = 4  # parts of one text that are listed
LONGEST = 120  # characters of a part that are shown
LEAST_UNKNOWN = 5  # letters of a word that no list of English holds
_PARTS = compiled(
    r"[.,;:!?()\n]+|\s[-–—]\s|\b(?:and|but|because|cos|although|though|while|plus|so)\b(?=\s)",
    re.IGNORECASE,
)
_OWN = compiled(r"\b(?:my|his|her|their)\s+([a-z]+)")
_WHEN = compiled(
    r"\b(?:when|whenever)\s+(?:i|i'm|im|i've|my|he|he's|she|she's|they|they're|it|it's)\b[^.,;:!?()\n]*?"
    r"(?=\s+(?:and|or|but|so|because)\b|[.,;:!?()\n]|$)"
)
_NOT_NOW = compiled(r"\d|\b(?:was|were|had|did|used|started|began|stopped|died|born)\b")
Span = tuple[int, int]


def parts_that_matter(
    text: str,
    read: Iterable[Span],
    names: Iterable[str],
    lexicon: Mapping[str, list[str]],
    is_unknown: Callable[[str], bool],
) -> list[str]:
    """Parts of sentences with a word of illness, or of one's own and no English, that nothing read.

    Args:
        read: first and last-plus-one characters of what was read for certain.
        names: words recognised elsewhere (medicines, results, what is asked about).
        is_unknown: whether a word is no word in common use.
    """
    low = text.lower().replace("’", "'")
    spans = [*read, *_places(low, names)]
    denials = set(lexicon["negation"]) | set(lexicon["kin"])
    found: list[str] = []
    for start, stop in _parts(low):
        part = low[start:stop]
        words = [m.start() + start for m in any_of(lexicon["may_matter"]).finditer(part)]
        own = [m.start(1) + start for m in _OWN.finditer(part) if _is_strange(m[1], is_unknown)]
        lost = [at for at in words if not _inside(at, spans)]
        lost += [at for at in own if not _inside(at, _places(low, names))]
        if not lost or denials & set(re.findall(r"[a-z']+", low[start : min(lost)])):
            continue
        found.append(_shown(text[start:stop]))
    return list(dict.fromkeys(found))[:MOST]


def times_unread(text: str, read: Iterable[Span], names: Iterable[str]) -> list[str]:
    """What a sentence says of when it comes ("when I am tired"), where nothing read it."""
    low = text.lower().replace("’", "'")
    spans = [*read, *_places(low, names)]
    found = [
        _shown(text[m.start() : m.end()])
        for m in _WHEN.finditer(low)
        if not _NOT_NOW.search(m[0]) and not any(a < m.end() and b > m.start() for a, b in spans)
    ]
    return list(dict.fromkeys(found))[:MOST]


def _is_strange(word: str, is_unknown: Callable[[str], bool]) -> bool:
    return len(word) >= LEAST_UNKNOWN and is_unknown(word)


def _parts(low: str) -> Iterable[Span]:
    at = 0
    for mark in _PARTS.finditer(low):
        if mark.start() > at:
            yield at, mark.start()
        at = mark.end()
    if at < len(low):
        yield at, len(low)


def _places(low: str, names: Iterable[str]) -> list[Span]:
    """Where each of these words stands."""
    found = []
    for name in {n for n in names if n}:
        at = low.find(name)
        while at >= 0:
            found.append((at, at + len(name)))
            at = low.find(name, at + 1)
    return found


def _inside(at: int, spans: Iterable[Span]) -> bool:
    return any(a <= at < b for a, b in spans)


def _shown(part: str) -> str:
    part = " ".join(part.split()).strip(" ,:-–—()\"'")
    return part if len(part) <= LONGEST else part[:LONGEST].rsplit(" ", 1)[0] + " …"

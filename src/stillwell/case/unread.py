"""The sentences of a text from which nothing was read, so that nothing is dropped silently."""

from __future__ import annotations

from collections.abc import Iterable

from stillwell.knowledge.kept_patterns import compiled
from stillwell.language.marks import SENTENCE_MARKS

_SENTENCE = compiled(rf"(?:[^{SENTENCE_MARKS}]|(?<=\d)\.(?=\d))+")
_WORD = compiled(r"[^\W\d_]{3,}")
LEAST_WORDS = 2  # words under which a sentence says nothing worth listing ("Thanks.")
LEAST_LETTERS = 4  # of another script, where words are not parted
LONGEST = 160  # characters of a sentence that are shown


def unread_sentences(
    text: str, spans: Iterable[tuple[int, int]], names: Iterable[str]
) -> list[str]:
    """Sentences that hold no span that was read and no name that was recognised.

    Args:
        spans: first and last-plus-one characters of what was read.
        names: words recognised elsewhere (medicines, results), in lower case.
    """
    read, known = list(spans), [n for n in names if n]
    found = []
    for match in _SENTENCE.finditer(text):
        if any(start < match.end() and stop > match.start() for start, stop in read):
            continue
        sentence = match[0].strip(" ,:-–—()\"'")
        low = sentence.lower()
        foreign = not sentence.isascii() and len(sentence) >= LEAST_LETTERS
        if (len(_WORD.findall(sentence)) < LEAST_WORDS and not foreign) or any(
            name in low for name in known
        ):
            continue
        shown = (
            sentence if len(sentence) <= LONGEST else sentence[:LONGEST].rsplit(" ", 1)[0] + " …"
        )
        found.append(shown)
    return found

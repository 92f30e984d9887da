"""The words of a question that carry meaning: stemmed, synonyms joined, misspellings mended."""

from __future__ import annotations

import re
from collections.abc import Iterable

from rapidfuzz import process
from rapidfuzz.distance import OSA

from stillwell.knowledge.base import Base
from stillwell.knowledge.phrases import stem
from stillwell.learn.catalogue import questions

_CLASSES = ("shake", "twitch", "jerk", "cramp", "tingle", "numb", "foot", "hand")
_LIKE = 0.8  # share of letters that a mended word must have in common


class Terms:
    """Turns texts into terms. A class of synonyms stands as "=name".

    `learn_spelling` takes terms that stand in texts; only to these are misspellings mended.
    """

    def __init__(self, base: Base) -> None:
        self.same = _synonyms(base)
        self.ignored = frozenset(questions().ignored.split())
        self._longest = max((len(k.split()) for k in self.same), default=1)
        self._in_phrases = sorted(
            {w for k in self.same if " " in k for w in k.split() if len(w) >= 6}
        )
        self._names = [k for k in self.same if len(k) >= 5 and " " not in k]
        self._known: frozenset[str] = frozenset()
        self._spelt: list[str] = []

    def learn_spelling(self, known: Iterable[str]) -> None:
        """Take more terms that stand in texts."""
        self._known |= frozenset(known)
        self._spelt = sorted(w for w in self._known if len(w) >= 4)

    def of(self, text: str, mend: bool = True) -> list[str]:
        """The terms of a text in its order."""
        raw = raw_words(text)
        raw = [self._in_phrase(word) for word in raw] if mend else raw
        found: list[str] = []
        at = 0
        while at < len(raw):
            for size in range(min(self._longest, len(raw) - at), 0, -1):
                phrase = " ".join(raw[at : at + size])
                if phrase in self.same:
                    found.append(self.same[phrase])
                    at += size
                    break
            else:
                if raw[at] not in self.ignored and raw[at].removesuffix("s") not in self.ignored:
                    found.append(self._mended(raw[at]) if mend else stem(raw[at]))
                at += 1
        return found

    def _in_phrase(self, word: str) -> str:
        """A word as phrases of several words spell it ("restles legs"); itself where it is known."""
        if len(word) < 6 or word in self._in_phrases or word in self.same:
            return word
        if stem(word) in self._known or word in self.ignored:
            return word
        near = process.extractOne(
            word, self._in_phrases, scorer=OSA.normalized_similarity, score_cutoff=_LIKE
        )
        return near[0] if near else word

    def _mended(self, word: str) -> str:
        rooted = stem(word)
        if rooted in self._known or len(word) < 5:
            return rooted
        likest, likeness = rooted, 0.0
        # the whole word too: the stem of a misspelt word ("restles") is further from what was meant
        for choices, asked in ((self._names, word), (self._spelt, rooted), (self._spelt, word)):
            near = process.extractOne(
                asked, choices, scorer=OSA.normalized_similarity, score_cutoff=_LIKE
            )
            if near and near[1] > likeness:
                likest, likeness = self.same.get(near[0], near[0]), near[1]
        return likest


def raw_words(text: str) -> list[str]:
    """The words of a text in small letters, without marks.

    >>> raw_words("Is it Parkinson's?")
    ['is', 'it', 'parkinsons']
    """
    return re.findall(r"[a-z0-9]+", text.lower().replace("'", "").replace("’", ""))


def _synonyms(base: Base) -> dict[str, str]:
    """Word or phrase -> the term of its class."""
    table: dict[str, str] = {}
    for name, members in base.lexicon.items():
        if name in _CLASSES or name.startswith("ask_"):
            for member in members:
                table.setdefault(re.sub(r"[^a-z0-9 ]", "", member.lower()), f"={name}")
    return table

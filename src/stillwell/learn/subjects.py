"""Which records a question names, by any of their names and wherever they stand in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from stillwell.knowledge.base import Base
from stillwell.learn.catalogue import questions
from stillwell.learn.records.names import KINDS, Record, all_names
from stillwell.learn.terms import Terms, raw_words

LONGEST = 6  # words of a name
SHORTEST = 6  # letters of half a name
_NAMED = ("cause", "test", "medicine", "supplement", "nutrient", "history")


@dataclass(frozen=True)
class Named:
    """Records that one stretch of a question names; `start` and `end` count its words."""

    start: int
    end: int
    records: tuple[Record, ...]

    def of(self, kind: str) -> Any | None:
        """The record of one kind, if the words name one of that kind."""
        return next((r.value for r in self.records if r.kind == kind), None)


class Subjects:
    """The names of all records, ready to be found in a question."""

    def __init__(self, base: Base, terms: Terms) -> None:
        self._terms = terms
        self.generic = frozenset(terms.of(questions().generic, mend=False))
        self._between = frozenset(questions().joins.split()) | terms.ignored - set(
            questions().small.split()
        )
        self._names: dict[frozenset[str], dict[Record, set[str]]] = {}
        for name, record in _all_said(base):
            whole = frozenset(terms.of(name, mend=False))
            joined = self._between.intersection(raw_words(name))
            # "Parkinson's" is a name without its "disease", "eating" is none of a disorder of it
            short = whole - self.generic if record.kind != "history" else whole
            for key in {whole, short}:
                if key:
                    self._names.setdefault(key, {}).setdefault(record, set()).update(joined)

    def of(self, question: str) -> list[Named]:
        """What a question names, in its order; of names that overlap the longest.

        >>> from stillwell.knowledge.store import knowledge
        >>> base = knowledge().base
        >>> found = Subjects(base, Terms(base)).of("is it parkinson's or essential tremor?")
        >>> [one.of("cause").id for one in found]
        ['parkinson_disease', 'essential_tremor']
        """
        said = raw_words(question)
        found: list[Named] = []
        taken: set[int] = set()
        for length in range(min(LONGEST, len(said)), 0, -1):
            for start in range(len(said) - length + 1):
                here = set(range(start, start + length))
                if here & taken:
                    continue
                records = self._meant(said[start : start + length])
                if records:
                    taken |= here
                    found.append(Named(start, start + length, records))
        return sorted(found, key=lambda one: one.start)

    def of_kind(self, question: str, kind: str) -> list[Any]:
        """The records of one kind that a question names, in its order, each once."""
        found = {
            record.id: record
            for one in self.of(question)
            if (record := one.of(kind)) is not None
        }  # fmt: skip
        return list(found.values())

    def _meant(self, words: list[str]) -> tuple[Record, ...]:
        terms = self._terms.of(" ".join(words))
        if not terms or not self._tight(words):
            return ()
        joined = self._between.intersection(words)
        found = self._names.get(frozenset(terms), {})
        # "legs and night cramps" names no night leg cramps, "iron can I give" no anaemia
        records = [record for record, own in found.items() if joined <= own]
        said = " ".join(words)
        return tuple(
            sorted(
                records,
                key=lambda r: (r.name.lower() != said, list(KINDS).index(r.kind), r.id),
            )
        )

    def _tight(self, words: list[str]) -> bool:
        """Whether the first and the last word belong to the name ("vitamin d", not "vitamin d do")."""
        ends = {words[0], words[-1]}
        return not ends & self._terms.ignored or " ".join(words) in self._terms.same


def _all_said(base: Base) -> Iterator[tuple[str, Record]]:
    """All names of what is looked for; of "a gastric bypass or a removed stomach" each half too."""
    for name, record in all_names(base):
        if record.kind not in _NAMED:
            continue
        yield name, record
        if record.kind == "history" and " or " in name:
            yield from (
                (half, record) for half in re.split(r" or |, ", name) if len(half) > SHORTEST
            )

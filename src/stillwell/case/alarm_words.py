"""Reads alarm signs that the trained reader has no item for, by exact words near each other.

Which words tell what stands in `knowledge/data/alarm_words/` and `lexicon/alarm_words.yaml`.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from stillwell.case.sentences import Grammar, Whose, statements
from stillwell.knowledge.kept_patterns import compiled
from stillwell.knowledge.late_pattern import LatePattern
from stillwell.knowledge.phrases import any_of, pattern_of
from stillwell.knowledge.schema import AlarmWords
from stillwell.knowledge.store import Knowledge
from stillwell.language.marks import asks_in, says_it_is_over

DENIED_WITHIN = 6  # words before a sign among which a "not" denies it
STATEMENTS = 2  # statements that may be between the first and the last word of a sign
# "since last year", "I never used to": what is told of then goes on now
_STILL = compiled(
    r"\b(?:since|from) (?:about |around |early |late |my |the )*(?:last year|in (?:19|20)\d\d|years? ago)\b"
    r"|\b(?:never|not|n't|didn't|did not) used? to\b|\b(?:started|put|began|diagnosed|moved)\b[^,]{0,60}?"
    r"\b(?:last year|years? ago|in (?:19|20)\d\d)\b(?=.{0,80}\b(?:now|since|these days|still)\b)"
)
_SENTENCE = compiled(r"[^.!?\n]+[.!?\n]*|[.!?\n]+")


@dataclass(frozen=True)
class AlarmSign:
    """A finding told in exact words: those words from first to last, and the phrases that told it."""

    id: str
    words: str
    phrases: tuple[str, ...]


@dataclass(frozen=True)
class _Words:
    """The words of a text that count: whose they are, and the statement in which each stands."""

    words: list[str]
    whose: list[Whose]
    statement: list[int]
    starts: list[int]  # the character at which each begins in `text`
    text: str

    def at(self, character: int) -> int:
        return bisect_right(self.starts, character) - 1


class AlarmWordReader:
    """Finds alarm signs in text, by the words of a knowledge base."""

    def __init__(self, known: Knowledge, grammar: Grammar) -> None:
        self.signs = known.base.alarm_words
        self.grammar = grammar
        lexicon = known.base.lexicon
        used = {name for s in self.signs.values() for way in s.ways for name in way}
        used |= {name for s in self.signs.values() for name in s.unless}
        self.classes = {name: any_of(lexicon[name]) for name in used}
        for name in ("theory", "past", "supposed", "mine"):
            self.classes[name] = any_of(lexicon[f"alarm_{name}"])
        in_theory = "|".join(map(pattern_of, lexicon["alarm_theory"]))
        self.my_theory = LatePattern(
            rf"\bmy (?:[a-z]{{1,20}} ){{0,2}}(?:{in_theory})(?![\w'])", ["my "]
        )
        self.denials = grammar.words["negation"]
        self.wide_denials = frozenset(lexicon["alarm_denies_a_list"])
        self.restarts = grammar.words["restart"]

    def read(self, text: str) -> list[AlarmSign]:
        """The signs that a text tells of the patient, now and not denied; each once, in the order of the data."""
        plain = text.replace("’", "'")
        theory = bool(self.classes["theory"].search(plain.lower()))
        kept = [s for s in _SENTENCE.findall(plain) if self._tells(s, theory)]
        said = "".join(kept)
        words = {
            "now": self._words(said),
            "ever": self._words(said, over=True),
            "whole": self._words(plain),
        }
        places: dict[str, dict[str, list[tuple[int, int]]]] = {name: {} for name in words}
        read_in = {
            sign.id: "ever" if sign.over else "whole" if sign.asked else "now"
            for sign in self.signs.values()
        }
        found = (
            self._find(sign, words[read_in[sign.id]], places[read_in[sign.id]])
            for sign in self.signs.values()
        )
        return [sign for sign in found if sign is not None]

    def _tells(self, sentence: str, theory: bool) -> bool:
        """Whether a sentence tells of something that is, and does not ask in general, suppose or remember."""
        low = self.my_theory.sub("", sentence.lower())
        mine = bool(self.classes["mine"].search(low))
        if theory and not mine:
            return False
        return not (asks_in(sentence) and (not mine or self.classes["supposed"].search(low)))

    def _words(self, text: str, over: bool = False) -> _Words:
        words: list[str] = []
        whose: list[Whose] = []
        statement: list[int] = []
        for number, sentence in enumerate(statements(text, self.grammar)):
            own = [
                (w, who)
                for s in sentence
                for w, who in zip([*s.words, ","], [*s.whose, s.whose[-1]], strict=True)
            ]
            told = " ".join(w for w, _ in own)
            still = self.classes["past"].search(_STILL.sub("", told))
            if still or (says_it_is_over(told) and not over):
                continue
            words += [w for w, _ in own]
            whose += [who for _, who in own]
            statement += [number] * len(own)
        starts, at = [], 0
        for word in words:
            starts.append(at)
            at += len(word) + 1
        return _Words(words, whose, statement, starts, " ".join(words))

    def _find(
        self, sign: AlarmWords, told: _Words, places: dict[str, list[tuple[int, int]]]
    ) -> AlarmSign | None:
        other = {
            told.statement[a] for name in sign.unless for a, _ in self._places(name, told, places)
        }
        for way in sign.ways:
            parts = [self._places(name, told, places) for name in way]
            if sign.over:  # "ten minutes ago" tells when it began, not that it is over
                parts = [
                    [p for p in part if told.words[p[1] : p[1] + 1] != ["ago"]] for part in parts
                ]
            if not all(parts):
                continue
            for spans in _together(parts, sign.within):
                first, stop = min(a for a, _ in spans), max(b for _, b in spans)
                inside = {at for a, b in spans for at in range(a, b)}
                denied = any(self._denied(a, told, inside) for a, _ in spans)
                if not denied and self._holds(sign, first, stop, told, other):
                    phrases = tuple(" ".join(told.words[a:b]) for a, b in spans)
                    return AlarmSign(sign.id, " ".join(told.words[first:stop]), phrases)
        return None

    def _places(
        self, name: str, told: _Words, places: dict[str, list[tuple[int, int]]]
    ) -> list[tuple[int, int]]:
        """First and last-plus-one word of each place where a class stands."""
        if name not in places:
            places[name] = [
                (told.at(m.start()), told.at(m.end() - 1) + 1)
                for m in self.classes[name].finditer(told.text)
            ]
        return places[name]

    def _holds(
        self, sign: AlarmWords, first: int, stop: int, told: _Words, other: set[int]
    ) -> bool:
        around = range(told.statement[first], told.statement[stop - 1] + 1)
        if len(around) > STATEMENTS + 1 or not other.isdisjoint(around):
            return False
        return sign.anyone or all(who is Whose.PATIENT for who in told.whose[first:stop])

    def _denied(self, first: int, told: _Words, inside: set[int]) -> bool:
        """Whether words before a phrase, in its statement and outside the sign's own phrases, deny it."""
        comma = False
        for at in range(first - 1, max(-1, first - 1 - 3 * DENIED_WITHIN), -1):
            word = told.words[at]
            if at in inside:
                continue
            if told.statement[at] != told.statement[first] or word in self.restarts:
                return False
            if word in self.wide_denials:
                return True
            comma = comma or word == ","
            if word in self.denials and not comma and first - at <= DENIED_WITHIN:
                return True
        return False


def _together(parts: list[list[tuple[int, int]]], within: int) -> Iterator[list[tuple[int, int]]]:
    """For each place of the first part the nearest place of every other, where all lie close enough."""
    for first in parts[0]:
        begin, end = first
        spans = [first]
        for others in parts[1:]:
            at = bisect_right(others, first)
            near = others[max(0, at - 1) : at + 1]
            best = min(near, key=lambda o: max(end, o[1]) - min(begin, o[0]))
            begin, end = min(begin, best[0]), max(end, best[1])
            spans.append(best)
        if end - begin <= within:
            yield spans


__all__ = ["AlarmSign", "AlarmWordReader"]

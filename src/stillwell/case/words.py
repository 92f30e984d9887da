"""Finds findings, history items and medicines in plain words, honouring negation and misspellings."""

from __future__ import annotations

from dataclasses import dataclass, field

from rapidfuzz import process
from rapidfuzz.distance import OSA

from stillwell.knowledge.phrases import IGNORED, Phrase, stem, tokens
from stillwell.knowledge.store import Knowledge

NEGATIONS = frozenset(
    [
        "no",
        "not",
        "never",
        "without",
        "denies",
        "deny",
        "denied",
        "don't",
        "doesn't",
        "didn't",
        "isn't",
        "aren't",
        "wasn't",
        "haven't",
        "hasn't",
        "hadn't",
        "neither",
        "nor",
        "none",
        "dont",
        "doesnt",
        "didnt",
        "havent",
        "hasnt",
        "isnt",
    ]
)
SCOPE_ENDS = frozenset(["but", "however", "although", "though", "except", "yet", "whereas", "only"])
CLAUSE_MARKS = frozenset(".:!?\n()")
# words after which a negation no longer reaches: a new statement begins
RESTARTS = frozenset({"i", "my", "he", "she", "they", "it"})
SLACK = 4


@dataclass(frozen=True)
class Match:
    """One item recognised in a text."""

    target: str
    negated: bool
    text: str
    start: int
    stop: int


@dataclass
class Reading:
    """What was recognised in a text, and which of its words were used."""

    matches: list[Match] = field(default_factory=list)
    unused: list[str] = field(default_factory=list)

    def ids(self, negated: bool = False) -> list[str]:
        """Ids found (or denied), in order of appearance, once each."""
        return list(dict.fromkeys(m.target for m in self.matches if m.negated is negated))


@dataclass(frozen=True)
class _Word:
    raw: str
    stem: str
    clause: int
    negated: bool
    mark: bool


class Reader:
    """Matches the compiled patterns of a knowledge base against text."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.by_stem: dict[str, list[Phrase]] = {}
        self.stems: set[str] = set()
        for phrase in knowledge.phrases:
            rarest = max(phrase.parts, key=lambda part: -len(part))
            for choice in rarest:
                self.by_stem.setdefault(choice[0], []).append(phrase)
            for part in phrase.parts:
                for choice in part:
                    self.stems.update(choice)
        self.names = knowledge.names
        self.by_name_stem = {stem(n): n for n in knowledge.names if len(n) >= 6 and " " not in n}
        self.name_list = [n for n in knowledge.names if len(n) >= 5 and " " not in n]
        self.longest_name = max((len(n.split()) for n in self.names), default=1)
        self.stem_list = sorted(s for s in self.stems if len(s) >= 4)
        self.name_words = {w for name in self.names for w in name.split()}

    def read(self, text: str) -> Reading:
        """Every finding and history item that the text states or denies."""
        words = self._words(text)
        found: list[Match] = []
        barred: list[tuple[str, int, int]] = []
        for position, word in enumerate(words):
            if word.mark:
                continue
            for phrase in self.by_stem.get(word.stem, ()):
                span = _fit(phrase, words, position)
                if span is None:
                    continue
                start, stop = span
                if phrase.excludes:
                    barred.append((phrase.target, start, stop))
                    continue
                negated = phrase.text.split()[0] not in NEGATIONS and (
                    words[start].negated or words[stop].negated
                )
                found.append(Match(phrase.target, negated, phrase.text, start, stop))
        kept = [
            m
            for m in found
            if not any(t == m.target and a <= m.stop and m.start <= b for t, a, b in barred)
        ]
        kept.sort(key=lambda m: (m.start, m.stop))
        said = {m.target for m in kept if not m.negated}
        kept = [m for m in kept if not (m.negated and m.target in said)]
        covered = {i for m in kept for i in range(m.start, m.stop + 1)}
        unused = self._unused(words, covered)
        return Reading(kept, unused)

    def medicines(self, text: str) -> list[tuple[str, str]]:
        """(words, "class:member") of each medicine or supplement that a text names."""
        raw = [t for t in tokens(text) if t[0].isalnum()]
        found: list[tuple[str, str]] = []
        at = 0
        while at < len(raw):
            for length in range(min(self.longest_name, len(raw) - at), 0, -1):
                name = " ".join(raw[at : at + length])
                target = self.name(name, fuzzy=length == 1)
                if target:
                    found.append((name, target[0]))
                    at += length
                    break
            else:
                at += 1
        return found

    def name(self, name: str, fuzzy: bool = True) -> list[str]:
        """Targets "class:member" of a medicine or supplement name, misspelt too."""
        key = " ".join(name.lower().split())
        plurals = (key.removesuffix("s"), key + "s") if len(key) > 3 else ()
        for candidate in (key, *plurals):
            if candidate in self.names:
                return self.names[candidate]
        if fuzzy and stem(key) in self.by_name_stem:
            return self.names[self.by_name_stem[stem(key)]]
        if fuzzy and len(key) >= 6 and " " not in key and stem(key) not in self.stems:
            near = process.extractOne(
                key, self.name_list, scorer=OSA.distance, score_cutoff=1 if len(key) < 9 else 2
            )
            if near and near[0][0] == key[0]:
                return self.names[near[0]]
        return []

    def _words(self, text: str) -> list[_Word]:
        words: list[_Word] = []
        clause = 0
        negated = False
        previous = ""
        for raw in tokens(text):
            if raw in CLAUSE_MARKS:
                clause += 1
                negated = False
                words.append(_Word(raw, "", clause, False, True))
            elif raw in (",", ";"):
                if raw == ";":
                    negated = False
                previous = raw
                continue
            elif raw in SCOPE_ENDS:
                clause += 1
                negated = False
                words.append(_Word(raw, "", clause, False, True))
            elif raw in NEGATIONS:
                negated = True
                # a pattern may hold the negation itself ("no dairy"), so the word can be matched
                words.append(_Word(raw, stem(raw), clause, False, False))
            else:
                if raw in RESTARTS and previous in (",", "and"):
                    negated = False
                    clause += 1
                if raw not in IGNORED:
                    words.append(_Word(raw, self._stem(raw), clause, negated, False))
            previous = raw
        return words

    def _stem(self, raw: str) -> str:
        plain = stem(raw)
        if plain in self.stems or len(raw) < 5 or raw in self.name_words:
            return plain
        near = process.extractOne(
            plain, self.stem_list, scorer=OSA.distance, score_cutoff=1 if len(raw) < 8 else 2
        )
        if near and near[0][0] == plain[0] and abs(len(near[0]) - len(plain)) <= 1:
            return str(near[0])
        return plain

    def _unused(self, words: list[_Word], covered: set[int]) -> list[str]:
        """Clauses in which nothing at all was understood."""
        clauses: dict[int, list[int]] = {}
        for i, word in enumerate(words):
            if not word.mark:
                clauses.setdefault(word.clause, []).append(i)
        result = []
        for positions in clauses.values():
            if all(words[i].raw in NEGATIONS for i in positions):
                continue
            if covered.isdisjoint(positions):
                text = " ".join(words[i].raw for i in positions)
                if not self.medicines(text):
                    result.append(text)
        return result


def _fit(phrase: Phrase, words: list[_Word], position: int) -> tuple[int, int] | None:
    """Where all parts of a phrase stand near `position`, in one clause, or None."""
    clause = words[position].clause
    # what bars a match must stand tight, or it would bar its neighbours too
    reach = len(phrase.parts) + (1 if phrase.excludes else SLACK)
    low = high = position
    used: set[int] = set()
    for part in sorted(phrase.parts, key=lambda p: -max(len(c) for c in p)):
        best: tuple[int, int] | None = None
        for start in range(max(0, position - reach), min(len(words), position + reach + 1)):
            if words[start].clause != clause or words[start].mark or start in used:
                continue
            for choice in part:
                stop = start + len(choice) - 1
                if stop < len(words) and all(
                    not words[start + k].mark
                    and words[start + k].clause == clause
                    and words[start + k].stem == choice[k]
                    for k in range(len(choice))
                ):
                    distance = max(position - start, stop - position)
                    if best is None or distance < max(position - best[0], best[1] - position):
                        best = (start, stop)
        if best is None:
            return None
        used.update(range(best[0], best[1] + 1))
        low, high = min(low, best[0]), max(high, best[1])
    if position not in used or high - low > reach:
        return None
    return low, high

"""Finds findings, history items and medicines in plain words, honouring negation and misspellings."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

from rapidfuzz import process
from rapidfuzz.distance import OSA

from stillwell.knowledge.phrases import IGNORED, Phrase, stem, tokens
from stillwell.knowledge.store import Knowledge

CLAUSE_MARKS = frozenset(".:!?\n()")
SLACK = 4
FAMILY = "family_"  # history items that are about relatives begin so
# body and symptom words of the lexicon, by which a pattern sees what belongs to what
BODY = ("leg", "calf", "thigh", "foot", "hand", "arm", "mouth", "eye", "back", "head", "heart")
SYMPTOM = (
    "shake", "twitch", "jerk", "cramp", "tingle", "numb", "burn", "crawl", "weak", "pain", "stiff",
    "swell",
)  # fmt: skip


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
    place: int = 0  # position among all words, the ignored ones counted
    kind: str = ""  # "body", "symptom" or neither
    kin: bool = False  # said of a relative


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
        self.english = knowledge.english
        self.names = knowledge.names
        self.by_name_stem = {stem(n): n for n in knowledge.names if len(n) >= 6 and " " not in n}
        self.name_list = [n for n in knowledge.names if len(n) >= 5 and " " not in n]
        self.longest_name = max((len(n.split()) for n in self.names), default=1)
        self.stem_list = sorted(s for s in self.stems if len(s) >= 4)
        self.name_words = {w for name in self.names for w in name.split()}
        self.lexicon = {name: frozenset(words) for name, words in knowledge.base.lexicon.items()}
        self.kinds = {
            stem(word): kind
            for kind, classes in (("symptom", SYMPTOM), ("body", BODY))
            for name in classes
            for word in self.lexicon.get(name, ())
            if " " not in word
        }

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
                if words[start].kin and words[stop].kin and not phrase.target.startswith(FAMILY):
                    continue
                if phrase.excludes:
                    barred.append((phrase.target, start, stop))
                    continue
                negated = phrase.text.split()[0] not in self.lexicon["negation"] and (
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

    def medicines(self, text: str) -> list[tuple[str, str, bool]]:
        """(words, "class:member", stopped) of each medicine or supplement the teller takes or left.

        What is denied ("not on statins") or a relative's ("mum takes thyroxine") is left out.
        """
        found: list[tuple[str, str, bool]] = []
        for sentence in self._sentences(text):
            for segment, kin in sentence:
                if not kin:
                    found += self._medicines_in(segment)
        return found

    def _medicines_in(self, segment: list[str]) -> list[tuple[str, str, bool]]:
        raw = [t for t in segment if t[0].isalnum()]
        found: list[tuple[str, str, bool]] = []
        at = 0
        stopped = denied = False
        while at < len(raw):
            for length in range(min(self.longest_name, len(raw) - at), 0, -1):
                name = " ".join(raw[at : at + length])
                target = self.name(name, fuzzy=length == 1)
                if target:
                    if not denied:
                        found.append((name, target[0], stopped))
                    at += length
                    break
            else:
                pair = " ".join(raw[at : at + 2])
                stopped = (stopped or {raw[at], pair} & self.lexicon["stopping"] != set()) and not (
                    {raw[at], pair} & self.lexicon["starting"]
                )
                denied = (denied or raw[at] in self.lexicon["negation"]) and raw[at] not in (
                    self.lexicon["restart"]
                )
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
        """The words that count, each with its clause and whether it is denied."""
        words: list[_Word] = []
        clause = place = 0
        for sentence in self._sentences(text):
            carried = ""
            for index, (segment, kin) in enumerate(sentence):
                if index and not self._soft(sentence[index - 1][0], segment):
                    clause += 1
                denied = carried
                place += 1
                for at, raw in enumerate(segment):
                    place += 1
                    before = segment[at - 1] if at else ","
                    after = segment[at + 1] if at + 1 < len(segment) else ""
                    if raw in self.lexicon["negation"]:
                        if after not in self.lexicon["not_denied"]:
                            denied = raw
                        # a pattern may hold the negation itself ("no dairy")
                        words.append(_Word(raw, stem(raw), clause, False, False, place, "", kin))
                        continue
                    if raw in self.lexicon["restart"] and before in (",", "and"):
                        clause += before == "and"
                        denied = ""
                    if raw not in IGNORED:
                        root = self._stem(raw)
                        kind = self.kinds.get(root, "")
                        words.append(
                            _Word(raw, root, clause, bool(denied), False, place, kind, kin)
                        )
                carried = denied if self._carries(denied, sentence, index) else ""
            clause += 1
            place += 1
            words.append(_Word(".", "", clause, False, True, place))
        return words

    def _sentences(self, text: str) -> list[list[tuple[list[str], bool]]]:
        """Sentences (or what "but" parts): the segments between commas, and whose they are."""
        sentences: list[list[list[str]]] = [[[]]]
        for raw in tokens(text):
            if raw in CLAUSE_MARKS or raw in self.lexicon["scope_end"]:
                sentences.append([[]])
            elif raw in (",", ";"):
                sentences[-1].append([])
            else:
                sentences[-1][-1].append(raw)
        return [
            [
                (segment, self._of_kin(segment) and (at, index) != (0, 0))
                for index, segment in enumerate(filter(None, sentence))
            ]
            for at, sentence in enumerate(sentences)
            if any(sentence)
        ]

    def _of_kin(self, segment: list[str]) -> bool:
        """Whether a statement is about a relative ("mum takes thyroxine").

        A text may be about a relative from its first words on ("my nan can't stand"): the caller
        leaves its first statement out.
        """
        head = [w for w in segment[:4] if w not in self.lexicon["owner"]][:2]
        return (
            len(head) == 2 and head[0] in self.lexicon["kin"] and head[1] in self.lexicon["holds"]
        )

    def _soft(self, left: list[str], right: list[str]) -> bool:
        """Whether what stands on both sides of a comma belongs together."""
        adjuncts = self.lexicon["adjunct"]
        joins = self.lexicon["join"]
        first = next((w for w in right if w not in joins), "")
        if left[0] in adjuncts or first in adjuncts:
            return True
        for side in (left, right):
            counted = [w for w in side if w not in IGNORED]
            if len(counted) <= 1 or all(self.kinds.get(stem(w)) == "symptom" for w in counted):
                return True
        return False

    def _carries(self, denied: str, sentence: list[tuple[list[str], bool]], index: int) -> bool:
        """Whether a denial in a list goes on after the next comma ("no fever, chills or rash")."""
        rest = [segment for segment, _ in sentence[index + 1 :]]
        if not denied or not rest or rest[0][0] in self.lexicon["restart"]:
            return False
        if denied in self.lexicon["denial"]:
            return True
        for segment in rest:
            if sum(w not in IGNORED for w in segment) > 5:
                return False
            if {"or", "nor"} & set(segment):
                return True
        return all(sum(w not in IGNORED for w in segment) == 1 for segment in rest)

    def _stem(self, raw: str) -> str:
        plain = stem(raw)
        if plain in self.stems or len(raw) < 5 or raw in self.name_words:
            return plain
        near = process.extractOne(
            plain, self.stem_list, scorer=OSA.distance, score_cutoff=1 if len(raw) < 8 else 2
        )
        if near and near[0][0] == plain[0] and abs(len(near[0]) - len(plain)) <= 1:
            # a word of its own is not a misspelling of another ("wiggle", "jiggle")
            return plain if f"\n{raw}\n" in self.english else str(near[0])
        return plain

    def _unused(self, words: list[_Word], covered: set[int]) -> list[str]:
        """Clauses in which nothing at all was understood."""
        clauses: dict[int, list[int]] = {}
        for i, word in enumerate(words):
            if not word.mark:
                clauses.setdefault(word.clause, []).append(i)
        result = []
        for positions in clauses.values():
            if all(words[i].raw in self.lexicon["negation"] for i in positions):
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
    if position not in used or high - low > reach or _crosses(words, sorted(used)):
        return None
    return low, high


def _crosses(words: list[_Word], used: list[int]) -> bool:
    """Whether a pattern joins a body part to a symptom that belongs to another body part.

    "hands tremble, legs weak" says nothing of weak hands: between the two stand another symptom
    and another body part. In "tingling hands and weak legs" the symptom stands right before its own.
    """
    chosen = set(used)
    for left, right in pairwise(used):
        kinds = {words[left].kind, words[right].kind}
        if kinds != {"body", "symptom"}:
            continue
        between = {words[i].kind for i in range(left + 1, right) if i not in chosen}
        if {"body", "symptom"} <= between:
            return True
        after = right + 1
        if (
            words[right].kind == "symptom"
            and after < len(words)
            and after not in chosen
            and words[after].kind == "body"
            and words[after].place == words[right].place + 1
        ):
            return True
    return False

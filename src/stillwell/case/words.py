"""Finds findings, history items and medicines in plain words, honouring negation and misspellings."""

from __future__ import annotations

from dataclasses import dataclass, field

from rapidfuzz import process
from rapidfuzz.distance import OSA

from stillwell.case.denial import general_denials, over
from stillwell.case.leftovers import Leftovers
from stillwell.case.matching import Word, fit
from stillwell.case.medicines_in_words import MedicineNames, NamedMedicine
from stillwell.case.sentences import Grammar, Segment, Whose, statements
from stillwell.knowledge.phrases import Phrase, stem
from stillwell.knowledge.store import Knowledge

FAMILY = "family_"  # history items that are about relatives begin so
ONSET = "onset_"
NEAR = 2  # words beside a match within which what bars it may stand ("beetroot makes my wee red")


@dataclass(frozen=True)
class Match:
    """One item recognised in a text; `used` are the positions of its words."""

    target: str
    negated: bool
    text: str
    used: tuple[int, ...]

    @property
    def start(self) -> int:
        return self.used[0]

    @property
    def stop(self) -> int:
        return self.used[-1]


@dataclass
class Reading:
    """What was recognised in a text, what was not, and what was said of somebody else."""

    matches: list[Match] = field(default_factory=list)
    unused: list[str] = field(default_factory=list)
    of_others: list[str] = field(default_factory=list)

    def ids(self, negated: bool = False) -> list[str]:
        """Ids found (or denied), in order of appearance, once each."""
        return list(dict.fromkeys(m.target for m in self.matches if m.negated is negated))


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
        self.stem_list = sorted(s for s in self.stems if len(s) >= 4)
        self.grammar = Grammar(knowledge.base.lexicon, knowledge.stems)
        self.names = MedicineNames(knowledge.names, self.grammar, knowledge.english)
        self.leftovers = Leftovers(self.names, knowledge.english)
        self.lexicon = self.grammar.words
        self.ignored = self.lexicon["ignored"]

    def read(self, text: str) -> Reading:
        """Every finding and history item that the text states or denies."""
        sentences = statements(text, self.grammar)
        words = self._words(sentences)
        found: list[Match] = []
        barred: list[tuple[str, int, int]] = []
        elsewhere: set[int] = set()
        for position, word in enumerate(words):
            if word.mark:
                continue
            for phrase in self.by_stem.get(word.stem, ()):
                used = fit(phrase, words, position)
                if used is None:
                    continue
                if phrase.excludes:
                    barred.append((phrase.target, used[0], used[-1]))
                    continue
                whose = max(words[i].whose for i in used)
                if whose and not (whose is Whose.RELATIVE and phrase.target.startswith(FAMILY)):
                    elsewhere.update(used)
                    continue
                if self._says_another_thing(phrase.target, used, words):
                    continue
                lasts = phrase.target in self.lexicon["lasting"]
                denied = any(_denied(words[i], used, words, phrase) for i in (used[0], used[-1]))
                denied = denied or over(words, used, self.grammar, lasts)
                found.append(Match(phrase.target, denied, phrase.text, tuple(used)))
        kept = [
            m
            for m in found
            if not any(
                t == m.target
                and a <= m.stop + NEAR
                and m.start <= b + NEAR
                and words[a].clause == words[m.start].clause
                for t, a, b in barred
            )
        ]
        told = {i for m in kept if not m.negated for i in m.used}
        for target, place in general_denials(words, told, self.grammar):
            kept.append(Match(target, True, "", (place,)))
        kept.sort(key=lambda m: (m.start, m.stop))
        said = {m.target for m in kept if not m.negated}
        kept = [m for m in kept if not (m.negated and m.target in said)]
        covered = {i for m in kept for i in range(m.start, m.stop + 1)}
        return Reading(
            kept, self.leftovers.phrases(words, covered), _clauses_of(words, elsewhere - covered)
        )

    def _says_another_thing(self, target: str, used: list[int], words: list[Word]) -> bool:
        """Whether a match is of words that mean something else here.

        A medicine's name alone tells no illness, and a date that belongs to an event ("had a baby four
        months ago") is no onset of a symptom.
        """
        if target in self.lexicon["diagnosis"]:
            counted = [words[i].raw for i in used]
            small = self.lexicon["holds"] | self.lexicon["starting"] | self.lexicon["stopping"]
            return all(w in small or w in self.names.words for w in counted) and any(
                self.name(w, fuzzy=False) for w in (*counted, " ".join(counted))
            )
        if target.startswith(ONSET):
            part = words[used[0]].segment
            here = [w for w in words[: used[-1] + 1] if w.segment == part and not w.mark]
            symptoms = any(w.kind == "symptom" or w.raw in self.lexicon["symptom"] for w in here)
            return not symptoms and any(w.raw in self.lexicon["event"] for w in here)
        return False

    def medicines(self, text: str) -> list[tuple[str, str, bool]]:
        """(words, "class:member", stopped) of each medicine or supplement the teller takes or left."""
        return [(m.told, m.targets[0], m.stopped) for m in self.named_medicines(text)]

    def named_medicines(self, text: str) -> list[NamedMedicine]:
        """Each medicine or supplement that the teller takes or left."""
        return self.names.named(text)

    def name(self, name: str, fuzzy: bool = True) -> list[str]:
        """Targets "class:member" of a medicine or supplement name, misspelt too."""
        return self.names.find(name, fuzzy)

    def _words(self, sentences: list[list[Segment]]) -> list[Word]:
        """The words that count, each with its clause and what denies it."""
        words: list[Word] = []
        clause = place = part = 0
        for sentence in sentences:
            carried = -1
            for index, segment in enumerate(sentence):
                before_it = sentence[index - 1] if index else None
                if before_it is not None and (
                    segment.fresh
                    or segment.whose[0] != before_it.whose[-1]
                    or not self._soft(before_it, segment)
                ):
                    clause += 1
                denied = carried
                place += 1
                part += 1
                raws = segment.words
                for at, raw in enumerate(raws):
                    place += 1
                    whose = segment.whose[at]
                    before = raws[at - 1] if at else ","
                    if raw in self.lexicon["negation"] or self._ceases(raws, at):
                        if self._denies(raws, at):
                            denied = len(words)
                        # a pattern may hold the negation itself ("no dairy")
                        words.append(
                            Word(raw, stem(raw), clause, place=place, whose=whose, segment=part)
                        )
                        continue
                    if raw in self.lexicon["restart"] and before in (",", "and"):
                        clause += before == "and"
                        denied = -1
                    if raw in self.lexicon["denial_ends"] and denied >= 0:
                        clause += 1
                        denied = -1
                    if raw not in self.ignored:
                        root = self._stem(raw)
                        kind = self.grammar.kinds.get(root, "")
                        words.append(
                            Word(raw, root, clause, False, place, kind, whose, denied, part)
                        )
                said_by = words[denied].raw if denied >= 0 else ""
                carried = denied if self._carries(said_by, sentence, index) else -1
            clause += 1
            place += 1
            words.append(Word(".", "", clause, True, place))
        return words

    def _denies(self, raws: list[str], at: int) -> bool:
        """Whether a negation denies what follows ("not only" and "don't know why" do not)."""
        after = raws[at + 1] if at + 1 < len(raws) else ""
        if after == "longer":
            return any(self.grammar.kind(w) == "symptom" for w in raws[at + 2 : at + 4])
        return after not in self.lexicon["not_denied"]

    def _ceases(self, raws: list[str], at: int) -> bool:
        """Whether "stopped" stands right before a symptom and is not denied itself."""
        after = raws[at + 1] if at + 1 < len(raws) else ""
        if raws[at] not in self.lexicon["ceased"] or raws[at] == "longer":
            return False
        before = set(raws[max(0, at - 3) : at])
        return (self.grammar.kind(after) == "symptom" or after == "sweating") and not (
            before & self.lexicon["negation"]
        )

    def _soft(self, left: Segment, right: Segment) -> bool:
        """Whether what stands on both sides of a comma belongs together.

        It does in an afterthought ("legs shake, mostly at night") and in a list of symptoms or of parts
        of the body ("numb, tingling feet"). "Cramps, tired, pins and needles" are three things.
        """
        adjuncts = self.lexicon["adjunct"]
        joins = self.lexicon["join"]
        first = next((w for w in right.words if w not in joins), "")
        if left.words[0] in adjuncts or first in adjuncts:
            return True
        sides = [
            [self.grammar.kind(w) for w in side.words if w not in self.ignored]
            for side in (left, right)
        ]
        if not all(sides):
            return True
        near = (sides[0][-1], sides[1][0])
        for side, other in ((sides[0], near[1]), (sides[1], near[0])):
            if side[0] and all(kind == side[0] for kind in side) and other == side[0]:
                return True
        return self._answers(sides)

    def _answers(self, sides: list[list[str]]) -> bool:
        """A bare part of the body beside a bare symptom ("legs, shaking")."""
        return {len(side) for side in sides} == {1} and {sides[0][0], sides[1][0]} == {
            "body",
            "symptom",
        }

    def _carries(self, denied: str, sentence: list[Segment], index: int) -> bool:
        """Whether a denial in a list goes on after the next comma ("no fever, chills or rash")."""
        rest = [segment.words for segment in sentence[index + 1 :]]
        if not denied or not rest or rest[0][0] in self.lexicon["restart"]:
            return False
        if sentence[index + 1].fresh:
            return False
        if denied in self.lexicon["denial"]:
            return True
        listed = any({"or", "nor"} & set(segment) for segment in rest)
        if denied == "not" and not listed:
            return False  # "not numb, weak"
        for segment in rest:
            if sum(w not in self.ignored for w in segment) > 5:
                return False
            if {"or", "nor"} & set(segment):
                return True
        return all(sum(w not in self.ignored for w in segment) == 1 for segment in rest)

    def _stem(self, raw: str) -> str:
        plain = stem(raw)
        if plain in self.stems or len(raw) < 5 or raw in self.names.words:
            return plain
        near = process.extractOne(
            plain, self.stem_list, scorer=OSA.distance, score_cutoff=1 if len(raw) < 8 else 2
        )
        if near and near[0][0] == plain[0] and abs(len(near[0]) - len(plain)) <= 1:
            # a word of its own is not a misspelling of another ("wiggle", "jiggle")
            return plain if f"\n{raw}\n" in self.english else str(near[0])
        return plain


def _denied(word: Word, used: list[int], words: list[Word], phrase: Phrase) -> bool:
    """Whether a word is denied by something other than the pattern's own negation ("no energy")."""
    by = word.denied_by
    if by < 0 or by not in used:
        return by >= 0
    return by == used[0] and (words[by].stem,) not in phrase.parts[0]


def _clauses_of(words: list[Word], positions: set[int]) -> list[str]:
    """The clauses in which these words stand, as text."""
    clauses = sorted({words[i].clause for i in positions})
    return [" ".join(w.raw for w in words if w.clause == c and not w.mark) for c in clauses]

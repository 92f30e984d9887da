"""Finds medicines and supplements in plain words: whose they are, left or taken, and what stands beside."""

from __future__ import annotations

from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import OSA

from stillwell.case.sentences import Grammar, Segment, statements
from stillwell.knowledge.phrases import stem


@dataclass(frozen=True)
class NamedMedicine:
    """A medicine or supplement in a text: its words, "class:member", and what stands beside it."""

    told: str
    targets: list[str]
    stopped: bool
    before: str
    after: str


class MedicineNames:
    """Every name of a medicine or supplement, and where it stands in a text.

    Args:
        names: name -> "class:member" or "class:".
        grammar: the small words of the lexicon.
        stems: stems of symptom patterns, which no misspelt medicine may be.
        known_stems: stems of words that were worked out before.
    """

    def __init__(
        self,
        names: dict[str, list[str]],
        grammar: Grammar,
        stems: set[str],
        known_stems: dict[str, str],
    ) -> None:
        self.names = names
        self.grammar = grammar
        self.lexicon = grammar.words
        self.stems = stems
        self.by_name_stem = {
            known_stems.get(n) or stem(n): n for n in names if len(n) >= 6 and " " not in n
        }
        self.name_list = [n for n in names if len(n) >= 5 and " " not in n]
        self.longest_name = max((len(n.split()) for n in names), default=1)
        self.words = {w for name in names for w in name.split()}

    def named(self, text: str) -> list[NamedMedicine]:
        """Each medicine or supplement that the teller takes or left.

        What is denied ("not on statins") or a relative's ("mum takes thyroxine") is left out.
        """
        found: list[NamedMedicine] = []
        for sentence in statements(text, self.grammar):
            for at, segment in enumerate(sentence):
                following = sentence[at + 1].words if at + 1 < len(sentence) else []
                goes_on = following if following and following[0][0].isdigit() else []
                found += self._medicines_in(segment, goes_on)
        return found

    def _medicines_in(self, segment: Segment, goes_on: list[str]) -> list[NamedMedicine]:
        raw = segment.words
        found: list[NamedMedicine] = []
        at = since = 0
        stopped = denied = False
        while at < len(raw):
            for length in range(min(self.longest_name, len(raw) - at), 0, -1):
                name = " ".join(raw[at : at + length])
                targets = self.find(name, fuzzy=length == 1)
                if targets:
                    level = at > 0 and raw[at - 1] in self.lexicon["result_side"]
                    level = level or raw[at + length : at + length + 1] == ["deficiency"]
                    if not (denied or level or segment.whose[at]):
                        before, after = raw[since:at], [*raw[at + length :], *goes_on]
                        found.append(
                            NamedMedicine(name, targets, stopped, " ".join(before), " ".join(after))
                        )
                    at = since = at + length
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

    def find(self, name: str, fuzzy: bool = True) -> list[str]:
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

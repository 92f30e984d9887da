"""Tells which words are a medicine that the knowledge base does not hold, so that none is lost silently."""

from __future__ import annotations

from functools import cached_property, lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from stillwell.case.sentences import NOT_SAID, Grammar
from stillwell.knowledge.kept_patterns import compiled

LEAST = 4  # letters of a name beside a dose
LEAST_TAKEN = 5  # letters of a name beside a word of taking alone
BEFORE_ENDING = 2  # letters that stand before a typical ending
REACH = 6  # words before a name that only beside them is a medicine
NEAR = 3  # words before a name among which the word of taking stands
_DOSE = compiled(r"(?:mg|mgs|mcg|ug|µg|iu|micrograms?|milligrams?)")
_WITH_UNIT = compiled(r"\d[\d.,]*(?:mg|mcg|ug|µg|iu)")


class UnknownMedicines:
    """Finds medicines by the ending of their name, by their dose, or by a word of taking.

    Args:
        grammar: the small words of the lexicon.
        english: words in common use, each between line ends: beside a word of taking they are no medicine.
    """

    def __init__(self, grammar: Grammar, english: str) -> None:
        self.words = grammar.words
        self.english = english
        self.longest = max(len(n.split()) for n in self.words["other_medicines"])
        self.longest_kind = max(len(n.split()) for n in self.words["medicine_for"])
        self.endings = tuple(self.words["medicine_endings"])
        classes = ("taking", "as_medicine", "no_medicine", "counted", "stopping", "starting", "kin")
        self.small = frozenset([NOT_SAID]).union(*(self.words[name] for name in classes))
        self._common = lru_cache(maxsize=4096)(self._is_common)

    def length_at(self, raw: list[str], at: int, in_list: bool) -> int:
        """How many words from here name a medicine that is not known; 0 where they name none.

        Args:
            in_list: whether a list of medicines goes on.
        """
        after = raw[at + 1 : at + 3]
        before = set(raw[max(0, at - REACH) : at])
        near = in_list or before & (self.words["taking_medicine"] | {"on"})
        for size in range(min(self.longest, len(raw) - at), 0, -1):
            name = " ".join(raw[at : at + size])
            singular = name.removesuffix("s")
            if {name, singular} & self.words["other_medicines"]:
                dosed = self._has_dose(raw[at + size : at + size + 2])
                return size if near or dosed or raw[max(0, at - 1) : at] == ["my"] else 0
        kind = self._kind_length(raw, at)
        if kind and (near or set(raw[max(0, at - NEAR) : at]) & self.words["of_own"]):
            return kind
        word = raw[at]
        if not word.isalpha() or len(word) < LEAST or word in self.small:
            return 0
        if self.has_ending(word):
            return 1
        if self._has_dose(after):
            return int(not self._common(word))
        taken = set(raw[max(0, at - NEAR) : at]) & self.words["taking_medicine"]
        listed = in_list and len(raw) <= NEAR
        long = len(word) >= LEAST_TAKEN
        return int(bool(long and (taken or listed) and not self._common(word)))

    def is_kind(self, name: str) -> bool:
        """Whether a name tells what a medicine is for, and not which it is ("nerve tablets")."""
        words = name.split()
        return bool(words) and self._kind_length(words, 0) == len(words)

    def _kind_length(self, raw: list[str], at: int) -> int:
        """How many words from here name a kind of medicine by what it is for ("nerve tablets"); 0 for none."""
        forms, purposes = self.words["medicine_forms"], self.words["medicine_for"]
        turned = raw[at] in forms and raw[at + 1 : at + 2] == ["for"]  # "tablets for my bladder"
        first = 3 if raw[at + 2 : at + 3] in (["my"], ["the"], ["his"], ["her"]) else 2
        for size in range(self.longest_kind, 0, -1):
            formed = bool(set(raw[at + size : at + size + 1]) & forms)
            if formed and " ".join(raw[at : at + size]) in purposes:
                return size + 1
            if turned and " ".join(raw[at + first : at + first + size]) in purposes:
                return first + size
        return 0

    def is_unknown(self, word: str) -> bool:
        """Whether letters are no word in common use, no form and no slip of one."""
        if len(word) < LEAST:
            return word not in self._small_words and f"\n{word}\n" not in self.english
        return not self._common(word)

    def has_ending(self, word: str) -> bool:
        """Whether a word ends as names of medicines do ("-mycin"), and is no other word."""
        singular = word.removesuffix("s") if not word.endswith("ss") else word
        return (
            any(
                w.endswith(self.endings)
                and any(w.endswith(e) and len(w) >= len(e) + BEFORE_ENDING for e in self.endings)
                and w not in self.words["no_medicine_ending"]
                for w in {word, singular}
            )
            and not {word, singular} & self.words["no_medicine_ending"]
        )

    def _has_dose(self, after: list[str]) -> bool:
        if not after or not after[0][0].isdigit():
            return False
        unit = after[1] if len(after) > 1 else ""
        return bool(_WITH_UNIT.fullmatch(after[0]) or _DOSE.fullmatch(unit))

    @cached_property
    def _by_letter(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for word in self.english.split():
            found.setdefault(word[0], []).append(word)
        return found

    def _is_common(self, word: str) -> bool:
        """Whether a word is in common use, another form of one that is, or a slip of one."""
        stems = {word, *(word.removesuffix(e) for e in ("s", "es", "ed", "ing", "ly", "d", "er"))}
        if any(f"\n{w}\n" in self.english for w in stems) or word in self._small_words:
            return True
        alike = self._by_letter.get(word[0], [])
        return process.extractOne(word, alike, scorer=OSA.distance, score_cutoff=1) is not None

    @cached_property
    def _small_words(self) -> frozenset[str]:
        return frozenset().union(*self.words.values()) - self.words["other_medicines"]

"""Reads what a person asks about: whether a named cause, deficiency or medicine explains what they feel."""

from __future__ import annotations

import re
from typing import Literal

import msgspec

from stillwell.case.medicines_in_words import MedicineNames
from stillwell.knowledge.base import Base
from stillwell.knowledge.kept_patterns import compiled

PREFIX = "asked_"  # word classes of the lexicon with the id of a cause behind it
HISTORY = "asked_for_history"
WITHIN = 6  # words between the asking words and the name: judgement
SENTENCE = compiled(r"[^.?!;\n]+[?]?")
CLAUSE = compiled(r"[,;:]|\s[-–—]\s|\b(?:and|but|so)\b", re.IGNORECASE)
WORD = compiled(r"[^\W_]+(?:['’-][^\W_]+)*")


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """Something a person asks about.

    Attributes:
        id: of a cause, of a class of medicines (`member`: its name where it was told), of an illness in the
            history of people; "" of an illness that has no id here, or of a question that names none of them.
        words: the name as it was told; of a question, and of one whether something helps, all of it.
    """

    kind: Literal["cause", "medicine", "illness", "question", "help"]
    id: str
    words: str
    member: str = ""


class AskedReader:
    """Finds what is asked about, by the words of the lexicon and the names of medicines."""

    def __init__(self, base: Base, medicines: MedicineNames) -> None:
        self._base = base
        self._medicines = medicines
        self._names = {
            tuple(_words(name)): cause
            for cause in base.causes
            for name in (
                base.causes[cause].name,
                base.causes[cause].technical_name,
                *base.lexicon.get(f"{PREFIX}{cause}", []),
            )
        }
        self._elsewhere = {tuple(_words(name)) for name in base.lexicon["illness_elsewhere"]}
        self._longest = max(map(len, [*self._names, *self._elsewhere]))
        self._classes = {
            name: frozenset(tuple(_words(phrase)) for phrase in base.lexicon[name])
            for name in (
                "asks_if", "asks_if_linked", "asks_if_wondering", "wondering", "asks_open",
                "asks_close", "asks_other", "asks_of_product", "asks_of_person", "asks_if_feared",
                "feared_behind", "asks_bare", "asks_help", "asks_help_not",
                "asks_help_open", "asks_help_for", "for_what",
            )
        }  # fmt: skip
        self._lengths = {name: max(map(len, all_)) for name, all_ in self._classes.items()}
        pairs = [pair.split(" = ") for pair in base.lexicon[HISTORY]]
        self._history = dict(pairs)

    def read(self, text: str) -> list[Asked]:
        """All that a text asks about, each once, in its order."""
        found: dict[tuple[str, str, str], Asked] = {}
        named: list[Asked] = []
        for match in SENTENCE.finditer(text):
            sentence = match[0].strip()
            if self._asks_for_help(sentence):
                named = [Asked(kind="help", id="", words=sentence)]
            else:
                named = self._of_sentence(sentence, bool(named))
            if not named and sentence.endswith("?") and not self._of_person(sentence):
                named = [Asked(kind="question", id="", words=sentence)]
            for one in named:
                told = one.words if one.kind in ("question", "help", "illness") else one.member
                key = (one.kind, one.id, told)
                found.setdefault(key, one)
        return list(found.values())

    def of_case(self, text: str, feared: list[str]) -> list[Asked]:
        """What a case asks about: by its words, and the illnesses that were read as feared in them."""
        found = self.read(text)
        elsewhere = any(one.kind == "illness" for one in found)
        for item in dict.fromkeys(feared):
            cause = self._history.get(item)
            if cause is None and item in self._base.history and not elsewhere:
                if not any(one.kind == "cause" for one in found):
                    name = self._base.history[item].name
                    found.append(Asked(kind="illness", id=item, words=name))
            elif cause is not None and cause not in [one.id for one in found]:
                name = self._base.causes[cause].name
                found.append(Asked(kind="cause", id=cause, words=name))
        return found

    def _of_sentence(self, sentence: str, goes_on: bool) -> list[Asked]:
        """What one sentence asks about; `goes_on`: the one before asked about something."""
        words = _words(sentence)
        begins = words[:1] != [] and (words[0],) in self._classes["asks_open"]
        question = begins or sentence.endswith("?")
        asking = self._ends(words, "asks_if")
        wonders = bool(self._ends(words, "wondering"))
        if wonders or question:
            asking |= self._ends(words, "asks_if_linked")
        if wonders:
            asking |= self._ends(words, "asks_if_wondering")
        asking |= self._ends(words, "asks_if_feared")
        if goes_on and words[:1] == ["or"]:
            asking.add(1)
        opens = self._ends(words, "asks_open") if question else set()
        behind = self._ends(words, "feared_behind")
        bare = sentence.endswith("?") and self._is_bare(words)
        if not (asking or opens or behind or bare):
            return []
        found, at = [], 0
        while at < len(words):
            length, one = self._name_at(words, at)
            if one is not None and (
                bare
                or self._is_asked(words, at, length, asking, opens)
                or bool(self._ends(words[at + length : at + length + WITHIN], "feared_behind"))
            ):
                found.append(one)
            at += length
        return found

    def _is_bare(self, words: list[str]) -> bool:
        """Whether a question is nothing but names and small words ("ALS?", "Or maybe low iron?")."""
        at, named = 0, False
        while at < len(words):
            length, one = self._name_at(words, at)
            if one is None and (words[at],) not in self._classes["asks_bare"]:
                return False
            named, at = named or one is not None, at + length
        return named

    def _asks_for_help(self, sentence: str) -> bool:
        """Whether a question asks if something that it names helps ("would magnesium help my cramps")."""
        for clause in CLAUSE.split(sentence):
            words = _words(clause)
            opens = [n for n, w in enumerate(words) if (w,) in self._classes["asks_help_open"]]
            if not opens or (opens[0] > 0 and not sentence.endswith("?")):
                continue
            if self._ends(words, "asks_help_not"):
                continue
            asking = words[opens[0] :]
            for_what = self._ends(asking, "asks_help_for") and self._ends(asking, "for_what")
            if (for_what or self._ends(asking, "asks_help")) and self._names_remedy(words):
                return True
        return False

    def _names_remedy(self, words: list[str]) -> bool:
        return any(
            words[at] in self._medicines.first_words
            and any(
                self._medicines.find(" ".join(words[at : at + length]), fuzzy=False)
                for length in range(1, min(self._medicines.longest_name, len(words) - at) + 1)
            )
            for at in range(len(words))
        )

    def _of_person(self, sentence: str) -> bool:
        return bool(self._ends(_words(sentence), "asks_of_person"))

    def _is_asked(
        self, words: list[str], at: int, length: int, asking: set[int], opens: set[int]
    ) -> bool:
        """Whether a name stands where asking words ask about it."""
        if self._leads_to(words, at, asking):
            return True
        after = words[at + length : at + length + WITHIN]
        return bool(self._ends(after, "asks_close")) and self._leads_to(words, at, opens)

    def _leads_to(self, words: list[str], at: int, ends: set[int]) -> bool:
        """Whether asking words end shortly before a place, and nothing between makes it another question."""
        near = [end for end in range(max(0, at - WITHIN), at + 1) if end in ends]
        return any(not self._ends(words[end:at], "asks_other") for end in near)

    def _name_at(self, words: list[str], at: int) -> tuple[int, Asked | None]:
        for length in range(min(self._longest, len(words) - at), 0, -1):
            part = words[at : at + length]
            cause = self._names.get(tuple(part))
            product = self._ends(words[at + length : at + length + 1], "asks_of_product")
            if cause is not None and not product:
                return length, Asked(kind="cause", id=cause, words=" ".join(part))
            if tuple(part) in self._elsewhere:
                return length, Asked(kind="illness", id="", words=" ".join(part))
        if words[at] not in self._medicines.first_words:
            return 1, None
        for length in range(min(self._medicines.longest_name, len(words) - at), 0, -1):
            told = " ".join(words[at : at + length])
            for target in self._medicines.find(told, fuzzy=False)[:1]:
                group, _, member = target.partition(":")
                return length, Asked(kind="medicine", id=group, words=told, member=member)
        return 1, None

    def _ends(self, words: list[str], name: str) -> set[int]:
        """The places behind each phrase of a word class."""
        phrases, longest = self._classes[name], self._lengths[name]
        return {
            at + length
            for at in range(len(words))
            for length in range(1, min(longest, len(words) - at) + 1)
            if tuple(words[at : at + length]) in phrases
        }


def _words(text: str) -> list[str]:
    return WORD.findall(text.lower().replace("’", "'"))

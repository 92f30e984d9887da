"""Finds medicines and supplements in plain words: whose they are, left or taken, and what stands beside."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain, islice
from typing import Literal

from rapidfuzz import process
from rapidfuzz.distance import OSA

from stillwell.case.doses import COUNTS, count_before
from stillwell.case.medicines_unknown import UnknownMedicines
from stillwell.case.sentences import Grammar, Segment, Whose, statements
from stillwell.knowledge.kept_patterns import compiled
from stillwell.knowledge.phrases import any_of, longest_first, tokens

Status = Literal["taking", "stopped", "past", "wished", "other"]
LATER = 60  # words after a name among which it may still be said what became of it
FUZZY_FROM = 6  # letters below which a name is matched exactly
LONGEST = 30  # letters above which no word is a medicine
ADVICE_REACH = 5  # words between a word of advice and the verb that it advises
REFUSED_REACH = 4  # words before a name among which it may be refused
LATER = 24  # words after a name that may still speak of it
LONG = 9  # letters from which two slips are allowed
CUE_REACH = 6  # words before a name among which a word of taking may stand
WISH_REACH = 9  # words before a name among which it may be wished for
PLAN_REACH = 8  # words before a name among which the day of its start may stand
BESIDE = 40  # words on either side of a name that are kept with it
_UNIT = compiled(r"(?:mg|mcg|ug|µg|g|iu|ius|units?|ml|micrograms?|milligrams?)\b")
_AMOUNT = compiled(r"\d[\d.,]*(?:mg|mcg|ug|µg|g|iu|ml|k)?")
_IN_BRACKETS = compiled(r"\(\s?([\w' -]{3,40})\s?\)")
_SAINT = compiled(r"\b(st)\.(?= ?john)", re.IGNORECASE)
_LETTER_AND_NUMBER = compiled(r"[a-z] \d+")
_UNTIL_DATE = compiled(r"(?:until|till) (?:(?:19|20)\d\d|\d+ (?:months?|years?) ago)\b")
_WHEN = (  # what may stand between a word of leaving and the end of a note on one medicine
    r"(?:(?:\s+|/)(?:in|since|on|at|about|around|last|this|the|end|of|a|ago|now|week|weeks|month|months|year|"
    r"years|day|days|yesterday|by|my|gp|doctor|early|late|[a-z]{3,9}day|jan\w*|feb\w*|mar\w*|apr\w*|may|"
    r"june?|july?|aug\w*|sep\w*|oct\w*|nov\w*|dec\w*|\d[\d/]*)){0,8}"
)


@dataclass(frozen=True)
class NamedMedicine:
    """A medicine or supplement in a text: its words, "class:member", and what stands beside it.

    `targets` of a word for several classes ("water tablet") names them all; the word is one medicine.
    A medicine that is not known here has none.
    """

    told: str
    targets: list[str]
    status: Status
    before: str
    after: str

    @property
    def stopped(self) -> bool:
        """Whether it was left of late."""
        return self.status == "stopped"

    @property
    def counts(self) -> bool:
        """Whether it is taken, or was left of late."""
        return self.status in ("taking", "stopped")


@dataclass
class _Walk:
    """What the words of a segment have said so far, by the place of the word that said it."""

    cue: int = -99
    wish: int = -99
    wished_verb: bool = False
    stopped: bool = False
    denied: bool = False
    refused: int = -99
    general: int = -99
    past: bool = False
    in_list: bool = field(default=False)


class MedicineNames:
    """Every name of a medicine or supplement, and where it stands in a text.

    Args:
        names: name -> "class:member" or "class:".
        grammar: the small words of the lexicon.
        english: words in common use, each between line ends: none is a misspelt medicine.
    """

    def __init__(self, names: dict[str, list[str]], grammar: Grammar, english: str) -> None:
        self.names = {**_as_spoken(names), **names}
        names = self.names
        self.grammar = grammar
        self.strange = UnknownMedicines(grammar, english)
        self.lexicon = grammar.words
        self.english = english
        self._alike: dict[tuple[str, int], list[str]] = {}
        for name in names:
            if len(name) >= FUZZY_FROM - 1 and " " not in name:
                self._alike.setdefault((name[0], len(name)), []).append(name)
        self.longest_name = max((len(n.split()) for n in names), default=1)
        self.words = {w for name in names for w in name.split()}
        self.first_words = {n.split()[0] for n in names} | {n.split()[0] + "s" for n in names}
        self._near = lru_cache(maxsize=4096)(self._nearest)
        self._offered = any_of(self.lexicon["offered_later"])
        self._asked = any_of(self.lexicon["later_asked"])
        self._not_begun = any_of(self.lexicon["not_begun_later"])
        self._left_later = any_of(self.lexicon["stopped_later"])
        left = "|".join(map(re.escape, longest_first(self.lexicon["left_after"])))
        self._left_note = compiled(
            rf"\s{{0,3}}(?:[(\[,;:]|\s[-–—])\s{{0,3}}((?:{left}){_WHEN})\s{{0,3}}(?=[)\].,;\n]|$)",
            re.IGNORECASE,
        )

    def named(self, text: str) -> list[NamedMedicine]:
        """Each medicine or supplement that the teller takes or left of late.

        What is denied ("not on statins"), long past, wished for, asked about or a relative's is left out.
        """
        return [m for m in self.told(text) if m.counts]

    def told(self, text: str) -> list[NamedMedicine]:
        """Each known medicine or supplement that a text names, with its status."""
        return [m for m in self.mentions(text) if m.targets]

    def mentions(self, text: str) -> list[NamedMedicine]:
        """Each medicine or supplement that a text names, with its status; also what is not known here."""
        found: list[NamedMedicine] = []
        headed = False
        text = _SAINT.sub(r"\1", text)
        text = _IN_BRACKETS.sub(self._unbracketed, text)
        text = self._left_note.sub(r" \1", text)  # "warfarin (stopped 2019)" is one statement
        sentences = statements(text, self.grammar)
        of_kin = self._speaks_of_kin(sentences)
        for number, sentence in enumerate(sentences):
            if not of_kin and self._only_kin_takes(sentence):
                for segment in sentence:
                    segment.whose = [Whose.RELATIVE] * len(segment.words)
            walk = _Walk(in_list=headed)
            for at, segment in enumerate(sentence):
                following = sentence[at + 1].words if at + 1 < len(sentence) else []
                goes_on = following[:BESIDE] if following and _goes_on(following[0]) else []
                after = chain(islice(sentence, at + 1, None), *sentences[number + 1 : number + 2])
                later = list(islice((w for s in after for w in s.words), LATER))
                found += self._medicines_in(segment, goes_on, following, later, walk)
            headed = self._heads_a_list(sentence)
        return found

    def _unbracketed(self, found: re.Match[str]) -> str:
        """The words of a bracket that only names a medicine, without it ("chemo (oxaliplatin) in 2019")."""
        return f" {found[1]} " if self.find(found[1], fuzzy=False) else found[0]

    def _speaks_of_kin(self, sentences: list[list[Segment]]) -> bool:
        """Whether a text goes on about somebody else ("my husband takes lithium. He is confused")."""
        return any(
            {*segment.words} & self.lexicon["third_person"]
            for sentence in sentences
            for segment in sentence
        )

    def _only_kin_takes(self, sentence: list[Segment]) -> bool:
        """Whether a sentence says of a relative that they take something, and nothing else of them."""
        words = [w for segment in sentence for w in segment.words]
        kin = {w for w in words if w.removesuffix("'s") in self.lexicon["kin"]}
        said = self.lexicon["taking"] | self.lexicon["only_taking"] | self.words | kin
        rest = [w for w in words if w not in said and not (_AMOUNT.match(w) or _UNIT.fullmatch(w))]
        return bool(kin) and not rest and "i" not in words

    def _heads_a_list(self, sentence: list[Segment]) -> bool:
        """Whether a sentence only opens a list ("Current medication:")."""
        words = [w for s in sentence for w in s.words]
        return len(words) <= 6 and bool(words) and words[-1] in self.lexicon["taking"]

    def _medicines_in(
        self,
        segment: Segment,
        goes_on: list[str],
        following: list[str],
        later: list[str],
        carried: _Walk,
    ) -> Iterator[NamedMedicine]:
        raw = segment.words
        walk = _Walk(in_list=carried.in_list, denied=carried.denied, stopped=carried.stopped)
        if not walk.in_list:
            walk.denied = walk.stopped = False
        elif carried.wished_verb:
            walk.wish, walk.wished_verb = 0, True
        at = since = 0
        any_name = False
        while at < len(raw):
            length, targets = self._name_at(raw, at)
            if not targets:
                length = self.strange.length_at(raw, at, walk.in_list)
            if not length:
                self._step(raw, at, walk)
                at += 1
                continue
            name = " ".join(raw[at : at + length])
            after = [*raw[at + length : at + length + BESIDE], *goes_on]
            cued = at - walk.cue <= CUE_REACH
            open_ = not walk.denied and at - walk.refused > REFUSED_REACH
            status = self._status(name, segment, at, length, after, following, walk)
            said = [*raw[at + length :], *later][:LATER]
            status = self._settled(status, open_, cued, self._till_next_name(said))
            if status is not None:
                before = " ".join(raw[max(since, at - BESIDE) : at])
                any_name = True
                yield NamedMedicine(name, targets, status, before, " ".join(after))
            at = since = at + length
        carried.in_list = (
            any_name
            or (walk.cue >= 0 and not raw[-1].isalpha())
            or (carried.in_list and len(raw) <= 4 and _AMOUNT.match(raw[0]) is not None)
        )
        carried.denied, carried.stopped = walk.denied, walk.stopped
        carried.wished_verb = walk.wished_verb

    def _till_next_name(self, said: list[str]) -> str:
        """Words up to the next name of a medicine."""
        for at in range(len(said)):
            if self._name_at(said, at)[1]:
                return " ".join(said[:at])
        return " ".join(said)

    def _name_at(self, raw: list[str], at: int) -> tuple[int, list[str]]:
        first = raw[at]
        if first in self.first_words:
            for length in range(min(self.longest_name, len(raw) - at), 0, -1):
                targets = self.find(" ".join(raw[at : at + length]), fuzzy=False)
                if targets:
                    return length, targets
        return 1, self._near(first) if len(first) >= FUZZY_FROM else []

    # ---- what the words before a name say ------------------------------------------------------

    def _step(self, raw: list[str], at: int, walk: _Walk) -> None:
        word, words = raw[at], self.lexicon
        pair = " ".join(raw[at : at + 2])
        both = {word, pair}
        if both & words["stopping"] and not (
            self._is_of_sleep(raw, at) or self._is_lived_on(raw, at)
        ):
            walk.stopped = True
            if at - walk.wish < WISH_REACH:  # "I want to stop sertraline": it is taken
                walk.stopped, walk.wish, walk.wished_verb, walk.cue = False, -99, False, at
                return
        elif both & words["starting"] and raw[at - 1 : at] != ["longer"]:
            walk.stopped = False
        if both & words["wishing"] and not (word == "if" and at + 1 < len(raw)):
            walk.wish = at
            walk.wished_verb = False
        if both & words["continuing"] and at - walk.wish < WISH_REACH:
            walk.wish, walk.wished_verb, walk.cue = -99, False, at  # "should I keep taking it"
            return
        if word in words["taking"]:
            walk.cue = at
            if word not in words["joined"]:
                walk.wished_verb = walk.wished_verb or at - walk.wish < WISH_REACH
        if both & words["wishing_alone"] or self._is_advised(raw, at):
            walk.wish, walk.wished_verb = at, True
        if word in ("my", "with"):  # "... with my ramipril": it is taken
            walk.wish, walk.wished_verb = -99, False
        if word in words["refusing"]:
            walk.refused = at
        if word in words["in_general"]:
            walk.general = at
        if word in words["negation"]:
            walk.denied = word not in words["restart"]
            if raw[at + 1 : at + 2] == ["longer"]:
                walk.denied, walk.stopped = False, True
        elif walk.denied and word not in words["denial_link"]:
            walk.denied = False
        if pair == "used to" or f" {word}" in (" previously", " formerly"):
            walk.past = True

    def _is_of_sleep(self, raw: list[str], at: int) -> bool:
        """Whether "off" tells of falling asleep ("when I can't get off", "to nod off")."""
        first = at - 1 if raw[at] == "off" else at
        if (
            raw[max(first, 0) + 1 : first + 2] != ["off"]
            or raw[first] not in self.lexicon["off_to_sleep"]
        ):
            return False
        denied = first > 0 and (
            raw[first - 1].endswith("n't") or raw[first - 1] in ("cannot", "cant")
        )
        return raw[first] != "get" or denied or raw[first + 2 : first + 4] == ["to", "sleep"]

    def _is_lived_on(self, raw: list[str], at: int) -> bool:
        """Whether "off" tells what somebody lives on: "living off Monster", "running off coffee"."""
        return raw[at] == "off" and bool(set(raw[max(0, at - 1) : at]) & self.lexicon["lives_off"])

    def _is_advised(self, raw: list[str], at: int) -> bool:
        """Whether a verb of taking is advised or asked about: "my mate said take", "is it OK to try"."""
        words = self.lexicon
        if raw[at] not in words["advised_verb"]:
            return False
        between: set[str] = set()
        for before in range(at - 1, max(-1, at - 1 - ADVICE_REACH), -1):
            word = raw[before]
            if word in words["advising"]:
                own = bool(between & words["first_person"]) and not between & words["ought"]
                by = set(raw[before - 1 : before]) & {"i", "i've", "you"}
                return not own and not (by and word in words["reports"])
            if word not in words["advice_link"]:
                return False
            between.add(word)
        return False

    # ---- the status of a name ------------------------------------------------------------------

    def _status(
        self,
        name: str,
        segment: Segment,
        at: int,
        length: int,
        after: list[str],
        following: list[str],
        walk: _Walk,
    ) -> Status | None:
        """How a name stands; None where it is no medicine here."""
        raw, words = segment.words, self.lexicon
        follows = after[0] if after else ""
        dosed = self._has_dose(raw, at, after)
        weak = name in words["weak_medicine"] or len(name) <= 3 or name in words["dose_only"]
        weak = weak or bool(_LETTER_AND_NUMBER.fullmatch(name))
        if name in words["dose_only"] and not dosed:
            return None
        level = at > 0 and raw[at - 1] in words["result_side"]
        if weak and (level or follows in words["no_medicine"]):
            return None
        if follows in words["no_medicine"]:
            return "other"
        if weak and not dosed and self._is_food_for_it(raw, at):
            return None
        if weak and not dosed and not self._goes_with_dose(raw, at + length):
            cued = at - walk.cue <= CUE_REACH or walk.in_list or follows in words["as_medicine"]
            if not cued or follows in words["lab_food"] - words["as_medicine"]:
                return None
        if segment.whose[at] or walk.denied or at - walk.refused <= REFUSED_REACH:
            return "other"
        if at - walk.general <= 6 and not dosed:
            return "other"
        if self._is_past(raw, at, following, walk) or self._is_finished(raw, at, after):
            return "past"
        if self._is_wished(raw, at, after, walk):
            return "wished"
        if walk.stopped or self._is_left(after):
            return "stopped"
        if raw[max(0, at - 2) : at] == ["was", "on"]:
            return "stopped"
        walk.cue = at
        return "taking"

    def _is_food_for_it(self, raw: list[str], at: int) -> bool:
        """Whether a food is eaten for what is named ("liver pate for iron"), and no tablet is taken."""
        near = raw[max(0, at - 3) : at]
        if "for" not in near or near[-1] not in ("for", "the", "my", "its", "their", "more"):
            return False
        return not set(raw[max(0, at - 8) : at]) & self.lexicon["as_medicine"]

    def _goes_with_dose(self, raw: list[str], at: int) -> bool:
        """Whether a name is joined to another that has a dose ("K2 and D3 2000 IU")."""
        if raw[at : at + 1] not in (["and"], ["plus"], ["with"]) or at + 1 >= len(raw):
            return False
        length, targets = self._name_at(raw, at + 1)
        after = raw[at + 1 + length : at + 4 + length]
        return bool(targets) and any(_UNIT.fullmatch(w) for w in after)

    def _is_left(self, after: list[str]) -> bool:
        """Whether what follows a name and its dose says that it was left."""
        rest = list(after[:12])
        often = {
            "a",
            "day",
            "daily",
            "once",
            "twice",
            "weekly",
            "week",
            "nightly",
            "tablet",
            "tablets",
        }
        while rest and (_AMOUNT.fullmatch(rest[0]) or _UNIT.fullmatch(rest[0]) or rest[0] in often):
            rest.pop(0)
        left = " ".join(rest[:4])
        starts = any(f"{left} ".startswith(f"{w} ") for w in self.lexicon["left_after"])
        return starts or bool(_UNTIL_DATE.match(left))

    def _has_dose(self, raw: list[str], at: int, after: list[str]) -> bool:
        """Whether an amount stands after a name, or right before it ("400 iu vitamin d")."""
        for here in range(min(3, len(after))):
            if _AMOUNT.fullmatch(after[here]):
                unit = after[here + 1] if here + 1 < len(after) else ""
                return bool(_UNIT.match(unit)) or not after[here].isdigit() or int(after[here]) > 9
            if after[here] not in self.lexicon["as_medicine"]:
                break
        near = raw[max(0, at - 3) : at]
        if (
            " ".join(raw[at : at + 2]) in self.lexicon["counted_food"]
            and count_before(" ".join(near)) != 1
        ):
            return True
        return any(_UNIT.fullmatch(w) for w in near) and any(w[0].isdigit() for w in near)

    def _is_past(self, raw: list[str], at: int, following: list[str], walk: _Walk) -> bool:
        if walk.past:
            return True
        around = " ".join(raw[max(0, at - 12) : at + 12])
        if following and len(following) <= 6:
            around += " " + " ".join(following)
        around = re.sub(r"\b(?:since|until|for) (?:last|a) (?:year|month)\b", "", around)
        dated = re.search(r" in (?:19|20)\d\d ", f" {around} ")
        if not dated and not any(f" {w} " in f" {around} " for w in self.lexicon["past_medicine"]):
            return raw[max(0, at - 1) : at] == ["tried"]
        near = set(raw[max(0, at - CUE_REACH) : at])
        put_on = re.search(
            r"\bput (?:\w+ ){0,3}(?:on|onto) ", f"{' '.join(raw[max(0, at - 8) : at])} "
        )
        left = walk.stopped or near & self.lexicon["stopping"]
        begun = self.lexicon["began_medicine"] - (frozenset(["taking"]) if left else frozenset())
        began = bool(put_on or near & begun)
        return bool(near & self.lexicon["past_cue"]) and not began

    def _is_finished(self, raw: list[str], at: int, after: list[str]) -> bool:
        """Whether a course is said to have ended, and not of late ("finished oxaliplatin in March")."""
        if not set(raw[max(0, at - CUE_REACH) : at]) & self.lexicon["finishing"]:
            return False
        return not set(after[:CUE_REACH]) & self.lexicon["of_late"]

    def _settled(self, status: Status | None, open_: bool, cued: bool, later: str) -> Status | None:
        """The status, as what is said of the medicine after its name turns it.

        Args:
            open_: it was neither denied nor refused.
            cued: a word of taking stands before the name.
            later: the words after the name, up to the next.
        """
        if (
            status == "other"
            and open_
            and (self._offered.search(later) or self._asked.search(later))
        ):
            return "wished"
        if status != "taking":
            return status
        asked = self._offered.search(later) or (not cued and self._asked.search(later))
        if asked or self._not_begun.search(later):
            return "wished"
        return "stopped" if self._left_later.search(later) else status

    def _is_wished(self, raw: list[str], at: int, after: list[str], walk: _Walk) -> bool:
        taken_since = " ".join(after)
        if re.search(
            r"\b(?:started it|taking it|been taking|on it now|started taking)\b", taken_since
        ):
            return False
        if at - walk.wish <= WISH_REACH and walk.wished_verb:
            return True
        starts = set(raw[max(0, at - 3) : at]) & self.lexicon["planned_verb"]
        ahead = f" {' '.join(raw[max(0, at - PLAN_REACH) : at])} | {' '.join(after[:8])} "
        if starts and any(f" {day} " in ahead for day in self.lexicon["planned_day"]):
            return True
        asked = set(raw[max(0, at - 3) : at]) & self.lexicon["does_it"]
        helps = set(after[:4]) & self.lexicon["helping"]
        mine = raw[at - 1 : at] == ["my"]
        return bool(asked and helps and not mine)

    def entry_status(self, words: str, named: NamedMedicine) -> Status:
        """The status of an entry of a list: taken, unless its own words say else.

        Args:
            words: the entry with its dose and duration.
            named: the medicine as it was read in them.
        """
        low = f" {' '.join(re.findall(r'[a-z0-9]+', words.lower().replace(chr(0x2019), ' ')))} "
        if set(low.split()) & self.lexicon["kin"]:
            return "other"
        if any(f" {w} " in low for w in self.lexicon["planned_entry"]):
            return "wished"
        return named.status if named.status in ("stopped", "past") else "taking"

    # ---- names ---------------------------------------------------------------------------------

    def find(self, name: str, fuzzy: bool = True) -> list[str]:
        """Targets "class:member" of a medicine or supplement name, misspelt too."""
        key = " ".join(name.lower().split()).replace("sulph", "sulf")
        plurals = (key.removesuffix("s"), key + "s") if len(key) > 3 else ()
        for candidate in (key, *plurals):
            if candidate in self.names and (
                candidate == key or candidate not in self.lexicon["no_plural"]
            ):
                return self.names[candidate]
        return self._near(key) if fuzzy else []

    def _nearest(self, key: str) -> list[str]:
        """The medicine of which a word is a misspelling: never one in common use, nor a short one."""
        if not FUZZY_FROM <= len(key) <= LONGEST or not key.isalpha():
            return []
        slips = 1 if len(key) < LONG else 2
        alike = [
            name
            for size in range(len(key) - slips, len(key) + slips + 1)
            for name in self._alike.get((key[0], size), ())
        ]
        near = process.extractOne(key, alike, scorer=OSA.distance, score_cutoff=slips)
        if near is None or key in self.lexicon["never_medicine"]:
            return []
        common = any(f"\n{w}\n" in self.english for w in (key, key.removesuffix("s")))
        return [] if common else self.names[near[0]]


def _goes_on(word: str) -> bool:
    """Whether a word after a comma goes on about the dose ("500 mg, one tablet twice a day")."""
    return word[0].isdigit() or word in COUNTS or word in ("once", "twice")


def _as_spoken(names: dict[str, list[str]]) -> dict[str, list[str]]:
    """Names with a hyphen as the words they are read as ("co-codamol" is "co codamol")."""
    parted = {" ".join(tokens(name)): targets for name, targets in names.items() if "-" in name}
    return {
        name: targets
        for name, targets in parted.items()
        if any(w.isalpha() and len(w) > 1 for w in name.split())
        or _LETTER_AND_NUMBER.fullmatch(name)
    }

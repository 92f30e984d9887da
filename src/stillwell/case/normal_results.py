"""Reads results that are told only as normal: groups of tests ("FBC/U&E/TFT normal") or all of them ("bloods all normal")."""

from __future__ import annotations

import re

from stillwell.case.lab_names import names_of_tests
from stillwell.case.model import Lab
from stillwell.case.test_lists import TestList, TestLists, plain
from stillwell.knowledge.kept_patterns import compiled
from stillwell.knowledge.phrases import either
from stillwell.knowledge.store import Knowledge
from stillwell.language.marks import asks_in, sentence_at

LATER = 24  # characters after "normal" that may say when
SHORT = 3  # letters of a name of a test that may be another word
_LONG_AGO = compiled(
    r"\blast year\b|\b(?:months|years?) (?:ago|back)\b|\bin (?:19|20)\d\d\b", re.IGNORECASE
)
BETWEEN = 6  # words that may stand between the tests and "normal"


class NormalResults:
    """Finds groups of tests, and tests without a name, that are told to be normal."""

    def __init__(self, known: Knowledge) -> None:
        lexicon = known.base.lexicon
        said = known.base.wording.readings
        self.said, self.said_before = said["normal_unnamed"], said["normal_before"]
        self.said_unknown = said["unknown_test"]
        groups = [entry.split(" = ") for entry in lexicon["test_groups"]]
        self.groups = {name: ids.split(" ") for name, ids in groups}
        tests = {name: [test.id] for name, test in names_of_tests(known).items()}
        organs = [entry.split(" = ") for entry in lexicon["tests_in_list"]]
        self.organs = {name: ids.split(" ") for name, ids in organs}
        others = {name: list[str]() for name in lexicon["other_tests"]}
        self.ids = others | self.organs | tests | self.groups
        short = {name: len(name) <= SHORT and name not in self.groups for name in self.ids}
        self.lists = TestLists(short, lexicon["tests_announced"])
        self.guesses = frozenset([*lexicon["lab_guess"], *lexicon["lab_wish"]])
        self.goes_on = frozenset(lexicon["normal_goes_on"])
        self.no_result = frozenset(lexicon["lab_food"])
        between = either(lexicon["normal_between"])
        self.verb = verb = rf"(?:'s|,|:| ?[-–—]| ?=)?(?: (?:{between})){{0,{BETWEEN}}}"
        normal = either([*lexicon["said_normal"], *lexicon["said_normal_too"]])
        self.after = compiled(rf"[)\]]?{verb} [(\[]?(?P<normal>{normal})(?![\w'])", re.IGNORECASE)
        self.before = compiled(rf"(?<![\w/'])(?:{normal}) (?=[a-z])", re.IGNORECASE)
        names = either(lexicon["tests_unnamed"])
        self.unnamed = compiled(
            rf"(?<![\w/])(?:(?P<words>(?:my |all |all my |the )?(?:{names})(?: and (?:{names}))?{verb} (?:{normal})(?![\w']))"
            rf"|(?:{normal}) (?P<after>{names})(?![\w']))",
            re.IGNORECASE,
        )
        self.not_normal = compiled(r"\b(?:not|no|never|n't|aren't|isn't|wasn't|weren't)$", re.I)

    def in_lists(self, text: str) -> tuple[list[Lab], list[str], str]:
        """(tests of lists told as normal, notes on what is not used of them, the text without them).

        What is told of one of these tests by itself holds against its list ("K 3.1, U&Es otherwise normal").
        """
        labs: list[Lab] = []
        notes: list[str] = []
        kept, at = [], 0
        for start, stop, names in self._listed(text):
            if start < at:
                continue
            kept.append(text[at:start])
            at = stop
            if _LONG_AGO.search(text[start : stop + LATER]):
                notes.append(self.said_before.format(words=text[start:stop].strip()))
                continue
            for name in names:
                ids = self.ids[plain(name)]
                labs += [Lab(name=i, flag="normal") for i in ids]
                if not ids:
                    notes.append(self.said_unknown.format(words=f"{name} {NORMAL}"))
        return labs, notes, " ".join([*kept, text[at:]]) if at else text

    def without_names(self, text: str) -> tuple[list[str], str]:
        """(notes on tests without a name that are told as normal, the text without them)."""
        notes: list[str] = []

        def of_none(found: re.Match[str]) -> str:
            if self._denied(found.string, found.start()):
                return found[0]
            notes.append(self.said.format(words=found[0].strip()))
            return " "

        text = self.unnamed.sub(of_none, text)
        return notes, text

    def _listed(self, text: str) -> list[tuple[int, int, list[str]]]:
        """(start, stop, names) of each list of tests that is told to be normal, by place."""
        found = []
        for said in self.after.finditer(text):
            tests = self.lists.ending_at(text, said.start())
            if tests is not None and self._counts(text, tests, said.end()):
                found.append((tests.start, said.end(), tests.names))
        for said in self.before.finditer(text):
            tests = self.lists.starting_at(text, said.end())
            if tests is not None and self._counts(text, tests, tests.stop, said.start()):
                found.append((said.start(), tests.stop, tests.names))
        return sorted(found)

    def _counts(self, text: str, tests: TestList, stop: int, start: int | None = None) -> bool:
        """Whether a list is told as a result of now: not denied, asked, guessed or of food ("B12 is good for you")."""
        start = tests.start if start is None else start
        if self._denied(text, start):
            return False
        first, last = sentence_at(text, start)
        if asks_in(text[first : last + 1]):
            return False
        told = [name for name in map(plain, tests.names) if name not in self.organs]
        if not told:
            return False  # a thyroid that is normal may have been felt or scanned
        if any(name in self.groups for name in told):
            return True
        before = set(re.findall(r"[a-z']+", text[first:start].lower()))
        behind = re.match(r"\s*([a-z]+)", text[stop : stop + LATER].lower())
        word = behind[1] if behind else ""
        return len(tests.names) > 1 and not (
            before & self.guesses or word in self.no_result or word in self.goes_on
        )

    def _denied(self, text: str, start: int) -> bool:
        return self.not_normal.search(text[max(0, start - 12) : start].rstrip()) is not None


NORMAL = "normal"

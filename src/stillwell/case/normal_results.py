"""Reads results that are told only as normal: a group of tests ("U&E normal") or all of them ("bloods all normal")."""

from __future__ import annotations

import re

from stillwell.case.model import Lab
from stillwell.knowledge.phrases import either
from stillwell.knowledge.store import Knowledge

LATER = 24  # characters after "normal" that may say when
_LONG_AGO = re.compile(
    r"\blast year\b|\b(?:months|years?) (?:ago|back)\b|\bin (?:19|20)\d\d\b", re.IGNORECASE
)
BETWEEN = 6  # words that may stand between the tests and "normal"


class NormalResults:
    """Finds groups of tests, and tests without a name, that are told to be normal."""

    def __init__(self, known: Knowledge) -> None:
        lexicon = known.base.lexicon
        self.said = known.base.wording.readings["normal_unnamed"]
        self.said_before = known.base.wording.readings["normal_before"]
        groups = [entry.split(" = ") for entry in lexicon["test_groups"]]
        self.groups = {name: ids.split(" ") for name, ids in groups}
        between = either(lexicon["normal_between"])
        verb = rf"(?:'s|,|:| -)?(?: (?:{between})){{0,{BETWEEN}}}"
        normal = either([*lexicon["said_normal"], *lexicon["said_normal_too"]])
        name = rf"(?:{either(self.groups)})"
        self.group = re.compile(
            rf"(?<![\w/])(?P<names>{name}(?:(?:, | and | & |/){name}){{0,5}}){verb} (?:{normal})(?![\w'])",
            re.IGNORECASE,
        )
        self.name = re.compile(rf"(?<![\w/]){name}(?![\w'])", re.IGNORECASE)
        names = either(lexicon["tests_unnamed"])
        self.unnamed = re.compile(
            rf"(?<![\w/])(?:(?P<words>(?:my |all |all my |the )?(?:{names})(?: and (?:{names}))?{verb} (?:{normal})(?![\w']))"
            rf"|(?:{normal}) (?P<after>{names})(?![\w']))",
            re.IGNORECASE,
        )
        self.not_normal = re.compile(r"\b(?:not|no|never|n't|aren't|isn't|wasn't|weren't)$", re.I)

    def read(self, text: str, told: list[Lab]) -> tuple[list[Lab], list[str], str]:
        """(results told as normal, notes on those whose test is not named, the text without both).

        Args:
            told: results read before, which hold against a group.
        """
        have = {lab.name for lab in told}
        labs: list[Lab] = []
        notes: list[str] = []

        def of_group(found: re.Match[str]) -> str:
            if self._denied(found):
                return found[0]
            if _LONG_AGO.search(found[0] + found.string[found.end() : found.end() + LATER]):
                notes.append(self.said_before.format(words=found[0].strip()))
                return " "
            for one in self.name.findall(found["names"]):
                ids = self.groups[" ".join(one.lower().split())]
                labs.extend(Lab(name=i, flag="normal") for i in ids if i not in have)
            return " "

        def of_none(found: re.Match[str]) -> str:
            if self._denied(found):
                return found[0]
            notes.append(self.said.format(words=found[0].strip()))
            return " "

        text = self.group.sub(of_group, text)
        text = self.unnamed.sub(of_none, text)
        return labs, notes, text

    def _denied(self, found: re.Match[str]) -> bool:
        before = found.string[max(0, found.start() - 12) : found.start()].rstrip()
        return self.not_normal.search(before) is not None

"""Tells whether a text says that the patient takes no medicine at all: "no meds", "on nowt", "don't take anything"."""

from __future__ import annotations

from functools import lru_cache

from stillwell.case.sentences import NOT_SAID, Grammar, Whose, statements
from stillwell.knowledge.late_pattern import LatePattern
from stillwell.knowledge.phrases import any_of

AFTER = 2  # words after the saying that may make it another thing ("no tablets have helped")
BEFORE = 3  # words before it that may ("when I was on nothing")


@lru_cache(maxsize=4)
def _patterns(
    sayings: frozenset[str], after: frozenset[str], before: frozenset[str]
) -> tuple[LatePattern, LatePattern, LatePattern]:
    return any_of(sayings), any_of(after), any_of(before)


def takes_none(text: str, grammar: Grammar) -> str:
    """The words in which a text says of the patient, and of now, that no medicine is taken; "" where it does not."""
    words = grammar.words
    saying, another, of_then = _patterns(
        words["takes_none"], words["takes_none_not"], words["takes_none_before"]
    )
    for sentence in statements(text, grammar):
        for segment in sentence:
            told = " ".join(segment.words)
            found = saying.search(told)
            if found is None:
                continue
            at = len(told[: found.start()].split())
            after = " ".join(told[found.end() :].split()[:AFTER])
            before = " ".join(told[: found.start()].split()[-BEFORE:])
            if segment.whose[at] is Whose.PATIENT and not (
                another.search(after) or of_then.search(before)
            ):
                return found[0].partition(f" {NOT_SAID}")[0]
    return ""

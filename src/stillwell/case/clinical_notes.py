"""Puts what clinical notes write in figures into words that the trained reader knows: "power 4/5" is a weakness."""

from __future__ import annotations

import re

from stillwell.case.sentences import Grammar
from stillwell.knowledge.kept_patterns import compiled

FULL = 5  # the grade of full power (Medical Research Council scale)
_NAMED = compiled(
    r"\b(?P<name>(?:muscle |motor )?(?:power|strength)|mrc(?: (?:grade|power|scale))?)"
    r"(?P<link>(?: (?:is|was|of|at|now|only|grade|grossly|throughout|in|both|legs?|arms?|the|left|right"
    r"|lower limbs?|ll|upper limbs?|ul|hips?|flexors?|knees?|ankles?)){0,6}[:=, ]{1,3})"
    r"(?P<grade>[0-5])(?:[+-]|\.5)? ?/ ?5(?![\d/])(?P<both>(?: bilaterally)?)",
    re.IGNORECASE,
)
_AFTER = compiled(
    r"(?<![\d/.])(?P<grade>[0-5])(?:[+-]|\.5)? ?/ ?5(?![\d/]) (?P<name>(?:muscle )?(?:power|strength|weakness))\b",
    re.IGNORECASE,
)
_OF_NAME = compiled(r"^ (?:is|was|of|at|now|only|grade|grossly|throughout)\b|[:=,]", re.IGNORECASE)


def in_known_words(text: str, grammar: Grammar) -> str:
    """A text with power grades and rare words as words that the trained reader knows.

    Grades under 5 are a weakness, 5 of 5 is normal strength.

    Source: Medical Research Council scale, on which 5 is normal power.
    """

    def named(found: re.Match[str]) -> str:
        where = " ".join(_OF_NAME.sub(" ", found["link"]).split())
        return f"{_strength(found['grade'])} {where}".rstrip() + found["both"]

    text = _NAMED.sub(named, text)
    text = _AFTER.sub(lambda m: _strength(m["grade"]), text)
    return grammar.in_known_words(text)


def _strength(grade: str) -> str:
    return "weakness" if int(grade) < FULL else "normal strength"

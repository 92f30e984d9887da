"""Reads numbers that are written as words: "seventy-one", "six point nine", "one thirty six"."""

from __future__ import annotations

import re

from stillwell.knowledge.kept_patterns import compiled
from stillwell.knowledge.phrases import longest_first

ONES = {
    w: n
    for n, w in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
        ]
    )
}
TENS = {
    w: 10 * n
    for n, w in enumerate(
        ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"), start=2
    )
} | {"fourty": 40}
_DIGIT = "zero|oh|one|two|three|four|five|six|seven|eight|nine"
_WORD = "|".join(longest_first({*ONES, *TENS}))
LONGEST = 5  # number words in a row that can make one number ("one hundred and thirty six")
NUMBER_WORDS = (
    rf"(?<![\w-])(?:a\s{{1,3}}hundred|(?:{_WORD}))(?:[\s-]{{1,3}}(?:and\s{{1,3}})?(?:hundred|oh|{_WORD}))"
    rf"{{0,{LONGEST - 1}}}(?:\s{{1,3}}point(?:\s{{1,3}}(?:{_DIGIT})){{1,3}})?(?![\w-])"
)
_WRITTEN = compiled(NUMBER_WORDS, re.IGNORECASE)


def number_of(words: str) -> float | None:
    """The number that words mean, or None where they mean none ("one two").

    >>> number_of("seventy-one"), number_of("six point nine"), number_of("one thirty six")
    (71.0, 6.9, 136.0)
    """
    whole, _, decimals = words.lower().replace("-", " ").partition(" point ")
    parts = [w for w in whole.split() if w not in ("and", "a")]
    value = _hundreds(parts) if "hundred" in parts else _spoken(parts)
    if value is None:
        return None
    figures = "".join(str(0 if w == "oh" else ONES[w]) for w in decimals.split())
    return float(f"{value}.{figures}") if figures else float(value)


def _hundreds(parts: list[str]) -> int | None:
    at = parts.index("hundred")
    first = 1 if at == 0 else _below_hundred(parts[:at])
    rest = _below_hundred(parts[at + 1 :]) if parts[at + 1 :] else 0
    return None if first is None or rest is None else 100 * first + rest


def _spoken(parts: list[str]) -> int | None:
    """A number below a hundred, or one said digit by group ("one thirty six" is 136)."""
    small = _below_hundred(parts)
    if small is not None:
        return small
    first = ONES.get(parts[0], 0)
    if not 1 <= first <= 9:
        return None
    rest = parts[1:]
    if rest[0] == "oh":
        last = _below_hundred(rest[1:])
        return None if last is None or last > 9 else 100 * first + last
    tail = _below_hundred(rest)
    return None if tail is None or tail < 10 else 100 * first + tail


def _below_hundred(parts: list[str]) -> int | None:
    if len(parts) == 1:
        return ONES.get(parts[0], TENS.get(parts[0]))
    if len(parts) == 2 and parts[0] in TENS and 1 <= ONES.get(parts[1], 0) <= 9:
        return TENS[parts[0]] + ONES[parts[1]]
    return None


def with_figures(text: str) -> str:
    """A text with the numbers that are written as words put in figures."""

    def figure(found: re.Match[str]) -> str:
        value = number_of(" ".join(found[0].split()))
        return found[0] if value is None else f"{value:g}"

    return _WRITTEN.sub(figure, text)

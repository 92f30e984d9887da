"""Words of a text and their stems, for exact readers and searches."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, lru_cache
from unicodedata import combining, normalize

from stillwell.knowledge.kept_patterns import compiled
from stillwell.knowledge.late_pattern import LatePattern
from stillwell.part_of import part_of

GAP = 4  # words for which "~" may stand in a phrase
TOKEN = compiled(r"\d+(?:[.,]\d+)+|[a-z0-9]+(?:['’][a-z]+)?|[.;:!?\n,()]")


@cache
def _stemmer():  # type: ignore[no-untyped-def]
    # the package would load those of thirty other languages
    return part_of("snowballstemmer", "english_stemmer").EnglishStemmer()


@cache
def stem(word: str) -> str:
    """The stem of one lower-case word."""
    result: str = _stemmer().stemWord(word.replace("’", "'").removesuffix("'s"))
    return result


def tokens(text: str) -> list[str]:
    """Lower-case words, numbers and clause marks of a text; accents are left off."""
    plain = text.lower().replace("’", "'")
    if not plain.isascii():
        plain = "".join(c for c in normalize("NFKD", plain) if not combining(c))
    plain = plain.replace("could not", "couldn't").replace("can not", "cannot")
    return TOKEN.findall(plain)


def any_of(phrases: Iterable[str]) -> LatePattern:
    """A pattern of whole words for phrases with `*` and `~` (see `AlarmWords`); every repetition is bounded.

    >>> bool(any_of(["hang* ~ down"]).search("i hang my left leg down"))
    True
    """
    return _any_of(tuple(phrases))


@lru_cache(maxsize=512)
def _any_of(phrases: tuple[str, ...]) -> LatePattern:
    def source() -> str:
        made = "|".join(map(pattern_of, longest_first(phrases)))
        return rf"(?<![\w'])(?:{made})(?![\w'])"

    return LatePattern(source, map(_longest_word, phrases))


def _longest_word(phrase: str) -> str:
    words = phrase.lower().split(" ")
    if "~" in words:
        words = [w for w in words if w != "~"]
    if "*" in phrase:
        words = [w.removesuffix("*") for w in words]
    return words[0] if len(words) == 1 else max(words, key=len)


def longest_first(words: Iterable[str]) -> list[str]:
    """Words in the order in which a pattern tries them, the same in every run though they come as a set."""
    return sorted(words, key=lambda word: (-len(word), word))


def either(words: Iterable[str]) -> str:
    """The source of a pattern for any of these words, the longest first; a blank is any white space."""
    listed = longest_first(map(str, words))
    return "|".join(re.escape(w).replace(r"\ ", r"\s+") for w in listed)


def pattern_of(phrase: str) -> str:
    """One phrase with `*` and `~` as a pattern."""
    words = []
    for word in phrase.lower().split(" "):
        if word.isalnum():  # as most are
            words.append(f"{word} ")
        elif word == "~":
            words.append(rf"(?:[a-z'-]{{1,20}} ){{0,{GAP}}}")
        else:
            ending = r"\w{0,12}" if word.endswith("*") else ""
            words.append(f"{re.escape(word.removesuffix('*'))}{ending} ")
    return "".join(words).removesuffix(" ")

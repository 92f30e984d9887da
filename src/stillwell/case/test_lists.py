"""Lists of tests and groups of tests in words, however they are parted: "FBC/U&E/TFT", "B12, folate and TSH"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from stillwell.knowledge.kept_patterns import compiled

LONGEST_LIST = 300  # characters in which a list of tests stands
_PARTED = compiled(r"(?:\s|[,;/|+&()\[\]:–—-]|\b(?:and|plus|then|my|the)\b)*$", re.IGNORECASE)
_PARTED_NEXT = compiled(r"(?:\s|[,;/|+&–—-]|\b(?:and|plus|my|the)\b)*", re.IGNORECASE)
_SPACES = compiled(r"\s+")


class TestList(NamedTuple):
    """A list of tests: where it stands, and the names in it, in order."""

    start: int
    stop: int
    names: list[str]


class TestLists:
    """Finds lists of tests that end or begin at a place of a text.

    Args:
        names: every name of a test or group, in lower case, with whether it is one of few letters, which
            counts only with a capital ("K", "Na").
        leads: words that announce a list ("bloods:").
    """

    def __init__(self, names: Mapping[str, bool], leads: Iterable[str]) -> None:
        self._names = dict(names)
        self._longest = max(map(len, self._names))
        self._leads = frozenset(leads)

    def ending_at(self, text: str, place: int) -> TestList | None:
        """The list that ends right before a place, or None."""
        floor = max(0, place - LONGEST_LIST)
        start, stop, names = place, place, list[str]()
        while True:
            end = floor + _PARTED.search(text[floor:start]).start()  # type: ignore[union-attr]
            if names and end == start:
                break
            name = self._before(text, end)
            if not name:
                break
            if not names:
                stop = end
            start = end - len(name)
            names.insert(0, name)
        if not names:
            return None
        return TestList(self._with_lead(text, start, floor), stop, names)

    def starting_at(self, text: str, place: int) -> TestList | None:
        """The list that begins at a place, or None."""
        at, stop, names = place, place, list[str]()
        while at < min(len(text), place + LONGEST_LIST):
            name = self._after(text, at)
            if not name:
                break
            stop = at + len(name)
            names.append(name)
            at = _PARTED_NEXT.match(text, stop).end()  # type: ignore[union-attr]
            if at == stop:
                break
        return TestList(place, stop, names) if names else None

    def _before(self, text: str, end: int) -> str:
        for size in range(min(self._longest, end), 0, -1):
            start = end - size
            if not (start and (text[start - 1].isalnum() or text[start - 1] in "'’")):
                name = text[start:end]
                if self._is_name(name):
                    return name
        return ""

    def _after(self, text: str, start: int) -> str:
        for size in range(min(self._longest, len(text) - start), 0, -1):
            stop = start + size
            if not (stop < len(text) and (text[stop].isalnum() or text[stop] in "'’")):
                name = text[start:stop]
                if self._is_name(name):
                    return name
        return ""

    def _is_name(self, name: str) -> bool:
        short = self._names.get(plain(name))
        return short is not None and (not short or name[0].isupper())

    def _with_lead(self, text: str, start: int, floor: int) -> int:
        """The start of a list with the word that announces it ("bloods: FBC, ...")."""
        end = floor + _PARTED.search(text[floor:start]).start()  # type: ignore[union-attr]
        for lead in self._leads:
            begin = end - len(lead)
            if text[max(0, begin) : end].lower() == lead and not text[max(0, begin - 1)].isalnum():
                return begin
            if begin == 0 and text[:end].lower() == lead:
                return 0
        return start


def plain(name: str) -> str:
    """A name of a list as the lexicon has it: lower case, single blanks, plain apostrophes."""
    return _SPACES.sub(" ", name.lower().replace("’", "'").strip())

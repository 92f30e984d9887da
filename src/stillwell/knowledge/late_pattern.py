"""Regular expressions that are compiled when a text first holds a word that they cannot match without."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from stillwell.knowledge.kept_patterns import compiled


class LatePattern:
    """A regular expression that costs nothing until a text may match it.

    Most patterns of the exact readers name things that one text does not speak of, and compiling all of
    them takes longer than reading it.

    >>> pulse = LatePattern(r"pulse (?P<value>[0-9]+)", ["pulse"])
    >>> pulse.search("bp 120") is None, pulse.search("pulse 70")["value"]
    (True, '70')
    """

    def __init__(self, source: str | Callable[[], str], needs: Iterable[str]) -> None:
        """`source` or what writes it; `needs`: pieces of text, at least one of which stands in every match."""
        self._written = source
        self._needs = tuple(dict.fromkeys(needs))
        self._compiled: re.Pattern[str] | None = None

    @property
    def _source(self) -> str:
        if not isinstance(self._written, str):
            self._written = self._written()
        return self._written

    def _for(self, text: str) -> re.Pattern[str] | None:
        if not any(piece in text for piece in self._needs):
            return None
        if self._compiled is None:
            self._compiled = compiled(self._source)
        return self._compiled

    def search(self, text: str) -> re.Match[str] | None:
        """As `re.Pattern.search`."""
        pattern = self._for(text)
        return pattern.search(text) if pattern else None

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        """As `re.Pattern.finditer`."""
        pattern = self._for(text)
        return pattern.finditer(text) if pattern else iter(())

    def sub(self, new: str, text: str) -> str:
        """As `re.Pattern.sub`."""
        pattern = self._for(text)
        return pattern.sub(new, text) if pattern else text

"""Lists results that no reader could use, and takes their units and codes out of a text."""

from __future__ import annotations

import re
from collections.abc import Mapping

from stillwell.case.numbers import NUMBER
from stillwell.case.units import parse_unit
from stillwell.errors import UnitError
from stillwell.knowledge.kept_patterns import compiled
from stillwell.knowledge.schema import Test
from stillwell.knowledge.store import Knowledge

NAME_WORDS = 3  # words that the name of an unknown test may have
_WORD = r"[^\W\d_][\w'-]{0,30}"
_SPACED = r"[^\S\n]"
_LAB_UNIT = r"(?:x?\s?10[\^*e]?\d{1,2}\s?)?[a-zµμ\[\]]{0,12}[0-9]?/[a-z0-9µμ.^]{1,14}"
_NUMBERED = compiled(
    rf"(?<![\w/.-])(?P<name>{_WORD}(?:{_SPACED}{_WORD}){{0,5}}){_SPACED}?[:=~(\[]?{_SPACED}?"
    rf"(?P<value>[<>≤≥]?{_SPACED}?{NUMBER})(?:{_SPACED}?(?P<unit>{_LAB_UNIT}|%)(?!\w)|(?![\w/-]|[.,:]\d))"
    rf"(?=(?P<next>{_SPACED}?[a-zµ%]{{1,20}})?)",
    re.IGNORECASE,
)
_CODE = compiled(
    rf"(?<![\w/]){_LAB_UNIT}(?![\w/])|[(\[]{_SPACED}?(?:h{{1,2}}|l{{1,2}}|n|\*{{1,2}}){_SPACED}?[)\]]"
    rf"|[(\[][^)\]\n\w]{{0,3}}\d[\d.]{{0,8}}{_SPACED}?[-–]{_SPACED}?\d[\d.]{{0,8}}{_SPACED}?[)\]]"
    r"|(?<![\w'])(?-i:[HL]{1,2}|\*{1,2})(?=\W*(?:\n|$))",
    re.IGNORECASE,
)
_ABBREVIATION = compiled(r"[A-Z][A-Z0-9-]{1,6}")


class ResultsUnread:
    """Finds numbers with a test's name, or a laboratory's unit, in what was left of a text.

    Args:
        names: every name of a test that is known.
    """

    def __init__(self, knowledge: Knowledge, names: Mapping[str, Test]) -> None:
        lexicon = knowledge.base.lexicon
        self.names = names
        self.others = frozenset(w for w in lexicon["other_tests"] if w not in names)
        self.no_test = frozenset(lexicon["no_test"])
        self.small = frozenset(
            [*lexicon["lab_link"], *lexicon["lab_filler"], *lexicon["join"], *lexicon["owner"]]
        )
        self.counted = frozenset(lexicon["counted"])
        self.units = frozenset(lexicon["other_lab_units"])
        self.said = knowledge.base.wording.readings

    def listed(self, text: str, a_list: bool) -> tuple[list[str], str]:
        """(what to say of each result that is not used, the text without them and without units).

        Args:
            a_list: whether results were read beside it: then an abbreviation with a number at the
                start of a line is one too.
        """
        notes = []
        kept, at = [], 0
        for found in _NUMBERED.finditer(text):
            note = self._note(found, text, a_list)
            if not note:
                continue
            notes.append(note)
            kept.append(text[at : found.start("name")])
            at = found.end("unit" if found["unit"] else "value")
        return notes, _CODE.sub(self._blank, "".join([*kept, text[at:]]))

    def _note(self, found: re.Match[str], text: str, a_list: bool) -> str:
        words = found["name"].split()
        while words and words[-1].lower() in self.small:
            words.pop()
        unit, following = (found["unit"] or "").lower(), (found["next"] or "").strip().lower()
        if not words or (not unit and following in self.counted):
            return ""
        name = self._known_end(words)
        if not name and unit and self._is_laboratory(unit):
            name = self._bare(words)
        starts = found.start() == 0 or text[found.start() - 1] == "\n"
        if not name and a_list and starts and len(words) == 1 and not following:
            name = words[0] if _ABBREVIATION.fullmatch(words[0]) else ""
        if not name or name.lower() in self.no_test:
            return ""
        key = "unread_result" if name.lower() in self.names else "unknown_test"
        if key == "unread_result" and not self._is_laboratory(unit):
            return ""  # "iron 2 a day": read, or refused, before
        shown = " ".join([name, found["value"].strip(), found["unit"] or ""]).strip()
        return self.said[key].format(words=shown)

    def _known_end(self, words: list[str]) -> str:
        """The longest run of words at the end of a name that is a test's."""
        for size in range(min(NAME_WORDS, len(words)), 0, -1):
            name = " ".join(words[-size:])
            if name.lower() in self.names or name.lower() in self.others:
                return name
        return ""

    def _bare(self, words: list[str]) -> str:
        """The last words of a name, up to a small word that joins it to what was said before."""
        last: list[str] = []
        for word in reversed(words[-NAME_WORDS:]):
            if word.lower() in self.small:
                break
            last.insert(0, word)
        return " ".join(last)

    def _is_laboratory(self, unit: str) -> bool:
        if unit in self.units:
            return True
        try:
            return unit != "%" and bool(parse_unit(unit))
        except UnitError:
            return False

    def _blank(self, found: re.Match[str]) -> str:
        """Blanks for a unit, a range or a flag; other words with a stroke stay ("and/or")."""
        code = found[0].lower()
        plain = "/" not in code or self._is_laboratory(code)
        return " " * len(found[0]) if plain else found[0]

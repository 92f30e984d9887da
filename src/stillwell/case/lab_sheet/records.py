"""Parts a line into what is told of one test each; tables side by side give several."""

from __future__ import annotations

from dataclasses import dataclass, field

from stillwell.case.lab_sheet.headings import Headings, column_at
from stillwell.case.lab_sheet.lines import Line
from stillwell.case.lab_sheet.tokens import Token

_DASHES = ("-", "--", "–")


@dataclass
class Record:
    """A name, and what stands behind it up to the next name.

    Attributes:
        name: the parts of the name, in order.
        parts: numbers, ranges, units, marks and dates.
        words: other words behind a number.
        between: words in cells of their own, between the name and the first number.
        lead: numbers that stand on the line before the name.
        days: dates that stand before the name.
        named_above: the name, where it stands at the head of a column.
    """

    line: Line
    name: list[Token] = field(default_factory=list)
    parts: list[Token] = field(default_factory=list)
    words: list[Token] = field(default_factory=list)
    between: list[Token] = field(default_factory=list)
    lead: list[Token] = field(default_factory=list)
    days: list[Token] = field(default_factory=list)
    named_above: str = ""

    @property
    def start(self) -> int:
        """Place of its first letter in the line's text."""
        return self.name[0].start

    @property
    def end(self) -> int:
        """Place behind its last letter in the line's text."""
        return max(t.end for t in (*self.name, *self.parts, *self.words, *self.between))

    @property
    def called(self) -> str:
        """The name as it is written."""
        if self.named_above:
            return self.named_above
        return self.line.text[self.name[0].start : self.name[-1].end].strip(" :.,_=…")

    def of(self, kind: str) -> list[Token]:
        """Its parts of one kind."""
        return [t for t in self.parts if t.kind == kind]

    def has_value(self) -> bool:
        """Whether a number or a word that is a result stands behind the name."""
        return any(t.kind in ("number", "said") for t in self.parts)


def records_of(line: Line, tokens: list[Token], headings: Headings | None) -> list[Record]:
    """What a line tells of each test; cells under a heading of codes or notes name none."""
    done: list[Record] = []
    current: Record | None = None
    lead: list[Token] = []
    for index, token in enumerate(tokens):
        if token.kind in ("name", "word"):
            if token.kind == "word" and not any(c.isalnum() for c in token.text):
                continue
            if current is None and headings is not None and _is_aside(token, line, headings):
                continue
            if current is None or _begins(token, index, tokens, current, headings):
                current = Record(line, [token])
                done.append(current)
            elif current.parts:
                current.words.append(token)
            elif current.between or token.wide:
                current.between.append(token)
            else:
                current.name.append(token)
        elif current is None:
            lead.append(token)
        elif token.kind == "flag" and not current.parts and not _before_number(index, tokens):
            current.name.append(token)
        elif _is_in_sentence(token, index, tokens, current):
            (current.words if current.parts else current.between).append(token)
        elif (
            token.text in _DASHES and not current.has_value() and not _under_marks(token, headings)
        ):
            continue  # "TSH - 2.1"
        else:
            current.parts.append(token)
    if done:
        done[0].lead = [t for t in lead if t.kind in ("number", "range", "said")]
        done[0].days = [t for t in lead if t.kind == "date"]
    return done


def _under_marks(token: Token, headings: Headings | None) -> bool:
    column = column_at(token, headings.beside(token.left)) if headings is not None else None
    return column is not None and column.role == "flag"


def _is_in_sentence(token: Token, index: int, tokens: list[Token], current: Record) -> bool:
    """Whether a number stands in a cell of words ("repeat in 4 weeks") that is not the name's."""
    before = tokens[index - 1]
    beside = any(before is t for t in (*current.words, *current.between))
    return token.kind == "number" and not token.wide and beside


def _is_aside(token: Token, line: Line, headings: Headings) -> bool:
    """Whether a word stands in a column that holds no names."""
    column = column_at(token, headings.beside(token.left)) if line.aligned else None
    return headings.has_names() and column is not None and column.role == "comment"


def _before_number(index: int, tokens: list[Token]) -> bool:
    return index + 1 < len(tokens) and tokens[index + 1].kind in ("number", "range", "unit", "said")


def _begins(
    token: Token, index: int, tokens: list[Token], current: Record, headings: Headings | None
) -> bool:
    """Whether a name or a word begins what is told of the next test."""
    if not current.parts and token.kind == "name" and token.wide:
        return not any(t.kind == "name" for t in current.name)
    if not current.has_value():
        only_range = any(t.kind == "range" for t in current.parts)
        return only_range and token.kind == "name" and token.wide and _has_number(index, tokens)
    before = tokens[index - 1]
    if token.kind == "name":
        return token.wide or before.kind not in ("word", "name") or before.text.endswith((",", ";"))
    if headings is not None and current.line.aligned and headings.has_names():
        column = column_at(token, headings.columns)
        if column is None or column.role != "test":
            return False
    return token.wide and _has_number(index, tokens)


def _has_number(index: int, tokens: list[Token]) -> bool:
    """Whether a number follows before the next name's end."""
    for token in tokens[index + 1 :]:
        if token.kind in ("number", "said"):
            return True
        if token.kind not in ("word", "name", "unit", "range", "flag"):
            return False
    return False

"""Lines of styled text on a terminal: their width in cells, where they are cut, and their ANSI sequences."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from unicodedata import category, east_asian_width

_CODES = {
    "bold": 1, "dim": 2, "italic": 3, "red": 31, "yellow": 33, "blue": 34, "cyan": 36,
}  # fmt: skip
Piece = tuple[str, str]  # a text, and its style: names of `_CODES`, or ""


def cells(text: str) -> int:
    """How many cells of a terminal a text takes.

    >>> cells("legs"), cells("足")
    (4, 2)
    """
    return len(text) if text.isascii() else sum(map(_cells_of, text))


def _cells_of(character: str) -> int:
    if category(character) in ("Mn", "Me", "Cf", "Cc"):
        return 0
    return 2 if east_asian_width(character) in "WF" else 1


class Line:
    """A text in pieces of one style each."""

    def __init__(self, text: str = "", style: str = "") -> None:
        self.style = style  # of the whole
        self.pieces: list[Piece] = [(text, style)] if text else []

    def add(self, text: str, style: str = "") -> Line:
        """The line with more text behind, in the style of the whole and its own."""
        if text:
            self.pieces.append((text, f"{self.style} {style}".strip()))
        return self

    def join(self, other: Line) -> Line:
        """The line with another behind."""
        for text, style in other.pieces:
            self.add(text, style)
        return self

    @property
    def plain(self) -> str:
        return "".join(text for text, _ in self.pieces)


def cut(pieces: Iterable[Piece], places: Sequence[int]) -> list[list[Piece]]:
    """The pieces parted at these characters, each part without the blanks at its end."""
    parts: list[list[Piece]] = [[]]
    at, ends = 0, list(places)
    for text, style in pieces:
        while ends and at + len(text) > ends[0]:
            here = ends.pop(0) - at
            parts[-1].append((text[:here], style))
            parts.append([])
            text, at = text[here:], at + here
        parts[-1].append((text, style))
        at += len(text)
    return [_without_end(part) for part in parts]


def _without_end(pieces: list[Piece]) -> list[Piece]:
    while pieces:
        text, style = pieces.pop()
        if left := text.rstrip():
            return [*pieces, (left, style)]
    return []


def wrapped(line: Line, width: int) -> list[list[Piece]]:
    """The line cut at spaces; a word longer than `width`, as an address, is left whole."""
    places: list[int] = []
    place = used = 0
    for word in line.plain.split(" "):
        long = cells(word)
        if used and used + 1 + long > width:
            places.append(place)
            used = 0
        used += long + (1 if used else 0)
        place += len(word) + 1
    return cut(line.pieces, places)


def shown(pieces: Iterable[Piece], colour: bool) -> str:
    """The pieces as a terminal shows them."""
    if not colour:
        return "".join(text for text, _ in pieces)
    return "".join(_coloured(text, style) for text, style in pieces if text)


def _coloured(text: str, style: str) -> str:
    codes = sorted({_CODES[name] for name in style.split()})
    return f"\x1b[{';'.join(map(str, codes))}m{text}\x1b[0m" if codes else text

"""A table on a terminal: the widths of its columns, and its cells folded into them."""

from __future__ import annotations

import re

from stillwell.report.render.styled import Piece, cells

BETWEEN = 2  # cells between two columns
_WORD = re.compile(r"\s*\S+\s*")


def grid(columns: list[str], rows: list[list[str]], width: int) -> list[list[Piece]]:
    """The lines of a table, its heads in bold; no line is wider than `width`."""
    table = [columns, *rows]
    widths = _widths(table, width)
    lines: list[list[Piece]] = []
    for number, row in enumerate(table):
        folded = [_folded(cell, wide) for cell, wide in zip(row, widths, strict=True)]
        high = max(map(len, folded))
        style = "" if number else "bold"
        for k in range(high):
            line: list[Piece] = []
            for at, (parts, wide) in enumerate(zip(folded, widths, strict=True)):
                between = BETWEEN if at + 1 < len(widths) else 0
                here = k if number else k - (high - len(parts))  # heads stand at the bottom
                if 0 <= here < len(parts):
                    text = parts[here]
                    line.append((text + " " * (wide - cells(text)), style))
                    line.append((" " * between, style))
                else:
                    line.append((" " * (wide + between), style))
            lines.append(line)
    return lines


def _widths(table: list[list[str]], width: int) -> list[int]:
    """The width of each column: that of its longest cell, or less for the widest where all do not fit."""
    longest = [max(map(cells, column)) for column in zip(*table, strict=True)]
    between = [*[BETWEEN] * (len(longest) - 1), 0]
    whole = [min(w + b, width) or 1 for w, b in zip(longest, between, strict=True)]
    while (over := sum(whole) - width) > 0:
        widest = max(whole)
        second = max((w for w in whole if w != widest), default=0)
        if not second:
            break
        whole = _less(whole, over, [w == widest for w in whole], widest - second)
    if (over := sum(whole) - width) > 0:
        whole = _less(whole, over, [True] * len(whole), width)
    return [max(w - b, 0) for w, b in zip(whole, between, strict=True)]


def _less(widths: list[int], total: int, which: list[bool], most: int) -> list[int]:
    """Widths from some of which `total` is taken in equal shares, no more than `most` from each."""
    found, left, shares = [], total, sum(which)
    for wide, taken in zip(widths, which, strict=True):
        if not taken or not shares:
            found.append(wide)
            continue
        share = min(most, wide, round(left / shares))
        found.append(wide - share)
        left, shares = left - share, shares - 1
    return found


def _folded(text: str, width: int) -> list[str]:
    """A cell cut at blanks, and within words that are longer than the column."""
    parts, used = [""], 0
    for word in _WORD.findall(text):
        long = cells(word.rstrip())
        if long > width - used and long <= width and used:
            parts.append("")
            used = 0
        elif long > width - used and long > width:
            if used:
                parts.append("")
            *whole, word = _chopped(word, width)
            for piece in whole:
                parts[-1] += piece
                parts.append("")
            used = 0
        parts[-1] += word
        used += cells(word)
    return [part if cells(part) <= width else part.rstrip() for part in parts]


def _chopped(word: str, width: int) -> list[str]:
    """A word in pieces that fit; a letter that is wider than the column stands alone."""
    pieces, used = [""], 0
    for letter in word:
        wide = cells(letter)
        if used + wide > width and pieces[-1]:
            pieces.append("")
            used = 0
        pieces[-1] += letter
        used += wide
    return pieces

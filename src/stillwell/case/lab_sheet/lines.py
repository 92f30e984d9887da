"""Text and CSV as lines whose letters have positions, so that columns can be told apart."""

from __future__ import annotations

import re
from dataclasses import dataclass

COLUMN = 1000.0  # distance between the columns of a CSV file or of cells between tabs and strokes
LONGEST = 2000  # letters of a line that are read; a result needs a few dozen
# one letter for one letter, so that places stay right
_LETTERS = str.maketrans(
    {
        **dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789", strict=True)),
        **{"−": "-", "‐": "-", "‑": "-", "μ": "µ", "’": "'", "＜": "<", "＞": ">", "，": ","},
    }
)
_THIN = re.compile(r"(?<=\d)[\u00a0\u2009\u202f](?=\d{3}(?!\d))")


@dataclass(frozen=True)
class Line:
    """One line of a sheet.

    Attributes:
        raw: as it stands in the sheet.
        text: to read: cells stand two blanks or more apart.
        at: for each letter of `text` its place in `raw`.
        x: for each letter of `text` its position across the page.
        aligned: whether `x` tells columns (a single blank between words tells none).
    """

    page: int
    number: int
    raw: str
    text: str
    at: list[int]
    x: list[float]
    aligned: bool


def plain_line(page: int, number: int, raw: str, xs: list[float] | None = None) -> Line:
    """A line of text; `xs` are positions across the page, letters counted where there are none."""
    raw = raw.rstrip()
    text = same_length(raw[:LONGEST])
    bars = text.strip().count("|") >= 2 and not set(text) <= set("|-+: =")
    if xs is None and ("\t" in text or bars):
        return _cells(page, number, raw, [(m.start(), m[0]) for m in re.finditer(r"[^\t|]+", text)])
    wide = bool(re.search(r"\S {2,}\S", text))
    x = xs if xs is not None else [float(i) for i in range(len(text))]
    return Line(page, number, raw, text, list(range(len(text))), x, wide or xs is not None)


def same_length(text: str) -> str:
    """Letters that mean the same as one; the length stays."""
    text = _THIN.sub("'", text.translate(_LETTERS))
    return re.sub(r"[^\S\t]", " ", text)


def _cells(page: int, number: int, raw: str, cells: list[tuple[int, str]]) -> Line:
    text, at, x = "", [], []
    index = -1
    ends = -1
    for start, cell in cells:
        index += 1 + max(0, raw.count("\t", ends, start) - 1 if ends >= 0 else 0)
        ends = start + len(cell)
        lead = len(cell) - len(cell.lstrip())
        cell = cell.strip()
        for offset, letter in enumerate(cell):
            text += letter
            at.append(start + lead + offset)
            x.append(index * COLUMN + min(offset, COLUMN / 2))
        text += "   "
        at += [start + lead + len(cell)] * 3
        x += [index * COLUMN + COLUMN / 2] * 3
    return Line(page, number, raw, text, at, x, True)


def text_lines(text: str) -> list[Line]:
    """The lines of a text."""
    lines = []
    for number, raw in enumerate(re.split(r"\r\n|[\r\n\f\v\x85\u2028\u2029]", text), 1):
        if raw.strip():
            lines.append(plain_line(1, number, raw))
    return lines


def delimiter(text: str) -> str:
    """What parts the fields where a text is CSV, or "" where it is none.

    A comma alone is believed only where no number is written with one ("12,5").
    """
    lines = [line for line in text.splitlines() if line.strip()][:50]
    if len(lines) < 2:
        return ""
    for mark in ";\t,":
        counts = [_outside_quotes(line, mark) for line in lines]
        usual = max(counts, key=counts.count)
        if usual < 2 or counts[0] != usual or counts.count(usual) < 0.8 * len(counts):
            continue
        spaced = any(re.search(r"\d, \w|\w, \D", line) for line in lines[:5])
        if mark == "," and (spaced or re.search(r"\d,\d|\S {2,}\S", lines[0])):
            continue
        return mark
    return ""


def _outside_quotes(line: str, mark: str) -> int:
    return re.sub(r'"[^"]*"', "", line).count(mark)


def csv_lines(text: str, mark: str) -> list[Line]:
    """The records of a CSV file; a field in quotes may hold the mark or a line's end."""
    lines: list[Line] = []
    cells: list[tuple[int, str]] = []
    number = first = 1
    begin = field_start = 0
    quoted = False
    for index, letter in enumerate(text + "\n"):
        if letter == '"':
            quoted = not quoted
        elif letter == mark and not quoted:
            cells.append((field_start - begin, text[field_start:index]))
            field_start = index + 1
        elif letter == "\n":
            number += 1
            if quoted and index < len(text) and index - begin < LONGEST:
                continue
            cells.append((field_start - begin, text[field_start:index]))
            raw = text[begin:index].rstrip("\r")
            if raw.strip(' \t",;'):
                lines.append(_record(first, raw, cells))
            cells, begin, field_start, first, quoted = [], index + 1, index + 1, number, False
    return lines


def _record(number: int, raw: str, cells: list[tuple[int, str]]) -> Line:
    text, at, x = "", [], []
    for index, (start, cell) in enumerate(cells):
        if start >= LONGEST:
            break
        shown = same_length(cell[:LONGEST]).replace('"', " ").replace("\t", " ")
        lead = len(shown) - len(shown.lstrip())
        shown = shown.strip()
        for offset, letter in enumerate(shown):
            text += letter
            at.append(start + lead + offset)
            x.append(index * COLUMN + min(offset, COLUMN / 2))
        text += "   "
        at += [start + lead + len(shown)] * 3
        x += [index * COLUMN + COLUMN / 2] * 3
    return Line(1, number, raw, text, at, x, True)

"""Tables in other directions: tests as columns with a day in each row, or each cell on a line of its own."""

from __future__ import annotations

from dataclasses import replace

from stillwell.case.lab_sheet.headings import Column, column_at
from stillwell.case.lab_sheet.lines import Line
from stillwell.case.lab_sheet.records import Record
from stillwell.case.lab_sheet.tokens import Token

MOST_BELOW = 5  # lines that may tell of the name above them
_CELL = ("number", "unit", "range", "flag", "said")


def tests_across(line: Line, parts: list[Token], below: list[Token]) -> list[Column] | None:
    """The columns of a line that names two tests or more, where numbers and no names stand below it.

    A column's `day` is the token of its name; its unit, where one is written, is put into it.
    """
    if not line.aligned or any(t.kind not in ("name", "unit", "word", "flag") for t in parts):
        return None
    names = [t for t in parts if t.kind == "name" and t.wide]
    numbers = [t for t in below if t.kind in ("number", "said")]
    if len(names) < 2 or not numbers or any(t.kind == "name" for t in below):
        return None
    columns = []
    for index, token in enumerate(parts):
        if token.wide and token.kind in ("name", "word"):
            cell = _cell(parts, index)
            unit = next((t.unit for t in cell if t.kind == "unit"), "")
            written = [t for t in cell if t.kind in ("name", "word")]
            text = line.text[written[0].start : written[-1].end].rstrip(" ([:")
            named = replace(token, text=text, unit=unit)
            role = "across" if any(t.kind == "name" for t in cell) else "date"
            columns.append(Column(role, token.left, cell[-1].right, named))
    return columns


def _cell(parts: list[Token], index: int) -> list[Token]:
    end = index + 1
    while end < len(parts) and not parts[end].wide:
        end += 1
    return parts[index:end]


def records_across(line: Line, parts: list[Token], columns: list[Column]) -> list[Record]:
    """A record for each number of a line under `tests_across`."""
    days = [t for t in parts if t.kind == "date"]
    records = []
    for index, token in enumerate(parts):
        if token.kind not in ("number", "said"):
            continue
        column = column_at(token, columns)
        if column is None or column.role != "across" or column.day is None:
            continue
        name = replace(token, kind="name", end=token.start)
        record = Record(line, [name], [token], days=days, named_above=column.day.text)
        record.parts += [t for t in _cell(parts, index)[1:] if t.kind in ("flag", "unit")]
        if column.day.unit and not record.of("unit"):
            unit = replace(
                token, kind="unit", start=token.end, text=column.day.unit, unit=column.day.unit
            )
            record.parts.append(unit)
        records.append(record)
    return records


def with_lines_below(
    lines: list[Line], tokens: list[list[Token]], at: int
) -> tuple[Line, int] | None:
    """A line that is a name only, joined with the lines below it that hold one cell each.

    Returns:
        (the joined line, how many lines were taken in), or None where it is no such line.
    """
    own = tokens[at]
    if not own or any(t.kind != "name" for t in own):
        return None
    below = []
    for line, parts in zip(lines[at + 1 : at + 1 + MOST_BELOW], tokens[at + 1 :], strict=False):
        if line.page != lines[at].page or not parts or any(t.kind not in _CELL for t in parts):
            break
        below.append(line)
    if not below or not any(t.kind in ("number", "said") for t in tokens[at + 1]):
        return None
    first = lines[at]
    text = "   ".join([first.text, *(line.text.strip() for line in below)])
    lacking = len(text) - len(first.text)
    joined = replace(
        first,
        text=text,
        at=first.at + [len(first.raw) - 1] * lacking,
        x=first.x + [first.x[-1]] * lacking,
        aligned=False,
    )
    return joined, len(below)

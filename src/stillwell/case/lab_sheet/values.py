"""Which numbers of a record are results, of which day, and what belongs to them."""

from __future__ import annotations

from dataclasses import dataclass

from stillwell.case.lab_sheet.headings import NUMERIC, Column, column_at
from stillwell.case.lab_sheet.records import Record
from stillwell.case.lab_sheet.tokens import Token


@dataclass
class Value:
    """A number, or a word that is a result, with the column it stands in; `why` asks where that is open."""

    token: Token
    column: Column | None = None
    why: str = ""


@dataclass
class Values:
    """What a record tells: results, the writing of its range, whether marks have a column of their own."""

    results: list[Value]
    ends: tuple[str | None, str | None] | None
    range_token: Token | None
    marks_apart: bool = False


def values_of(record: Record, columns: list[Column]) -> Values:
    """The results of a record and its range."""
    numbers = [t for t in record.parts if t.kind in ("number", "said")]
    ranges = record.of("range")
    numeric = [c for c in columns if c.role in NUMERIC]
    span = ranges[0] if ranges else None
    ends = span.ends if span is not None else None
    if any(c.role == "range" for c in columns) and not ranges and len(numbers) > 1:
        numbers, span, ends = _bound_range(record, numbers, columns)
    elif not ranges and len(numbers) > 1:
        numbers, span, ends = _bound_without_heading(numbers, numeric)
    results = _placed(record, numbers, numeric, columns)
    lows = [v for v in results if v.column is not None and v.column.role in ("low", "high")]
    if lows:
        ends = _ends_in_columns(lows)
        span = lows[0].token
        results = [v for v in results if v not in lows]
    return Values(results, ends, span, any(c.role == "flag" for c in columns))


def _ends_in_columns(bounds: list[Value]) -> tuple[str | None, str | None]:
    low = next((v.token.text for v in bounds if v.column and v.column.role == "low"), None)
    high = next((v.token.text for v in bounds if v.column and v.column.role == "high"), None)
    return low, high


def _as_bound(token: Token) -> tuple[str | None, str | None]:
    return (None, token.text) if token.bound == "<" else (token.text, None)


def _bound_range(
    record: Record, numbers: list[Token], columns: list[Column]
) -> tuple[list[Token], Token | None, tuple[str | None, str | None] | None]:
    """A range with one end ("< 5") under its heading."""
    for token in numbers:
        column = column_at(token, columns) if record.line.aligned else None
        if token.bound and (column is not None and column.role == "range"):
            return [n for n in numbers if n is not token], token, _as_bound(token)
    return _bound_without_heading(numbers, [c for c in columns if c.role in NUMERIC])


def _bound_without_heading(
    numbers: list[Token], numeric: list[Column]
) -> tuple[list[Token], Token | None, tuple[str | None, str | None] | None]:
    """A bound behind a plain number is the range; one before it may be an earlier result."""
    bounds = [n for n in numbers if n.bound]
    if not bounds or len(numeric) >= len(numbers):
        return numbers, None, None
    last = bounds[-1]
    if len(bounds) == 1 and last is not numbers[0]:
        return [n for n in numbers if n is not last], last, _as_bound(last)
    return numbers, None, None


def _placed(
    record: Record, numbers: list[Token], numeric: list[Column], columns: list[Column]
) -> list[Value]:
    """Each number with its column: by place where the line is aligned, else by count."""
    if not numbers:
        return []
    if len(numeric) < 2:
        if len(numbers) == 1:
            only_earlier = bool(numeric) and numeric[0].role == "previous"
            column = numeric[0] if numeric else None
            return [Value(numbers[0], column, "which_column" if only_earlier else "")]
        return _one_of_several(record, numbers, columns)
    if record.line.aligned:
        others = [c for c in columns if c.role not in ("test",)]
        placed = [Value(n, column_at(n, others)) for n in numbers]
        used = [id(v.column) for v in placed]
        placed_apart = [v for v in placed if v.column and v.column.role in ("comment", "unread")]
        in_order = len(numbers) == len(numeric) and not placed_apart
        for value, column in zip(placed, numeric, strict=False):
            if value.column is not None and value.column.role in ("comment", "unread"):
                continue
            if value.column is None or value.column.role not in NUMERIC:
                if in_order:
                    value.column = column
                else:
                    value.why = "which_column"
            elif in_order and value.column is not column:
                value.why = "which_column"
        kept = [v for v in placed if v.column is None or v.column.role not in ("comment", "unread")]
        if not in_order and not _in_step(record, columns):
            for value in kept:
                value.why = "which_column"
        if len(set(used)) < len(used) and not in_order:
            for value in kept:
                value.why = "which_column"
        return kept
    if len(numbers) == len(numeric):
        return [Value(n, c) for n, c in zip(numbers, numeric, strict=True)]
    return [Value(n, None, "which_column") for n in numbers]


def _in_step(record: Record, columns: list[Column]) -> bool:
    """Whether unit and range stand under their headings, so that places on the line can be trusted."""
    for token in record.parts:
        if token.kind in ("unit", "range") and token.wide:
            headed = any(c.role == token.kind for c in columns)
            column = column_at(token, columns)
            if headed and (column is None or column.role != token.kind):
                return False
    return True


def _one_of_several(record: Record, numbers: list[Token], columns: list[Column]) -> list[Value]:
    """Several numbers without headings that tell them apart: the first, asked about."""
    if record.line.aligned and columns:
        at = [column_at(n, columns) for n in numbers]
        mine = [n for n, c in zip(numbers, at, strict=True) if c is not None and c.role == "result"]
        strays = [c for c in at if c is None or c.role not in ("result", "comment", "flag")]
        if len(mine) == 1 and not strays:
            return [Value(mine[0])]
    return [Value(numbers[0], None, "several_values")]

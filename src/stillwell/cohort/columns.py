"""One column of a table as arrays: numbers, states and days, whatever type it comes in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from stillwell.cohort.mapping import Rule, Value
from stillwell.cohort.people import DENIED, TOLD, UNKNOWN, Bytes, Flags
from stillwell.inference.network import Floats

EPOCH = dt.date(1970, 1, 1)
NOT_A_NUMBER = "not_a_number"
BOUND = "bound"  # "<5": only a bound is known


@dataclass
class Numbers:
    """(N,) numbers, nan where there is none, and whose text is none (`bad`) or only a bound."""

    values: Floats
    bad: Flags
    bound: Flags


def column_of(table: pa.Table, name: str) -> pa.Array:
    """A column in one piece, the first of its name; of nulls where the table lacks it."""
    if name not in table.column_names:
        return pa.nulls(table.num_rows)
    chunked = table.column(table.column_names.index(name))
    return chunked.combine_chunks() if chunked.num_chunks != 1 else chunked.chunk(0)


def numbers(array: pa.Array) -> Numbers:
    """A column as numbers; text is read as a number where it is one."""
    count = len(array)
    none = np.zeros(count, dtype=bool)
    kind = array.type
    if pa.types.is_boolean(kind):
        array, kind = pc.cast(array, pa.int8()), pa.int8()
    if pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        values = np.array(pc.cast(array, pa.float64(), safe=False).to_numpy(zero_copy_only=False))
        values = np.where(_null(array), np.nan, values)
        infinite = np.isinf(values)
        return Numbers(np.where(infinite, np.nan, values), infinite, none)
    if pa.types.is_null(kind):
        return Numbers(np.full(count, np.nan), none, none)
    texts, own = _texts(array)
    read = [_number(t) for t in texts]
    values = np.array([r[0] for r in read], dtype=float)[own]
    bad = np.array([r[1] == NOT_A_NUMBER for r in read], dtype=bool)[own]
    bound = np.array([r[1] == BOUND for r in read], dtype=bool)[own]
    return Numbers(values, bad, bound)


def _number(text: str | None) -> tuple[float, str]:
    if text is None or not text.strip():
        return np.nan, ""
    plain = text.strip()
    if plain[0] in "<>≤≥":
        return np.nan, BOUND
    try:
        value = float(plain)
    except ValueError:
        return np.nan, NOT_A_NUMBER
    return (value, "") if np.isfinite(value) else (np.nan, NOT_A_NUMBER)


def _null(array: pa.Array) -> Flags:
    found: Flags = np.asarray(pc.is_null(array).to_numpy(zero_copy_only=False), dtype=bool)
    return found


def _texts(array: pa.Array) -> tuple[list[str | None], np.ndarray[Any, np.dtype[np.int64]]]:
    """The different values of a column as text, and the number of each place's own."""
    if not pa.types.is_dictionary(array.type):
        array = array.dictionary_encode(null_encoding="encode")
    values = [None if v is None else _text(v) for v in array.dictionary.to_pylist()]
    own = array.indices.to_numpy(zero_copy_only=False)
    null = np.isnan(own) if own.dtype.kind == "f" else np.zeros(len(own), dtype=bool)
    values.append(None)
    return values, np.where(null, len(values) - 1, own).astype(np.int64)


def _text(value: object) -> str:
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return str(value)


def texts(array: pa.Array) -> list[str | None]:
    """A column as text."""
    values, own = _texts(array)
    return [values[k] for k in own.tolist()]


def matching(array: pa.Array, wanted: Sequence[Value]) -> Flags:
    """(N,) whether a value is one of some: numbers as numbers, text without regard to case."""
    kind = array.type
    if pa.types.is_null(kind) or not wanted:
        return np.zeros(len(array), dtype=bool)
    if pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_dictionary(kind):
        said = {_plain(w) for w in wanted}
        values, own = _texts(array)
        told: Flags = np.array([v is not None and _plain(v) in said for v in values])[own]
        return told
    held = numbers(array).values
    found = np.zeros(len(held), dtype=bool)
    for one in wanted:
        try:
            found |= held == float(one)
        except ValueError:
            continue
    return found


def _plain(value: Value) -> str:
    text = str(value).strip().lower()
    try:
        return f"{float(text):g}"
    except ValueError:
        return {"true": "1", "false": "0"}.get(text, text)


def states(array: pa.Array, rule: Rule) -> Bytes:
    """(N,) what a rule reads in its column: `TOLD`, `DENIED` or `UNKNOWN`."""
    limits = (rule.present_from, rule.present_below, rule.absent_from, rule.absent_below)
    if any(limit is not None for limit in limits):
        held = numbers(array).values
        told = _beyond(held, rule.present_from, rule.present_below)
        denied = _beyond(held, rule.absent_from, rule.absent_below)
        if rule.absent_from is None and rule.absent_below is None:
            denied = ~told & ~np.isnan(held)
    else:
        told, denied = matching(array, rule.present), matching(array, rule.absent)
    return np.where(told, TOLD, np.where(denied, DENIED, UNKNOWN)).astype(np.int8)


def _beyond(held: Floats, least: float | None, below: float | None) -> Flags:
    found = np.zeros(len(held), dtype=bool)
    if least is not None:
        found |= held >= least
    if below is not None:
        found |= held < below
    return found


def blank(array: pa.Array) -> Flags:
    """(N,) where a column tells nothing: null, no number, or a text of blanks."""
    kind = array.type
    if pa.types.is_null(kind):
        return np.ones(len(array), dtype=bool)
    if pa.types.is_floating(kind):
        return np.asarray(array.is_null(nan_is_null=True).to_numpy(zero_copy_only=False))
    if pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_dictionary(kind):
        values, own = _texts(array)
        told: Flags = np.array([v is None or not v.strip() for v in values], dtype=bool)[own]
        return told
    return _null(array)


def days(array: pa.Array) -> Floats:
    """(N,) days since 1970, nan where there is no day that can be read."""
    kind = array.type
    if pa.types.is_date(kind) or pa.types.is_timestamp(kind):
        found = pc.cast(pc.cast(array, pa.date32(), safe=False), pa.int32())
        return np.where(_null(array), np.nan, found.to_numpy(zero_copy_only=False))
    values, own = (
        _texts(array) if not pa.types.is_null(kind) else ([None], np.zeros(len(array), int))
    )
    return np.array([_day(v) for v in values])[own]


def _day(text: str | None) -> float:
    if text is None:
        return np.nan
    try:
        return float((dt.date.fromisoformat(text.strip()[:10]) - EPOCH).days)
    except ValueError:
        return np.nan


Reader = Callable[[str], pa.Array]

__all__ = [
    "BOUND", "EPOCH", "NOT_A_NUMBER", "Numbers", "Reader", "blank", "column_of", "days", "matching", "numbers",
    "states", "texts",
]  # fmt: skip

"""What a number on a sheet can mean: "1.250" is 1.25 or 1250, unless the sheet itself tells."""

from __future__ import annotations

import re
from collections.abc import Iterable
from math import isfinite

_GROUPED = re.compile(r"[1-9]\d{0,2}([.,])\d{3}")
_GROUPS = re.compile(r"[1-9]\d{0,2}(?:([.,'])\d{3})(?:\1\d{3})*(?:(?!\1)[.,]\d+)?")
_DECIMAL = re.compile(r"(?:\d*([.,])\d{1,2}|0([.,])\d+|\d*([.,])\d{4,}|\d{4,}([.,])\d+)")


def decimal_mark(numbers: Iterable[str]) -> str:
    """The decimal mark of a sheet, by the numbers that can be read in one way only, or ""."""
    marks = set()
    for text in numbers:
        found = _DECIMAL.fullmatch(text)
        if found:
            marks.add(next(g for g in found.groups() if g))
        elif re.fullmatch(r"\d{1,3}(?:,\d{3})+\.\d+", text):
            marks.add(".")
        elif re.fullmatch(r"\d{1,3}(?:\.\d{3})+,\d+", text):
            marks.add(",")
    return marks.pop() if len(marks) == 1 else ""


def meanings(text: str, mark: str) -> list[float]:
    """Every number that the writing can mean on a sheet with this decimal mark.

    >>> meanings("1.250", "")
    [1.25, 1250.0]
    >>> meanings("1.250", ",")
    [1250.0]
    >>> meanings("12,5", "")
    [12.5]
    """
    one = _GROUPED.fullmatch(text)
    if one:
        small, large = _float(text.replace(",", ".")), _float(re.sub("[.,]", "", text))
        if not mark:
            return [small, large]
        return [small] if one[1] == mark else [large]
    if _GROUPS.fullmatch(text):
        last = max(text.rfind("."), text.rfind(","))
        kinds = {c for c in text if c in ".,'"}
        if len(kinds) == 1:
            return [_float(re.sub("[.,']", "", text))]
        return [_float(re.sub("[.,']", "", text[:last]) + "." + text[last + 1 :])]
    number = _float(text.replace("'", "").replace(",", "."))
    return [number] if isfinite(number) else []


def _float(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return float("nan")

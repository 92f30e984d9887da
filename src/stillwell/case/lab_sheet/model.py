"""What is read from a lab sheet: rows to confirm, and the lines that are none."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from stillwell.case.model import Struct

Flag = Literal["", "L", "LL", "H", "HH", "*", "N"]


class Place(Struct, kw_only=True):
    """Where something stands: page and line count from 1, `start` and `end` are letters of that line."""

    page: int
    line: int
    start: int
    end: int
    words: str


class Row(Struct, kw_only=True):
    """One result as the sheet gives it.

    Attributes:
        name: the test's name as written.
        test: id of the test, or None where it is none that is known, or could be two.
        near: names of tests that may be meant, where `test` is None or only guessed.
        value: the number in `unit`; a bound with its `comparator`; None where the result is a word.
        said: the result in words ("negative").
        unit: as a `Lab` takes it; None where none is written.
        reference: the range on the sheet, in `unit`.
        flag: the laboratory's mark.
        date: of the sample.
        previous: an earlier result that the sheet repeats beside the present one.
        sure: nothing about it could be read in two ways.
        why: what has to be asked, where it is not sure.
    """

    place: Place
    name: str
    test: str | None = None
    near: list[str] = []
    value: float | None = None
    said: str = ""
    comparator: Literal["", "<", ">"] = ""
    unit: str | None = None
    reference: tuple[float | None, float | None] | None = None
    flag: Flag = ""
    date: dt.date | None = None
    previous: bool = False
    sure: bool = False
    why: str = ""


class Unused(Struct, kw_only=True):
    """A line, or a piece of one, that gave no row, and why."""

    place: Place
    why: str


class Sheet(Struct, kw_only=True):
    """A lab sheet: every number of it stands in a row or in a line that was not used."""

    kind: Literal["text", "csv", "pdf"]
    rows: list[Row] = []
    unused: list[Unused] = []

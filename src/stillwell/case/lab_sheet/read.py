"""Reads a lab sheet: text, CSV or PDF to rows to confirm, and confirmed rows to results of a case."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Collection, Mapping
from typing import Literal

from stillwell.case.lab_names import find_test
from stillwell.case.lab_sheet.lines import Line, csv_lines, delimiter, text_lines
from stillwell.case.lab_sheet.model import Row, Sheet
from stillwell.case.lab_sheet.pdf_text import pdf_lines, too_slow
from stillwell.case.lab_sheet.table import table_of
from stillwell.case.lab_sheet.words import words
from stillwell.case.model import Lab
from stillwell.errors import CaseError

FIELD = "lab sheet"
MOST_BYTES = 10_000_000
SECONDS = 5.0
MOST_LINES = 20_000
MOST_ROWS = 2_000
Kind = Literal["text", "csv", "pdf"]


def read_sheet(
    data: bytes | str,
    kind: Kind | None = None,
    today: dt.date | None = None,
    *,
    apart: bool = False,
) -> Sheet:
    """Every result on a lab sheet as a row to confirm; what is none is listed as not used.

    A row is `sure` where test, number, unit, column and day can be read in one way only, and the sheet's
    range and mark agree with them; every other row says what to ask.

    Args:
        kind: what `data` is; found out where it is None.
        apart: read a PDF in a process of its own, as what somebody else sent must be.
        today: no result is later than this; the day of the machine's clock by default.

    Raises:
        CaseError: too large, too long, too slow to read, or not readable at all.
    """
    words()  # the knowledge base is loaded, or made, outside the time of reading
    until = time.monotonic() + SECONDS
    today = today or dt.date.today()
    size = len(data) if isinstance(data, bytes) else len(data.encode("utf-8", "replace"))
    if size > MOST_BYTES:
        raise CaseError(FIELD, "is larger than 10 MB", "Give only the pages with the results")
    if kind == "pdf" or (kind is None and _is_pdf(data)):
        content = data if isinstance(data, bytes) else data.encode("latin-1", "replace")
        if apart:
            from stillwell.case.lab_sheet.pdf_apart import lines_apart

            return _sheet("pdf", lines_apart(content, FIELD, until), today, until)
        return _sheet("pdf", pdf_lines(content, FIELD, until), today, until)
    text = data if isinstance(data, str) else _text(data)
    if "\x00" in text:
        raise CaseError(FIELD, "is not text", "Give a PDF, a CSV file or plain text")
    mark = delimiter(text) if kind != "text" else ""
    if kind == "csv" and not mark:
        mark = next((m for m in ";\t," if m in text), ",")
    lines = csv_lines(text, mark) if mark else text_lines(text)
    return _sheet("csv" if mark else "text", lines, today, until)


def _is_pdf(data: bytes | str) -> bool:
    return isinstance(data, bytes) and b"%PDF-" in data[:1024]


def _text(data: bytes) -> str:
    """Bytes as text: UTF-8, UTF-16 where it says so, else as Windows writes it."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace").lstrip("\ufeff")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _sheet(kind: Kind, lines: list[Line], today: dt.date, until: float) -> Sheet:
    if len(lines) > MOST_LINES:
        way = "Give only the part with the results"
        raise CaseError(FIELD, f"has more than {MOST_LINES:,} lines", way)

    def in_time() -> None:
        if time.monotonic() > until:
            raise too_slow(FIELD)

    rows, unused = table_of(lines, today, in_time)
    if len(rows) > MOST_ROWS:
        way = "Give only the part with the newest results"
        raise CaseError(FIELD, f"has more than {MOST_ROWS:,} results", way)
    return Sheet(kind=kind, rows=rows, unused=unused)


def labs_of(sheet: Sheet, confirmed: Collection[int] | Mapping[int, Row]) -> list[Lab]:
    """The results of a case from the rows that a person confirmed; earlier results are left out.

    Args:
        confirmed: numbers of rows (from 0), or those numbers with the rows as the person put them right.

    Raises:
        CaseError: a row that is not there, or that has no test, number or unit.
    """
    labs = []
    for number in sorted(confirmed):
        if not 0 <= number < len(sheet.rows):
            raise CaseError(f"{FIELD}, row {number + 1}", "is not there", "Choose one of the rows")
        row = confirmed[number] if isinstance(confirmed, Mapping) else sheet.rows[number]
        if not row.previous:
            labs.append(_lab(row, number))
    return labs


def _lab(row: Row, number: int) -> Lab:
    field = f"{FIELD}, row {number + 1} ({row.name})"
    if row.test is None or row.value is None or row.unit is None:
        lacking = "test" if row.test is None else "number" if row.value is None else "unit"
        raise CaseError(field, f"has no {lacking}", f"Give the {lacking}, or leave the row out")
    known = words().known
    test = find_test(row.name, known)
    # the name as written says more than the test: urea nitrogen, calcium adjusted for albumin
    name = row.name if test is not None and test.id == row.test else row.test
    flag = {"L": "low", "H": "high", "N": "normal"}.get(row.flag[:1])
    own = list(row.reference) if row.reference else None
    return Lab(
        name=name,
        value=f"{row.comparator}{row.value!r}" if row.comparator else row.value,
        unit=row.unit,
        flag=flag if own is None else None,  # type: ignore[arg-type]
        critical=row.flag in ("LL", "HH"),
        reference=own,
        date=row.date,
    )

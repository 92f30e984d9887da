"""Goes through the lines of a sheet: headings, sections, dates, results, and what is none of them."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import msgspec

from stillwell.case.lab_sheet.checks import range_shown, side_of
from stillwell.case.lab_sheet.dates import order_of
from stillwell.case.lab_sheet.decimals import decimal_mark
from stillwell.case.lab_sheet.headings import Column, Headings, headings_of, with_second_line
from stillwell.case.lab_sheet.lines import Line
from stillwell.case.lab_sheet.model import Place, Row, Unused
from stillwell.case.lab_sheet.records import records_of
from stillwell.case.lab_sheet.rows import Setting, rows_of
from stillwell.case.lab_sheet.sideways import records_across, tests_across, with_lines_below
from stillwell.case.lab_sheet.tokens import Token, cleaned, tokens_of
from stillwell.case.lab_sheet.words import plain, words

_NUMBER = re.compile(r"(?<![\w.,])\d+(?:[.,]\d+)?(?![\w%])")
SECTION_WORDS = 5  # words of the heading of a section
HEADED = 8  # parts of a line that a day heads
STRAYS = 2  # words beside a number that make a line a note, where the test stands elsewhere too


@dataclass
class _Reading:
    lines: list[Line]
    tokens: list[list[Token]]
    rows: list[Row] = field(default_factory=list)
    unused: list[Unused] = field(default_factory=list)
    headings: Headings | None = None
    under_headings: bool = False
    across: list[Column] | None = None  # tests as columns


def table_of(
    lines: list[Line], today: dt.date, in_time: Callable[[], None]
) -> tuple[list[Row], list[Unused]]:
    """(rows, lines and pieces of lines that gave none), in the order of the sheet.

    Args:
        in_time: called for every line; raises when reading takes too long.
    """
    tokens = []
    for line in lines:
        in_time()
        tokens.append(tokens_of(line, today))
    reading = _Reading(lines, tokens)
    setting = _setting(reading, today)
    at = 0
    while at < len(lines):
        in_time()
        joined = with_lines_below(lines, tokens, at)
        if joined is not None:
            line, count = joined
            setting = _read_line(reading, line, tokens_of(line, today), setting, [])
            for below in lines[at + 1 : at + 1 + count]:
                why = words().said_why["with_above"]
                reading.unused.append(_unused(below, 0, len(below.raw), why))
            at += 1 + count
            continue
        below_it = tokens[at + 1] if at + 1 < len(lines) else []
        setting = _read_line(reading, lines[at], tokens[at], setting, below_it)
        at += 1
    _leave_out_notes(reading)
    _ask_what_stands_twice(reading.rows)
    _ask_what_is_not_marked(reading.rows)
    reading.unused.sort(key=lambda u: (u.place.page, u.place.line, u.place.start))
    return reading.rows, reading.unused


# ---- what the whole sheet tells ---------------------------------------------------------------------


def _setting(reading: _Reading, today: dt.date) -> Setting:
    """Decimal mark, order of dates, and the day of the sample where one alone is told."""
    numbers: list[str] = []
    dates: list[list[tuple[str, dt.date]]] = []
    for parts in reading.tokens:
        for token in parts:
            if token.kind == "number":
                numbers.append(token.text)
            elif token.kind == "range":
                numbers += [end for end in token.ends if end]
            elif token.kind == "date":
                dates.append(token.days)
    setting = Setting(today=today, mark=decimal_mark(numbers), order=order_of(dates))
    for kinds in (("taken",), ("alone", "date")):
        told = [
            t
            for parts, line in zip(reading.tokens, reading.lines, strict=True)
            for t, kind in _told_dates(line, parts)
            if kind in kinds
        ]
        if told:
            days = {tuple(t.days) for t in told}
            setting = replace(setting, explicit=kinds == ("taken",))
            if len(days) == 1 or kinds == ("taken",):
                setting = replace(setting, taken=told[0].days, taken_as=told[0].text)
            break
    return setting


def _told_dates(line: Line, parts: list[Token]) -> list[tuple[Token, str]]:
    """Each date of a line with what it is of: "taken", "other", "date", "alone" or ""."""
    dates = [t for t in parts if t.kind == "date"]
    if not dates or any(t.kind in ("unit", "range") for t in parts):
        return []
    if _is_headed_by_day(line, parts):
        return [(dates[0], "alone")]
    told = []
    begin = 0
    for token in dates:
        before = plain(line.text[begin : token.start]).split()
        told.append((token, _kind_of_date(before)))
        begin = token.end
    return told


def _is_headed_by_day(line: Line, parts: list[Token]) -> bool:
    """Whether a line is a day, or a day and the name of a section ("17-Feb-2026 Bone profile")."""
    if parts[0].kind != "date" or any(t.kind in ("number", "date") for t in parts[1:]):
        return False
    spoken = {cleaned(t) for t in parts[1:]}
    return len(parts) <= HEADED and not spoken & (words().identity | words().other_date)


def _kind_of_date(before: list[str]) -> str:
    """What a date is of, by the words before it: the nearest phrase counts."""
    last = [w.strip("():.,") for w in before[-5:]]
    if set(last) & words().identity - words().other_date and not set(last) & words().taken:
        return ""
    for start in range(len(last)):
        phrase = " ".join(last[start:])
        for end in range(len(last), start, -1):
            phrase = " ".join(last[start:end])
            if phrase in words().taken:
                return "taken"
            if phrase in words().other_date:
                return "date" if phrase in ("date", "datum") else "other"
    return ""


# ---- line by line -----------------------------------------------------------------------------------


def _read_line(
    reading: _Reading, line: Line, parts: list[Token], setting: Setting, below: list[Token]
) -> Setting:
    said = words().said_why
    across = tests_across(line, parts, below)
    if across is not None:
        reading.across = across
        reading.unused.append(_unused(line, 0, len(line.raw), said["heading"]))
        return setting
    headings = headings_of(line, parts)
    if headings is not None:
        if reading.under_headings and reading.headings and not headings.has_names():
            with_second_line(reading.headings, line, parts)
        else:
            reading.headings = headings
        reading.under_headings = True
        reading.unused.append(_unused(line, 0, len(line.raw), said["heading"]))
        return setting
    if reading.under_headings and reading.headings is not None:
        reading.under_headings = False
        if with_second_line(reading.headings, line, parts):
            reading.unused.append(_unused(line, 0, len(line.raw), said["heading"]))
            return setting
    heads = ("taken",) if setting.explicit else ("taken", "alone")
    taken = [t for t, kind in _told_dates(line, parts) if kind in heads]
    if taken:
        setting = replace(setting, taken=taken[0].days, taken_as=taken[0].text)
    setting = _section(line, parts, setting)
    found = _doubted(_rows_of_line(reading, line, parts, setting), line)
    reading.rows += found
    about = (not found and bool(_told_dates(line, parts))) or _tells_of_people(parts)
    _list_rest(reading, line, found, said["about"] if about else said["no_result"])
    return setting


def _doubted(found: list[Row], line: Line) -> list[Row]:
    """The rows, a bound ("< 5.0") asked about where its line holds another number: it may be the range."""
    rest = line.raw
    for row in found:
        rest = rest.replace(row.place.words, " ", 1)
    other = _NUMBER.search(rest)
    if other is None:
        return found
    say = words().said_why["several_values"]
    return [
        msgspec.structs.replace(
            row,
            sure=False,
            why=say.format(ways=f"{row.comparator} {row.value:g}, {other[0]}"),
        )
        if row.sure and row.comparator and row.reference is None and row.value is not None
        else row
        for row in found
    ]


def _rows_of_line(reading: _Reading, line: Line, parts: list[Token], setting: Setting) -> list[Row]:
    if _tells_of_people(parts):
        return []
    if reading.across is not None:
        if not any(t.kind in ("name", "word", "range") for t in parts):
            across = records_across(line, parts, reading.across)
            return [row for record in across for row in rows_of(record, None, setting)]
        reading.across = None
    records = records_of(line, parts, reading.headings)
    found = []
    for record in records:
        found += rows_of(record, reading.headings, setting)
    return found


def _tells_of_people(parts: list[Token]) -> bool:
    """Whether a line begins like one about the patient, the laboratory or an order."""
    first = [cleaned(t) for t in parts if t.kind in ("word", "name", "flag")][:3]
    phrases = {" ".join(first[:n]) for n in (1, 2, 3)}
    if phrases & words().identity or (first[:1] and first[0] in words().notes):
        return True
    own = {cleaned(t) for t in parts if t.kind == "word"} & words().identity
    return (
        bool(own)
        and not any(t.kind == "unit" for t in parts)
        and not any(t.kind == "name" for t in parts[:2])
    )


def _section(line: Line, parts: list[Token], setting: Setting) -> Setting:
    """Take in the heading of a section: results under "Urine" are none of blood."""
    if any(t.kind in ("number", "range", "unit", "said", "date") for t in parts):
        return setting
    if len(line.text.split()) > SECTION_WORDS:
        return setting
    text = f" {plain(line.text)} "
    fluid = words().fluid.search(text)
    if fluid:
        return replace(setting, other_fluid=fluid[0])
    spoken = {plain(w).strip("()") for w in line.text.split()} | {text.strip()}
    return replace(setting, other_fluid="") if spoken & words().blood else setting


def _unused(line: Line, start: int, end: int, why: str) -> Unused:
    place = Place(page=line.page, line=line.number, start=start, end=end, words=line.raw[start:end])
    return Unused(place=place, why=why)


def _list_rest(reading: _Reading, line: Line, found: list[Row], why: str) -> None:
    """List every piece of a line that no row covers, where it holds a letter or a digit."""
    spans = sorted({(r.place.start, r.place.end) for r in found})
    at = 0
    for start, end in [*spans, (len(line.raw), len(line.raw))]:
        piece = line.raw[at:start]
        if any(c.isalnum() for c in piece):
            lead = len(piece) - len(piece.lstrip(" \t;,|"))
            reading.unused.append(_unused(line, at + lead, start, why))
        at = max(at, end)


# ---- when all lines are read ------------------------------------------------------------------------


def _leave_out_notes(reading: _Reading) -> None:
    """Take out sentences about a test ("ferritin < 30 µg/l means ...") that stands elsewhere as a result."""
    sure = {r.test for r in reading.rows if r.sure}
    beside = words().said_why["words_beside"].split("(")[0]
    kept = []
    for row in reading.rows:
        written = row.why[len(beside) :].count(" ") if row.why.startswith(beside) else 0
        if written > STRAYS and row.test in sure:
            reading.unused.append(Unused(place=row.place, why=words().said_why["no_result"]))
        else:
            kept.append(row)
    reading.rows[:] = kept


def _ask_what_stands_twice(rows: list[Row]) -> None:
    """Of one test on several days the newest is of now; several numbers of one day are asked about."""
    by_test: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row.test is not None and not row.previous and row.value is not None:
            by_test[row.test].append(row)
    for same in by_test.values():
        if len(same) < 2:
            continue
        days = {r.date for r in same}
        if None not in days and len(days) > 1:
            newest = max(d for d in days if d is not None)
            for row in same:
                row.previous = row.date != newest
            same = [r for r in same if not r.previous]
        told = {(r.value, r.comparator, r.unit) for r in same}
        for row in same:
            if len(told) > 1 and row.sure:
                row.sure, row.why = False, words().said_why["twice"]


def _ask_what_is_not_marked(rows: list[Row]) -> None:
    """Where a sheet marks what is out of range, a number out of range without a mark is doubtful."""
    if not any(r.flag not in ("", "N") for r in rows):
        return
    for row in rows:
        plain_number = not row.previous and not row.flag and not row.comparator
        if row.sure and plain_number and row.reference and side_of(row):
            row.sure = False
            row.why = words().said_why["unmarked"].format(range=range_shown(row.reference))

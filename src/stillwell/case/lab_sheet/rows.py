"""From a record to rows: the test, each result with its day, and whether all of it is certain."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from stillwell.case.lab_sheet.checks import doubt_about
from stillwell.case.lab_sheet.dates import settled
from stillwell.case.lab_sheet.decimals import meanings
from stillwell.case.lab_sheet.headings import NUMERIC, Column, Headings, column_at
from stillwell.case.lab_sheet.model import Flag, Place, Row
from stillwell.case.lab_sheet.names import Named, named
from stillwell.case.lab_sheet.records import Record
from stillwell.case.lab_sheet.tokens import Token, cleaned, is_unit, unit_written
from stillwell.case.lab_sheet.values import Value, Values, values_of
from stillwell.case.lab_sheet.words import plain, words


@dataclass
class Setting:
    """What the whole sheet tells of each row.

    Attributes:
        mark: its decimal mark, "" where it tells none.
        order: of day and month in its dates, "" where it tells none.
        taken: every day that the sample's date can mean.
        explicit: whether the sheet says of a date that it is the sample's.
        other_fluid: the section's fluid, where it is not blood.
    """

    today: dt.date
    mark: str = ""
    order: str = ""
    taken: list[tuple[str, dt.date]] | None = None
    taken_as: str = ""
    explicit: bool = False
    other_fluid: str = ""


def rows_of(record: Record, headings: Headings | None, setting: Setting) -> list[Row]:
    """The rows that a record gives; none where it is no result."""
    columns = headings.beside(record.name[0].left) if headings else []
    _take_lead(record, columns)
    between = _between(record, columns)
    name = named(" ".join([record.called, *(t.text for t in between)]))
    values = values_of(record, columns)
    known = name.test is not None or any(t.kind == "name" for t in record.name)
    if not values.results or _is_about_people(record):
        return []
    strays = _strays(record)
    unit_token = _unit_of(record, values)
    if not known and not (_is_result(record, columns, unit_token) and _is_named(record)):
        return []
    in_cell = columns and values.results[0].token.wide
    unclear = known and name.test is None and not (unit_token or values.ends or in_cell)
    if unclear and (len(record.name) > 3 or strays):
        return []

    rows = [_row(record, name, v, values, unit_token, setting) for v in values.results]
    for row, value in zip(rows, values.results, strict=True):
        _date(row, value.column, record, columns, setting)
    _which_are_previous(rows, values)
    for row, value in zip(rows, values.results, strict=True):
        row.why = row.why or _why(row, record, name, value, strays, setting)
        if not row.why:
            row.why = doubt_about(row, name.test, setting.mark, value.token, record)
        row.sure = not row.why
        if not row.sure and row.test is None:
            row.near = list(name.near)
    return rows


def _is_about_people(record: Record) -> bool:
    """Whether the words of a record tell of a person, a place or an order."""
    told = {cleaned(t) for t in (*record.name, *record.words) if t.kind == "word"}
    told |= {w.strip(":") for t in record.name if t.kind == "word" for w in (t.text.lower(),)}
    phrase = plain(record.called)
    return bool(told & words().identity) or phrase in words().identity


def _is_named(record: Record) -> bool:
    letters = sum(c.isalpha() for c in record.called)
    return letters >= 2 and len(record.name) <= 6 and len(record.called) <= 60


def _is_result(record: Record, columns: list[Column], unit: Token | None) -> bool:
    """Whether something with a name that is not known is a result all the same."""
    laboratory = unit is not None and unit.text != "%"
    ranged = bool(record.of("range")) and record.line.aligned
    if record.of("date") and not columns:
        return False
    few = sum(t.kind == "word" for t in record.words) <= 2
    in_cell = any(t.wide for t in record.parts if t.kind in ("number", "said"))
    return few and (laboratory or ranged or (bool(columns) and record.line.aligned and in_cell))


def _strays(record: Record) -> list[Token]:
    """Words in the cell of the number or right behind it, that no habit of laboratories explains."""
    value = next(t for t in record.parts if t.kind in ("number", "said"))
    strays = []
    for token in sorted([*record.words, *record.parts], key=lambda t: t.start):
        if token.start <= value.start:
            continue
        if token.wide:
            break  # a cell of its own
        word = cleaned(token)
        if token.kind != "word" or word in words().aside or word in words().flags:
            continue
        if words().roles.get(word) == "range":
            continue
        if any(c.isalpha() for c in word) and not is_unit(token.text):
            strays.append(token)
    return strays


def _between(record: Record, columns: list[Column]) -> list[Token]:
    """Words in cells between name and number that are of no column of notes."""
    left = []
    for token in record.between:
        column = column_at(token, columns) if columns else None
        word = cleaned(token)
        if column is not None and column.role in (
            "comment",
            "date",
            "flag",
            "unit",
            "range",
            "unread",
        ):
            continue
        if word in words().aside or word in words().flags or not any(c.isalpha() for c in word):
            continue
        left.append(token)
    return left


def _take_lead(record: Record, columns: list[Column]) -> None:
    """Numbers before the name: results where the headings say so, codes where they say that."""
    left = []
    for token in record.lead:
        column = column_at(token, columns) if columns else None
        if column is None:
            left.append(token)
        elif column.role in (*NUMERIC, "range"):
            record.parts.insert(0, token)
        elif column.role == "test":
            left.append(token)
    record.parts.sort(key=lambda t: t.start)
    record.lead = left


def _unit_of(record: Record, values: Values) -> Token | None:
    units = record.of("unit")
    if units:
        return units[0]
    span = values.range_token
    return span if span is not None and span.unit else None


def _row(
    record: Record, name: Named, value: Value, values: Values, unit: Token | None, setting: Setting
) -> Row:
    line = record.line
    start = min(t.start for t in (*record.name, *record.parts, *record.days))
    end = record.end
    first, last = line.at[start], min(line.at[end - 1] + 1, len(line.raw))
    place = Place(
        page=line.page, line=line.number, start=first, end=last, words=line.raw[first:last]
    )
    token = value.token
    written = unit_written(unit.unit or unit.text) if unit else None
    if written is None and (called := _unit_word(record)):
        written = called
    row = Row(
        place=place,
        name=record.called[:80],
        test=name.test.id if name.test else None,
        unit=written,
        flag=_flag(record, value, values),
    )
    if token.kind == "said":
        row.said = token.text.strip("()")
    else:
        numbers = meanings(token.text, setting.mark)
        row.value = numbers[0] if numbers else None
        row.comparator = token.bound  # type: ignore[assignment]
    row.reference = _range(values, setting)
    return row


def _unit_word(record: Record) -> str | None:
    return next((unit_written(t.text) for t in record.words if is_unit(t.text)), None)


def _range(values: Values, setting: Setting) -> tuple[float | None, float | None] | None:
    if values.ends is None or values.ends == (None, None):
        return None
    ends = [meanings(end, setting.mark) if end else [] for end in values.ends]
    if any(len(end) > 1 for end in ends):
        return None
    low, high = (end[0] if end else None for end in ends)
    if low is not None and high is not None and low >= high:
        return None
    return None if low is None and high is None else (low, high)


def _flag(record: Record, value: Value, values: Values) -> Flag:
    """The mark of a result: of several results that one's which stands right beside it."""
    flags = record.of("flag")
    role = value.column.role if value.column else ""
    if len(values.results) > 1 and values.marks_apart and role in ("result", "previous"):
        flags = flags if role == "result" else []
    elif len(values.results) > 1:
        index = record.parts.index(value.token)
        numbers = [i for i, t in enumerate(record.parts) if t.kind in ("number", "said")]
        following = min((i for i in numbers if i > index), default=len(record.parts))
        flags = [t for t in record.parts[index + 1 : following] if t.kind == "flag"]
    for token in flags:
        mark = token.text.lower()
        side = "L" if mark in words().low else "H" if mark in words().high else ""
        if side:
            return side * 2 if mark in words().very else side  # type: ignore[return-value]
    if any(t.text[0] in "*!" or t.text.lower().startswith("abn") for t in flags):
        return "*"
    return "N" if flags else ""


def _date(
    row: Row, column: Column | None, record: Record, columns: list[Column], setting: Setting
) -> None:
    """The day of a result: of its column, of its row, else of the sheet."""
    own, earlier, open_ = _days_of(record, columns)
    previous = column is not None and column.role == "previous"
    mine = earlier if previous else own
    if column is not None and column.day is not None:
        _settle(row, column.day.days, column.day.text, setting)
    elif open_ or len(mine) > 1:
        row.why = row.why or words().said_why["which_date"]
    elif mine:
        _settle(row, mine[0].days, mine[0].text, setting)
    elif setting.taken is not None and not previous:
        _settle(row, setting.taken, setting.taken_as, setting)


def _days_of(record: Record, columns: list[Column]) -> tuple[list[Token], list[Token], list[Token]]:
    """(days of the result, days of the earlier result, days that can be of either)."""
    own, earlier, open_ = [], [], []
    two = any(c.role in ("previous", "previous_date") for c in columns)
    for token in (*record.days, *record.of("date")):
        column = column_at(token, columns) if columns and record.line.aligned else None
        if column is not None and column.role == "previous_date":
            earlier.append(token)
        elif not two or (column is not None and column.role == "date"):
            own.append(token)
        else:
            open_.append(token)
    return own, earlier, open_


def _settle(row: Row, days: list[tuple[str, dt.date]], shown: str, setting: Setting) -> None:
    row.date, certain = settled(days, setting.order, setting.today)
    if not certain:
        key = "future" if all(d > setting.today for _, d in days) else "two_dates"
        row.why = row.why or words().said_why[key].format(date=shown)


def _which_are_previous(rows: list[Row], values: Values) -> None:
    """Columns headed so, and of several dated columns all but the newest."""
    dated = []
    has_result = any(v.column is not None and v.column.role == "result" for v in values.results)
    for row, value in zip(rows, values.results, strict=True):
        role = value.column.role if value.column else ""
        row.previous = role == "previous" or (role == "dated" and has_result)
        if role == "dated" and not has_result:
            dated.append(row)
    known = [r.date for r in dated if r.date is not None]
    for row in dated:
        row.previous = row.date is None or row.date < max(known)


def _why(
    row: Row, record: Record, name: Named, value: Value, strays: list[Token], setting: Setting
) -> str:
    """What has to be asked about the name, the column or the words beside, or ""."""
    said = words().said_why
    fluid = words().fluid.search(" " + record.line.text[record.start : record.end].lower() + " ")
    other = setting.other_fluid or (fluid[0] if fluid and name.test is None else "")
    beside = next(
        (
            w
            for t in (*record.words, *record.between)
            if (w := words().fluid.search(f" {cleaned(t)} "))
        ),
        None,
    )
    if other or beside:
        word = other or (beside[0] if beside else "")
        row.test = None
        return said["other_fluid"].format(word=word)
    if name.test is None:
        near = " / ".join(name.near)
        return said[name.why or "unknown_test"].format(name=row.name, near=near, word=name.word)
    if strays:
        return said["words_beside"].format(words=" ".join(t.text for t in strays)[:60])
    if value.why:
        ways = ", ".join(t.bound + t.text for t in record.of("number"))
        return said[value.why].format(ways=ways)
    if record.lead:
        return said["number_before"].format(ways=", ".join(t.text for t in record.lead))
    return ""

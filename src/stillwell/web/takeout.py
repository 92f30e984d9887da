"""Everything that people told, to take along: JSON with its schema, tables, and a page to read; and back again."""

from __future__ import annotations

import csv
import datetime as dt
import io
from typing import Any

import msgspec

from stillwell.store import archive
from stillwell.store.errors import ArchiveError
from stillwell.store.store import Record, Somebody, Store
from stillwell.web import diary, journey
from stillwell.web.diary import DiaryDay
from stillwell.web.journey import Journey
from stillwell.web.lab_rows import told_value
from stillwell.web.wording import words

KINDS: dict[str, type] = {journey.KIND: Journey, diary.KIND: DiaryDay}
Row = list[str | float | None]
Cells = tuple[list[str], list[Row]]


def export(store: Store) -> bytes:
    """The zip of everything; the same bytes as long as nothing is changed. Raises StoreError."""
    everybody, kept = archive.content(store)
    read: list[tuple[Record, Any]] = [
        (r, msgspec.json.decode(r.body, type=KINDS[r.kind])) for r in kept if r.kind in KINDS
    ]
    shown = tables(everybody, read)
    files = {f"tables/{name}.csv": _csv(cells) for name, cells in shown.items()}
    files |= {f"schema/{name}.schema.json": _schema(kind) for name, kind in _models().items()}
    files["index.html"] = _page(everybody, read)
    return archive.packed(everybody, kept, files)


def bring_back(store: Store, data: bytes) -> archive.Taken:
    """Take in what was exported. Raises ArchiveError: nothing of it was taken in."""
    return archive.take_in(store, archive.unpacked(data), check)


def check(kind: str, body: bytes) -> None:
    """Refuse a record that is not of its kind. Raises ArchiveError."""
    if kind not in KINDS:
        raise ArchiveError(f"it holds '{kind}', which this version does not know; update stillwell")
    try:
        msgspec.json.decode(body, type=KINDS[kind])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ArchiveError(f"a record in it ({kind}) cannot be read: {error}") from None


def tables(everybody: list[Somebody], read: list[tuple[Record, Any]]) -> dict[str, Cells]:
    """Each table's heads and rows, by its name; an empty cell is "not told"."""
    stories = [(r, told) for r, told in read if isinstance(told, Journey)]
    days = [(r, told) for r, told in read if isinstance(told, DiaryDay)]
    return {
        "people": (["id", "name", "created"], [[p.id, p.name, _moment(p.created)] for p in everybody]),
        "stories": (
            ["id", "person", "started", "changed", "words", "age", "sex", "medicines", "supplements", "not_eaten", "questions_for_doctor"],
            [[r.id, r.person, _day(j.started), _moment(r.changed), j.words, j.age, j.sex, _list(j.medicines), _list(j.supplements or None), _list(j.avoids or None), _list(j.for_doctor or None)] for r, j in stories],
        ),
        "answers": (["story", "question", "answer"], [[r.id, a.key, a.answer] for r, j in stories for a in j.answers]),
        "results": (
            ["story", "date", "test", "value", "unit", "flag", "range"],
            [[r.id, _day(lab.date), lab.name, lab.value, lab.unit, lab.flag, None if lab.reference is None else str(lab.reference)] for r, j in stories for lab in j.labs],
        ),
        "food": (
            ["story", "day", "food", "complete"],
            [[r.id, n + 1, text, _yes(j.complete[n] if n < len(j.complete) else None)] for r, j in stories for n, text in enumerate(j.diary)],
        ),
        "diary": (
            ["person", "day", "severity_0_to_10", "night_disturbed", "triggers", "tried", "note"],
            [[r.person, _day(d.day), d.severity, _yes(d.disturbed), _list(d.triggers), _list(d.tried), d.note] for r, d in sorted(days, key=lambda pair: (pair[0].person, pair[1].day, pair[0].id))],
        ),
    }  # fmt: skip


def _models() -> dict[str, type]:
    return {"export": archive.Archive, **KINDS}


def _schema(kind: type) -> bytes:
    return msgspec.json.format(msgspec.json.encode(msgspec.json.schema(kind), order="sorted")) + b"\n"  # fmt: skip


def _csv(cells: Cells) -> bytes:
    made = io.StringIO()
    out = csv.writer(made, lineterminator="\n")
    heads, rows = cells
    out.writerow(heads)
    out.writerows([[_harmless(value) for value in row] for row in rows])
    return made.getvalue().encode("utf-8-sig")  # a spreadsheet knows by the mark that it is UTF-8


def _harmless(value: str | float | None) -> str | float | None:
    """A cell that a spreadsheet does not take for a formula."""
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return f"'{value}"
    return value


def _page(everybody: list[Somebody], read: list[tuple[Record, Any]]) -> bytes:
    from stillwell.web.desk import templates

    by_person = [
        (
            person,
            [(r, told) for r, told in read if r.person == person.id and isinstance(told, Journey)],
            sorted(
                (told for r, told in read if r.person == person.id and isinstance(told, DiaryDay)),
                key=lambda day: day.day,
            ),
        )
        for person in everybody
    ]
    page = templates().get_template("takeout.html.j2")
    return str(page.render(words=words(), people=by_person, told=told_value)).encode()


def _list(items: list[str] | None) -> str | None:
    """None: not told; no items: none."""
    if items is None:
        return None
    return "; ".join(items) or words()["check"]["told_none"]


def _yes(value: bool | None) -> str | None:
    return None if value is None else words()["questions"]["yes" if value else "no"]


def _day(value: dt.date | None) -> str | None:
    return value.isoformat() if value is not None else None


def _moment(value: dt.datetime) -> str:
    return value.isoformat(timespec="seconds")

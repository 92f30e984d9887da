"""All that a store holds in one zip, and back: the same content gives the same bytes, whenever it is written.

The zip holds `data.json`, from which everything can be read in again, and whatever files its caller adds for people
to read. Nothing is ever unpacked to a disk.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Callable, Mapping
from typing import Annotated, Literal

import msgspec
from msgspec import Meta
from sqlalchemy import select, update

from stillwell.store.errors import ArchiveError
from stillwell.store.store import Record, Somebody, Store
from stillwell.store.tables import people, records

DATA = "data.json"
MOST_FILES = 100
MOST_BYTES = 100_000_000  # of all files together, unpacked
MOST_RATIO = 100  # of a file larger than 1 MB: more is a bomb
SYMLINK = 0o120000

Id = Annotated[str, Meta(pattern="^[A-Za-z0-9_-]{1,32}$")]
Moment = Annotated[dt.datetime, Meta(tz=True)]


class Person(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A person as they are exported."""

    id: Id
    name: Annotated[str, Meta(min_length=1, max_length=1000)]
    created: Moment


class Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A record as it is exported: its body is JSON, byte for byte as it was kept."""

    id: Id
    person: Id
    kind: Annotated[str, Meta(pattern="^[a-z_]{1,32}$")]
    revision: Annotated[int, Meta(ge=1, lt=2**31)]
    created: Moment
    changed: Moment
    body: msgspec.Raw


class Archive(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything."""

    schema: Literal["stillwell/export/1"] = "stillwell/export/1"
    people: list[Person]
    records: list[Entry]


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """What an import did: new people and records, records replaced by later ones, and those left alone."""

    people: int = 0
    added: int = 0
    replaced: int = 0
    left: int = 0


def content(store: Store) -> tuple[list[Somebody], list[Record]]:
    """Everybody and every record, of one moment, in an order that never changes. Raises StoreError."""
    with store.database.read() as db:
        return store.people_in(db), store.records_in(db)


def packed(everybody: list[Somebody], kept: list[Record], files: Mapping[str, bytes]) -> bytes:
    """The zip of all that.

    Args:
        files: what is added for people to read, by name.
    """
    return zipped({DATA: _as_json(everybody, kept), **files})


def _as_json(everybody: list[Somebody], kept: list[Record]) -> bytes:
    encode = msgspec.json.encode
    listed = [encode(msgspec.convert(p, Person, from_attributes=True)) for p in everybody]
    entries = [
        encode(Entry(**{**msgspec.structs.asdict(r), "body": msgspec.Raw(r.body)})) for r in kept
    ]
    parts = [b'"people":[\n', b",\n".join(listed), b'\n],\n"records":[\n', b",\n".join(entries)]
    return b'{"schema":"stillwell/export/1",\n' + b"".join(parts) + b"\n]}\n"


def zipped(files: Mapping[str, bytes]) -> bytes:
    """A zip whose bytes depend on its content alone: sorted, and every file of the same day."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as out:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3
            entry.external_attr = 0o600 << 16
            out.writestr(entry, files[name], compresslevel=9)
    return made.getvalue()


def unpacked(data: bytes) -> Archive:
    """What an exported zip holds.

    Raises:
        ArchiveError: it is no export, or a hostile one.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as source:
            entries = source.infolist()
            _refuse_hostile(entries)
            entry = next((e for e in entries if e.filename == DATA), None)
            if entry is None:
                raise ArchiveError(f"there is no {DATA} in it; give a file that stillwell exported")
            with source.open(entry) as file:
                text = file.read(MOST_BYTES + 1)
    except (
        zipfile.BadZipFile,
        NotImplementedError,
        RuntimeError,
        EOFError,
        OSError,
        ValueError,
        OverflowError,
    ):
        raise ArchiveError("it is no whole zip file; export again, or give another file") from None
    except Exception as error:  # what a broken stream makes the decompressors raise
        if isinstance(error, ArchiveError):
            raise
        raise ArchiveError("it is no whole zip file; export again, or give another file") from None
    if len(text) > MOST_BYTES:
        raise ArchiveError("it is larger inside than any export; nothing was taken in")
    try:
        found = msgspec.json.decode(text, type=Archive)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ArchiveError(f"{DATA} in it is no export of stillwell ({error})") from None
    _refuse_unsound(found)
    return found


def _refuse_hostile(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > MOST_FILES:
        raise ArchiveError(f"it holds more than {MOST_FILES} files, which no export does")
    names = [e.filename for e in entries]
    if len(set(names)) != len(names):
        raise ArchiveError("it holds two files of one name, which no export does")
    for entry in entries:
        if not re.fullmatch(r"[a-z0-9_]+(/[a-z0-9_]+)*(\.[a-z0-9]+)*", entry.orig_filename):
            raise ArchiveError("it holds a file with a name that no export has")
        if (entry.external_attr >> 16) & 0o170000 == SYMLINK:
            raise ArchiveError("it holds a link, which no export does")
        if entry.flag_bits & 1:
            raise ArchiveError("it is locked by a password of its own; unlock it first")
        large = entry.file_size > 1_000_000
        if large and entry.file_size > MOST_RATIO * max(1, entry.compress_size):
            raise ArchiveError("it is packed as no export is; nothing was taken in")
    if sum(e.file_size for e in entries) > MOST_BYTES:
        raise ArchiveError("it is larger inside than any export; nothing was taken in")


def _refuse_unsound(found: Archive) -> None:
    known = {p.id for p in found.people}
    if len(known) != len(found.people) or len({r.id for r in found.records}) != len(found.records):
        raise ArchiveError("one id stands for two things in it; it was changed by hand")
    if any(r.person not in known for r in found.records):
        raise ArchiveError("a record in it is of nobody; it was changed by hand")


def take_in(store: Store, found: Archive, check: Callable[[str, bytes], None]) -> Taken:
    """Put in what is not there yet; of two versions of a record the one changed later stays.

    Args:
        check: raises ArchiveError where a body is not of its kind.

    Raises:
        ArchiveError: something in it cannot be used; nothing of it was taken in.
    """
    for entry in found.records:
        check(entry.kind, bytes(entry.body))
    new_people = added = replaced = left = 0
    with store.write(exclusive=True) as db:
        here = set(db.scalars(select(people.c.id)))
        for one in found.people:
            if one.id not in here:
                created = one.created.astimezone(dt.UTC)
                store.insert_person(db, Somebody(id=one.id, name=one.name, created=created))
                new_people += 1
        kept = {r.id: r for r in store.records_in(db)}
        for entry in found.records:
            new = _record(entry)
            old = kept.get(new.id)
            if old is None:
                store.insert_record(db, new)
                added += 1
            elif old.person != new.person or old.kind != new.kind:
                raise ArchiveError(
                    "a record in it is here as another person's; it was changed by hand"
                )
            elif new.changed > old.changed:
                # a window that is open on the old version must notice
                later = msgspec.structs.replace(new, revision=max(new.revision, old.revision + 1))
                db.execute(update(records).where(records.c.id == new.id).values(**store.row(later)))
                replaced += 1
            else:
                left += 1
    return Taken(people=new_people, added=added, replaced=replaced, left=left)


def _record(entry: Entry) -> Record:
    return Record(
        id=entry.id,
        person=entry.person,
        kind=entry.kind,
        revision=entry.revision,
        created=entry.created.astimezone(dt.UTC),
        changed=entry.changed.astimezone(dt.UTC),
        body=bytes(entry.body),
    )

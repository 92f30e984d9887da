"""Keeps people and their records: every change is on disk before it is said to be kept."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import (
    Connection,
    Engine,
    create_engine,
    delete,
    event,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.exc import DBAPIError, OperationalError

from stillwell.store.errors import BusyError, FullError, MissingError, StaleError, StoreError
from stillwell.store.tables import metadata, people, records

WAIT_S = 5  # how long a writer waits for another before it gives up


class Somebody(msgspec.Struct, frozen=True, kw_only=True):
    """A person of the household."""

    id: str
    name: str
    created: dt.datetime


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """One document of a person.

    Attributes:
        kind: what the document is; the store does not look into it.
        revision: counts its changes, from 1.
        body: the document, as its owner wrote it.
    """

    id: str
    person: str
    kind: str
    revision: int
    created: dt.datetime
    changed: dt.datetime
    body: bytes


class Store:
    """People and records in one database.

    Args:
        url: `sqlite:///path` or `postgresql+psycopg://...`.

    Raises:
        StoreError: the database cannot be opened.
    """

    def __init__(self, url: str) -> None:
        self.engine = _engine(url)
        with self._write() as db:
            metadata.create_all(db)

    def close(self) -> None:
        """Let go of the database."""
        self.engine.dispose()

    # people

    def people(self) -> list[Somebody]:
        """Everybody, the first one first."""
        with self._read() as db:
            rows = db.execute(select(people).order_by(people.c.created, people.c.id))
            return [Somebody(id=r.id, name=r.name.decode(), created=_utc(r.created)) for r in rows]

    def add_person(self, name: str) -> str:
        """Add somebody; returns the id."""
        new = new_id()
        with self._write() as db:
            db.execute(insert(people).values(id=new, name=name.encode(), created=_now()))
        return new

    def rename(self, person: str, name: str) -> None:
        """Give a person another name. Raises MissingError."""
        with self._write() as db:
            done = db.execute(
                update(people).where(people.c.id == person).values(name=name.encode())
            )
            if not done.rowcount:
                raise MissingError("no such person")

    def remove_person(self, person: str) -> None:
        """Delete a person with every record. Raises MissingError."""
        with self._write() as db:
            db.execute(delete(records).where(records.c.person == person))
            if not db.execute(delete(people).where(people.c.id == person)).rowcount:
                raise MissingError("no such person")

    # records

    def records(self, person: str, kind: str | None = None) -> list[Record]:
        """A person's records, the one changed last first."""
        query = select(records).where(records.c.person == person)
        if kind is not None:
            query = query.where(records.c.kind == kind)
        with self._read() as db:
            rows = db.execute(query.order_by(records.c.changed.desc(), records.c.id))
            return [_record(r) for r in rows]

    def get(self, name: str) -> Record:
        """A record by its id. Raises MissingError."""
        with self._read() as db:
            row = db.execute(select(records).where(records.c.id == name)).one_or_none()
        if row is None:
            raise MissingError("no such record")
        return _record(row)

    def add(self, person: str, kind: str, body: bytes) -> Record:
        """Keep a new record. Raises MissingError where there is no such person."""
        now = _now()
        row = {
            **{"id": new_id(), "person": person, "kind": kind, "revision": 1},
            **{"created": now, "changed": now, "body": body},
        }
        with self._write() as db:
            if not db.scalar(select(func.count()).where(people.c.id == person)):
                raise MissingError("no such person")
            db.execute(insert(records).values(**row))
        return msgspec.convert(row, Record)

    def put(self, name: str, body: bytes, revision: int) -> Record:
        """Put a new body in the place of that of `revision`.

        Raises:
            MissingError: there is no such record.
            StaleError: the record was changed since that revision.
        """
        now = _now()
        with self._write() as db:
            done = db.execute(
                update(records)
                .where(records.c.id == name, records.c.revision == revision)
                .values(body=body, revision=revision + 1, changed=now)
            )
            row = db.execute(select(records).where(records.c.id == name)).one_or_none()
            if row is None:
                raise MissingError("no such record")
            if not done.rowcount:
                raise StaleError("it was changed in another window")
        return _record(row)

    def delete(self, name: str) -> None:
        """Delete a record. Raises MissingError."""
        with self._write() as db:
            if not db.execute(delete(records).where(records.c.id == name)).rowcount:
                raise MissingError("no such record")

    @contextmanager
    def _read(self) -> Iterator[Connection]:
        with _in_words(), self.engine.connect() as db:
            yield db

    @contextmanager
    def _write(self) -> Iterator[Connection]:
        with _in_words(), self.engine.begin() as db:
            yield db


def new_id() -> str:
    """An id that nobody can guess."""
    return secrets.token_urlsafe(15)


def sqlite_url(path: Path) -> str:
    """The address of a database file."""
    return f"sqlite:///{path}"


def _engine(url: str) -> Engine:
    with _in_words():
        if not url.startswith("sqlite"):
            return create_engine(url, pool_pre_ping=True)
        engine = create_engine(url, connect_args={"timeout": WAIT_S})

        @event.listens_for(engine, "connect")
        def _settings(connection: Any, _: Any) -> None:
            for pragma in (
                "journal_mode=WAL",
                "synchronous=FULL",  # a change that was said to be kept survives a power cut
                "foreign_keys=ON",
                "secure_delete=ON",  # deleted words are overwritten, not only unlinked
            ):
                connection.execute(f"PRAGMA {pragma}")

        return engine


@contextmanager
def _in_words() -> Iterator[None]:
    """A database's failures as one line each."""
    try:
        yield
    except OperationalError as error:
        said = str(error.orig).lower()
        if "full" in said or "readonly" in said or "read-only" in said:
            raise FullError("there is no room to keep this, or the file is read-only") from None
        if "locked" in said or "busy" in said:
            raise BusyError("another program holds the data; try again in a moment") from None
        raise StoreError(f"the data cannot be reached ({error.orig})") from None
    except DBAPIError as error:
        raise StoreError(f"the data cannot be used ({error.orig})") from None


def _record(row: Any) -> Record:
    return Record(
        id=row.id,
        person=row.person,
        kind=row.kind,
        revision=row.revision,
        created=_utc(row.created),
        changed=_utc(row.changed),
        body=bytes(row.body),
    )


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def _utc(moment: dt.datetime) -> dt.datetime:
    """SQLite forgets the zone; all moments are kept in UTC."""
    return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)

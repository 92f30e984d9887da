"""Keeps people and their records: every change is on disk before it is said to be kept."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, delete, func, insert, select, true, update
from sqlalchemy.exc import IntegrityError

from stillwell.store.database import WAIT_S, Database
from stillwell.store.errors import BusyError, MissingError, PassphraseError, StaleError
from stillwell.store.migrate import migrate
from stillwell.store.sealing import CHANGED, NO_KEY, Seal, Unsealed, new_seal, seal_of
from stillwell.store.tables import accounts, invitations, people, records, settings


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

    Attributes:
        whole: everybody's; `Owned` is one account's.

    Args:
        url: `sqlite:///path` or `postgresql+psycopg://...`.
        passphrase: gives it, where the data turns out to be locked by one.
        wait_s: how long a writer waits for another, in seconds.

    Raises:
        PassphraseError: the passphrase is lacking or wrong.
        StoreError: the database cannot be opened.
    """

    whole = True

    def __init__(
        self,
        url: str,
        passphrase: str | Callable[[], str] | None = None,
        wait_s: float = WAIT_S,
    ) -> None:
        self.database = Database(url, wait_s)
        try:
            migrate(self.database)
            with self.database.read() as db:
                self._key = _key(db)
            if callable(passphrase):
                passphrase = passphrase() if self.locked else None
            self._seal: Seal = seal_of(self._key, passphrase)
        except BaseException:
            self.database.close()
            raise

    def close(self) -> None:
        """Let go of the database."""
        self.database.close()

    # people

    def people(self) -> list[Somebody]:
        """Everybody, the first one first."""
        with self.database.read() as db:
            return self.people_in(db)

    def people_in(self, db: Connection) -> list[Somebody]:
        """Everybody, within a transaction."""
        rows = db.execute(select(people).where(self._seen(people.c.id))).all()
        found = [
            Somebody(
                id=r.id,
                name=self._seal.open(bytes(r.name), r.id, "person").decode(),
                created=_utc(r.created),
            )
            for r in rows
        ]
        return sorted(found, key=lambda one: (one.created, one.id))

    def add_person(self, name: str) -> str:
        """Add somebody; returns the id."""
        new = Somebody(id=new_id(), name=name, created=_now())
        with self.write() as db:
            self.insert_person(db, new)
        return new.id

    def insert_person(self, db: Connection, new: Somebody) -> None:
        """Put somebody in, within a transaction."""
        name = self._seal.close(new.name.encode(), new.id, "person")
        db.execute(insert(people).values(id=new.id, name=name, created=new.created))

    def rename(self, person: str, name: str) -> None:
        """Give a person another name. Raises MissingError."""
        kept = self._seal.close(name.encode(), person, "person")
        with self.write() as db:
            one = update(people).where(people.c.id == person, self._seen(people.c.id))
            if not db.execute(one.values(name=kept)).rowcount:
                raise MissingError("no such person")
            self._note(db, "renamed", person)

    def remove_person(self, person: str) -> None:
        """Delete a person with every record. Raises MissingError."""
        with self.write() as db:
            mine = self._seen(people.c.id)
            if not db.scalar(select(func.count()).where(people.c.id == person, mine)):
                raise MissingError("no such person")
            db.execute(delete(records).where(records.c.person == person))
            db.execute(delete(people).where(people.c.id == person))
            self._note(db, "person_deleted", person)
        self._forget()

    # records

    def records(self, person: str, kind: str | None = None) -> list[Record]:
        """A person's records, the one changed last first."""
        query = select(records).where(records.c.person == person, self._seen(records.c.person))
        if kind is not None:
            query = query.where(records.c.kind == kind)
        with self.database.read() as db:
            rows = db.execute(query.order_by(records.c.changed.desc(), records.c.id))
            return [self._record(r) for r in rows]

    def records_in(self, db: Connection) -> list[Record]:
        """All records of everybody, within a transaction, in an order that never changes."""
        every = select(records).where(self._seen(records.c.person))
        found = [self._record(r) for r in db.execute(every)]
        return sorted(found, key=lambda r: (r.created, r.id))

    def get(self, name: str) -> Record:
        """A record by its id. Raises MissingError."""
        with self.database.read() as db:
            row = self._row(db, name)
        if row is None:
            raise MissingError("no such record")
        return self._record(row)

    def add(self, person: str, kind: str, body: bytes) -> Record:
        """Keep a new record. Raises MissingError where there is no such person."""
        now = _now()
        new = Record(
            id=new_id(),
            person=person,
            kind=kind,
            revision=1,
            created=now,
            changed=now,
            body=body,
        )
        with self.write() as db:
            mine = self._seen(people.c.id)
            if not db.scalar(select(func.count()).where(people.c.id == person, mine)):
                raise MissingError("no such person")
            try:
                self.insert_record(db, new)
            except IntegrityError:  # deleted in this very moment
                raise MissingError("no such person") from None
            self._note(db, "begun", new.id)
        return new

    def insert_record(self, db: Connection, new: Record) -> None:
        """Put a record in, within a transaction."""
        db.execute(insert(records).values(**self.row(new)))

    def row(self, record: Record) -> dict[str, Any]:
        """A record as it is kept."""
        return {**msgspec.structs.asdict(record), "body": self._seal.close(record.body, *_about(record))}  # fmt: skip

    def put(self, name: str, body: bytes, revision: int) -> Record:
        """Put a new body in the place of that of `revision`.

        Raises:
            MissingError: there is no such record.
            StaleError: the record was changed since that revision.
        """
        with self.write() as db:
            row = self._row(db, name)
            if row is None:
                raise MissingError("no such record")
            new = Record(
                id=row.id,
                person=row.person,
                kind=row.kind,
                revision=revision + 1,
                created=_utc(row.created),
                changed=_now(),
                body=body,
            )
            done = db.execute(
                update(records)
                .where(records.c.id == name, records.c.revision == revision)
                .values(**self.row(new))
            )
            if not done.rowcount:
                raise StaleError("it was changed in another window")
            self._note(db, "changed", name)
        return new

    def delete(self, name: str) -> None:
        """Delete a record. Raises MissingError."""
        with self.write() as db:
            one = delete(records).where(records.c.id == name, self._seen(records.c.person))
            if not db.execute(one).rowcount:
                raise MissingError("no such record")
            self._note(db, "deleted", name)
        self._forget()

    def remove_all(self, db: Connection) -> None:
        """Delete all that is kept here, within a transaction: accounts and what they did, too."""
        for table in (records, people, accounts, invitations):
            db.execute(delete(table))

    def noted(self, action: str, about: str = "") -> None:
        """Write down something that changed nothing; on one's own machine nothing is."""

    def _row(self, db: Connection, name: str) -> Any:
        mine = self._seen(records.c.person)
        return db.execute(select(records).where(records.c.id == name, mine)).one_or_none()

    def _seen(self, person: Any) -> ColumnElement[bool]:
        """Which people, by a column that names them, there are for whoever asks: all."""
        return true()

    def _note(self, db: Connection, action: str, about: str) -> None:
        """Write down who did what; here there is nobody but the owner of the machine."""

    # the passphrase

    @property
    def locked(self) -> bool:
        """Whether the data is encrypted under a passphrase."""
        return self._key != NO_KEY

    def lock(self, passphrase: str | None) -> None:
        """Encrypt everything under a new passphrase; None takes the encryption away.

        Raises:
            PassphraseError: it is too short.
        """
        seal, key = new_seal(passphrase) if passphrase is not None else (Unsealed(), NO_KEY)
        with self.write(exclusive=True) as db:
            for one in self.people_in(db):
                name = seal.close(one.name.encode(), one.id, "person")
                db.execute(update(people).where(people.c.id == one.id).values(name=name))
            for record in self.records_in(db):
                body = seal.close(record.body, *_about(record))
                db.execute(update(records).where(records.c.id == record.id).values(body=body))
            db.execute(update(settings).where(settings.c.name == "key").values(value=key))
        self._seal, self._key = seal, key
        self.database.forget_deleted(compact=True)  # what was there in plain text

    @contextmanager
    def write(self, *, exclusive: bool = False) -> Iterator[Connection]:
        """A transaction that changes something, under the passphrase that holds now.

        Args:
            exclusive: no other writer may be at work meanwhile.

        Raises:
            PassphraseError: the passphrase was changed since the store was opened.
        """
        with self.database.write() as db:
            if _key(db, "all" if exclusive else "share") != self._key:
                raise PassphraseError(CHANGED)
            yield db

    def _forget(self) -> None:
        """Take deleted words out of the journal too; where somebody reads, the next deletion does."""
        try:
            self.database.forget_deleted()
        except BusyError:
            return

    def _record(self, row: Any) -> Record:
        kept = Record(
            id=row.id,
            person=row.person,
            kind=row.kind,
            revision=row.revision,
            created=_utc(row.created),
            changed=_utc(row.changed),
            body=bytes(row.body),
        )
        return msgspec.structs.replace(kept, body=self._seal.open(kept.body, *_about(kept)))


def new_id() -> str:
    """An id that nobody can guess."""
    return secrets.token_urlsafe(15)


def sqlite_url(path: Path) -> str:
    """The address of a database file."""
    return f"sqlite:///{path}"


def _key(db: Connection, hold: str = "") -> bytes:
    """How the records are encrypted; held against change on PostgreSQL, as SQLite's writers are alone."""
    query = select(settings.c.value).where(settings.c.name == "key")
    if hold:
        query = query.with_for_update(read=hold == "share")
    return bytes(db.execute(query).scalar_one())


def _about(record: Record) -> tuple[str | int, ...]:
    return record.id, record.kind, record.person, record.revision


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def _utc(moment: dt.datetime) -> dt.datetime:
    """SQLite forgets the zone; all moments are kept in UTC."""
    return moment.astimezone(dt.UTC) if moment.tzinfo else moment.replace(tzinfo=dt.UTC)

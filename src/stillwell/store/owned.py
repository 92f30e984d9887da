"""The store as one account sees it: its own people and their records, and a line for each thing it does."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, exists, insert, select

from stillwell.store.errors import ArchiveError
from stillwell.store.store import Record, Somebody, Store
from stillwell.store.tables import owners, people, records
from stillwell.store.trail import note


class Owned(Store):
    """One account's people and records; whatever belongs to another is not there.

    Args:
        store: where everything is kept.
        account: the id of the account; "" sees nothing and can keep nothing.
    """

    whole = False

    def __init__(self, store: Store, account: str) -> None:
        self.database = store.database
        self._key, self._seal = store._key, store._seal
        self._account = account

    def close(self) -> None:
        """Nothing: the database is everybody's."""

    def lock(self, passphrase: str | None) -> None:
        """The passphrase is the server's. Raises PermissionError."""
        raise PermissionError("the passphrase is set at the terminal")

    def insert_person(self, db: Connection, new: Somebody) -> None:
        """Put somebody in, of this account."""
        super().insert_person(db, new)
        db.execute(insert(owners).values(person=new.id, account=self._account))
        self._note(db, "person_added", new.id)

    def insert_record(self, db: Connection, new: Record) -> None:
        """Put a record in, of a person of this account. Raises ArchiveError."""
        mine = select(owners.c.person).where(
            owners.c.person == new.person, owners.c.account == self._account
        )
        taken = db.scalar(select(exists().where(records.c.id == new.id)))
        if db.execute(mine).one_or_none() is None or taken:
            raise ArchiveError("a record in it is kept here by somebody else; nothing was taken in")
        super().insert_record(db, new)

    def remove_all(self, db: Connection) -> None:
        """Delete the people and records of this account, within a transaction."""
        mine = self._seen(people.c.id)
        ids = list(db.scalars(select(people.c.id).where(mine)))
        for person in ids:
            db.execute(delete(records).where(records.c.person == person))
            db.execute(delete(people).where(people.c.id == person))
        self._note(db, "all_deleted", "")

    def noted(self, action: str, about: str = "") -> None:
        """Write down something that changed nothing. Raises StoreError."""
        with self.database.write() as db:
            self._note(db, action, about)

    def _seen(self, person: Any) -> ColumnElement[bool]:
        mine: ColumnElement[bool] = person.in_(
            select(owners.c.person).where(owners.c.account == self._account)
        )
        return mine

    def _note(self, db: Connection, action: str, about: str) -> None:
        note(db, self._account, action, about)

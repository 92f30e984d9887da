"""Who is signed in: a random token in the browser, and only its hash here."""

from __future__ import annotations

import hashlib
import secrets
import time

from sqlalchemy import Connection, delete, insert, select, update

from stillwell.store.database import Database
from stillwell.store.tables import accounts, sessions
from stillwell.store.trail import note

IDLE_S = 3600  # a session ends when nothing was asked for so long,
WHOLE_S = 12 * 3600  # and at the latest after this
STEP_S = 60  # how exactly it is known when something was last asked


class Sessions:
    """The sessions of a store's accounts."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(self, account: str) -> str:
        """A new session; returns its token, which is kept nowhere else. Raises StoreError."""
        token = secrets.token_urlsafe(32)
        now = int(time.time())
        with self._database.write() as db:
            ended = (sessions.c.seen < now - IDLE_S) | (sessions.c.begun < now - WHOLE_S)
            db.execute(delete(sessions).where(ended))
            row = {"token": _digest(token), "account": account, "begun": now, "seen": now}
            db.execute(insert(sessions).values(**row))
        return token

    def account(self, token: str) -> tuple[str, str] | None:
        """Id and name of whom a token belongs to; None where it has ended or is none."""
        now = int(time.time())
        one = sessions.c.token == _digest(token)
        query = select(sessions, accounts.c.name).join(
            accounts, accounts.c.id == sessions.c.account
        )
        with self._database.read() as db:
            row = db.execute(query.where(one)).one_or_none()
        if row is None or row.seen < now - IDLE_S or row.begun < now - WHOLE_S:
            return None
        if row.seen < now - STEP_S:
            with self._database.write() as db:
                db.execute(update(sessions).where(one).values(seen=now))
        return row.account, row.name

    def end(self, token: str, account: str) -> None:
        """End a session."""
        with self._database.write() as db:
            db.execute(delete(sessions).where(sessions.c.token == _digest(token)))
            note(db, account, "signed_out")

    def end_all(self, account: str) -> None:
        """End every session of an account."""
        with self._database.write() as db:
            end_sessions(db, account)
            note(db, account, "signed_out_everywhere")


def end_sessions(db: Connection, account: str) -> None:
    """End every session of an account, within a transaction."""
    db.execute(delete(sessions).where(sessions.c.account == account))


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()

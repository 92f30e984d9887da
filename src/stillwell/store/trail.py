"""Who did what and when on a shared server: an action and an id, never a word of what was told."""

from __future__ import annotations

import datetime as dt
import time
from typing import Literal, get_args

import msgspec
from sqlalchemy import Connection, delete, func, insert, select

from stillwell.store.database import Database
from stillwell.store.tables import trail

Action = Literal[
    "signed_up", "signed_in", "refused", "signed_out", "signed_out_everywhere", "password_changed",
    "person_added", "renamed", "person_deleted", "begun", "read", "changed", "deleted",
    "taken_along", "brought_back", "all_deleted",
]  # fmt: skip
ACTIONS: tuple[str, ...] = get_args(Action)
MOST = 5000  # lines of an account; the oldest go first


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that was done.

    Attributes:
        about: the id of a record or a person; empty where it is about none.
    """

    at: dt.datetime
    action: str
    about: str


def note(db: Connection, account: str, action: str, about: str = "") -> None:
    """Write down that an account did something, in the transaction that does it."""
    assert action in ACTIONS
    now = int(time.time())
    db.execute(insert(trail).values(account=account, at=now, action=action, about=about))
    newest = db.scalar(select(func.max(trail.c.id)).where(trail.c.account == account)) or 0
    if newest % 100 == 0:
        kept = select(trail.c.id).where(trail.c.account == account)
        oldest = db.scalar(kept.order_by(trail.c.id.desc()).offset(MOST).limit(1))
        if oldest is not None:
            db.execute(delete(trail).where(trail.c.account == account, trail.c.id <= oldest))


def lines(database: Database, account: str, most: int = 200) -> list[Line]:
    """What an account did, the latest first. Raises StoreError."""
    query = select(trail).where(trail.c.account == account).order_by(trail.c.id.desc()).limit(most)
    with database.read() as db:
        return [
            Line(at=dt.datetime.fromtimestamp(r.at, dt.UTC), action=r.action, about=r.about)
            for r in db.execute(query)
        ]

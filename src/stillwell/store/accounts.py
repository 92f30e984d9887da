"""Accounts of a shared server: by invitation, with a password that is kept as an Argon2id hash only."""

from __future__ import annotations

import hashlib
import secrets
import time
from functools import cache

import msgspec
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from stillwell.store.database import Database
from stillwell.store.errors import AccountError
from stillwell.store.owned import Owned
from stillwell.store.sessions import end_sessions
from stillwell.store.store import Store, new_id
from stillwell.store.tables import accounts, invitations
from stillwell.store.trail import note

INVITATION_S = 48 * 3600
LEAST, MOST = 15, 1000  # letters of a password: a few words, and no more than is quickly hashed
NAME = 80
ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # no letter that looks like another


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """Who is signed in."""

    id: str
    name: str


class Accounts:
    """The accounts of a store."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._database: Database = store.database

    def invite(self) -> str:
        """A new invitation: a code that opens one account within two days. Raises StoreError."""
        code = "-".join("".join(secrets.choice(ALPHABET) for _ in range(5)) for _ in range(4))
        with self._database.write() as db:
            db.execute(delete(invitations).where(invitations.c.ends < time.time()))
            ends = int(time.time()) + INVITATION_S
            db.execute(insert(invitations).values(code=_digest(code), ends=ends))
        return code

    def any(self) -> bool:
        """Whether there is an account yet."""
        with self._database.read() as db:
            return bool(db.scalar(select(func.count()).select_from(accounts)))

    def sign_up(self, code: str, name: str, password: str) -> Account:
        """A new account for an invitation, which is used up by it.

        Raises:
            AccountError: its `reason` is `invitation`, `name`, `taken`, or one of `refused_password`.
        """
        shown, key = " ".join(name.split()), _key(name)
        if not key or len(key) > NAME:
            raise AccountError("name")
        if reason := refused_password(password, key):
            raise AccountError(reason)
        hashed = _hasher().hash(password)
        new = Account(id=new_id(), name=shown)
        with self._database.write() as db:
            one = delete(invitations).where(
                invitations.c.code == _digest(code), invitations.c.ends >= time.time()
            )
            if not db.execute(one).rowcount:
                raise AccountError("invitation")
            if db.scalar(select(accounts.c.id).where(accounts.c.name == key)) is not None:
                raise AccountError("taken")
            values = {"id": new.id, "name": key, "password": hashed, "created": int(time.time())}
            try:
                db.execute(insert(accounts).values(**values))
            except IntegrityError:
                raise AccountError("taken") from None
            note(db, new.id, "signed_up")
        return new

    def sign_in(self, name: str, password: str) -> Account | None:
        """The account of that name and password, or None; both take the same time."""
        with self._database.read() as db:
            row = db.execute(select(accounts).where(accounts.c.name == _key(name))).one_or_none()
        right = _verified(row.password if row else _nobody(), password)
        if row is None:
            return None
        with self._database.write() as db:
            note(db, row.id, "signed_in" if right else "refused")
            if right and _hasher().check_needs_rehash(row.password):
                new = _hasher().hash(password)
                db.execute(update(accounts).where(accounts.c.id == row.id).values(password=new))
        return Account(id=row.id, name=row.name) if right else None

    def confirmed(self, account: Account, password: str) -> bool:
        """Whether that is the account's password."""
        with self._database.read() as db:
            kept = db.scalar(select(accounts.c.password).where(accounts.c.id == account.id))
        return _verified(kept or _nobody(), password) and kept is not None

    def change_password(self, account: Account, password: str) -> None:
        """Another password; everybody who is signed in is signed out.

        Raises:
            AccountError: its `reason` is one of `refused_password`.
        """
        if reason := refused_password(password, account.name):
            raise AccountError(reason)
        hashed = _hasher().hash(password)
        with self._database.write() as db:
            one = update(accounts).where(accounts.c.id == account.id)
            db.execute(one.values(password=hashed))
            end_sessions(db, account.id)
            note(db, account.id, "password_changed")

    def delete(self, account: Account) -> None:
        """The account with its people, their records, its sessions and what it did. Raises StoreError."""
        with self._store.write(exclusive=True) as db:
            Owned(self._store, account.id).remove_all(db)
            db.execute(delete(accounts).where(accounts.c.id == account.id))
        self._store._forget()


def refused_password(password: str, name: str) -> str:
    """Why a password cannot be used: `short`, `long` or `simple`; "" where it can."""
    if len(password) < LEAST:
        return "short"
    if len(password) > MOST:
        return "long"
    rest = password.lower().replace(name.lower(), "") if name else password
    return "simple" if len(set(rest)) < 6 or len(rest) < LEAST // 2 else ""


@cache
def _hasher() -> PasswordHasher:
    """Argon2id with the library's own parameters (RFC 9106, low memory)."""
    return PasswordHasher()


@cache
def _nobody() -> str:
    """A hash that no password fits, so that a name which is none takes as long as a wrong password."""
    return _hasher().hash(secrets.token_urlsafe(32))


def _verified(kept: str, password: str) -> bool:
    if len(password) > MOST:
        return False
    try:
        return _hasher().verify(kept, password)
    except (VerificationError, InvalidHashError):
        return False


def _key(name: str) -> str:
    return " ".join(name.split()).casefold()


def _digest(code: str) -> str:
    letters = "".join(c for c in code.upper() if c.isalnum())
    return hashlib.sha256(letters.encode()).hexdigest()

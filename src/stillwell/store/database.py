"""One database, SQLite or PostgreSQL: its settings, its transactions, and its failures as one line each."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy import exc as sql

from stillwell.store.errors import BusyError, FullError, StoreError, UnreachableError
from stillwell.store.tables import metadata

WAIT_S = 5.0  # how long a writer waits for another before it gives up
KINDS = ("sqlite", "postgresql")
PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",  # a change that was said to be kept survives a power cut
    "foreign_keys=ON",
    "secure_delete=ON",  # deleted words are overwritten, not only unlinked
)
# SQLite's primary result codes (sqlite.org/rescode.html) and PostgreSQL's classes of SQLSTATE (its appendix A)
SQLITE = {5: "busy", 6: "busy", 8: "readonly", 10: "write", 11: "damaged", 13: "full", 14: "open", 26: "damaged"}  # fmt: skip
POSTGRES = {"53100": "full", "53": "busy", "55P03": "busy", "57014": "busy", "40": "busy", "25006": "readonly", "28": "open", "3D": "open", "08": "open", "57P": "open"}  # fmt: skip
SAID: dict[str, tuple[type[StoreError], str]] = {
    "busy": (BusyError, "another program holds the data; try again in a moment"),
    "full": (FullError, "there is no room left on the disk; make room and save again"),
    "write": (FullError, "the disk does not take it: it is full or failing; make room and save again"),
    "readonly": (FullError, "the data may only be read here; allow writing, or choose another --data"),
    "open": (UnreachableError, "the data cannot be reached; check the folder or address of --data, and that you may use it"),
    "damaged": (UnreachableError, "that is no database of stillwell, or it is damaged; choose another --data"),
}  # fmt: skip


class Database:
    """Connections to one database.

    Args:
        url: `sqlite:///path` or `postgresql+psycopg://...`.
        wait_s: how long a writer waits for another, in seconds.

    Raises:
        UnreachableError: there can be no such database.
    """

    def __init__(self, url: str, wait_s: float = WAIT_S) -> None:
        self._wait_s = wait_s
        self._turn = threading.Lock()  # threads here need not poll for SQLite's one writer
        try:
            parsed = make_url(url)
        except sql.ArgumentError:
            raise UnreachableError("--data: is no address of a database; give a file") from None
        self.kind = parsed.get_backend_name()
        if self.kind not in KINDS:
            raise UnreachableError(f"--data: {self.kind} is not supported; give a file")
        self.path = _file(parsed.database) if self.kind == "sqlite" else None
        if self.path is not None and not self.path.parent.is_dir():
            raise UnreachableError(f"--data: there is no folder {self.path.parent}; make it first")
        if self.path is not None and "file:" not in url:
            _for_the_owner_only(self.path)
        with in_words():
            self._engine = self._sqlite(url) if self.kind == "sqlite" else self._postgres(url)

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that sees one moment."""
        level = {} if self.kind == "sqlite" else {"isolation_level": "REPEATABLE READ"}
        with in_words(), self._engine.connect() as db:
            yield db.execution_options(**level)

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that is on disk when it ends, or leaves no trace."""
        writing = self._engine.execution_options(writes=True)
        with self._alone(), in_words(), writing.begin() as db:
            yield db

    @contextmanager
    def _alone(self) -> Iterator[None]:
        if self.kind != "sqlite":
            yield
            return
        if not self._turn.acquire(timeout=self._wait_s):
            raise BusyError(SAID["busy"][1])
        try:
            yield
        finally:
            self._turn.release()

    def forget_deleted(self, *, compact: bool = False) -> None:
        """Take what was deleted out of the file's journal, and with `compact` out of its free pages too.

        Raises:
            BusyError: somebody reads still; what was deleted is deleted, but its traces are not yet gone.
        """
        with self._alone(), in_words(), self._engine.connect() as db:
            plain = db.execution_options(isolation_level="AUTOCOMMIT")
            if self.kind != "sqlite":
                if compact:
                    plain.exec_driver_sql(f"VACUUM FULL {', '.join(metadata.tables)}")
                return
            if compact:
                plain.exec_driver_sql("VACUUM")
            row = plain.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()
            if row[0]:
                raise BusyError("it is deleted, but another program still reads old pages; close it and delete again")  # fmt: skip

    def files(self) -> list[Path]:
        """The files that hold the data: SQLite's own and its journals; none on PostgreSQL."""
        if self.path is None:
            return []
        names = [self.path, *(Path(f"{self.path}{end}") for end in ("-wal", "-shm", "-journal"))]
        return [p for p in names if p.is_file()]

    def _postgres(self, url: str) -> Engine:
        wait = int(self._wait_s * 1000)
        options = f"-c lock_timeout={wait} -c statement_timeout={12 * wait} -c timezone=UTC"
        try:
            return create_engine(
                url,
                pool_pre_ping=True,
                pool_size=10,
                max_overflow=30,
                pool_timeout=self._wait_s,
                connect_args={"connect_timeout": max(2, int(self._wait_s)), "options": options},
            )
        except (ImportError, sql.NoSuchModuleError):
            way = "install stillwell[postgres] and give postgresql+psycopg://..."
            raise UnreachableError(f"--data: PostgreSQL's driver is lacking; {way}") from None

    def _sqlite(self, url: str) -> Engine:
        engine = create_engine(
            url,
            connect_args={"timeout": self._wait_s},
            pool_size=10,
            max_overflow=40,
            pool_timeout=self._wait_s,
        )

        @event.listens_for(engine, "connect")
        def _settings(connection: Any, _: Any) -> None:
            connection.isolation_level = None  # transactions begin where we say so, tables included
            for pragma in PRAGMAS:
                connection.execute(f"PRAGMA {pragma}")

        @event.listens_for(engine, "begin")
        def _begin(db: Connection) -> None:
            options = db.get_execution_options()
            if options.get("isolation_level") == "AUTOCOMMIT":
                return
            # a writer takes its lock at once: to take it after reading fails where another wrote meanwhile
            db.exec_driver_sql("BEGIN IMMEDIATE" if options.get("writes") else "BEGIN")

        return engine


def _file(database: str | None) -> Path:
    name = database or ""
    if name.startswith("file:"):
        name = name[5:].partition("?")[0]
    if not name or name == ":memory:":
        raise UnreachableError("--data: names no file")
    return Path(name)


def _for_the_owner_only(path: Path) -> None:
    """Make a new file that nobody else may read; SQLite's journals take after it."""
    with suppress(OSError):  # it is there, or cannot be made, which opening it says
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))


@contextmanager
def in_words() -> Iterator[None]:
    """A database's failures as one line each, without any of the data."""
    try:
        yield
    except sql.TimeoutError:
        raise BusyError(SAID["busy"][1]) from None
    except (sql.DBAPIError, sqlite3.Error) as error:
        raise _said(getattr(error, "orig", error)) from None


def _said(error: Any) -> StoreError:
    code = getattr(error, "sqlite_errorcode", None)
    state = getattr(error, "sqlstate", None)
    if code is not None:
        name = SQLITE.get(code & 0xFF)
    elif state is not None:
        name = next((POSTGRES[state[:n]] for n in (5, 3, 2) if state[:n] in POSTGRES), None)
    else:
        name = "open" if type(error).__name__ == "OperationalError" else None
    if name is None:
        what = getattr(error, "sqlite_errorname", None) or state or type(error).__name__
        return StoreError(f"the data cannot be used ({what})")
    kind, text = SAID[name]
    return kind(text)

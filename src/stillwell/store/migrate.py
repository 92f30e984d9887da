"""Brings the tables of any release to those of this one when a store is opened.

Alembic is imported only where there is something to do.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import Connection, inspect

from stillwell.store.database import Database
from stillwell.store.errors import UnreachableError
from stillwell.store.tables import HEAD

SCRIPTS = Path(__file__).parent / "migrations"
LOCK = 0x5711  # of PostgreSQL: two programs that start at once migrate one after the other


def migrate(database: Database) -> None:
    """Bring a database to this release's tables.

    Raises:
        UnreachableError: it was written by a newer release, or is another program's.
        StoreError: it cannot be read or written.
    """
    with database.read() as db:
        if version(db) == HEAD:
            return
    with database.write() as db:
        if database.kind == "postgresql":
            db.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK})")
        found = version(db)
        if found == HEAD:  # another program was quicker
            return
        if found is not None and found not in versions():
            raise UnreachableError("--data: was written by a newer version of stillwell; update stillwell to open it")  # fmt: skip
        tables = set(inspect(db).get_table_names())
        if found is None and tables:
            if not {"people", "records"} <= tables:
                raise UnreachableError("--data: is another program's database; choose another file")
            to(db, "r1", stamp=True)  # the first release wrote no version
        to(db, HEAD)


def version(db: Connection) -> str | None:
    """The revision of a database's tables; None where none is written."""
    if not inspect(db).has_table("alembic_version"):
        return None
    found = db.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    return str(found) if found is not None else None


def versions() -> list[str]:
    """All revisions that this release knows, the newest first."""
    from alembic.script import ScriptDirectory

    return [s.revision for s in ScriptDirectory.from_config(_config(None)).walk_revisions()]


def to(db: Connection, revision: str, *, stamp: bool = False, down: bool = False) -> None:
    """Bring the tables up or down to a revision; or only write that they are there.

    Raises:
        PassphraseError: they are encrypted, and older releases could not read them.
    """
    from alembic import command

    does = command.stamp if stamp else command.downgrade if down else command.upgrade
    does(_config(db), revision)


def _config(db: Connection | None) -> Any:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = db
    return config

"""Tables of every release: up, down, and from a file of the first one."""

import datetime as dt
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import inspect

from stillwell.store.database import Database
from stillwell.store.errors import PassphraseError, UnreachableError
from stillwell.store.migrate import to, version, versions
from stillwell.store.store import Store, sqlite_url
from stillwell.store.tables import HEAD, metadata

FIRST_RELEASE = """
CREATE TABLE people (id VARCHAR(32) NOT NULL, name BLOB NOT NULL, created DATETIME NOT NULL, PRIMARY KEY (id));
CREATE TABLE records (id VARCHAR(32) NOT NULL, person VARCHAR(32) NOT NULL, kind VARCHAR(32) NOT NULL,
  revision INTEGER NOT NULL, created DATETIME NOT NULL, changed DATETIME NOT NULL, body BLOB NOT NULL,
  PRIMARY KEY (id), FOREIGN KEY(person) REFERENCES people (id) ON DELETE CASCADE);
CREATE INDEX records_of_a_person ON records (person, kind, changed);
INSERT INTO people VALUES ('p1', x'416e6e', '2026-11-30 10:00:00.000000');
INSERT INTO records VALUES ('r1', 'p1', 'journey', 3, '2026-11-30 10:00:00.000000', '2026-11-30 11:00:00.500000', x'7b7d');
"""


def test_a_file_of_the_first_release_opens_with_all_that_it_holds(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    with sqlite3.connect(path) as db:
        db.executescript(FIRST_RELEASE)
    db.close()
    store = Store(sqlite_url(path))
    record = store.get("r1")
    assert [p.name for p in store.people()] == ["Ann"]
    assert (record.body, record.revision) == (b"{}", 3)
    assert record.changed == dt.datetime(2026, 11, 30, 11, 0, 0, 500000, dt.UTC)
    assert store.put("r1", b"{1}", 3).revision == 4
    with store.database.read() as connection:
        assert version(connection) == HEAD
    store.close()


def test_every_migration_goes_down_and_up_again_and_loses_nothing(url: str) -> None:
    store = Store(url)
    record = store.add(store.add_person("Ann"), "note", b"1")
    for older in versions()[1:]:
        with store.database.write() as db:
            to(db, older, down=True)
            assert version(db) == older
    store.close()
    again = Store(url)
    assert again.get(record.id) == record
    again.close()


def test_the_migrations_make_the_tables_that_the_store_uses(store: Store) -> None:
    with store.database.read() as db:
        made = inspect(db)
        for table in metadata.sorted_tables:
            columns = {c["name"]: c["nullable"] for c in made.get_columns(table.name)}
            assert columns == {c.name: c.nullable for c in table.columns}
            indexes = made.get_indexes(table.name)
            # PostgreSQL lists the index behind a column that is unique too
            own = {i["name"] for i in indexes if "duplicates_constraint" not in i}
            assert own == {i.name for i in table.indexes}
        assert version(db) == HEAD == versions()[0]


def test_down_to_nothing_leaves_nothing(url: str) -> None:
    store = Store(url)
    with store.database.write() as db:
        to(db, "base", down=True)
        assert set(inspect(db).get_table_names()) == {"alembic_version"}
    store.close()


def test_locked_data_does_not_go_down_to_a_release_that_cannot_read_it(store: Store) -> None:
    store.lock("four good words here")
    with pytest.raises(PassphraseError, match="take the passphrase away"):  # noqa: SIM117
        with store.database.write() as db:
            to(db, "r1", down=True)
    with store.database.read() as db:
        assert version(db) == HEAD


def test_a_migration_that_fails_leaves_everything_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    with sqlite3.connect(path) as db:
        db.executescript(FIRST_RELEASE)
        db.execute("CREATE TABLE settings (other TEXT)")  # is in the way of the second revision
    db.close()
    with pytest.raises(Exception, match="cannot be used"):
        Store(sqlite_url(path))
    with sqlite3.connect(path) as db:
        tables = {n for (n,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    db.close()
    assert tables == {"people", "records", "settings"}


def test_a_newer_file_is_refused_with_the_way_out(url: str) -> None:
    Store(url).close()
    database = Database(url)
    with database.write() as db:
        db.exec_driver_sql("UPDATE alembic_version SET version_num = 'r999'")
    database.close()
    with pytest.raises(UnreachableError, match="newer version of stillwell"):
        Store(url)


def test_another_programs_database_is_left_alone(url: str) -> None:
    database = Database(url)
    with database.write() as db:
        db.exec_driver_sql("CREATE TABLE theirs (a INTEGER)")
    database.close()
    with pytest.raises(UnreachableError, match="another program"):
        Store(url)


def test_a_file_of_this_release_opens_without_the_migrations_being_loaded(tmp_path: Path) -> None:
    url = sqlite_url(tmp_path / "kept.db")
    Store(url).close()
    code = f"import sys; from stillwell.store.store import Store; Store({url!r}); assert 'alembic' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)

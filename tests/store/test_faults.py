"""Locked, full, read-only, missing, no database: one clear line each, and nothing half written."""

import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from sqlalchemy import event

from stillwell.store.errors import BusyError, FullError, StoreError, UnreachableError
from stillwell.store.store import Store, sqlite_url


def in_one_line(error: pytest.ExceptionInfo[StoreError]) -> str:
    line = str(error.value)
    assert line and "\n" not in line and "sqlalche" not in line and len(line) < 200
    return line


def test_a_locked_file_is_busy(tmp_path: Path) -> None:
    path = tmp_path / "kept.db"
    store = Store(sqlite_url(path), wait_s=0.2)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(BusyError) as error:
        store.add_person("Ann")
    assert "another program holds" in in_one_line(error)
    other.execute("ROLLBACK")
    other.close()
    assert store.add_person("Ann")
    store.close()


def test_a_writer_here_that_takes_too_long_is_busy_too(url: str) -> None:
    store = Store(url, wait_s=0.3)
    ann = store.add_person("Ann")
    entered, leave = threading.Event(), threading.Event()

    def hold() -> None:
        with store.write(exclusive=True):
            entered.set()
            leave.wait(5)

    thread = threading.Thread(target=hold)
    thread.start()
    entered.wait(5)
    with pytest.raises(BusyError):
        store.rename(ann, "Anna")
    leave.set()
    thread.join()
    store.rename(ann, "Anna")
    store.close()


def test_a_full_disk_loses_nothing_that_was_kept(tmp_path: Path) -> None:
    path = tmp_path / "kept.db"
    store = Store(sqlite_url(path))
    record = store.add(store.add_person("Ann"), "note", b"before")
    store.close()
    code = f"""
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (120_000, 120_000))
from stillwell.store.store import Store
from stillwell.store.errors import FullError
store = Store({sqlite_url(path)!r})
try:
    store.put({record.id!r}, b"x" * 500_000, 1)
except FullError as error:
    print(error)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.stdout.count("\n") == 1 and "make room" in done.stdout, done.stderr
    store = Store(sqlite_url(path))
    assert store.get(record.id).body == b"before"
    store.close()


def test_a_database_at_its_size_is_full(tmp_path: Path) -> None:
    store = Store(sqlite_url(tmp_path / "kept.db"))
    ann = store.add_person("Ann")
    engine = store.database._engine
    event.listen(engine, "checkout", lambda db, *_: db.execute("PRAGMA max_page_count=20"))
    with pytest.raises(FullError) as error:
        store.add(ann, "note", b"x" * 500_000)
    assert "no room" in in_one_line(error)
    assert store.records(ann) == [] and store.add(ann, "note", b"x")
    store.close()


def test_what_may_only_be_read_is_read_and_says_so_when_it_should_change(tmp_path: Path) -> None:
    path = tmp_path / "kept.db"
    store = Store(sqlite_url(path))
    store.add_person("Ann")
    store.close()
    only_read = Store(f"sqlite:///file:{path}?mode=ro&uri=true")
    assert [p.name for p in only_read.people()] == ["Ann"]
    with pytest.raises(FullError) as error:
        only_read.add_person("Bob")
    assert "only be read" in in_one_line(error)
    only_read.close()


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnreachableError) as error:
        Store(sqlite_url(tmp_path / "none" / "kept.db"))
    assert "no folder" in in_one_line(error) and "none" in in_one_line(error)


@pytest.mark.parametrize("content", [b"not a database at all, only text " * 200, b"SQLite format 3\x00" + b"\xff" * 4000])  # fmt: skip
def test_what_is_no_database_is_refused_and_left_as_it_is(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "letter.txt"
    path.write_bytes(content)
    with pytest.raises(UnreachableError) as error:
        Store(sqlite_url(path))
    assert "no database" in in_one_line(error)
    assert path.read_bytes() == content


def test_a_folder_in_the_place_of_the_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreachableError) as error:
        Store(sqlite_url(tmp_path))
    in_one_line(error)


@pytest.mark.parametrize(
    "url", ["nonsense", "oracle://x/y", "mysql://x/y", "sqlite://", "sqlite:///:memory:"]
)
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(UnreachableError) as error:
        Store(url)
    in_one_line(error)


def test_a_server_that_is_not_there_is_out_of_reach(tmp_path: Path) -> None:
    pytest.importorskip("psycopg")
    with pytest.raises(UnreachableError) as error:
        Store(f"postgresql+psycopg://nobody@/none?host={tmp_path}")
    assert "cannot be reached" in in_one_line(error)


def test_a_database_that_the_server_has_not_is_out_of_reach(cluster: Path) -> None:
    with pytest.raises(UnreachableError):
        Store(f"postgresql+psycopg://stillwell@/none?host={cluster}")


def test_a_server_that_only_lets_read_is_said(cluster: Path) -> None:
    import psycopg

    with psycopg.connect(f"host={cluster} user=stillwell dbname=postgres", autocommit=True) as db:
        db.execute("CREATE DATABASE only_read")
        url = f"postgresql+psycopg://stillwell@/only_read?host={cluster}"
        Store(url).close()
        db.execute("ALTER DATABASE only_read SET default_transaction_read_only = on")
    store = Store(url)
    with pytest.raises(FullError) as error:
        store.add_person("Ann")
    assert "only be read" in in_one_line(error)
    store.close()

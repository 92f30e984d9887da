"""Deleted words are gone from the file and its journals."""

import sqlite3
from pathlib import Path

import pytest

from stillwell.store.erase import delete_everything, found_in
from stillwell.store.errors import BusyError
from stillwell.store.store import Store, sqlite_url

WORDS = ["Annabella", "restless", "ferritin", "sertraline"]


def told(store: Store) -> None:
    for n in range(12):
        ann = store.add_person(f"Annabella {n}")
        record = store.add(ann, "note", b'{"t":"restless' + b" and more" * (n * 140) + b'"}')
        record = store.put(record.id, b'{"t":"ferritin' + b" 11" * (n * 200) + b'"}', 1)
        store.put(record.id, b'{"t":"sertraline"}', 2)


def standing(store: Store) -> set[str]:
    """Which words stand in any of the files."""
    held = b"".join(p.read_bytes() for p in store.database.files())
    return {w for w in WORDS if w.encode() in held}


def test_deleted_everything_is_in_no_file(tmp_path: Path) -> None:
    store = Store(sqlite_url(tmp_path / "kept.db"))
    told(store)
    assert standing(store) == set(WORDS), "the search must find what is there"
    assert delete_everything(store)
    assert standing(store) == set()
    assert store.people() == [] and store.add_person("Bob")
    store.close()


def test_deleting_works_on_a_server_too(store: Store) -> None:
    told(store)
    delete_everything(store)
    assert store.people() == []


@pytest.mark.parametrize("whole", [True, False])
def test_one_deleted_person_or_record_leaves_no_word(tmp_path: Path, whole: bool) -> None:
    store = Store(sqlite_url(tmp_path / "kept.db"))
    ann = store.add_person("Annabella")
    store.add_person("Bob")
    record = store.add(ann, "note", b'{"t":"restless' + b" legs" * 3000 + b'"}')
    store.put(record.id, b'{"t":"ferritin"}', 1)
    if whole:
        store.remove_person(ann)
        assert standing(store) == set()
    else:
        store.delete(record.id)
        assert standing(store) == {"Annabella"}
    store.close()


def test_where_another_program_still_reads_it_is_said(tmp_path: Path) -> None:
    path = tmp_path / "kept.db"
    store = Store(sqlite_url(path), wait_s=0.2)
    told(store)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN")
    other.execute("SELECT count(*) FROM people").fetchone()
    with pytest.raises(BusyError):
        delete_everything(store)
    other.execute("COMMIT")
    other.close()
    assert delete_everything(store) and standing(store) == set()
    store.close()


def test_the_search_finds_what_lies_across_its_pieces(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"." * ((1 << 20) - 3) + b"restless" + b"." * 100)
    assert found_in(path, {b"restless"})
    assert not found_in(path, {b"ferritin"}) and not found_in(path, set())

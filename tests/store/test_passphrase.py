"""Under a passphrase nothing that was told stands in the database, and nothing can be moved or put back."""

from pathlib import Path

import pytest
from sqlalchemy import select, update

from stillwell.store.errors import PassphraseError, StoreError
from stillwell.store.sealing import Sealed, seal_of
from stillwell.store.store import Store, sqlite_url
from stillwell.store.tables import people, records

FIRST, SECOND = "horse battery staple", "another four good words"
SECRET = b'{"words":"restless legs"}'


def dump(store: Store) -> bytes:
    """All that stands in the tables, and in the files where there are any."""
    with store.database.read() as db:
        rows = [*db.execute(select(people)), *db.execute(select(records))]
    cells = [
        bytes(c) if isinstance(c, bytes | memoryview) else str(c).encode() for r in rows for c in r
    ]
    return b"\n".join(cells + [p.read_bytes() for p in store.database.files()])


def test_what_was_told_is_neither_in_the_tables_nor_in_the_files(store: Store) -> None:
    ann = store.add_person("Annabella Secret")
    record = store.add(ann, "note", SECRET)
    assert b"restless" in dump(store) and b"Annabella" in dump(store)
    store.lock(FIRST)
    assert b"restless" not in dump(store) and b"Annabella" not in dump(store)
    store.put(record.id, SECRET + b" ", 1)
    store.rename(ann, "Annabella Other")
    assert b"restless" not in dump(store) and b"Annabella" not in dump(store)
    assert store.get(record.id).body == SECRET + b" "
    assert store.people()[0].name == "Annabella Other"


def test_only_the_passphrase_that_holds_now_opens_it(url: str) -> None:
    store = Store(url)
    record = store.add(store.add_person("Ann"), "note", SECRET)
    store.lock(FIRST)
    store.lock(SECOND)
    store.close()
    for wrong, said in ((None, "--passphrase"), (FIRST, "not the passphrase")):
        with pytest.raises(PassphraseError) as error:
            Store(url, wrong)
        assert said in str(error.value) and "\n" not in str(error.value)
    store = Store(url, lambda: SECOND)
    assert store.get(record.id).body == SECRET
    store.lock(None)
    store.close()
    store = Store(url)
    assert not store.locked and store.get(record.id).body == SECRET
    assert [p.name for p in store.people()] == ["Ann"]
    store.close()


def test_the_passphrase_is_not_asked_for_where_there_is_none(tmp_path: Path) -> None:
    def never() -> str:
        raise AssertionError

    Store(sqlite_url(tmp_path / "a.db"), never).close()


def test_another_window_that_is_open_without_the_passphrase_reads_and_writes_nothing(
    url: str,
) -> None:
    first, second = Store(url), Store(url)
    record = first.add(first.add_person("Ann"), "note", SECRET)
    first.lock(FIRST)
    for change in (
        lambda: second.put(record.id, b"{}", 1),
        lambda: second.add_person("Bob"),
        lambda: second.get(record.id),
        second.people,
    ):
        with pytest.raises(PassphraseError, match="start stillwell again"):
            change()
    assert first.get(record.id).body == SECRET
    first.close()
    second.close()


def test_a_sealed_body_put_elsewhere_or_back_or_changed_is_not_opened(store: Store) -> None:
    ann = store.add_person("Ann")
    one, two = store.add(ann, "note", b"one"), store.add(ann, "note", b"two")
    store.lock(FIRST)
    with store.database.read() as db:
        kept = {r.id: bytes(r.body) for r in db.execute(select(records))}
    store.put(one.id, b"newer", 1)

    def forged(**values: object) -> None:
        with store.write() as db:
            db.execute(update(records).where(records.c.id == one.id).values(**values))
        with pytest.raises(StoreError, match="cannot be opened"):
            store.get(one.id)

    forged(body=kept[two.id])  # another record's
    forged(body=kept[one.id])  # its own past, under the present revision
    forged(body=kept[one.id], revision=1, kind="other")  # as another kind
    forged(body=kept[one.id][:-1] + bytes([kept[one.id][-1] ^ 1]), revision=1, kind="note")
    forged(body=b"", revision=1)
    with store.write() as db:
        db.execute(update(records).where(records.c.id == one.id).values(body=kept[one.id]))
    assert store.get(one.id).body == b"one"


def test_a_short_passphrase_is_refused_and_changes_nothing(store: Store) -> None:
    with pytest.raises(PassphraseError, match="8 to"):
        store.lock("short")
    assert not store.locked


def test_no_two_sealed_texts_are_alike() -> None:
    seal = Sealed(b"k" * 32)
    assert seal.close(b"x", "a") != seal.close(b"x", "a")
    assert seal.open(seal.close(b"x", "a"), "a") == b"x"


def test_settings_that_would_take_all_memory_are_refused() -> None:
    with pytest.raises(StoreError, match="damaged"):
        seal_of(b'{"salt":"AAAA","memory_kib":900000000}', "whatever it is")
    with pytest.raises(StoreError, match="damaged"):
        seal_of(b'{"salt":3}', "whatever it is")

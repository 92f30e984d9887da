"""People and records, the same on both databases."""

import threading

import pytest

from stillwell.store.errors import MissingError, StaleError
from stillwell.store.store import Store


def test_what_was_kept_is_read_again_by_another_opening(url: str) -> None:
    first = Store(url)
    ann = first.add_person("Ann Ωμέγα")
    record = first.add(ann, "note", b'{"a": "\xc3\xa9\x00"}')
    first.put(record.id, b"{}", 1)
    first.close()
    second = Store(url)
    assert [p.name for p in second.people()] == ["Ann Ωμέγα"]
    found = second.get(record.id)
    second.close()
    assert (found.body, found.revision, found.created) == (b"{}", 2, record.created)
    assert found.changed > record.changed


def test_a_change_on_an_old_revision_is_refused_and_loses_nothing(store: Store) -> None:
    record = store.add(store.add_person("Ann"), "note", b"1")
    store.put(record.id, b"2", 1)
    with pytest.raises(StaleError):
        store.put(record.id, b"3", 1)
    assert store.get(record.id).body == b"2"


def test_what_is_not_there_is_missing(store: Store) -> None:
    for wrong in (
        lambda: store.get("none"),
        lambda: store.delete("none"),
        lambda: store.put("none", b"", 1),
        lambda: store.rename("none", "x"),
        lambda: store.remove_person("none"),
        lambda: store.add("none", "note", b""),
    ):
        with pytest.raises(MissingError):
            wrong()


def test_a_removed_person_takes_their_records_along(store: Store) -> None:
    ann, bob = store.add_person("Ann"), store.add_person("Bob")
    gone, kept = store.add(ann, "note", b"1"), store.add(bob, "note", b"2")
    store.rename(bob, "Robert")
    store.remove_person(ann)
    assert [p.name for p in store.people()] == ["Robert"]
    assert store.records(ann) == [] and store.get(kept.id).body == b"2"
    with pytest.raises(MissingError):
        store.get(gone.id)


def test_records_come_by_kind_the_newest_first(store: Store) -> None:
    ann = store.add_person("Ann")
    old, new = store.add(ann, "note", b"1"), store.add(ann, "note", b"2")
    store.add(ann, "other", b"3")
    assert [r.id for r in store.records(ann, "note")] == [new.id, old.id]
    store.put(old.id, b"4", 1)
    assert [r.id for r in store.records(ann, "note")] == [old.id, new.id]


def test_of_many_writers_at_once_each_change_counts(store: Store) -> None:
    record = store.add(store.add_person("Ann"), "count", b"0")

    def count_up() -> None:
        for _ in range(5):
            while True:
                now = store.get(record.id)
                try:
                    store.put(now.id, str(int(now.body) + 1).encode(), now.revision)
                    break
                except StaleError:
                    continue

    threads = [threading.Thread(target=count_up) for _ in range(6)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert store.get(record.id).body == b"30"

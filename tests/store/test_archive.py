"""Everything in one zip and back, byte for byte; hostile files are refused and change nothing."""

import io
import struct
import zipfile
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stillwell.store.archive import MOST_FILES, Taken, content, packed, take_in, unpacked
from stillwell.store.errors import ArchiveError
from stillwell.store.store import Store, sqlite_url


def no_check(kind: str, body: bytes) -> None:
    msgspec.json.decode(body)


def filled(store: Store) -> None:
    ann, bob = store.add_person("Ann Ωμέγα"), store.add_person("Bob")
    first = store.add(ann, "note", b'{ "a": 1.50, "b": "\\u00e9" }')
    store.add(bob, "other", b'["x"]')
    store.put(first.id, b'{"a" : 2}', 1)


def written(store: Store) -> bytes:
    return packed(*content(store), {"tables/a.csv": b"a\n1\n"})


def test_an_import_into_an_empty_store_exports_the_same_bytes(store: Store, tmp_path: Path) -> None:
    filled(store)
    first = written(store)
    other = Store(sqlite_url(tmp_path / "other.db"))
    taken = take_in(other, unpacked(first), no_check)
    assert taken == Taken(people=2, added=2)
    assert written(other) == first == written(store)
    assert content(other) == content(store)
    other.close()


def test_an_import_twice_changes_nothing(store: Store) -> None:
    filled(store)
    before = written(store)
    assert take_in(store, unpacked(before), no_check) == Taken(left=2)
    assert written(store) == before


def test_of_two_versions_the_one_changed_later_stays(store: Store) -> None:
    filled(store)
    old = written(store)
    record = store.records(store.people()[0].id)[0]
    store.put(record.id, b'{"a":3}', record.revision)
    new = written(store)
    assert take_in(store, unpacked(old), no_check) == Taken(left=2)
    assert store.get(record.id).body == b'{"a":3}'
    store.remove_person(record.person)
    take_in(store, unpacked(old), no_check)
    assert take_in(store, unpacked(new), no_check) == Taken(replaced=1, left=1)
    assert store.get(record.id).body == b'{"a":3}'


def test_a_locked_store_exports_the_same_as_an_open_one(store: Store) -> None:
    filled(store)
    before = written(store)
    store.lock("four good words here")
    assert written(store) == before


some_json = st.recursive(
    st.none() | st.booleans() | st.text(max_size=20) | st.integers(-(2**50), 2**50),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4)
    ),
    max_leaves=8,
)


@settings(max_examples=3, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(some_json, max_size=20))
def test_any_json_comes_back_as_it_was(tmp_path: Path, bodies: list[object]) -> None:
    store = Store(sqlite_url(tmp_path / "a.db"))
    ann = store.add_person("Ann")
    kept = [store.add(ann, "note", msgspec.json.encode(body)) for body in bodies]
    data = written(store)
    store.remove_person(ann)
    take_in(store, unpacked(data), no_check)
    assert [store.get(one.id) for one in kept] == kept
    store.remove_person(ann)
    store.close()


def zip_of(files: dict[str, bytes] | list[tuple[zipfile.ZipInfo | str, bytes]]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as out:
        for name, data in files.items() if isinstance(files, dict) else files:
            out.writestr(name, data)
    return made.getvalue()


GOOD = b'{"schema":"stillwell/export/1","people":[{"id":"p","name":"A","created":"2026-01-01T00:00:00Z"}],"records":[]}'


def link() -> zipfile.ZipInfo:
    made = zipfile.ZipInfo("link")
    made.create_system = 3
    made.external_attr = 0o120777 << 16
    return made


def lying() -> bytes:
    """The directory says that data.json is small; it is not."""
    data = bytearray(zip_of({"data.json": b" " * 900_000 + GOOD}))
    at = data.rindex(b"PK\x01\x02")
    data[at + 24 : at + 28] = struct.pack("<I", 100)
    return bytes(data)


def locked() -> bytes:
    data = bytearray(zip_of({"data.json": GOOD}))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + place] |= 1
    return bytes(data)


def record(**changes: object) -> bytes:
    entry = {"id": "r", "person": "p", "kind": "note", "revision": 1, "created": "2026-01-01T00:00:00Z", "changed": "2026-01-01T00:00:00Z", "body": {}, **changes}  # fmt: skip
    return zip_of({"data.json": GOOD.replace(b"[]", b"[" + msgspec.json.encode(entry) + b"]")})


HOSTILE = {
    "no zip": b"PK\x03\x04 nonsense",
    "empty": b"",
    "empty zip": zip_of({}),
    "no data": zip_of({"other.json": GOOD}),
    "bomb": zip_of({"data.json": GOOD, "big.bin": b"\0" * 20_000_000}),
    "bomb of data": zip_of({"data.json": GOOD + b" " * 20_000_000}),
    "upwards": zip_of({"data.json": GOOD, "../../etc/passwd": b"x"}),
    "absolute": zip_of({"data.json": GOOD, "/etc/passwd": b"x"}),
    "windows": zip_of({"data.json": GOOD, "C:\\x": b"x"}),
    "control": zip_of({"data.json": GOOD, "a\nb": b"x"}),
    "nul": zip_of({"data.json": GOOD, "a.csv!/../b": b"x"}).replace(b"csv!", b"csv\0"),
    "link": zip_of([("data.json", GOOD), (link(), b"/etc/passwd")]),
    "many": zip_of({"data.json": GOOD, **{f"a{n}": b"" for n in range(MOST_FILES)}}),
    "lying": lying(),
    "password": locked(),
    "cut": zip_of({"data.json": GOOD})[:-30],
    "not json": zip_of({"data.json": b"{"}),
    "deep": zip_of({"data.json": b'{"schema":"stillwell/export/1","people":' + b"[" * 90_000}),
    "not utf-8": zip_of({"data.json": GOOD.replace(b'"A"', b'"\xff"')}),
    "other schema": zip_of({"data.json": GOOD.replace(b"export/1", b"export/2")}),
    "extra field": zip_of({"data.json": GOOD.replace(b'"records"', b'"x":1,"records"')}),
    "bad id": record(id="../x"),
    "long id": record(id="x" * 40),
    "nobody's": record(person="q"),
    "revision 0": record(revision=0),
    "huge revision": record(revision=2**40),
    "no zone": record(changed="2026-01-01T00:00:00"),
    "bad kind": record(kind="<script>"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_or_broken_file_is_refused_in_one_line(name: str) -> None:
    with pytest.raises(ArchiveError) as error:
        unpacked(HOSTILE[name])
    assert "\n" not in str(error.value)


def test_two_files_of_one_name_are_refused() -> None:
    with pytest.warns(UserWarning, match="Duplicate"):
        data = zip_of([("data.json", GOOD), ("data.json", GOOD)])
    with pytest.raises(ArchiveError, match="one name"):
        unpacked(data)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_file_with_any_bytes_changed_is_read_or_refused(data: st.DataObject) -> None:
    good = bytearray(record())
    for _ in range(data.draw(st.integers(1, 4))):
        good[data.draw(st.integers(0, len(good) - 1))] = data.draw(st.integers(0, 255))
    try:
        unpacked(bytes(good))
    except ArchiveError as error:
        assert "\n" not in str(error)


def test_a_record_of_another_person_is_not_overwritten_and_nothing_is_taken_in(store: Store) -> None:  # fmt: skip
    kept = store.add(store.add_person("Ann"), "note", b"{}")
    with pytest.raises(ArchiveError, match="another person"):
        take_in(store, unpacked(record(id=kept.id, changed="2099-01-01T00:00:00Z")), no_check)
    assert [p.name for p in store.people()] == ["Ann"] and store.get(kept.id) == kept

"""What is kept from one start to the next is what would be found anew, and is used only where it can be trusted."""

import os
import time

import pytest

from stillwell.knowledge import stamps
from stillwell.knowledge.kept_data import yaml_data
from stillwell.knowledge.kept_file import read_kept, write_kept
from stillwell.knowledge.stamps import files_below, unless_changed

HARMS = [
    lambda path: path.write_bytes(b""),
    lambda path: path.write_bytes(path.read_bytes()[:-1] + b"\0"),
    lambda path: path.chmod(0o666),
    lambda path: path.parent.chmod(0o777),
]


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """An empty cache of this test's own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "stillwell"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Two files, of which the clock says that they were written long ago."""
    place = tmp_path / "files"
    (place / "inner").mkdir(parents=True)
    (place / "a.yaml").write_text("a: 1\n")
    (place / "inner" / "b.yaml").write_text("b: 2\n")
    (place / "c.txt").write_text("none")
    now = time.time_ns
    monkeypatch.setattr(stamps.time, "time_ns", lambda: now() + 2 * stamps.SETTLED)
    return place


class Counted:
    """Counts how often it is asked."""

    def __init__(self):
        self.times = 0

    def __call__(self):
        self.times += 1
        return f"found {self.times}"


def found(folder, find):
    return unless_changed("name", files_below(folder, (".yaml",)), find)


def test_files_that_have_not_changed_are_not_read_again(cache, folder):
    find = Counted()
    assert found(folder, find) == found(folder, find) == "found 1"


@pytest.mark.parametrize(
    "change",
    [
        lambda folder: (folder / "inner" / "b.yaml").write_text("b: 3\n"),  # of the same size
        lambda folder: (folder / "inner" / "b.yaml").unlink(),
        lambda folder: (folder / "d.yaml").write_text(""),
        lambda folder: (folder / "a.yaml").rename(folder / "e.yaml"),
        lambda folder: os.utime(folder / "a.yaml", ns=(1, 1)),
    ],
)
def test_files_that_have_changed_are_read_again(cache, folder, change):
    find = Counted()
    found(folder, find)
    change(folder)
    assert found(folder, find) == "found 2"


def test_a_file_put_in_the_place_of_another_with_its_time_is_read_again(cache, folder):
    find = Counted()
    found(folder, find)
    before = (folder / "a.yaml").stat()
    (folder / "a.new").write_text("a: 2\n")
    (folder / "a.new").replace(folder / "a.yaml")
    os.utime(folder / "a.yaml", ns=(before.st_atime_ns, before.st_mtime_ns))
    assert found(folder, find) == "found 2"


def test_what_was_written_just_now_is_not_remembered(cache, folder, monkeypatch):
    monkeypatch.setattr(stamps.time, "time_ns", lambda: (folder / "a.yaml").stat().st_ctime_ns)
    find = Counted()
    assert (found(folder, find), found(folder, find)) == ("found 1", "found 2")


@pytest.mark.parametrize("harm", HARMS)
def test_a_kept_file_that_cannot_be_trusted_is_not_used(cache, harm):
    path = cache / "kept"
    write_kept(path, b"content")
    assert path.stat().st_mode & 0o077 == 0
    assert bytes(read_kept(path, 1000)) == b"content"
    harm(path)
    assert read_kept(path, 1000) is None


DATA = "a: {b: [1, 2.0, true, null, 'é'], 3: yes}\nd: 1e-3\n"


def test_data_kept_are_those_of_the_file(cache, tmp_path):
    path = tmp_path / "data.yaml"
    path.write_text(DATA)
    first = yaml_data(path)
    assert list(cache.glob("data-*"))
    assert repr(yaml_data(path)) == repr(first)
    path.write_text(DATA.replace("2.0", "3.0"))
    assert yaml_data(path)["a"]["b"][1] == 3.0


@pytest.mark.parametrize("harm", HARMS)
def test_data_that_cannot_be_trusted_are_read_from_their_file(cache, tmp_path, harm):
    path = tmp_path / "data.yaml"
    path.write_text(DATA)
    first = yaml_data(path)
    harm(next(cache.glob("data-*")))
    assert repr(yaml_data(path)) == repr(first)


def test_data_that_would_come_back_as_something_else_are_not_kept(cache, tmp_path):
    path = tmp_path / "data.yaml"
    path.write_text("day: 2026-01-02\n")
    assert yaml_data(path) == yaml_data(path)
    assert not list(cache.glob("data-*"))

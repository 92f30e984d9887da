"""Patterns kept compiled match as those of `re`, hold nothing of a person, and are used only where they can be trusted."""

import os
import re
import subprocess
import sys

import pytest

from stillwell.knowledge import kept_patterns
from stillwell.knowledge.kept_patterns import code_of, compiled, keep_new, made

SOURCES = [
    (r"pulse (?P<value>[0-9]{2,3})(?!\d)", 0),
    (r"(?<![\w'])(?:ache|cramp|twitch)\w{0,3}", re.IGNORECASE),
    (r"(?im)^(?P<name>[a-zµé]+)\s*[:=]\s*(?P<number>\d+(?:[.,]\d+)?)$", 0),
    (r"((a)|(b))?c+?", 0),
]
TEXT = "Ferritin: 11,5\nmy pulse 72, then Cramps and twitches; pulse 1024 aabcc"


@pytest.fixture
def own_folder(tmp_path, monkeypatch):
    """An empty cache of this test's own, and nothing compiled in this run so far."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    forget()
    yield tmp_path / "stillwell"
    forget()


def forget():
    kept_patterns._new.clear()
    kept_patterns._from_before.cache_clear()
    compiled.cache_clear()


@pytest.mark.parametrize(("source", "flags"), SOURCES)
def test_a_kept_pattern_is_the_one_that_re_compiles(source, flags):
    pattern = re.compile(source, flags)
    kept = code_of(source, int(flags), pattern)
    again = made(source, kept)
    assert again == pattern and again.flags == pattern.flags
    assert again.groupindex == pattern.groupindex
    assert [m.groups() for m in again.finditer(TEXT)] == [
        m.groups() for m in pattern.finditer(TEXT)
    ]


def test_what_one_run_compiled_the_next_one_finds(own_folder):
    for source, flags in SOURCES:
        compiled(source, flags)
    keep_new()
    (path,) = own_folder.glob("patterns-*")
    assert path.stat().st_mode & 0o077 == 0
    forget()
    for source, flags in SOURCES:
        assert compiled(source, flags) == re.compile(source, flags)
    assert not kept_patterns._new


@pytest.mark.parametrize(
    "damage",
    [
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(path.read_bytes()[:-1] + b"\0"),
        lambda path: path.chmod(0o666),
        lambda path: path.parent.chmod(0o777),
    ],
)
def test_a_file_that_cannot_be_trusted_is_left_alone(own_folder, damage):
    compiled(*SOURCES[0])
    keep_new()
    (path,) = own_folder.glob("patterns-*")
    damage(path)
    forget()
    assert compiled(*SOURCES[0]).search(TEXT)["value"] == "72"
    assert kept_patterns._new  # compiled anew


def test_code_that_fits_no_pattern_is_compiled_anew(own_folder, monkeypatch):
    broken = kept_patterns.Kept(0, b"\xff" * 16, 0, {}, (None,))
    with monkeypatch.context() as changed:
        changed.setattr(kept_patterns, "_from_before", lambda: {"0:x+": broken})
        assert compiled("x+").search("axx")[0] == "xx"


def test_nothing_that_a_person_wrote_is_kept_and_the_next_start_compiles_nothing(tmp_path):
    story = (
        "I am Zaphodine, 41, my calves cramp at night since I left quuxamole. Ferritin 9. "
        "My aunt Trillbert has it too. Pulse 71, I eat no grobblefish."
    )
    for seed in ("1", "2"):
        environment = os.environ | {"XDG_CACHE_HOME": str(tmp_path), "PYTHONHASHSEED": seed}
        done = subprocess.run(
            [sys.executable, "-m", "stillwell", "assess", "-"],
            input=story.encode(),
            env=environment,
            capture_output=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        (path,) = (tmp_path / "stillwell").glob("patterns-*")
        kept = path.read_bytes()
        for word in (b"zaphodine", b"quuxamole", b"trillbert", b"grobblefish"):
            assert word not in kept.lower()
        if seed == "1":
            first = path.stat().st_mtime_ns
    assert path.stat().st_mtime_ns == first

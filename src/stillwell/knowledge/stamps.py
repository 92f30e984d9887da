"""Remembers what was found of files that have not changed since, so that a start need not read them to the end.

A file counts as unchanged while its name, size, inode and times are the same, to the nanosecond, as Python
holds it with the code of modules. What was written in the last seconds is never remembered: it could be written
again within one tick of the clock.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import msgspec

from stillwell.files import cache_folder
from stillwell.knowledge.kept_file import read_kept, write_kept

SETTLED = 5_000_000_000  # nanoseconds after which a file that is written again has another time
MOST = 40  # remembered; more are of folders that are gone
LARGEST = 1_000_000  # bytes of the file
Found = tuple[str, str]  # the stamp of the files, and what was found


def unless_changed(name: str, files: Iterable[os.DirEntry[str]], find: Callable[[], str]) -> str:
    """What `find` says of these files, or what it said of the same before.

    Args:
        name: what is found, in one folder.
    """
    stamp, latest = _stamp(files)
    known = _remembered()
    if (before := known.get(name)) is not None and before[0] == stamp:
        return before[1]
    found = find()
    if time.time_ns() - latest > SETTLED:
        kept = known if len(known) < MOST else {}
        _remember({**kept, name: (stamp, found)})
    return found


def files_below(folder: str | Path, endings: tuple[str, ...]) -> Iterator[os.DirEntry[str]]:
    """The files with one of these endings in a folder and those in it."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir():
                yield from files_below(entry.path, endings)
            elif entry.name.endswith(endings):
                yield entry


def _stamp(files: Iterable[os.DirEntry[str]]) -> tuple[str, int]:
    rows, latest = [], 0
    for file in files:
        at = file.stat()
        rows.append((file.path, at.st_size, at.st_ino, at.st_mtime_ns, at.st_ctime_ns))
        latest = max(latest, at.st_mtime_ns, at.st_ctime_ns)
    return hashlib.sha256(repr(sorted(rows)).encode()).hexdigest(), latest


def _file() -> Path:
    return cache_folder() / "stamps.msgpack"


def _remembered() -> dict[str, Found]:
    """What earlier runs found."""
    content = read_kept(_file(), LARGEST)
    try:
        return {} if content is None else msgspec.msgpack.decode(content, type=dict[str, Found])
    except msgspec.MsgspecError:
        return {}


def _remember(known: dict[str, Found]) -> None:
    write_kept(_file(), msgspec.msgpack.encode(known))

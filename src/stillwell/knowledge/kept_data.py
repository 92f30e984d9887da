"""Data files in YAML kept in a binary form from one start to the next: parsing them takes ten times as long.

What is kept is named by the text it was made from; whatever is wrong with it costs time and nothing else.
"""

from __future__ import annotations

import hashlib
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec
import yaml

from stillwell.files import cache_folder
from stillwell.knowledge.kept_file import read_kept, write_kept

FORMAT = 1
KEPT = 40  # files kept side by side
LARGEST = 10_000_000  # bytes of one


def yaml_data(path: Path) -> Any:
    """What a data file of the program holds; for no file of a person's, as it is kept on disk."""
    text = path.read_bytes()
    name = hashlib.sha256(text + f" {FORMAT}".encode()).hexdigest()[:32]
    kept = cache_folder() / f"data-{name}.msgpack"
    found = _kept(kept)
    if found is not None:
        return found[0]
    made = yaml.load(text.decode("utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    _keep(kept, made)
    return made


def _kept(path: Path) -> tuple[Any] | None:
    content = read_kept(path, LARGEST)
    try:
        return None if content is None else (msgspec.msgpack.decode(content),)
    except msgspec.MsgspecError:
        return None


def _keep(path: Path, made: Any) -> None:
    """Keep what comes back the same; a date or the like does not."""
    try:
        content = msgspec.msgpack.encode(made)
        if repr(msgspec.msgpack.decode(content)) != repr(made):
            return
    except (TypeError, ValueError, msgspec.MsgspecError):
        return
    write_kept(path, content)
    with suppress(OSError):
        kept = sorted(path.parent.glob("data-*.msgpack"), key=lambda p: p.lstat().st_mtime)
        for old in kept[:-KEPT]:
            old.unlink(missing_ok=True)

"""Regular expressions kept compiled from one start to the next, as Python keeps the code of modules.

Compiling those of the exact readers takes longer than importing NumPy; making them again from the code that
`re` compiled takes a hundredth of that. `re` offers no way to keep it, so the code is made with its inner
functions: it is used only by the very same Python, and kept only where it gives a pattern equal to that of
`re.compile`. Whatever fails costs time and nothing else.
"""

from __future__ import annotations

import hashlib
import re
import sys
from array import array
from functools import cache, lru_cache
from pathlib import Path

import msgspec

from stillwell.files import cache_folder
from stillwell.knowledge.kept_file import may_keep, read_kept, write_kept

MOST = 3000  # patterns kept; more are left over from older versions, and all is begun anew
LARGEST = 30_000_000  # bytes of a file; one that is larger is none of ours


class Kept(msgspec.Struct, array_like=True, frozen=True):
    """What `_sre.compile` takes beside the source: flags, code (native 32-bit), groups and their names."""

    flags: int
    code: bytes
    groups: int
    named: dict[str, int]
    names: tuple[str | None, ...]


_new: dict[tuple[str, int], re.Pattern[str]] = {}  # compiled in this run


@lru_cache(maxsize=MOST)
def compiled(source: str, flags: int = 0) -> re.Pattern[str]:
    """As `re.compile`, for patterns made from the program and its lexicon.

    The source is kept on disk, so it must hold nothing of what a person wrote.

    >>> compiled(r"pulse (?P<value>[0-9]+)").search("pulse 70")["value"]
    '70'
    """
    flags = int(flags)
    found = _from_before().get(_name(source, flags))
    if found is not None:
        try:
            return made(source, found)
        except (ImportError, AttributeError, TypeError, ValueError, RuntimeError, OverflowError):
            pass
    pattern = re.compile(source, flags)
    _new[source, flags] = pattern
    return pattern


def made(source: str, kept: Kept) -> re.Pattern[str]:
    """The pattern of this source, from its code."""
    import _sre  # type: ignore[import-not-found]

    code = array("I", kept.code).tolist()
    pattern: re.Pattern[str] = _sre.compile(
        source, kept.flags, code, kept.groups, kept.named, kept.names
    )
    return pattern


def code_of(source: str, flags: int, pattern: re.Pattern[str]) -> Kept | None:
    """What is kept of a pattern; None where it does not give the same pattern again."""
    try:
        from re import _compiler, _parser  # type: ignore[attr-defined]

        parsed = _parser.parse(source, flags)
        named = dict(parsed.state.groupdict)
        names: list[str | None] = [None] * parsed.state.groups
        for name, group in named.items():
            names[group] = name
        kept = Kept(
            flags | parsed.state.flags,
            array("I", _compiler._code(parsed, flags)).tobytes(),
            parsed.state.groups - 1,
            named,
            tuple(names),
        )
        again = made(source, kept)
    except (ImportError, AttributeError, TypeError, ValueError, RuntimeError, OverflowError):
        return None
    same = again == pattern and again.groupindex == pattern.groupindex
    return kept if same and again.groups == pattern.groups else None


def keep_new() -> None:
    """Keep what this run had to compile for the runs to come."""
    if not _new or not may_keep(_file().parent):
        return
    found = dict(_from_before())
    if len(found) + len(_new) > MOST:
        found = {}
    for (source, flags), pattern in _new.items():
        code = code_of(source, flags, pattern)
        if code is not None:
            found[_name(source, flags)] = code
    _new.clear()
    write_kept(_file(), msgspec.msgpack.encode(found))
    _from_before.cache_clear()


def _name(source: str, flags: int) -> str:
    return f"{flags}:{source}"


def _file() -> Path:
    """Beside the compiled knowledge; of this Python only, to the build."""
    python = hashlib.sha256(f"{sys.version} {sys.maxunicode} {sys.byteorder}".encode())
    return cache_folder() / f"patterns-{python.hexdigest()[:16]}.msgpack"


@cache
def _from_before() -> dict[str, Kept]:
    """What earlier runs kept."""
    content = read_kept(_file(), LARGEST)
    try:
        return {} if content is None else msgspec.msgpack.decode(content, type=dict[str, Kept])
    except msgspec.MsgspecError:
        return {}

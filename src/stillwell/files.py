"""Reads and writes files so that nothing is lost, left behind, followed or waited for.

A file is written beside its place under a name that nobody can guess (made by `mkstemp`, so never through a
link), readable by its owner only, and moved into place when it is whole. A file is read only where it is an
ordinary one: a pipe or a device never ends.
"""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, BinaryIO, cast

from stillwell.errors import CaseError

MAX_BYTES = 2_000_000
PART = ".stillwell-"  # how the name of a file in the making begins
STALE_SECONDS = 3600  # no file is in the making for so long
_OPEN = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)
_CHUNK = 1 << 20


def read_bytes(path: str | Path, field: str | None = None, most: int = MAX_BYTES) -> bytes:
    """The content of an ordinary file.

    Args:
        field: what an error names; the path where it is left out.
        most: bytes; a larger file is refused.

    Raises:
        CaseError: not there, no ordinary file, not readable, or too large.
    """
    field = field or str(path)
    try:
        handle = os.open(path, _OPEN)  # not blocking: opening a pipe would wait for its writer
    except (OSError, ValueError) as error:
        raise _unreadable(field, error) from None
    mode = os.fstat(handle).st_mode
    if not stat.S_ISREG(mode):
        os.close(handle)
        raise CaseError(field, f"is {kind_of(mode)}, not a file", "Give one ordinary file")
    with os.fdopen(handle, "rb", buffering=0) as file:
        try:
            return _bounded(cast(BinaryIO, file), field, most)
        except OSError as error:
            raise _unreadable(field, error) from None


def read_stream(stream: IO[bytes] | None, field: str, most: int = MAX_BYTES) -> bytes:
    """All that a stream such as standard input holds. Raises CaseError: closed, or too large."""
    if stream is None:
        raise CaseError(field, "is closed", "Give a file, or pipe the text in")
    try:
        return _bounded(stream, field, most)
    except (OSError, ValueError) as error:
        raise _unreadable(field, error) from None


def read_text(path: str | Path, field: str | None = None, most: int = MAX_BYTES) -> str:
    """The text of an ordinary file. Raises CaseError, also where it is not UTF-8."""
    return as_text(read_bytes(path, field, most), field or str(path))


def as_text(data: bytes, field: str) -> str:
    """Bytes as text in UTF-8. Raises CaseError."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise CaseError(field, "is written in UTF-16", "Save it as UTF-8")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise CaseError(field, "is not text in UTF-8", "Save it as plain text in UTF-8") from None
    if "\x00" in text:
        raise CaseError(field, "is not text", "Give a file of text in UTF-8")
    return text


def _bounded(file: IO[bytes], field: str, most: int) -> bytes:
    parts: list[bytes] = []
    left = most + 1
    while left > 0 and (part := file.read(min(left, _CHUNK))):
        parts.append(part)
        left -= len(part)
    if left <= 0:
        raise CaseError(field, f"is too large (more than {most:,} bytes)", "Give less")
    return b"".join(parts)


def _unreadable(field: str, error: OSError | ValueError) -> CaseError:
    reason = getattr(error, "strerror", None) or "no file can have this name"
    return CaseError(field, f"cannot be read ({reason})", "Check the name")


def kind_of(mode: int) -> str:
    """What a file that is no ordinary one is, in words."""
    if stat.S_ISFIFO(mode):
        return "a pipe"
    if stat.S_ISSOCK(mode):
        return "a socket"
    return "a device" if stat.S_ISCHR(mode) or stat.S_ISBLK(mode) else "a folder"


def write_whole(path: Path, data: bytes | str, *, mode: int = 0o600) -> None:
    """Write a file in one move, with all that `replacing` promises."""
    with replacing(path, mode=mode) as file:
        file.write(data.encode("utf-8") if isinstance(data, str) else data)


@contextmanager
def replacing(path: Path, *, mode: int = 0o600) -> Iterator[BinaryIO]:
    """A file to write, put in the place of `path` when all is written, taken away if anything fails.

    A link in that place is replaced, not followed. Folders that are lacking are made, for the owner only.

    Args:
        mode: permissions of the file; for its owner only, as it may tell of somebody's health.

    Raises:
        OSError: it cannot be written; what was there before stays as it was.
    """
    refuse_special(path)
    make_folder(path.parent)
    sweep(path.parent, f"{PART}*.part")
    import tempfile  # most runs only read

    handle, name = tempfile.mkstemp(prefix=PART, suffix=".part", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            yield cast(BinaryIO, file)
            file.flush()
            os.fsync(handle)
            if mode != 0o600:
                os.chmod(name, mode)
        os.replace(name, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(name)
        raise


def refuse_special(path: Path) -> None:
    """Refuse to replace a folder, a pipe or a device, or a link to one. Raises OSError."""
    try:
        mode = os.stat(path).st_mode
    except FileNotFoundError:
        return  # also a link to nothing, which is replaced
    if not stat.S_ISREG(mode):
        raise OSError(0, f"{kind_of(mode)} is in its place", str(path))


def make_folder(folder: Path) -> None:
    """Make a folder and those above it that are lacking, for the owner only. Raises OSError."""
    lacking = []
    while not folder.exists():
        lacking.append(folder)
        folder = folder.parent
    for one in reversed(lacking):
        one.mkdir(mode=0o700, exist_ok=True)


def sweep(folder: Path, pattern: str) -> None:
    """Take away one's own files of that name which a run that was killed has left behind."""
    with suppress(OSError):
        for path in folder.glob(pattern):
            with suppress(OSError):
                found = path.lstat()
                old = time.time() - found.st_mtime > STALE_SECONDS
                if old and stat.S_ISREG(found.st_mode) and _is_own(found):
                    path.unlink()


def cache_folder() -> Path:
    """Where what can be made again is kept, by the rule of the XDG base directories."""
    root = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(root) / "stillwell"


def same_file(first: str | Path, second: str | Path) -> bool:
    """Whether two names stand for one file, by a link too."""
    try:
        return os.path.samefile(first, second)
    except (OSError, ValueError):
        return False


def only_owner_writes(path: Path) -> bool:
    """Whether a file or folder is one's own, no link, and nobody else may write it. Raises OSError."""
    found = path.lstat()
    kept = stat.S_ISREG(found.st_mode) or stat.S_ISDIR(found.st_mode)
    return kept and _is_own(found) and not found.st_mode & 0o022


def is_own_file(path: Path) -> bool:
    """Whether an ordinary file lies there that nobody but its owner may write."""
    try:
        return stat.S_ISREG(path.lstat().st_mode) and only_owner_writes(path)
    except OSError:
        return False


def _is_own(found: os.stat_result) -> bool:
    user = getattr(os, "geteuid", None)  # not on every system
    return user is None or found.st_uid == user()

"""Files of the cache: used only where nobody but the user can have written them and their checksum is right."""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from pathlib import Path

from stillwell.errors import CaseError
from stillwell.files import is_own_file, make_folder, only_owner_writes, read_bytes, write_whole

_SUM = hashlib.sha256().digest_size


def read_kept(path: Path, most: int) -> memoryview | None:
    """What a file of the cache holds; None where there is none that can be trusted.

    Args:
        most: bytes; one that is larger is none of ours.
    """
    try:
        if not (is_own_file(path) and only_owner_writes(path.parent)):
            return None
        data = read_bytes(path, most=most)
    except (OSError, CaseError):
        return None
    content = memoryview(data)[_SUM:]
    return content if hashlib.sha256(content).digest() == data[:_SUM] else None


def may_keep(folder: Path) -> bool:
    """Whether a folder is there, or can be made, that the user and nobody else may write."""
    try:
        make_folder(folder)
        return only_owner_writes(folder) and os.access(folder, os.W_OK)
    except OSError:
        return False


def write_kept(path: Path, content: bytes) -> None:
    """Keep it where that may be done; what cannot be kept costs time and nothing else."""
    if may_keep(path.parent):
        with suppress(OSError):
            write_whole(path, hashlib.sha256(content).digest() + content)

"""Keeps a long-lived process small."""

from __future__ import annotations

import ctypes
from contextlib import suppress

M_TRIM_THRESHOLD = -1  # of glibc's mallopt
M_MMAP_THRESHOLD = -3
M_ARENA_MAX = -8
LARGE = 256 * 1024  # bytes: what is larger is mapped by itself, and given back when it is freed


def frugal() -> None:
    """Have glibc give freed memory back to the system; elsewhere this does nothing.

    By itself it keeps an arena for each thread, and after one large case up to 32 MB pieces of it.
    Source: mallopt(3).
    """
    with suppress(OSError, AttributeError):
        libc = ctypes.CDLL("libc.so.6")
        for option, value in (
            (M_ARENA_MAX, 2),
            (M_MMAP_THRESHOLD, LARGE),
            (M_TRIM_THRESHOLD, LARGE),
        ):
            libc.mallopt(option, value)

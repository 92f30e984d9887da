"""Reads a PDF of somebody else's in a process of its own, which can be ended.

A page that unpacks to a gigabyte keeps pdfium busy for half a minute, and nothing can interrupt it in this
process; there its lock would keep everybody else's sheets waiting.
"""

from __future__ import annotations

import subprocess
import sys
import time

import msgspec

from stillwell.case.lab_sheet.lines import Line
from stillwell.case.lab_sheet.pdf_text import pdf_lines, too_slow
from stillwell.errors import CaseError

MOST_MEMORY = 2 * 1024**3  # bytes of address space
FIELD = "PDF"


class _Read(msgspec.Struct):
    lines: list[Line] = []
    problem: str = ""


def lines_apart(data: bytes, field: str, until: float) -> list[Line]:
    """As `pdf_lines`, and surely done at `until`; nothing is written to a disk.

    Raises:
        CaseError: it cannot be read, or not in time.
    """
    left = max(0.1, until - time.monotonic())
    command = [sys.executable, "-m", __name__, f"{left:.2f}"]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=left, check=False)
    except subprocess.TimeoutExpired:
        raise too_slow(field) from None
    if done.returncode != 0:
        way = "Save it again, or type the results"
        raise CaseError(field, "is no PDF that can be opened", way)
    read = msgspec.msgpack.decode(done.stdout, type=_Read)
    if read.problem:
        raise CaseError(field, read.problem)
    return read.lines


def _bound_memory() -> None:
    try:
        import resource
    except ImportError:  # not on Windows
        return
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))


def main() -> None:
    """Standard input to standard output."""
    _bound_memory()
    until = time.monotonic() + float(sys.argv[1])
    try:
        read = _Read(lines=pdf_lines(sys.stdin.buffer.read(), FIELD, until))
    except CaseError as error:
        read = _Read(problem=str(error).removeprefix(f"{FIELD}: "))
    sys.stdout.buffer.write(msgspec.msgpack.encode(read))


if __name__ == "__main__":
    main()

"""Runs the program as its users do, in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from typing import IO

PROGRAM = (sys.executable, "-m", "stillwell.cli.main")


def stillwell(
    *words: str,
    stdin: bytes | IO[bytes] = b"",
    before: Callable[[], None] | None = None,
    seconds: float = 60,
    **environment: str,
) -> subprocess.CompletedProcess[bytes]:
    """Run one command; TimeoutExpired where it does not end."""
    return subprocess.run(
        [*PROGRAM, *words],
        **({"input": stdin} if isinstance(stdin, bytes) else {"stdin": stdin}),
        capture_output=True,
        timeout=seconds,
        env={**os.environ, **environment},
        preexec_fn=before,
    )


def refused(done: subprocess.CompletedProcess[bytes]) -> str:
    """The one line with which a command refused its input."""
    line = done.stderr.decode()
    assert done.returncode == 2, (done.returncode, line[-2000:])
    assert line.startswith("stillwell: ") and line.count("\n") == 1, line
    assert len(line) <= 1100
    return line

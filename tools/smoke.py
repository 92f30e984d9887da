"""Starts the page as a person would, tells it a story, stops it with Ctrl-C; fails where any of it does."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from pathlib import Path

LONGEST_S = 60
STORY = "In the evening my legs are restless and I have to move them. Walking helps."


def main() -> int:
    """The exit code: 0 where the page starts, answers and stops."""
    with tempfile.TemporaryDirectory() as folder:
        command = [str(Path(sys.executable).with_name("stillwell")), "serve", "--port", "0"]
        command += ["--data", str(Path(folder) / "page.db")]
        server = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        try:
            return _tried(server)
        finally:
            server.kill()


def _tried(server: subprocess.Popen[str]) -> int:
    began = time.monotonic()
    assert server.stdout is not None
    said = server.stdout.readline()
    found = re.search(r"http://\S+/", said)
    if found is None:
        print(said, server.stdout.read())
        return 1
    address = found[0]
    print(f"ready after {time.monotonic() - began:.1f} s at {address}")
    begun = _post(f"{address}start", {"name": "Smoke"})
    told = _post(begun.geturl(), {"words": STORY})
    journey = told.geturl().rpartition("/")[0]
    answer = urllib.request.urlopen(f"{journey}/answer", timeout=LONGEST_S).read().decode()
    if "estless legs" not in answer:
        print("the answer does not speak of restless legs")
        return 1
    server.send_signal(signal.SIGINT)
    code = server.wait(timeout=LONGEST_S)
    rest = server.stdout.read()
    print(f"told, answered and stopped after {time.monotonic() - began:.1f} s (exit {code})")
    if code not in (0, 130) or "Traceback" in rest:
        print(rest)
        return 1
    return 0


def _post(url: str, fields: dict[str, str]):  # type: ignore[no-untyped-def]
    body = urllib.parse.urlencode(fields).encode()
    return urllib.request.urlopen(urllib.request.Request(url, data=body), timeout=LONGEST_S)


if __name__ == "__main__":
    sys.exit(main())

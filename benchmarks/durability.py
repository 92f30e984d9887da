"""Kills the server with SIGKILL at 50 random moments of 200 concurrent saves, and counts what was lost."""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.durability import trial


def main(kills: int = 50, seed: int = 2026) -> int:
    start = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        outcome = trial(Path(folder), kills, 200, seed)
    print(f"kills                            {outcome.kills}")
    print(f"saves acknowledged before a kill {outcome.acknowledged}")
    print(f"saves cut off by a kill          {outcome.unanswered}")
    print(f"  of them kept all the same      {outcome.kept_unsaid}")
    print(f"acknowledged saves lost          {outcome.lost}")
    print(f"half-written records             {outcome.halved}")
    print(f"seconds                          {time.perf_counter() - start:.0f}")
    return 1 if outcome.lost or outcome.halved else 0


if __name__ == "__main__":
    sys.exit(main())

"""A cold `stillwell assess` beside `python -c "import numpy"`, and what each part of it takes.

    python benchmarks/startup.py [--times N] [--source SRC ...]

Each is a fresh process with its byte code and the knowledge cache in place; the runs are interleaved, the
least of N counts, and all are given as a ratio to `import numpy` of the same run, so that two versions
(`--source` of each) can be compared on a busy machine. Processor time is of all threads.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parents[1]
EXAMPLE = HERE / "examples" / "restless_evenings.yaml"
# what an answer needs, in the order in which it is loaded; the share of each is what it adds
PARTS = (
    "numpy", "click", "yaml", "msgspec", "rapidfuzz", "onnxruntime", "tokenizers",
    "stillwell.case.understand", "stillwell.assess.assessment", "stillwell.report.render.terminal",
)  # fmt: skip


@dataclass(frozen=True)
class Spent:
    """Processor time and time on the clock, in seconds, and the most memory, in MB."""

    cpu: float
    wall: float
    memory: float


def run(source: Path, arguments: list[str]) -> Spent:
    """Run Python once with the packages of `source`."""
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    environment |= {"PYTHONPATH": str(source), "ORT_DISABLE_TELEMETRY": "1"}
    nowhere = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
    start = time.perf_counter()
    child = os.posix_spawn(
        sys.executable, [sys.executable, *arguments], environment, file_actions=nowhere
    )
    _, status, used = os.wait4(child, 0)
    wall = time.perf_counter() - start
    if status:
        raise SystemExit(f"{arguments} ended with {status}")
    return Spent(used.ru_utime + used.ru_stime, wall, used.ru_maxrss / 1024)


def least(runs: list[Spent]) -> Spent:
    return Spent(*(min(getattr(r, f) for r in runs) for f in ("cpu", "wall", "memory")))


def compare(rows: dict[str, tuple[Path, list[str]]], times: int) -> None:
    """Print each row beside the first, which is `import numpy`."""
    for source, arguments in rows.values():
        run(source, arguments)  # writes byte code and caches
    found: dict[str, list[Spent]] = {name: [] for name in rows}
    for _ in range(times):
        for name, (source, arguments) in rows.items():
            found[name].append(run(source, arguments))
    unit = least(next(iter(found.values())))
    print(f"{'':44} {'cpu ms':>7} {'ratio':>6} {'wall ms':>8} {'ratio':>6} {'MB':>5}")
    for name, runs in found.items():
        one = least(runs)
        print(
            f"{name:44} {one.cpu * 1000:7.0f} {one.cpu / unit.cpu:6.2f} "
            f"{one.wall * 1000:8.0f} {one.wall / unit.wall:6.2f} {one.memory:5.0f}"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=10)
    parser.add_argument("--source", type=Path, nargs="+", default=[HERE / "src"])
    options = parser.parse_args()
    case = str(EXAMPLE)
    command = ["-m", "stillwell", "assess", case]
    rows = {"import numpy": (options.source[0], ["-c", "import numpy"])}
    for source in options.source:
        for what, extra in (("assess --dry-run", ["--dry-run"]), ("assess", [])):
            name = f"{what} {source}" if len(options.source) > 1 else what
            rows[name] = (source, [*command, *extra])
    compare(rows, options.times)
    print("\nimports, each after those above it")
    rows = {"import numpy": (options.source[0], ["-c", "import numpy"])}
    for at, part in enumerate(PARTS[1:], 2):
        rows[part] = (options.source[-1], ["-c", f"import {', '.join(PARTS[:at])}"])
    compare(rows, options.times)


if __name__ == "__main__":
    main()

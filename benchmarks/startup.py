"""Where the time of a cold `stillwell assess` goes: whole process, and its parts inside one."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from pathlib import Path

EXAMPLE = Path(__file__).parents[1] / "examples" / "restless_evenings.yaml"


def whole(words: list[str], times: int = 7) -> float:
    spent = []
    for _ in range(times):
        start = time.perf_counter()
        subprocess.run(
            [sys.executable, "-m", "stillwell.cli.main", *words], check=True, capture_output=True
        )
        spent.append(time.perf_counter() - start)
    return statistics.median(spent)


def main() -> None:
    for words in (["--version"], ["assess", str(EXAMPLE), "--dry-run"], ["assess", str(EXAMPLE)]):
        print(f"{' '.join(words[:1] + words[2:]):20} {whole(words) * 1000:6.0f} ms")
    start = time.perf_counter()
    from stillwell.assess import assessment
    from stillwell.report.write import write

    print(f"{'  imports':20} {(time.perf_counter() - start) * 1000:6.0f} ms")
    for name, part in (
        ("  knowledge", lambda: assessment.model()),
        ("  first assessment", lambda: assessment.assess(_case())),
        ("  next assessment", lambda: assessment.assess(_case())),
        ("  report", lambda: write(assessment.assess(_case(), draws=0, detail=False), "terminal")),
    ):
        start = time.perf_counter()
        part()
        print(f"{name:20} {(time.perf_counter() - start) * 1000:6.0f} ms")


def _case():  # type: ignore[no-untyped-def]
    from stillwell.case.read import read_case

    return read_case(EXAMPLE)


if __name__ == "__main__":
    main()

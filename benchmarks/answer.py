"""A full answer in process, everything warm: 200 redraws, reasons and next questions, for 5 to 20 signs.

    python benchmarks/answer.py [--cases N] [--times N]

Signs are drawn from two causes, 15 more are denied (see `engine.py`). The least of a case's runs counts; the
median and the worst of the cases are printed, and the most memory that the process has had.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import time

from engine import knowledge_case

from stillwell.assess.assessment import assess

SIZES = (5, 10, 20)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=9)
    parser.add_argument("--times", type=int, default=3)
    options = parser.parse_args()
    assess(knowledge_case(0, 5))
    print(f"{'signs':>5} {'median ms':>10} {'worst ms':>9} {'cpu, median ms':>15} {'peak MB':>8}")
    for size in SIZES:
        walls, cpus = [], []
        for seed in range(options.cases):
            told = knowledge_case(seed, size)
            runs = []
            for _ in range(options.times):
                wall, cpu = time.perf_counter(), time.process_time()
                assess(told)
                runs.append((time.perf_counter() - wall, time.process_time() - cpu))
            walls.append(1000 * min(w for w, _ in runs))
            cpus.append(1000 * min(c for _, c in runs))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(
            f"{size:5} {statistics.median(walls):10.0f} {max(walls):9.0f} "
            f"{statistics.median(cpus):15.0f} {peak:8.0f}"
        )


if __name__ == "__main__":
    main()

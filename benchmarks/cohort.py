"""Speed of `stillwell cohort assess` beside the one-case loop and a plain copy of the same file, in one run.

Four generated mixes: `labs` (results, age, sex and medicines only), `survey` (mostly none to two positive findings),
`five` (five positive findings of forty stories, fifteen denied, five results), `ten` (ten of eight stories). Of each mix
so many people are made that it ends within a minute on two cores (`PEOPLE`), unless --people says how many. The
one-case loop runs over a sample, and says so. Rates are given by the clock and by the seconds of the processor that the
run and its workers took, which say more on a busy machine.
Usage: python benchmarks/cohort.py [--people N] [--workers N] [--sample N] [MIX ...]
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from stillwell.assess.model import model
from stillwell.cohort.mapping import CohortMap, checked_map
from stillwell.cohort.one_by_one import assess_one
from stillwell.cohort.parts import read_record
from stillwell.cohort.reading import read_people
from stillwell.cohort.run import Options, assess_cohort
from stillwell.cohort.source import plan
from stillwell.knowledge.store import knowledge

# test, median, spread of the logarithm, share of people who have it
RESULTS = [
    ("sodium", 140, 0.015, 0.9), ("potassium", 4.2, 0.09, 0.9), ("creatinine", 80, 0.22, 0.9),
    ("haemoglobin", 140, 0.09, 0.9), ("mcv", 90, 0.05, 0.9), ("ferritin", 90, 0.8, 0.5),
    ("vitamin_b12", 330, 0.4, 0.3), ("vitamin_d_25oh", 60, 0.4, 0.4), ("tsh", 1.7, 0.5, 0.5),
    ("calcium_total", 2.35, 0.04, 0.6), ("albumin", 42, 0.08, 0.6), ("crp", 2, 0.9, 0.4),
]  # fmt: skip
MEDICINES = [
    ("statins", 0.2), ("proton_pump_inhibitors", 0.15), ("metformin", 0.08), ("thiazides", 0.1),
    ("ace_inhibitors", 0.12), ("ssri", 0.1), ("beta_blockers", 0.1), ("levothyroxine", 0.05),
]  # fmt: skip
HISTORY = [("diabetes", 0.1), ("high_blood_pressure", 0.3), ("smoking", 0.2)]
SURVEY = [
    ("leg_cramps", 0.1), ("leg_jerks_during_sleep", 0.06), ("tingling_feet", 0.08), ("fatigue", 0.15),
    ("poor_sleep", 0.15), ("low_mood", 0.06),
]  # fmt: skip
PEOPLE = {"labs": 400_000, "survey": 200_000, "five": 40_000, "ten": 2_000}
MOST_ROWS = 131_072  # of a row group


def people(mix: str, count: int, seed: int = 1) -> tuple[pa.Table, CohortMap]:
    """A mix as a table and its map."""
    r = np.random.default_rng(seed)
    base = knowledge().base
    columns: dict[str, Any] = {"id": np.arange(count), "age": r.integers(18, 90, count)}
    columns["sex"] = r.choice(["female", "male"], count)
    how: dict[str, Any] = {
        "key": "id",
        "person": {"age": {"column": "age"}, "sex": {"column": "sex"}},
        "medicines_known": True,
        "medicines": {},
        "history": {},
        "findings": {},
        "labs": {},
    }
    results = RESULTS if mix in ("labs", "survey") else RESULTS[:5]
    for name, middle, spread, share in results:
        values = np.exp(r.normal(np.log(middle), spread, count))
        if mix in ("five", "ten"):
            values = np.exp(r.normal(np.log(middle), spread / 3, count))
        values = np.clip(values, *base.tests[name].possible)
        values[r.random(count) > share] = np.nan
        columns[name] = values
        how["labs"][name] = {"column": name, "unit": base.tests[name].unit}
    for name, share in MEDICINES:
        columns[name] = (r.random(count) < share).astype(np.int8)
        how["medicines"][name] = {"column": name}
    if mix == "survey":
        for name, share in HISTORY:
            columns[name] = (r.random(count) < share).astype(np.int8)
            how["history"][name] = {"column": name}
        for name, share in SURVEY:
            columns[name] = (r.random(count) < share).astype(np.int8)
            how["findings"][name] = {"column": name}
    if mix in ("five", "ten"):
        told = _stories(r, count, 5 if mix == "five" else 10, 40 if mix == "five" else 8)
        for name, column in told.items():
            columns[name] = column
            how["findings"][name] = {"column": name}
    return pa.table(columns), checked_map(how, base)


def _stories(r: np.random.Generator, count: int, present: int, stories: int) -> dict[str, Any]:
    """Findings that go together: of each story the likeliest signs of one cause, then common ones."""
    net = model()
    base = net.known.base
    causes = [c for c in base.causes.values() if len(c.findings) >= present]
    common = sorted(net.findings, key=lambda n: -net.average_leak.get(n, 0.0))
    common = [n for n in common if not n.startswith("lab:")][:40]
    told: dict[str, Any] = {}
    which = r.integers(0, stories, count)
    for k in range(stories):
        cause = causes[k % len(causes)]
        signs = sorted((f for f in cause.findings if f.p), key=lambda f: -(f.p or 0.0))
        signs = [f.finding for f in signs if f.finding in net.findings]
        names = list(dict.fromkeys([*signs, *common]))[:present]
        for name in names:
            told.setdefault(name, np.full(count, -1, np.int8))[which == k] = 1
    for name in common[:25]:
        column = told.setdefault(name, np.full(count, -1, np.int8))
        column[(column < 0) & (r.random(count) < 0.6)] = 0
    return told


def processor_seconds() -> float:
    """Seconds of the processor that this process took, and its workers that have ended."""
    used = [resource.getrusage(w) for w in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(u.ru_utime + u.ru_stime for u in used)


def measure(mix: str, count: int, workers: int, sample: int) -> None:
    """Assess one mix and print its line."""
    table, how = people(mix, count)
    with tempfile.TemporaryDirectory() as folder:
        path, out = Path(folder) / "in.parquet", Path(folder) / "out"
        pq.write_table(table, path, row_group_size=min(max(count // workers, 1), MOST_ROWS))
        start, before = time.perf_counter(), processor_seconds()
        assess_cohort(str(path), how, out, Options(workers=workers))
        seconds, work = time.perf_counter() - start, processor_seconds() - before
        records = [read_record(out, task.name) for task in plan(str(path))]
        start = time.perf_counter()
        pq.write_table(pq.read_table(path), Path(folder) / "copy.parquet")
        copy = time.perf_counter() - start
    reading = read_people(table.slice(0, sample), how)
    assess_one(model(), reading.people.case(0))
    before = processor_seconds()
    for i in range(sample):
        assess_one(model(), reading.people.case(i))
    one = (processor_seconds() - before) / sample
    known = [r for r in records if r is not None]
    shares = {k: sum(r.seconds[k] for r in known) for k in ("read", "assess", "write")}
    whole = sum(shares.values())
    memory = max(
        resource.getrusage(w).ru_maxrss for w in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    print(
        f"{mix:8s} {count:>9,} people {seconds:7.1f} s {count / seconds:>9,.0f}/s  "
        f"processor {work:.1f} s {count / work:>9,.0f}/s  "
        f"one-case loop {1 / one:6.1f}/s (sample of {sample})  ratio {one * count / work:>8,.0f}  "
        f"copy {copy:.2f} s  "
        + "  ".join(f"{k} {v / whole:.0%}" for k, v in shares.items())
        + f"  patterns {sum(r.patterns for r in known):,}  one by one {sum(r.one_by_one for r in known):,}"
        f"  {memory / 1e6:.2f} GB",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("mixes", nargs="*", default=[*PEOPLE])
    parser.add_argument("--people", type=int, help="of each mix, instead of PEOPLE")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--sample", type=int, default=20, help="people of the one-case loop")
    options = parser.parse_args()
    for mix in options.mixes:
        count = options.people or PEOPLE[mix]
        print(f"{mix}: {count:,} people on {options.workers} workers", flush=True)
        measure(mix, count, options.workers, options.sample)


if __name__ == "__main__":
    main()

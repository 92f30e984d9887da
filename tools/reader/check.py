"""Checks the labelled messages, and that none comes near a text that measures.

    python -m reader.check --data data/reader [--apart FILE.jsonl --apart FILE.csv ...] [--drop]

`--apart`: files with texts (field `text`, or `story` and `complaint` of case files) that training must not
know; `--drop` takes the messages that come near one out of the data.
"""

from __future__ import annotations

import argparse
import collections
import csv
import json
from pathlib import Path

import numpy as np
import yaml
from rapidfuzz import fuzz, process, utils

from reader.messages import STATUSES
from stillwell.knowledge.store import knowledge

NEAR = 82.0  # similarity (0 to 100, edits) from which a message comes near another
SHORT = 15  # characters under which likeness says nothing
LEAST = 60  # readings of each item


def texts_of(path: Path) -> list[str]:
    """All texts of a JSONL, CSV or YAML file."""
    if path.suffix == ".jsonl":
        return [json.loads(line)["text"] for line in path.read_text("utf-8").splitlines()]
    if path.suffix == ".csv":
        with path.open(newline="", encoding="utf-8") as file:
            return [row["text"] for row in csv.DictReader(file)]
    case = yaml.safe_load(path.read_text("utf-8")) or {}
    return [case[k] for k in ("story", "complaint") if isinstance(case, dict) and case.get(k)]


def near(messages: list[str], apart: list[str]) -> set[int]:
    """Indices of the messages that come near one of the texts that measure."""
    plain = [utils.default_process(t) for t in messages]
    others = [t for t in map(utils.default_process, apart) if len(t) >= SHORT]
    found: set[int] = set()
    for start in range(0, len(plain), 2000):
        part = plain[start : start + 2000]
        likeness = process.cdist(part, others, scorer=fuzz.ratio, score_cutoff=NEAR, workers=2)
        found |= {start + int(i) for i in np.flatnonzero(likeness.max(axis=1) >= NEAR)}
    return {i for i in found if len(plain[i]) >= SHORT}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--apart", type=Path, action="append", default=[])
    parser.add_argument("--drop", action="store_true")
    options = parser.parse_args()
    base = knowledge().base
    known = {*base.findings, *base.history}
    counts: collections.Counter[str] = collections.Counter()
    statuses: collections.Counter[str] = collections.Counter()
    rows: list[tuple[Path, dict]] = []  # type: ignore[type-arg]
    for path in sorted(options.data.glob("*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            row = json.loads(line)
            rows.append((path, row))
            for reading in row["readings"]:
                start = reading.get("start", row["text"].find(reading["words"]))
                if (
                    row["text"][start : start + len(reading["words"])] != reading["words"]
                    or start < 0
                ):
                    print(
                        f"{path.name} {row['id']}: the words '{reading['words']}' are not in the text"
                    )
                if reading["id"] not in known or reading["status"] not in STATUSES:
                    print(
                        f"{path.name} {row['id']}: {reading['id']} {reading['status']} is not known"
                    )
                counts[reading["id"]] += 1
                statuses[reading["status"]] += 1
    total = sum(statuses.values())
    print(
        f"{len(rows)} messages, {total} readings, {1 - statuses['present'] / total:.0%} not present"
    )
    print("fewer than", LEAST, {i: counts[i] for i in sorted(known) if counts[i] < LEAST})
    apart = [text for path in options.apart for text in texts_of(path)]
    if not apart:
        return
    close = near([row["text"] for _, row in rows], apart)
    print(f"{len(close)} come near one of {len(apart)} texts that measure")
    if options.drop:
        for path in {p for p, _ in rows}:
            kept = [r for i, (p, r) in enumerate(rows) if p == path and i not in close]
            text = "".join(json.dumps(r, ensure_ascii=False) + "\n" for r in kept)
            path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()

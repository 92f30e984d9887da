"""Turns messages that a hand marked up by eye into the labelled lines that the reader is trained on.

    python -m reader.markup AUTHOR.txt [--out data/reader/AUTHOR.jsonl]

A line `@ voice` says who speaks from here on. Every other line is one message:

    LEVEL ABOUT | text with {words|id|status} and <medicine|taking>

`{words|id|status & id|status}` gives the same words two readings. Without `--out` it only says what is
wrong, a line each.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from pathlib import Path
from typing import Any

from reader.messages import LEVELS, STATUSES
from stillwell.knowledge.store import knowledge

ABOUT = ("self", "adult", "child", "nobody")
TAKEN = ("taking", "stopped", "past", "wished", "other")
MARK = re.compile(r"\{([^{}|]+)\|([^{}]+)\}|<([^<>|]+)\|(\w+)>")
READING = re.compile(r"^\s*(\w+)\s*\|\s*(\w+)\s*$")


class MarkupError(ValueError):
    """A line that cannot be read, with why."""


def message(line: str, known: set[str]) -> dict[str, Any]:
    """One marked-up line as a labelled message.

    Args:
        line: `LEVEL ABOUT | text` with its marks.
        known: ids of findings and history items.

    Raises:
        MarkupError: names what is wrong.
    """
    head, bar, marked = line.partition("|")
    words = head.split()
    if not bar or len(words) != 2 or words[0] not in LEVELS or words[1] not in ABOUT:
        raise MarkupError(f"must begin with LEVEL ABOUT |, not {head.strip()!r}")
    text, readings, medicines, last = "", [], [], 0
    marked = marked.strip()
    for mark in MARK.finditer(marked):
        text += marked[last : mark.start()]
        last = mark.end()
        said, labels, medicine, status = mark.groups()
        if medicine:
            if status not in TAKEN:
                raise MarkupError(f"unknown way of taking {status!r}")
            medicines.append([medicine.lower(), status])
            text += medicine
            continue
        for label in labels.split("&"):
            parts = READING.match(label)
            if not parts or parts[1] not in known or parts[2] not in STATUSES:
                raise MarkupError(f"unknown id or status in {mark[0]!r}")
            reading = {"id": parts[1], "words": said, "start": len(text), "status": parts[2]}
            readings.append(reading)
        text += said
    text += marked[last:]
    if any(c in text for c in "{}|<>"):
        raise MarkupError("a mark is not closed or nested")
    return {
        "text": text, "readings": readings, "about": words[1], "urgency_min": words[0],
        "medicines": medicines, "results": [], "finer": True,
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("marked", type=Path)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    base = knowledge().base
    known = {*base.findings, *base.history}
    author, voice, rows, wrong = options.marked.stem, "", [], 0
    for number, line in enumerate(options.marked.read_text("utf-8").splitlines(), 1):
        if line.startswith("@"):
            voice = line[1:].strip()
        elif line.strip():
            try:
                row = message(line, known)
            except MarkupError as error:
                wrong += 1
                print(f"line {number}: {error}", file=sys.stderr)
                continue
            row = {"id": f"{author}-{len(rows) + 1:04}", "author": author, "voice": voice, **row}
            rows.append(row)
    print(f"{len(rows)} messages, {sum(len(r['readings']) for r in rows)} readings, {wrong} wrong")
    if options.out:
        lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        options.out.write_text("".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()

"""One task: rows in, a part and its rejects out; the same function in every engine."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from stillwell.assess.model import model
from stillwell.cohort.assessed import Assessed, Assessor
from stillwell.cohort.columns import column_of
from stillwell.cohort.mapping import CohortMap
from stillwell.cohort.parts import PARTS, REJECTS, PartRecord, write_record, write_table
from stillwell.cohort.reading import REASONS, UNREADABLE, Reading, read_people
from stillwell.cohort.source import Task, read_rows
from stillwell.cohort.totals import Totals, totals_of
from stillwell.cohort.urgency import LEVEL_NAMES
from stillwell.inference.network import Floats

BATCH = 65_536  # people worked out at once: what is done once for each kind of person is shared by so many
ROW_BROKEN = "row_broken"
EXACT, ONE = "lanes", "one"


@dataclass(frozen=True)
class Job:
    """What all tasks of a run share: the map, the folder, and what is written."""

    how: CohortMap
    folder: str
    aggregate_only: bool = False
    batch: int = BATCH


@cache
def assessor() -> Assessor:
    """The tables and programs of this process."""
    return Assessor(model())


def do_task(job: Job, task: Task) -> tuple[PartRecord, Totals]:
    """Assess the rows of a task and write them. Raises OSError where they cannot be written."""
    start = time.perf_counter()
    folder = Path(job.folder)
    try:
        table = read_rows(task, job.how.columns())
        if table.num_rows != task.rows:
            raise pa.ArrowInvalid("fewer rows than were there")
    except (OSError, pa.ArrowException, ValueError):
        return _unreadable(job, task)
    read_at = time.perf_counter()
    reading = read_people(table, job.how)
    answer, kept = _assessed(job, reading)
    worked_at = time.perf_counter()
    totals = totals_of(job.how, table, kept, answer)
    hashes = {}
    if not job.aggregate_only:
        out = _answer_table(job.how, table, kept, answer)
        name = f"{PARTS}/{task.name}.parquet"
        hashes[name] = write_table(folder, name, out)
        refused = np.flatnonzero(reading.reason >= 0)
        if len(refused):
            name = f"{REJECTS}/{task.name}.parquet"
            hashes[name] = write_table(
                folder, name, _refused_table(job.how, table, refused, reading)
            )
    name = f"{PARTS}/{task.name}.totals.parquet"
    hashes[name] = write_table(folder, name, totals.table())
    rejects = Counter(REASONS[r] for r in reading.reason[reading.reason >= 0])
    if task.broken:
        rejects[ROW_BROKEN] += task.broken
    record = PartRecord(
        task.name,
        task.rows + task.broken,
        len(kept),
        dict(sorted(rejects.items())),
        {f"{f}: {r}": n for (f, r), n in sorted(reading.set_aside.items())},
        int(answer.one_by_one.sum()),
        answer.patterns,
        hashes,
        {
            "read": read_at - start,
            "assess": worked_at - read_at,
            "write": time.perf_counter() - worked_at,
        },
    )
    write_record(folder, record)
    return record, totals


def _unreadable(job: Job, task: Task) -> tuple[PartRecord, Totals]:
    rejects = {UNREADABLE: task.rows}
    if task.broken:
        rejects[ROW_BROKEN] = task.broken
    totals = Totals([], [])
    name = f"{PARTS}/{task.name}.totals.parquet"
    hashes = {name: write_table(Path(job.folder), name, totals.table())}
    rows = task.rows + task.broken
    record = PartRecord(task.name, rows, 0, rejects, {}, 0, 0, hashes)
    write_record(Path(job.folder), record)
    return record, totals


def _assessed(job: Job, reading: Reading) -> tuple[Assessed, np.ndarray[Any, np.dtype[np.int64]]]:
    """What is said of those who are not refused, and their rows."""
    rows = np.flatnonzero(reading.reason < 0)
    if not len(rows):
        return Assessed.of_nobody(len(model().causes)), rows
    parts = []
    patterns = 0
    room = np.empty((2, len(model().causes), len(rows)))
    for at in range(0, len(rows), job.batch):
        some = rows[at : at + job.batch]
        people = reading.people.some(some)
        answer = assessor().assess(people, room[:, :, at : at + len(some)])
        patterns += answer.patterns
        for (name, reason), number in answer.set_aside.items():
            reading.set_aside[name, reason] += number
        parts.append(answer)
    whole = _joined(parts, room, patterns)
    refused = np.zeros(len(reading.reason), dtype=bool)
    refused[rows[whole.refused]] = True
    reading.refuse(refused, "not_usable")
    good = ~whole.refused
    if good.all():
        return whole, rows
    kept = Assessed(
        np.ascontiguousarray(whole.present[:, good]),
        np.ascontiguousarray(whole.contributes[:, good]),
        whole.nothing_listed[good],
        whole.urgency[good],
        whole.refused[good],
        whole.one_by_one[good],
        patterns,
        Counter(),
    )
    return kept, rows[good]


def _joined(parts: list[Assessed], room: Floats, patterns: int) -> Assessed:
    return Assessed(
        room[0],
        room[1],
        np.concatenate([p.nothing_listed for p in parts]),
        np.concatenate([p.urgency for p in parts]),
        np.concatenate([p.refused for p in parts]),
        np.concatenate([p.one_by_one for p in parts]),
        patterns,
        Counter(),
    )


def _answer_table(
    how: CohortMap, table: pa.Table, rows: np.ndarray[Any, Any], answer: Assessed
) -> pa.Table:
    """The key, what is handed through, urgency and the probabilities of each person."""
    names = model().causes
    wanted = how.causes or names
    at = pa.array(rows)
    columns = {name: pc.take(column_of(table, name), at) for name in (how.key, *how.keep)}
    levels = pa.DictionaryArray.from_arrays(pa.array(answer.urgency), pa.array(LEVEL_NAMES))
    columns["urgency"] = levels.cast(pa.string())
    columns["nothing_listed"] = _probabilities(answer.nothing_listed)
    for cause in wanted:
        v = model().cause_index[cause]
        columns[f"present_{cause}"] = _probabilities(answer.present[v])
        columns[f"contributes_{cause}"] = _probabilities(answer.contributes[v])
    return pa.table(columns)


def _probabilities(values: np.ndarray[Any, np.dtype[np.float64]]) -> pa.Array:
    """Probabilities, null where none could be worked out."""
    return pa.array(values, mask=np.isnan(values))


def _refused_table(
    how: CohortMap, table: pa.Table, refused: np.ndarray[Any, Any], reading: Reading
) -> pa.Table:
    """The key and the reason of each row that is not assessed."""
    return pa.table(
        {
            how.key: pc.take(column_of(table, how.key), pa.array(refused)),
            "row": pa.array(refused),
            "reason": pa.array([REASONS[r] for r in reading.reason[refused]], pa.string()),
        }
    )


__all__ = ["BATCH", "Job", "assessor", "do_task"]

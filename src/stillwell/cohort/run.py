"""A whole run: plan, tasks, manifest, summaries; begun again it goes on where it was stopped."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import fsspec

from stillwell import __version__
from stillwell.cohort.engines import run_dask, run_here, run_pool, workers_wanted
from stillwell.cohort.mapping import CohortMap
from stillwell.cohort.parts import (
    PartRecord,
    begin,
    clear_parts,
    finish,
    hash_of,
    only_sums,
    only_sums_done,
    read_record,
)
from stillwell.cohort.source import (
    MOST_NAMED,
    Task,
    check_apart,
    columns_in_words,
    lacking,
    plan,
)
from stillwell.cohort.summary import FEWEST, summarise
from stillwell.cohort.work import BATCH, Job
from stillwell.errors import CaseError
from stillwell.knowledge.store import knowledge


@dataclass(frozen=True)
class Options:
    """How a run is done; none of it changes what is written, but `aggregate_only`.

    Attributes:
        engine: `pool` or `dask`; scheduler: the address of a Dask scheduler.
        workers: local processes; as many as processors where None.
        batch: people worked out at once.
        aggregate_only: nothing is kept of fewer than ten people; the totals of parts only until the run is complete.
    """

    engine: str = "pool"
    scheduler: str | None = None
    workers: int | None = None
    batch: int = BATCH
    aggregate_only: bool = False


def assess_cohort(
    source: str,
    how: CohortMap,
    out: str | Path,
    options: Options | None = None,
    progress: Callable[[int, int], None] | None = None,
    *,
    staged: bool = False,
    set_aside: Mapping[str, int] | None = None,
) -> dict[str, Any]:
    """Assess all people of some files into a folder; returns the manifest.

    Args:
        progress: called with rows done and rows in all, after every part.
        staged: the source was made for this run, and is known by what it holds.
        set_aside: "field: reason" -> values that were not used when it was made.

    Raises:
        CaseError: input, map or folder cannot be used.
    """
    options = options or Options()
    folder = Path(out)
    check_apart(source, folder)
    tasks = plan(source)
    lacks = _lacking(tasks, how)
    begin(folder, _fingerprint(tasks, how, options, staged))
    if options.aggregate_only and (ended := only_sums_done(folder)) is not None:
        clear_parts(folder)
        return ended
    job = Job(how, str(folder), options.aggregate_only, options.batch)
    records: dict[str, PartRecord] = {}
    for task in tasks:
        record = read_record(folder, task.name)
        if record is not None:
            records[task.name] = record
    left = [task for task in tasks if task.name not in records]
    whole = sum(task.rows for task in tasks)
    done = whole - sum(task.rows for task in left)
    if progress is not None:
        progress(done, whole)
    try:
        for record in _engine(job, left, options):
            records[record.name] = record
            done += record.rows
            if progress is not None:
                progress(min(done, whole), whole)
        more = {"columns_lacking": lacks, "values_set_aside": set_aside or {}}
        keep = not options.aggregate_only
        manifest = finish(folder, list(records.values()), more, keep=keep)
        if options.aggregate_only:
            summarise(folder, how)
            manifest = only_sums(folder, manifest, FEWEST)
        return manifest
    except OSError as error:
        way = "Make room, and run the same command again: it goes on where it stopped"
        raise CaseError("--out", f"cannot be written ({error.strerror or error})", way) from None


def _lacking(tasks: list[Task], how: CohortMap) -> dict[str, int]:
    """Columns of the map -> how many files lack it. Raises CaseError: all do, of a column that is not optional."""
    paths = list(dict.fromkeys(task.path for task in tasks))
    found, names = lacking(paths, how.columns())
    gone = [c for c, n in found.items() if n == len(paths) and c not in how.optional_columns()]
    if gone:
        told = ", ".join(f"'{c}'" for c in gone[:MOST_NAMED]) + (", ..." * (len(gone) > MOST_NAMED))
        way = "Mend the map, or mark what may be lacking with optional: true"
        raise CaseError(
            "IN",
            f"lacks columns that the map names: {told}",
            f"{columns_in_words(names, how.columns())}. {way}",
        )
    return found


def _engine(job: Job, tasks: list[Task], options: Options) -> Iterator[PartRecord]:
    if options.engine == "dask":
        return run_dask(job, tasks, options.scheduler)
    workers = min(workers_wanted(options.workers), max(len(tasks), 1))
    return run_here(job, tasks) if workers == 1 else run_pool(job, tasks, workers)


def _fingerprint(
    tasks: list[Task], how: CohortMap, options: Options, staged: bool
) -> dict[str, Any]:
    """What must be the same for a run to be gone on with."""
    files: dict[str, Any] = {}
    for number, path in enumerate(dict.fromkeys(task.path for task in tasks)):
        if staged:
            files[str(number)] = hash_of(Path(path))
            continue
        fs, inner = fsspec.core.url_to_fs(path)
        info = fs.info(inner)
        files[path] = [info.get("size"), str(info.get("mtime") or info.get("ETag") or "")]
    plain = [{**t.plain(), "path": ""} if staged else t.plain() for t in tasks]
    every = hashlib.sha256(json.dumps(plain, sort_keys=True).encode())
    return {
        "schema": "stillwell/cohort-plan/1",
        "version": __version__,
        "knowledge": knowledge().digest,
        "map": how.digest,
        "files": files,
        "tasks": every.hexdigest(),
        "aggregate_only": options.aggregate_only,
    }


__all__ = ["Options", "assess_cohort"]

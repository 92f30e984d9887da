"""What runs the tasks: this process, a pool of local ones, or a Dask cluster; each is only a queue."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from typing import Any

from stillwell.cohort.parts import PartRecord
from stillwell.cohort.source import Task
from stillwell.cohort.work import Job, do_task
from stillwell.errors import CaseError

RETRIES = 3
TASKS_OF_A_WORKER = 50  # then it is replaced, so that no memory is kept for good


def workers_wanted(workers: int | None) -> int:
    """How many processes: as many as there are processors, where nothing is said."""
    return max(1, workers if workers is not None else len(os.sched_getaffinity(0)))


def run_here(job: Job, tasks: Sequence[Task]) -> Iterator[PartRecord]:
    """One task after the other, in this process."""
    for task in tasks:
        yield do_task(job, task)[0]


def _record(job: Job, task: Task) -> PartRecord:
    return do_task(job, task)[0]


def run_pool(job: Job, tasks: Sequence[Task], workers: int) -> Iterator[PartRecord]:
    """A pool of local processes. A worker that dies costs its task, which is tried again.

    Raises:
        CaseError: a task kills its worker again and again, or a part cannot be written.
    """
    left = {task.name: task for task in tasks}
    tries = dict.fromkeys(left, 0)
    while left:
        context = multiprocessing.get_context("spawn")
        try:
            with ProcessPoolExecutor(
                min(workers, len(left)), context, max_tasks_per_child=TASKS_OF_A_WORKER
            ) as pool:
                queue = iter(list(left.values()))
                open_tasks: dict[Future[PartRecord], Task] = {}
                for task in queue:
                    open_tasks[pool.submit(_record, job, task)] = task
                    if len(open_tasks) < 2 * workers:
                        continue
                    yield from _finished(open_tasks, left)
                while open_tasks:
                    yield from _finished(open_tasks, left)
        except BrokenProcessPool:
            for name in left:
                tries[name] += 1
            if max(tries[name] for name in left) > RETRIES:
                way = "Free memory, or give fewer --workers, and run the same command again"
                raise CaseError("cohort", "a worker was ended again and again", way) from None


def _finished(
    open_tasks: dict[Future[PartRecord], Task], left: dict[str, Task]
) -> Iterator[PartRecord]:
    done, _ = wait(open_tasks, return_when=FIRST_COMPLETED)
    for future in done:
        task = open_tasks.pop(future)
        record = future.result()
        del left[task.name]
        yield record


def run_dask(job: Job, tasks: Sequence[Task], scheduler: str | None) -> Iterator[PartRecord]:
    """A Dask cluster, by the address of its scheduler. Raises CaseError."""
    try:
        import distributed
    except ImportError:
        way = "Install it: pip install 'stillwell[cohort]'"
        raise CaseError("--engine", "dask is not installed", way) from None
    if scheduler is None:
        raise CaseError("--scheduler", "is needed with --engine dask", "Give tcp://host:port")
    try:
        cluster: Any = distributed
        client = cluster.Client(scheduler, timeout="20s", set_as_default=False)
    except (OSError, TimeoutError):
        way = "Check that it runs, and its address"
        raise CaseError("--scheduler", f"'{scheduler}' does not answer", way) from None
    with client:
        futures = [
            client.submit(_record, job, task, key=f"{job.how.digest[:8]}-{task.name}", pure=False,
                          retries=RETRIES)
            for task in tasks
        ]  # fmt: skip
        for future in cluster.as_completed(futures, loop=client.loop):
            yield future.result()


Engine = Callable[[Job, Sequence[Task]], Iterator[PartRecord]]

__all__ = ["Engine", "run_dask", "run_here", "run_pool", "workers_wanted"]

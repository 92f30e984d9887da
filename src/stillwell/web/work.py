"""Assessments for the page: worked out once for each case, beside the server, within a bound on the queue."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from functools import lru_cache
from multiprocessing import get_context
from typing import Literal, TypeVar

import msgspec

from stillwell.assess.assessment import Assessment, assess
from stillwell.case.model import Case
from stillwell.case.understand import Understood, understand
from stillwell.errors import StillwellError
from stillwell.knowledge.store import knowledge

T = TypeVar("T")
Depth = Literal["bars", "questions", "full"]
KEPT = 64  # assessments that are remembered
QUEUE = 200  # cases that may wait
PATIENCE_S = 20.0


class TooBusy(StillwellError):
    """More people ask than can be served now, or one case takes too long."""


class Work:
    """Works cases out: in one thread for one household, in processes for a shared server.

    Args:
        workers: processes; 0 for a thread of this process.
    """

    def __init__(self, workers: int = 0) -> None:
        self._workers = workers
        self._started: Executor | None = None
        self._kept: OrderedDict[tuple[bytes, str], asyncio.Future[Assessment]] = OrderedDict()
        self._waiting = 0

    def close(self) -> None:
        """Stop, without waiting for what is under way; a later case starts anew."""
        if self._started is not None:
            self._started.shutdown(wait=False, cancel_futures=True)
        self._started = None
        self._kept.clear()
        _understood.cache_clear()

    @property
    def _pool(self) -> Executor:
        if self._started is None:
            if self._workers:
                spawn = get_context("spawn")
                self._started = ProcessPoolExecutor(self._workers, spawn, initializer=warm)
            else:
                self._started = ThreadPoolExecutor(1, thread_name_prefix="assess")
        return self._started

    async def warm(self) -> None:
        """Read the knowledge before the first person needs it."""
        await self._run(warm)

    async def assessment(self, case: Case, depth: Depth) -> Assessment:
        """The assessment of a case.

        Args:
            depth: `bars` for the posterior alone, `questions` also for what to ask next and why, `full` also
                for the ranges.

        Raises:
            CaseError: the case cannot be used.
            TooBusy: the queue is full, or this one takes too long.
        """
        body = msgspec.json.encode(case)
        for ready in _at_least(depth):
            done = self._kept.get((body, ready))
            if done is not None and not done.cancelled():
                self._kept.move_to_end((body, ready))
                return await asyncio.shield(done)
        if self._waiting >= QUEUE:
            raise TooBusy("too many people ask at once; please try again in a moment")
        job = asyncio.ensure_future(self._run(worked_out, body, depth))
        job.add_done_callback(lambda done: self._forget((body, depth), done))
        self._kept[(body, depth)] = job
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        return await asyncio.shield(job)

    def _forget(self, key: tuple[bytes, str], done: asyncio.Future[Assessment]) -> None:
        """What failed is worked out anew when it is asked for again."""
        if done.cancelled() or done.exception() is not None:
            self._kept.pop(key, None)

    async def _run(self, job: Callable[..., T], *args: object) -> T:
        self._waiting += 1
        try:
            loop = asyncio.get_running_loop()
            return await asyncio.wait_for(loop.run_in_executor(self._pool, job, *args), PATIENCE_S)
        except TimeoutError:
            raise TooBusy("this takes longer than we let anybody wait; try again") from None
        finally:
            self._waiting -= 1


def _at_least(depth: Depth) -> list[Depth]:
    order: list[Depth] = ["bars", "questions", "full"]
    return order[order.index(depth) :]


def warm() -> None:
    """Read the knowledge and the reader of words."""
    knowledge()
    assess(Case(complaint="my legs shake"), draws=0, detail=False)


def worked_out(body: bytes, depth: Depth) -> Assessment:
    """The assessment of a case in JSON."""
    case = msgspec.json.decode(body, type=Case)
    if depth == "full":
        return assess(case)
    return assess(case, draws=0, detail=depth == "questions")


@lru_cache(KEPT)
def _understood(body: bytes) -> Understood:
    return understand(msgspec.json.decode(body, type=Case))


def understood(case: Case) -> Understood:
    """What the readers make of a case; remembered, and not to be changed.

    Raises:
        CaseError: the case cannot be used.
    """
    return _understood(msgspec.json.encode(case))

"""Assessments for the page: each worked out once, the next question while the answer is on its way."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from stillwell.assess.asked_next import Question, questions_for
from stillwell.assess.assessment import Assessment, assess
from stillwell.assess.posterior import finder
from stillwell.case.model import Case
from stillwell.case.understand import Understood
from stillwell.knowledge.store import knowledge
from stillwell.language.claims import remembered
from stillwell.web.memory import frugal
from stillwell.web.pool import LIGHT, Pool, TooBusy, Worked
from stillwell.web.reading import read

if TYPE_CHECKING:  # food is not for everybody
    from stillwell.assess.intakes import Diet
    from stillwell.web.eating import Intakes

Depth = Literal["bars", "questions", "full"]
Part = Literal["read", "bars", "next", "questions", "full", "intakes", "ways"]
URGENCY: dict[str, int] = {
    "read": 0, "bars": 0, "next": 1, "questions": 2, "full": 2, "intakes": 2, "ways": 2,
}  # fmt: skip
Key = tuple[bytes, str, tuple[Any, ...]]
AHEAD = 3  # what nobody waits for yet
HEAVY = 2  # the urgency that leaves a worker free for others
HEAVY_S = 0.5  # processor time of a heavy part: with it fewest waited long in benchmarks/quiet.py
TIMES: dict[str, float] = {"bars": 1, "next": 1, "questions": 2, "full": 4}  # of the bars, about
STORIES = 1000  # whose weight is known
KEPT = 64  # of each kind that one household needs again
KEPT_SHARED = 400  # and a shared server
PATIENCE_S = 20.0
RECENT = 4  # posteriors that the next questions go on from, in each worker


class Work:
    """Works cases out: in one thread for one household, in processes for a shared server.

    Args:
        workers: processes; 0 for a thread of this process.
    """

    def __init__(self, workers: int = 0) -> None:
        self._workers = workers
        self._started: Pool | None = None
        self._kept: OrderedDict[Key, Worked] = OrderedDict()
        self._spent_s: OrderedDict[str, float] = OrderedDict()  # of late, by story
        self._ahead: set[Key] = set()  # of these, what nobody waits for
        self._most = KEPT_SHARED if workers else KEPT

    def close(self) -> None:
        """Stop, without waiting for what is under way; a later case starts anew."""
        if self._started is not None:
            self._started.close()
        self._started = None
        self._kept.clear()
        self._ahead.clear()
        self._spent_s.clear()
        for remembers in (read, _find, remembered):
            remembers.cache_clear()

    @property
    def pool(self) -> Pool:
        """The workers; started when they are first needed."""
        if self._started is None:
            self._started = Pool(self._workers, warm)
        return self._started

    async def warm(self) -> None:
        """Read the knowledge before the first person needs it."""
        frugal()
        pool = self.pool
        if not self._workers:  # each process reads it by itself before its first job
            await self._wait(pool.submit(warm))

    async def assessment(self, case: Case, depth: Depth) -> Assessment:
        """The assessment of a case.

        Args:
            depth: `bars` for the posterior alone, `questions` also for reasons and next steps, `full` also
                for the ranges.

        Raises:
            CaseError: the case cannot be used.
            TooBusy: the queue is full, or this one takes too long.
        """
        found: Assessment = await self._get(case, depth)
        return found

    async def questions(self, case: Case) -> list[Question]:
        """What is worth asking next, the best first. Raises as `assessment` does."""
        found: list[Question] = await self._get(case, "next")
        return found

    async def understood(self, case: Case) -> Understood:
        """What the readers make of a case; not to be changed. Raises as `assessment` does."""
        found: Understood = await self._get(case, "read")
        return found

    async def intakes(self, case: Case) -> Intakes | None:
        """Usual intakes, or None where nothing was told that counts. Raises as `assessment` does."""
        found: Intakes | None = await self._get(case, "intakes")
        return found

    async def ways(self, case: Case, declined: list[str], present: dict[str, float]) -> Diet | None:
        """Up to three ways to change what is eaten (`ways_of` of `eating`). Raises as `assessment` does."""
        more = (tuple(declined), tuple(present.items()))
        found: Diet | None = await self._get(case, "ways", *more)
        return found

    def ahead(self, case: Case, part: Part) -> None:
        """Begin what will probably be asked for next; nobody waits for it, and it may be left out."""
        body = msgspec.json.encode(case)
        try:
            self._begin(body, part, AHEAD)
        except TooBusy:
            return

    async def _get(self, case: Case, part: Part, *more: Any) -> Any:
        about, body = case.complaint or "", msgspec.json.encode(case)
        job = self._begin(body, part, self._urgency(part, about), *more)
        found = await self._wait(job)
        if (
            part == "bars" and self._kept.get((body, part, ())) is job
        ):  # and no full answer in their place
            self._weigh(about, job.spent_s)
        return found

    def _urgency(self, part: Part, about: str) -> int:
        """How soon a part of a story is worked out: one with many signs waits for its like, and nobody for it."""
        spent_s = self._spent_s.get(about)
        if part == "read" or spent_s is None:
            return URGENCY[part]
        if part in TIMES:
            return HEAVY if spent_s * TIMES[part] >= HEAVY_S else min(URGENCY[part], LIGHT)
        return URGENCY[part]

    def _begin(self, body: bytes, part: Part, urgency: int, *more: Any) -> Worked:
        """One part of a case: what is kept of it, or under way, or begun now."""
        if part == "bars" and self._done(body, "full"):
            part = "full"
        key = (body, part, more)
        kept = self._kept.get(key)
        if kept is not None:
            self._kept.move_to_end(key)
            if urgency == AHEAD or key not in self._ahead or not kept.cancel():
                return kept
            # it still waits, begun ahead: it gives way to one that somebody waits for
        job = self.pool.submit(
            worked_out, body, part, *more, urgency=urgency, home=self._home(body)
        )
        self._kept[key] = job
        (self._ahead.add if urgency == AHEAD else self._ahead.discard)(key)
        job.add_done_callback(lambda done: self._forget(key, done))
        while len(self._kept) > self._most:
            self._ahead.discard(self._kept.popitem(last=False)[0])
        return job

    def _home(self, body: bytes) -> int | None:
        """The worker that knows a case's posterior."""
        done = self._done(body, "bars")
        return None if done is None else done.result()[0]

    def _weigh(self, about: str, spent_s: float) -> None:
        """Remember what one part of a story took: the next will take about as much."""
        self._spent_s[about] = max(spent_s, self._spent_s.get(about, 0.0) / 2)
        self._spent_s.move_to_end(about)
        while len(self._spent_s) > STORIES:
            self._spent_s.popitem(last=False)

    def _done(self, body: bytes, part: Part) -> Worked | None:
        """A part that is kept and worked out."""
        kept = self._kept.get((body, part, ()))
        ended = kept is not None and kept.done() and not kept.cancelled()
        return kept if ended and kept is not None and kept.exception() is None else None

    def _forget(self, key: Key, done: Future[tuple[int, Any]]) -> None:
        """What failed is worked out anew when it is asked for again."""
        failed = done.cancelled() or done.exception() is not None
        if failed and self._kept.get(key) is done:
            self._kept.pop(key, None)

    async def _wait(self, job: Worked) -> Any:
        try:
            waited = asyncio.shield(asyncio.wrap_future(job))
            return (await asyncio.wait_for(waited, PATIENCE_S))[1]
        except TimeoutError:
            raise TooBusy("this takes longer than we let anybody wait; try again") from None


def warm() -> None:
    """Read the knowledge and the reader of words."""
    frugal()
    knowledge()
    assess(Case(complaint="my legs shake"), draws=0, detail=False)


def worked_out(body: bytes, part: Part, *more: Any) -> Any:
    """One part of a case in JSON; `more`: what else it depends on."""
    if part == "full":
        return assess(read(body))
    if part == "bars":
        return assess(read(body), draws=0, detail=False, find=_find(body))
    if part == "questions":
        return assess(read(body), draws=0, find=_find(body))
    if part in ("intakes", "ways"):
        from stillwell.web.eating import intakes_of, ways_of

        return intakes_of(body) if part == "intakes" else ways_of(body, *more)
    return questions_for(read(body), _find(body)) if part == "next" else read(body)


@lru_cache(RECENT)
def _find(body: bytes) -> Callable[..., Any]:
    return finder()


__all__ = ["AHEAD", "Depth", "TooBusy", "Work", "warm", "worked_out"]

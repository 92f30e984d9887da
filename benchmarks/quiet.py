"""What many people at once would wait on two cores that nothing else uses, worked out from processor times.

    python benchmarks/quiet.py [--people N] [--think LOW HIGH] [--ways N] [--cores N]

On a machine that other work keeps busy the clock of `web.py --people` says nothing. Here some people go
through alone, in one process: which jobs each page waits for, with which urgency, and what processor time each
takes, is written down. Then N of them are played at once on a made-up clock: one server process and two
workers that share the cores, with the queue's own rules (`web/pool.py`). Answers by dice and thinking times
are those of `web.py`; a page's own time in the server is `SERVER_S`, measured on the real one.
"""

from __future__ import annotations

import argparse
import asyncio
import heapq
import itertools
import random
import tempfile
import time
from collections import defaultdict
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import msgspec

import web
from stillwell.store.store import Store, sqlite_url
from stillwell.web import work as works
from stillwell.web.app import application
from stillwell.web.pool import LIGHT
from stillwell.web.work import AHEAD, PATIENCE_S, Work, warm

SERVER_S = 0.006  # processor time of one request in the server process
KEPT_S = 0.0002  # what asking for a job costs, without it
Key = tuple[bytes, str]


@dataclass
class Asked:
    """One request: what it waits for, what is begun behind it, each with its urgency; `rests` before it."""

    kind: str
    rests: int
    waits: list[tuple[Key, int]] = field(default_factory=list)
    behind: list[tuple[Key, int]] = field(default_factory=list)


class Recorder:
    """Writes down the requests of one way and what their jobs take."""

    def __init__(self) -> None:
        self.took: dict[Key, float] = {}
        self.way: list[Asked] = []
        self.sent = False

    def record(self) -> None:
        """Listen to the work of all applications of this process."""
        real, get, ahead = works.worked_out, Work._get, Work.ahead

        def worked_out(body: bytes, part: works.Part, *more: Any) -> Any:
            before = time.process_time()
            try:
                return real(body, part, *more)
            finally:
                self.took.setdefault((body, part), time.process_time() - before)

        async def getting(work: Work, case: Any, part: works.Part, *more: Any) -> Any:
            urgency = work._urgency(part, case.complaint or "")
            self._note((msgspec.json.encode(case), part), urgency)
            return await get(work, case, part, *more)

        def going_ahead(work: Work, case: Any, part: works.Part) -> None:
            self.way[-1].behind.append(((msgspec.json.encode(case), part), AHEAD))
            ahead(work, case, part)

        works.worked_out = worked_out
        Work._get, Work.ahead = getting, going_ahead  # type: ignore[method-assign]

    def _note(self, key: Key, urgency: int) -> None:
        asked = self.way[-1]
        (asked.behind if self.sent else asked.waits).append((key, urgency))


class Walker(web.Person):
    """Somebody who goes through alone and whose way is written down."""

    recorder: Recorder
    resting = 0

    async def ask(self, kind: str, method: str, path: str, **more: object) -> httpx.Response:
        self.recorder.way.append(Asked(kind, self.resting))
        self.resting, self.recorder.sent = 0, False
        return await super().ask(kind, method, path, **more)

    async def rest(self) -> None:
        self.resting += 1


async def ways(words: list[str], recorder: Recorder) -> list[list[Asked]]:
    """The ways of people with these words, one after the other."""
    with tempfile.TemporaryDirectory() as folder:
        store = Store(sqlite_url(Path(folder) / "page.db"))
        app = application(store, warm=False)

        async def listening(scope: Any, receive: Any, send: Any) -> None:
            async def sending(message: Any) -> None:
                await send(message)
                ended = message["type"] == "http.response.body" and not message.get("more_body")
                recorder.sent = recorder.sent or ended

            await app(scope, receive, sending)

        found = []
        for number, told in enumerate(words):
            recorder.way = []
            transport = httpx.ASGITransport(app=listening)
            async with httpx.AsyncClient(
                transport=transport, base_url="http://localhost"
            ) as client:
                walker = Walker(client, number, (0.0, 0.0), web.Times())
                walker.recorder = recorder
                await walker.walk(told)
            found.append(recorder.way)
        store.close()
        return found


class Machine:
    """Two workers and a server that share the cores, on a clock of its own."""

    def __init__(self, took: dict[Key, float], workers: int, cores: int) -> None:
        self.took, self.cores = took, cores
        self.now = 0.0
        self.number = itertools.count()
        self.sleeping: list[tuple[float, int, Generator]] = []
        self.server: list[list[Any]] = []  # [seconds left, who goes on after]
        self.workers: list[list[Any] | None] = [None] * workers  # [seconds left, key]
        self.queue: list[tuple[int, int, Key]] = []
        self.homes: dict[bytes, int] = {}
        self.done: set[Key] = set()
        self.waiting: dict[Key, list[Generator]] = defaultdict(list)
        self.longest = 0
        self.busy_s = 0.0

    def go_on(self, who: Generator) -> None:
        """Let somebody go on until the next thing that takes time."""
        for what, value in who:
            if what == "sleep":
                heapq.heappush(self.sleeping, (self.now + value, next(self.number), who))
                return
            if what == "server":
                self.server.append([value, who])
                return
            key, urgency, wait = value
            self.submit(key, urgency)
            if wait and key not in self.done:
                self.waiting[key].append(who)
                return

    def submit(self, key: Key, urgency: int) -> None:
        """A job once; one begun ahead that somebody now waits for moves up."""
        if key in self.done or any(w is not None and w[1] == key for w in self.workers):
            return
        for place, (old, _, other) in enumerate(self.queue):
            if other == key:
                if urgency < old:
                    self.queue[place] = (urgency, next(self.number), key)
                return
        self.queue.append((urgency, next(self.number), key))
        self.longest = max(self.longest, len(self.queue))

    def may(self, key: Key, urgency: int, worker: int) -> bool:
        """The rule of `Pool._may`."""
        if urgency > LIGHT:
            return worker > 0 or len(self.workers) == 1
        home = self.homes.get(key[0])
        return home is None or home == worker or self.workers[home] is not None

    def hire(self) -> None:
        """Give each free worker what it may do."""
        for number, at in enumerate(self.workers):
            mine = [job for job in self.queue if at is None and self.may(job[2], job[0], number)]
            if mine:
                job = min(mine)
                self.queue.remove(job)
                self.workers[number] = [self.took[job[2]], job[2]]

    def run(self) -> None:
        """Until nobody has anything to do."""
        while True:
            self.hire()
            active = [self.server[0]] if self.server else []
            active += [w for w in self.workers if w is not None]
            if not active and not self.sleeping:
                return
            rate = min(1.0, self.cores / len(active)) if active else 1.0
            step = min((a[0] / rate for a in active), default=float("inf"))
            wakes = self.sleeping[0][0] - self.now if self.sleeping else float("inf")
            step = min(step, wakes)
            self.now += step
            self.busy_s += step * rate * len(active)
            for one in active:
                one[0] -= step * rate
            if self.sleeping and self.sleeping[0][0] <= self.now + 1e-12:
                self.go_on(heapq.heappop(self.sleeping)[2])
            if self.server and self.server[0][0] <= 1e-12:
                self.go_on(self.server.pop(0)[1])
            for number, at in enumerate(self.workers):
                if at is not None and at[0] <= 1e-12:
                    self.workers[number] = None
                    self.done.add(at[1])
                    self.homes.setdefault(at[1][0], number)
                    for who in self.waiting.pop(at[1], []):
                        self.go_on(who)


def person(
    machine: Machine, way: list[Asked], mine: int, think: tuple[float, float], times: web.Times
) -> Iterator[tuple[str, Any]]:
    """Somebody who thinks, asks and waits; `mine` makes the same way another person's."""
    dice = random.Random(mine)
    yield "sleep", dice.uniform(*think)

    def own(key: Key) -> Key:
        machine.took[key[0] + bytes(str(mine), "ascii"), key[1]] = machine.took.get(key, KEPT_S)
        return key[0] + bytes(str(mine), "ascii"), key[1]

    for asked in way:
        for _ in range(asked.rests):
            yield "sleep", dice.uniform(*think)
        times.queue.append(times.waiting)
        times.waiting += 1
        start = machine.now
        yield "server", SERVER_S / 2
        for key, urgency in asked.waits:
            yield "job", (own(key), urgency, True)
        yield "server", SERVER_S / 2
        times.waiting -= 1
        times.took[asked.kind].append((machine.now - start) * 1000)
        if machine.now - start > PATIENCE_S:
            times.errors.append(f"{asked.kind}: 503")
        machine.go_on(behind([(own(key), urgency) for key, urgency in asked.behind]))


def behind(jobs: list[tuple[Key, int]]) -> Iterator[tuple[str, Any]]:
    """What is worked out after a page was sent, one after the other; what is begun ahead is not waited for."""
    for key, urgency in jobs:
        yield "job", (key, urgency, urgency < AHEAD)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=100)
    parser.add_argument("--think", type=float, nargs=2, default=(5.0, 10.0))
    parser.add_argument("--ways", type=int, default=24, help="ways that are really gone")
    parser.add_argument("--wide", type=int, default=1, help="of them tell twenty signs")
    parser.add_argument("--cores", type=int, default=2)
    options = parser.parse_args()
    warm()
    recorder = Recorder()
    recorder.record()
    words = [web.STORIES[n % len(web.STORIES)] for n in range(options.ways)]
    gone = asyncio.run(ways([*words, *[web.WIDE] * options.wide], recorder))
    rare = gone[options.ways :]  # each gone by one of the many
    gone = gone[: options.ways]
    machine, times = Machine(recorder.took, 2, options.cores), web.Times()
    for number in range(options.people):
        way = rare[number] if number < len(rare) else gone[number % len(gone)]
        who = person(machine, way, number, tuple(options.think), times)
        machine.go_on(who)  # type: ignore[arg-type]
    machine.run()
    print(f"{options.people} people on {options.cores} cores that nothing else uses, as played:")
    print("\n".join(times.table(judged=True)))
    print(
        f"jobs in the queue at most: {machine.longest}; cores in use over {machine.now:.0f} s: "
        f"{machine.busy_s / machine.now:.2f}"
    )


if __name__ == "__main__":
    main()

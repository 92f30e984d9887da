"""The page under people: its times, its weight, its memory and its start, over the real server.

    python benchmarks/web.py [--people N] [--workers N] [--think LOW HIGH] [--alone N] [--wide N]

Starts `stillwell serve` on a free port with a database of its own. First some people go through alone,
one after the other and without a pause; then N at once, who think between two pages. Each goes from first
words to the plan, as the script of the page asks: an answer, its new bars, then the next question. `--wide`
of them tell twenty signs. Times are those of the whole exchange, seen from outside; the client runs on the
same machine. Where other work keeps it busy, the processor time of all of the server's processes says more:
it is given for one way through, in ms and as a ratio to `python -c "import numpy"`.
"""

from __future__ import annotations

import argparse
import asyncio
import html
import os
import random
import re
import resource
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import httpx

STORIES = (
    "In the evening my legs are restless and I have to move them. My periods are heavy.",
    "My calves cramp at night, about three times a week, and I am tired all day.",
    "My legs shake when I stand still in a queue. It goes away when I walk or sit down.",
    "My feet tingle and feel numb, it has crept up slowly over a year. I have diabetes.",
    "My thighs feel weak on the stairs and my muscles ache since I began a new tablet.",
    "My eyelid and my calf twitch since I drink a lot of coffee and sleep badly.",
    "My hands and legs tremble when I am hungry, with sweating, and a biscuit helps.",
    "My legs feel heavy and crampy and I have been vomiting for two days.",
)
WIDE = (
    "My legs are restless at night, my calves cramp, my feet tingle and are numb, my thighs are weak, my legs "
    "shake when I stand, my eyelid twitches, I am tired, I am dizzy, my heart races, I sweat at night, my hair "
    "falls out, my mouth is sore, I am constipated, I lose weight, I bruise easily, my skin is dry, I feel "
    "cold, I am thirsty, I am short of breath and I sleep badly."
)
MEDICINES = ("sertraline 50 mg", "metformin 1 g", "atorvastatin 20 mg", "")
MOST_QUESTIONS = 20
SIGNS = 0.25  # of the answers tell one more
STATIC = ("/static/report.css", "/static/site.css", "/static/site.js", "/static/icon.svg")
LIMITS_MS = {"new bars": 1000.0}  # p99 with many at once; 300 for all else
OTHERWISE_MS = 300.0


class Times:
    """How long each kind of page took, in ms, and what went wrong."""

    def __init__(self) -> None:
        self.took: dict[str, list[float]] = defaultdict(list)
        self.errors: list[str] = []
        self.waiting = 0
        self.queue: list[int] = []  # how many others waited when somebody asked

    def table(self, judged: bool) -> Iterator[str]:
        """Lines of a table; `judged` puts the limit beside the 99th percentile."""
        yield f"{'page':26} {'n':>5} {'median':>7} {'p95':>7} {'p99':>7} {'most':>7}  ms"
        for kind, all_of in self.took.items():
            cut = sorted(all_of)
            p95, p99 = (cut[min(len(cut) - 1, int(q * len(cut)))] for q in (0.95, 0.99))
            limit = LIMITS_MS.get(kind, OTHERWISE_MS)
            verdict = f"  limit {limit:.0f}{' MISSED' if p99 > limit else ''}" if judged else ""
            yield (
                f"{kind:26} {len(cut):5} {statistics.median(cut):7.0f} {p95:7.0f} {p99:7.0f} "
                f"{cut[-1]:7.0f}{verdict}"
            )
        line = sorted(self.queue)
        p95, p99 = (line[int(q * (len(line) - 1))] for q in (0.95, 0.99))
        yield (
            f"others waiting when somebody asks: mean {statistics.mean(line):.1f}, p95 {p95}, "
            f"p99 {p99}, most {line[-1]}"
        )
        yield f"errors: {len(self.errors)} {sorted(set(self.errors))[:5] if self.errors else ''}"


class Person:
    """Somebody who goes through the page."""

    def __init__(
        self, client: httpx.AsyncClient, number: int, think: tuple[float, float], times: Times
    ) -> None:
        self.client, self.times, self.think = client, times, think
        self.dice = random.Random(number)

    async def ask(self, kind: str, method: str, path: str, **more: object) -> httpx.Response:
        """One request; what is not a success or a redirect counts as an error."""
        self.times.queue.append(self.times.waiting)
        self.times.waiting += 1
        start = time.perf_counter()
        try:
            got = await self.client.request(method, path, **more)  # type: ignore[arg-type]
        except httpx.HTTPError as error:
            self.times.errors.append(f"{kind}: {type(error).__name__}")
            raise
        finally:
            self.times.waiting -= 1
        self.times.took[kind].append((time.perf_counter() - start) * 1000)
        if got.status_code >= 400:
            self.times.errors.append(f"{kind}: {got.status_code}")
        return got

    async def rest(self) -> None:
        await asyncio.sleep(self.dice.uniform(*self.think))

    async def fill(self, step: str, data: dict[str, str], onward: str) -> None:
        """Think, send a form, and open the page it leads to."""
        await self.rest()
        await self.ask(f"send {step}", "POST", f"{self.at}/{step}", data=data)
        await self.ask(f"page {onward}", "GET", f"{self.at}/{onward}")

    async def walk(self, words: str) -> None:
        """From the first page to the plan. Raises HTTPError where the server does not answer."""
        await self.ask("first page", "GET", "/")
        await self.rest()
        begun = await self.ask("begin", "POST", "/start", data={"name": "Somebody"})
        self.at = begun.headers["location"].rpartition("/")[0]
        await self.ask("page words", "GET", f"{self.at}/words")
        await self.fill("words", {"words": words}, "you")
        about = {"age": str(self.dice.randint(20, 85)), "sex": self.dice.choice(["female", "male"])}
        await self.fill("you", about, "medicines")
        taken = self.dice.choice(MEDICINES)
        told = {"choice": "some", "medicines": taken} if taken else {"choice": "none"}
        await self.fill("medicines", told, "urgent")
        await self.rest()
        await self.interview()
        await self.fill("questions", {"nothing_more": "yes"}, "answer")
        await self.rest()
        await self.ask("page plan", "GET", f"{self.at}/plan")
        await self.rest()
        await self.ask("page share", "GET", f"{self.at}/share")

    def answer(self, page: str) -> str:
        """One of the answers to a question: a sign in every fourth, else "no" or "none"."""
        found = [html.unescape(a) for a in re.findall(r'name="answer" value="([^"]+)"', page)]
        signs = [a for a in found if a not in ("no", "none", "unknown", "skip")]
        if signs and self.dice.random() < SIGNS:
            return self.dice.choice(signs)
        return next(a for a in ("no", "none", "unknown") if a in found)

    async def interview(self) -> None:
        """Answer until no question comes."""
        page, at = await self.question("first question")
        for _ in range(MOST_QUESTIONS):
            key = re.search(r'name="key" value="([^"]+)"', page)
            if key is None:
                return
            await self.rest()
            await self.ask("question page", "GET", at)
            told = {"key": html.unescape(key[1]), "answer": self.answer(page)}
            path, bars = f"{self.at}/questions", {"X-Part": "bars"}
            await self.ask("new bars", "POST", path, data=told, headers=bars)
            page, at = await self.question("next question")

    async def question(self, kind: str) -> tuple[str, str]:
        """The page of the next question, or the one that says there is none, and its address."""
        at = f"{self.at}/questions"
        got = await self.ask(kind, "GET", at)
        if got.is_redirect:  # each question has an address of its own
            at = got.headers["location"]
            got = await self.ask(f"{kind}, its page", "GET", at)
        return got.text, at


class Server:
    """A running `stillwell serve`."""

    def __init__(self, process: subprocess.Popen[str], url: str, started_s: float) -> None:
        self.process, self.url, self.started_s = process, url, started_s

    def pids(self) -> list[int]:
        """The server and the processes that it started."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        of_threads = Path(f"/proc/{self.process.pid}/task").glob("*/children")
        found = [int(p) for c in {children, *of_threads} for p in c.read_text().split()]
        return [self.process.pid, *sorted(set(found))]

    def memory_mb(self) -> dict[int, float]:
        """Resident memory of each process."""
        status = {p: Path(f"/proc/{p}/status").read_text() for p in self.pids()}
        return {p: int(re.search(r"VmRSS:\s+(\d+)", s)[1]) / 1024 for p, s in status.items()}  # type: ignore[index]

    def processor_s(self) -> list[float]:
        """Processor time of the server and of each of its workers."""
        stats = [Path(f"/proc/{p}/stat").read_text().rpartition(") ")[2] for p in self.pids()]
        return [sum(map(int, s.split()[11:13])) / os.sysconf("SC_CLK_TCK") for s in stats]


@contextmanager
def server(workers: int, folder: str) -> Iterator[Server]:
    """Start the page on a free port; the time until the first page is the cold start."""
    command = [sys.executable, "-m", "stillwell", "serve", "--port", "0"]
    command += ["--data", f"{folder}/page.db", "--workers", str(workers)]
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        out: IO[str] | None = process.stdout
        assert out is not None
        found = re.search(r"http://\S+", out.readline())
        if found is None:
            raise SystemExit("the page did not start")
        url = found[0].rstrip("/").replace("localhost", "127.0.0.1")
        httpx.get(f"{url}/", timeout=60).raise_for_status()
        yield Server(process, url, time.perf_counter() - start)
    finally:
        process.terminate()
        process.wait(20)


async def through(url: str, words: list[str], think: tuple[float, float], at_once: bool) -> Times:
    """Let people go through, together or one after the other."""
    times = Times()

    async def one(number: int) -> None:
        async with httpx.AsyncClient(base_url=url, timeout=60) as client:
            person = Person(client, number, think, times)
            if at_once:
                await person.rest()
            try:
                await person.walk(words[number])
            except (httpx.HTTPError, KeyError) as error:
                times.errors.append(type(error).__name__)

    if at_once:
        await asyncio.gather(*map(one, range(len(words))))
    else:
        for number in range(len(words)):
            await one(number)
    return times


def weight(url: str) -> int:
    """Bytes on the wire of the first page and all that it loads, compressed."""
    total = 0
    for path in ("/", *STATIC):
        with httpx.stream("GET", f"{url}{path}", headers={"accept-encoding": "gzip"}) as got:
            total += sum(len(part) for part in got.iter_raw())
    return total


def unit_s() -> float:
    """Processor time of `import numpy`, the least of three."""
    spent = []
    for _ in range(3):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, "-c", "import numpy"], check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return min(spent)


def report(
    found: Server,
    times: Times,
    ways: int,
    spent: list[float],
    wall_s: float,
    unit: float,
    judged: bool,
) -> None:
    """Print what one round took."""
    print("\n".join(times.table(judged)))
    one = sum(spent) / ways
    each = ", ".join(f"{s / wall_s:.2f}" for s in spent)
    print(
        f"cores in use over {wall_s:.0f} s: {sum(spent) / wall_s:.2f} (server and workers: {each})"
    )
    print(
        f"processor time of one way through: {one * 1000:.0f} ms, {one / unit:.1f} x import numpy"
    )
    memory = found.memory_mb()
    each = ", ".join(f"{mb:.0f}" for mb in memory.values())
    print(f"resident memory: {sum(memory.values()):.0f} MB ({each})")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=100)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--think", type=float, nargs=2, default=(5.0, 10.0))
    parser.add_argument("--alone", type=int, default=4)
    parser.add_argument("--wide", type=int, default=1)
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # and the server with it
    unit = unit_s()
    for workers, people in ((0, options.alone), (options.workers, options.people)):
        if not people:
            continue
        crowd = people != options.alone or workers != 0
        words = [STORIES[n % len(STORIES)] for n in range(people)]
        think = tuple(options.think) if crowd else (0.0, 0.0)
        if crowd:
            words[: options.wide] = [WIDE] * options.wide
        with tempfile.TemporaryDirectory() as folder, server(workers, folder) as found:
            print(f"\n{people} {'at once' if crowd else 'alone'}, workers {workers}, ", end="")
            print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
            print(
                f"started in {found.started_s:.2f} s ({sum(found.processor_s()):.2f} s of processor time); first page {weight(found.url) / 1000:.1f} kB"
            )
            time.sleep(8)  # the knowledge and the reader of words are loaded behind the first page
            before = found.processor_s()
            start = time.perf_counter()
            times = asyncio.run(through(found.url, words, think, crowd))
            wall_s = time.perf_counter() - start
            spent = [now - was for now, was in zip(found.processor_s(), before, strict=False)]
            report(found, times, people, spent, wall_s, unit, crowd)


if __name__ == "__main__":
    main()

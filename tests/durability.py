"""Kills a server with SIGKILL while many saves are under way, and looks at what is left.

The server is forked from a process that has its imports done, so that a kill costs no start.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import random
import signal
import socket
import sqlite3
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from stillwell.store.store import Store, sqlite_url
from stillwell.web.app import application
from stillwell.web.journey import KIND, Journey, decoded, encoded

LONG = 400  # words of one saved text, so that it takes more than one page of the file
Moment = tuple[int, float]  # how many saves are acknowledged, and how many seconds later


@dataclass
class Outcome:
    """What the kills did.

    Attributes:
        acknowledged: saves that were said to be kept.
        unanswered: saves under way when the server was killed.
        kept_unsaid: of those, how many are there all the same, whole.
        lost, halved: acknowledged saves that are not there; texts that are not whole. Both must be 0.
    """

    kills: int = 0
    acknowledged: int = 0
    unanswered: int = 0
    kept_unsaid: int = 0
    lost: int = 0
    halved: int = 0


def trial(folder: Path, kills: int, saves: int, seed: int) -> Outcome:
    """Kill the server `kills` times, each at a random moment of `saves` concurrent ones."""
    chance = random.Random(seed)
    url = sqlite_url(folder / "kept.db")
    store = Store(url)
    person = store.add_person("Ann")
    names = [store.add(person, KIND, encoded(Journey())).id for _ in range(saves)]
    store.close()
    said = dict.fromkeys(names, 0)  # the last round whose save was acknowledged
    outcome = Outcome()
    _round(url, names, 1, said, None)
    assert set(said.values()) == {1}, "without a kill every save is kept"
    for number in range(2, kills + 2):
        before = dict(said)
        # the saves end close together: a moment is drawn among them, then a little later
        _round(url, names, number, said, (chance.randrange(saves), chance.uniform(0, 0.03)))
        fresh = sum(said[n] == number for n in names)
        outcome.kills += 1
        outcome.acknowledged += fresh
        outcome.unanswered += len(names) - fresh
        _look(folder / "kept.db", url, names, number, before, said, outcome)
    return outcome


def _round(
    url: str, names: list[str], number: int, said: dict[str, int], moment: Moment | None
) -> None:
    """A save of each record at once, with a kill at a moment."""
    listening = socket.create_server(("127.0.0.1", 0), backlog=512)
    port = listening.getsockname()[1]
    server = multiprocessing.get_context("fork").Process(target=_serve, args=(url, listening))
    server.start()
    listening.close()
    try:
        asyncio.run(_save(port, names, number, said, server.pid or 0, moment))
    finally:
        os.kill(server.pid or 0, signal.SIGKILL)
        server.join()


def _serve(url: str, listening: socket.socket) -> None:
    import uvicorn

    app = application(Store(url), warm=False)
    config = uvicorn.Config(app, access_log=False, log_level="critical", lifespan="off")
    uvicorn.Server(config).run(sockets=[listening])


async def _save(
    port: int,
    names: list[str],
    number: int,
    said: dict[str, int],
    pid: int,
    moment: Moment | None,
) -> None:
    enough = asyncio.Event()

    async def save(name: str) -> None:
        try:
            status = await _post(port, f"/s/{name}/share", text(name, number))
        except OSError:
            return
        if status == b"303":
            said[name] = number
            if moment is not None and sum(n == number for n in said.values()) >= moment[0]:
                enough.set()

    async def kill() -> None:
        if moment is not None:
            if moment[0]:
                await enough.wait()
            await asyncio.sleep(moment[1])
            os.kill(pid, signal.SIGKILL)

    while True:  # until the server listens to requests
        with suppress(OSError):
            if await _post(port, "/health", "") == b"405":
                break
        await asyncio.sleep(0.02)
    await asyncio.gather(kill(), *(save(n) for n in names))


async def _post(port: int, path: str, mine: str) -> bytes:
    """The status of the answer to a form; "" where the server died before it said one. Raises OSError."""
    body = urlencode({"mine": mine}).encode()
    head = f"POST {path} HTTP/1.1\r\nHost: localhost:{port}\r\nConnection: close\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"  # fmt: skip
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(head.encode() + body)
        await writer.drain()
        first = await reader.readline()
        return first.split()[1] if first.endswith(b"\r\n") else b""
    finally:
        writer.close()


def text(name: str, number: int) -> str:
    """What is saved in a round: all of it tells of the same record and round."""
    return " ".join([f"{name}:{number}"] * (LONG // 8))


def _look(
    path: Path,
    url: str,
    names: list[str],
    number: int,
    before: dict[str, int],
    said: dict[str, int],
    outcome: Outcome,
) -> None:
    store = Store(url)
    for name in names:
        lines = decoded(store.get(name).body).for_doctor
        found = next((n for n in range(number, 0, -1) if lines == [text(name, n)]), None)
        if found is None:
            outcome.halved += 1
        elif found < said[name]:
            outcome.lost += 1
        elif found > said[name]:
            outcome.kept_unsaid += 1
            said[name] = found
        elif found not in (before[name], number):
            outcome.lost += 1
    store.close()
    with sqlite3.connect(path) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    db.close()

"""Works jobs out beside the server: in a thread, or in processes that are replaced when they die or hang.

A process pool of the standard library loses every job when one process dies and cannot stop one that takes
too long; here each process has a pipe of its own, so that only its own job is made again, once.
"""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any

QUEUE = 200  # jobs that may wait
LONGEST_S = 15.0  # a job in a process is stopped after this
BEGIN_S = 60.0  # until a new process is ready
STOPPED = "this was stopped; please try again in a moment"
TRIES = 2  # a job whose process dies is made again in a new one
LIGHT = 1  # the first of several processes takes jobs of this urgency and more urgent ones alone


class TooBusy(Exception):
    """More people ask than can be served now, or one case takes too long.

    It is no StillwellError: what a page says of a case that cannot be used must not be said of one that
    nobody has looked at, and no page may come without its care card because of it.
    """


class Died(Exception):
    """A process ended in the middle of a job."""


class TooLong(Exception):
    """A job was stopped because it took longer than it may."""


class Worked(Future[tuple[int, Any]]):
    """What becomes of a job: the number of the worker that did it, and what it returned.

    Attributes:
        spent_s: processor time that it took.
    """

    spent_s: float = 0.0


@dataclass(order=True)
class Job:
    """Something to work out.

    Attributes:
        urgency: what is least goes first; those alike in order of arrival.
        home: the number of the worker that has worked on the same case.
    """

    urgency: int
    number: int
    does: Callable[..., Any] = field(compare=False)
    takes: tuple[Any, ...] = field(compare=False)
    home: int | None = field(compare=False)
    future: Worked = field(compare=False, default_factory=Worked)


class Here:
    """Works a job out in this very process; it cannot be stopped."""

    def call(self, does: Callable[..., Any], takes: tuple[Any, ...]) -> tuple[Any, float]:
        """What the job returns, and the processor time that it took."""
        began = time.thread_time()
        return does(*takes), time.thread_time() - began

    def close(self) -> None:
        """Nothing is held."""


class Process:
    """Works jobs out in a process of its own.

    Args:
        begin: called in the new process before its first job.
    """

    def __init__(self, begin: Callable[[], None], longest_s: float) -> None:
        self._begin, self._longest = begin, longest_s
        self._closed = False
        self._lock = threading.Lock()
        self._start()

    def _start(self) -> None:
        spawn = get_context("spawn")
        self._pipe, theirs = spawn.Pipe()
        self.process = spawn.Process(target=_work, args=(theirs, self._begin), daemon=True)
        self.process.start()
        theirs.close()
        self._ready = False

    def call(self, does: Callable[..., Any], takes: tuple[Any, ...]) -> tuple[Any, float]:
        """What the job returns, and the processor time that it took.

        Raises:
            Died: the process ended; a new one is there.
            TooLong: it was stopped; a new one is there.
        """
        try:
            if not self._ready:
                if not self._pipe.poll(BEGIN_S):
                    raise TooLong
                self._pipe.recv()
                self._ready = True
            self._pipe.send((does, takes))
            if not self._pipe.poll(self._longest):
                raise TooLong
            right, found, spent_s = self._pipe.recv()
        except (EOFError, OSError):
            self._again()
            raise Died from None
        except TooLong:
            self._again()
            raise
        if right:
            return found, spent_s
        raise found

    def _again(self) -> None:
        """A new process in the place of this one, unless the pool is closed."""
        with self._lock:
            if not self._closed:
                self._end()
                self._pipe.close()
                self._start()

    def close(self) -> None:
        """End the process, whatever it does."""
        with self._lock:
            self._closed = True
            self._end()

    def _end(self) -> None:
        self.process.kill()
        self.process.join()


def _work(pipe: Connection, begin: Callable[[], None]) -> None:
    """The life of a process: jobs, until the server is gone."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all; the server ends this one
    begin()
    try:
        pipe.send(None)
        while True:
            does, takes = pipe.recv()
            began = time.process_time()
            try:
                right, found = True, does(*takes)
            except Exception as error:
                right, found = False, error
            pipe.send((right, found, time.process_time() - began))
    except (EOFError, OSError):
        return


class Pool:
    """Workers and the jobs that wait for them.

    Args:
        workers: processes; 0 for one thread of this process.
        begin: called in each new process before its first job.
    """

    def __init__(
        self, workers: int, begin: Callable[[], None], longest_s: float = LONGEST_S
    ) -> None:
        self.processes: list[Process | Here] = []
        self._begin, self._longest = begin, longest_s
        self._waiting: list[Job] = []
        self._busy = [False] * max(1, workers)
        self._count = itertools.count()
        self._change = threading.Condition()
        self._closed = False
        for number in range(max(1, workers)):
            worker = Process(begin, longest_s) if workers else Here()
            self.processes.append(worker)
            name = f"assess-{number}"
            threading.Thread(target=self._serve, args=(number,), name=name, daemon=True).start()

    def submit(
        self, does: Callable[..., Any], *takes: Any, urgency: int = 0, home: int | None = None
    ) -> Worked:
        """Have a job worked out: the number of the worker that did it, and what it returned.

        Raises:
            TooBusy: too many wait already.
        """
        with self._change:
            if len(self._waiting) >= QUEUE:
                raise TooBusy("too many people ask at once; please try again in a moment")
            job = Job(urgency, next(self._count), does, takes, home)
            self._waiting.append(job)
            self._change.notify_all()
        return job.future

    def close(self) -> None:
        """Stop at once; what waits is given up."""
        with self._change:
            self._closed = True
            given_up, self._waiting = self._waiting, []
            self._change.notify_all()
        for job in given_up:
            if job.future.set_running_or_notify_cancel():
                job.future.set_exception(TooBusy(STOPPED))
        for worker in self.processes:
            worker.close()

    def _serve(self, number: int) -> None:
        """The life of the thread that speaks to one worker."""
        while (job := self._next(number)) is not None:
            if job.future.set_running_or_notify_cancel():
                self._answer(job, number)

    def _next(self, number: int) -> Job | None:
        """The job that a worker does next, or None where there is no more."""
        with self._change:
            self._busy[number] = False
            self._change.notify_all()
            while not self._closed:
                mine = [job for job in self._waiting if self._may(job, number)]
                if mine:
                    job = min(mine)
                    self._waiting.remove(job)
                    self._busy[number] = True
                    return job
                self._change.wait()
        return None

    def _may(self, job: Job, number: int) -> bool:
        """Whether a worker may take a job: heavy ones leave the first one free, light ones go home first."""
        if job.urgency > LIGHT:
            return number > 0 or len(self._busy) == 1
        return job.home is None or job.home == number or self._busy[job.home]

    def _answer(self, job: Job, number: int) -> None:
        for attempt in range(TRIES):
            try:
                found, job.future.spent_s = self.processes[number].call(job.does, job.takes)
            except Died:
                if self._closed:
                    job.future.set_exception(TooBusy(STOPPED))
                    return
                if attempt + 1 == TRIES:
                    text = "this could not be worked out; please try again in a moment"
                    job.future.set_exception(TooBusy(text))
            except TooLong:
                text = "this takes longer than we let anybody wait; try again, or tell less at once"
                job.future.set_exception(TooBusy(text))
                return
            except Exception as error:
                job.future.set_exception(error)
                return
            else:
                job.future.set_result((number, found))
                return


__all__ = ["Died", "Pool", "Process", "TooBusy", "TooLong"]

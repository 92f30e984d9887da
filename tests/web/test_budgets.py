"""What the page may weigh, how often it may assess, and what happens when it cannot."""

import asyncio
import contextlib
import gzip
import os
import re
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from stillwell.case.model import Case
from stillwell.errors import CaseError
from stillwell.store.store import Store, sqlite_url
from stillwell.web import pool as pools
from stillwell.web import work as works
from stillwell.web.app import application
from stillwell.web.pool import Pool, TooBusy
from stillwell.web.reading import read
from stillwell.web.work import Work, worked_out
from tests.web.conftest import BASE
from tests.web.test_the_way_through import key_of, tell

FIRST_PAGE = 60_000  # bytes on the wire, with all that it loads
CASE = Case(complaint="my legs are restless in the evening")
LOADED = re.compile(r'(?:href|src)="(/static/[^"]+)"')


def on_the_wire(page: TestClient, path: str) -> int:
    with page.stream("GET", path, headers={"accept-encoding": "gzip"}) as got:
        return sum(len(part) for part in got.iter_raw())


def test_the_first_page_is_light(page: TestClient) -> None:
    loaded = set(LOADED.findall(page.get("/").text))
    assert len(loaded) >= 4
    assert sum(on_the_wire(page, path) for path in ("/", *loaded)) <= FIRST_PAGE


def test_large_text_travels_packed_and_says_that_it_depends(page: TestClient) -> None:
    with page.stream("GET", "/static/site.css", headers={"accept-encoding": "gzip"}) as got:
        packed = b"".join(got.iter_raw())
        assert (
            got.headers["content-encoding"] == "gzip" and got.headers["vary"] == "Accept-Encoding"
        )
    plain = page.get("/static/site.css", headers={"accept-encoding": "identity"})
    assert gzip.decompress(packed) == plain.content and len(packed) < len(plain.content) / 2


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The parts of cases that were worked out, as they were."""
    made: list[str] = []

    def counting(body: bytes, part: works.Part) -> object:
        made.append(part)
        return worked_out(body, part)

    monkeypatch.setattr(works, "worked_out", counting)
    return made


def test_an_answer_is_assessed_once_and_its_pages_not_again(
    page: TestClient, visit: str, counted: list[str]
) -> None:
    tell(page, visit)
    page.get(f"{visit}/urgent")
    key = key_of(page.get(f"{visit}/questions").text)
    counted.clear()
    said = {"key": key, "answer": "none"}
    bars = page.post(f"{visit}/questions", data=said, headers={"x-part": "bars"})
    assert bars.status_code == 200
    page.get(bars.headers["x-next"])
    assert sorted(counted) in (["bars", "read"], ["bars", "next", "read"])
    counted.clear()
    for path in ("questions", "urgent", "food", "tests", "you", "questions"):
        page.get(f"{visit}/{path}")
    assert counted == []


def test_the_answer_is_begun_while_the_list_is_read(
    page: TestClient, visit: str, counted: list[str]
) -> None:
    tell(page, visit)
    page.get(f"{visit}/check")
    page.get(f"{visit}/answer")
    page.get(f"{visit}/plan")
    page.get(f"{visit}/share/doctor.md")
    assert counted.count("full") == 1


def test_the_posterior_that_is_remembered_gives_the_same_assessment() -> None:
    import msgspec

    from stillwell.assess.asked_next import questions_for
    from stillwell.assess.assessment import assess

    body = msgspec.json.encode(CASE)
    kept = worked_out(body, "bars")
    assert msgspec.json.encode(kept) == msgspec.json.encode(assess(CASE, draws=0, detail=False))
    assert worked_out(body, "next") == assess(CASE, draws=0).questions
    detailed = msgspec.json.encode(worked_out(body, "questions"))
    assert detailed == msgspec.json.encode(assess(CASE, draws=0))
    assert questions_for(read(body)) == assess(CASE, draws=0).questions != []


def nap(seconds: float) -> float:
    time.sleep(seconds)
    return seconds


def refuse() -> None:
    raise CaseError("labs[0].unit", "is 'furlongs'", "Give a unit of length")


def die_once(mark: str) -> str:
    """The process that does this first dies of it."""
    with contextlib.suppress(FileExistsError):
        os.close(os.open(mark, os.O_CREAT | os.O_EXCL))
        os.kill(os.getpid(), signal.SIGKILL)
    return "answered"


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def nothing() -> None:
    """What a worker of these tests begins with."""


@pytest.fixture
def two() -> Iterator[Pool]:
    pool = Pool(2, nothing, longest_s=2.0)
    yield pool
    pool.close()


def test_a_killed_worker_is_replaced_and_its_job_made_again(two: Pool, tmp_path: Path) -> None:
    assert two.submit(die_once, str(tmp_path / "mark")).result(60)[1] == "answered"
    assert two.submit(nap, 0.0).result(60)[1] == 0.0


def test_a_worker_that_dies_while_it_waits_costs_nobody_an_answer(two: Pool) -> None:
    two.submit(nap, 0.0).result(60)
    for worker in two.processes:
        os.kill(worker.process.pid, signal.SIGKILL)  # type: ignore[union-attr,arg-type]
    assert [two.submit(nap, 0.0).result(60)[1] for _ in range(4)] == [0.0] * 4


def test_what_kills_every_worker_ends_with_a_line_and_the_others_go_on(two: Pool) -> None:
    with pytest.raises(TooBusy, match="could not be worked out"):
        two.submit(die).result(60)
    assert two.submit(nap, 0.0).result(60)[1] == 0.0


def test_a_job_that_takes_too_long_is_stopped_with_a_clear_line(two: Pool) -> None:
    two.submit(nap, 0.0).result(60)
    slow = two.submit(nap, 600.0)
    assert two.submit(nap, 0.01).result(60)[1] == 0.01  # another is not held up
    with pytest.raises(TooBusy, match="longer than we let anybody wait"):
        slow.result(60)
    assert two.submit(nap, 0.0).result(60)[1] == 0.0


def test_heavy_jobs_leave_a_worker_free(two: Pool) -> None:
    heavy = [two.submit(nap, 1.0, urgency=works.HEAVY) for _ in range(3)]
    assert two.submit(nap, 0.0, urgency=works.URGENCY["bars"]).result(60)[1] == 0.0
    assert not heavy[-1].done()


def test_a_heavy_job_whose_case_is_known_to_the_free_worker_is_done_by_another(two: Pool) -> None:
    heavy = two.submit(nap, 0.0, urgency=works.HEAVY, home=0)
    assert heavy.result(60) == (1, 0.0)


def test_an_error_comes_back_from_a_worker_as_it_was(two: Pool) -> None:
    with pytest.raises(CaseError, match="Give a unit of length") as found:
        two.submit(refuse).result(60)
    assert found.value.field == "labs[0].unit"


def test_more_than_the_queue_holds_is_refused_with_a_time_to_come_again(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    held, go = threading.Event(), threading.Event()

    def hold() -> None:
        held.set()
        go.wait(60)

    app = application(store, warm=False)
    with TestClient(app, base_url=BASE) as page:
        begun = page.post("/start", data={"name": "Ann"}, follow_redirects=False)
        visit = begun.headers["location"].rpartition("/")[0]
        pool = app.state.desk.work.pool
        pool.submit(hold)
        assert held.wait(60)
        monkeypatch.setattr(pools, "QUEUE", 0)
        for path, sent in (
            (f"{visit}/words", {"data": {"words": "my legs shake"}}),
            ("/api/v1/triage", {"json": {"complaint": "my legs shake"}}),
        ):
            got = page.post(path, follow_redirects=False, **sent)  # type: ignore[arg-type]
            assert got.status_code == 503 and int(got.headers["retry-after"]) > 0
            assert "too many people ask at once" in got.text
        go.set()
        monkeypatch.undo()
        assert page.post(f"{visit}/words", data={"words": "my legs shake"}).status_code == 200


def test_a_shared_server_survives_the_death_of_its_workers(tmp_path: Path) -> None:
    store = Store(sqlite_url(tmp_path / "shared.db"))
    app = application(store, workers=1, warm=False)
    with TestClient(app, base_url=BASE) as page:
        first = page.post("/api/v1/triage", json={"complaint": "my legs shake"})
        os.kill(app.state.desk.work.pool.processes[0].process.pid, signal.SIGKILL)
        second = page.post("/api/v1/triage", json={"complaint": "my legs shake at night"})
    store.close()
    assert first.status_code == second.status_code == 200


def test_what_was_begun_ahead_gives_way_to_one_that_somebody_waits_for() -> None:
    work, go = Work(), threading.Event()
    try:
        work.pool.submit(go.wait, 60)
        work.ahead(CASE, "bars")
        ahead = next(iter(work._kept.values()))

        async def wanted() -> str:
            asked = asyncio.ensure_future(work.assessment(CASE, "bars"))
            await asyncio.sleep(0)
            go.set()
            return (await asked).urgency.level

        assert asyncio.run(wanted()) == "routine"
        assert ahead.cancelled()
    finally:
        work.close()


def test_a_story_of_many_signs_leaves_a_worker_free_from_its_second_part_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    urgencies: list[int] = []
    submit = Pool.submit

    def noting(pool: Pool, *takes: object, urgency: int = 0, **more: object) -> object:
        urgencies.append(urgency)
        return submit(pool, *takes, urgency=urgency, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(Pool, "submit", noting)
    work = Work()
    try:
        asyncio.run(work.assessment(CASE, "bars"))
        work._spent_s[CASE.complaint or ""] = 2 * works.HEAVY_S  # as if it had taken long
        asyncio.run(work.questions(CASE))
        asyncio.run(work.assessment(Case(complaint="my calves cramp"), "bars"))
        asyncio.run(work.understood(Case(complaint=CASE.complaint, medicines=[])))
        work._spent_s["my calves cramp"] = works.HEAVY_S / 10
        asyncio.run(work.assessment(Case(complaint="my calves cramp"), "full"))
    finally:
        work.close()
    light, heavy = works.URGENCY["bars"], works.HEAVY
    assert urgencies == [light, heavy, light, works.URGENCY["read"], pools.LIGHT]


def test_workers_read_the_knowledge_once(monkeypatch: pytest.MonkeyPatch) -> None:
    submitted: list[object] = []
    monkeypatch.setattr(Pool, "__init__", lambda pool, workers, begin: None)
    monkeypatch.setattr(Pool, "submit", lambda pool, *job: submitted.append(job))
    asyncio.run(Work(2).warm())
    assert submitted == [], "each process does so before its first job"


def test_the_server_reads_no_words_for_food(
    page: TestClient, visit: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is eaten is worked out where everything else is, so that the server stays small and free."""
    tell(page, visit)
    day = {"day": "porridge with milk, a cheese sandwich, salmon", "how": "all"}
    page.post(f"{visit}/food/days/1", data=day)
    made: list[str] = []

    def counting(body: bytes, part: works.Part, *more: object) -> object:
        made.append(part)
        return worked_out(body, part, *more)

    monkeypatch.setattr(works, "worked_out", counting)
    for path in ("food", "food/amounts", "food/ways", "food/amounts"):
        assert page.get(f"{visit}/{path}").status_code == 200
    assert made.count("intakes") == made.count("ways") == 1

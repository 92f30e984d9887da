"""What was said to be kept is there after a kill; what cannot be kept is said, and nothing is lost."""

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import event
from starlette.testclient import TestClient

from stillwell.store.store import Store, sqlite_url
from stillwell.web.app import application
from stillwell.web.journey import decoded

CODE = """
import sys
from pathlib import Path
from tests.durability import trial
print(trial(Path(sys.argv[1]), kills=12, saves=24, seed=int(sys.argv[2])))
"""


def test_no_save_that_was_acknowledged_is_lost_when_the_server_is_killed(tmp_path: Path) -> None:
    # in a process of its own: it forks
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", CODE, str(tmp_path), "1"],
        capture_output=True,
        text=True,
        timeout=300,
        cwd=root,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    said = done.stdout
    assert "kills=12" in said and "lost=0" in said and "halved=0" in said, said
    acknowledged = int(said.partition("acknowledged=")[2].partition(",")[0])
    unanswered = int(said.partition("unanswered=")[2].partition(",")[0])
    assert acknowledged and unanswered, "the kills did not fall among the saves"


def kept(store: Store, visit: str) -> list[str]:
    return decoded(store.get(visit.rpartition("/")[2]).body).for_doctor


def refused(page: TestClient, visit: str, status: int, said: str) -> None:
    got = page.post(f"{visit}/share", data={"mine": "größer " * 550})
    assert got.status_code == status
    assert said in got.text and "Traceback" not in got.text


def test_a_full_disk_is_507_and_what_was_there_stays(
    page: TestClient, store: Store, visit: str
) -> None:
    page.post(f"{visit}/share", data={"mine": "old"})
    with store.database.read() as db:
        pages = db.exec_driver_sql("PRAGMA page_count").scalar()
    limit = f"PRAGMA max_page_count={pages}"
    event.listen(store.database._engine, "checkout", lambda db, *_: db.execute(limit))
    refused(page, visit, 507, "no room left")
    assert kept(store, visit) == ["old"]


def test_a_locked_file_is_503_with_when_to_try_again(tmp_path: Path) -> None:
    path = tmp_path / "page.db"
    store = Store(sqlite_url(path), wait_s=0.2)
    with TestClient(application(store, warm=False), base_url="http://localhost") as page:
        begun = page.post("/start", data={"name": "Ann"}, follow_redirects=False)
        visit = begun.headers["location"].rpartition("/")[0]
        page.post(f"{visit}/share", data={"mine": "old"})
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        got = page.post(f"{visit}/share", data={"mine": "new"})
        assert got.status_code == 503 and got.headers["retry-after"]
        other.execute("ROLLBACK")
        other.close()
        assert kept(store, visit) == ["old"]
        assert page.post(f"{visit}/share", data={"mine": "new"}).status_code == 200
        assert kept(store, visit) == ["new"]
    store.close()


def test_a_file_that_may_only_be_read_is_507_and_can_still_be_read(tmp_path: Path) -> None:
    path = tmp_path / "page.db"
    store = Store(sqlite_url(path))
    with TestClient(application(store, warm=False), base_url="http://localhost") as page:
        visit = page.post("/start", follow_redirects=False).headers["location"].rpartition("/")[0]
        page.post(f"{visit}/share", data={"mine": "old"})
    store.close()
    only_read = Store(f"sqlite:///file:{path}?mode=ro&uri=true")
    with TestClient(application(only_read, warm=False), base_url="http://localhost") as page:
        assert page.get("/").status_code == 200
        refused(page, visit, 507, "only be read")
        assert kept(only_read, visit) == ["old"]
    only_read.close()


@pytest.mark.parametrize("path", ["/"])
def test_a_database_that_is_gone_is_503(tmp_path: Path, path: str) -> None:
    file = tmp_path / "page.db"
    store = Store(sqlite_url(file))
    with TestClient(application(store, warm=False), base_url="http://localhost") as page:
        store.close()
        for one in tmp_path.glob("page.db*"):
            one.unlink()
        file.write_text("something else " * 500)
        got = page.get(path)
    assert got.status_code == 503 and "cannot be reached" in got.text

"""Stores on real servers: a SQLite file, and a PostgreSQL that is started for the tests and thrown away."""

import glob
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from stillwell.store.store import Store, sqlite_url

NOBODY = "nobody"  # PostgreSQL refuses to run as root


def _programs() -> Path | None:
    """The folder with `initdb` and `postgres`, where there is one."""
    found = shutil.which("initdb")
    places = [Path(found).resolve().parent] if found else []
    places += [Path(p) for p in sorted(glob.glob("/usr/lib/postgresql/*/bin"), reverse=True)]
    return next((p for p in places if (p / "initdb").exists() and (p / "postgres").exists()), None)


@pytest.fixture(scope="session")
def cluster() -> Iterator[Path]:
    """The folder of a PostgreSQL that runs, with its socket in it."""
    programs = _programs()
    if programs is None:
        pytest.skip("no PostgreSQL here: install the package postgresql to test with it")
    pytest.importorskip("psycopg")
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    user: dict[str, str] = {}
    if os.geteuid() == 0:
        shutil.chown(folder, NOBODY)
        user = {"user": NOBODY}
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": folder}
    data = str(folder / "data")
    words = ["-D", data, "-A", "trust", "-U", "stillwell", "-N", "--locale=C", "-E", "UTF8"]
    subprocess.run([programs / "initdb", *words], check=True, timeout=60, **user, **quiet)
    settings = ["listen_addresses=", "fsync=off", "shared_buffers=16MB", "max_connections=80"]
    options = [part for setting in settings for part in ("-c", setting)]
    server = subprocess.Popen(
        [programs / "postgres", "-D", data, "-k", str(folder), *options], **user, **quiet
    )
    try:
        _wait(folder)
        yield folder
    finally:
        server.send_signal(signal.SIGQUIT)  # at once: nothing of it is kept
        try:
            server.wait(10)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _wait(folder: Path) -> None:
    import psycopg

    for _ in range(200):
        try:
            psycopg.connect(f"host={folder} user=stillwell dbname=postgres").close()
            return
        except psycopg.OperationalError:
            time.sleep(0.05)
    raise TimeoutError("PostgreSQL did not start")


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database."""
    if request.param == "sqlite":
        return sqlite_url(tmp_path / "kept.db")
    import psycopg

    folder = request.getfixturevalue("cluster")
    with psycopg.connect(f"host={folder} user=stillwell dbname=postgres", autocommit=True) as db:
        db.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'")  # fmt: skip
        db.execute("DROP SCHEMA public CASCADE")
        db.execute("CREATE SCHEMA public")
    return f"postgresql+psycopg://stillwell@/postgres?host={folder}"


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    kept = Store(url, wait_s=2)
    yield kept
    kept.close()

"""The page over a database of its own, asked as a browser asks it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from stillwell.store.store import Store, sqlite_url
from stillwell.web.app import application

BASE = "http://localhost"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    kept = Store(sqlite_url(tmp_path / "page.db"))
    yield kept
    kept.close()


@pytest.fixture
def page(store: Store) -> Iterator[TestClient]:
    with TestClient(application(store, warm=False), base_url=BASE) as client:
        yield client


@pytest.fixture
def visit(page: TestClient) -> str:
    """The address of a new journey."""
    begun = page.post("/start", data={"name": "Ann"}, follow_redirects=False)
    return begun.headers["location"].rpartition("/")[0]

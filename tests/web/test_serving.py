"""`stillwell serve` where others can reach it: a real process, asked over a socket."""

import os
import re
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from stillwell.errors import CaseError
from stillwell.store.store import Store
from stillwell.web.app import application
from stillwell.web.serve import is_loopback, serve
from tests.web.running import ask

WAIT_S = 60


@contextmanager
def served(*options: str, folder: Path) -> Iterator[tuple[int, str]]:
    """The port of a page that runs with these options, and what it said at the terminal."""
    code = "import sys; from stillwell.cli.main import main; sys.argv[0] = 'stillwell'; main()"
    command = [
        sys.executable,
        "-c",
        code,
        "serve",
        "--port",
        "0",
        "--data",
        str(folder / "a.db"),
        *options,
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env={**os.environ, "PYTHONUNBUFFERED": "1"}, stderr=subprocess.PIPE) as process:  # fmt: skip
        assert process.stdout is not None
        said = b""
        selector = selectors.DefaultSelector()
        selector.register(process.stdout, selectors.EVENT_READ)
        end = time.monotonic() + WAIT_S
        while time.monotonic() < end and selector.select(1.0 if b"runs at" in said else WAIT_S):
            piece = os.read(process.stdout.fileno(), 4096)
            said += piece
            if not piece or b"invitation" in said:
                break
        try:
            port = re.search(rb"runs at http://[^\s]+:(\d+)/", said)
            assert port, said
            yield int(port[1]), said.decode()
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(20)


def get(host: str, more: str = "") -> bytes:
    return f"GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{more}\r\n".encode()


def test_a_shared_page_prints_one_invitation_and_lets_nobody_in_without(tmp_path: Path) -> None:
    with served("--lan", "--host-name", "legs.example", folder=tmp_path) as (port, said):
        assert re.search(r"invitation .*: (\w{5}-){3}\w{5}", said)
        for host in ("legs.example", f"127.0.0.1:{port}", "localhost"):
            answer = ask(port, get(host))
            assert answer.startswith(b"HTTP/1.1 303") and b"location: /sign-in" in answer
        assert ask(port, get("evil.example")).startswith(b"HTTP/1.1 421")
        # nobody is believed who says to be a proxy
        said_so = ask(port, get("legs.example", "X-Forwarded-Proto: https\r\n"))
        assert b"strict-transport-security" not in said_so


def test_on_loopback_there_are_neither_accounts_nor_invitations(tmp_path: Path) -> None:
    with served(folder=tmp_path) as (port, said):
        assert "invitation" not in said
        assert ask(port, get("localhost")).startswith(b"HTTP/1.1 200")
        assert ask(port, get("legs.example")).startswith(b"HTTP/1.1 421")


def test_a_proxy_on_the_same_machine_makes_the_page_shared(tmp_path: Path) -> None:
    options = ("--proxy", "127.0.0.1", "--host-name", "legs.example")
    with served(*options, folder=tmp_path) as (port, said):
        assert "invitation" in said
        answer = ask(port, get("legs.example", "X-Forwarded-Proto: https\r\n"))
        assert answer.startswith(b"HTTP/1.1 303") and b"strict-transport-security" in answer


def test_a_proxy_that_is_no_address_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match="--proxy"):
        serve(proxy="*", data=str(tmp_path / "a.db"))


@pytest.mark.parametrize(
    "host", ["0.0.0.0", "::", "192.168.1.2", "legs.example", "", "127.0.0.1.example"]
)
def test_whatever_is_not_surely_loopback_is_shared(host: str) -> None:
    assert not is_loopback(host)


def test_a_connections_own_number_is_a_name_only_on_a_shared_page(store: Store) -> None:
    for shared, status in ((True, 200), (False, 421)):
        app = application(store, warm=False, shared=shared)
        client = TestClient(app, base_url="http://192.0.2.7:8321")
        assert client.get("/health").status_code == status
        assert client.get("/health", headers={"host": "192.0.2.8"}).status_code == 421

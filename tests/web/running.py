"""The page on a real server, spoken to over a socket."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn

from stillwell.store.store import Store
from stillwell.web.app import application
from stillwell.web.connections import Connection


@contextmanager
def running(store: Store, *, log_level: str = "error", **options: Any) -> Iterator[int]:
    """A server over a store; gives its port."""
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    config = uvicorn.Config(
        application(store, warm=False, **options),
        http=Connection,
        ws="none",
        proxy_headers=False,
        log_level=log_level,
        access_log=False,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield listening.getsockname()[1]
    server.should_exit = True
    thread.join(10)


def ask(port: int, request: bytes, wait_s: float = 8.0) -> bytes:
    """What comes back for these bytes until the server closes, or has answered and says no more."""
    with socket.create_connection(("127.0.0.1", port), wait_s) as connection:
        connection.sendall(request)
        return _all(connection)


def _all(connection: socket.socket) -> bytes:
    found = b""
    try:
        while piece := connection.recv(65536):
            found += piece
    except ConnectionResetError:
        pass
    return found

"""Starts the page on this machine."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from stillwell.errors import CaseError
from stillwell.files import make_folder
from stillwell.web.security import LOOPBACK

if TYPE_CHECKING:
    from stillwell.store.store import Store


def data_file() -> Path:
    """Where what people tell is kept, unless they say otherwise."""
    base = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return Path(base) / "stillwell" / "stillwell.db"


def opened(
    data: str | None, ask: Callable[[bool], str] | None = None, *, new: bool = True
) -> Store:
    """The store of a machine.

    Args:
        data: a database's address or a file; the person's own folder where None.
        ask: asks for the passphrase; for a new one (True) where the data is not locked yet, which locks it.
        new: where there is no file yet, one is made.

    Raises:
        CaseError: there is none, and none is to be made.
        PassphraseError: the passphrase is lacking, wrong or too short.
        StoreError: the data cannot be opened.
    """
    from stillwell.store.store import Store, sqlite_url

    url = data or ""
    if "://" not in url:
        path = Path(url) if url else data_file()
        if not new and not path.exists():
            raise CaseError("--data", f"there is nothing at {path}", "Name the file that holds it")
        if not url:
            make_folder(path.parent)
        url = sqlite_url(path.absolute())
    store = Store(url, (lambda: ask(False)) if ask is not None else None)
    try:
        if ask is not None and not store.locked:
            store.lock(ask(True))
    except BaseException:
        store.close()
        raise
    return store


def serve(
    *,
    host: str = "127.0.0.1",
    port: int = 8321,
    data: str | None = None,
    workers: int = 0,
    ask: Callable[[bool], str] | None = None,
    ready: Callable[[str], None] = lambda url: None,
) -> None:
    """Serve the page until it is stopped.

    Args:
        data: a database's address or a file; the person's own folder where None.
        ask: asks for the passphrase, a new one where the data has none yet; None: it needs none.
        ready: called with the address, once requests are answered.

    Raises:
        CaseError: the address cannot be listened on.
        StoreError: the data cannot be opened.
    """
    import uvicorn

    from stillwell.web.app import application

    store = opened(data, ask)
    app = application(store, workers=workers, hosts=LOOPBACK)
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        access_log=False,
        log_level="warning",
        server_header=False,
        timeout_graceful_shutdown=2,
        limit_concurrency=500,
    )
    try:
        listening = config.bind_socket()
    except (OSError, SystemExit):
        raise CaseError(
            "--port", f"{host}:{port} cannot be listened on", "Give another --port, such as 8400"
        ) from None
    listening.listen(128)  # from here on who asks waits, and is not turned away
    ready(f"http://{'localhost' if host in LOOPBACK else host}:{listening.getsockname()[1]}/")
    try:
        uvicorn.Server(config).run(sockets=[listening])
    finally:
        store.close()

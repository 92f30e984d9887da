"""Starts the page on this machine."""

from __future__ import annotations

import ipaddress
import os
import socket
from collections.abc import Callable, Sequence
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
    names: Sequence[str] = (),
    proxy: str = "",
    ready: Callable[[str], None] = lambda url: None,
    invited: Callable[[str], None] = lambda code: None,
) -> None:
    """Serve the page until it is stopped.

    On a loopback address without `names` and `proxy` there are no accounts: whoever is at this machine may use it.
    Anywhere else everybody needs one.

    Args:
        data: a database's address or a file; the person's own folder where None.
        ask: asks for the passphrase, a new one where the data has none yet; None: it needs none.
        names: further names under which browsers may ask for it.
        proxy: address of the proxy whose word counts for who asks, and whether the way was encrypted.
        ready: called with the address, once requests are answered.
        invited: called with a code for one account, on a shared server that has none yet.

    Raises:
        CaseError: the address cannot be listened on; `proxy` is no address.
        StoreError: the data cannot be opened.
    """
    import uvicorn

    from stillwell.web.app import application
    from stillwell.web.connections import Connection

    _check_proxy(proxy)
    shared = bool(names or proxy or not is_loopback(host))
    store = opened(data, ask)
    app = application(store, workers=workers, hosts=[*LOOPBACK, host, *names], shared=shared)
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        http=Connection,
        ws="none",
        proxy_headers=bool(proxy),
        forwarded_allow_ips=proxy or "",
        access_log=False,
        log_level="warning",
        server_header=False,
        timeout_graceful_shutdown=2,
        limit_concurrency=500,
    )
    try:
        listening = config.bind_socket()
        listening.listen(config.backlog)  # who asks from here on waits, and is not refused
    except (OSError, SystemExit):
        store.close()
        raise CaseError(
            "--port", f"{host}:{port} cannot be listened on", "Give another --port, such as 8400"
        ) from None
    ready(f"http://{shown_host(host)}:{listening.getsockname()[1]}/")
    if shared:
        from stillwell.store.accounts import Accounts

        accounts = Accounts(store)
        if not accounts.any():
            invited(accounts.invite())
    try:
        uvicorn.Server(config).run(sockets=[listening])
    finally:
        store.close()


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach an address.

    >>> [is_loopback(h) for h in ("localhost", "127.0.0.1", "::1", "0.0.0.0", "192.0.2.7", "a.example")]
    [True, True, True, False, False, False]
    """
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def shown_host(host: str) -> str:
    """The name to type for an address that is listened on; for all of them, the one that others see."""
    if is_loopback(host):
        return "localhost"
    if host not in ("0.0.0.0", "::"):
        return f"[{host}]" if ":" in host else host
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as way:
        try:
            way.connect(
                ("192.0.2.1", 9)
            )  # sends nothing: asks only which address a packet would leave from
            return str(way.getsockname()[0])
        except OSError:
            return socket.gethostname()


def _check_proxy(proxy: str) -> None:
    try:
        if proxy:
            ipaddress.ip_network(proxy, strict=False)
    except ValueError:
        raise CaseError(
            "--proxy", f"'{proxy}' is no address", "Give one, such as 127.0.0.1"
        ) from None

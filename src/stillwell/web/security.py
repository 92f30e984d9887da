"""Refuses requests from elsewhere and tells the browser to load nothing from elsewhere.

A page on a loopback address has no password: what protects it is that no other site's page may speak to it.
The host must be one of ours (DNS rebinding), a change must come from our own pages (Sec-Fetch-Site, Origin).
Source of the method: the Fetch Metadata request headers (W3C), as Go 1.25's CrossOriginProtection and
Datasette use them.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, Iterable
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOOPBACK = ("localhost", "127.0.0.1", "::1")
VERSIONS = ("1.0", "1.1", "2")
SAFE = ("GET", "HEAD", "OPTIONS")
MAX_BODY = 10 * 1024 * 1024
MAX_TARGET = 2000  # letters of an address
MAX_HEADERS = 100
MAX_HEAD = 32 * 1024  # letters of all headers
PIECE_S = 5.0  # in which more of a body must come
BODY_S = 30.0  # in which all of it must have come
TOO_LARGE = "That is more than 10 MB; please send less."
HIDDEN = re.compile("[\x00-\x1f\x7f]")
_log = logging.getLogger(__name__)

POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types stillwell",
    ]
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # not no-referrer: browsers then send "Origin: null" with our own forms
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}


class Guard:
    """Stands before the application: hosts, origins, sizes, times, and the headers of every answer.

    Args:
        hosts: names under which the page may be reached, without ports.
        failed: the page that says that we made a mistake.
        by_number: also under the address at which a connection arrived (no name leads there by rebinding).
        most_bytes: the largest body that is read.
        too_large: the page that says that it was more; one line of text for programs, and where it is None.
        piece_s: how long each piece of a body is waited for, in seconds.
    """

    def __init__(
        self,
        app: ASGIApp,
        hosts: Iterable[str],
        failed: Callable[[Request], Awaitable[Response]],
        by_number: bool = False,
        most_bytes: int = MAX_BODY,
        piece_s: float = PIECE_S,
        too_large: Callable[[], Response] | None = None,
    ) -> None:
        self._app = app
        self._too_large = too_large
        self._hosts = frozenset(h.lower() for h in hosts)
        self._failed = failed
        self._by_number = by_number
        self._most = most_bytes
        self._piece_s = piece_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            return
        answer = _Answer(send, scope.get("scheme") == "https", self._too_large)
        refusal = self._refusal(scope)
        if refusal is not None:
            await answer.refuse(scope, receive, *refusal)
            return
        body = _Body(receive, self._most, self._piece_s)
        try:
            await self._app(scope, body, answer)
        except ClientDisconnect:
            pass
        except Exception as error:
            # here and not outside: no message or trace of an error, which may hold what was told, reaches a log
            _log.error("a page failed: %s at %s", type(error).__name__, _place(error))
            if not answer.started:
                await (await self._failed(Request(scope, receive)))(scope, receive, answer)
        if body.refusal is not None and not answer.started:
            await answer.refuse(scope, receive, *body.refusal)

    def _refusal(self, scope: Scope) -> tuple[int, str] | None:
        """Status and words where a request is refused."""
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if len(headers.getlist("host")) != 1 or not self._ours(hostname(host), scope):
            return 421, "This page is not served under that name."
        malformed = self._malformed(scope, headers)
        if malformed is not None:
            return malformed
        site = headers.get("sec-fetch-site")
        if scope["method"] in SAFE:
            navigates = headers.get("sec-fetch-mode") == "navigate"
            framed = headers.get("sec-fetch-dest") in ("iframe", "frame", "embed", "object")
            if site in ("cross-site", "same-site") and (not navigates or framed):
                return 403, "Another site asked for this page, so it was refused."
            return None
        if site is not None and site != "same-origin":
            return 403, "Another site sent this, so it was refused."
        origin = headers.get("origin")
        if origin is not None and not _same(origin, host):
            return 403, "Another site sent this, so it was refused."
        return None

    def _ours(self, name: str, scope: Scope) -> bool:
        server = scope.get("server")
        return name in self._hosts or bool(self._by_number and server and name == server[0])

    def _malformed(self, scope: Scope, headers: Headers) -> tuple[int, str] | None:
        """What no browser sends."""
        path: str = scope["path"]
        if not path.startswith("/") or HIDDEN.search(path) or "\ufffd" in path:
            return 400, "That is no address of a page."
        if len(path) + len(scope.get("query_string", b"")) > MAX_TARGET:
            return 414, "That address is too long."
        head = sum(len(name) + len(value) for name, value in headers.raw)
        if len(headers.raw) > MAX_HEADERS or head > MAX_HEAD:
            return 431, "That request says too much about itself."
        if scope.get("http_version", "1.1") not in VERSIONS:
            return 400, "That version of the protocol is not spoken here."
        length = headers.get("content-length")
        if length is not None:
            if (
                "transfer-encoding" in headers
            ):  # where two readers may disagree about the end of a request
                return 400, "That request says twice how long it is."
            if not (length.isascii() and length.isdecimal() and len(length) < 20):
                return 400, "That request does not say how long it is."
            if int(length) > self._most:
                return 413, TOO_LARGE
        return None


class _Body:
    """A request's body, bounded in size and time."""

    def __init__(self, receive: Receive, most: int, piece_s: float) -> None:
        self.refusal: tuple[int, str] | None = None
        self._receive = receive
        self._left = most
        self._piece_s = piece_s
        self._ends: float | None = None
        self._whole = False

    async def __call__(self) -> Message:
        """The next piece; where it is too late or too much the client is said to be gone."""
        if self._whole:  # what comes now is only that somebody leaves
            return await self._receive()
        now = asyncio.get_running_loop().time()
        self._ends = self._ends or now + BODY_S
        try:
            message = await asyncio.wait_for(
                self._receive(), max(0.0, min(self._piece_s, self._ends - now))
            )
        except TimeoutError:
            return self._gone(408, "That came too slowly; please try again.")
        self._left -= len(message.get("body", b""))
        if self._left < 0:
            return self._gone(413, TOO_LARGE)
        self._whole = not message.get("more_body", False)
        return message

    def _gone(self, status: int, text: str) -> Message:
        self.refusal = (status, text)
        return {"type": "http.disconnect"}


class _Answer:
    """An answer on its way out, with the headers that each one carries."""

    def __init__(
        self, send: Send, encrypted: bool, too_large: Callable[[], Response] | None
    ) -> None:
        self.started = False
        self._send = send
        self._too_large = too_large
        self._more = {"Strict-Transport-Security": "max-age=31536000"} if encrypted else {}

    async def __call__(self, message: Message) -> None:
        """Send a part of it."""
        if message["type"] == "http.response.start":
            self.started = True
            kept = MutableHeaders(scope=message)
            for name, value in (HEADERS | self._more).items():
                kept.setdefault(name, value)
            kept.setdefault("Cache-Control", "no-store")
        await self._send(message)

    async def refuse(self, scope: Scope, receive: Receive, status: int, text: str) -> None:
        """Answer in one line, and read no more from this connection.

        What is too large happens to people who choose a file, so to them it is said on a page.
        """
        response: Response = PlainTextResponse(text, status)
        if status == 413 and self._too_large is not None and not scope["path"].startswith("/api/"):
            response = self._too_large()
        response.headers["Connection"] = "close"
        await response(scope, receive, self)


def _place(error: BaseException) -> str:
    """Where an error came from: module and line, and nothing of what was at work there."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return "nowhere"
    return f"{trace.tb_frame.f_globals.get('__name__', '?')}:{trace.tb_lineno}"


def hostname(host: str) -> str:
    """The name in a Host header, without its port; "" where it is none.

    >>> hostname("127.0.0.1:8000"), hostname("[::1]:8000"), hostname("a@b"), hostname("LOCALHOST")
    ('127.0.0.1', '::1', '', 'localhost')
    """
    if any(c in host for c in "@/?#\\ "):
        return ""
    try:
        parts = urlsplit(f"//{host}")
        _ = parts.port
    except ValueError:
        return ""
    return (parts.hostname or "").lower()


def _same(origin: str, host: str) -> bool:
    """Whether an Origin header names this very host and port."""
    scheme, _, rest = origin.partition("://")
    return scheme in ("http", "https") and rest.lower() == host.lower()

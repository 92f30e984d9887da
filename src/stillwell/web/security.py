"""Refuses requests from elsewhere and tells the browser to load nothing from elsewhere.

A page on a loopback address has no password: what protects it is that no other site's page may speak to it.
The host must be one of ours (DNS rebinding), a change must come from our own pages (Sec-Fetch-Site, Origin).
Source of the method: the Fetch Metadata request headers (W3C), as Go 1.25's CrossOriginProtection and
Datasette use them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOOPBACK = ("localhost", "127.0.0.1", "::1")
SAFE = ("GET", "HEAD", "OPTIONS")
MAX_BODY = 10 * 1024 * 1024

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
    """Stands before the application: hosts, origins, sizes, and the headers of every answer.

    Args:
        hosts: names under which the page may be reached, without ports.
        most_bytes: the largest body that is read.
        too_large: the page that says so; one line of text where it is None and for programs.
    """

    def __init__(
        self,
        app: ASGIApp,
        hosts: Iterable[str],
        most_bytes: int = MAX_BODY,
        too_large: Callable[[], Response] | None = None,
    ) -> None:
        self._app = app
        self._too_large = too_large
        self._hosts = frozenset(h.lower() for h in hosts)
        self._most = most_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        refusal = self._refusal(scope["method"], headers)
        sent = 0
        too_large = False

        async def bounded() -> Message:
            nonlocal sent, too_large
            message = await receive()
            sent += len(message.get("body", b""))
            if sent > self._most:
                too_large = True
                return {"type": "http.disconnect"}
            return message

        started = False

        async def with_headers(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                kept = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    kept.setdefault(name, value)
                kept.setdefault("Cache-Control", "no-store")
            await send(message)

        if refusal is not None:
            status, text = refusal
            response = self._said(scope, text, status)
            await response(scope, receive, with_headers)
            return
        try:
            await self._app(scope, bounded, with_headers)
        except Exception:
            if not too_large or started:
                raise
        if too_large and not started:
            text = "That is more than 10 MB; please send less."
            await self._said(scope, text, 413)(scope, receive, with_headers)

    def _said(self, scope: Scope, text: str, status: int) -> Response:
        """A refusal: what is too large happens to people who choose a file, so it looks like a page."""
        if status == 413 and self._too_large is not None and not scope["path"].startswith("/api/"):
            return self._too_large()
        return PlainTextResponse(text, status)

    def _refusal(self, method: str, headers: Headers) -> tuple[int, str] | None:
        """Status and words where a request is refused."""
        host = headers.get("host", "")
        if len(headers.getlist("host")) != 1 or hostname(host) not in self._hosts:
            return 421, "This page is not served under that name."
        length = headers.get("content-length", "0")
        if not length.isdecimal() or int(length) > self._most:
            return 413, "That is more than 10 MB; please send less."
        site = headers.get("sec-fetch-site")
        if method in SAFE:
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

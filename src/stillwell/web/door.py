"""The door of a shared server: who is signed in, and nothing but the way in for everybody else."""

from __future__ import annotations

import time
from collections import OrderedDict

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from stillwell.store.accounts import Account
from stillwell.store.owned import Owned
from stillwell.store.sessions import WHOLE_S, Sessions
from stillwell.store.store import Store

OPEN = ("/sign-in", "/sign-up", "/health")
OPEN_BELOW = "/static/"
KEPT = 10_000  # readings that are remembered, so that each is written down once an hour
AGAIN_S = 3600.0


class Door:
    """Stands behind the guard; puts who asks into a request, or sends them to sign in.

    Args:
        store: everybody's.
    """

    def __init__(self, app: ASGIApp, store: Store) -> None:
        self._app = app
        self._store = store
        self._sessions = Sessions(store.database)
        self._read: OrderedDict[tuple[str, str], float] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, with its account."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        token = token_of(Request(scope))
        found = await run_in_threadpool(self._sessions.account, token) if token else None
        if found is not None:
            scope["account"] = Account(id=found[0], name=found[1])
        elif not (scope["path"] in OPEN or scope["path"].startswith(OPEN_BELOW)):
            await _sent_away(scope)(scope, receive, send)
            return
        status = 0

        async def seen(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                if status == 200 and found is not None and scope["method"] == "GET":
                    await self._note(found[0], scope)
            await send(message)

        await self._app(scope, receive, seen)

    async def _note(self, account: str, scope: Scope) -> None:
        """Write down, once an hour, that a record or a person was read; before the answer goes out."""
        named = scope.get("path_params", {})
        about = str(named.get("record") or named.get("person") or "")
        now = time.monotonic()
        if not about or now - self._read.get((account, about), -AGAIN_S) < AGAIN_S:
            return
        await run_in_threadpool(Owned(self._store, account).noted, "read", about)
        self._read[(account, about)] = now
        while len(self._read) > KEPT:
            self._read.popitem(last=False)


def _sent_away(scope: Scope) -> Response:
    if scope["path"].startswith("/api/"):
        body = msgspec.json.encode({"error": "sign in first", "field": "", "urgent": ""})
        return Response(body, 401, media_type="application/json")
    return RedirectResponse("/sign-in", 303)


def cookie_of(request: Request) -> str:
    """The name of the cookie: where the way is encrypted, one that no other host can set."""
    return "__Host-stillwell" if request.url.scheme == "https" else "stillwell"


def token_of(request: Request) -> str:
    """The session that a browser says it has."""
    return request.cookies.get(cookie_of(request), "")[:100]


def keep_token(request: Request, response: Response, token: str) -> None:
    """Give a browser its session: no script reads it, and no other site's page makes it be sent."""
    response.set_cookie(
        cookie_of(request),
        token,
        max_age=WHOLE_S,
        path="/",
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="strict",
    )


def forget_token(request: Request, response: Response) -> None:
    """Take the session from a browser, and what it kept of our pages."""
    response.delete_cookie(
        cookie_of(request), path="/", secure=request.url.scheme == "https", httponly=True, samesite="strict"
    )  # fmt: skip
    if request.url.scheme == "https":
        response.headers["Clear-Site-Data"] = '"cache", "storage"'

"""The application: its routes, what stands before it, and what its errors look like."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from functools import cache
from importlib import resources

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from stillwell.errors import StillwellError
from stillwell.store.errors import (
    ArchiveError,
    BusyError,
    FullError,
    MissingError,
    PassphraseError,
    StaleError,
    StoreError,
    UnreachableError,
)
from stillwell.store.store import Store
from stillwell.web import api
from stillwell.web.desk import Desk
from stillwell.web.security import LOOPBACK, Guard
from stillwell.web.steps import (
    answer,
    check,
    data,
    food,
    home,
    learn,
    over_time,
    questions,
    share,
    test_rows,
    tests,
    urgent,
    words,
)
from stillwell.web.wording import words as say
from stillwell.web.work import TooBusy, Work

STATIC = {
    "report.css": ("stillwell.report", "templates/style.css", "text/css"),
    "site.css": ("stillwell.web", "static/site.css", "text/css"),
    "site.js": ("stillwell.web", "static/site.js", "text/javascript"),
    "icon.svg": ("stillwell.web", "static/icon.svg", "image/svg+xml"),
}
_log = logging.getLogger(__name__)


def application(
    store: Store, *, workers: int = 0, hosts: Iterable[str] = LOOPBACK, warm: bool = True
) -> Starlette:
    """The application over a store.

    Args:
        workers: processes that assess; 0 for a thread of this one.
        hosts: names under which it may be reached.
        warm: read the knowledge at once, not with the first request.
    """
    work = Work(workers)

    desk = Desk(store, work)

    def too_large() -> Response:
        errors = say()["errors"]
        return desk.page("error.html.j2", 413, heading=errors["failed"], text=errors["too_large"])

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        import asyncio

        task = asyncio.create_task(work.warm()) if warm else None
        yield
        if task is not None:
            task.cancel()
        work.close()

    pages = [*home.routes, *words.routes, *urgent.routes, *questions.routes, *food.routes]
    pages += [
        *tests.routes,
        *test_rows.routes,
        *check.routes,
        *answer.routes,
        *share.routes,
        *learn.routes,
        *data.routes,
        *over_time.routes,
        *api.routes,
    ]
    app = Starlette(
        routes=[*pages, Route("/static/{name}", static), Route("/health", health)],
        middleware=[Middleware(Guard, hosts=tuple(hosts), too_large=too_large)],
        exception_handlers={
            StillwellError: cannot,
            HTTPException: refused,
            Exception: failed,
        },
        lifespan=lifespan,
    )
    app.state.desk = desk
    return app


async def static(request: Request) -> Response:
    """One of the few files that never change while this runs."""
    found = STATIC.get(request.path_params["name"])
    if found is None:
        raise HTTPException(404)
    body = _file(found[0], found[1])
    return Response(body, media_type=found[2], headers={"Cache-Control": "max-age=3600"})


@cache
def _file(package: str, path: str) -> bytes:
    return resources.files(package).joinpath(path).read_bytes()


async def health(_: Request) -> Response:
    """Whether it runs."""
    return PlainTextResponse("ok")


async def cannot(request: Request, error: Exception) -> Response:
    """What the person or the machine can mend, in one line."""
    errors = say()["errors"]
    desk: Desk = request.app.state.desk
    for kind, status, heading in (
        (MissingError, 404, errors["missing"]),
        (FullError, 507, errors["full"]),
        (BusyError, 503, errors["busy"]),
        (TooBusy, 503, errors["busy"]),
        (StaleError, 409, errors["busy"]),
        (UnreachableError, 503, errors["unreachable"]),
        (PassphraseError, 503, errors["unreachable"]),
        (ArchiveError, 422, errors["archive"]),
        (StoreError, 503, errors["unreachable"]),
    ):
        if isinstance(error, kind):
            text = str(error)
            if kind is MissingError:
                text = errors["missing_text"]
            elif kind is PassphraseError:  # its own words tell of a command
                text = errors["locked_text"]
            response = desk.page("error.html.j2", status, heading=heading, text=text)
            if status == 503:
                response.headers["Retry-After"] = "5"
            return response
    return desk.page("error.html.j2", 422, heading=errors["failed"], text=str(error))


async def refused(request: Request, error: Exception) -> Response:
    """No such page, or no such method."""
    errors = say()["errors"]
    status = error.status_code if isinstance(error, HTTPException) else 500
    found = {404: ("missing", "missing_text"), 405: ("method", "missing_text")}
    heading, text = found.get(status, ("failed", "failed_text"))
    if request.url.path.startswith("/api/"):
        response = api.refusal(status, errors[heading])
    else:
        desk: Desk = request.app.state.desk
        response = desk.page("error.html.j2", status, heading=errors[heading], text=errors[text])
    response.headers.update(getattr(error, "headers", None) or {})  # which methods there are
    return response


async def failed(request: Request, error: Exception) -> Response:
    """Our own mistake: nothing of it, and nothing of what was told, is shown or logged with it."""
    _log.error("a page failed: %s", type(error).__name__)
    errors = say()["errors"]
    desk: Desk = request.app.state.desk
    return desk.page("error.html.j2", 500, heading=errors["failed"], text=errors["failed_text"])

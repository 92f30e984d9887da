"""The application: its routes, what stands before it, and what its errors look like."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from functools import cache
from importlib import resources

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import DEFAULT_EXCLUDED_CONTENT_TYPES, GZipMiddleware
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
from stillwell.store.owned import Owned
from stillwell.store.store import Store
from stillwell.web import api
from stillwell.web.desk import Desk, TooLongError, desk_of
from stillwell.web.security import LOOPBACK, PIECE_S, Guard
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
from stillwell.web.steps.too_long import too_long
from stillwell.web.wording import words as say
from stillwell.web.work import TooBusy, Work

STATIC = {
    "report.css": ("stillwell.report", "templates/style.css", "text/css"),
    "site.css": ("stillwell.web", "static/site.css", "text/css"),
    "site.js": ("stillwell.web", "static/site.js", "text/javascript"),
    "icon.svg": ("stillwell.web", "static/icon.svg", "image/svg+xml"),
}
# no page repeats what another site can put into a request beside anything secret: nothing for BREACH to learn
PACKED = Middleware(
    GZipMiddleware,
    minimum_size=1000,
    compresslevel=5,
    exclude_content_types=(*DEFAULT_EXCLUDED_CONTENT_TYPES, "application/pdf"),
)
FIRST_PAGE_S = 0.5  # the first page needs none of the knowledge: it comes before it is read


def application(
    store: Store,
    *,
    workers: int = 0,
    hosts: Iterable[str] = LOOPBACK,
    warm: bool = True,
    shared: bool = False,
    piece_s: float = PIECE_S,
) -> Starlette:
    """The application over a store.

    Args:
        workers: processes that assess; 0 for a thread of this one.
        hosts: names under which it may be reached.
        warm: read the knowledge at once, not with the first request.
        shared: others can reach it: only accounts may use it, each for its own people.
        piece_s: how long each piece of what is sent is waited for, in seconds.
    """
    work = Work(workers)

    desk = Desk(Owned(store, "") if shared else store, work, shared)  # "" sees nothing

    def too_large() -> Response:
        errors = say()["errors"]
        return desk.page("error.html.j2", 413, heading=errors["failed"], text=errors["too_large"])

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async def soon() -> None:
            await asyncio.sleep(FIRST_PAGE_S)
            await work.warm()

        task = asyncio.create_task(soon()) if warm else None
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
    before = [
        Middleware(
            Guard,
            hosts=tuple(hosts),
            failed=failed,
            by_number=shared,
            piece_s=piece_s,
            too_large=too_large,
        )
    ]
    if shared:
        from stillwell.web.door import Door
        from stillwell.web.steps import account

        pages += account.routes
        before.append(Middleware(Door, store=store))
    app = Starlette(
        routes=[*pages, Route("/static/{name}", static), Route("/health", health)],
        middleware=[*before, PACKED],
        exception_handlers={
            StillwellError: cannot,
            TooLongError: too_long,
            TooBusy: cannot,
            HTTPException: refused,
        },
        lifespan=lifespan,
    )
    app.state.desk = desk
    if shared:
        app.state.accounts = account.Office(store)
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
    desk = desk_of(request)
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
                response.headers["Retry-After"] = str(api.RETRY_S)
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
        desk = desk_of(request)
        response = desk.page("error.html.j2", status, heading=errors[heading], text=errors[text])
    response.headers.update(getattr(error, "headers", None) or {})  # which methods there are
    return response


async def failed(request: Request) -> Response:
    """Our own mistake: nothing of it, and nothing of what was told, is shown."""
    errors = say()["errors"]
    if request.url.path.startswith("/api/"):
        return api.refusal(500, errors["failed"])
    desk = desk_of(request)
    return desk.page("error.html.j2", 500, heading=errors["failed"], text=errors["failed_text"])

"""The JSON interface: a case in, an assessment, its urgency, its report or what was understood out.

The OpenAPI document is made from the very models that the requests are read with.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import cache
from typing import Annotated, Any

import msgspec
from msgspec import Meta
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from stillwell import __version__
from stillwell.assess.assessment import Assessment
from stillwell.case.model import Case
from stillwell.case.read import case_from
from stillwell.errors import CaseError, StillwellError
from stillwell.knowledge.store import knowledge
from stillwell.learn.answer import Answer
from stillwell.report.build import build
from stillwell.report.document import Document
from stillwell.triage.rules import Urgency
from stillwell.web.chips import Chip, chips
from stillwell.web.desk import desk_of
from stillwell.web.steps.learn import library
from stillwell.web.work import TooBusy

VERSION = "v1"
RETRY_S = 5  # when somebody who was refused for want of time may come again
JSON = "application/json"


class Question(msgspec.Struct, forbid_unknown_fields=True):
    """A question in plain words."""

    question: Annotated[str, Meta(min_length=1, max_length=400)]


class Reading(msgspec.Struct, kw_only=True):
    """What was read from a case's words.

    Attributes:
        chips: what was read, with the words it came from.
        unclear: what was not used, and why.
        nothing: something was told, and nothing of it was understood.
    """

    chips: list[Chip]
    unclear: list[str]
    nothing: bool


class Refusal(msgspec.Struct, kw_only=True):
    """Why a request was not answered.

    Attributes:
        field: the field that cannot be used; empty where it is the request itself.
        urgent: an alarm that the rest of the case holds; it must be shown. Empty for none.
    """

    error: str
    field: str = ""
    urgent: str = ""


class Operation(msgspec.Struct, frozen=True):
    """One thing that can be asked: its path, what it takes and what it gives."""

    path: str
    summary: str
    takes: type
    gives: Any
    does: Callable[[Request, Any], Awaitable[Any]]


async def _assess(request: Request, case: Case) -> Assessment:
    return await desk_of(request).work.assessment(case, "full")


async def _triage(request: Request, case: Case) -> Urgency:
    return (await desk_of(request).work.assessment(case, "bars")).urgency


async def _report(request: Request, case: Case) -> Document:
    assessed = await desk_of(request).work.assessment(case, "full")
    return await run_in_threadpool(build, assessed)


async def _understand(request: Request, case: Case) -> Reading:
    read = await desk_of(request).work.understood(case)
    found = await run_in_threadpool(chips, read, knowledge())
    return Reading(chips=found, unclear=read.unclear, nothing=read.understood_nothing)


async def _learn(request: Request, asked: Question) -> list[Answer]:
    return await run_in_threadpool(lambda: library().answer(asked.question))


OPERATIONS = (
    Operation("assess", "Assess a case: urgency, causes with ranges, tests, plan", Case, Assessment, _assess),
    Operation("triage", "How urgent a case is, and why", Case, Urgency, _triage),
    Operation("report", "The report of a case as a document of blocks", Case, Document, _report),
    Operation("understand", "What is read from a case's words", Case, Reading, _understand),
    Operation("learn", "What is known about a question; empty where nothing is", Question, list[Answer], _learn),
)  # fmt: skip


def _endpoint(operation: Operation) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != JSON:
            return refusal(415, "send JSON, with Content-Type: application/json")
        body = await request.body()
        try:
            told = _read(body, operation.takes)
        except (msgspec.ValidationError, CaseError) as error:
            urgent = await run_in_threadpool(_alarm, error)
            return refusal(422, str(error), getattr(error, "field", ""), urgent)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            return refusal(400, f"this is not JSON: {error}")
        try:
            return _json(await operation.does(request, told))
        except TooBusy as error:
            busy = refusal(503, str(error))
            busy.headers["Retry-After"] = str(RETRY_S)
            return busy
        except StillwellError as error:
            if isinstance(error, CaseError) and error.rest is None and isinstance(told, Case):
                error.rest = told  # it may hold an alarm
            urgent = await run_in_threadpool(_alarm, error)
            return refusal(422, str(error), getattr(error, "field", ""), urgent)

    return endpoint


def _read(body: bytes, kind: type) -> Any:
    """A request's body as its model; a case as the command reads one. Raises CaseError, DecodeError."""
    if kind is Case:
        plain = msgspec.json.decode(body, type=dict[str, Any])
        case = case_from(plain)
        msgspec.convert(plain, Case, strict=True)
        return case
    return msgspec.json.decode(body, type=kind)


def _alarm(error: Exception) -> str:
    """What is urgent in the rest of a case that cannot be used as a whole."""
    from stillwell.api import alarm_despite

    return (alarm_despite(error) or "") if isinstance(error, CaseError) else ""


def _json(value: Any, status: int = 200) -> Response:
    return Response(msgspec.json.encode(value), status, media_type=JSON)


def refusal(status: int, error: str, field: str = "", urgent: str = "") -> Response:
    """A request that was not answered, with why."""
    return _json(Refusal(error=error, field=field, urgent=urgent), status)


@cache
def openapi() -> bytes:
    """The OpenAPI 3.1 document."""
    models = [*{o.takes for o in OPERATIONS}, *(o.gives for o in OPERATIONS), Refusal]
    schemas, components = msgspec.json.schema_components(
        models, ref_template="#/components/schemas/{name}"
    )
    ref = dict(zip(map(repr, models), schemas, strict=True))

    def content(kind: Any) -> dict[str, Any]:
        return {JSON: {"schema": ref[repr(kind)]}}

    refusals = {"400": "Not JSON", "413": "Too large", "415": "Not told to be JSON", "422": "Cannot be used", "503": "Too busy"}  # fmt: skip
    paths = {
        f"/api/{VERSION}/{o.path}": {
            "post": {
                "operationId": o.path,
                "summary": o.summary,
                "requestBody": {"required": True, "content": content(o.takes)},
                "responses": {
                    "200": {"description": "Done", "content": content(o.gives)},
                    **{
                        status: {"description": text, "content": content(Refusal)}
                        for status, text in refusals.items()
                    },
                },
            }
        }
        for o in OPERATIONS
    }
    return msgspec.json.encode(
        {
            "openapi": "3.1.0",
            "info": {"title": "stillwell", "version": __version__, "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"}},
            "paths": paths,
            "components": {"schemas": components},
        }
    )  # fmt: skip


async def document(_: Request) -> Response:
    """The OpenAPI document."""
    return Response(openapi(), media_type=JSON)


routes = [
    *(Route(f"/api/{VERSION}/{o.path}", _endpoint(o), methods=["POST"]) for o in OPERATIONS),
    Route(f"/api/{VERSION}/openapi.json", document),
]

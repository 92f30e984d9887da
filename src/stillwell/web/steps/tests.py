"""Blood tests: typed or pasted, read, and confirmed row by row."""

from __future__ import annotations

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from stillwell.case.model import Lab
from stillwell.case.understand import lab_reader, understand
from stillwell.errors import StillwellError
from stillwell.knowledge.store import knowledge
from stillwell.web.desk import Visit, desk_of, told
from stillwell.web.journey import Journey
from stillwell.web.wording import words


async def tests(request: Request) -> Response:
    """Results in words or as a pasted table."""
    visit = await desk_of(request).visit(request)
    if request.method == "GET":
        return await _shown(visit)
    form = await request.form()
    remove = told(form.get("remove"), 10)
    text = told(form.get("results"))
    read: list[Lab] = []
    notes: list[str] = []
    if text:
        try:
            read, notes = await run_in_threadpool(_read, text, visit.journey)
        except StillwellError as error:
            return await _shown(visit, str(error), text)
        if not read:
            return await _shown(visit, words()["tests"]["nothing"], text)

    def change(journey: Journey) -> None:
        journey.labs_told = True
        if remove.isdecimal() and int(remove) < len(journey.labs):
            journey.labs.pop(int(remove))
        new = {lab.name.lower() for lab in read}
        journey.labs = [lab for lab in journey.labs if lab.name.lower() not in new] + read

    await visit.keep(change)
    if text or remove:
        return await _shown(visit, notes=notes)
    return visit.goes_to("check")


def _read(text: str, journey: Journey) -> tuple[list[Lab], list[str]]:
    """The results in a text, and what was not clear in it. Raises CaseError."""
    known = knowledge()
    case = journey.case(known)
    found = lab_reader().read(text, case.person)
    checked = understand(msgspec.structs.replace(case, labs=found.labs))
    before = understand(msgspec.structs.replace(case, labs=[])).unclear
    notes = [*found.notes, *(line for line in checked.unclear if line not in before)]
    return found.labs, list(dict.fromkeys(notes))


async def _shown(
    visit: Visit, error: str = "", typed: str = "", notes: list[str] | None = None
) -> Response:
    return await visit.page(
        "tests.html.j2", "tests", 422 if error else 200, error=error, typed=typed, notes=notes or []
    )


routes = [Route("/s/{record}/tests", tests, methods=["GET", "POST"])]

"""What is eaten and drunk: days in words, and what they hold against what is needed."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from stillwell.assess.diet import Eaten, intake_lines, read_diet
from stillwell.case.understand import understand
from stillwell.errors import StillwellError
from stillwell.knowledge.store import knowledge
from stillwell.web.desk import Visit, desk_of, told
from stillwell.web.journey import Journey

MOST_DAYS = 14


async def food(request: Request) -> Response:
    """Days in words; saving shows what was made of them."""
    visit = await desk_of(request).visit(request)
    if request.method == "GET":
        return await _shown(visit)
    form = await request.form()
    days = [told(d) for d in form.getlist("day")[:MOST_DAYS]]
    complete = {str(c) for c in form.getlist("complete")}
    avoids = [line.strip() for line in told(form.get("avoids")).splitlines() if line.strip()]

    def change(journey: Journey) -> None:
        journey.food_told = True
        kept = [(d, str(i) in complete) for i, d in enumerate(days) if d]
        journey.diary = [d for d, _ in kept]
        journey.complete = [c for _, c in kept]
        journey.avoids = avoids

    before = visit.journey.diary, visit.journey.avoids
    await visit.keep(change)
    if form.get("then") == "go_on":
        return visit.goes_to("check" if request.query_params.get("from") == "check" else "tests")
    try:
        await run_in_threadpool(eaten, visit.journey)
    except StillwellError as error:

        def undo(journey: Journey) -> None:
            journey.diary, journey.avoids = before

        await visit.keep(undo)
        return await _shown(visit, str(error), days)
    return visit.goes_to("food")


async def _shown(visit: Visit, error: str = "", typed: list[str] | None = None) -> Response:
    found = None
    try:
        found = await run_in_threadpool(eaten, visit.journey)
    except StillwellError as problem:
        error = error or str(problem)
    return await visit.page(
        "food.html.j2",
        "food",
        422 if error else 200,
        error=error,
        typed=typed if typed is not None else [*visit.journey.diary, ""],
        eaten=found,
        lines=intake_lines(found.usual) if found else [],
    )


def eaten(journey: Journey) -> Eaten | None:
    """The days worked out, or None where there are none. Raises CaseError."""
    if not (journey.diary or journey.habits):
        return None
    known = knowledge()
    return read_diet(known, understand(journey.case(known)))


routes = [Route("/s/{record}/food", food, methods=["GET", "POST"])]

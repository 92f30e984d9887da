"""Where the step begins: what was told of food so far, and where to go on."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from stillwell.errors import StillwellError
from stillwell.nutrition.intake.habits import questions
from stillwell.web.desk import Visit, desk_of
from stillwell.web.eating import left_out
from stillwell.web.journey import Journey


async def start(request: Request) -> Response:
    """The ways to tell; going on without any is a skip, which is not the same as eating nothing."""
    visit = await desk_of(request).visit(request)
    if request.method == "POST":

        def change(journey: Journey) -> None:
            journey.food_told = True

        await visit.keep(change)
        return (
            visit.goes_to("check")
            if request.query_params.get("from") == "check"
            else visit.goes_back("tests")
        )
    return await visit.page(
        "food/start.html.j2", "food", out=await left_out_of(visit), asked=len(questions())
    )


async def present_in(visit: Visit) -> dict[str, float]:
    """The probability of each cause; empty where nothing of the legs was told yet."""
    return {cause.id: cause.present for cause in await causes_of(visit)}


async def causes_of(visit: Visit) -> list:  # type: ignore[type-arg]
    """The causes so far, likeliest first; none where nothing of the legs was told yet."""
    journey = visit.journey
    if not journey.told:
        return []
    try:
        return list((await visit.assessment("bars")).causes)
    except StillwellError:
        return []


async def left_out_of(visit: Visit) -> dict[str, list[str]]:
    """What any plan leaves out, by who or what says so; empty where it cannot be told yet."""
    try:
        told = await visit.understood()
        return await run_in_threadpool(left_out, told, await present_in(visit))
    except StillwellError:
        return {}


routes = [Route("/s/{record}/food", start, methods=["GET", "POST"])]

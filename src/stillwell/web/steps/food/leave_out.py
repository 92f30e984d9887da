"""What is not eaten: ways of eating, allergies, dislikes; "nothing" is an answer, leaving it is none."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from stillwell.errors import StillwellError
from stillwell.knowledge.store import knowledge
from stillwell.nutrition.planner.limits import said_limits
from stillwell.web.desk import Visit, desk_of, told
from stillwell.web.journey import Journey
from stillwell.web.steps.food.start import left_out_of
from stillwell.web.wording import words


def _choices(kind: str) -> dict[str, str]:
    found: dict[str, str] = words()["food"]["leave_out"][kind]
    return found


async def leave_out(request: Request) -> Response:
    """A clear question of its own, answered back in the words of the plan."""
    visit = await desk_of(request).visit(request)
    if request.method == "GET":
        return await _shown(visit)
    form = await request.form()
    choice = form.get("choice")
    say = words()["food"]["leave_out"]
    avoids = [str(v) for v in form.getlist("way") if v in _choices("ways")]
    avoids += _lines(told(form.get("avoids"), 2000))
    allergies = [str(v) for v in form.getlist("allergy") if v in _choices("allergens")]
    allergies += _lines(told(form.get("allergies"), 2000))
    error = ""
    if choice not in ("some", "none", "open"):
        error = say["choose"]
    elif choice == "some" and not (avoids or allergies):
        error = say["empty"]
    elif choice != "some" and (avoids or allergies):
        error = say["both"]
    if not error:
        try:
            names = frozenset(knowledge().names)
            await run_in_threadpool(said_limits, [], avoids, allergies, [], names)
        except StillwellError as problem:
            error = str(problem).partition(": ")[2] or str(problem)
    if error:
        await visit.hears(*avoids, *allergies, food=True)
        return await _shown(visit, error, str(choice or ""), avoids, allergies)

    def change(journey: Journey) -> None:
        journey.avoids_told = choice != "open"
        journey.avoids, journey.allergies = avoids, allergies

    await visit.keep(change)
    return visit.goes_on(request, "food/not" if choice == "some" else "food")


def _lines(text: str) -> list[str]:
    parts = text.replace(",", "\n").replace(";", "\n").splitlines()
    return [p.strip() for p in parts if p.strip()]


async def _shown(
    visit: Visit,
    error: str = "",
    choice: str | None = None,
    avoids: list[str] | None = None,
    allergies: list[str] | None = None,
) -> Response:
    journey = visit.journey
    not_eaten = avoids if avoids is not None else journey.avoids
    allergic = allergies if allergies is not None else journey.allergies
    if choice is None:
        some = bool(journey.avoids or journey.allergies)
        choice = "some" if some else "none" if journey.avoids_told else ""
    ways, allergens = _choices("ways"), _choices("allergens")
    return await visit.page(
        "food/not.html.j2",
        "food",
        422 if error else 200,
        error=error,
        choice=choice,
        ways=ways,
        allergens=allergens,
        not_eaten=not_eaten,
        allergic=allergic,
        avoids_rest=[a for a in not_eaten if a not in ways],
        allergies_rest=[a for a in allergic if a not in allergens],
        out={} if error else await left_out_of(visit),
    )


routes = [Route("/s/{record}/food/not", leave_out, methods=["GET", "POST"])]

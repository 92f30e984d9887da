"""One day of eating and drinking at a time, in words, and whether it is all of that day."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from stillwell.errors import StillwellError
from stillwell.nutrition.intake.diary import days_in, read_diary
from stillwell.web.corrections import corrected
from stillwell.web.desk import Visit, desk_of, told
from stillwell.web.journey import Journey
from stillwell.web.wording import words

MOST_DAYS = 14
MOST_LETTERS = 4000
NOTHING = "nothing"  # a day on which nothing was eaten, in words that the readers take as such
HOW_MUCH = ("all", "part", "nothing")


async def day(request: Request) -> Response:
    """A day of a diary: everything, a part, or nothing at all; each is another thing to know."""
    visit = await desk_of(request).visit(request)
    number = request.path_params["number"]
    have = len(visit.journey.diary)
    if not 1 <= number <= min(have + 1, MOST_DAYS):
        return visit.goes_to("food")
    if request.method == "GET":
        return await _shown(visit, number)
    form = await request.form()
    if form.get("remove"):
        await visit.keep(lambda journey: _remove(journey, number - 1))
        return visit.goes_to("food")
    text = told(form.get("day"), MOST_LETTERS)
    how = str(form.get("how") or "")
    say = words()["food"]["days"]
    error = ""
    if how not in HOW_MUCH:
        error = say["choose"]
    elif how == "nothing" and text:
        error = say["both"]
    elif how != "nothing" and not text:
        error = say["empty"]
    elif len(days_in(text)) > MOST_DAYS - number + 1:
        error = say["too_many"].format(most=MOST_DAYS)
    if not error and text:
        try:
            await run_in_threadpool(_read, visit.journey, text)
        except StillwellError as problem:
            error = say["unread"].format(why=str(problem).removeprefix("diary "))
    if error:
        await visit.hears(text, food=True)
        return await _shown(visit, number, error, text, how)
    kept = (
        days_in(text) if text else [NOTHING]
    )  # a diary that was pasted tells several days in one go

    def change(journey: Journey) -> None:
        journey.food_told = True
        _fill(journey)
        place = min(number - 1, len(journey.diary))
        journey.diary[place : place + 1] = kept
        journey.complete[place : place + 1] = [how != "part"] * len(kept)
        del journey.diary[MOST_DAYS:], journey.complete[MOST_DAYS:]

    await visit.keep(change)
    if form.get("then") == "more" and len(visit.journey.diary) < MOST_DAYS:
        return visit.goes_to(f"food/days/{len(visit.journey.diary) + 1}")
    return visit.goes_to("food/matches")


def _read(journey: Journey, text: str) -> None:
    texts, foods = corrected([text], journey.foods, journey.amounts)
    read_diary(texts, foods)


def _fill(journey: Journey) -> None:
    """As many marks as days."""
    journey.complete += [False] * (len(journey.diary) - len(journey.complete))


def _remove(journey: Journey, place: int) -> None:
    _fill(journey)
    if place < len(journey.diary):
        del journey.diary[place], journey.complete[place]


def how_much(journey: Journey, place: int) -> str:
    """Whether all, a part or nothing of a day was told; '' where it was not told."""
    if place >= len(journey.diary):
        return ""
    if journey.diary[place] == NOTHING:
        return "nothing"
    return "all" if place < len(journey.complete) and journey.complete[place] else "part"


async def _shown(
    visit: Visit, number: int, error: str = "", typed: str | None = None, how: str | None = None
) -> Response:
    journey, place = visit.journey, number - 1
    kept = journey.diary[place] if place < len(journey.diary) else ""
    return await visit.page(
        "food/day.html.j2",
        "food",
        422 if error else 200,
        error=error,
        number=number,
        known=place < len(journey.diary),
        typed=typed if typed is not None else "" if kept == NOTHING else kept,
        how=how if how is not None else how_much(journey, place),
        more=number < MOST_DAYS,
    )


routes = [Route("/s/{record}/food/days/{number:int}", day, methods=["GET", "POST"])]

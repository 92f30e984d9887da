"""One question a page, until none is worth its trouble."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import msgspec
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from stillwell.assess.assessment import Assessment
from stillwell.assess.interview import FIRST_BITS, NONE, WORTH_BITS, Page, next_page, page_of
from stillwell.errors import StillwellError
from stillwell.knowledge.store import knowledge
from stillwell.web.desk import Visit, desk_of, named, told
from stillwell.web.journey import SKIP, UNKNOWN, Journey
from stillwell.web.unsure import unsure
from stillwell.web.wording import words
from stillwell.web.work import TooBusy

MOST = 20
LEAST_SHOWN = 0.005  # share of the reason that a bar shows as 1 %
ELSEWHERE = "results"  # results have a step of their own


async def ask(request: Request) -> Response:
    """The next question; an answer leads to the one after it."""
    visit = await desk_of(request).visit(request)
    if not visit.journey.complaint:
        return visit.goes_to("words")
    if request.method == "POST":
        return await _answer(visit, request)
    if request.query_params.get("further") == "1":
        await visit.keep(_more)
    if await next_question(visit) is None:
        if not visit.journey.asked_out:
            await visit.keep(_asked_out)
        told = visit.journey.food_told and visit.journey.labs_told
        if told and request.query_params.get("onward") == "1":
            return await _to_the_answer(visit)
        visit.ahead("full")
        return await visit.page("questions_done.html.j2", "questions", asked=visit.journey.keys)
    # each question at an address of its own: the browser's way back leads to the one before
    return visit.goes_to(f"questions/{len(visit.journey.answers) + 1}")


async def _to_the_answer(visit: Visit) -> Response:
    """The answer; before it what is unsure, if anything is."""
    return visit.goes_to("check" if await unsure(visit) else "answer")


def _asked_out(journey: Journey) -> None:
    journey.asked_out = True


def _more(journey: Journey) -> None:
    """Whoever stopped, or had all that were promised, wants to go on."""
    journey.enough = journey.asked_out = False
    journey.further, journey.most_questions = True, 0


async def numbered(request: Request) -> Response:
    """One question by its number: an answer that was given, to be changed, or the one that comes now."""
    visit = await desk_of(request).visit(request)
    if not visit.journey.complaint:
        return visit.goes_to("words")
    if request.method == "POST":
        return await _answer(visit, request)
    number, have = request.path_params["number"], len(visit.journey.answers)
    if 1 <= number <= have:
        given = visit.journey.answers[number - 1]
        return await _shown(visit, page_of(given.key, knowledge()), number, given.answer)
    page = await next_question(visit) if number == have + 1 else None
    if page is None:
        return visit.goes_to("questions")
    await _promise(visit, page)
    return await _shown(visit, page, number)


async def _promise(visit: Visit, page: Page) -> None:
    """Before the first question it is settled how many come at most, with room for what answers may raise."""
    if visit.journey.most_questions:
        return
    left = await left_at_most(visit, page)
    most = min(MOST, len(visit.journey.answers) + 1 + left + max(2, left // 2))

    def change(journey: Journey) -> None:
        journey.most_questions = journey.most_questions or most

    await visit.keep(change)


async def next_question(visit: Visit) -> Page | None:
    """The next question, or None where none is worth its trouble or all that were promised were asked."""
    journey = visit.journey
    if journey.enough or len(journey.answers) >= (journey.most_questions or MOST):
        return None
    assessed, read = await visit.assessment("bars"), await visit.understood()
    asked = [*journey.keys, ELSEWHERE]
    first = next_page(read, assessed, asked, knowledge())  # what is asked whatever it is worth
    # who needs help now is asked only what cannot wait, and so is who had the last question
    if assessed.urgency.level == "emergency" or journey.asked_out:
        return first if first is not None and cannot_wait(first) else None
    if first is not None:
        return first
    return next_page(read, await _worth_asking(visit), asked, knowledge(), worth(journey))


def worth(journey: Journey) -> float:
    """What a question has to tell: much before the first answer, less for whoever wants to go on."""
    return WORTH_BITS if journey.further else FIRST_BITS


def cannot_wait(page: Page) -> bool:
    """Whether a question is about alarm signs."""
    alarms = knowledge().base.lexicon["alarm_items"]
    return page.topic == "red_flags" or page.topic in alarms


async def is_more_to_ask(visit: Visit, assessed: Assessment) -> bool:
    """Whether somebody who wants to answer more finds a question.

    Args:
        assessed: the full assessment of the visit.
    """
    journey = visit.journey
    if not journey.complaint or len(journey.answers) >= MOST:
        return False
    page = next_page(await visit.understood(), assessed, [*journey.keys, ELSEWHERE], knowledge())
    if page is not None and assessed.urgency.level == "emergency":
        return cannot_wait(page)
    return page is not None


async def _worth_asking(visit: Visit) -> Assessment:
    """The assessment with what is worth asking; with nothing in an emergency."""
    assessed = await visit.assessment("bars")
    if assessed.urgency.level == "emergency":
        return assessed
    return msgspec.structs.replace(assessed, questions=await visit.questions())


async def look_ahead(visit: Visit) -> None:
    """Work the next question out before it is asked for."""
    with suppress(StillwellError, TooBusy):  # it is said where the question is asked for
        await next_question(visit)
        await _worth_asking(visit)


async def left_at_most(visit: Visit, page: Page) -> int:
    """How many questions follow a page at most: what was promised; before that, were each answered with no."""
    journey, read = visit.journey, await visit.understood()
    assessed = await _worth_asking(visit)
    keys = [*journey.keys, ELSEWHERE]
    after = [] if page.key in keys else [page.key]
    while len(journey.keys) + len(after) < MOST:
        following = next_page(read, assessed, [*keys, *after], knowledge(), worth(journey))
        if following is None:
            break
        after.append(following.key)
    left = len([key for key in after if key != page.key])
    if not (left and journey.most_questions):
        return left
    return max(0, journey.most_questions - len(journey.answers) - (page.key not in journey.keys))


async def _shown(
    visit: Visit, page: Page, number: int, given: str = "", error: str = ""
) -> Response:
    assessed = await visit.assessment("bars")
    return await visit.page(
        "question.html.j2",
        "questions",
        422 if error else 200,
        page=page,
        why=plain_why(page),
        items=[(i, named(i)) for i in page.items],
        number=number,
        given=given,
        chosen=given.split("|"),
        error=error,
        left=await left_at_most(visit, page),
        **so_far(assessed),
    )


async def _bars(visit: Visit, request: Request) -> Response:
    """The new bars alone, at once; `X-Next` says where the next question is."""
    after = visit.after(request, "questions")
    assessed = await visit.assessment("bars")
    response = visit.desk.page("bars.html.j2", **so_far(assessed))
    response.headers["X-Next"] = visit.at(after)
    if after == "questions":
        response.background = BackgroundTask(look_ahead, visit)
    return response


def plain_why(page: Page) -> str:
    """Why a question is asked, in a clause; the numbers that an answer would move tell a person nothing."""
    known = knowledge().base
    if page.kind != "yes_no" or page.topic not in known.findings:
        return page.why
    return (
        page.why
        if page.why == known.wording.interview["doubt"]
        else known.findings[page.topic].why_asked
    )


def so_far(assessed: Assessment) -> dict[str, Any]:
    """The three likeliest causes so far; none where they would calm beside an alarm that names another."""
    ranked = sorted(assessed.causes, key=lambda cause: -cause.contributes)
    bars = [(c.name, c.contributes) for c in ranked[:3] if c.contributes >= LEAST_SHOWN]
    likeliest = {name for name, _ in bars}
    level = assessed.urgency.level
    other = level == "today" and not likeliest.issuperset(assessed.rule_out)
    calm = level != "emergency" and not other
    return {
        "calm": calm,
        "bars": bars if calm else [],
        "nothing": assessed.nothing_listed if calm else None,
    }


async def _answer(visit: Visit, request: Request) -> Response:
    """Take an answer in: to the question that was shown, whatever other windows did meanwhile."""
    form = await request.form()
    if form.get("enough"):

        def stop(journey: Journey) -> None:
            journey.enough = True

        await visit.keep(stop)
        return visit.goes_to("questions")
    if form.get("nothing_more"):
        await visit.keep(_nothing_more)
        return await _to_the_answer(visit)
    key = told(form.get("key"), 4000)
    page = page_of(key, knowledge())
    known = knowledge()
    tables = {**known.base.history, **known.base.findings}
    if (page.topic not in tables and not page.items) or any(i not in tables for i in page.items):
        return visit.goes_to("questions")
    answer = _read(page, [str(v) for v in form.getlist("answer")])
    if answer is None:
        number = 1 + (
            visit.journey.keys.index(key) if key in visit.journey.keys else len(visit.journey.keys)
        )
        return await _shown(visit, page, number, error=words()["questions"]["choose"])
    await visit.keep(lambda journey: journey.answered(key, answer))
    if request.headers.get("x-part") == "bars":
        return await _bars(visit, request)
    return visit.goes_on(request, "questions")


def _nothing_more(journey: Journey) -> None:
    """Food and blood tests that were not told are passed by."""
    journey.food_told = journey.labs_told = True


def _read(page: Page, given: list[str]) -> str | None:
    """An answer as it is kept, or None where nothing was chosen; what was ticked is never lost to "none"."""
    if SKIP in given or (UNKNOWN in given and not set(page.items) & set(given)):
        return SKIP if SKIP in given else UNKNOWN
    if page.kind == "yes_no":
        return next((a for a in given if a in ("yes", "no")), None)
    chosen = [i for i in page.items if i in given]
    if page.kind == "one_of" and len(chosen) > 1:
        return None
    if chosen:
        return "|".join(chosen)
    return NONE if NONE in given else None


routes = [
    Route("/s/{record}/questions", ask, methods=["GET", "POST"]),
    Route("/s/{record}/questions/{number:int}", numbered, methods=["GET", "POST"]),
]

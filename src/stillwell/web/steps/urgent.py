"""Is it urgent, and was it understood: the care card and the chips."""

from __future__ import annotations

from contextlib import suppress

import msgspec
from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from stillwell.errors import StillwellError
from stillwell.knowledge.store import knowledge
from stillwell.triage.rules import RED
from stillwell.web.chips import chips
from stillwell.web.desk import Visit, desk_of, told
from stillwell.web.journey import Journey
from stillwell.web.steps.questions import look_ahead
from stillwell.web.story_name import keep_name
from stillwell.web.unsure import unused_medicines
from stillwell.web.work import TooBusy


async def urgent(request: Request) -> Response:
    """The care card, what was understood, and what was not used."""
    visit = await desk_of(request).visit(request)
    if not visit.journey.complaint:
        return visit.goes_to("words")
    if request.method == "POST":
        return await _correct(visit, request)
    assessed = await visit.assessment("bars")
    known = knowledge()
    listed = frozenset(i for a in visit.journey.answers for i in (a.key, *a.answer.split("|")))
    read = await visit.understood()
    unknown = await unused_medicines(visit)
    forward = visit.journey.urgent_first or visit.journey.medicines_told
    onward = visit.next_to("urgent") if forward else "you"
    card = await visit.care()
    signs = assessed.urgency.ask if card is not None and card.ask else []
    if card is not None:  # its signs stand right below it, to be answered
        card = msgspec.structs.replace(card, ask=[], ask_words="")
    if assessed.urgency.level in RED:  # the page to hand over is one tap away
        visit.ahead("full")
    page = await visit.page(
        "urgent.html.j2",
        "urgent",
        care=card,
        signs=[(name, known.base.findings[name].question) for name in signs],
        chips=await run_in_threadpool(lambda: chips(read, known, listed)),
        unclear=[line for line in assessed.unclear if line not in unknown],
        unknown_taken=unknown,
        nothing=read.understood_nothing,
        red=assessed.urgency.level in RED,
        onward=onward,
    )
    if visit.journey.medicines_told:
        page.background = BackgroundTask(look_ahead, visit)
    return page


async def _correct(visit: Visit, request: Request) -> Response:
    """Take a reading away, or put it back, or answer what is unsure."""
    form = await request.form()
    away, back = told(form.get("away"), 400), told(form.get("back"), 100)
    yes, no = told(form.get("yes"), 100), told(form.get("no"), 100)
    none = told(form.get("none"), 1000).split("|")

    def change(journey: Journey) -> None:
        journey.misread += [i for i in away.split("|") if i and i not in journey.misread]
        if back in journey.misread:
            journey.misread.remove(back)
        for item, answer in ((yes, "yes"), (no, "no"), *((sign, "no") for sign in none)):
            if item in knowledge().base.findings or item in knowledge().base.history:
                journey.answered(item, answer)

    await visit.keep(change)
    with suppress(StillwellError, TooBusy):
        await keep_name(visit)
    return visit.goes_to("urgent")


routes = [Route("/s/{record}/urgent", urgent, methods=["GET", "POST"])]

"""The answer and the plan: the report's document, in two pages."""

from __future__ import annotations

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from stillwell.assess.assessment import Assessment
from stillwell.errors import StillwellError
from stillwell.report.build import build
from stillwell.report.chances import percent
from stillwell.report.document import Document, Paragraph, Section, Table
from stillwell.report.phrases import listed
from stillwell.report.render.common import marks, source_numbers
from stillwell.report.wording import words as report_words
from stillwell.triage.rules import RED
from stillwell.web.desk import Visit, desk_of
from stillwell.web.steps.learn import linked
from stillwell.web.steps.questions import is_more_to_ask
from stillwell.web.wording import words
from stillwell.writing import capital

PLAN = ("plan",)
IN_TITLE = 2  # alarm signs that a title names
RESULTS = "results"  # the question of the checklist for results that are there already


async def answer(request: Request) -> Response:
    """What it most likely is, why, and what would settle it."""
    return await _part(request, "answer")


async def plan(request: Request) -> Response:
    """What to do, what to eat, what to take and not to take."""
    return await _part(request, "plan")


async def _part(request: Request, step: str) -> Response:
    visit = await desk_of(request).visit(request)
    if not visit.journey.told:
        return visit.goes_to("words")
    try:
        document = await document_of(visit)
    except StillwellError as error:
        return await visit.page("cannot.html.j2", step, 422, error=str(error))
    numbers = source_numbers(document)
    shown = [
        s for s in document.sections if (s.part in PLAN) == (step == "plan") or s.id == "sources"
    ]
    return await visit.page(
        "answer.html.j2",
        step,
        care=document.care,
        document=document,
        more=step == "answer" and await is_more_to_ask(visit, await visit.assessment("full")),
        sections=[part for s in shown for part in _rare_apart(s)],
        numbers=numbers,
        source_marks=lambda keys: linked(marks(keys, numbers)),
        kind=lambda block: block.__struct_config__.tag,
    )


def _rare_apart(section: Section) -> list[Section]:
    """The table of all causes, those under 1 % in a part of its own that opens by itself."""
    tables = [b for b in section.blocks if isinstance(b, Table)]
    if section.id != "all_causes" or not tables:
        return [section]
    say, table, least = words()["answer"], tables[0], percent(0.0)
    rare = [row for row in table.rows if row[1] == least]
    if not rare:
        return [section]
    kept = msgspec.structs.replace(table, rows=[r for r in table.rows if r not in rare])
    blocks = [kept if b is table else b for b in section.blocks]
    below = Section(
        id="rare_causes",
        title=say["rare"].format(count=len(rare)),
        part=section.part,
        extra=True,
        blocks=[Paragraph(text=say["rare_why"]), msgspec.structs.replace(table, rows=rare)],
    )
    return [msgspec.structs.replace(section, blocks=blocks), below]


async def document_of(visit: Visit, audience: str = "person") -> Document:
    """The document of all that was told. Raises CaseError."""
    assessed = await visit.assessment("full")
    if visit.journey.no_labs:  # that there are none was said: it is not asked again
        questions = [q for q in assessed.checklist.questions if q.id != RESULTS]
        checklist = msgspec.structs.replace(assessed.checklist, questions=questions)
        assessed = msgspec.structs.replace(assessed, checklist=checklist)
    if not await is_more_to_ask(visit, assessed):  # then the answer offers none either
        assessed = msgspec.structs.replace(assessed, questions=[])
    signs = alarm_signs(assessed) if audience == "doctor" else []
    if signs:  # a doctor reads first what cannot wait
        complaint = list(dict.fromkeys([*signs, *assessed.complaint]))
        assessed = msgspec.structs.replace(assessed, complaint=complaint)
    document = await run_in_threadpool(build, assessed, audience)  # type: ignore[arg-type]
    if signs:
        title = report_words().title_doctor.format(complaint=capital(listed(signs[:IN_TITLE])))
        document = msgspec.structs.replace(document, title=title)
    return document


def alarm_signs(assessed: Assessment) -> list[str]:
    """The signs that make something urgent today or at once, by name; none where nothing is."""
    if assessed.urgency.level not in RED:
        return []
    gravest = [a for a in assessed.urgency.alerts if a.level == assessed.urgency.level]
    told = {*assessed.understood.get("present", []), *assessed.complaint}
    return list(dict.fromkeys(s for a in gravest for s in a.because if s in told))


routes = [Route("/s/{record}/answer", answer), Route("/s/{record}/plan", plan)]

"""What can be taken along: a page for the doctor and the whole report, in several forms."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from stillwell.report.build import Audience
from stillwell.report.document import Document, Item, Items, Paragraph, Section
from stillwell.report.render import as_json, html, markdown, pdf
from stillwell.web.changed import since_last, with_changes
from stillwell.web.desk import Visit, desk_of, told
from stillwell.web.journey import Journey
from stillwell.web.lab_rows import value_shown
from stillwell.web.steps.answer import document_of
from stillwell.web.wording import words

SCOPES: dict[str, tuple[Audience, frozenset[str] | None]] = {
    "doctor": ("doctor", None),
    "whole": ("person", None),
    "food": ("person", frozenset(["taken", "food", "diet_plan", "supplements", "intakes", "all_intakes", "sources"])),
    "tests": ("person", frozenset(["next", "results", "sources"])),
}  # fmt: skip
FORMS = {
    "pdf": "application/pdf",
    "html": "text/html",
    "md": "text/markdown",
    "json": "application/json",
}
NAMES = {
    "doctor": "page",
    "whole": "report",
    "food": "table",
    "tests": "list",
}  # of files: of no health word
MOST_WAITING = 8  # unconfirmed results that are named
A4_PAGES = {"doctor": 2, "whole": 4, "food": 2, "tests": 2}


async def share(request: Request) -> Response:
    """The forms to choose from, and the person's own questions for the doctor."""
    visit = await desk_of(request).visit(request)
    if request.method == "POST":
        form = await request.form()
        lines = [line.strip() for line in told(form.get("mine"), 4000).splitlines() if line.strip()]

        def change(journey: Journey) -> None:
            journey.for_doctor = lines

        await visit.keep(change)
        return visit.goes_to("share")
    return await visit.page("share.html.j2", "share", scopes=list(SCOPES))


async def download(request: Request) -> Response:
    """One scope of the report in one form."""
    visit = await desk_of(request).visit(request)
    form, scope = request.path_params["form"], request.path_params["scope"]
    if form not in FORMS or scope not in SCOPES:
        raise HTTPException(404)
    document = await document_for(visit, scope)
    body = await run_in_threadpool(_written, document, form, scope)
    response = Response(body, media_type=FORMS[form])
    if form == "html":  # a page complete in itself: it holds its own style and nothing that runs
        response.headers["Content-Security-Policy"] = (
            f"default-src 'none'; style-src {_style(body)}; base-uri 'none'; form-action 'none'; "
            "frame-ancestors 'none'; sandbox allow-popups"
        )
    else:  # not opened in the browser: a PDF's own title, which names the trouble, would stay in its history
        response.headers["Content-Disposition"] = (
            f'attachment; filename="{NAMES[scope]}-{dt.date.today()}.{form}"'
        )
    return response


async def document_for(visit: Visit, scope: str) -> Document:
    """The document of a scope: the person's own questions on top, for a doctor what changed. Raises CaseError."""
    audience, kept = SCOPES[scope]
    document = await document_of(visit, audience)
    changed = await since_last(visit) if audience == "doctor" else None
    if changed is not None:
        document = msgspec.structs.replace(document, sections=with_changes(document, changed))
    sections = [s for s in document.sections if kept is None or s.id in kept]
    sections = [msgspec.structs.replace(s, extra=False) for s in sections] if kept else sections
    waits = await _waiting(visit)
    if waits is not None:
        sections.insert(0, waits)
    if visit.journey.for_doctor:
        mine = Items(items=[Item(text=line) for line in visit.journey.for_doctor])
        title = words()["share"]["mine"]
        sections.insert(0, Section(id="mine", title=title, part="answer", blocks=[mine]))
    return msgspec.structs.replace(document, sections=sections)


async def _waiting(visit: Visit) -> Section | None:
    """The results that wait to be confirmed, which the document leaves out."""
    waiting, sheet, say = await visit.waiting(), visit.journey.sheet, words()["waiting"]
    if waiting is None or sheet is None or not waiting.count:
        return None
    shown = [f"{w.row.name} {value_shown(w.row)}" for w in sheet.rows if w.use != "no"]
    rest = [words()["changes"]["more"].format(count=len(shown) - MOST_WAITING)]
    shown = [*shown[:MOST_WAITING], *(rest if len(shown) > MOST_WAITING else [])]
    blocks = [Paragraph(text=say["doctor"].format(results=", ".join(shown)), tone="warning")]
    if waiting.level:
        line = say["doctor_if"].format(
            level=say["levels"][waiting.level], results=", ".join(waiting.alarming)
        )
        blocks.insert(0, Paragraph(text=line, tone="alarm"))
    return Section(id="waiting", title=say["title"], part="answer", blocks=list(blocks))


def _written(document: Document, form: str, scope: str) -> bytes:
    if form == "pdf":
        return pdf.render(document, A4_PAGES[scope]).data
    if form == "html":
        return html.render(document, words()["site"]["title"]).encode()
    text = markdown.render(document) if form == "md" else as_json.render(document)
    return text.encode()


def _style(page: bytes) -> str:
    """The one style sheet that a page may use, by its hash."""
    sheet = page.partition(b"<style>")[2].partition(b"</style>")[0]
    return f"'sha256-{base64.b64encode(hashlib.sha256(sheet).digest()).decode()}'"


routes = [
    Route("/s/{record}/share", share, methods=["GET", "POST"]),
    Route("/s/{record}/share/{scope}.{form}", download),
]

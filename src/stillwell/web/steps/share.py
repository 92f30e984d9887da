"""What can be taken along: a page for the doctor and the whole report, in several forms."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from stillwell.report.write import write
from stillwell.web.desk import desk_of, told
from stillwell.web.journey import Journey

FORMS = {
    "html": ("text/html", "html"),
    "md": ("text/markdown", "md"),
    "json": ("application/json", "json"),
}


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
    return await visit.page("share.html.j2", "share")


async def download(request: Request) -> Response:
    """One form of the report."""
    visit = await desk_of(request).visit(request)
    form, audience = request.path_params["form"], request.path_params["audience"]
    if form not in FORMS or audience not in ("person", "doctor"):
        return visit.goes_to("share")
    assessed = await visit.assessment("full")
    text = await run_in_threadpool(lambda: write(assessed, form, audience=audience))
    kind, ending = FORMS[form]
    response = Response(text, media_type=kind)
    if form == "html":  # a page complete in itself: it holds its own style and nothing that runs
        response.headers["Content-Security-Policy"] = (
            "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox allow-popups"
        )
    else:
        response.headers["Content-Disposition"] = f'attachment; filename="report.{ending}"'
    return response


routes = [
    Route("/s/{record}/share", share, methods=["GET", "POST"]),
    Route("/s/{record}/share/{audience}.{form}", download),
]

"""The first page: begin, or go on with what was told before."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from stillwell.store.store import Somebody
from stillwell.web.desk import Desk, desk_of, told
from stillwell.web.journey import KIND, Journey, decoded
from stillwell.web.story_name import quoted
from stillwell.web.wording import words

SHOWN = 5  # stories of a person that are listed at once
NEW = "new"  # somebody who is not here yet


async def home(request: Request) -> Response:
    """Begin, or go on."""
    return await _home(desk_of(request))


async def _home(desk: Desk, error: str = "") -> Response:
    people = await run_in_threadpool(desk.store.people)
    kept = []
    for person in people:
        records = await run_in_threadpool(desk.store.records, person.id, KIND)
        stories = [(r, decoded(r.body)) for r in records]
        kept.append((person, [(r, j, name_of(j)) for r, j in stories if j.told or j.about]))
    status = 422 if error else 200
    return desk.page("home.html.j2", status, people=kept, error=error, shown=SHOWN)


def name_of(journey: Journey) -> str:
    """What a story is about, for the person's own list, with the age; read, not worked out: this page comes at once."""
    name = journey.name or quoted(journey.words)
    age = f"{journey.age:g}" if journey.age is not None else ""
    return ", ".join(p for p in (name, age) if p) if name else ""


async def begin(request: Request) -> Response:
    """A new journey, of somebody who is there or new."""
    desk = desk_of(request)
    form = await request.form()
    chosen, name = told(form.get("person"), 64), told(form.get("name"), 80)
    if chosen == NEW and not name:
        return await _home(desk, words()["home"]["no_name"])
    person = await _person(desk, chosen, name)
    visit = await desk.begin(person)
    return visit.goes_to("words")


async def _person(desk: Desk, person: str, name: str) -> str:
    people: list[Somebody] = await run_in_threadpool(desk.store.people)
    if any(p.id == person for p in people):
        return person
    if people and not name:
        return people[0].id
    return await run_in_threadpool(desk.store.add_person, name or words()["home"]["me"])


async def delete(request: Request) -> Response:
    """Asks before a journey is deleted, and deletes it."""
    desk = desk_of(request)
    visit = await desk.visit(request)
    if request.method == "GET":
        return desk.page("delete.html.j2", visit=visit)
    await run_in_threadpool(desk.store.delete, visit.record.id)
    return desk.page("deleted.html.j2")


routes = [
    Route("/", home),
    Route("/start", begin, methods=["POST"]),
    Route("/s/{record}/delete", delete, methods=["GET", "POST"]),
]

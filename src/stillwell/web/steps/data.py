"""What belongs to the people here: take everything along, bring it back, delete it; and who they are."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from stillwell.store.erase import delete_everything
from stillwell.store.errors import ArchiveError
from stillwell.store.store import Somebody
from stillwell.web.desk import Desk, desk_of, told
from stillwell.web.takeout import bring_back, export
from stillwell.web.uploads import file_of, form_of
from stillwell.web.wording import words

NAME = 80  # letters


async def data(request: Request) -> Response:
    """All that can be done with what is kept here."""
    return await _shown(desk_of(request))


async def _shown(desk: Desk, status: int = 200, **context: object) -> Response:
    people = await run_in_threadpool(desk.store.people)
    shown = {"error": "", "target": "", "done": "", **context}
    return desk.page("data.html.j2", status, people=people, locked=desk.store.locked, **shown)


async def download(request: Request) -> Response:
    """Everything in one zip."""
    store = desk_of(request).store
    body = await run_in_threadpool(export, store)
    await run_in_threadpool(store.noted, "taken_along")
    headers = {"Content-Disposition": 'attachment; filename="stillwell.zip"'}
    return Response(body, media_type="application/zip", headers=headers)


async def bring(request: Request) -> Response:
    """An export comes back."""
    desk, say = desk_of(request), words()["data"]
    body = await file_of(await form_of(request, most_fields=5), "file")
    if not body:
        return await _shown(desk, 422, error=say["no_file"], target="file")
    try:
        taken = await run_in_threadpool(bring_back, desk.store, body)
        await run_in_threadpool(desk.store.noted, "brought_back")
    except ArchiveError as error:
        return await _shown(desk, 422, error=f"{say['not_taken']}: {error}", target="file")
    done = say["taken"].format(new=taken.added, later=taken.replaced, left=taken.left)
    return await _shown(desk, done=done)


async def erase(request: Request) -> Response:
    """Asks before everything is deleted, deletes it, and says whether it is gone from the file."""
    desk, say = desk_of(request), words()["data"]
    if request.method == "GET":
        people = await run_in_threadpool(desk.store.people)
        return desk.page("erase.html.j2", people=people, error="")
    form = await request.form()
    if form.get("sure") != "yes":
        people = await run_in_threadpool(desk.store.people)
        return desk.page("erase.html.j2", 422, people=people, error=say["tick"])
    searched = await run_in_threadpool(delete_everything, desk.store)
    if desk.store.whole:
        desk.work.close()  # and what was worked out of it; with others here it goes with time
    return desk.page("erased.html.j2", searched=searched)


async def add(request: Request) -> Response:
    """Somebody more."""
    desk = desk_of(request)
    name = told((await request.form()).get("name"), NAME)
    if not name:
        return await _shown(desk, 422, error=words()["data"]["no_name"], target="new-name")
    await run_in_threadpool(desk.store.add_person, name)
    return RedirectResponse("/data", 303)


async def rename(request: Request) -> Response:
    """Another name."""
    desk = desk_of(request)
    person = await somebody(request)
    name = told((await request.form()).get("name"), NAME)
    if not name:
        target = f"name-{person.id}"
        return await _shown(desk, 422, error=words()["data"]["no_name"], target=target)
    await run_in_threadpool(desk.store.rename, person.id, name)
    return RedirectResponse("/data", 303)


async def remove(request: Request) -> Response:
    """Asks before a person is deleted with all that is theirs, and deletes them."""
    desk = desk_of(request)
    person = await somebody(request)
    if request.method == "GET":
        return desk.page("remove.html.j2", person=person)
    await run_in_threadpool(desk.store.remove_person, person.id)
    return desk.page("deleted.html.j2")


async def somebody(request: Request) -> Somebody:
    """The person that a path names. Raises HTTPException: there is none."""
    people = await run_in_threadpool(desk_of(request).store.people)
    for one in people:
        if one.id == request.path_params["person"]:
            return one
    raise HTTPException(404)


routes = [
    Route("/data", data),
    Route("/data/export.zip", download),
    Route("/data/import", bring, methods=["POST"]),
    Route("/data/delete", erase, methods=["GET", "POST"]),
    Route("/data/people", add, methods=["POST"]),
    Route("/data/people/{person}", rename, methods=["POST"]),
    Route("/data/people/{person}/remove", remove, methods=["GET", "POST"]),
]

"""Blood tests: typed, pasted or uploaded; and the ones that were confirmed, each to change or remove."""

from __future__ import annotations

import asyncio
import datetime as dt
import re
import secrets
from typing import TypeVar

from msgspec.structs import replace
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from stillwell.case.lab_names import names_of_tests
from stillwell.case.lab_sheet import Place, Row, Unused, read_sheet
from stillwell.case.lab_sheet.pdf_text import too_slow
from stillwell.case.lab_sheet.read import FIELD, SECONDS
from stillwell.case.model import Lab, Person
from stillwell.case.readers import lab_reader
from stillwell.characters import one_line, plain
from stillwell.errors import CaseError
from stillwell.knowledge.store import knowledge
from stillwell.web.desk import Visit, desk_of, told
from stillwell.web.journey import Journey, LabSheet, Waiting
from stillwell.web.lab_kept import Doubt, as_meant, doubt_about, mark, taken_in
from stillwell.web.lab_rows import (
    FIELDS,
    LONGEST,
    fields_of,
    filled_in,
    lab_of,
    row_of,
    rows_shown,
    units_of,
)
from stillwell.web.listening import alarms_in
from stillwell.web.uploads import file_of, form_of
from stillwell.web.wording import words

MOST_LETTERS = 200_000
MOST_ROWS = 300  # that one person can be asked to confirm
MOST_UNUSED = 200  # lines that are listed
LONGEST_LINE = 200  # letters of a line that are shown
LISTS = ("now", "earlier")
T = TypeVar("T", Row, Unused)


async def tests(request: Request) -> Response:
    """Results in words, as a pasted table, or as a file; those that are kept."""
    visit = await desk_of(request).visit(request)
    if request.method == "GET":
        return await _shown(visit)
    form = await form_of(request)
    act = form.get("act")
    if act in ("none", "skip", "go_on"):
        return await _go_on(visit, str(act))
    if act == "remove":
        return await _removed(visit, form)
    if act == "forget":
        await visit.keep(_forget)
        return visit.goes_to("tests")
    return await _read(visit, form)


async def _go_on(visit: Visit, answer: str) -> Response:
    def change(journey: Journey) -> None:
        journey.labs_told = True
        journey.no_labs = answer == "none" and not journey.labs

    await visit.keep(change)
    return visit.goes_back("check")


def _forget(journey: Journey) -> None:
    journey.sheet = None


async def _read(visit: Visit, form: FormData) -> Response:
    """What was typed or uploaded becomes rows to confirm; nothing of it counts yet."""
    say = words()["tests"]
    upload = await file_of(form, "file")
    given = form.get("results")
    # blanks before the first line keep the columns of a pasted table in step
    text = plain(given).rstrip() if isinstance(given, str) and given.strip() else ""
    if len(text) > MOST_LETTERS:
        problem = words()["errors"]["too_long"].format(most=MOST_LETTERS)
        return await _refused(visit, "results", problem, text)
    if text and upload:
        return await _shown(visit, file=say["one_at_a_time"], typed=text)
    if not (text or upload):
        return await _shown(visit, results=say["empty"])
    field = "file" if upload else "results"
    try:
        sheet = await _sheet(upload or text)
    except CaseError as error:
        problem = str(error).removeprefix(f"{error.field}: ")
        return await _refused(visit, field, say["refused"].format(problem=problem), text)
    if not sheet.rows:
        return await _refused(visit, field, say["nothing"], text)
    if len(sheet.rows) > MOST_ROWS:
        many = say["too_many"].format(rows=len(sheet.rows), most=MOST_ROWS)
        return await _refused(visit, field, many, text)
    heard = await alarms_in(visit.desk.work, _no_results(text, sheet))

    def change(journey: Journey) -> None:
        journey.sheet = sheet
        journey.heard.pop("results", None)
        if heard:
            journey.heard["results"] = heard

    await visit.keep(change)
    return visit.goes_to("tests/rows")


async def _refused(visit: Visit, field: str, problem: str, text: str) -> Response:
    """What was typed stays there to be put right, and is listened to."""
    await visit.hears(text)
    return await _shown(visit, **{field: problem}, typed=text)


def _no_results(text: str, sheet: LabSheet) -> list[str]:
    """The lines that a person typed and that are no row of a table."""
    rows = {waiting.row.place.line for waiting in sheet.rows if waiting.row.sure}
    return [line for n, line in enumerate(text.splitlines(), start=1) if n not in rows]


async def _sheet(given: bytes | str) -> LabSheet:
    """The rows of a lab sheet, within its time.

    Raises:
        CaseError: it cannot be read.
    """
    loop = asyncio.get_running_loop()
    try:  # the reader watches its time itself; this is for what it cannot interrupt
        return await asyncio.wait_for(
            loop.run_in_executor(None, _waiting, given), timeout=SECONDS + 1
        )
    except TimeoutError:
        raise too_slow(FIELD) from None


def _waiting(given: bytes | str) -> LabSheet:
    sheet = read_sheet(given, apart=True)
    rows = sheet.rows
    if not rows and isinstance(given, str):
        rows = _in_words(given)
    return LabSheet(
        id=secrets.token_hex(8),
        rows=[Waiting(row=_bounded(row)) for row in rows],
        unused=[_shortened(line) for line in sheet.unused[:MOST_UNUSED]],
        more=max(0, len(sheet.unused) - MOST_UNUSED),
    )


def _shortened(found: T) -> T:
    """With words of a length, and of a kind, that a page can show."""
    words_of = one_line(plain(found.place.words), LONGEST_LINE)
    return replace(found, place=replace(found.place, words=words_of))


def _bounded(row: Row) -> Row:
    return replace(
        _shortened(row), said=one_line(row.said, LONGEST), why=one_line(row.why, LONGEST_LINE)
    )


def _in_words(text: str) -> list[Row]:
    """Results that a sentence tells ("my ferritin is low"), each to be asked about."""
    why = words()["tests"]["in_words"]
    rows = []
    for line, said in enumerate(text.splitlines(), start=1):
        place = Place(page=1, line=line, start=0, end=len(said), words=said[:300])
        for lab in lab_reader().read(said, Person()).labs:
            row = row_of(lab)
            rows.append(replace(row, place=place, sure=False, why=why))
    return rows


async def _removed(visit: Visit, form: FormData) -> Response:
    which, place = _place(told(form.get("row"), LONGEST))
    was = form.get("was")

    def change(journey: Journey) -> None:
        kept = _list(journey, which)
        if place < len(kept) and mark(kept[place]) == was:
            kept.pop(place)

    await visit.keep(change)
    return visit.goes_to("tests")


def _place(text: str) -> tuple[str, int]:
    found = re.fullmatch(r"(now|earlier)-(\d{1,4})", text)
    return (found[1], int(found[2])) if found else ("now", 9999)


def _list(journey: Journey, which: str) -> list[Lab]:
    return journey.labs if which == "now" else journey.earlier


async def change_one(request: Request) -> Response:
    """One result that is kept, to be changed."""
    visit = await desk_of(request).visit(request)
    which, place = request.path_params["which"], request.path_params["place"]
    kept = _list(visit.journey, which) if which in LISTS else []
    if place >= len(kept):
        return visit.goes_to("tests")
    row = row_of(kept[place], which == "earlier")
    if request.method == "GET":
        return await _one(visit, row, mark(kept[place]), fields_of(row), {})
    form = await request.form()
    was = form.get("was")
    if was != mark(kept[place]):  # another window changed the list meanwhile
        return visit.goes_to("tests")
    typed = {f: told(form.get(f"{f}-0"), 1000)[:LONGEST] for f in FIELDS if f"{f}-0" in form}
    shown = {**fields_of(row), **typed}
    done, errors = filled_in(row, typed, dt.date.today())
    doubt = doubt_about(done, visit.journey.person) if not errors else None
    if doubt is not None and doubt.hopeless:
        say = words()["tests"]["wrong"]["impossible"]
        errors = {"value": say.format(told=doubt.told, test=doubt.name)}
    if errors:
        return await _one(visit, row, str(was), shown, errors)
    kept_as: Row | None = done
    if doubt is not None:
        meant = told(form.get("meant-0"), LONGEST)
        if form.get("asked") != doubt.told or meant not in doubt.ways_out:
            return await _one(visit, row, str(was), shown, {}, doubt)
        kept_as = as_meant(done, meant)

    def change(journey: Journey) -> None:
        mine = _list(journey, which)
        if not (place < len(mine) and mark(mine[place]) == was):
            return
        mine.pop(place)
        if kept_as is not None and which == "now":
            mine.insert(place, lab_of(kept_as))
        elif kept_as is not None:
            journey.labs, journey.earlier = taken_in(journey.labs, mine, [kept_as])

    await visit.keep(change)
    return visit.goes_to("tests")


async def _one(
    visit: Visit,
    row: Row,
    was: str,
    typed: dict[str, str],
    errors: dict[str, str],
    doubt: Doubt | None = None,
) -> Response:
    return await visit.page(
        "tests_change.html.j2",
        "tests",
        422 if errors or doubt else 200,
        row=row,
        was=was,
        doubt=doubt,
        typed=typed,
        errors=errors,
        units=units_of(row, typed),
        all_tests=test_names(),
        today=dt.date.today().isoformat(),
    )


def test_names() -> list[str]:
    """The names of all tests, to choose from."""
    return sorted({test.name for test in names_of_tests(knowledge()).values()}, key=str.lower)


async def _shown(visit: Visit, *, results: str = "", file: str = "", typed: str = "") -> Response:
    journey = visit.journey
    lists = {"now": journey.labs, "earlier": journey.earlier}
    return await visit.page(
        "tests.html.j2",
        "tests",
        422 if results or file else 200,
        errors={"results": results, "file": file},
        typed=typed,
        kept={name: rows_shown(labs) for name, labs in lists.items()},
        marks={name: [mark(lab) for lab in labs] for name, labs in lists.items()},
    )


routes = [
    Route("/s/{record}/tests", tests, methods=["GET", "POST"]),
    Route("/s/{record}/tests/{which}/{place:int}", change_one, methods=["GET", "POST"]),
]

"""A lab sheet row by row: unsure ones first, nothing taken before it is confirmed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from stillwell.case.lab_sheet import Row
from stillwell.case.lab_sheet.checks import range_shown
from stillwell.case.model import Person
from stillwell.web.desk import Visit, desk_of, told
from stillwell.web.journey import Journey, LabSheet, Waiting
from stillwell.web.lab_kept import (
    Doubt,
    as_meant,
    doubt_about,
    taken_in,
    told_before,
)
from stillwell.web.lab_rows import (
    FIELDS,
    LONGEST,
    day_of,
    fields_of,
    filled_in,
    row_of,
    smudged,
    units_of,
    value_shown,
)
from stillwell.web.steps.tests import MOST_ROWS, test_names
from stillwell.web.wording import words

Typed = Mapping[int, dict[str, str]]
Errors = dict[int, dict[str, str]]
ALL = -1  # in the place of a row's number: the day of all rows that have none


async def rows(request: Request) -> Response:
    """The rows of a sheet, to be confirmed."""
    visit = await desk_of(request).visit(request)
    sheet = visit.journey.sheet
    if sheet is None:
        return visit.goes_to("tests")
    if request.method == "GET":
        return await _shown(visit, sheet)
    form = await request.form(max_fields=MOST_ROWS * (len(FIELDS) + 2))
    if form.get("sheet") != sheet.id:  # another window has sent another sheet
        return visit.goes_to("tests/rows")
    answered, typed, errors = _answers(sheet, form)
    if not errors:
        errors = _impossible(answered, visit.journey.person)
    if errors:
        day = told(form.get("day"), 1000)[:LONGEST]
        return await _shown(visit, sheet, answered, typed, errors, day)
    person = visit.journey.person
    asked = [
        n
        for n, waiting in enumerate(answered)
        if waiting.use == "yes" and doubt_about(waiting.row, person) is not None
    ]
    if asked:
        return await _on_with(visit, sheet, answered, asked)
    return await _kept(visit, sheet, [w.row for w in answered if w.use == "yes"])


def _answers(sheet: LabSheet, form: FormData) -> tuple[list[Waiting], Typed, Errors]:
    """What was said about each row, what stands in its fields, and what is wrong there."""
    say = words()["tests"]["wrong"]
    today = dt.date.today()
    wrong_day: dict[str, str] = {}
    every_day = day_of(told(form.get("day"), 1000)[:LONGEST], today, wrong_day)
    done: list[Waiting] = []
    typed: dict[int, dict[str, str]] = {}
    errors: Errors = {}
    for n, waiting in enumerate(sheet.rows):
        choice = form.get(f"use-{n}")
        use = "yes" if choice == "yes" else "no"
        fields = {
            f: told(form.get(f"{f}-{n}"), 1000)[:LONGEST] for f in FIELDS if f"{f}-{n}" in form
        }
        typed[n] = {**fields_of(waiting.row), **fields}
        row = waiting.row
        if not row.sure and choice not in ("yes", "no"):
            errors[n] = {"use": say["no_choice"].format(name=f"{row.name} {value_shown(row)}")}
            use = ""
        elif use == "yes":
            row, wrong = filled_in(row, fields, today)
            if wrong:
                errors[n] = wrong
            elif row.date is None and not row.previous:
                row = replace(row, date=every_day)
        done.append(Waiting(row=row, use=use))  # type: ignore[arg-type]
    if wrong_day:
        errors[ALL] = {"day": wrong_day["date"]}
    return done, typed, errors


def _impossible(answered: list[Waiting], person: Person) -> Errors:
    """Results that are possible in no unit: there is nothing to choose from."""
    say = words()["tests"]["wrong"]
    errors: Errors = {}
    for n, waiting in enumerate(answered):
        if waiting.use != "yes":
            continue
        doubt = doubt_about(waiting.row, person)
        if doubt is not None and doubt.hopeless:
            errors[n] = {"value": say["impossible"].format(told=doubt.told, test=doubt.name)}
    return errors


async def _on_with(
    visit: Visit, sheet: LabSheet, answered: list[Waiting], asked: list[int]
) -> Response:
    """To the page that asks for the units; what was filled in waits there."""

    def change(journey: Journey) -> None:
        if journey.sheet is not None and journey.sheet.id == sheet.id:
            journey.sheet = LabSheet(
                id=sheet.id, rows=answered, unused=sheet.unused, more=sheet.more, asked=asked
            )

    await visit.keep(change)
    return visit.goes_to("tests/units")


async def _kept(visit: Visit, sheet: LabSheet, confirmed: list[Row]) -> Response:
    """The confirmed rows count from now on; the sheet is forgotten."""

    def change(journey: Journey) -> None:
        if journey.sheet is None or journey.sheet.id != sheet.id:
            return
        journey.labs, journey.earlier = taken_in(journey.labs, journey.earlier, confirmed)
        journey.labs_told, journey.sheet = True, None
        journey.no_labs = journey.no_labs and not journey.labs

    await visit.keep(change)
    return visit.goes_back("tests")


async def units(request: Request) -> Response:
    """Results that are possible, or likely, only in another unit: which one was it?"""
    visit = await desk_of(request).visit(request)
    sheet = visit.journey.sheet
    if sheet is None or not sheet.asked:
        return visit.goes_to("tests" if sheet is None else "tests/rows")
    person = visit.journey.person
    doubts = {
        n: d for n in sheet.asked if (d := doubt_about(sheet.rows[n].row, person)) is not None
    }
    if request.method == "GET":
        return await _asked(visit, sheet, doubts, {}, [])
    form = await request.form()
    if form.get("sheet") != sheet.id:
        return visit.goes_to("tests/rows")
    answers = {n: told(form.get(f"meant-{n}"), LONGEST) for n in doubts}
    open_ = [n for n, doubt in doubts.items() if answers[n] not in doubt.ways_out]
    if open_:
        return await _asked(visit, sheet, doubts, answers, open_)
    confirmed = []
    for n, waiting in enumerate(sheet.rows):
        row = as_meant(waiting.row, answers[n]) if n in answers else waiting.row
        if waiting.use == "yes" and row is not None:
            confirmed.append(row)
    return await _kept(visit, sheet, confirmed)


async def _asked(
    visit: Visit,
    sheet: LabSheet,
    doubts: dict[int, Doubt],
    answers: dict[int, str],
    open_: list[int],
) -> Response:
    return await visit.page(
        "tests_units.html.j2",
        "tests",
        422 if open_ else 200,
        sheet=sheet,
        doubts=doubts,
        answers=answers,
        open=open_,
    )


async def _shown(
    visit: Visit,
    sheet: LabSheet,
    answered: list[Waiting] | None = None,
    typed: Typed | None = None,
    errors: Errors | None = None,
    day: str = "",
) -> Response:
    shown = [
        _row(visit.journey, n, waiting, (answered or sheet.rows)[n].use, (typed or {}).get(n))
        for n, waiting in enumerate(sheet.rows)
    ]
    return await visit.page(
        "tests_rows.html.j2",
        "tests",
        422 if errors else 200,
        sheet=sheet,
        unsure=sorted((r for r in shown if not r["row"].sure), key=lambda r: bool(r["alien"])),
        now=[r for r in shown if r["row"].sure and not r["row"].previous],
        earlier=[r for r in shown if r["row"].sure and r["row"].previous],
        pages=len({r["row"].place.page for r in shown}) > 1,
        errors=errors or {},
        day=day,
        undated=any(r["row"].date is None and not r["row"].previous for r in shown),
        all_tests=test_names(),
        today=dt.date.today().isoformat(),
    )


def _row(
    journey: Journey, n: int, waiting: Waiting, use: str, typed: dict[str, str] | None
) -> dict[str, Any]:
    """What a page shows of a row."""
    row = waiting.row
    alien = row.test is None and not row.near and not row.sure
    chosen = use or ("yes" if row.sure else "no" if alien and typed is None else "")
    before = told_before(row, journey.labs)
    return {
        "n": n,
        "row": row,
        "alien": alien,
        "use": chosen,
        "typed": typed or fields_of(row),
        "units": units_of(row, typed),
        "value": "" if smudged(row) else value_shown(row),
        "range": range_shown(row.reference) if row.reference else "",
        "flag": words()["tests"]["flags"].get(row.flag, ""),
        "before": value_shown(row_of(before)) if before else "",
    }


routes = [
    Route("/s/{record}/tests/rows", rows, methods=["GET", "POST"]),
    Route("/s/{record}/tests/units", units, methods=["GET", "POST"]),
]

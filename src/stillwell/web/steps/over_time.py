"""What is kept over time: the symptom diary, repeated results, what changed, and dates to look again."""

from __future__ import annotations

import datetime as dt
from statistics import median
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from stillwell.case.model import Case, Person
from stillwell.knowledge.store import knowledge
from stillwell.report.chances import percent
from stillwell.report.document import CareCard
from stillwell.report.sections.care import care_card
from stillwell.report.wording import words as report_words
from stillwell.store.errors import StaleError
from stillwell.store.store import Record, Somebody
from stillwell.web.charts import HEIGHT, WIDTH, Value, chart
from stillwell.web.desk import LOUD, TRIES, Desk, Visit, card_of, desk_of, told
from stillwell.web.diary import KIND, WORST, DiaryDay, decoded, encoded
from stillwell.web.follow_up import calendar, follow_ups
from stillwell.web.listening import alarms_in
from stillwell.web.over_time import (
    Story,
    causes_changed,
    day_of,
    lab_series,
    results_changed,
    signs_changed,
    taken_changed,
)
from stillwell.web.steps.data import somebody
from stillwell.web.stories import one_a_day, stories_of
from stillwell.web.wording import words

DRAWN = 60  # days in the picture
LISTED = 31  # days in the table, unless all are asked for
LATELY = 14  # days that are summed up
FRESH = 7  # days for which an alarm sign in a note stands on top: what was noted before is seen to or over
EARLIEST = dt.date(1900, 1, 1)
Kept = tuple[Record, DiaryDay]


async def diary(request: Request) -> Response:
    """The days that were noted, a picture of them, and a form for one more."""
    desk, person = desk_of(request), await somebody(request)
    today = dt.date.today()
    if request.method == "GET":
        asked = _date(request.query_params.get("day", ""))
        every = request.query_params.get("all") == "yes"
        saved = _date(request.query_params.get("saved", ""))
        return await _diary(desk, person, asked, every=every, saved=saved)
    form = await request.form()
    remove = told(form.get("remove"), 40)
    if remove:
        if any(r.id == remove for r, _ in await _days(desk, person.id)):
            await run_in_threadpool(desk.store.delete, remove)
        return RedirectResponse(f"/p/{person.id}/diary", 303)
    say = words()["diary"]
    typed = told(form.get("day"), 20)
    day = _date(typed)
    noted = DiaryDay(
        day=day or today,
        severity=_severity(told(form.get("severity"), 10)),
        disturbed={"yes": True, "no": False}.get(told(form.get("night"), 10)),
        triggers=_several(told(form.get("triggers"), 2000), form.get("triggers_none")),
        tried=_several(told(form.get("tried"), 2000), form.get("tried_none")),
        note=told(form.get("note"), 2000),
    )
    if day is None or not EARLIEST <= day <= today + dt.timedelta(days=1):
        error = say["day_wrong"].format(typed=typed)
        return await _diary(desk, person, today, error, "day", noted)
    if noted == DiaryDay(day=day):
        return await _diary(desk, person, day, say["empty"], "severity-none", noted)
    await _keep(desk, person.id, noted)
    return RedirectResponse(f"/p/{person.id}/diary?saved={day}", 303)


async def _keep(desk: Desk, person: str, noted: DiaryDay) -> None:
    """Keep a day in the place of what was noted of it before. Raises StoreError."""
    for _ in range(TRIES):
        old = next((r for r, d in await _days(desk, person) if d.day == noted.day), None)
        try:
            if old is None:
                await run_in_threadpool(desk.store.add, person, KIND, encoded(noted))
            else:
                body = encoded(noted)
                await run_in_threadpool(desk.store.put, old.id, body, old.revision)
            return
        except StaleError:
            continue
    raise StaleError("it is being changed in other windows; please try again")


async def _days(desk: Desk, person: str) -> list[Kept]:
    """The days of a person, the latest first; of two records of one day the one changed last."""
    records = await run_in_threadpool(desk.store.records, person, KIND)
    by_day: dict[dt.date, Kept] = {}
    for record in records:
        day = decoded(record.body)
        by_day.setdefault(day.day, (record, day))
    return [by_day[d] for d in sorted(by_day, reverse=True)]


async def _diary(
    desk: Desk,
    person: Somebody,
    asked: dt.date | None,
    error: str = "",
    target: str = "",
    typed: DiaryDay | None = None,
    every: bool = False,
    saved: dt.date | None = None,
) -> Response:
    """The form shows a day's own values where that day is asked for, and nothing else."""
    days = await _days(desk, person.id)
    stories = await stories_of(desk, person.id)
    series = await run_in_threadpool(lab_series, stories, knowledge())
    say = words()["diary"]
    drawn = [
        Value(d.day, d.severity, f"{d.day:%-d %b %Y}: {d.severity}") for _, d in days[:DRAWN][::-1]
    ]
    today = dt.date.today()
    loaded = next((d for _, d in days if d.day == asked), None) if not typed else None
    shown = typed or loaded or DiaryDay(day=asked or today)
    noted = {d.day for _, d in days}
    heard = await _heard(desk, [*([typed] if typed else []), *(d for _, d in days)], stories)
    card = await _card(desk, heard, stories)
    return desk.page(
        "diary.html.j2",
        422 if error else 200,
        care=card,
        loud=card is not None and card.level in LOUD,
        heard={"diary": heard},
        labels=report_words().labels,
        source_marks=lambda keys: "",
        person=person,
        days=days,
        listed_days=len(days) if every else LISTED,
        shown=shown,
        loaded=loaded,
        day="" if not (typed or asked) and today in noted else shown.day,
        saved=saved if saved in noted else None,
        worst=WORST,
        today=today,
        picture=chart(drawn, scale=(0, WORST), every_day=True),
        lately=_lately([d for _, d in days], say),
        series=series,
        stories=len(stories),
        size=(WIDTH, HEIGHT),
        error=error,
        target=target,
    )


async def _heard(desk: Desk, days: list[DiaryDay], stories: list[Story]) -> list[str]:
    """What the days of this week tell of alarm signs, in the person's words."""
    since = dt.date.today() - dt.timedelta(days=FRESH)
    fresh = [d for d in days if d.day > since]
    texts = [t for d in fresh for t in (d.note, *(d.triggers or []), *(d.tried or [])) if t]
    beside = stories[-1][1].case(knowledge()) if stories else None
    return await alarms_in(desk.work, texts, beside) if texts else []


async def _card(desk: Desk, heard: list[str], stories: list[Story]) -> CareCard | None:
    """The card of what the diary tells, for the person of the last story."""
    if not heard:
        return None
    about = stories[-1][1].person if stories else Person()
    return await card_of(desk.work, Case(person=about, complaint="\n".join(heard)))


def _lately(days: list[DiaryDay], say: dict[str, str]) -> list[str]:
    """The last fortnight in words, of what was recorded."""
    start = dt.date.today() - dt.timedelta(days=LATELY)
    recent = [d for d in days if d.day > start]
    marks = [d.severity for d in recent if d.severity is not None]
    nights = [d.disturbed for d in recent if d.disturbed is not None]
    lines = []
    if marks:
        lines.append(say["lately_severity"].format(days=len(marks), low=min(marks), high=max(marks), middle=f"{median(marks):g}"))  # fmt: skip
    if nights:
        lines.append(say["lately_nights"].format(bad=sum(nights), nights=len(nights)))
    return lines


async def changes(request: Request) -> Response:
    """Two stories of a person side by side, both assessed with what is known today."""
    desk, person = desk_of(request), await somebody(request)
    stories = one_a_day(await stories_of(desk, person.id))
    context: dict[str, Any] = {
        "person": person,
        "stories": [(r.id, day_of(r, j)) for r, j in stories],
    }
    if len(stories) < 2:
        return desk.page("changes.html.j2", compared=None, chosen=("", ""), **context)
    by_id = {r.id: (r, j) for r, j in stories}
    before = by_id.get(request.query_params.get("before", ""), stories[-2])
    after = by_id.get(request.query_params.get("after", ""), stories[-1])
    first = await Visit(desk, *before).assessment("questions")
    then = await Visit(desk, *after).assessment("questions")
    card = care_card(then)
    calm = then.urgency.level != "emergency"  # an emergency's page holds no calming numbers
    compared = {
        "before": day_of(*before),
        "after": day_of(*after),
        "results": await run_in_threadpool(results_changed, first, then),
        "taken": taken_changed(first, then),
        "signs": signs_changed(first, then),
        "causes": await run_in_threadpool(causes_changed, first, then) if calm else [],
        "calm": calm,
        "urgency": (first.urgency.level, then.urgency.level),
    }
    return desk.page(
        "changes.html.j2",
        compared=compared,
        chosen=(before[0].id, after[0].id),
        care=card,
        loud=card.level in LOUD,
        labels=report_words().labels,
        percent=percent,
        source_marks=lambda keys: "",
        **context,
    )


async def dates(request: Request) -> Response:
    """The dates that the last story's plan names."""
    desk, person = desk_of(request), await somebody(request)
    record, last = await _last(desk, person.id)
    assessed = await Visit(desk, record, last).assessment("full")
    card = care_card(assessed)
    return desk.page(
        "dates.html.j2",
        person=person,
        record=record,
        dates=follow_ups(assessed, day_of(record, last)),
        start=day_of(record, last),
        care=card,
        loud=card.level in LOUD,
        labels=report_words().labels,
        source_marks=lambda keys: "",
    )


async def dates_file(request: Request) -> Response:
    """The same as a calendar file."""
    desk, person = desk_of(request), await somebody(request)
    record, last = await _last(desk, person.id)
    assessed = await Visit(desk, record, last).assessment("full")
    found = follow_ups(assessed, day_of(record, last))
    body = await run_in_threadpool(calendar, found, record.id, record.changed)
    headers = {"Content-Disposition": 'attachment; filename="dates.ics"'}
    return Response(body, media_type="text/calendar", headers=headers)


async def _last(desk: Desk, person: str) -> Story:
    """The last story. Raises HTTPException: there is none."""
    stories = await stories_of(desk, person)
    if not stories:
        raise HTTPException(404)
    return stories[-1]


def _date(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


def _severity(text: str) -> int | None:
    """The number that was chosen; nothing chosen is not 0."""
    return int(text) if text in {str(n) for n in range(WORST + 1)} else None


def _several(text: str, none: Any) -> list[str] | None:
    """One entry a line; [] only where "none" was said, None where nothing was."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines or ([] if none == "yes" else None)


routes = [
    Route("/p/{person}/diary", diary, methods=["GET", "POST"]),
    Route("/p/{person}/changes", changes),
    Route("/p/{person}/dates", dates),
    Route("/p/{person}/dates.ics", dates_file),
]

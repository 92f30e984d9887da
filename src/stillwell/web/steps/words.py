"""Your words, who you are, what you take."""

from __future__ import annotations

import re
from contextlib import suppress

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from stillwell.case.dose_words import without_dose
from stillwell.case.readers import medicine_names
from stillwell.case.understand import SENTENCE
from stillwell.errors import StillwellError
from stillwell.knowledge.store import knowledge
from stillwell.language.number_words import with_figures
from stillwell.triage.rules import RED
from stillwell.web.body_map import FEELS, PLACES, SHAPES
from stillwell.web.desk import Visit, desk_of, told
from stillwell.web.journey import Journey
from stillwell.web.story_name import keep_name
from stillwell.web.taken import taken_in_words
from stillwell.web.wording import words
from stillwell.web.work import TooBusy

MOST_LETTERS = 20_000
AGES = (0, 120)
MONTHS = 12  # of a year
MOST_OF_AGE = 40  # letters
_AGE = re.compile(
    r"(?:i am |i'm )?(?:about )?(?P<number>\d{1,3}(?:[.,]\d{1,2})?)"
    r"\s*(?P<unit>years?|yrs?|yo?|months?|mths?)?(?:[ -]?old| of age)?\.?"
)
WHOLE_YEARS = 2.0  # the age from which parts of a year are not said


async def own_words(request: Request) -> Response:
    """The person's own words, and the picture of the legs."""
    visit = await desk_of(request).visit(request)
    if request.method == "GET":
        return await _words(visit, picture=bool(request.query_params.get("picture")))
    form = await request.form()
    said = told(form.get("words"), MOST_LETTERS)
    places = [p for p in form.getlist("place") if p in PLACES]
    feels = [f for f in form.getlist("feel") if f in FEELS]
    if not (said or feels):
        return await _words(visit, words()["words"]["empty"])

    def change(journey: Journey) -> None:
        if said != journey.words:
            journey.misread = []
            journey.most_questions, journey.asked_out = 0, False  # another story, another promise
        journey.words, journey.places, journey.feels = (
            said,
            list(map(str, places)),
            list(map(str, feels)),
        )

    await visit.keep(change)
    try:
        assessed = await visit.assessment("bars")
    except StillwellError as error:
        return await _words(visit, str(error))
    lost = await _lost(visit)
    first = assessed.urgency.level in RED and not (visit.journey.about or lost)
    await keep_name(visit, first)
    if lost:
        return visit.goes_to("heard")
    return visit.goes_to("urgent" if visit.journey.about else visit.next_to("words"))


async def _lost(visit: Visit) -> bool:
    """Whether nothing of the words was understood."""
    return (await visit.understood()).understood_nothing


async def heard(request: Request) -> Response:
    """Right after words of which nothing was understood: say so, and ask what to do."""
    visit = await desk_of(request).visit(request)
    if not visit.journey.words or not await _lost(visit):
        return visit.goes_to(visit.next_to("words"))
    assessed = await visit.assessment("bars")
    return await visit.page("heard.html.j2", "words", unclear=assessed.unclear)


async def _words(visit: Visit, error: str = "", picture: bool = False) -> Response:
    return await visit.page(
        "words.html.j2",
        "words",
        422 if error else 200,
        error=error,
        picture=picture or bool(visit.journey.places or visit.journey.feels),
        all_places=PLACES,
        shapes=SHAPES,
        all_feels=FEELS,
    )


async def about(request: Request) -> Response:
    """Age and sex; what the words tell of them stands there to be confirmed."""
    visit = await desk_of(request).visit(request)
    if request.method == "GET":
        return await _about(visit)
    form = await request.form()
    typed, sex = told(form.get("age"), MOST_OF_AGE), str(form.get("sex") or "")
    age = age_of(typed) if typed else None
    if typed and age is None:
        return await _about(visit, words()["you"]["age_wrong"].format(typed=typed), typed, sex)
    carries = form.get("pregnant")
    if sex == "male" and carries not in ("yes", "no") and await _tells_pregnancy(visit):
        # the one would rule the other out: neither is dropped unasked
        return await _about(visit, words()["you"]["pregnant_asked"], typed, sex, ask_pregnant=True)

    def change(journey: Journey) -> None:
        journey.about = True
        journey.age = age
        journey.sex = sex if sex in ("female", "male") else None  # type: ignore[assignment]
        if journey.sex == "male":
            journey.pregnant = None
            if carries == "yes":  # the body's sex is asked for: blood values are those of pregnancy
                journey.sex, journey.pregnant = None, True

    await visit.keep(change)
    return visit.goes_on(request, visit.next_to("you"))


async def _tells_pregnancy(visit: Visit) -> bool:
    """Whether the words tell a pregnancy, were it not for the sex."""
    said = msgspec.structs.replace(visit.journey, sex=None, age=None)
    try:
        return (
            "pregnant" in (await Visit(visit.desk, visit.record, said).understood()).history_present
        )
    except StillwellError:
        return False


def age_of(typed: str) -> float | None:
    """An age in years as people write it; None where it is none.

    >>> age_of("60"), age_of("60 years"), age_of("thirty four"), age_of("8 months"), age_of("1e2"), age_of("old")
    (60.0, 60.0, 34.0, 0.6666666666666666, None, None)
    """
    found = _AGE.fullmatch(with_figures(typed.lower()).strip())
    if found is None:
        return None
    number = float(found["number"].replace(",", "."))
    age = number / MONTHS if (found["unit"] or "").startswith("m") else number
    return age if AGES[0] <= age <= AGES[1] else None


async def _about(
    visit: Visit, error: str = "", typed: str = "", sex: str = "", ask_pregnant: bool = False
) -> Response:
    """What was answered or typed; before that what the words tell, to be confirmed."""
    person = visit.journey.person
    read = False
    if not (visit.journey.about or error):
        with suppress(StillwellError, TooBusy):
            person = (await visit.understood()).person
        read = person.age is not None or person.sex is not None
    chosen = sex or person.sex or ("open" if visit.journey.about else "")
    age = typed if error else "" if person.age is None else years(person.age)
    return await visit.page(
        "you.html.j2",
        "you",
        422 if error else 200,
        error=error,
        age=age,
        sex=chosen,
        read=read,
        ask_pregnant=ask_pregnant,
    )


def years(age: float) -> str:
    """An age as people say it: whole years from two on.

    >>> years(34.0), years(67.4), years(8 / 12)
    ('34', '67', '0.67')
    """
    return f"{age:.0f}" if age >= WHOLE_YEARS else f"{age:.2g}"


async def medicines(request: Request) -> Response:
    """What is taken: one a line; "none" and "I don't know" are two answers."""
    visit = await desk_of(request).visit(request)
    if request.method == "GET":
        return await _medicines(visit)
    form = await request.form()
    choice = form.get("choice")
    listed = _lines(told(form.get("medicines")))
    extra = _lines(told(form.get("supplements")))
    if choice == "none" and (
        listed or extra
    ):  # the one would lose the other: neither is dropped unasked
        return await _medicines(visit, words()["medicines"]["both"], (listed, extra))
    if choice == "some" and not (listed or extra):
        error = words()["medicines"]["empty"]
        return await _medicines(visit, error)

    def change(journey: Journey) -> None:
        journey.medicines_told = True
        some = choice == "some"
        journey.medicines = listed if some else [] if choice == "none" else None
        journey.supplements = extra if some else []

    await visit.keep(change)
    return visit.goes_on(request, visit.next_to("medicines"))


async def _medicines(
    visit: Visit, error: str = "", typed: tuple[list[str], list[str]] | None = None
) -> Response:
    """What was typed or listed; before that what the words tell, to be confirmed."""
    journey = visit.journey
    listed, extra = typed or (journey.medicines or [], journey.supplements)
    read = False
    if not (journey.medicines_told or typed):
        listed, extra = await taken_in_words(journey, knowledge(), visit.desk.work)
        read = bool(listed or extra)
    return await visit.page(
        "medicines.html.j2",
        "medicines",
        422 if error else 200,
        error=error,
        listed=listed,
        extra=extra,
        read=read,
    )


def _lines(text: str) -> list[str]:
    """One entry a line or between commas or semicolons; a comma inside a number or a sentence divides nothing."""
    entries = []
    for line in text.replace(";", "\n").splitlines():
        parts = [part.strip() for part in line.split(", ")]
        entries += [line.strip()] if _is_sentence(parts) else parts
    return [e for e in entries if e]


def _is_sentence(parts: list[str]) -> bool:
    """Whether the parts of a line tell something and name no medicine."""
    told = any(len(without_dose(part).split()) >= SENTENCE for part in parts)
    return told and not any(medicine_names().told(f"taking {part}") for part in parts)


routes = [
    Route("/s/{record}/words", own_words, methods=["GET", "POST"]),
    Route("/s/{record}/heard", heard),
    Route("/s/{record}/you", about, methods=["GET", "POST"]),
    Route("/s/{record}/medicines", medicines, methods=["GET", "POST"]),
]

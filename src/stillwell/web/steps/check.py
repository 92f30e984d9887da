"""Everything that was told, each with a way to change it."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from stillwell.assess.interview import page_of
from stillwell.knowledge.store import knowledge
from stillwell.nutrition.intake.habits import questions
from stillwell.web.desk import desk_of, named
from stillwell.web.journey import SKIP, UNKNOWN, Answer, Journey
from stillwell.web.lab_rows import rows_shown
from stillwell.web.steps.food.days import how_much
from stillwell.web.unsure import unsure
from stillwell.web.wording import words


async def check(request: Request) -> Response:
    """All answers in a list."""
    visit = await desk_of(request).visit(request)
    if visit.journey.told:
        visit.ahead("full")
    return await visit.page(
        "check.html.j2",
        "check",
        rows=rows(visit.journey),
        unsure=await unsure(visit),
        answers=[(page_of(a.key, knowledge()).text, said(a)) for a in visit.journey.answers],
    )


def rows(journey: Journey) -> list[tuple[str, str, str]]:
    """Label, what was told, and the step where it is changed."""
    say, you, marks = words()["check"], words()["you"], words()["body_map"]
    marked = [
        *(marks["names"][p] for p in journey.places),
        *(marks["feels"][f] for f in journey.feels),
    ]
    age = f"{journey.age:g}" if journey.age is not None else ""
    sex = you["sexes"][journey.sex] if journey.sex else ""
    no_tests = say["told_none"] if journey.no_labs else say["skipped"] if journey.labs_told else ""
    none = say["told_none"] if journey.medicines == [] and not journey.supplements else ""
    results = [f"{row['name']} {row['value']}" for row in rows_shown(journey.labs)]
    if journey.sheet is not None:
        count = len(journey.sheet.rows)
        waiting = words()["tests"]["waiting" if count > 1 else "waiting_one"].format(count=count)
        results.append(waiting)
    found = [
        (say["words"], journey.words, "words"),
        (say["marked"], ", ".join(marked), "words"),
        (say["age"], age, "you"),
        (say["sex"], sex, "you"),
        (say["medicines"], "\n".join(journey.medicines or []) or none, "medicines"),
        (say["supplements"], "\n".join(journey.supplements) or none, "medicines"),
        (say["food"], "\n\n".join(_days(journey)) or _not_recorded(journey), "food"),
        (say["food_form"], _form(journey), "food/often"),
        (say["avoids"], "\n".join(journey.avoids) or _eats_all(journey), "food/not"),
        (say["allergies"], "\n".join(journey.allergies), "food/not"),
        (say["tests"], "\n".join(results) or no_tests, "tests"),
    ]
    seldom = (say["marked"], say["food_form"], say["allergies"])
    return [(label, text, step) for label, text, step in found if text or label not in seldom]


def _days(journey: Journey) -> list[str]:
    """Each day in its words, with how much of it was told."""
    how = words()["food"]["start"]["how_much"]
    kinds = [how_much(journey, place) for place in range(len(journey.diary))]
    return [
        how[kind] if kind == "nothing" else f"{day} ({how[kind]})"
        for day, kind in zip(journey.diary, kinds, strict=True)
    ]


def _not_recorded(journey: Journey) -> str:
    return str(words()["check"]["skipped"]) if journey.food_told and not journey.habits else ""


def _form(journey: Journey) -> str:
    if not journey.habits:
        return ""
    done = words()["food"]["start"]["often_done"]
    return str(done.format(number=len(journey.habits), most=len(questions())))


def _eats_all(journey: Journey) -> str:
    some = journey.avoids or journey.allergies
    return str(words()["check"]["eats_all"]) if journey.avoids_told and not some else ""


def said(answer: Answer) -> str:
    """An answer in the words it was chosen in."""
    say, ask = words()["check"], words()["questions"]
    fixed = {
        SKIP: say["skipped"],
        UNKNOWN: say["unknown"],
        "yes": ask["yes"],
        "no": ask["no"],
        "none": ask["none"],
    }
    if answer.answer in fixed:
        return str(fixed[answer.answer])
    return ", ".join(named(i) for i in answer.answer.split("|"))


routes = [Route("/s/{record}/check", check)]

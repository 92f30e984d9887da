"""Everything that was told, each with a way to change it."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from stillwell.assess.interview import page_of
from stillwell.knowledge.store import knowledge
from stillwell.web.desk import desk_of, named
from stillwell.web.journey import SKIP, UNKNOWN, Answer, Journey
from stillwell.web.wording import words


async def check(request: Request) -> Response:
    """All answers in a list."""
    visit = await desk_of(request).visit(request)
    if visit.journey.words or visit.journey.feels or visit.journey.labs:
        visit.ahead("full")
    return await visit.page(
        "check.html.j2",
        "check",
        rows=rows(visit.journey),
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
    none = say["told_none"] if journey.medicines == [] and not journey.supplements else ""
    results = [
        " ".join(
            str(p)
            for p in (lab.name, lab.value if lab.value is not None else lab.flag, lab.unit or "")
            if p
        )
        for lab in journey.labs
    ]
    found = [
        (say["words"], journey.words, "words"),
        (say["marked"], ", ".join(marked), "words"),
        (say["age"], age, "you"),
        (say["sex"], sex, "you"),
        (say["medicines"], "\n".join(journey.medicines or []) or none, "medicines"),
        (say["supplements"], "\n".join(journey.supplements) or none, "medicines"),
        (say["food"], "\n".join(journey.diary), "food"),
        (say["avoids"], "\n".join(journey.avoids), "food"),
        (say["tests"], "\n".join(results), "tests"),
    ]
    return [(label, text, step) for label, text, step in found if text or label != say["marked"]]


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

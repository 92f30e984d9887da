"""The form of three minutes: how often each kind of food is eaten. "Never" is not "I don't know"."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from stillwell.nutrition.intake.habits import Question, questions
from stillwell.web.desk import desk_of, told
from stillwell.web.journey import Journey
from stillwell.web.wording import words

CHOICES = ("", "0", "0.25", "1", "2", "3.5", "5", "7", "14", "21", "28")  # times a week


def grouped() -> list[tuple[str, list[Question]]]:
    """The questions in the groups of the page; what no group names stands in the last one."""
    groups = words()["food"]["often"]["groups"]
    asked = {q.id: q for q in questions()}
    found = []
    for group in groups:
        found.append((group["name"], [asked.pop(i) for i in group["questions"] if i in asked]))
    found[-1][1].extend(asked.values())
    return [(name, list_) for name, list_ in found if list_]


async def often(request: Request) -> Response:
    """The form on one page."""
    visit = await desk_of(request).visit(request)
    if request.method == "GET":
        return await visit.page(
            "food/often.html.j2",
            "food",
            groups=grouped(),
            choices=CHOICES,
            given={k: f"{float(v):g}" for k, v in visit.journey.habits.items()},
        )
    form = await request.form()
    answers: dict[str, float | str] = {}
    for question in questions():
        answer = told(form.get(question.id), 10)
        if answer and answer in CHOICES:
            answers[question.id] = float(answer)

    def change(journey: Journey) -> None:
        journey.food_told = True
        journey.habits = answers

    await visit.keep(change)
    return visit.goes_on(request, "food/amounts" if answers else "food")


routes = [Route("/s/{record}/food/often", often, methods=["GET", "POST"])]

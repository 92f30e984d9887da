"""A text that is too long to be taken: nothing is cut and nothing lost, and all of it is listened to."""

from __future__ import annotations

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from stillwell.case.model import Case
from stillwell.errors import StillwellError
from stillwell.report.wording import words as report_words
from stillwell.web.desk import LOUD, TooLongError, card_of, desk_of
from stillwell.web.listening import MOST_LETTERS, alarms_in
from stillwell.web.wording import words

PASSED_ON = 200  # fields of the form that come along unseen


async def too_long(request: Request, error: Exception) -> Response:
    """The text to be shortened, in the form it came from, under the alarm that it tells."""
    assert isinstance(error, TooLongError)
    desk = desk_of(request)
    if "record" in request.path_params:
        visit = await desk.visit(request)
        heard = await visit.hears(error.text)
        card = await visit.care() if heard else None
    else:
        heard = await alarms_in(desk.work, [error.text])
        card = await card_of(desk.work, Case(complaint="\n".join(heard))) if heard else None
    say = words()["errors"]
    fields = _fields(await _form(request), error)
    return desk.page(
        "too_long.html.j2",
        422,
        care=card,
        loud=card is not None and card.level in LOUD,
        heard=heard,
        labels=report_words().labels,
        source_marks=lambda keys: "",
        line=say["shorten"].format(most=f"{error.most:,}", have=f"{len(error.text):,}"),
        read=say["read_to"].format(most=f"{MOST_LETTERS:,}") if len(error.text) > MOST_LETTERS else "",
        fields=fields,
        first_long=next(name for name, _, long in fields if long),
        action=str(request.url.path) + (f"?{request.url.query}" if request.url.query else ""),
    )  # fmt: skip


async def _form(request: Request) -> FormData:
    try:
        return await request.form()
    except (StillwellError, RuntimeError):  # it was read as a stream: only the text itself is left
        return FormData()


def _fields(form: FormData, error: TooLongError) -> list[tuple[str, str, bool]]:
    """(name, value, whether it is the one to shorten) of the form's fields."""
    found = []
    for name, value in form.multi_items()[:PASSED_ON]:
        if isinstance(value, str):
            found.append((name, value, error.is_of(value)))
    return found if any(long for *_, long in found) else [("words", error.text, True)]

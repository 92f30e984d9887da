"""What was made of the days: each phrase with its food, what is not found first, each to be corrected."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from stillwell.errors import CaseError, StillwellError
from stillwell.nutrition.foods.search import search_foods
from stillwell.nutrition.foods.table import food
from stillwell.nutrition.intake.meals import Item, match_one
from stillwell.web.corrections import NONE, as_told, corrected, saying
from stillwell.web.desk import Visit, desk_of, told
from stillwell.web.eating import days_of
from stillwell.web.journey import Journey
from stillwell.web.listening import alarms_in
from stillwell.web.wording import words

SURE, FAIRLY = 0.9, 0.75
MOST_NEAR = 8
SHOWN = 3  # phrases that are asked about at once
MOST_GRAMS = 5000.0
MOST_ROWS = 400


@dataclass
class Row:
    """A phrase and what it was taken for.

    Attributes:
        sure: `sure`, `fairly`, `unsure`, `chosen` by the person, `which` (not counted until chosen), `lost`
            (not found), `none` (said not to have been had).
        near: (id, name) of the foods that it may mean.
        weighable: whether its grams can be corrected, as the phrase stands in the words by itself.
    """

    day: int
    phrase: str
    food: str = ""
    name: str = ""
    grams: float = 0.0
    sure: str = "lost"
    lost: list[str] = field(default_factory=list)
    near: list[tuple[str, str]] = field(default_factory=list)
    weighable: bool = False
    dish: str = ""

    @property
    def first(self) -> bool:
        """Whether it wants an answer before the others."""
        return self.sure in ("lost", "which", "unsure")


async def matches(request: Request) -> Response:
    """What was made of the days; a correction is kept for the phrase wherever it stands."""
    visit = await desk_of(request).visit(request)
    if not visit.journey.diary:
        return visit.goes_to("food")
    if request.method == "GET":
        return await _shown(visit)
    form = await request.form()
    sent = {str(k): told(v, 400) for k, v in form.multi_items()}
    other = [v for k, v in sent.items() if k.startswith("other-") and v]
    try:
        foods, amounts = await run_in_threadpool(_read, visit.journey, sent)
    except StillwellError as error:
        await visit.hears(*other, food=True)
        return await _shown(visit, str(error))
    heard = await alarms_in(visit.desk.work, other, food=True)

    def change(journey: Journey) -> None:
        journey.foods, journey.amounts = foods, amounts
        if heard:
            journey.heard["other_food"] = heard

    await visit.keep(change)
    return visit.goes_to("food/matches")


def _read(journey: Journey, sent: dict[str, str]) -> tuple[dict[str, str], dict[str, float]]:
    """Foods and amounts as corrected. Raises StillwellError: what cannot be used of it."""
    say = words()["food"]["matches"]
    foods, amounts = dict(journey.foods), dict(journey.amounts)
    for number in range(MOST_ROWS):
        phrase = sent.get(f"phrase-{number}")
        if phrase is None:
            break
        chosen, was = sent.get(f"food-{number}", ""), sent.get(f"was-{number}", "")
        other = sent.get(f"other-{number}", "")
        if other:
            chosen = _named(other)
        if chosen and chosen != was:
            if chosen != NONE:
                food(chosen)
            foods[phrase] = chosen
            amounts.pop(phrase, None)
        grams, weighed = sent.get(f"grams-{number}", ""), sent.get(f"weighed-{number}", "")
        if grams and grams != weighed and (chosen or was) not in ("", NONE):
            amounts[phrase] = _grams(grams, phrase)
            foods[phrase] = chosen or was
            if not _takes(journey, phrase, foods, amounts):
                raise StillwellError(say["grams_unused"].format(phrase=phrase))
    return foods, amounts


def _named(other: str) -> str:
    """The food that other words name. Raises StillwellError: none."""
    found = [(f.id, sure) for f, sure in search_foods(other, 1)]
    if not found:
        raise StillwellError(words()["food"]["matches"]["no_food"].format(words=other))
    return found[0][0]


def _grams(typed: str, phrase: str) -> float:
    try:
        grams = float(typed.replace(",", ".").removesuffix("g").strip())
    except ValueError:
        grams = -1.0
    if not 0 < grams <= MOST_GRAMS:
        raise StillwellError(
            words()["food"]["matches"]["no_grams"].format(typed=typed, phrase=phrase)
        )
    return round(grams, 1)


def _takes(journey: Journey, phrase: str, foods: dict[str, str], amounts: dict[str, float]) -> bool:
    """Whether the readers take an amount as it is meant, and every other phrase as before."""
    fewer = {p: g for p, g in amounts.items() if p != phrase}
    before = _texts(Journey(diary=journey.diary, foods=foods, amounts=fewer))
    after = _texts(Journey(diary=journey.diary, foods=foods, amounts=amounts))
    said = saying(amounts[phrase], foods[phrase])
    meant = [said if t.lower() == phrase.lower() else t for t, _ in before]
    at = [g for t, g in after if t == said]
    return meant == [t for t, _ in after] and bool(at) and set(at) == {amounts[phrase]}


def _texts(journey: Journey) -> list[tuple[str, float]]:
    return [
        (item.text, item.foods[0].grams if item.foods else 0.0)
        for days, _ in days_of(journey)
        for one in days
        for item in one.items
    ]


def rows_of(journey: Journey) -> tuple[list[Row], dict[int, list[str]]]:
    """(every phrase of the days, lines by day on what could not be so or was not eaten)."""
    rows: list[Row] = []
    lines: dict[int, list[str]] = {}
    say = words()["food"]["matches"]
    texts, _ = corrected(journey.diary, {}, {})
    for number, (days, why) in enumerate(days_of(journey), 1):
        said = lines.setdefault(number, [why] if why else [])
        for one in days:
            for item in one.items:
                rows.append(_row(journey, number, item, one.asked.get(item.text, [])))
            said += one.troubles
            for denied in one.denied:
                if journey.foods.get(denied) == NONE:
                    rows.append(Row(number, denied, NONE, "", sure="none", near=_near(denied, "")))
                else:
                    said.append(say["denied"].format(phrase=denied))
    for row in rows:
        row.weighable = row.food not in ("", NONE) and any(
            row.phrase.lower() in t.lower() for t in texts
        )
    return rows, lines


def _row(journey: Journey, number: int, item: Item, asked: list[Any]) -> Row:
    phrase = as_told(item.text, journey.foods, journey.amounts)
    if not item.foods:
        near = [(c.id, c.name) for c in asked] or _near(phrase, "")
        return Row(number, phrase, sure="which" if asked else "lost", near=near)
    best = item.foods[0]
    chosen = {p.lower() for p in journey.foods}
    if phrase.lower() in chosen:
        sure, near = "chosen", _near(phrase, best.id)
    else:
        sure = "sure" if best.confidence >= SURE and not best.lost else "fairly"
        sure = sure if best.confidence >= FAIRLY else "unsure"
        near = [(c.id, c.name) for c in item.foods[:MOST_NEAR]]
    return Row(
        number, phrase, best.id, best.name, round(best.grams, 1), sure, list(best.lost), near,
        dish=item.dish,
    )  # fmt: skip


def _near(phrase: str, chosen: str) -> list[tuple[str, str]]:
    """The foods nearest to a phrase, and to the food that was chosen for it."""
    found: dict[str, str] = {}
    if chosen:
        record = food(chosen)
        found[record.id] = record.name
    with suppress(CaseError):  # an amount that cannot be: the food may still be meant
        found.update((c.id, c.name) for c in match_one(phrase, MOST_NEAR).foods)
    like = food(chosen).name.split(",")[0] if chosen else phrase
    found.update((f.id, f.name) for f, _ in search_foods(like, MOST_NEAR) if f.id not in found)
    return list(found.items())[: 2 * MOST_NEAR]


async def _shown(visit: Visit, error: str = "") -> Response:
    rows, lines = await run_in_threadpool(rows_of, visit.journey)
    numbered = list(enumerate(sorted(rows, key=lambda r: _order(r))))
    return await visit.page(
        "food/matches.html.j2",
        "food",
        422 if error else 200,
        error=error,
        first=[(n, r) for n, r in numbered if r.first],
        shown=SHOWN,
        days=[
            (d, [(n, r) for n, r in numbered if r.day == d and not r.first], lines.get(d, []))
            for d in range(1, len(visit.journey.diary) + 1)
        ],
        not_had=NONE,
    )


def _order(row: Row) -> int:
    return {"lost": 0, "which": 1, "unsure": 2}.get(row.sure, 3)


routes = [Route("/s/{record}/food/matches", matches, methods=["GET", "POST"])]

"""Intakes beside what is needed: those first whose lack may trouble this person's legs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from stillwell.assess.intakes import EatenLine, IntakeLine
from stillwell.assess.supplements import low_all_the_same
from stillwell.errors import StillwellError
from stillwell.knowledge.references import reference_text
from stillwell.knowledge.schema import Nutrient
from stillwell.knowledge.store import knowledge
from stillwell.nutrition.foods.record import spoken
from stillwell.nutrition.intake.reference import reference, upper_level_of
from stillwell.nutrition.planner.wording import rounded
from stillwell.report.sections.sources import link_of
from stillwell.web.desk import Visit, desk_of
from stillwell.web.eating import Intakes
from stillwell.web.steps.food.start import causes_of
from stillwell.web.wording import words
from stillwell.writing import capital

LINKED = 0.05  # share of the reason from which a cause's nutrients stand first
OFTEN = 0.5  # probability from which too little is called likely
SELDOM = 0.1
OVER = 0.05  # probability from which passing an upper level is shown
WIDE = 2.5  # upper levels further than this many times what is advised are not drawn
WIDTH = 300.0
SHOWN = 3  # nutrients that stand open


@dataclass
class Picture:
    """A bar: where things stand, in units of the drawing."""

    food: float
    tablets: float
    low: float
    high: float
    marks: list[tuple[str, float]]


@dataclass
class Row:
    """One nutrient as the page shows it; `cells`: label, amount and keys of its sources."""

    name: str
    verdict: str
    tone: str
    picture: Picture
    said: str
    cells: list[tuple[str, str, list[str]]]
    notes: list[str] = field(default_factory=list)
    because: list[str] = field(default_factory=list)
    over: str = ""


async def amounts(request: Request) -> Response:
    """A picture and a table for each nutrient."""
    visit = await desk_of(request).visit(request)
    journey = visit.journey
    if not (journey.diary or journey.habits):
        return visit.goes_to("food")
    error, eaten = "", None
    try:
        eaten = await visit.intakes()
    except StillwellError as problem:
        error = str(problem)
    groups: tuple[list[Row], list[Row], list[Row]] = ([], [], [])
    if eaten:
        causes = await causes_of(visit)
        groups = rows_of(eaten, causes, await _low_by_results(visit, causes))
    first, legs, rest = groups
    keys = list(dict.fromkeys(k for r in (*first, *legs, *rest) for c in r.cells for k in c[2]))
    return await visit.page(
        "food/amounts.html.j2",
        "food",
        422 if error else 200,
        error=error,
        eaten=eaten,
        first=first,
        legs=legs,
        rest=rest,
        others=[_other(line) for line in eaten.others] if eaten else [],
        partly=sum(not c for c in journey.complete) if journey.diary else 0,
        sources=sources(keys),
        numbers={key: n for n, key in enumerate(keys, 1)},
        width=WIDTH,
        shown=SHOWN,
    )


async def _low_by_results(visit: Visit, causes: list[Any]) -> dict[str, str]:
    """Nutrients that a result shows low, in words; none where the case cannot be read yet."""
    try:
        told = await visit.understood()
    except StillwellError:
        return {}
    known, present = knowledge(), {c.id: c.present for c in causes}
    found = {n.id: low_all_the_same(known, told, n, present) for n in known.base.nutrients.values()}
    return {name: words for name, words in found.items() if words}


def sources(keys: list[str]) -> list[tuple[str, str]]:
    """(text, address) of sources."""
    known = knowledge().base.references
    texts = [reference_text(known[k]) for k in keys]
    return [(t, link_of(t)) for t in texts]


def rows_of(
    eaten: Intakes, causes: list[Any], low: Mapping[str, str] = {}
) -> tuple[list[Row], list[Row], list[Row]]:
    """(nutrients linked to this person's likely causes, others that can trouble legs, the rest).

    Args:
        low: what is said of a nutrient that a result shows low; it stands beside what is eaten enough.
    """
    groups: tuple[list[Row], list[Row], list[Row]] = ([], [], [])
    ranked = []
    for line in eaten.lines:
        record = knowledge().base.nutrients.get(line.nutrient)
        linked = _linked(record, causes) if record else []
        most = max((share for _, share in linked), default=0.0)
        place = 0 if most >= LINKED else 1 if record is not None and record.low_cause else 2
        ranked.append((place, -most, -(line.inadequate or 0.0), line, record, linked))
    for place, _, _, line, record, linked in sorted(ranked, key=lambda r: r[:3]):
        because = [name for name, share in linked if share >= LINKED]
        groups[place].append(_row(line, record, eaten, because, low.get(line.nutrient, "")))
    return groups


def _linked(record: Nutrient, causes: list[Any]) -> list[tuple[str, float]]:
    """Causes that a lack of the nutrient is, or that it helps, with their share in the reason."""
    ids = {record.low_cause, *(b.cause for b in record.benefits if b.offer != "no")}
    return [(c.name, c.contributes) for c in causes if c.id in ids]


def _row(
    line: IntakeLine, record: Nutrient | None, eaten: Intakes, because: list[str], low: str
) -> Row:
    verdict, tone = _verdict(line)
    if low and (line.inadequate or 0.0) < OFTEN:
        verdict, tone = f"{verdict}. {low}", "against"
    unit = line.unit
    over = ""
    if line.ul is not None and (line.above or 0.0) >= OVER:
        say = words()["food"]["amounts"]
        what = say["above_tablets"] if line.ul_counts == "supplements" else say["above"]
        over = what.format(amount=amount(line.ul, unit), chance=percent(line.above or 0.0))
        tone = ""  # enough, and perhaps too much: nothing to be glad of
    picture = _picture(line)
    cells = _cells(line, record, eaten)
    said = "; ".join(f"{label}: {amount}" for label, amount, _ in cells)
    return Row(
        capital(spoken(line.nutrient)), verdict, tone, picture, said, cells,
        _notes(line, eaten), because, over,
    )  # fmt: skip


def _verdict(line: IntakeLine) -> tuple[str, str]:
    say = words()["food"]["amounts"]
    if line.inadequate is not None:
        share = percent(line.inadequate)
        kind = (
            "short" if line.inadequate >= OFTEN else "perhaps" if line.inadequate >= SELDOM else "enough"
        )  # fmt: skip
        return say[kind].format(chance=share), {"short": "against", "enough": "for"}.get(kind, "")
    if line.ai:
        return (say["under_ai"], "") if line.usual < line.ai else (say["over_ai"], "for")
    return say["no_need"], ""


def percent(share: float) -> str:
    """A chance as people read it; never none and never certain."""
    say = words()["food"]["amounts"]
    if share < 0.01:
        return str(say["hardly"])
    return f"{min(share, 0.99):.0%}".replace("%", "\N{NO-BREAK SPACE}%")


def amount(value: float, unit: str) -> str:
    """An amount as people read it."""
    number = f"{value:,.0f}" if value >= 1000 else rounded(value)
    return f"{number}\N{NO-BREAK SPACE}{unit}".strip()


def _cells(
    line: IntakeLine, record: Nutrient | None, eaten: Intakes
) -> list[tuple[str, str, list[str]]]:
    say, unit = words()["food"]["amounts"], line.unit
    low, high = amount(line.low, ""), amount(line.high, unit)
    cells: list[tuple[str, str, list[str]]] = [
        (say["get"], amount(line.usual, unit), []),
        (say["between"], say["and"].format(low=low, high=high), []),
    ]
    if line.tablets:
        cells.append((say["tablets"], amount(line.tablets, unit), []))

    def cite(kind: str) -> list[str]:
        if record is None:
            return []
        own = kind == "UL"
        found = upper_level_of(record, eaten.stage) if own else reference(record, kind, eaten.stage)
        cited = found.cite if found else None
        return [cited] if isinstance(cited, str) else list(cited or [])

    upper = say["ul_tablets"] if line.ul_counts == "supplements" else say["ul"]
    for label, value, kind in (
        (say["ear"], line.ear, "EAR"), (say["rda"], line.rda, "RDA"),
        (say["ai"], line.ai if line.rda is None else None, "AI"), (upper, line.ul, "UL"),
        (say["cdrr"], line.limit, "CDRR"),
    ):  # fmt: skip
        if value is not None:
            cells.append((label, amount(value, unit), cite(kind)))
        elif kind == "UL":
            cells.append((label, say["no_ul"], []))
    return cells


def _notes(line: IntakeLine, eaten: Intakes) -> list[str]:
    say, unit = words()["food"]["amounts"], line.unit
    notes = []
    if eaten.days and line.reporting < line.foods:
        told = {"reporting": line.reporting, "foods": line.foods}
        notes.append(say["least"].format(amount=amount(line.eaten, unit), **told))
    elif eaten.days and eaten.missed:
        notes.append(
            say["least_missed"].format(amount=amount(line.eaten, unit), number=eaten.missed)
        )
    if line.limit is not None and line.usual > line.limit:
        notes.append(say["less_better"].format(amount=amount(line.limit, unit)))
    if line.sources:
        notes.append(say["from"].format(foods="; ".join(name for name, _ in line.sources)))
    return notes


def _picture(line: IntakeLine) -> Picture:
    advised = line.rda or line.ai or line.ear or 0.0
    marks = [("ear", line.ear), ("rda", line.rda or line.ai)]
    limit = line.ul if line.ul_counts == "total" else None
    for value in (limit, line.limit):
        if value and (not advised or value <= WIDE * advised or line.high >= value / 2):
            marks.append(("ul", value))
    most = 1.08 * max([line.high, *(v for _, v in marks if v)], default=1.0) or 1.0
    scale = WIDTH / most
    tablets = min(line.tablets, line.usual)
    return Picture(
        round((line.usual - tablets) * scale, 1), round(tablets * scale, 1),
        round(line.low * scale, 1), round(line.high * scale, 1),
        [(kind, round(value * scale, 1)) for kind, value in marks if value],
    )  # fmt: skip


def _other(line: EatenLine) -> tuple[str, str]:
    """(nutrient, what the foods report of it), of what no survey tells how people's intakes vary."""
    say = words()["food"]["amounts"]
    told = amount(line.eaten, line.unit)
    if line.reporting < line.foods:
        told = say["at_least"].format(amount=told, reporting=line.reporting, foods=line.foods)
    return capital(spoken(line.nutrient)), told


routes = [Route("/s/{record}/food/amounts", amounts)]

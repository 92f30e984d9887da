"""Ways to close what is short, to choose from; what one will not eat is declined and planned anew."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from stillwell.assess.intakes import Diet
from stillwell.errors import StillwellError
from stillwell.nutrition.foods.record import spoken
from stillwell.nutrition.planner.diet_plan import DietPlan, Total
from stillwell.nutrition.planner.plan import HELPS, Change
from stillwell.nutrition.planner.wording import rounded
from stillwell.web.corrections import name_words
from stillwell.web.desk import Visit, desk_of, told
from stillwell.web.eating import spoken_declined
from stillwell.web.journey import Journey
from stillwell.web.replanning import DISLIKING
from stillwell.web.steps.food.amounts import percent
from stillwell.web.steps.food.start import left_out_of, present_in
from stillwell.web.wording import words
from stillwell.writing import capital, in_a_row

CHANGED = 0.03  # share from which a new total is shown
ON_A_TERMINAL = " Ask for them by themselves with --nutrient."


@dataclass
class Way:
    """One plan as the page shows it; `aims`: totals of what it is made for, `others`: what else changes."""

    key: str
    heading: str
    plan: DietPlan
    more: list[tuple[Change, str]]
    fewer: list[tuple[Change, str]]
    clash: list[str]
    aims: list[tuple[str, str, str, str, str]]
    others: list[tuple[str, str, str, str, str]]
    chosen: bool


async def ways(request: Request) -> Response:
    """Up to three ways; a choice and what was declined are kept."""
    visit = await desk_of(request).visit(request)
    journey = visit.journey
    if not (journey.diary or journey.habits):
        return visit.goes_to("food")
    if request.method == "GET":
        return await _shown(visit)
    form = await request.form()
    try:
        refused = name_words(told(form.get("decline"), 200)) if form.get("decline") else ""
    except StillwellError as error:
        return await _shown(visit, str(error))
    back, choice = told(form.get("back"), 200), told(form.get("choose"), 2000)
    picked = await _picked(visit, choice) if choice else None

    def change(journey: Journey) -> None:
        if refused and refused not in journey.declined:
            journey.declined.append(refused)
        if back in journey.declined:
            journey.declined.remove(back)
        if picked is not None:
            journey.plan = picked
        if form.get("forget"):
            journey.plan = {}

    await visit.keep(change)
    return visit.goes_to("food/ways")


async def _picked(visit: Visit, key: str) -> dict[str, int] | None:
    """The changes of the plan of a key, where it is still offered."""
    try:
        diet = await _diet(visit)
    except StillwellError:
        return None
    return next((changes_of(p) for p in (diet.plans if diet else []) if key_of(p) == key), None)


async def _diet(visit: Visit) -> Diet | None:
    return await visit.ways(await present_in(visit))


def changes_of(plan: DietPlan) -> dict[str, int]:
    """Food -> times a week more, or fewer."""
    return {c.food: c.times for c in plan.changes}


def key_of(plan: DietPlan) -> str:
    """What tells a plan from others."""
    return ",".join(f"{food}:{times}" for food, times in sorted(changes_of(plan).items()))


async def _shown(visit: Visit, error: str = "") -> Response:
    journey = visit.journey
    diet = None
    try:
        diet = await _diet(visit)
    except StillwellError as problem:
        error = error or str(problem)
    found = [_way(p, journey.plan) for p in (diet.plans if diet else [])]
    every = [set(w.plan.notes) for w in found]
    shared = [n for n in (found[0].plan.notes if found else []) if all(n in e for e in every)]
    return await visit.page(
        "food/ways.html.j2",
        "food",
        422 if error else 200,
        error=error,
        diet=diet,
        ways=found,
        shared=shared,
        notes=[n.replace(ON_A_TERMINAL, "") for n in (diet.notes if diet else [])],
        declined=[(d, spoken_declined(d)) for d in journey.declined],
        gone=bool(journey.plan) and bool(found) and not any(w.chosen for w in found),
        out=await left_out_of(visit),
    )


def _way(plan: DietPlan, kept: dict[str, int]) -> Way:
    totals = {t.nutrient: t for t in plan.totals}
    return Way(
        key_of(plan),
        _heading(plan),
        plan,
        [(c, often(c.times)) for c in plan.changes if c.times > 0],
        [(c, often(-c.times)) for c in plan.changes if c.times < 0],
        [_clash(line) for line in plan.clash],
        [_total(totals[n]) for n in plan.met if n in totals],
        [_total(t) for t in plan.totals if t.nutrient not in plan.met and _changed(t)],
        bool(kept) and kept == changes_of(plan),
    )


def _clash(line: str) -> str:
    """What stands in the way of more; a declined food as the plan called it."""
    if not line.startswith(DISLIKING):
        return line
    say = words()["food"]["ways"]
    return str(say["your_no"].format(food=spoken_declined(line.removeprefix(DISLIKING))))


def _heading(plan: DietPlan) -> str:
    """What a plan does, by the nutrients that it brings to enough or nearer."""
    say = words()["food"]["ways"]
    if not plan.closes:
        return str(say["closes_nothing"].format(names=in_a_row([spoken(n) for n in plan.met])))
    groups: dict[str, list[str]] = {"enough": [], "nearer": [], "same": []}
    gained = {t.nutrient: t.after / t.before - 1 if t.before else 1.0 for t in plan.totals}
    for n, met in plan.met.items():
        helps = plan.before[n] - plan.chance[n] if n in plan.chance else gained.get(n, 0.0)
        groups["enough" if met else "nearer" if helps >= HELPS else "same"].append(spoken(n))
    parts = [say[kind].format(names=in_a_row(names)) for kind, names in groups.items() if names]
    return capital(say["and"].join(parts))


def often(times: int) -> str:
    """Times a week in words."""
    say = words()["food"]["ways"]["times"]
    return str(say.get(times) or say["more"].format(times=times))


def _changed(total: Total) -> bool:
    return abs(total.after - total.before) > CHANGED * max(total.before, 1e-9)


def _total(total: Total) -> tuple[str, str, str, str, str]:
    unit = total.unit
    least = words()["food"]["ways"]["least"] if total.reporting < total.foods else ""
    chance = ""
    if total.chance_before is not None and total.chance_after is not None:
        chance = f"{percent(total.chance_before)} → {percent(total.chance_after)}"
    advised = f"{rounded(total.advised)} {unit}" if total.advised else ""
    if not advised and total.limit:
        advised = words()["food"]["ways"]["at_most"].format(amount=f"{total.limit:g} {unit}")
    return (
        capital(spoken(total.nutrient)),
        f"{rounded(total.before)} {unit}{least}",
        f"{rounded(total.after)} {unit}",
        advised,
        chance,
    )


routes = [Route("/s/{record}/food/ways", ways, methods=["GET", "POST"])]

"""The plan: what to do, what one takes already, food, supplements, and when to come sooner."""

from __future__ import annotations

from stillwell.assess.assessment import Assessment
from stillwell.assess.supplements import SupplementLine
from stillwell.report.document import Item, Items, Section
from stillwell.report.phrases import capital, listed, section
from stillwell.report.sections.given import item_of, items_of
from stillwell.report.wording import words

ADVICE = 6


def plan(assessment: Assessment) -> list[Section]:
    """All parts of the plan; only the warnings in an emergency."""
    taken = section("taken", "plan", [_taken(assessment)])
    if assessment.urgency.level == "emergency":
        return taken
    sooner = section("sooner", "plan", items_of(assessment.plan.sooner))
    if not assessment.causes or "plan" in assessment.missing:
        return [*taken, *sooner]
    return [
        *section("do", "plan", [_steps(assessment)]),
        *taken,
        *section("food", "plan", [_food(assessment)], folded=True),
        *section("diet_plan", "plan", _diet_plans(assessment), folded=True),
        *section("supplements", "plan", [_supplements(assessment)], folded=True),
        *sooner,
    ]


def _steps(assessment: Assessment) -> Items:
    """What is done about each cause, the first of its lines named by it."""
    return Items(
        items=[
            Item(
                lead=capital(about.name),
                text=step.text,
                strength=step.strength,  # type: ignore[arg-type]
                cite=step.cite,
                judgement=step.judgement,
            )
            for about in assessment.steps
            for step in about.steps
        ]
    )


def _taken(assessment: Assessment) -> Items:
    """What is to be said about the medicines and supplements that the person takes already."""
    warnings = getattr(assessment, "warnings", [])
    return Items(items=[item_of(warning, tone="warning") for warning in warnings])


def _food(assessment: Assessment) -> Items:
    """What is advised for each nutrient, with the foods that hold much of it."""
    say = words().plan
    rich: dict[str, list[str]] = {}
    for food in assessment.plan.food:
        line = say["food"].format(portion=food.portion, amount=food.amount)
        rich.setdefault(food.nutrient, []).append(line)
    items = []
    for note in assessment.plan.food_advice:
        foods = rich.get(note.partition(":")[0], [])
        more = say["foods"].format(foods="; ".join(foods)) if foods else ""
        items.append(Item(text=capital(note), note=more))
    return Items(items=items)


def _diet_plans(assessment: Assessment) -> list[Items]:
    """Each way with what it does, what changes and what a week of it needs; then what holds for all."""
    say = words().plan
    ways = assessment.diet.plans if assessment.diet else []
    shared = [n for n in ways[0].notes if all(n in way.notes for way in ways)] if ways else []
    items = []
    for way in ways:
        inner = [Item(text=way.sentence)]
        if way.effort:
            inner.append(Item(text=capital(way.effort)))
        if way.clash:
            inner.append(Item(text=say["clash"].format(what=listed(way.clash))))
        elif not min(way.met.values(), default=True):
            inner.append(Item(text=say["best"]))
        inner += [Item(text=note) for note in way.notes if note not in shared]
        if way.shopping:
            text = "; ".join(bought.line for bought in way.shopping)
            inner.append(Item(lead=say["shopping"], text=text))
        items.append(Item(text=way.headline or way.sentence, items=inner))
    return [Items(items=items, numbered=True), Items(items=[Item(text=note) for note in shared])]


def _supplements(assessment: Assessment) -> Items:
    lines = assessment.plan.supplements
    items = [_supplement(line) for line in lines]
    return Items(items=items or [Item(text=words().plan["none"], tone="quiet")])


def _supplement(line: SupplementLine) -> Item:
    say = words().plan
    ceiling = say["ceiling"].format(ceiling=line.ceiling) if line.ceiling else ""
    warnings = [
        Item(text=say["beware"].format(warning=warning), tone="warning")
        for warning in line.warnings
    ]
    return Item(lead=capital(line.nutrient), text=line.text, note=ceiling, items=warnings)

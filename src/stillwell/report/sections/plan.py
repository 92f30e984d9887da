"""The plan: what to do, what one takes already, food, supplements, and when to come sooner."""

from __future__ import annotations

from stillwell.assess.assessment import Assessment
from stillwell.assess.steps import CauseSteps, PlanStep
from stillwell.assess.supplements import SupplementLine
from stillwell.report.document import AnyBlock, Item, Items, Section
from stillwell.report.phrases import listed, section
from stillwell.report.sections.given import items_of
from stillwell.report.wording import words
from stillwell.writing import capital

FIRST, OTHERS = 3, 1  # steps shown of the first cause, and of each other one
CAUSES = 3  # causes whose steps are shown at once


def plan(assessment: Assessment) -> list[Section]:
    """All parts of the plan; only the warnings in an emergency."""
    if assessment.urgency.level == "emergency":
        until = [s for s in assessment.steps if s.until_help]
        first = [Items(items=[_step("", step) for s in until for step in s.until_help])]
        warned = section("taken", "plan", [_for_the_doctors(assessment)])
        return [*section("until_help", "plan", first), *warned]
    warned = section("taken", "plan", [taken(assessment)])
    back = [step.text for about in assessment.steps[:1] for step in about.back]
    sooner = section("sooner", "plan", items_of([*back, "; ".join(assessment.plan.sooner)]))
    if not assessment.causes or "plan" in assessment.missing:
        return [*warned, *sooner]
    return [
        *section("do", "plan", _steps(assessment)),
        *warned,
        *section("food", "plan", [_food(assessment)], folded=True),
        *section("diet_plan", "plan", _diet_plans(assessment), folded=True),
        *section("supplements", "plan", [_supplements(assessment)], folded=True),
        *sooner,
    ]


def more_steps(assessment: Assessment) -> list[Section]:
    """The steps that the short list leaves out, and when to come back; nothing in an emergency."""
    if assessment.urgency.level == "emergency":
        return []
    return section("more_steps", "machinery", _more_steps(assessment), extra=True)


def _steps(assessment: Assessment) -> list[AnyBlock]:
    """What is done about each cause and by whom; the first cause at length, the others in short."""
    return [
        Items(items=[_about(about, _shown(place))])
        for place, about in enumerate(assessment.steps[:CAUSES])
        if about.steps or about.home
    ]


def _shown(place: int) -> int:
    """How many steps of the cause at a place are shown at once."""
    return (FIRST, *(OTHERS,) * (CAUSES - 1), 0)[min(place, CAUSES)]


def _about(about: CauseSteps, most: int) -> Item:
    """The steps of one cause."""
    say = words().plan
    lines = [(say[f"who_{step.who}"], step) for step in about.steps]
    lines += [(say["at_home"], step) for step in about.home]
    inner = [_step(lead, step) for lead, step in lines[:most]]
    return Item(lead=capital(about.name), text="", items=inner)


def _step(lead: str, step: PlanStep) -> Item:
    return Item(
        lead=lead,
        text=step.text,
        strength=step.strength,  # type: ignore[arg-type]
        cite=step.cite,
        judgement=step.judgement,
    )


def _more_steps(assessment: Assessment) -> list[AnyBlock]:
    say = words().plan
    blocks: list[AnyBlock] = []
    for place, about in enumerate(assessment.steps):
        lines = [(say[f"who_{step.who}"], step) for step in about.steps]
        lines += [(say["at_home"], step) for step in about.home]
        rest = lines[_shown(place) :]
        rest += [(say["come_back"], step) for step in about.back]
        if rest:
            inner = [_step(lead, step) for lead, step in rest]
            blocks.append(Items(items=[Item(lead=capital(about.name), text="", items=inner)]))
    return blocks


def taken(assessment: Assessment) -> Items:
    """What is to be said about the medicines and supplements that the person takes already."""
    return Items(
        items=[
            Item(
                text=f"{warning.text} {warning.do}".strip(),
                tone="warning",
                cite=warning.cite,
                judgement=warning.judgement,
            )
            for warning in assessment.warnings
        ]
    )


def _for_the_doctors(assessment: Assessment) -> Items | None:
    """In an emergency what is wrong with what is taken, for the doctors: nothing to stop or go on with at home."""
    if not assessment.warnings:
        return None
    lines = [
        Item(text=w.text, tone="warning", cite=w.cite, judgement=w.judgement)
        for w in assessment.warnings
    ]
    return Items(items=[Item(text=words().plan["list_along"], tone="warning"), *lines])


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
    items = [_supplement(line) for line in assessment.plan.supplements if not line.remark]
    return Items(items=items or [Item(text=words().plan["none"], tone="quiet")])


def _supplement(line: SupplementLine) -> Item:
    say = words().plan
    ceiling = say["ceiling"].format(ceiling=line.ceiling) if line.ceiling else ""
    warnings = [
        Item(text=say["beware"].format(warning=warning), tone="warning")
        for warning in line.warnings
    ]
    return Item(lead=capital(line.nutrient), text=line.text, note=ceiling, items=warnings)

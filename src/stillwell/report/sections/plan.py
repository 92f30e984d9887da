"""The plan: what to do, what one takes already, food, supplements, and when to come sooner."""

from __future__ import annotations

from stillwell.assess.assessment import Assessment
from stillwell.assess.intakes import IntakeLine
from stillwell.assess.steps import CauseSteps, PlanStep
from stillwell.assess.supplements import SupplementLine
from stillwell.assess.warning import Warning
from stillwell.nutrition.foods.record import spoken
from stillwell.report.chances import LIKELY, POSSIBLE
from stillwell.report.document import AnyBlock, Item, Items, Section
from stillwell.report.phrases import amount, listed, section, sentences
from stillwell.report.sections.given import items_of
from stillwell.report.wording import words
from stillwell.triage.rules import RED
from stillwell.writing import capital

FIRST, PROVEN, OTHERS = (
    3,
    4,
    1,
)  # steps shown of the first cause, of one that a result shows, of others
BESIDE_PROVEN = 2  # of the first cause, where a result shows another
TREATED = 0.3  # contribution under which a doctor's treatment of what no result shows can wait further down
WORTH_STEPS = (
    0.2  # contribution from which a cause after the first, that no result shows, is told what to do
)
SHORT = 0.5  # chance of too little from which a nutrient is named though nothing hangs on it
CAUSES = 3  # causes whose steps are shown at once; those that a result shows all of them


def plan(assessment: Assessment) -> list[Section]:
    """All parts of the plan; only the warnings in an emergency."""
    if assessment.urgency.level == "emergency":
        first = [Items(items=[_step("", step) for step in until_help(assessment)])]
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
        *section("nutrients", "plan", [_nutrients(assessment)], folded=True),
        *section("diet_plan", "plan", _diet_plans(assessment), folded=True),
        *sooner,
    ]


def until_help(assessment: Assessment) -> list[PlanStep]:
    """What to do until help comes; nothing where it is no emergency."""
    return [step for about in assessment.steps for step in about.until_help]


def more_steps(assessment: Assessment) -> list[Section]:
    """The steps that the short list leaves out, and when to come back; nothing in an emergency."""
    if assessment.urgency.level == "emergency":
        return []
    return section("more_steps", "machinery", _more_steps(assessment), extra=True)


def _steps(assessment: Assessment) -> list[AnyBlock]:
    """What is done about each cause and by whom; the first cause at length, the others in short."""
    say = words().plan
    unlisted = Items(items=[Item(lead=say["who_gp"], text=say["unlisted"])])
    return [
        *([unlisted] if _is_unlisted(assessment) and not _names_danger(assessment) else []),
        *(
            Items(items=[Item(lead=capital(about.name), text="", items=shown)])
            for about in _at_once(assessment)
            if (shown := [_step(lead, step) for lead, step in _split(assessment, about)[0]])
        ),
    ]


def _is_unlisted(assessment: Assessment) -> bool:
    """Whether it is likelier that no cause on the list explains it, and no result or medicine says where to begin."""
    nothing, first = assessment.nothing_listed, assessment.causes[0]
    looked_into = any(c.gives_way_to == first.id for c in assessment.causes)
    return nothing is not None and nothing >= LIKELY > first.contributes and not looked_into


def _names_danger(assessment: Assessment) -> bool:
    """Whether an alarm names a cause: then it is not said that none of them fits."""
    return bool(assessment.rule_out) or any(c.named_by_alert for c in assessment.causes)


def _at_once(assessment: Assessment) -> list[CauseSteps]:
    """The causes whose steps are shown at once: the first, and those that a result shows or that are likely."""
    first = assessment.causes[0].contributes
    likely = {c.id for c in assessment.causes if c.contributes >= WORTH_STEPS}
    likely |= {c.id for c in assessment.causes if c.named_by_alert}
    if not _is_led(assessment):  # nothing stands out: what is about as likely as the first
        likely |= {c.id for c in assessment.causes if c.contributes >= max(POSSIBLE, first / 2)}
    steps = assessment.steps
    likely |= {a.id for a in steps if any((s.who, s.kind) == ("self", "stop") for s in a.steps)}
    least = (
        len(steps) if _is_unlisted(assessment) else 0
    )  # then none stands there only for being first
    chosen = [a for i, a in enumerate(steps) if i == least or a.shown or a.id in likely]
    return [a for i, a in enumerate(chosen) if i < CAUSES or a.shown]


def _is_led(assessment: Assessment) -> bool:
    """Whether the first cause stands out, or another gives way to it."""
    head = assessment.causes[0]
    return head.contributes >= TREATED or any(c.gives_way_to == head.id for c in assessment.causes)


def _who(assessment: Assessment, step: PlanStep) -> str:
    """The key of who does a step: what a hospital does at once is done where a doctor finds the danger, for the
    page itself sends to a doctor, and by when stands at its top."""
    found = step.who == "emergency" and assessment.urgency.level != "emergency"
    return "who_emergency_if" if found else f"who_{step.who}"


def _chance(assessment: Assessment, cause: str) -> float:
    return next((c.contributes for c in assessment.causes if c.id == cause), 0.0)


def _split(
    assessment: Assessment, about: CauseSteps
) -> tuple[list[tuple[str, PlanStep]], list[tuple[str, PlanStep]]]:
    """(steps of a cause shown at once, the others), each with who does it.

    Of a cause that a result shows what treats it comes first: dose, form, how long, and the test after it.
    """
    say = words().plan
    lines = [(say[_who(assessment, step)], step) for step in about.steps]
    lines += [(say["at_home"], step) for step in about.home]
    here = _at_once(assessment)
    first = BESIDE_PROVEN if any(a.shown for a in here[1:]) else FIRST
    at_length = bool(here) and about.id == here[0].id and _is_led(assessment)
    most = (first if at_length else OTHERS) if about in here else 0
    chosen = list(range(len(lines)))
    if about.shown and about in here:
        most = PROVEN
        chosen.sort(key=lambda i: (lines[i][1].kind not in ("treat", "stop"), i))
    if not about.shown and _chance(assessment, about.id) < TREATED:
        chosen = [i for i in chosen if lines[i][1].kind != "treat" or lines[i][1].who == "self"]
    kept = set(chosen[:most])
    return [line for i, line in enumerate(lines) if i in kept], [
        line for i, line in enumerate(lines) if i not in kept
    ]


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
    for about in assessment.steps:
        rest = _split(assessment, about)[1]
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
                text=f"{warning.text} {_what_to_do(assessment, warning)}".strip(),
                tone="warning",
                cite=warning.cite,
                judgement=warning.judgement,
            )
            for warning in assessment.warnings
        ]
    )


def _what_to_do(assessment: Assessment, warning: Warning) -> str:
    """What to do about something that is taken; no later time than that of a visit of today, which does for both."""
    urgency = assessment.urgency
    if urgency.level not in RED or warning.level in RED:
        return warning.do
    later = [s for s in sentences(warning.do) if any(t in s for t in words().later)]
    rest = [s for s in sentences(warning.do) if s not in later]
    return " ".join([*([words().plan["with_visit"]] if later else []), *rest])


def _for_the_doctors(assessment: Assessment) -> Items | None:
    """In an emergency what is wrong with what is taken, for the doctors: nothing to stop or go on with at home."""
    if not assessment.warnings:
        return None
    lines = [
        Item(text=w.text, tone="warning", cite=w.cite, judgement=w.judgement)
        for w in assessment.warnings
    ]
    return Items(items=[Item(text=words().plan["list_along"], tone="warning"), *lines])


def _nutrients(assessment: Assessment) -> Items:
    """One line for each nutrient: what is eaten and advised, tablets, the upper limit, and the foods that hold it.

    What concerns food and no single nutrient stands below.
    """
    say = words().plan
    foods: dict[str, list[str]] = {}
    for food in assessment.plan.food:
        portion = say["food"].format(portion=food.portion, amount=food.amount)
        foods.setdefault(food.nutrient, []).append(portion)
    notes = {n.partition(":")[0]: n.partition(": ")[2] for n in assessment.plan.food_advice}
    tablets = {x.nutrient: x for x in assessment.plan.supplements if not x.remark}
    items = []
    names = list(dict.fromkeys([*tablets, *(n for n in notes if n in foods)]))
    for name in names:
        line = tablets.get(name)
        inner: list[Item] = []
        if name in notes:
            rich = say["foods"].format(foods="; ".join(foods[name])) if name in foods else ""
            inner.append(Item(lead=say["from_food"], text=f"{capital(notes[name])} {rich}".strip()))
        if line is not None:
            inner.append(Item(lead=say["as_tablet"], text=line.text))
            inner += [
                Item(text=say["beware"].format(warning=warning), tone="warning")
                for warning in line.warnings
            ]
        items.append(Item(lead=capital(name), text=_amounts(assessment, name, line), items=inner))
    rest = [n for n in assessment.plan.food_advice if n.partition(":")[0] not in names]
    short = [name for name in short_in_food(assessment) if name not in names]
    if short:
        rest.append(say["short_too"].format(names=listed(short)))
    return Items(items=[*items, *(Item(text=capital(note)) for note in rest)])


def short_in_food(assessment: Assessment) -> list[str]:
    """Nutrients of which what is eaten is probably too little, the likeliest first."""
    intakes = assessment.diet.intakes if assessment.diet else []
    short = sorted((i for i in intakes if i.ear and (i.inadequate or 0) >= SHORT), key=_enough)
    return [spoken(i.nutrient) for i in short]


def _enough(line: IntakeLine) -> float:
    return -(line.inadequate or 0.0)


def _amounts(assessment: Assessment, name: str, line: SupplementLine | None) -> str:
    """What is eaten of a nutrient, advised, taken as tablets, and the most from all of it, in one sentence."""
    say = words().plan
    intakes = assessment.diet.intakes if assessment.diet else []
    eaten = next((i for i in intakes if spoken(i.nutrient) == name), None)
    parts = []
    if eaten is not None:
        unit, low, high = eaten.unit, amount(eaten.low), amount(eaten.high)
        parts.append(say["eaten"].format(usual=amount(eaten.usual), unit=unit, low=low, high=high))
        if eaten.tablets:
            parts.append(say["of_it_tablets"].format(tablets=amount(eaten.tablets), unit=unit))
        advised = eaten.advised or eaten.rda or eaten.ai
        if advised:
            parts.append(say["advised"].format(advised=amount(advised), unit=unit))
    if line is not None and line.ceiling:
        parts.append(say["ceiling"].format(ceiling=line.ceiling))
    return capital(f"{'; '.join(parts)}.") if parts else ""


def _diet_plans(assessment: Assessment) -> list[Items]:
    """Each way in a sentence, with what it asks of the person; what a week of it needs stands further down."""
    ways = assessment.diet.plans if assessment.diet else []
    items = [Item(text=way.sentence, note=capital(way.effort)) for way in ways]
    return [Items(items=items, numbered=True)]


def diet_details(assessment: Assessment) -> list[Section]:
    """Of each way of eating what it does, its shopping list and its limits; then what holds for all."""
    if assessment.urgency.level == "emergency" or not assessment.diet:
        return []
    return section("diet_details", "machinery", _diet_details(assessment), extra=True)


def _diet_details(assessment: Assessment) -> list[AnyBlock]:
    say = words().plan
    ways = assessment.diet.plans if assessment.diet else []
    shared = [n for n in ways[0].notes if all(n in way.notes for way in ways)] if ways else []
    items = []
    for way in ways:
        inner = []
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

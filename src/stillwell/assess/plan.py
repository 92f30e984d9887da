"""What to do: tests to ask for, food, supplements that are safe here, and what helps each cause."""

from __future__ import annotations

import msgspec

from stillwell.case.understand import Understood
from stillwell.knowledge.schema import Nutrient
from stillwell.knowledge.store import Knowledge
from stillwell.triage.rules import Urgency

SHOWN = 0.1  # probability from which a cause takes part in the plan


class Advice(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that helps or harms, with its strength of evidence."""

    cause: str
    text: str
    strength: str
    cite: list[str]


class FoodLine(msgspec.Struct, frozen=True, kw_only=True):
    """A portion that brings much of a nutrient."""

    nutrient: str
    food: str
    portion: str
    amount: str


class SupplementLine(msgspec.Struct, frozen=True, kw_only=True):
    """Whether to take a supplement: `verdict` is ask, if low, or no."""

    nutrient: str
    verdict: str
    text: str
    ceiling: str
    warnings: list[str]


class Saying(msgspec.Struct, frozen=True, kw_only=True):
    """A popular saying and what the evidence says."""

    claim: str
    verdict: str
    why: str
    strength: str


class Helper(msgspec.Struct, frozen=True, kw_only=True):
    """An organisation that helps people with one of the likely causes."""

    name: str
    what: str
    url: str


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """The plan of one case."""

    heading: str
    now: str
    within: str
    first_panel: list[str]
    advice: list[Advice]
    food: list[FoodLine]
    food_advice: list[str]
    supplements: list[SupplementLine]
    sayings: list[Saying]
    see: list[str]
    helpers: list[Helper]
    sooner: list[str]


def make_plan(
    known: Knowledge, told: Understood, urgency: Urgency, ranked: list[tuple[str, float, float]]
) -> Plan:
    """The plan for the causes that are likely enough to act on."""
    base = known.base
    likely = [c for c, contributes, _ in ranked if contributes >= SHOWN][:5] or [ranked[0][0]]
    panel: dict[str, None] = {}
    for cause in likely:
        panel.update(dict.fromkeys(base.causes[cause].tests))
    advice = []
    sayings = []
    for cause in likely:
        for line in base.causes[cause].help:
            cite = [line.cite] if isinstance(line.cite, str) else list(line.cite or [])
            advice.append(
                Advice(
                    cause=base.causes[cause].name, text=line.text, strength=line.strength, cite=cite
                )
            )
        sayings += [
            Saying(claim=c.claim, verdict=c.verdict, why=c.why, strength=c.strength)
            for c in base.causes[cause].claims
        ]
    present = {c: p for c, _, p in ranked}
    food, notes, supplements = _nutrition(known, told, likely, present)
    words = base.wording.levels[urgency.level]
    return Plan(
        heading=words.heading,
        now=urgency.alerts[0].do if urgency.alerts else words.now,
        within=urgency.alerts[0].within if urgency.alerts else words.within,
        first_panel=[base.tests[t].name for t in list(panel)[:8] if t not in told.labs],
        advice=advice[:10],
        food=food,
        food_advice=notes,
        supplements=supplements,
        sayings=sayings[:5],
        see=list(
            dict.fromkeys(
                f"{base.causes[c].name}: {base.causes[c].see}" for c in likely if base.causes[c].see
            )
        ),
        helpers=[
            Helper(name=h.name, what=h.what, url=h.url or "")
            for h in base.help
            if any(c in likely for c in h.causes)
        ],
        sooner=base.wording.sooner,
    )


def _nutrition(
    known: Knowledge, told: Understood, likely: list[str], present: dict[str, float]
) -> tuple[list[FoodLine], list[str], list[SupplementLine]]:
    food: list[FoodLine] = []
    notes: list[str] = []
    lines: list[SupplementLine] = []
    vegan = "vegan" in told.history_present
    for nutrient in known.base.nutrients.values():
        offered = [b for b in nutrient.benefits if b.cause in likely]
        low = nutrient.low_cause
        if not offered and (low is None or present.get(low, 0.0) < SHOWN):
            continue
        useful = [b for b in offered if b.offer != "no"]
        if not useful and (low is None or present.get(low, 0.0) < SHOWN):
            lines += [
                SupplementLine(
                    nutrient=nutrient.name,
                    verdict="no",
                    text=f"{b.text} (evidence: {b.strength})",
                    ceiling="",
                    warnings=[],
                )
                for b in offered[:1]
            ]
            continue
        for source in [f for f in nutrient.foods if f.vegan or not vegan][:3]:
            food.append(
                FoodLine(
                    nutrient=nutrient.name,
                    food=source.food,
                    portion=source.portion,
                    amount=f"{source.amount:g} {nutrient.unit}",
                )
            )
        notes.append(f"{nutrient.name}: {nutrient.food_advice}")
        lines.append(supplement_line(known, told, nutrient, present))
    return food, notes, lines


def supplement_line(
    known: Knowledge, told: Understood, nutrient: Nutrient, present: dict[str, float]
) -> SupplementLine:
    """Whether this person may take this nutrient as a supplement; never above the upper level."""
    base = known.base
    supplement = nutrient.supplement
    limit = upper_level(nutrient, told)
    warnings: list[str] = []
    if supplement is None:
        return SupplementLine(
            nutrient=nutrient.name,
            verdict="no",
            text="Not sold for this use.",
            ceiling="",
            warnings=[],
        )
    barred = [c for c in supplement.contraindicated if _holds(c, told, present)]
    for taken in told.medicines:
        group = base.medicines[taken.group]
        for meeting in group.interactions:
            if meeting.with_ == nutrient.id:
                warnings.append(f"{taken.member or group.name}: {meeting.effect} {meeting.advice}")
                if meeting.severity == "contraindicated":
                    barred.append(taken.member or group.name)
    ceiling = f"at most {limit[0]:g} {nutrient.unit} a day{limit[1]}" if limit else ""
    if barred:
        why = ", ".join(b.replace("_", " ").removeprefix("history:") for b in barred)
        return SupplementLine(
            nutrient=nutrient.name,
            verdict="no",
            ceiling=ceiling,
            warnings=warnings,
            text=f"Do not take it without a doctor, because of: {why}.",
        )
    already = any(s.group.startswith(nutrient.id) for s in told.supplements)
    dose_low, dose_high = supplement.dose
    if limit:
        dose_low, dose_high = min(dose_low, limit[0]), min(dose_high, limit[0])
    text = (
        f"Only if a test shows it is low: {supplement.forms[0]}, {dose_low:g} to {dose_high:g} "
        f"{nutrient.unit} a day, {supplement.how} Effect: {supplement.effect_after} "
        f"Test again: {supplement.retest}"
    )
    if already:
        warnings.append("You already take some: count it in.")
    return SupplementLine(
        nutrient=nutrient.name, verdict="if low", text=text, ceiling=ceiling, warnings=warnings
    )


def upper_level(nutrient: Nutrient, told: Understood) -> tuple[float, str] | None:
    """The tolerable upper intake level for this person: the lowest that could hold."""
    levels = [i for i in nutrient.intakes if i.kind == "UL" and i.body == "US"]
    age = told.person.age
    fitting = [
        i
        for i in levels
        if (age is None or i.ages[0] <= age <= i.ages[1])
        and (i.sex == "any" or told.person.sex in (None, i.sex))
    ] or levels
    if not fitting:
        return None
    lowest = min(fitting, key=lambda i: i.amount)
    return lowest.amount, f" ({lowest.scope})" if lowest.scope else ""


def _holds(item: str, told: Understood, present: dict[str, float]) -> bool:
    """Whether a contraindication holds: a history item, a result, or a cause that may be there."""
    kind, _, name = item.partition(":")
    if kind == "history":
        return name in told.history_present
    if kind == "lab":
        test, side = name.split(":")
        return test in told.labs and told.labs[test].flag == side
    return present.get(item, 0.0) >= 0.05

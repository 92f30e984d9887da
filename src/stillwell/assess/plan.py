"""What to do: food, and supplements that are safe here; steps against each cause: `steps`."""

from __future__ import annotations

import re

import msgspec

from stillwell.assess.ceilings import Authority
from stillwell.assess.intakes import Eaten
from stillwell.assess.supplements import (
    FOLIC_ACID_WEEKS,
    LIKELY,
    SupplementLine,
    add_meetings_between,
    lab_status,
    lasting_advice,
    short_by_diary,
    supplement_line,
)
from stillwell.case.understand import Understood
from stillwell.knowledge.base import Base
from stillwell.knowledge.schema import Benefit, Help, Nutrient
from stillwell.knowledge.store import Knowledge
from stillwell.nutrition.planner.limits import Limits, groups_of, limits
from stillwell.triage.rules import Urgency

SHOWN = 0.1  # probability from which a cause takes part in the plan


class FoodLine(msgspec.Struct, frozen=True, kw_only=True):
    """A portion that brings much of a nutrient."""

    nutrient: str
    food: str
    portion: str
    amount: str


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
    food: list[FoodLine]
    food_advice: list[str]
    supplements: list[SupplementLine]
    sayings: list[Saying]
    see: list[str]
    helpers: list[Helper]
    sooner: list[str]


def make_plan(
    known: Knowledge,
    understood: Understood,
    urgency: Urgency,
    ranked: list[tuple[str, float, float]],
    intake: Eaten | None = None,
    authority: Authority = "lowest",
) -> Plan:
    """The plan for the causes that are likely enough to act on."""
    base = known.base
    likely = [c for c, contributes, _ in ranked if contributes >= SHOWN][:5]
    shares = {c: contributes for c, contributes, _ in ranked}
    sayings = [
        Saying(claim=c.claim, verdict=c.verdict, why=c.why, strength=c.strength)
        for cause in likely
        for c in base.causes[cause].claims
    ]
    present = {c: p for c, _, p in ranked}
    first = first_aid(base, urgency)
    if urgency.level == "emergency":  # who helps with what is merely likely must not delay anything
        return first
    felt = urgency.understood and bool(understood.present)
    lead = [c for c in likely if felt and shares[c] >= shares[likely[0]] / 2]
    food, notes, supplements = _nutrition(
        known, understood, lead, shares, present, intake, authority
    )
    return msgspec.structs.replace(
        first,
        food=food,
        food_advice=notes,
        supplements=supplements,
        sayings=sayings[:5],
        see=list(
            dict.fromkeys(
                f"{base.causes[c].name}: {base.causes[c].see}" for c in likely if base.causes[c].see
            )
        ),
        helpers=_helpers(base.help, urgency, likely),
    )


def first_aid(base: Base, urgency: Urgency, child: bool = False) -> Plan:
    """The plan that urgency alone gives: what to do now, by when, who helps, what to watch for."""
    words = base.wording.levels[urgency.wording]
    return Plan(
        heading=words.heading,
        now=urgency.alerts[0].do if urgency.alerts else words.now,
        within=urgency.alerts[0].within if urgency.alerts else words.within,
        food=[],
        food_advice=[],
        supplements=[],
        sayings=[],
        see=[],
        helpers=_helpers(base.help, urgency, []),
        sooner=base.wording.sooner_child if child else base.wording.sooner,
    )


def _helpers(known: list[Help], urgency: Urgency, likely: list[str]) -> list[Helper]:
    """Where to get help: for the level of urgency, for the rules that fired, then for the causes listed."""
    fired = {a.id for a in urgency.alerts}
    found = [h for h in known if urgency.level in h.levels]
    found += [h for h in known if fired & set(h.rules)]
    found += [h for h in known if set(likely) & set(h.causes)]
    once = {h.name: h for h in reversed(found)}
    order = dict.fromkeys(h.name for h in found)
    return [Helper(name=n, what=once[n].what, url=once[n].url or "") for n in order]


def _nutrition(
    known: Knowledge,
    understood: Understood,
    lead: list[str],
    shares: dict[str, float],
    present: dict[str, float],
    intake: Eaten | None,
    authority: Authority,
) -> tuple[list[FoodLine], list[str], list[SupplementLine]]:
    """Foods and supplements for each nutrient in question, within what this person may have.

    A nutrient is in question where its lack probably takes part in the complaint, where a result shows it
    low, or where guidelines give it for a leading cause. How common a lack is in everybody is no reason.

    Args:
        lead: the leading causes; none where nothing was understood.
        shares, present: probability of each cause to contribute, and to be there.
    """
    food: list[FoodLine] = []
    notes: list[str] = []
    lines: list[SupplementLine] = []
    kept, say = limits(known, understood, present), known.base.wording.supplements
    pregnant = bool(understood.person.pregnant) or "pregnant" in understood.history_present
    early = pregnant and (understood.weeks_pregnant or 0) <= FOLIC_ACID_WEEKS
    for nutrient in known.base.nutrients.values():
        offered = [b for b in nutrient.benefits if b.cause in lead]
        useful = [b for b in offered if b.offer != "no"]
        low = bool(lead) and shares.get(nutrient.low_cause or "", 0.0) >= SHOWN
        status, result = lab_status(known, understood, nutrient, present)
        tested = status == "low"
        lacking = tested or (status != "normal" and (low or bool(useful)))
        lacking = lacking or (low and shares.get(nutrient.low_cause or "", 0.0) >= LIKELY)
        asked = useful or low or tested or (early and nutrient.id == "folate")
        if not asked and lasting_advice(nutrient, kept, authority) is not None:
            lines.append(
                supplement_line(known, understood, nutrient, present, intake, kept, authority)
            )
            continue
        if not asked:
            short = short_by_diary(known, understood, nutrient, intake, kept)
            lines += [
                SupplementLine(
                    nutrient=nutrient.name,
                    verdict="no",
                    text=f"{short} {_evidence(known, b)}".strip(),
                    ceiling="",
                    remark=True,
                    warnings=[],
                )
                for b in offered[:1]
            ]
            continue
        if kept.no_plan or not lacking:
            pass  # no list for children, where food is a doctor's matter, or where a result shows enough
        elif nutrient.id in kept.no_more and tested:
            notes.append(
                known.base.wording.results["low_and_limited"].format(
                    nutrient=nutrient.name, result=result, why=kept.no_more[nutrient.id]
                )
            )
        elif nutrient.id in kept.no_more:
            notes.append(
                say["no_more"].format(nutrient=nutrient.name, why=kept.no_more[nutrient.id])
            )
        else:
            food += _foods(nutrient, kept)
            notes.append(f"{nutrient.name}: {_allowed(nutrient.food_advice, kept)}")
        lines.append(supplement_line(known, understood, nutrient, present, intake, kept, authority))
    if intake is None:  # else they stand beside what is eaten
        notes += [kept.no_plan] if kept.no_plan else kept.say
    return food, notes, add_meetings_between(known, lines)


def _allowed(advice: str, kept: Limits) -> str:
    """The advice on food without the foods that this person may not have ("nuts, seeds, beans ...")."""
    foods = [w for w in re.findall(r"[A-Za-z]+", advice) if kept.forbids(groups_of(w), w)]
    for food in foods:
        advice = re.sub(
            rf"\b{food}, |, {food}\b(?= and)|\b{food} and | and {food}\b", "", advice, count=1
        )
    return advice[:1].upper() + advice[1:]


def _evidence(known: Knowledge, benefit: Benefit) -> str:
    """What is known of a supplement against a cause, with the cause's name."""
    return known.base.wording.supplements["evidence"].format(
        cause=known.base.causes[benefit.cause].name,
        text=benefit.text[:1].lower() + benefit.text[1:].removesuffix("."),
        strength=benefit.strength,
    )


def _foods(nutrient: Nutrient, kept: Limits) -> list[FoodLine]:
    """The first foods rich in a nutrient that nothing forbids."""
    plain = "vegan" in kept.diets
    allowed = [
        f
        for f in nutrient.foods
        if (f.vegan or not plain)
        and not kept.forbids(groups_of(f"{f.food} {f.portion}"), f"{f.food} {f.portion}")
    ]
    return [
        FoodLine(
            nutrient=nutrient.name,
            food=f.food,
            portion=f.portion,
            amount=f"{f.amount:g} {nutrient.unit}",
        )
        for f in allowed[:3]
    ]

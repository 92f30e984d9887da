"""What the food of the days told holds above an upper level, with what is taken as tablets."""

from __future__ import annotations

from collections.abc import Iterator

from stillwell.assess.ceilings import AUTHORITIES, Authority, Total, UpperLevel, upper_level
from stillwell.assess.intakes import Eaten
from stillwell.assess.warning import Warning
from stillwell.case.understand import Understood
from stillwell.knowledge.base import cites
from stillwell.knowledge.store import Knowledge
from stillwell.nutrition.foods.record import NUTRIENTS, spoken
from stillwell.nutrition.foods.table import food
from stillwell.nutrition.intake.diary import Day, mean_nutrients, weights
from stillwell.nutrition.planner.limits import in_diary
from stillwell.writing import three_digits

OTHERWISE_SAID = ("sodium", "caffeine")  # levels to reduce above: said with the usual intakes
MOST_NAMED = 3


def eaten_above(
    known: Knowledge,
    understood: Understood,
    intake: Eaten | None,
    totals: dict[str, Total],
    authority: Authority = "lowest",
) -> Iterator[Warning]:
    """A warning for each nutrient of which a day as told, every day, would pass an upper level that counts food.

    Usual intakes are drawn towards those of other people; here the days count as they were told. Of vitamin A
    only that of liver and of oil from livers counts: they hold retinol, and no other food comes near the level.
    """
    if intake is None or not intake.days:
        return
    told = {**mean_nutrients(intake.days), "vitamin_a": _retinol(intake.days)}
    say = known.base.wording.taken
    for nutrient, from_food in told.items():
        level = upper_level(known, understood, nutrient, authority)
        counts = level is not None and (level.counts == "total" or nutrient == "vitamin_a")
        if level is None or not counts or nutrient in OTHERWISE_SAID:
            continue
        taken = totals.get(nutrient, Total(nutrient, level.unit))
        amount = from_food + taken.tablets
        said = nutrient != "vitamin_a" and taken.tablets > 0 and taken.counted(level) > level.amount
        if said or amount <= level.amount or from_food <= 0:
            continue
        dose = known.base.high_doses.get(nutrient)
        foods = _most_from(intake.days, nutrient)
        mother = nutrient == "vitamin_a" and bool(understood.person.pregnant)
        yield Warning(
            subjects=foods,
            kind="above ceiling",
            severity=dose.severity if dose else "moderate",
            text=say["days_above"]
            .format(
                amount=three_digits(amount),
                unit=level.unit,
                nutrient=spoken(nutrient),
                foods=", ".join(foods),
                tablets=say["tablets_counted"] if taken.tablets else "",
                ceilings=_ceilings(known, understood, nutrient, level, authority),
                harm=dose.harm if dose else "",
            )
            .strip(),
            do=say["days_above_pregnant"] if mother else say["days_above_do"],
            level="soon" if mother else "routine",
            cite=cites(dose) if dose else [],
            judgement=bool(dose and dose.judgement),
        )


def _retinol(days: list[Day]) -> float:
    """Vitamin A of liver and of oil from livers, ug a day."""
    total = 0.0
    for day, share in zip(days, weights(days), strict=True):
        for item in day.items:
            if item.foods and in_diary("liver", item.foods[0].name):
                held = food(item.foods[0].id).nutrients.get("vitamin_a") or 0.0
                total += held * item.foods[0].grams / 100 * float(share)
    return total


def _ceilings(
    known: Knowledge, understood: Understood, nutrient: str, level: UpperLevel, authority: Authority
) -> str:
    """The upper level of each authority, the one chosen (or the lowest) first; each body once."""
    say = known.base.wording.taken
    found = {level.body: level.amount}
    for other in AUTHORITIES if authority == "lowest" else ():
        one = upper_level(known, understood, nutrient, other)
        if one is not None and one.unit == level.unit:
            found.setdefault(one.body, one.amount)
    return ", ".join(
        say["ceiling_of"].format(ceiling=f"{amount:g}", unit=level.unit, body=say[f"body_{body}"])
        for body, amount in found.items()
    )


def _most_from(days: list[Day], nutrient: str) -> list[str]:
    """The foods of the diary that bring most of a nutrient, in the person's words."""
    amounts: dict[str, float] = {}
    for day in days:
        for item in day.items:
            if not item.foods or nutrient not in NUTRIENTS:
                continue
            if nutrient == "vitamin_a" and not in_diary("liver", item.foods[0].name):
                continue
            held = food(item.foods[0].id).nutrients.get(nutrient) or 0.0
            amounts[item.text] = amounts.get(item.text, 0.0) + held * item.foods[0].grams
    total = sum(amounts.values())
    ranked = sorted(amounts, key=lambda name: -amounts[name])[:MOST_NAMED]
    return [name for name in ranked if amounts[name] >= 0.05 * total]


__all__ = ["eaten_above"]

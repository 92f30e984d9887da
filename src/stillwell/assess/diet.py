"""What the diary says of each nutrient, and the least change of diet where it matters."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from stillwell.case.understand import Understood
from stillwell.knowledge.store import Knowledge
from stillwell.nutrition.intake import (
    Day,
    Usual,
    habit_day,
    read_diary,
    unknown_foods,
    usual_intakes,
)
from stillwell.nutrition.plan import DIETS, DietPlan, plans

SHOWN = 0.1  # probability of a lack from which its nutrient takes part in the plan of food
SHORT = 0.3  # probability of inadequacy from which an intake alone does


class IntakeLine(msgspec.Struct, frozen=True, kw_only=True):
    """The usual intake of one nutrient beside what is advised."""

    nutrient: str
    unit: str
    eaten: float
    usual: float
    low: float
    high: float
    inadequate: float | None
    ear: float | None
    rda: float | None
    ai: float | None
    ul: float | None
    ul_scope: str
    reporting: int
    foods: int
    sources: list[tuple[str, float]]


class Diet(msgspec.Struct, frozen=True, kw_only=True):
    """Intakes, what was not understood, and up to three plans."""

    days: int
    intakes: list[IntakeLine]
    unknown: list[str]
    nutrients: list[str]
    plans: list[DietPlan]


@dataclass(frozen=True)
class Eaten:
    """A diary worked out."""

    days: list[Day]
    usual: dict[str, Usual]


def read_diet(known: Knowledge, told: Understood) -> Eaten | None:
    """Work out the diary of a case and put its usual intakes into `told.intakes`; None without one.

    Raises:
        CaseError: an impossible amount or an empty diary.
    """
    if not told.diary and not told.habits:
        return None
    days = read_diary(told.diary) if told.diary else [habit_day(told.habits)]
    menstruating = False if "postmenopausal" in told.history_present else None
    usual = usual_intakes(known, days, told.person, menstruating=menstruating)
    # what foods do not report must not pass for a lack: only nutrients that nearly all foods report
    told.intakes = {
        n: u.median
        for n, u in usual.items()
        if u.foods and u.reporting >= 0.9 * u.foods and u.median > 0
    }
    return Eaten(days, usual)


def intake_lines(usual: dict[str, Usual]) -> list[IntakeLine]:
    """As a report shows them."""
    return [
        IntakeLine(
            nutrient=u.nutrient, unit=u.unit, eaten=round(u.eaten, 2), usual=round(u.median, 2),
            low=round(u.low, 2), high=round(u.high, 2), inadequate=u.inadequate, ear=u.ear, rda=u.rda,
            ai=u.ai, ul=u.ul, ul_scope=u.ul_scope, reporting=u.reporting, foods=u.foods,
            sources=[(name, round(amount, 2)) for name, amount in u.sources[:3]],
        )
        for u in usual.values()
    ]  # fmt: skip


def diet_advice(
    known: Knowledge, told: Understood, eaten: Eaten, present: dict[str, float]
) -> Diet:
    """Intakes and plans for the nutrients in question."""
    wanted = []
    for name, usual in eaten.usual.items():
        record = known.base.nutrients.get(name)
        if record is None or (usual.inadequate is None and not usual.ai):
            continue
        lack = present.get(record.low_cause or "", 0.0)
        short = (
            usual.inadequate
            if usual.inadequate is not None
            else float(usual.median < (usual.ai or 0.0))
        )
        if short >= SHORT or (lack >= SHOWN and short >= SHOWN):
            wanted.append(name)
    avoid: list[str] = [d for d in ("vegan", "vegetarian") if d in told.history_present]
    avoid += [a for a in told.avoids if a in DIETS]
    if any(h in told.history_present for h in ("chronic_kidney_disease", "dialysis")):
        avoid.append("renal")
    if "coeliac_disease" in told.history_present:
        avoid.append("gluten-free")
    others = [a for a in told.avoids if a not in DIETS]
    found = plans(
        eaten.days, eaten.usual, wanted[:4], diets=avoid, allergies=told.allergies,
        dislikes=[*told.dislikes, *others], pregnant=bool(told.person.pregnant),
    )  # fmt: skip
    return Diet(
        days=len(eaten.days), intakes=intake_lines(eaten.usual), unknown=unknown_foods(eaten.days),
        nutrients=wanted, plans=found,
    )  # fmt: skip

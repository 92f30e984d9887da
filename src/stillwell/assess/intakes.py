"""What a diary or habits come to: intakes beside what is advised, doses taken, and plans, as values.

The food table and the planner, which work them out (`diet.py`), are not loaded where nobody told what they eat.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import msgspec

from stillwell.case.understand import TakenMedicine, Understood
from stillwell.knowledge.store import Knowledge
from stillwell.nutrition.intake.doses import daily_doses
from stillwell.nutrition.intake.reference import LifeStage
from stillwell.nutrition.planner.diet_plan import DietPlan

if TYPE_CHECKING:
    from stillwell.nutrition.intake.usual import Day, Usual

FOLIC_ACID_AS_EQUIVALENTS = 1.7  # food folate equivalents of folic acid taken with food (iom1998)
# where the class of supplements is not called like its nutrient
NUTRIENT_OF = {"folic_acid": "folate", "thiamine": "thiamin"}
MG = {"g": 1000.0, "mg": 1.0, "ug": 0.001}


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
    advised: float | None = None
    limit: float | None = None
    above: float | None = None
    ul_counts: str = "total"
    tablets: float = 0.0


class EatenLine(msgspec.Struct, frozen=True, kw_only=True):
    """What the days told bring of a nutrient a day, where no survey tells how its intakes vary.

    A lower bound where foods do not report it (`reporting` of `foods` do).
    """

    nutrient: str
    unit: str
    eaten: float
    reporting: int
    foods: int


class Diet(msgspec.Struct, frozen=True, kw_only=True):
    """Intakes, what was not understood, and up to three plans."""

    days: int
    intakes: list[IntakeLine]
    unknown: list[str]
    nutrients: list[str]
    plans: list[DietPlan]
    notes: list[str] = []
    others: list[EatenLine] = []


@dataclass(frozen=True)
class Eaten:
    """A diary worked out; `doses`: nutrients taken as supplements a day, counted in `usual`."""

    days: list[Day]
    usual: dict[str, Usual]
    doses: dict[str, float] = field(default_factory=dict)
    unread: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    stage: LifeStage = field(default_factory=LifeStage)
    doubted: bool = False


def taken_doses(known: Knowledge, understood: Understood) -> tuple[dict[str, float], list[str]]:
    """(nutrient -> amount a day from tablets, what was told without its dose), listed or told in a story.

    Where both tell of the same nutrient the larger holds; what may be a salt's weight counts as the element in it.
    """
    doses, unread = daily_doses(understood.supplements_told)
    for one in (*understood.supplements, *understood.medicines):
        group = class_of_dose(known, one)
        nutrient = NUTRIENT_OF.get(group, group)
        record = known.base.nutrients.get(nutrient)
        held = held_by_name(known, one)
        for other, amount in held.items():
            scale = FOLIC_ACID_AS_EQUIVALENTS if other == "folate" else 1.0
            doses[other] = max(doses.get(other, 0.0), amount * scale)
        if held or one.stopped or one.sure_dose is None or record is None:
            continue
        if group not in known.base.supplements:
            continue
        scale = MG[known.base.supplements[group].dose_unit] / MG[record.unit]
        if nutrient == "folate":
            scale *= FOLIC_ACID_AS_EQUIVALENTS
        doses[nutrient] = max(doses.get(nutrient, 0.0), one.sure_dose * scale)
    return doses, unread


def class_of_dose(known: Knowledge, one: TakenMedicine) -> str:
    """The class of supplements in whose unit a dose stands: calcium for an antacid of calcium."""
    record = known.base.medicines.get(one.group) or known.base.supplements[one.group]
    own = (m.element_of for m in record.members if m.name == one.member and m.element_of)
    return next(own, one.group)


def held_by_name(known: Knowledge, one: TakenMedicine) -> dict[str, float]:
    """What a product brings a day by its name alone ("B-50"), in each nutrient's unit; nothing where it was left."""
    record = known.base.medicines.get(one.group) or known.base.supplements[one.group]
    holds = next((m.holds for m in record.members if m.name == one.member), {})
    if one.stopped or not holds or one.dose is None:
        return {}
    often = one.dose / holds[one.group]
    return {nutrient: amount * often for nutrient, amount in holds.items()}

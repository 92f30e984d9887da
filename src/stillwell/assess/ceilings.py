"""The most of a nutrient that an authority calls safe, and how much of it a person takes and eats."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, get_args

from stillwell.assess.intakes import (
    FOLIC_ACID_AS_EQUIVALENTS,
    MG,
    NUTRIENT_OF,
    Eaten,
    class_of_dose,
    held_by_name,
)
from stillwell.case.model import Medicine
from stillwell.case.understand import Understood
from stillwell.knowledge.store import Knowledge
from stillwell.nutrition.foods.record import NUTRIENTS
from stillwell.nutrition.intake.doses import daily_doses
from stillwell.nutrition.intake.reference import counted
from stillwell.nutrition.planner.limits import ADULT

Authority = Literal["lowest", "us", "efsa", "uk"]
AUTHORITIES: tuple[Authority, ...] = get_args(Authority)
BODIES = {"us": ("US",), "efsa": ("EFSA",), "uk": ("UK",)}
LOWEST = ("US", "EFSA")  # the lower of both holds where nobody chose
TABLETS = {**NUTRIENT_OF, "caffeine_tablets": "caffeine"}  # class of supplements -> nutrient


@dataclass(frozen=True)
class UpperLevel:
    """The most a day, in `unit`; `counts`: "total" where food counts too, else "supplements"."""

    amount: float
    unit: str
    body: str
    counts: str
    scope: str = ""


@dataclass
class Total:
    """What a person takes of a nutrient a day, in `unit`, and what they usually eat of it.

    Attributes:
        products: the name and daily amount of each product.
        food: the usual intake from food by the diary; None without one that can be used.
        unclear: how much less it is where every dose that may be a salt's weight is one.
        unknown: products that hold the nutrient, or may hold it, in an amount that was not told.
    """

    nutrient: str
    unit: str
    tablets: float = 0.0
    food: float | None = None
    products: list[tuple[str, float]] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    unclear: float = 0.0

    def counted(self, level: UpperLevel) -> float:
        """What of it counts towards an upper level."""
        return self.tablets + (self.food or 0.0 if level.counts == "total" else 0.0)


def upper_level(
    known: Knowledge, understood: Understood, nutrient: str, authority: Authority = "lowest"
) -> UpperLevel | None:
    """The upper level for this person: the lowest that could hold, by the authority chosen.

    Where that authority sets none, the lower of the United States and the European Union holds. The
    age of people whose age was not told is taken to be adult.
    """
    for bodies in (BODIES.get(authority, LOWEST), LOWEST):
        found = _levels(known, understood, nutrient, bodies)
        if found:
            return min(found, key=lambda level: level.amount)
    return None


def _levels(
    known: Knowledge, understood: Understood, nutrient: str, bodies: tuple[str, ...]
) -> list[UpperLevel]:
    person, history = understood.person, understood.history_present
    age = person.age
    mother = bool(person.pregnant) or "pregnant" in history or "breastfeeding" in history

    def of_age(ages: tuple[int, int]) -> bool:
        return ages[1] > ADULT if age is None else ages[0] <= int(age) <= ages[1]

    record = known.base.nutrients.get(nutrient)
    found = [
        UpperLevel(i.amount, unit_of(known, nutrient), i.body, counted(i.scope), i.scope)
        for i in (record.intakes if record else [])
        if i.kind == "UL" and i.body in bodies and of_age(i.ages)
        and i.sex in ("any", person.sex or i.sex)
        and (mother or not (i.pregnant or i.lactating))
    ]  # fmt: skip
    found += [
        UpperLevel(c.amount, c.unit, c.body, c.counts, c.of)
        for c in known.base.ceilings
        if c.nutrient == nutrient and c.body in bodies and of_age(c.ages)
    ]
    return found


def totals(known: Knowledge, understood: Understood, intake: Eaten | None) -> dict[str, Total]:
    """What is taken of each nutrient over all products told, listed or in words, and eaten.

    A product that is both listed and told in words counts once: of the two sums the larger holds.
    Folic acid is counted as such, not as food folate equivalents.
    """
    found: dict[str, Total] = {}
    for one in (*understood.supplements, *understood.medicines):
        group = class_of_dose(known, one)
        nutrient = TABLETS.get(group, group)
        unit = unit_of(known, nutrient)
        name = one.member or one.told
        held = held_by_name(known, one)
        for other, amount in held.items():
            total = found.setdefault(other, Total(other, unit_of(known, other)))
            total.products.append((name, amount))
        record = known.base.supplements.get(group)
        if one.stopped or not unit or record is None or not record.dose_unit or held:
            continue
        total = found.setdefault(nutrient, Total(nutrient, unit))
        if one.dose is None:
            total.unknown.append(name)
        else:
            scale = MG[record.dose_unit] / MG[unit]
            total.products.append((name, one.dose * scale))
            total.unclear += (one.dose - (one.sure_dose or 0.0)) * scale
    listed: dict[str, list[tuple[str, float]]] = {}
    for item in understood.supplements_told:
        for nutrient, amount in daily_doses([item], most=True)[0].items():
            if nutrient == "folate":
                amount /= FOLIC_ACID_AS_EQUIVALENTS
            name = item.name if isinstance(item, Medicine) else item
            listed.setdefault(nutrient, []).append((name, amount))
    for nutrient, products in listed.items():
        total = found.setdefault(nutrient, Total(nutrient, unit_of(known, nutrient)))
        if _sum(products) > _sum(total.products):
            total.products = products
    drinks: dict[str, float] = {}
    if intake is not None and intake.days:
        from stillwell.nutrition.intake.diary import fortified_drinks

        drinks = fortified_drinks(intake.days)
    for nutrient, amount in drinks.items():
        if amount > 0:
            total = found.setdefault(nutrient, Total(nutrient, unit_of(known, nutrient)))
            total.products.append((known.base.wording.taken["energy_drinks"], amount))
    several = [
        s.member or s.told
        for s in understood.supplements
        if s.group == "multivitamin" and not s.stopped
    ]
    believed = intake is not None and not intake.doubted
    for nutrient, total in found.items():
        total.tablets = _sum(total.products)
        total.unknown += several
        usual = intake.usual.get(nutrient) if intake is not None and believed else None
        if usual is not None and nutrient != "vitamin_a":  # food's holds what plants have too
            total.food = max(0.0, usual.median - usual.dose - drinks.get(nutrient, 0.0))
    return found


def _sum(products: list[tuple[str, float]]) -> float:
    return sum(amount for _, amount in products)


def unit_of(known: Knowledge, nutrient: str) -> str:
    """The unit of a nutrient's amounts; empty where it is no nutrient."""
    if nutrient in known.base.nutrients:
        return known.base.nutrients[nutrient].unit
    if nutrient in NUTRIENTS:
        return NUTRIENTS[nutrient][1]
    return next((c.unit for c in known.base.ceilings if c.nutrient == nutrient), "")

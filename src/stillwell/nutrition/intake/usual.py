"""Days told and habits to usual intake to probability of inadequacy.

A diary of a few days says what was eaten on those days. What a person usually eats is closer to what people
of that sex and age eat, the more so the fewer the days: measurement-error shrinkage on a power scale (Nusser
et al. 1996, doi:10.1080/01621459.1996.10476646; Dodd et al. 2006, doi:10.1016/j.jada.2006.07.011). The
probability of inadequacy is that of a requirement above the usual intake (full probability approach, National
Research Council 1986; iron: Institute of Medicine 2001).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from math import log1p, sqrt
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from stillwell.case.model import Person
from stillwell.errors import CaseError
from stillwell.knowledge.schema import UsualIntake
from stillwell.knowledge.store import Knowledge
from stillwell.nutrition.foods.record import NUTRIENTS, Food
from stillwell.nutrition.foods.table import all_foods
from stillwell.nutrition.intake.diary import (
    Day,
    Understood,
    food_sources,
    mean_doses,
    mean_nutrients,
    read_diary,
    understood,
    unknown_foods,
    weights,
)
from stillwell.nutrition.intake.habits import Answers, Shift, population_mean, shifts
from stillwell.nutrition.intake.reference import (
    LifeStage,
    counted,
    life_stage,
    reference,
    requirement,
    target,
    upper_level_of,
    variation,
)

Floats = NDArray[np.float64]
DRAWS = 4000
UNKNOWN_KCAL, UNKNOWN_CV = (
    150.0,
    1.0,
)  # a thing eaten that is not known: 2000 kcal over some 14 things a day
LIKELY = 0.5  # probability from which passing an upper level is said


@dataclass(frozen=True)
class Usual:
    """The usual intake of one nutrient.

    Attributes:
        eaten: mean of the days told, a lower bound where foods do not report the nutrient or are not known.
        median, low, high: usual intake with its central 90 %, in the nutrient's unit per day.
        inadequate: probability that it lies under this person's requirement; None where only an AI is set.
        ear, rda, ai, ul: reference intakes of the life stage; `limit`: reduce if above (sodium, alcohol).
        above: probability that what the upper level counts (`ul_counts`) passes it.
        reporting, foods: how many of the foods counted report the nutrient.
        from_food: median of what food alone brings; `dose`: what tablets bring a day.
        draws: of the usual intake; `need`: of the requirement, at the same draws.
    """

    nutrient: str
    unit: str
    eaten: float
    median: float
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
    draws: Floats
    need: Floats | None = None
    advised: float | None = None
    limit: float | None = None
    above: float | None = None
    ul_counts: str = "total"
    from_food: float = 0.0
    dose: float = 0.0

    def shortfall(self, level: float = 0.1) -> float:
        """How much more a day brings the probability of inadequacy to `level`; 0 where it is there.

        By the same draws of intake and requirement that gave the probability; where only an adequate
        intake is set, what is missing to it.
        """
        if self.need is None:
            return max(0.0, (self.ai or 0.0) - self.median)
        return float(max(np.quantile(self.need - self.draws, 1 - level), 0.0))

    def inadequate_after(self, more: float) -> float | None:
        """Probability of inadequacy once `more` a day is eaten."""
        return None if self.need is None else float(np.mean(self.draws + more < self.need))


@cache
def _spread_of_density(nutrient: str) -> float:
    """Coefficient of variation of a nutrient per kcal over survey foods with energy, at most 1.5."""
    values = [
        (f.nutrients[nutrient] or 0.0) / energy
        for f in all_foods()
        if f.source == "fndds"
        and (energy := f.nutrients["energy"] or 0.0) > 20
        and f.nutrients[nutrient] is not None
    ]
    mean = float(np.mean(values)) if values else 0.0
    return min(float(np.std(values)) / mean, 1.5) if mean else 1.5


def population(known: Knowledge, person: Person | LifeStage) -> dict[str, UsualIntake]:
    """How intakes of people of this sex and age vary, by nutrient."""
    rows = {n: variation(known, n, person) for n in NUTRIENTS}
    return {n: r for n, r in rows.items() if r is not None}


def usual_intakes(
    known: Knowledge,
    days: list[Day],
    person: Person | LifeStage,
    *,
    habits: Answers | None = None,
    supplements: dict[str, float] | None = None,
    body: str = "US",
    menstruating: bool | None = None,
    seed: int = 1,
) -> dict[str, Usual]:
    """Usual intake and probability of inadequacy of every nutrient whose intakes the survey knows.

    Args:
        days: days of a diary; may be empty where habits are told.
        person: the person, or their life stage where more is known (history, medicines).
        habits: answers to the short form: what the days are drawn to.
        supplements: amounts taken daily, added after shrinkage (they do not vary from day to day).
        body: whose reference intakes: US (and Canada) or EFSA.
        menstruating: for iron; by default as the life stage says.
    """
    stage = person if isinstance(person, LifeStage) else life_stage(person)
    if menstruating is not None:
        stage = LifeStage(**{**stage.__dict__, "menstruates": menstruating})
    rng = np.random.default_rng(seed)
    z_person, z_need, z_missing, z_unknown = rng.standard_normal((4, DRAWS))
    rows = population(known, stage)
    shift = shifts(habits, rows, stage.sex) if habits else {}
    doses = dict(supplements or {})
    for n, amount in (mean_doses(days) if days else {}).items():
        doses[n] = doses.get(n, 0.0) + amount
    found = {}
    for nutrient, row in rows.items():
        record = known.base.nutrients.get(nutrient)
        draws, eaten = _usual_draws(
            days, nutrient, row, rows["energy"], shift.get(nutrient), z_person, z_missing, z_unknown
        )
        dose = doses.get(nutrient, 0.0)
        from_food = float(np.median(draws))
        draws = draws + dose
        need, ear = requirement(record, stage, body, z_need) if record else (None, None)
        level = {
            kind: reference(record, kind, stage, body) if record else None
            for kind in ("RDA", "AI", "CDRR")
        }
        upper = level["UL"] = upper_level_of(record, stage) if record else None
        counts = counted(upper.scope) if upper else "total"
        # folate equivalents of a tablet are 1.7 times its folic acid, which the upper level counts
        taken = dose / 1.7 if nutrient == "folate" else dose
        above = None
        if upper is not None:
            over = draws if counts == "total" else np.full(DRAWS, taken)
            above = float(np.mean(over > upper.amount))
        low, median, high = np.quantile(draws, [0.05, 0.5, 0.95])
        set_at = {kind: i.amount if i else None for kind, i in level.items()}
        found[nutrient] = Usual(
            nutrient, NUTRIENTS[nutrient][1], eaten, float(median), float(low), float(high),
            float(np.mean(draws < need)) if need is not None else None,
            ear, set_at["RDA"], set_at["AI"], set_at["UL"], upper.scope if upper else "",
            sum(d.reporting.get(nutrient, 0) for d in days),
            sum(bool(i.foods) for d in days for i in d.items),
            food_sources(days, nutrient), draws, need,
            target(record, stage, body) if record else None, set_at["CDRR"], above, counts,
            from_food, dose,
        )  # fmt: skip
    return found


def _usual_draws(
    days: list[Day],
    nutrient: str,
    row: UsualIntake,
    energy: UsualIntake,
    shift: Shift | None,
    z: Floats,
    z_missing: Floats,
    z_unknown: Floats,
) -> tuple[Floats, float]:
    """(draws of the usual intake, mean of what the days report)."""
    mean, between = row.mean, row.between
    whole = population_mean(row)
    if shift is not None:
        ratio = max(1 + shift.more / whole, 0.1)
        mean, between = row.mean * ratio**row.power, row.between * (1 - shift.explained)
    if not days:
        draws = _back(mean + sqrt(between) * z, row)
        return draws * _takes(row, 0, z_unknown) / (row.takers or 1.0), 0.0
    weight = weights(days)
    told = np.array([d.known.get(nutrient, 0.0) for d in days])
    eaten = float(told @ weight)
    per_kcal = whole / population_mean(energy)
    spread = _spread_of_density(nutrient)
    silent = per_kcal * np.array([d.silent_energy.get(nutrient, 0.0) for d in days])
    unknown = np.array([float(d.not_counted) for d in days])
    # one draw a person: the same brands recur; things not known differ in energy and in what it brings
    extra = silent[None, :] * _positive(spread, z_missing)[:, None]
    if unknown.any():
        vary = sqrt((spread**2 + UNKNOWN_CV**2) / float(unknown.sum()))
        energies = per_kcal * UNKNOWN_KCAL * unknown
        extra = extra + energies[None, :] * _positive(vary, z_unknown)[:, None]
    scaled = (told[None, :] + extra) ** row.power @ weight
    effective = 1 / float((weight**2).sum())
    shrink = between / (between + row.within / effective)
    centre = mean + shrink * (scaled - mean)
    draws = _back(centre + sqrt(between * (1 - shrink)) * z, row)
    if not eaten and not silent.any():
        draws = draws * _takes(row, len(days), z_unknown)
    return draws, eaten


def _takes(row: UsualIntake, days: int, z: Floats) -> Floats:
    """1 for draws in which a person with none on so many days takes any at all, else 0 (Bayes)."""
    if row.takers is None or row.taken_on is None:
        return np.ones(len(z))
    silent_taker = row.takers * (1 - row.taken_on) ** days
    share = silent_taker / (silent_taker + 1 - row.takers) if silent_taker < 1 else 1.0
    result: Floats = (z < NormalDist().inv_cdf(min(max(share, 1e-9), 1 - 1e-9))).astype(float)
    return result


def _positive(cv: float, z: Floats) -> Floats:
    """Lognormal draws of mean 1 and the given coefficient of variation."""
    spread = sqrt(log1p(cv**2))
    result: Floats = np.exp(spread * z - spread**2 / 2)
    return result


def _back(u: Floats, row: UsualIntake) -> Floats:
    """Mean over days of the back-transformed intake (second-order Taylor; Dodd et al. 2006)."""
    u, power = np.maximum(u, 1e-6), 1 / row.power
    result: Floats = u**power + 0.5 * power * (power - 1) * u ** (power - 2) * row.within
    return result


def too_high(usual: dict[str, Usual]) -> list[str]:
    """One line for each upper level, or level to reduce above, that this person likely passes."""
    lines = []
    for one in usual.values():
        if one.ul is not None and (one.above or 0.0) >= LIKELY:
            what = "tablets bring" if one.ul_counts == "supplements" else "you take in"
            amount = one.dose if one.ul_counts == "supplements" else _about(one.median)
            if one.ul_counts == "supplements" and one.nutrient == "folate":
                amount /= 1.7
            lines.append(
                f"{one.nutrient.replace('_', ' ')}: {what} about {amount:.4g} {one.unit} a day, above the upper "
                f"level of {one.ul:g} ({one.ul_scope or 'total intake'})"
            )
        elif (
            one.limit is not None and one.foods and float(np.mean(one.draws > one.limit)) >= LIKELY
        ):
            lines.append(
                f"{one.nutrient}: about {_about(one.median):g} {one.unit} a day; above {one.limit:g} less is better"
            )
    return lines


def _about(amount: float) -> float:
    """A guess with the two digits that it deserves."""
    return float(f"{amount:.2g}")


def usual_energy(known: Knowledge, person: Person | LifeStage) -> float:
    """Mean energy intake of people of this sex and age, kcal a day."""
    row = variation(known, "energy", person)
    if row is None:
        raise CaseError("person", "no survey tells what such people eat", "Check age and sex")
    return population_mean(row)


__all__ = [
    "Day", "Food", "LifeStage", "Understood", "Usual", "life_stage", "mean_nutrients", "read_diary", "reference",
    "too_high", "understood", "unknown_foods", "usual_energy", "usual_intakes",
]  # fmt: skip

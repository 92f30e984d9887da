"""Diary to usual intake to probability of inadequacy.

A diary of a few days says what was eaten on those days. What a person usually eats is closer to what people
of that sex and age eat, the more so the fewer the days: measurement-error shrinkage on a power scale (Nusser
et al. 1996, doi:10.1080/01621459.1996.10476646; Dodd et al. 2006, doi:10.1016/j.jada.2006.07.011). The
probability of inadequacy is that of a requirement above the usual intake (full probability approach, National
Research Council 1986; iron: Institute of Medicine 2001).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import msgspec
import numpy as np
from numpy.typing import NDArray

from stillwell.case.model import Person
from stillwell.errors import CaseError
from stillwell.knowledge.schema import Intake, Nutrient, UsualIntake
from stillwell.knowledge.store import Knowledge
from stillwell.nutrition.match import Item, read_meal
from stillwell.nutrition.table import NUTRIENTS, Food, all_foods, food

Floats = NDArray[np.float64]
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
DAY_LINE = re.compile(
    r"^\s*(?:#+\s*)?(mon(?:day)?|tue(?:s|sday)?|wed(?:nesday)?|thu(?:rs|rsday)?|fri(?:day)?|sat(?:urday)?|"
    r"sun(?:day)?|day\s*\d+)\b\s*[:.\-]?\s*",
    re.IGNORECASE,
)
DRAWS = 4000
# log sd of women's iron requirement while they menstruate: from the 2.5th and 97.5th percentile, 4.42 and 18.23
# mg/day (Institute of Medicine 2001, table 14-1)
IRON_MEDIAN, IRON_SPREAD = 8.07, 0.361


@dataclass
class Day:
    """One day of a diary: its foods and the totals that they report."""

    weekend: bool | None
    items: list[Item]
    known: dict[str, float] = field(default_factory=dict)
    silent_energy: dict[str, float] = field(default_factory=dict)
    reporting: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Usual:
    """The usual intake of one nutrient.

    Attributes:
        eaten: mean of the days told, a lower bound where foods do not report the nutrient.
        median, low, high: usual intake with its central 90 %, in the nutrient's unit per day.
        inadequate: probability that it lies under this person's requirement; None where only an AI is set.
        reporting, foods: how many of the foods told report the nutrient.
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


def read_diary(text: str | list[str]) -> list[Day]:
    """The days of a diary. A line that starts with a weekday or "day 2" begins a new day.

    Raises:
        CaseError: an empty diary, an impossible amount, or more than 31 days.
    """
    blocks: list[tuple[str, list[str]]] = []
    for number, part in enumerate([text] if isinstance(text, str) else text):
        if not isinstance(text, str):
            blocks.append((f"day {number + 1}", []))
        for line in part.splitlines():
            start = DAY_LINE.match(line)
            if start:
                blocks.append((start.group(1).lower(), [line[start.end() :]]))
            elif not blocks:
                blocks.append(("day 1", [line]))
            else:
                blocks[-1][1].append(line)
    days = []
    for name, lines in blocks:
        words = "\n".join(
            re.sub(
                r"^\s*(breakfast|lunch|dinner|supper|tea time|snacks?|brunch|elevenses)\s*[:\-]\s*",
                "",
                ln,
                flags=re.IGNORECASE,
            )
            for ln in lines
        )
        if re.search(r"[a-zA-Z]", words):
            days.append(_totals(Day(_weekend(name), read_meal(words))))
    if not days or not any(d.items for d in days):
        raise CaseError(
            "diary", "holds no food", "Write what you ate, for example: 2 eggs, toast, black coffee"
        )
    if len(days) > 31:
        raise CaseError("diary", f"holds {len(days)} days", "Give 31 days at most")
    return days


def _weekend(name: str) -> bool | None:
    for day in DAYS:
        if name[:3] == day[:3]:
            return day in ("saturday", "sunday")
    return None


def _totals(day: Day) -> Day:
    for item in day.items:
        if not item.foods:
            continue
        chosen = item.foods[0]
        record = food(chosen.id)
        for nutrient in NUTRIENTS:
            value = record.nutrients.get(nutrient)
            if value is None:
                energy = (record.nutrients.get("energy") or 0.0) * chosen.grams / 100
                day.silent_energy[nutrient] = day.silent_energy.get(nutrient, 0.0) + energy
            else:
                day.known[nutrient] = day.known.get(nutrient, 0.0) + value * chosen.grams / 100
                day.reporting[nutrient] = day.reporting.get(nutrient, 0) + 1
    return day


HABIT_DAYS = 3.0  # days of a diary that a list of habits is worth: judgement


def habit_day(habits: dict[str, float]) -> Day:
    """Habits (food -> times a week) as one average day.

    Raises:
        CaseError: a number of times below 0 or above 70 a week.
    """
    items: list[Item] = []
    for words, times in habits.items():
        if not 0 <= times <= 70:
            raise CaseError(
                f"habits.{words}",
                f"{times:g} times a week is not possible",
                "Give times a week, 0 to 70",
            )
        for item in read_meal(words):
            item.foods = [msgspec.structs.replace(c, grams=c.grams * times / 7) for c in item.foods]
            items.append(item)
    if not items:
        raise CaseError(
            "habits", "holds no food", "Give foods with times a week, for example: oily fish: 1"
        )
    return _totals(Day(None, items))


def unknown_foods(days: list[Day]) -> list[str]:
    """What was told and is not in the food table."""
    return [i.text for d in days for i in d.items if not i.foods]


def density(nutrient: str) -> tuple[float, float]:
    """(mean, standard deviation) of a nutrient per kcal over survey foods with energy."""
    values = [
        (f.nutrients[nutrient] or 0.0) / energy
        for f in all_foods()
        if f.source == "fndds"
        and (energy := f.nutrients["energy"] or 0.0) > 20
        and f.nutrients[nutrient] is not None
    ]
    return float(np.mean(values)), float(np.std(values))


def variation(known: Knowledge, nutrient: str, person: Person) -> UsualIntake | None:
    """How intakes of people of this sex and age vary; the middle of the range where not told."""
    age = person.age if person.age is not None else 45
    rows = [r for r in known.base.usual_intakes if r.nutrient == nutrient]
    fit = [
        r for r in rows if r.ages[0] <= max(age, 18) <= r.ages[1] and person.sex in (None, r.sex)
    ]
    return fit[0] if fit else None


def reference(record: Nutrient, kind: str, person: Person, body: str = "US") -> Intake | None:
    """The reference intake of one kind for this person; the larger where sex is not told (UL: the lower)."""
    age = person.age if person.age is not None else 45
    pregnant = bool(person.pregnant)
    rows = [
        i
        for i in record.intakes
        if i.kind == kind and i.body == body and i.ages[0] <= max(age, 19) <= i.ages[1]
        and (i.sex == "any" or person.sex in (None, i.sex))
    ]  # fmt: skip
    own = [i for i in rows if i.pregnant == pregnant] or [i for i in rows if not i.pregnant]
    if not own:
        return None
    return (min if kind == "UL" else max)(own, key=lambda i: i.amount)


def usual_intakes(
    known: Knowledge,
    days: list[Day],
    person: Person,
    *,
    supplements: dict[str, float] | None = None,
    body: str = "US",
    menstruating: bool | None = None,
    seed: int = 1,
) -> dict[str, Usual]:
    """Usual intake and probability of inadequacy of every nutrient with a reference intake, and of energy.

    Args:
        supplements: amounts taken daily, added after shrinkage (they do not vary from day to day).
        body: whose reference intakes: US (and Canada) or EFSA.
        menstruating: for iron; by default women of 19 to 50 who are not pregnant.
    """
    rng = np.random.default_rng(seed)
    z_person, z_need, z_missing = rng.standard_normal((3, DRAWS))
    found = {}
    for nutrient in NUTRIENTS:
        row = variation(known, nutrient, person)
        if row is None:
            continue
        record = known.base.nutrients.get(nutrient)
        draws, eaten = _usual_draws(days, nutrient, row, z_person, z_missing)
        draws = draws + (supplements or {}).get(nutrient, 0.0)
        need, ear = (
            _requirement(record, person, body, menstruating, z_need) if record else (None, None)
        )
        upper = reference(record, "UL", person, body) if record else None
        enough = reference(record, "AI", person, body) if record else None
        advised = reference(record, "RDA", person, body) if record else None
        low, median, high = np.quantile(draws, [0.05, 0.5, 0.95])
        found[nutrient] = Usual(
            nutrient, NUTRIENTS[nutrient][1], eaten, float(median), float(low), float(high),
            float(np.mean(draws < need)) if need is not None else None,
            ear, advised.amount if advised else None, enough.amount if enough else None,
            upper.amount if upper else None, upper.scope if upper else "",
            sum(d.reporting.get(nutrient, 0) for d in days), sum(bool(i.foods) for d in days for i in d.items),
            _sources(days, nutrient), draws,
        )  # fmt: skip
    return found


def _usual_draws(
    days: list[Day], nutrient: str, row: UsualIntake, z: Floats, z_missing: Floats
) -> tuple[Floats, float]:
    """(draws of the usual intake, mean of what the days report)."""
    told = np.array([d.known.get(nutrient, 0.0) for d in days])
    weight = _weights(days)
    eaten = float(told @ weight)
    silent = np.array([d.silent_energy.get(nutrient, 0.0) for d in days])
    extra = np.zeros((len(z), len(days)))
    if silent.any():
        mean, sd = density(nutrient)
        spread = np.sqrt(np.log1p((sd / max(mean, 1e-12)) ** 2))
        factor = np.exp(
            spread * z_missing - spread**2 / 2
        )  # one draw a person: the same brands recur
        extra = mean * silent[None, :] * factor[:, None]
    scaled = (told[None, :] + extra) ** row.power @ weight
    effective = 1 / float((weight**2).sum())
    shrink = row.between / (row.between + row.within / effective)
    centre = row.mean + shrink * (scaled - row.mean)
    spread_u = np.sqrt(row.between * (1 - shrink))
    u = np.maximum(centre + spread_u * z, 1e-6)
    power = 1 / row.power
    # mean over days of the back-transformed intake (second-order Taylor)
    usual = u**power + 0.5 * power * (power - 1) * u ** (power - 2) * row.within
    return usual, eaten


def _weights(days: list[Day]) -> Floats:
    """Weights of the days: five weekdays to two weekend days where both kinds were told."""
    weekend = [d.weekend for d in days]
    n_end, n_week = weekend.count(True), weekend.count(False)
    if not n_end or not n_week or None in weekend:
        return np.full(len(days), 1 / len(days))
    return np.array([2 / 7 / n_end if e else 5 / 7 / n_week for e in weekend])


def _requirement(
    record: Nutrient, person: Person, body: str, menstruating: bool | None, z: Floats
) -> tuple[Floats | None, float | None]:
    """(draws of the requirement, EAR); (None, None) where only an adequate intake is set."""
    average = reference(record, "EAR", person, body)
    if average is None:
        return None, None
    age = person.age if person.age is not None else 45
    if menstruating is None:
        menstruating = person.sex == "female" and 14 <= age <= 50 and not person.pregnant
    if record.id == "iron" and menstruating and body == "US":
        return IRON_MEDIAN * np.exp(IRON_SPREAD * z), average.amount
    sd = (
        (average.interval[1] - average.interval[0]) / 3.92
        if average.interval
        else 0.1 * average.amount
    )
    return np.maximum(average.amount + sd * z, 0.0), average.amount


def _sources(days: list[Day], nutrient: str) -> list[tuple[str, float]]:
    """The foods that bring most of a nutrient, with their amount per day."""
    total: dict[str, float] = {}
    weight = _weights(days)
    for day, share in zip(days, weight, strict=True):
        for item in day.items:
            if item.foods:
                record = food(item.foods[0].id)
                value = record.nutrients.get(nutrient)
                if value:
                    amount = value * item.foods[0].grams / 100 * share
                    total[record.name] = total.get(record.name, 0.0) + float(amount)
    return sorted(total.items(), key=lambda s: -s[1])[:5]


def mean_nutrients(days: list[Day]) -> dict[str, float]:
    """What the days report, per day."""
    weight = _weights(days)
    return {
        n: float(sum(d.known.get(n, 0.0) * w for d, w in zip(days, weight, strict=True)))
        for n in NUTRIENTS
    }


__all__ = ["Day", "Food", "Usual", "mean_nutrients", "read_diary", "unknown_foods", "usual_intakes"]

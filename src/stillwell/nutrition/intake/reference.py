"""Reference intakes of a life stage: what a person needs, how needs vary, and what is too much.

Reference intakes are knowledge (knowledge/data/nutrients). Needs are drawn: normal around the average
requirement, for iron from the published percentiles (full probability approach, National Research Council
1986; Institute of Medicine 2001, table 14-1).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from math import isfinite
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from stillwell.case.model import Person
from stillwell.case.understand import Understood
from stillwell.errors import CaseError
from stillwell.knowledge.schema import Intake, Nutrient, UsualIntake
from stillwell.knowledge.store import Knowledge
from stillwell.nutrition.foods.record import data

Floats = NDArray[np.float64]
BODIES = ("US", "EFSA", "UK")
UPPER = {"UK": "EFSA"}  # whose upper levels hold where a body sets none that was read
YOUNGEST = 9  # reference intakes are given from this age
SMOKING_VITAMIN_C = 35.0  # mg more a day (Institute of Medicine 2000; general knowledge, not read)
Counts = Literal["total", "supplements"]


@dataclass(frozen=True)
class LifeStage:
    """What of a person decides their reference intakes; None: not told."""

    age: float | None = None
    sex: Literal["female", "male"] | None = None
    pregnant: bool = False
    lactating: bool = False
    smoking: bool = False
    vegetarian: bool = False
    contraceptive: bool = False
    menstruates: bool | None = None

    @property
    def years(self) -> float:
        """The age, the middle of adult life where it is not told."""
        return 45.0 if self.age is None else self.age

    @property
    def menstruating(self) -> bool:
        """Told, or women of 14 to 50 who are neither pregnant nor breastfeeding."""
        if self.menstruates is not None:
            return self.menstruates
        fertile = self.sex == "female" and 14 <= self.years <= 50
        return fertile and not self.pregnant and not self.lactating


def life_stage(person: Person, understood: Understood | None = None) -> LifeStage:
    """The life stage of a person, and of their history where a case tells it.

    Raises:
        CaseError: an age that is not possible, a pregnant or breastfeeding man.
    """
    age = person.age
    if age is not None and not (isfinite(age) and 0 <= age <= 120):
        raise CaseError("person.age", f"{age:g} is not an age", "Give years between 0 and 120")
    history = set(understood.history_present) if understood else set()
    groups = {m.group for m in understood.medicines if not m.stopped} if understood else set()
    stage = LifeStage(
        age=age,
        sex=person.sex,
        pregnant=bool(person.pregnant) or "pregnant" in history,
        lactating="breastfeeding" in history,
        smoking="smoking" in history,
        vegetarian=bool(history & {"vegan", "vegetarian"}),
        contraceptive="oral_contraceptives" in groups,
        menstruates=False if "postmenopausal" in history else None,
    )
    for word in ("pregnant", "lactating"):
        if getattr(stage, word) and stage.sex == "male":
            name = "breastfeeding" if word == "lactating" else word
            raise CaseError("person", f"a man is said to be {name}", "Check sex and history")
        if getattr(stage, word) and age is not None and not 10 <= age <= 60:
            raise CaseError("person.age", f"{age:g} does not go with {word}", "Check the age")
    return stage


def reference(
    record: Nutrient, kind: str, who: Person | LifeStage, body: str = "US"
) -> Intake | None:
    """The reference intake of one kind; the larger where sex is not told (UL: the lower).

    None below the age of 9, and where the body sets none. The UK's are reference nutrient intakes (RNI, as RDA);
    upper levels beside them are EFSA's. EFSA sets two iron needs for women: that of
    menstruating women is the higher.
    """
    stage = who if isinstance(who, LifeStage) else life_stage(who)
    age = stage.years
    if stage.age is not None and age < YOUNGEST:
        return None
    whose = UPPER.get(body, body) if kind in ("UL", "CDRR") else body
    rows = [
        i
        for i in record.intakes
        if i.kind == kind and i.body == whose and i.ages[0] <= int(age) <= i.ages[1]
        and (i.sex == "any" or stage.sex in (None, i.sex))
    ]  # fmt: skip
    if stage.pregnant or stage.lactating:
        own = [
            i for i in rows if (stage.pregnant and i.pregnant) or (stage.lactating and i.lactating)
        ]
    else:
        own = []
    own = own or [i for i in rows if not i.pregnant and not i.lactating]
    if not own:
        return None
    lower = kind in ("UL", "CDRR")
    if record.id == "iron" and body == "EFSA" and stage.sex == "female":
        lower = lower or not (stage.menstruating or stage.pregnant or stage.lactating)
    return (min if lower else max)(own, key=lambda i: i.amount)


def upper_levels(record: Nutrient, who: Person | LifeStage) -> dict[str, Intake]:
    """The upper levels of the United States and the EU, by body, where they set one."""
    found = {body: reference(record, "UL", who, body) for body in ("US", "EFSA")}
    return {body: level for body, level in found.items() if level is not None}


def upper_level_of(record: Nutrient, who: Person | LifeStage) -> Intake | None:
    """The upper level that holds where nobody chose whose: the lower of the United States and the EU."""
    return min(upper_levels(record, who).values(), key=lambda i: i.amount, default=None)


def advised(record: Nutrient, who: Person | LifeStage, body: str = "US") -> Intake | None:
    """The row of what a body advises: RDA, else AI."""
    return reference(record, "RDA", who, body) or reference(record, "AI", who, body)


def target(record: Nutrient, stage: LifeStage, body: str = "US") -> float | None:
    """What is advised (RDA, else AI), with what smoking and a vegetarian diet add."""
    row = advised(record, stage, body)
    if row is None:
        return None
    return row.amount * _factor(record.id, stage, body) + _more(record.id, stage)


def counted(scope: str) -> Counts:
    """Whether an upper level counts all that is eaten, or only what is added to food or taken."""
    words = scope.lower()
    only = ("supplements and medicines only", "folic acid", "fortified food only", "fortified food")
    return "supplements" if any(w in words for w in only) else "total"


def requirement(
    record: Nutrient, stage: LifeStage, body: str, z: Floats
) -> tuple[Floats | None, float | None]:
    """(draws of the requirement at the standard normal `z`, average requirement).

    (None, None) where only an adequate intake is set.
    """
    average = reference(record, "EAR", stage, body)
    if average is None:
        return None, None
    more, factor = _more(record.id, stage), _factor(record.id, stage, body)
    group = iron_group(stage) if record.id == "iron" and body == "US" else None
    if group is not None:
        return iron_requirement(group, z) * factor, average.amount * factor
    sd = (
        (average.interval[1] - average.interval[0]) / 3.92
        if average.interval
        else 0.1 * average.amount
    )
    return np.maximum(average.amount + sd * z, 0.0) * factor + more, average.amount * factor + more


def _more(nutrient: str, stage: LifeStage) -> float:
    return SMOKING_VITAMIN_C if nutrient == "vitamin_c" and stage.smoking else 0.0


def _factor(nutrient: str, stage: LifeStage, body: str) -> float:
    if nutrient == "iron" and stage.vegetarian and body == "US":
        return float(_iron()["vegetarian"]["factor"])
    return 1.0


@cache
def _iron() -> dict[str, Any]:
    return dict(data("iron_requirement.yaml"))


def iron_group(stage: LifeStage) -> str | None:
    """Whose published iron requirement holds; None where EAR and RDA describe it well enough."""
    if stage.pregnant or stage.lactating or stage.years < 19:
        return None
    if stage.sex == "male":
        return "man"
    if stage.sex is None:
        return None
    if stage.menstruating:
        return "contraceptive" if stage.contraceptive else "menstruating"
    return "postmenopausal"


def iron_requirement(group: str, z: Floats) -> Floats:
    """Iron requirements at the standard normal `z`: the percentiles, joined on a logarithmic scale.

    Beyond the outermost percentiles the curve goes on as steeply as between the last two.

    >>> [round(float(v), 2) for v in iron_requirement("menstruating", np.array([0.0, 1.959964]))]
    [8.07, 18.23]
    """
    from statistics import NormalDist  # takes longer to load than all else here

    table = _iron()
    amounts = next(g["amounts"] for g in table["groups"] if g["who"] == group)
    at = np.array([NormalDist().inv_cdf(p / 100) for p in table["percentiles"]])
    log = np.log(np.asarray(amounts, dtype=float))
    inside = np.interp(z, at, log)
    low, high = (log[1] - log[0]) / (at[1] - at[0]), (log[-1] - log[-2]) / (at[-1] - at[-2])
    inside = np.where(z < at[0], log[0] + (z - at[0]) * low, inside)
    inside = np.where(z > at[-1], log[-1] + (z - at[-1]) * high, inside)
    result: Floats = np.exp(inside)
    return result


def variation(known: Knowledge, nutrient: str, person: Person | LifeStage) -> UsualIntake | None:
    """How intakes of people of this sex and age vary; the middle of the range where not told."""
    age = person.age if person.age is not None else 45
    rows = [r for r in known.base.usual_intakes if r.nutrient == nutrient]
    fit = [
        r
        for r in rows
        if r.ages[0] <= int(max(age, 18)) <= r.ages[1] and person.sex in (None, r.sex)
    ]
    return fit[0] if fit else None

"""Medicines taken above their limit: the amounts of all products that hold one, summed, and how long."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import msgspec

from stillwell.assess.warning import Warning
from stillwell.case.daily_amount import Portion
from stillwell.case.understood import Understood
from stillwell.knowledge.base import cites
from stillwell.knowledge.schema import DoseLimit, Doubled, LimitedMedicine
from stillwell.knowledge.store import Knowledge
from stillwell.nutrition.planner.limits import ADULT
from stillwell.triage.rules import holds
from stillwell.writing import in_a_row

GRAM = 1000.0  # milligrams from which an amount is said in grams


def above_limits(known: Knowledge, understood: Understood) -> Iterator[Warning]:
    """One warning for each medicine of which more, or longer, is taken than its limits allow.

    The least that the words tell is held against each limit, the gravest first; then the most that they may
    mean, which is said as such and asks to count today; then two products of one medicine.
    """
    for limited in known.base.dose_limits.values():
        portions = _each_once([p for p in understood.portions if p.of == limited.id])
        taken = [p for p in portions if not p.planned]
        warning = _warning(known, understood, limited, taken) if taken else None
        if warning is None and len(taken) < len(portions):
            warning = _planned(known, limited, portions)
        if warning is not None:
            yield warning


def _planned(known: Knowledge, limited: LimitedMedicine, portions: list[Portion]) -> Warning | None:
    """What is said before a second product of one medicine is started: nothing is wrong yet."""
    if limited.doubled is None or len(portions) < 2:
        return None
    say = known.base.wording.taken
    warning = _said(limited, portions, limited.doubled, say["limit_days"], 0.0, "")
    first = next(p.product for p in portions if p.planned)
    text = say["before"].format(first=first, text=warning.text)
    return msgspec.structs.replace(warning, text=text, level="routine")


def _each_once(portions: list[Portion]) -> list[Portion]:
    """Every product once: told twice, with its larger amount and its longer time."""
    found: dict[str, Portion] = {}
    for one in portions:
        name = one.product.lower().removesuffix("s")
        other = found.get(name)
        if other is None or other.planned:
            found[name] = one
            continue
        if one.planned:
            continue
        larger = max(one, other, key=lambda p: p.least or 0.0)
        days = max((p.days for p in (one, other) if p.days is not None), default=None)
        found[name] = replace(larger, days=days)
    return list(found.values())


def _warning(
    known: Knowledge, understood: Understood, limited: LimitedMedicine, portions: list[Portion]
) -> Warning | None:
    say = known.base.wording.taken
    least = sum(p.least or 0.0 for p in portions)
    most = sum(p.most or 0.0 for p in portions)
    days = max((p.days or 0.0 for p in portions), default=0.0)
    mine = [limit for limit in limited.limits if _is_for(limit, understood, known)]
    told = [name for p in portions if p.least is None for name in [p.product]]
    more = f" {say['limit_unknown'].format(products=in_a_row(told))}" if told else ""
    for limit in mine:
        bound = _bound(limit, understood)
        if bound is not None and least > bound * (1 + 1e-9):
            alone = [p.product.lower() for p in portions] == [limited.name]
            key = "limit_alone" if alone else "limit_amount"
            return _said(limited, portions, limit, say[key], least, more)
    floor = least + sum(p.piece for p in portions if p.least is None)
    for limit in mine:
        bound = _bound(limit, understood)
        if bound is not None and len(portions) > 1 and floor > bound * (1 + 1e-9):
            return _said(limited, portions, limit, say["limit_least"], floor, "")
    for limit in mine:
        if limit.days is not None and days > limit.days:
            return _said(limited, portions, limit, say["limit_days"], least, "")
    if limited.doubled is None:
        return None
    bounds = [b for limit in mine if (b := _bound(limit, understood)) is not None]
    may_pass = bool(bounds) and most > min(bounds) * (1 + 1e-9)
    if len(portions) > 1 or may_pass:
        key = "limit_perhaps" if may_pass else "limit_days"
        return _said(limited, portions, limited.doubled, say[key], most, more)
    return None


def _is_for(limit: DoseLimit, understood: Understood, known: Knowledge) -> bool:
    age, weight = understood.person.age, understood.person.weight_kg
    years = ADULT if age is None else int(age)
    if not limit.ages[0] <= years <= limit.ages[1]:
        return False
    if limit.weight_below is not None and (weight is None or weight >= limit.weight_below):
        return False
    return limit.when is None or holds(limit.when, understood, known) is not None


def _bound(limit: DoseLimit, understood: Understood) -> float | None:
    weight = understood.person.weight_kg
    if limit.most_per_kg is not None:
        return None if weight is None else limit.most_per_kg * weight
    return limit.most


def _said(
    limited: LimitedMedicine,
    portions: list[Portion],
    limit: Doubled,
    pattern: str,
    total: float,
    more: str,
) -> Warning:
    products = list(dict.fromkeys(p.product for p in portions))
    text = pattern.format(
        total=_shown(total),
        name=limited.name,
        products=in_a_row(products),
        harm=limit.harm.format(name=limited.name),
    )
    return Warning(
        subjects=products,
        kind="above limit",
        severity=limit.severity,
        text=f"{text}{more}",
        do=limit.advice,
        level=limit.level,
        within=limit.within,
        cite=cites(limit),
        judgement=limit.judgement,
    )


def _shown(milligrams: float) -> str:
    return f"{milligrams / GRAM:.3g} g" if milligrams >= GRAM else f"{milligrams:.3g} mg"


__all__ = ["above_limits"]

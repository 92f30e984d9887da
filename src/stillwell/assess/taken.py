"""Warnings about what a person takes already: interactions, cautions, sums over a ceiling, allergies."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from stillwell.assess.ceilings import Authority, Total, UpperLevel, totals, upper_level
from stillwell.assess.dose_limits import above_limits
from stillwell.assess.intakes import Eaten
from stillwell.assess.interactions import (
    GRAVEST_FIRST,
    caution_holds,
    interaction,
    is_of,
    pairs,
    planned_pairs,
    record_of,
    shown,
    taken_now,
)
from stillwell.assess.one_line import one_line_each
from stillwell.assess.warning import Warning
from stillwell.case.understand import TakenMedicine, Understood
from stillwell.knowledge.base import cites, panel_side
from stillwell.knowledge.schema import HighDose, Severity
from stillwell.knowledge.store import Knowledge
from stillwell.nutrition.foods.record import spoken
from stillwell.nutrition.planner.limits import ADULT
from stillwell.triage.rules import holds
from stillwell.writing import three_digits

NEAR = 0.5  # share of an upper level from which a product of unknown amount may pass it: judgement


def warnings(
    known: Knowledge,
    understood: Understood,
    intake: Eaten | None = None,
    present: dict[str, float] | None = None,
    authority: Authority = "lowest",
) -> list[Warning]:
    """All warnings about what is taken, the gravest first.

    Args:
        eaten: the diary worked out; without one only tablets are summed.
        present: posterior probability of each cause that is present.
        authority: whose ceilings hold; "lowest" is the lower of the United States and the European Union.

    >>> from stillwell.case.model import Case
    >>> from stillwell.case.understand import understand
    >>> from stillwell.knowledge.store import knowledge
    >>> case = understand(Case(medicines=["sertraline"], supplements=["St John's wort"]))
    >>> [(w.kind, w.severity) for w in warnings(knowledge(), case)]
    [('interaction', 'contraindicated')]
    """
    sums = totals(known, understood, intake)
    found = [
        *above_limits(known, understood),
        *_interactions(known, understood),
        *_cautions(known, understood, present or {}),
        *_sums(known, understood, sums, authority),
        *_eaten(known, understood, intake, sums, authority),
        *_allergies(known, understood),
    ]
    unique = {(tuple(w.subjects), w.kind, w.text): w for w in found}
    ordered = sorted(unique.values(), key=lambda w: GRAVEST_FIRST.index(w.severity))
    return one_line_each(known, ordered)


def _eaten(
    known: Knowledge,
    understood: Understood,
    intake: Eaten | None,
    sums: dict[str, Total],
    authority: Authority,
) -> Iterable[Warning]:
    """What is eaten above a ceiling; the food table is loaded only where somebody told days."""
    if intake is None or not intake.days:
        return []
    from stillwell.assess.eaten_above import eaten_above

    return eaten_above(known, understood, intake, sums, authority)


def _interactions(known: Knowledge, understood: Understood) -> Iterator[Warning]:
    say = known.base.wording.taken
    met = [(one, other, False) for one, other in pairs(understood)]
    met += [(one, other, True) for one, other in planned_pairs(understood)]
    for one, other, planned in met:
        meeting = interaction(known, one, other)
        if meeting is None:
            continue
        first, second = shown(known, one), shown(known, other)
        text = say["both"].format(first=first, second=second, text=meeting.effect)
        for taken in (one, other):
            text = _doubtful(known, taken, text)
        if planned:
            text = say["before"].format(first=first, text=text)
        yield Warning(
            subjects=[first, second],
            kind="interaction",
            severity=meeting.severity,
            text=text,
            do=meeting.advice,
            level="routine" if planned else meeting.level,
            perhaps=_ambiguous(one, other),
            cite=cites(meeting),
            judgement=meeting.judgement,
        )


def _doubtful(known: Knowledge, taken: TakenMedicine, text: str) -> str:
    """The same text, with "if it is one of the" where the word may stand for several classes."""
    if taken.one_of < 2:
        return text
    name = record_of(known, taken).name
    return known.base.wording.taken["if_it_is"].format(told=taken.told, name=name, text=text)


def _ambiguous(*taken: TakenMedicine) -> str:
    """The first word among what is taken that may stand for several classes, or ""."""
    return next((t.told for t in taken if t.one_of > 1), "")


def _cautions(
    known: Knowledge, understood: Understood, present: dict[str, float]
) -> Iterator[Warning]:
    say = known.base.wording.taken
    for taken in (*taken_now(understood), *understood.planned):
        for caution in known.base.cautions.values():
            if not is_of(caution, taken):
                continue
            held, because, allergy = caution_holds(caution, known, understood, present)
            if not held:
                continue
            name = shown(known, taken)
            text = say["alone"].format(first=name, text=caution.text)
            items = _in_words(known, understood, because)
            if items:
                text = say["because_other" if understood.of_other else "because"].format(
                    text=text, items=", ".join(items)
                )
            if taken in understood.planned:
                text = say["before"].format(first=name, text=text)
            yield Warning(
                subjects=[name],
                kind="allergy" if allergy else "contraindicated",
                severity=caution.severity,
                text=_doubtful(known, taken, text),
                do=caution.advice,
                level="routine" if taken in understood.planned else caution.level,
                perhaps=_ambiguous(taken),
                stops=caution.stops,
                cite=cites(caution),
                judgement=caution.judgement,
            )


def _in_words(known: Knowledge, understood: Understood, because: list[str]) -> list[str]:
    """What makes a caution hold, in the person's own terms."""
    base, found = known.base, []
    for item in dict.fromkeys(because):
        kind, _, name = item.partition(":")
        if kind == "lab":
            found.append(f"{base.tests[name].name} {understood.labs[name].shown}")
        elif kind == "medicine":
            taken = [t for t in taken_now(understood) if name in (t.group, t.member)]
            found += [shown(known, t) for t in taken[:1]]
        else:
            record = base.history.get(item) or base.findings.get(item)
            found.append(record.name if record else item)
    return found


def _sums(
    known: Knowledge, understood: Understood, sums: dict[str, Total], authority: Authority
) -> Iterator[Warning]:
    for nutrient, total in sums.items():
        if total.tablets <= 0:
            continue
        level = upper_level(known, understood, nutrient, authority)
        dose = known.base.high_doses.get(nutrient)
        if level is not None and total.counted(level) > level.amount * (1 + 1e-9):
            yield _sum(known, understood, total, level, dose, "above")
        elif dose is not None and total.tablets > dose.above:
            yield _sum(known, understood, total, level, dose, "prolonged")
        elif level is not None and total.unknown and total.counted(level) >= NEAR * level.amount:
            yield _sum(known, understood, total, level, dose, "near")


def _sum(
    known: Knowledge,
    understood: Understood,
    total: Total,
    level: UpperLevel | None,
    dose: HighDose | None,
    how: str,
) -> Warning:
    """The warning for one nutrient: its ceiling once, with all that adds up to it."""
    say = known.base.wording.taken
    food = ""
    if level is not None and level.counts == "total" and total.food:
        food = say["with_food"].format(food=three_digits(total.food), unit=total.unit)
    key = how if level is not None else "no_ceiling"
    record = known.base.nutrients.get(total.nutrient)
    text = (
        say[key]
        .format(
            total=three_digits(total.tablets),
            unit=total.unit,
            nutrient=record.name if record else spoken_name(total.nutrient),
            products=", ".join(dict.fromkeys(name for name, _ in total.products)),
            food=food,
            body=say[f"body_{level.body}"] if level else "",
            ceiling=f"{level.amount:g}" if level else "",
            counts=say[f"counts_{level.counts}"] if level else "",
            harm=dose.harm if dose else "",
        )
        .strip()
    )
    for name in dict.fromkeys(total.unknown):
        more = say["unknown_amount"].format(first=name, nutrient=spoken_name(total.nutrient))
        text = f"{text} {more}"
    if total.unclear > 0:
        amounts = {
            "total": three_digits(total.tablets),
            "least": three_digits(total.tablets - total.unclear),
        }
        text = f"{text} {say['salt'].format(unit=total.unit, **amounts)}"
    severity: Severity = dose.severity if dose else "moderate"
    do = dose.advice if dose else ""
    if how == "near":
        severity, do = "mild", say["near_do"]
    for other in dose.instead if dose and how != "near" else []:
        if holds(other.when, understood, known) is not None:
            severity, do = "mild", other.do
            break
    if how != "near" and _is_lacking(known, understood, total.nutrient):
        severity, do = "mild", say["treated"]
    if understood.person.age is not None and understood.person.age < ADULT:
        severity, do = "serious", say["child_do"]
    return Warning(
        subjects=list(dict.fromkeys(name for name, _ in total.products)),
        kind="above ceiling" if how == "above" else "prolonged high dose",
        severity=severity,
        text=text,
        do=do,
        cite=cites(dose) if dose else [],
        judgement=bool(dose and dose.judgement),
    )


def _is_lacking(known: Knowledge, understood: Understood, nutrient: str) -> bool:
    """Whether a test of this nutrient is on the side that tells a lack."""
    record = known.base.nutrients.get(nutrient)
    if record is None or record.low_cause is None:
        return False
    return any(
        marker in understood.labs
        and understood.labs[marker].flag == panel_side(panel, known.base.tests[marker])
        for panel in known.base.panels.values()
        if panel.cause == record.low_cause
        for marker in panel.markers
    )


def _allergies(known: Knowledge, understood: Understood) -> Iterator[Warning]:
    """Something taken that bears the name of an allergy."""
    say = known.base.wording.taken
    for taken in taken_now(understood):
        record = record_of(known, taken)
        member = [m for m in record.members if m.name == taken.member]
        names = {taken.told.lower(), taken.member.lower(), record.name.lower()}
        names |= {brand.lower() for m in member for brand in m.brands}
        for words in understood.all_allergies:
            bare = words.lower().removeprefix("allergic to ").removesuffix(" allergy").strip()
            if bare and bare in names - {""}:
                yield Warning(
                    subjects=[shown(known, taken)],
                    kind="allergy",
                    severity="contraindicated",
                    text=say["allergy"].format(words=bare, first=shown(known, taken)),
                    do=say["allergy_do"],
                    level="today",
                    judgement=True,
                )


def spoken_name(nutrient: str) -> str:
    """A nutrient's name in a sentence."""
    try:
        return spoken(nutrient)
    except KeyError:
        return nutrient.replace("_", " ")


__all__ = ["Warning", "spoken_name", "warnings"]

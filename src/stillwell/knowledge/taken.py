"""Checks of what is said about medicines and supplements that are taken: whom it is about, and how urgent it is."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stillwell.knowledge import schema as s
from stillwell.knowledge.base import Base, Where
from stillwell.knowledge.conditions import bad_condition

NOW = ("emergency", "today")  # levels at which a line may say "today"
_TODAY = re.compile(r"\b(today|tonight|right away|before the next (tablet|dose))\b")
_EMERGENCY = re.compile(r"^(Go to an emergency department now|Call an ambulance now)")


def bad_meeting(base: Base, record: s.DrugClass, meeting: s.Interaction) -> Iterator[str]:
    """What is wrong with the words of an interaction."""
    words = f"{meeting.effect} {meeting.advice}"
    other = base.medicines.get(meeting.with_) or base.supplements.get(meeting.with_)
    for group, named, field in (
        (record, meeting.members, "members"),
        (other, meeting.others, "others"),
    ):
        member = _one_named(base, group, words)
        if member and not named and group is not None:
            yield f"the words name {member}, one of '{group.id}': give {field}, or write it for all"
    yield from _bad_level(meeting.severity, meeting.level, words)


def bad_words_of_caution(base: Base, caution: s.Caution) -> Iterator[tuple[Where, str]]:
    """What is wrong with the words of a caution."""
    words = f"{caution.text} {caution.advice}"
    for i, name in enumerate(caution.taken):
        group = base.medicines.get(name) or base.supplements.get(name)
        member = _one_named(base, group, caution.text)
        if member:
            yield ("taken", i), f"the text names {member}, one of '{name}': name the members"
    for text in _bad_level(caution.severity, caution.level, words):
        yield (), text


def bad_high_dose(base: Base, record: s.HighDose) -> Iterator[tuple[Where, str]]:
    """What is wrong with the conditions of the advice on a high dose."""
    for i, other in enumerate(record.instead):
        yield from bad_condition(base, other.when, ("instead", i, "when"))


def bad_limits(base: Base, record: s.LimitedMedicine) -> Iterator[tuple[Where, str]]:
    """Limits that bound nothing, whose conditions are not known, or whose words do not fit their urgency."""
    for i, limit in enumerate(record.limits):
        if sum(x is not None for x in (limit.most, limit.most_per_kg, limit.days)) != 1:
            yield ("limits", i), "give one of most, most_per_kg and days"
        if limit.when is not None:
            yield from bad_condition(base, limit.when, ("limits", i, "when"))
    words = [w.replace("-", " ") for product in record.products for w in product.words]
    for word in sorted({w for w in words if words.count(w) > 1}):
        yield ("products",), f"'{word}' stands for two products"


def bad_told(base: Base, record: s.Management) -> Iterator[tuple[Where, str]]:
    """Steps that would say {told} of a whole class, only some members of which bring the cause."""
    for part in ("steps", "home", "back", "until_help"):
        for i, line in enumerate(getattr(record, part)):
            short = getattr(line, "short", "")
            if line.when is None or "{told}" not in f"{line.text} {short}":
                continue
            for name in _medicines_of(line.when):
                group = base.medicines.get(name) or base.supplements.get(name)
                effects = [e for e in group.effects if e.cause == record.id] if group else []
                meant = {m for e in effects for m in e.members}
                if effects and all(e.members for e in effects) and len(meant) < len(group.members):  # type: ignore[union-attr]
                    yield (
                        (part, i),
                        f"{{told}} would name any of '{name}': name those that bring it ({', '.join(sorted(meant))})",
                    )


def _medicines_of(when: s.Condition) -> Iterator[str]:
    if when.medicine is not None:
        yield when.medicine
    parts = [*(when.all or []), *(when.any or []), *(when.at_least[1] if when.at_least else [])]
    for part in parts:
        yield from _medicines_of(part)


def _one_named(base: Base, group: s.DrugClass | None, words: str) -> str:
    """The member of a class with several of which words speak, or "", also where they name every one.

    Not a name that all members share (insulin), nor that of the substance that all products of a class of
    supplements hold (vitamin B6, iodine in kelp).
    """
    if group is None or len(group.members) < 2:
        return ""
    named = [m.name for m in group.members if re.search(rf"(?i)\b{re.escape(m.name)}\b", words)]
    if len(named) == len(group.members):
        return ""
    for name in named:
        shared = all(name in other.name for other in group.members)
        substance = group.id.startswith(name.lower().replace(" ", "_"))
        if not shared and not (substance and group.id in base.supplements):
            return name
    return ""


def _bad_level(severity: s.Severity, level: s.Level, words: str) -> Iterator[str]:
    if severity == "contraindicated" and level in ("routine", "self_care"):
        yield "what is contraindicated needs a level: how soon must somebody who takes it act?"
    if _TODAY.search(words) and level not in NOW:
        yield 'the words say "today": the level must be today or emergency'
    if _EMERGENCY.search(words) and level != "emergency":
        yield "the words send to an emergency department: the level must be emergency"


__all__ = ["bad_high_dose", "bad_meeting", "bad_told", "bad_words_of_caution"]

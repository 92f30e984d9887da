"""Checks that a condition of a rule or a step is well formed and names only what is known."""

from __future__ import annotations

from collections.abc import Iterator

from stillwell.knowledge import schema as s
from stillwell.knowledge.base import Base, Where


def bad_condition(base: Base, when: s.Condition, at: Where) -> Iterator[tuple[Where, str]]:
    kinds: list[object] = [
        when.all,
        when.any,
        when.at_least,
        when.finding,
        when.history,
        when.medicine,
    ]
    kinds += [
        when.stopped,
        when.lab,
        when.age_from,
        when.age_below,
        when.pregnant,
        when.dose,
        when.daily,
        when.result,
        when.vital,
    ]
    if sum(kind is not None for kind in kinds) != 1:
        yield at, "a condition holds exactly one test (use all/any to join several)"
    if when.lab is not None and when.below is None and when.above is None and when.flag is None:
        yield at, "a lab condition needs below, above or flag"
    if when.vital is not None:
        if when.vital not in base.vitals:
            yield at, f"the vital '{when.vital}' is not known: {', '.join(base.vitals)}"
        if when.above is None and when.below is None:
            yield at, "a vital condition needs above or below"
    if when.dose is not None:
        supplement = base.supplements.get(when.dose)
        if supplement is None or not supplement.dose_unit:
            yield at, f"the supplement '{when.dose}' is not known, or has no dose_unit"
        if when.above is None:
            yield at, "a dose condition needs above"
    if when.finding is not None and when.finding not in base.findings:
        yield at, f"the finding '{when.finding}' is not known"
    if when.history is not None and when.history not in base.history:
        yield at, f"the history item '{when.history}' is not known"
    if when.lab is not None and when.lab not in base.tests:
        yield at, f"the test '{when.lab}' is not known"
    for name in (when.medicine, when.stopped, when.daily):
        if name is not None and not is_medicine(base, name):
            yield at, f"the medicine or class '{name}' is not known"
    for name in ("all", "any"):
        for i, part in enumerate(getattr(when, name) or []):
            yield from bad_condition(base, part, (*at, name, i))
    if when.at_least is not None:
        for i, part in enumerate(when.at_least[1]):
            yield from bad_condition(base, part, (*at, "at_least", 1, i))


def is_medicine(base: Base, name: str) -> bool:
    classes = {**base.medicines, **base.supplements}
    return name in classes or any(m.name == name for c in classes.values() for m in c.members)

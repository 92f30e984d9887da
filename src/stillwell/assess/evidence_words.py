"""A piece of evidence in plain words, named by what this person told or had measured."""

from __future__ import annotations

from collections.abc import Mapping

from stillwell.case.labs import Result
from stillwell.knowledge.base import Base

NAMED = 2  # tests of one group that a reason names


def words_of(
    base: Base,
    item: str,
    labs: Mapping[str, Result],
    *,
    borderline: bool = False,
    unsure: Mapping[str, str] | None = None,
) -> str:
    """A piece of evidence in plain words.

    Args:
        item: as `leave_one_out` names it: a finding or course, or "no:", "lab:", "panel:", "history:",
            "intake:", "medicine:", "taken for:", "not taken:" with what it is about.
        labs: the person's results by test; of tests that are read together only those are named.
        unsure: the told word of each class of which it is not known whether the person takes it ("water tablet").
        borderline: whether the result lies inside its range, near its end, and says so.
    """
    say = base.wording.reasons
    kind, _, rest = item.partition(":")
    if kind == "no":
        return _denied(base, rest, labs)
    if kind == "lab":
        test, side, *degree = rest.split(":")
        key = "how_far" if degree else "lab"
        return say[key].format(side=side, test=base.tests[test].name)
    if kind == "panel":
        markers = base.panels[rest].markers
        measured = [m for m in markers if m in labs] or markers[:1]
        text = say["and"].join(_measured(base, m, labs) for m in measured[:NAMED])
        return say["borderline"].format(result=text) if borderline else text
    if kind == "history":
        return base.history[rest].name
    if kind == "intake":
        return say["intake"].format(nutrient=rest.replace("_", " "))
    if kind == "not taken":
        names = [base.medicines[n].name for n in rest.split("|") if n in base.medicines]
        return say["not_taken"].format(medicine=say["or"].join(names))
    if kind == "taken for":
        group, member, history = rest.split(":")
        medicine = member or base.medicines[group].name
        return say["taken_for"].format(medicine=medicine, history=base.history[history].name)
    if kind == "medicine":
        group, _, member = rest.partition(":")
        table = base.medicines if group in base.medicines else base.supplements
        return member or (unsure or {}).get(group) or table[group].name
    return base.findings[item].name


def _denied(base: Base, item: str, labs: Mapping[str, Result]) -> str:
    say = base.wording.reasons
    if item.startswith("lab:"):
        _, test, side, *_ = item.split(":")
        return say["lab_not"].format(side=side, test=base.tests[test].name)
    return say["denied"].format(sign=words_of(base, item, labs))


def _measured(base: Base, test: str, labs: Mapping[str, Result]) -> str:
    name = base.tests[test].name
    return f"{name} {labs[test].shown}" if test in labs else name

"""Illnesses that a medicine tells of: who injects insulin has diabetes, told or not.

Such an illness counts as told with the certainty with which takers of the medicine have it. What the medicine itself
does to a cause was counted in people who have the illness, so there the illness adds nothing. An illness that is told
or denied is what the person says, and no medicine tells more.
"""

from __future__ import annotations

from dataclasses import dataclass

from stillwell.case.understood import SURE, TakenMedicine, Understood
from stillwell.knowledge import schema as s
from stillwell.knowledge.base import Base

TAKEN_FOR = "taken for:"


@dataclass(frozen=True)
class Implied:
    """An illness that medicines tell of, how certainly, and by which of them first.

    `acted_on`: causes whose numbers for these medicines hold the illness already.
    """

    history: str
    certainty: float
    taken: TakenMedicine
    acted_on: frozenset[str]

    @property
    def item(self) -> str:
        """The name under which a reason is shown."""
        return f"{TAKEN_FOR}{self.taken.group}:{self.taken.member}:{self.history}"


def implied_history(base: Base, case: Understood) -> dict[str, Implied]:
    """The illnesses that this person's medicines tell of and that the person neither told nor denied."""
    found: dict[str, Implied] = {}
    acts: dict[str, set[str]] = {}
    for taken in case.medicines:
        if taken.stopped or taken.one_of > 1:
            continue
        record = base.medicines[taken.group]
        for name in {reason.history for reason in record.taken_for}:
            reason = _fitting(record, taken, name, case)
            if reason is None or name in (*case.history_present, *case.history_absent):
                continue
            acts.setdefault(name, set()).update(e.cause for e in record.effects)
            sure = 1.0 if reason.p >= SURE else reason.p
            if name not in found or sure > found[name].certainty:
                found[name] = Implied(name, sure, taken, frozenset())
    return {
        name: Implied(name, one.certainty, one.taken, frozenset(acts[name]))
        for name, one in sorted(found.items())
    }


def _fitting(
    record: s.DrugClass, taken: TakenMedicine, history: str, case: Understood
) -> s.TakenFor | None:
    """The first record of this illness that fits the person and what is taken of the class."""
    sex, age = case.person.sex, case.person.age
    for reason in record.taken_for:
        if reason.history != history or (reason.members and taken.member not in reason.members):
            continue
        if reason.sex != "any" and sex != reason.sex:
            continue
        if reason.ages != (18, 120) and (
            age is None or not reason.ages[0] <= age <= reason.ages[1]
        ):
            continue
        return reason
    return None


__all__ = ["TAKEN_FOR", "Implied", "implied_history"]

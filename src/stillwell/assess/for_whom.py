"""For whom a rule of the checklists or the cautions is meant."""

from __future__ import annotations

from stillwell.case.understand import Understood
from stillwell.knowledge.schema import ForWhom

FERTILE = (12, 55)  # years of age within which a woman may be, or become, pregnant
ASKED_UP_TO = 50  # years up to which every woman is asked: births after it are fewer than 1 in 1000: judgement
AFTER_THE_CHANGE = "hrt"  # who takes it has, in all likelihood, come to the end of her periods


def applies(whom: ForWhom, understood: Understood) -> bool:
    """Whether a rule is for this person; a pregnancy is possible unless something speaks against it.

    `may_be_pregnant` is for women of whom nothing says whether they are pregnant (without an age as well),
    and for whom asking is not pointless: not past 50, and not on hormones for the change;
    `may_become_pregnant` for women of a fertile age who are not known to be.
    """
    if whom == "everyone":
        return True
    person = understood.person
    if whom in ("men", "not_men"):
        return (person.sex == "male") == (whom == "men")
    if person.sex != "female" or "postmenopausal" in understood.history_present:
        return False
    fertile = person.age is not None and FERTILE[0] <= person.age <= FERTILE[1]
    if whom == "may_become_pregnant":
        return fertile and not (person.pregnant or "pregnant" in understood.history_present)
    known = {*understood.history_present, *understood.history_absent}
    if person.age is not None and (not fertile or person.age > ASKED_UP_TO):
        return False
    if any(taken.group == AFTER_THE_CHANGE and not taken.stopped for taken in understood.medicines):
        return False
    return person.pregnant is None and "pregnant" not in known


__all__ = ["FERTILE", "applies"]

"""Settles what was understood: who the person is, what is implied, what contradicts, what is complained of."""

from __future__ import annotations

from dataclasses import replace

import msgspec

from stillwell.case.model import Person
from stillwell.case.understood import NotKnown, TakenMedicine, Understood
from stillwell.errors import CaseError
from stillwell.knowledge.store import Knowledge

OF_MOTHERS = ("pregnant", "breastfeeding", "recent_childbirth")
OF_WOMEN = (*OF_MOTHERS, "postmenopausal", "heavy_menstrual_bleeding")


YOUNGEST_MOTHER, OLDEST_MOTHER = 10, 51  # years within which words can tell a pregnancy


def may_be_pregnant(person: Person) -> bool:
    """Whether words may tell a pregnancy of this person: no man's, no child's, none of old age."""
    aged = person.age is not None and not YOUNGEST_MOTHER <= person.age <= OLDEST_MOTHER
    return person.sex != "male" and not aged


def settle_person(understood: Understood) -> None:
    """Let pregnancy told in words or as a field say the same, and refuse what cannot be."""
    person = understood.person
    if person.sex == "male":  # read from words before the sex was: a misreading
        for items in (understood.history_present, understood.present):
            items[:] = [i for i in items if not (i in OF_WOMEN and i in understood.certainty)]
    if not may_be_pregnant(person):
        for items in (understood.present, understood.noted):
            items[:] = [i for i in items if i != "perhaps_pregnant"]
    if person.pregnant:
        understood.history_present.append("pregnant")
    elif person.pregnant is None and "pregnant" in understood.history_present:
        person = msgspec.structs.replace(person, pregnant=True)
    elif person.pregnant is None and "pregnant" in understood.history_absent:
        person = msgspec.structs.replace(person, pregnant=False)
    told = {*understood.history_present, *understood.present, *understood.noted}
    if person.sex is None and told & {*OF_WOMEN, "perhaps_pregnant"} - {"pregnant"}:
        person = msgspec.structs.replace(person, sex="female")
    if person.pregnant and person.sex is None:
        person = msgspec.structs.replace(person, sex="female")
    for state in ("pregnant", "breastfeeding"):
        if state in understood.history_present and person.sex == "male":
            raise CaseError("history", f"a man is said to be {state}", "Check sex and history")
    understood.person = person


def tidied(understood: Understood, known: Knowledge) -> None:
    """Add what is implied, drop contradictions with a note, and choose the complaint."""
    findings = known.base.findings
    read = set(understood.present)
    queue = list(dict.fromkeys(understood.present))
    present: dict[str, list[str]] = {}
    while queue:
        name = queue.pop(0)
        if name in present:
            continue
        finding = findings[name]
        implied = list(finding.implies)
        if finding.qualifies and finding.section != "course":
            implied.append(finding.qualifies)
        present[name] = [i for i in implied if i in findings]
        queue += present[name]
    if understood.certainty:
        understood.certainty.update(_following(present, read, understood.certainty))
    for name in list(dict.fromkeys(understood.absent)):
        if name in present:
            understood.unclear.append(
                known.base.wording.readings["there_and_not"].format(name=findings[name].name)
            )
    understood.present = list(present)
    understood.absent = [n for n in dict.fromkeys(understood.absent) if n not in present]
    for name in understood.present:
        if understood.sure(name) < 1.0:
            continue  # one misreading must not deny something else
        for other in findings[name].excludes:
            if other not in present and other not in understood.absent:
                understood.absent.append(other)
    understood.history_present = list(dict.fromkeys(understood.history_present))
    understood.history_absent = [
        n for n in dict.fromkeys(understood.history_absent) if n not in understood.history_present
    ]
    for taken in ("medicines", "supplements"):
        unique: dict[tuple[str, str, bool], TakenMedicine] = {}
        for one in getattr(understood, taken):
            key = (one.group, one.member, one.stopped)
            if key not in unique or (one.dose or 0.0) >= (unique[key].dose or 0.0):
                told = one.dose_told or (unique[key].dose_told if key in unique else "")
                unique[key] = replace(one, dose_told=told)
        named = {(one.group, one.stopped) for one in unique.values() if one.member}
        # "a statin" and its name are one medicine, "vitamin D 4000 IU" and "D3 1000 IU" are two
        kept = [
            o for o in unique.values() if o.member or o.dose or (o.group, o.stopped) not in named
        ]
        setattr(understood, taken, kept)
    taken_now = {
        (o.group, m)
        for o in (*understood.medicines, *understood.supplements)
        if not o.stopped
        for m in (o.member, "")
    }
    understood.planned = [
        p
        for p in dict.fromkeys(understood.planned)
        if (p.group, p.member) not in taken_now  # another one of its class is a plan of its own
    ]
    _once_not_known(understood, known)
    understood.unclear = list(dict.fromkeys(understood.unclear))
    candidates = [n for n in understood.present if findings[n].section != "course"]
    complaint = [n for n in candidates if findings[n].complaint]
    understood.complaint = complaint or candidates


def _once_not_known(understood: Understood, known: Knowledge) -> None:
    """What is not known, told in words and again in the list, is one entry, the fuller, and one line, the list's."""
    said = known.base.wording.readings["unknown_medicine"]
    kept: list[NotKnown] = []
    for one in understood.not_known:  # the list's come last
        same = [o for o in kept if _is_within(o.shown, one.shown) or _is_within(one.shown, o.shown)]
        lines = {said.format(words=o.told) for o in same if o.told != one.told}
        understood.unclear = [u for u in understood.unclear if u not in lines]
        kept = [o for o in kept if o not in same]
        kept.append(max([one, *same], key=lambda o: len(o.shown)))
    understood.not_known = kept


def _is_within(short: str, long: str) -> bool:
    return f" {short.lower()} " in f" {long.lower()} "


def _following(
    implied: dict[str, list[str]], read: set[str], certainty: dict[str, float]
) -> dict[str, float]:
    """How certain each present item is: what follows from others at least as much as the surest."""
    sure = {name: certainty.get(name, 1.0) if name in read else 0.0 for name in implied}
    queue = list(implied)
    while queue:
        name = queue.pop()
        for other in implied[name]:
            if sure[other] < sure[name]:
                sure[other] = sure[name]
                queue.append(other)
    return sure


def withdraw(misread: set[str], understood: Understood) -> None:
    """Take back what was read from words that do not mean it, as their author says."""
    for name in ("present", "absent", "history_present", "history_absent", "noted", "feared"):
        setattr(understood, name, [i for i in getattr(understood, name) if i not in misread])
    for item in misread:
        understood.perhaps.pop(item, None)
    for name in ("medicines", "supplements", "planned"):
        kept = [m for m in getattr(understood, name) if m.group not in misread]
        setattr(understood, name, kept)

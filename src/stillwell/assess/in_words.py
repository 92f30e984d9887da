"""What was understood, what made an alarm go off and what cannot be known, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import msgspec
import numpy as np

from stillwell.assess.evidence import unheard_results
from stillwell.assess.posterior import WIDE, Found, posterior_of
from stillwell.assess.ranked import WORTH_SAYING
from stillwell.case.labs import in_unit
from stillwell.case.understand import TakenMedicine, Understood
from stillwell.knowledge.base import Base
from stillwell.knowledge.store import Knowledge
from stillwell.triage.rules import Urgency

MOST_PERHAPS = 6  # doubtful readings that a report lists


def is_drink(base: Base, taken: TakenMedicine) -> bool:
    """Whether what is taken is a drink, which a report does not call a supplement."""
    record = base.supplements.get(taken.group)
    return record is not None and any(m.drink and m.name == taken.member for m in record.members)


def shown_name(base: Base, taken: TakenMedicine) -> str:
    """A medicine as a report lists it: what is no longer taken says so, and of which the kind is not known."""
    name = taken.member or taken.told
    if taken.one_of > 1 and not taken.member:
        name = base.wording.taken["kind_unknown"].format(first=name)
    return base.wording.taken["stopped_name"].format(first=name) if taken.stopped else name


def with_dose(base: Base, taken: TakenMedicine) -> str:
    """A medicine as a list of what is taken shows it: with the dose that was told."""
    name = shown_name(base, taken)
    return f"{name} {taken.dose_told}" if taken.dose_told else name


class TakenLine(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that is taken as lists show it, and the causes that it can bring on or worsen.

    Attributes:
        name: as the reasons of causes name it; `shown`: with the dose that was told.
        can_bring: ids of causes, those first that a story of the base links with it.
    """

    id: str
    name: str
    shown: str
    can_bring: list[str]


def taken_lines(base: Base, understood: Understood) -> list[TakenLine]:
    """Everything that is taken, and what has been stopped, in the order told.

    A word for several classes ("water tablet") is one line, and can bring what each of them can.
    """
    linked = {(link.from_, link.to) for s in base.stories.values() for link in s.links}
    lines = list[TakenLine]()
    unsure: dict[str, int] = {}
    for taken in (*understood.medicines, *understood.supplements):
        record = base.medicines.get(taken.group) or base.supplements[taken.group]
        causes = [
            e.cause
            for e in record.effects
            if e.when == ("stop" if taken.stopped else "take")
            and (e.p or (e.odds_ratio or 0.0) > 1.0)
            and (not e.members or not taken.member or taken.member in e.members)
        ]
        names = (taken.group, taken.member)
        causes += [to for origin, to in linked if origin in names and to not in causes]
        if taken.one_of > 1 and taken.told in unsure:
            at = unsure[taken.told]
            shared = [c for c in lines[at].can_bring if c in causes]
            lines[at] = msgspec.structs.replace(lines[at], can_bring=shared)
            continue
        if taken.one_of > 1:
            unsure[taken.told] = len(lines)
        lines.append(
            TakenLine(
                id=taken.group,
                name=taken.member or taken.told,
                shown=with_dose(base, taken),
                can_bring=list(dict.fromkeys(causes)),
            )
        )
    return lines


def unknown_names(base: Base, understood: Understood) -> list[str]:
    """What is taken and not known here, as it was told, with its dose."""
    stopped = base.wording.taken["stopped_name"]
    return [stopped.format(first=o.shown) if o.stopped else o.shown for o in understood.not_known]


def in_words(known: Knowledge, understood: Understood, urgency: Urgency) -> Urgency:
    """The same alerts, with what made each fire in plain words and the person's own results."""

    def words(item: str) -> str:
        kind, _, name = item.partition(":")
        if kind == "lab":
            result = understood.labs.get(name) or understood.labs_in_doubt[name][0]
            return f"{known.base.tests[name].name} {result.shown}"
        if kind == "vital":
            return ", ".join(dict.fromkeys(r.shown for r in understood.vitals[name]))
        if kind == "medicine":
            taken = [
                m
                for m in (*understood.medicines, *understood.supplements)
                if name in (m.group, m.member)
            ]
            now = [m for m in taken if not m.stopped] or taken
            return shown_name(known.base, now[0]) if now else name
        for table in (known.base.findings, known.base.history):
            if item in table:
                return table[item].name
        return item

    return msgspec.structs.replace(
        urgency,
        alerts=[
            msgspec.structs.replace(a, because=[words(i) for i in a.because])
            for a in urgency.alerts
        ],
    )


def understood_in_words(
    known: Knowledge, understood: Understood, units: str
) -> dict[str, list[str]]:
    base = known.base
    names = {k: v.name for k, v in base.findings.items()} | {
        k: v.name for k, v in base.history.items()
    }
    labs = []
    for name, result in understood.labs.items():
        test = base.tests[name]
        labs.append(f"{test.name}: {result.shown} ({result.flag})")
        wanted = test.us_unit if units == "us" else test.unit
        if units != "brought" and wanted and result.value is not None:
            shown = f"{result.censored}{in_unit(result.value, wanted, test)}"
            labs[-1] = f"{test.name}: {shown} ({result.flag})"
    return {
        "present": [base.findings[f].name for f in understood.present],
        "absent": [
            base.findings[f].name
            for f in understood.absent
            if not set(base.findings[f].excludes) & set(understood.present)
        ],
        "history": [base.history[h].name for h in understood.history_present],
        "not in history": [base.history[h].name for h in understood.history_absent],
        "medicines": list(dict.fromkeys(with_dose(base, m) for m in understood.medicines)),
        "supplements": list(
            dict.fromkeys(
                with_dose(base, m) for m in understood.supplements if not is_drink(base, m)
            )
        ),
        "planned": list(dict.fromkeys(shown_name(base, m) for m in understood.planned)),
        "drinks": [shown_name(base, m) for m in understood.supplements if is_drink(base, m)],
        "allergies": list(dict.fromkeys(understood.all_allergies)),
        "avoids": list(
            dict.fromkeys([*understood.avoids, *understood.eating_in_words.get("avoids", [])])
        ),
        "diets": list(understood.eating_in_words.get("diets", [])),
        "results": labs,
        "perhaps": [
            f"{names[i]} (“{understood.from_words.get(i, '')}”)"
            for i in sorted(understood.perhaps, key=lambda i: -understood.perhaps[i])
            if i in names and i not in understood.present
        ][:MOST_PERHAPS],
    }


def limits_of(found: Found | None, known: Knowledge, understood: Understood) -> list[str]:
    words = known.base.wording.limits
    limits = [words["always"]]
    for what, choices in (("age", (25, 45, 65, 80)), ("sex", ("female", "male"))):
        if getattr(understood.person, what) is not None:
            continue
        limits.append(words["unknown_person"].format(what=what))
        # a long case would be worked out anew for each of them: longer than people wait
        if found is not None and found.cells <= WIDE:
            limits += _would_change(found, what, choices)
    if not understood.present:
        limits.append(words["no_complaint"])
    if not understood.labs:
        limits.append(words["no_results"])
    if not (understood.medicines_known or understood.medicines or understood.not_known):
        limits.append(words["no_medicines"])
    return limits


def _would_change(found: Found, what: str, choices: Sequence[int | str]) -> list[str]:
    """The causes that knowing the age or the sex could move most."""
    causal_model, understood = found.causal_model, found.understood
    others = [
        posterior_of(
            causal_model,
            replace(understood, person=msgspec.structs.replace(understood.person, **{what: c})),
        )
        for c in choices
    ]
    shares = np.stack([share for _, share, _ in others])
    moved = shares.max(axis=0) - shares.min(axis=0)
    return [
        causal_model.known.base.wording.limits["would_change"].format(
            what=what,
            cause=causal_model.known.base.causes[causal_model.causes[v]].name,
            low=f"{shares[:, v].min():.0%} ({what} {choices[int(shares[:, v].argmin())]})",
            high=f"{shares[:, v].max():.0%} ({what} {choices[int(shares[:, v].argmax())]})",
        )
        for v in np.argsort(-moved)[:2]
        if moved[v] >= WORTH_SAYING
    ]


def unheard(known: Knowledge, understood: Understood) -> list[str]:
    """A line for each result that lies outside all that is known of its test."""
    base = known.base
    return [
        base.wording.limits["unheard_of"].format(
            test=base.tests[name].name, result=understood.labs[name].shown
        )
        for name in unheard_results(base, understood)
    ]

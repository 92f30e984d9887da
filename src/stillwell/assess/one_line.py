"""Warnings about what is taken, one line for each thing to do: repeats are joined, weaker advice gives way."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

import msgspec

from stillwell.assess.interactions import GRAVEST_FIRST
from stillwell.assess.warning import Warning
from stillwell.knowledge.store import Knowledge
from stillwell.triage.rules import LEVELS
from stillwell.writing import in_a_row

_SENTENCE = re.compile(r"(?<=[.!?])\s+")


def one_line_each(known: Knowledge, found: Sequence[Warning]) -> list[Warning]:
    """The same warnings, the gravest first, each piece of advice once.

    Cautions of the same words become one line; so do interactions of one thing that ask for the same. What must
    be stopped is not spaced or lowered as well.
    """
    both = known.base.wording.taken["both"]
    return _one_voice(_meetings(both, _cautions(found)))


def _cautions(found: Sequence[Warning]) -> list[Warning]:
    """Cautions of the same words become one line with all that they speak of."""
    joined: dict[tuple[str, ...], list[Warning]] = {}
    for number, warning in enumerate(found):
        body = warning.text.partition(f"{warning.subjects[0]}: ")[2]
        alike = warning.kind == "contraindicated" and body and not warning.perhaps
        before = warning.text.partition(body)[0] if body else ""
        planned = before.count(warning.subjects[0]) > 1
        key = (warning.severity, body, warning.do) if alike and not planned else (str(number),)
        joined.setdefault(key, []).append(warning)
    return [_as_one(same) for same in joined.values()]


def _as_one(same: list[Warning]) -> Warning:
    first = same[0]
    names = list(dict.fromkeys(name for warning in same for name in warning.subjects))
    if len(names) == 1 or len(same) == 1:
        return first
    text = f"{', '.join(names)}{first.text.removeprefix(first.subjects[0])}"
    return msgspec.structs.replace(first, subjects=names, text=text)


def _meetings(both: str, found: Sequence[Warning]) -> list[Warning]:
    """Interactions that share one of the two and ask for the same become one line, in the place of the gravest."""
    told = list(found)
    for do in dict.fromkeys(w.do for w in found if w.do):
        while True:
            same = [w for w in told if w.do == do and _body(both, w)]
            count = Counter(name for w in same for name in w.subjects)
            shared, times = max(count.items(), key=lambda c: c[1], default=("", 0))
            if times < 2:
                break
            group = [w for w in same if shared in w.subjects]
            told[told.index(group[0])] = _met(both, shared, group)
            told = [w for w in told if w not in group[1:]]
    return told


def _met(both: str, shared: str, group: Sequence[Warning]) -> Warning:
    others = [name for w in group for name in w.subjects if name != shared]
    sentences = [s for w in group for s in _SENTENCE.split(_body(both, w))]
    text = both.format(
        first=shared, second=in_a_row(others), text=" ".join(dict.fromkeys(sentences))
    )
    return msgspec.structs.replace(
        group[0],
        subjects=[shared, *others],
        text=text,
        severity=min((w.severity for w in group), key=GRAVEST_FIRST.index),
        level=min((w.level for w in group), key=LEVELS.index),
        cite=list(dict.fromkeys(key for w in group for key in w.cite)),
        judgement=any(w.judgement for w in group),
    )


def _body(both: str, warning: Warning) -> str:
    """What an interaction of two says of them, or "" where it is no plain line of two."""
    if warning.kind != "interaction" or warning.perhaps or len(warning.subjects) != 2:
        return ""
    head = both.format(first=warning.subjects[0], second=warning.subjects[1], text="")
    return warning.text.removeprefix(head) if warning.text.startswith(head) else ""


def _one_voice(found: Sequence[Warning]) -> list[Warning]:
    """The strictest advice on a substance holds: no "take less" or "hours apart" beside a "stop it"."""
    barred = [w for w in found if w.kind in ("contraindicated", "allergy")]
    grave = {n for w in barred if w.severity in GRAVEST_FIRST[:2] for n in w.subjects}
    stopped = {n for w in barred if w.stops or w.kind == "allergy" for n in w.subjects}
    limited = {n: w.level for w in reversed(found) if w.kind == "above limit" for n in w.subjects}
    told = []
    for w in found:
        graver = [limited[n] for n in w.subjects if n in limited]
        if (
            w.kind == "contraindicated"
            and len(graver) == len(w.subjects)
            and not w.stops
            and all(LEVELS.index(level) <= LEVELS.index(w.level) for level in graver)
        ):
            told.append(msgspec.structs.replace(w, do=""))  # what to do about the dose holds
        elif w.kind in ("above ceiling", "prolonged high dose") and set(w.subjects) <= grave:
            told.append(msgspec.structs.replace(w, do=""))
        elif not (
            w.kind == "interaction"
            and w.severity in GRAVEST_FIRST[2:]
            and stopped & set(w.subjects)
        ):
            told.append(w)
    return told


__all__ = ["one_line_each"]

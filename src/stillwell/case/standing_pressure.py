"""Tells whether a blood pressure told lying and standing falls: "150/90 lying, 120/70 standing"."""

from __future__ import annotations

import re
from collections.abc import Iterable

from stillwell.knowledge.kept_patterns import compiled
from stillwell.knowledge.store import Knowledge

UPPER, LOWER = 20, 10  # mmHg, the fall on standing that defines orthostatic hypotension
FINDING = "pressure_falls_on_standing"


def falls_on_standing(told: Iterable[str], known: Knowledge) -> str:
    """The words in which a fall of blood pressure on standing is told; "" where none is.

    Args:
        told: statements about the patient, numbers as "150 over 90".

    Source: a fall of 20/10 mmHg on standing, as the cause `vasovagal_or_orthostatic_hypotension` defines it.
    """
    lexicon = known.base.lexicon
    lying, standing = (_either(lexicon[f"pressure_{name}"]) for name in ("lying", "standing"))
    mark = compiled(
        rf"(?<![\w.])(?P<upper>\d{{2,3}}) over (?P<lower>\d{{2,3}})(?![\d.])"
        rf"|(?<!\w)(?:(?P<up>{standing})|(?P<down>{lying}))(?!\w)"
    )
    for text in told:
        found = list(mark.finditer(text)) if " over " in text else []
        readings = [m for m in found if m["upper"]]
        postures = [m for m in found if not m["upper"]]
        if len(readings) < 2 or len(postures) < 2:
            continue
        first = postures[0].start() < readings[0].start()
        pairs = [(one, _beside(one, readings, postures, before=first)) for one in readings]
        flat = [m for m, place in pairs if place is not None and place["down"]]
        up = [m for m, place in pairs if place is not None and place["up"]]
        for low in flat:
            for high in up:
                if (
                    int(low["upper"]) - int(high["upper"]) >= UPPER
                    or int(low["lower"]) - int(high["lower"]) >= LOWER
                ):
                    return f"{low['upper']}/{low['lower']} to {high['upper']}/{high['lower']}"
    return ""


def _beside(
    one: re.Match[str], readings: list[re.Match[str]], postures: list[re.Match[str]], before: bool
) -> re.Match[str] | None:
    """The posture of a reading: the last before it, or the first after it, up to the next reading."""
    at = readings.index(one)
    if before:
        since = readings[at - 1].end() if at else 0
        near = [p for p in postures if since <= p.start() < one.start()]
        return near[-1] if near else None
    until = readings[at + 1].start() if at + 1 < len(readings) else 10**9
    near = [p for p in postures if one.end() <= p.start() < until]
    return near[0] if near else None


def _either(words: Iterable[str]) -> str:
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))

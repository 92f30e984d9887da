"""Which medicines the name of a drug concept tells of."""

from __future__ import annotations

import re

from stillwell.cohort.taken import named

SALTS = ("sodium", "potassium", "calcium", "magnesium", "zinc", "lithium", "iron", "human")
# what stands before an ingredient: an application, how long or how much one piece is, how many a pack holds
NOISE = re.compile(
    r"^\s*(?:(?:(?:A?NDA|BLA)\d+|\d[\d.,]*(?:\s*(?:HR|ML|ACTUAT|DAY|MG|UNT)\b)?|\w+-Deterrent)\s+)*",
    re.I,
)


def read_drug(name: str) -> tuple[list[str], bool]:
    """The known medicines of a drug concept's name, and whether all that it names was read.

    >>> read_drug("24 HR metformin hydrochloride 500 MG Oral Tablet")
    (['metformin'], True)
    """
    found, whole = [], bool(name.strip())
    for piece in re.sub(r"[{}()]", " ", re.sub(r"\[[^\]]*\]", " ", name)).split(" / "):
        words = re.split(r"\s\d", NOISE.sub("", piece).strip())[0].split()
        if words[:1] == ["inert"]:
            continue
        # the salt is no medicine of its own: penicillin V potassium
        words = [w for n, w in enumerate(words) if n == 0 or w.lower() not in SALTS]
        told = (t for n in range(len(words)) for t in (" ".join(words[n:]), words[n]))
        one = next(filter(None, map(_medicine, told)), None)
        if one is None:
            whole = False
        else:
            found.append(one)
    return list(dict.fromkeys(found)), whole


def _medicine(told: str) -> str | None:
    """The one medicine that some words name."""
    taken = named("medicines", told).taken
    if len(taken) == 1 and taken[0].one_of == 1 and taken[0].dose is None:
        return taken[0].member or taken[0].group
    return None


__all__ = ["read_drug"]

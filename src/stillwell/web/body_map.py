"""The picture of the legs: where it is and what is felt there, as words for the readers."""

from __future__ import annotations

from collections.abc import Sequence

from stillwell.web.wording import words

PLACES = (
    "hip_left", "hip_right", "thigh_left", "thigh_right", "knee_left", "knee_right",
    "calf_left", "calf_right", "foot_left", "foot_right",
)  # fmt: skip
# the outline of each part of a left leg, 60 wide and 100 high, the inner side to the right
SHAPES = {
    "hip": "M6 0H60V100H2Q0 45 6 0Z",
    "thigh": "M2 0H57Q56 55 50 100H14Q4 55 2 0Z",
    "knee": "M14 0H50Q52 50 48 100H16Q11 50 14 0Z",
    "calf": "M16 0H48Q54 38 42 100H24Q8 40 16 0Z",
    "foot": "M24 0H42L44 60Q46 92 36 98H10Q2 92 8 76Q20 50 24 0Z",
}
FEELS = (
    "shaking", "twitching", "cramps", "restless", "tingling", "numb", "burning", "weak", "heavy",
    "unsteady", "swollen", "pain",
)  # fmt: skip


def sentence(places: Sequence[str], feels: Sequence[str]) -> str:
    """What was marked, as a sentence that the readers take like the person's own.

    >>> sentence(["calf_left", "calf_right"], ["cramps"])
    'I have cramps in both calves.'
    """
    if not feels:
        return ""
    say = words()["body_map"]
    where = _where(places)
    return " ".join(say["said"][feel].format(where=where).replace(" .", ".") for feel in feels)


def _where(places: Sequence[str]) -> str:
    say = words()["body_map"]
    found = []
    for part in dict.fromkeys(p.rpartition("_")[0] for p in places):
        sides = [p.rpartition("_")[2] for p in places if p.startswith(part)]
        one, both = say["parts"][part]
        found.append(
            say["both"].format(part=both)
            if len(sides) == 2
            else say["one"].format(side=sides[0], part=one)
        )
    where = say["in"].format(places=say["and"].join(found)) if found else say["somewhere"]
    return str(where)

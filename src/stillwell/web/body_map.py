"""The picture of the legs: where it is and what is felt there, as words for the readers."""

from __future__ import annotations

from collections.abc import Sequence

from stillwell.web.wording import words

PLACES = (
    "hip_left", "hip_right", "thigh_left", "thigh_right", "knee_left", "knee_right",
    "calf_left", "calf_right", "foot_left", "foot_right",
)  # fmt: skip
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

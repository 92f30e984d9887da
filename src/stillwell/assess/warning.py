"""What speaks against something that is taken, as one value."""

from __future__ import annotations

from typing import Literal

import msgspec

from stillwell.knowledge.schema import Level, Severity

Kind = Literal[
    "interaction",
    "contraindicated",
    "above ceiling",
    "prolonged high dose",
    "allergy",
    "above limit",
]


class Warning(msgspec.Struct, frozen=True, kw_only=True):
    """What speaks against something that is taken, or against two things together.

    Attributes:
        subjects: names of what is taken; two of an interaction.
        text: what happens, in plain words; `do`: what to do about it.
        level: how urgent it is; the headline is never calmer (`urgency.py`). What is only about to be started is
            not urgent. `perhaps`: the word that may stand for something else. `stops`: it is not to be taken on.
        within: the time in words, where it is not that of the level.
        cite: reference keys; empty where `judgement` is set and nothing was read.
    """

    subjects: list[str]
    kind: Kind
    severity: Severity
    text: str
    do: str
    level: Level = "routine"
    within: str = ""
    perhaps: str = ""
    stops: bool = False
    cite: list[str] = []
    judgement: bool = False


__all__ = ["Kind", "Warning"]

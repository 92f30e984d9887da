"""One day of the symptom diary, as it is kept."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

KIND = "diary_day"
WORST = 10


class DiaryDay(msgspec.Struct, kw_only=True, omit_defaults=True):
    """What a person noted of one day; None is "not recorded", which is neither 0 nor none.

    Attributes:
        severity: how bad the legs were, 0 (nothing) to 10 (as bad as can be).
        disturbed: whether the night was disturbed.
        triggers: what seemed to bring it on; empty: nothing did.
        tried: what was tried against it; empty: nothing was.
    """

    schema: Literal["stillwell/diary_day/1"] = "stillwell/diary_day/1"
    day: dt.date
    severity: Annotated[int, Meta(ge=0, le=WORST)] | None = None
    disturbed: bool | None = None
    triggers: list[str] | None = None
    tried: list[str] | None = None
    note: str = ""


def decoded(body: bytes) -> DiaryDay:
    """A day as it was kept."""
    return msgspec.json.decode(body, type=DiaryDay)


def encoded(day: DiaryDay) -> bytes:
    """A day as it is kept."""
    return msgspec.json.encode(day)

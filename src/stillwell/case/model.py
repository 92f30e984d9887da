"""A case as a person tells it; the same form reads people's files and labelled cases."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta


class Struct(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """Base of the case's records: unknown fields are refused."""


class Person(Struct, kw_only=True):
    """Who. Everything may be left out: then the adult population is averaged over."""

    age: Annotated[float, Meta(ge=0, le=120)] | None = None
    sex: Literal["female", "male"] | None = None
    pregnant: bool | None = None
    weight_kg: Annotated[float, Meta(gt=2, lt=500)] | None = None
    height_cm: Annotated[float, Meta(gt=40, lt=260)] | None = None


class Told(Struct, kw_only=True):
    """Items said to be present and items denied: ids of the vocabulary or plain words."""

    present: list[str] = []
    absent: list[str] = []


class Medicine(Struct, kw_only=True):
    """A medicine by generic or brand name, or by what people call it."""

    name: str
    dose: str | None = None
    duration: str | None = None
    stopped: bool = False


class Lab(Struct, kw_only=True):
    """One blood test: a value with its unit, or only low / normal / high."""

    name: str
    value: float | str | None = None
    unit: str | None = None
    flag: Literal["low", "normal", "high"] | None = None
    critical: bool = False
    reference: str | list[float | None] | dict[str, float | None] | None = None
    date: dt.date | None = None


class Case(Struct, kw_only=True):
    """Everything one person tells.

    `misread`: items (findings, history, `class` of a medicine) that the words do not mean, as the person
    said when they saw what was read from them; nothing that is listed is touched by it.
    """

    id: str | None = None
    person: Person = msgspec.field(default_factory=Person)
    complaint: str | None = None
    story: str | None = None
    findings: Told = msgspec.field(default_factory=Told)
    history: Told = msgspec.field(default_factory=Told)
    medicines: list[Medicine | str] | None = None
    supplements: list[Medicine | str] = []
    diet: str | None = None
    diary: str | list[str] | None = None
    habits: dict[str, float | str] = {}
    foods: dict[str, str] = {}
    avoids: list[str] = []
    allergies: list[str] = []
    dislikes: list[str] = []
    labs: list[Lab] = []
    other: list[str] = []
    misread: list[str] = []
    source: dict[str, Any] | None = None
    truth: dict[str, Any] | None = None

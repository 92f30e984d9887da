"""The catalogue of the words of the report, checked when it is read."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import msgspec

from stillwell.knowledge.kept_data import yaml_data


class Chance(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How probabilities are said."""

    very_likely: str
    likely: str
    possible: str
    unlikely: str
    exact: str
    about: str
    under: str
    over: str
    unknown: str
    range: str
    below: str
    above: str
    hardly: str
    somewhere: str
    most: str
    tenths: str
    hundredths: str
    fewest: str


class Doctor(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The words of the doctor's summary; `sex_age`, `sex` and `child` by the person's sex.

    `technical`: the field's name of each danger that a rule of triage names in plain words only.
    """

    person: str
    sex_age: dict[str, str]
    child: dict[str, str]
    sex: dict[str, str]
    age: str
    nobody: str
    pregnant: str
    history: str
    denied: str
    other: str
    began: str
    began_untold: str
    alarm_words: str
    own_words: str
    at_once: str
    rule_out: str
    then: str
    cause: str
    chance: str
    speaks_for: str = msgspec.field(name="for")
    against: str
    nothing: str
    not_known: str
    also_taken: str
    takes_none: str
    no_medicines: str
    more_not_used: str
    bears_on: str
    bears_on_one: str
    can_bring: str
    not_listed: str
    lead: str
    technical: dict[str, str]


class Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All words of the report in one language; {names} in braces are filled in.

    Attributes:
        complaints: by the id of a finding, how a heading names it.
        sections: the heading of each section, by its id.
        labels: what the renderers write around the blocks.
        refers: words that send a reader to another place, and the sections (or parts of the card) that may be
            meant: `alerts`, `ask`, `tests`.
        later: times later than today.
        asking: words that ask for a test; again: words that say why a test that was made is asked for.
        internal: words that are ours and mean nothing to a reader.
        untold: a line of the limits, and the part of what was understood that makes it untrue.
    """

    title: str
    title_now: str
    title_alarm: str
    title_open: str
    title_outside: str
    title_doctor: str
    complaints: dict[str, str]
    footer: str
    sections: dict[str, str]
    labels: dict[str, str]
    chance: Chance
    care: dict[str, str]
    answer: dict[str, str]
    next: dict[str, str]
    asked: dict[str, str]
    plan: dict[str, str]
    causes: dict[str, str]
    results: dict[str, str]
    understood: dict[str, str]
    intakes: dict[str, str]
    machinery: dict[str, str]
    sayings: dict[str, str]
    faults: dict[str, str]
    untold: dict[str, str]
    refers: dict[str, list[str]]
    later: list[str]
    asking: list[str]
    again: list[str]
    internal: list[str]
    doctor: Doctor


def words(language: str = "en") -> Words:
    """The catalogue of a language.

    Raises:
        FileNotFoundError: there is none.
        msgspec.ValidationError: an entry is missing or unknown.
    """
    return _catalogue(language)


@cache
def _catalogue(language: str) -> Words:
    path = Path(__file__).parent / "words" / f"{language}.yaml"
    return msgspec.convert(yaml_data(path), Words)

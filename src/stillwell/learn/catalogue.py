"""How questions are read and what is said around the answers, from the files in `learn/data/`."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Literal

import msgspec
import yaml

_DATA = Path(__file__).parent / "data"


class Topic(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A complaint by which lists are asked for: its words, and the findings and causes behind it."""

    name: str
    words: list[str]
    findings: list[str]
    causes: list[str]


class ListRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A kind of list, the questions that ask for it, and the words which they account for."""

    kind: str
    asks: list[str]
    takes: list[str]

    def fits(self, question: str) -> bool:
        """Whether a question in small letters asks for this kind of list."""
        return _any(self.asks, question)


class Patterns(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Questions of one kind, by patterns of the whole question."""

    asks: list[str]

    def fits(self, question: str) -> bool:
        """Whether a question is of this kind."""
        return _any(self.asks, question)


class PermissionRule(Patterns, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Questions whether something may be done, and those among them of stopping and of doses."""

    never: list[str]
    stop: list[str]
    change: list[str]
    apart: list[str]
    child: list[str]
    no_child: list[str]

    def fits(self, question: str) -> bool:
        """Whether a question asks if something may be done, and not what or how."""
        return _any(self.asks, question) and not _any(self.never, question)

    def stops(self, question: str) -> bool:
        """Whether it speaks of stopping."""
        return _any(self.stop, question)

    def changes(self, question: str) -> bool:
        """Whether it speaks of another dose."""
        return _any(self.change, question)

    def is_apart(self, question: str) -> bool:
        """Whether it asks what two things do to each other, or how far apart they are taken."""
        return _any(self.apart, question)

    def is_of_child(self, question: str) -> bool:
        """Whether it asks what a child may be given, or how much."""
        return _any(self.child, question) and not _any(self.no_child, question)


class TellingRule(Patterns, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Questions that tell of a person, those among them about what can happen at all, and what asks nothing."""

    general: list[str]
    cannot_wait: list[str]
    behind: str
    statement: list[str]
    so_now: list[str]

    def tells_of_now(self, question: str) -> bool:
        """Whether a statement tells of something that is so, and is not only a topic ("lithium shaking legs")."""
        return self.fits(question) or _any(self.so_now, question)

    def is_statement(self, question: str) -> bool:
        """Whether a text says something and asks nothing."""
        return _any(self.statement, question)

    def asks_of_waiting(self, question: str) -> bool:
        """Whether it asks if something that it tells can wait."""
        return _any(self.cannot_wait, question)

    def told_behind(self, question: str) -> list[str]:
        """The question, and of one whether it can wait what it tells by itself."""
        parts = (
            re.split(self.behind, question, flags=re.I)[1:]
            if self.asks_of_waiting(question)
            else []
        )
        return [question, *(part.strip(" ?.") for part in parts if part.strip(" ?."))]

    def is_general(self, question: str) -> bool:
        """Whether a question asks what can happen, and hardly tells what is so."""
        return _any(self.general, question)


def plainly(question: str) -> str:
    """A question in small letters, with plain marks and single spaces."""
    return " ".join(question.lower().replace("’", "'").split())


def _any(patterns: list[str], question: str) -> bool:
    plain = plainly(question)
    return any(_compiled(pattern).search(plain) for pattern in patterns)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


class Context(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When or in whom a complaint comes: its words, the findings or history behind it, and causes that lead what helps."""

    name: str
    words: list[str]
    findings: list[str] = []
    histories: list[str] = []
    helps: list[str] = []


class FlagRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Questions what a low or high result means, and how each side is said."""

    asks: Patterns
    sides: dict[Literal["low", "high"], Patterns]


class BroadRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a question asks of a complaint, by patterns in their order, where it says more than any page knows.

    `yes_or_no`: questions that only a page that knows every word of them answers, but for the kinds `of_yes_or_no`;
    `never`: questions that a list answers in no case.
    """

    kinds: dict[str, Patterns]
    yes_or_no: Patterns
    of_yes_or_no: list[str]
    never: Patterns


class OriginWords(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How it is said what brings a cause."""

    share: str


class Questions(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a question is read."""

    ignored: str
    loose: str
    beside: str
    topics: dict[str, Topic]
    open: Patterns
    generic: str
    joins: str
    small: str
    contexts: dict[str, Context]
    kinds: dict[str, Patterns]
    lists: list[ListRule]
    broad: BroadRule
    flagged: FlagRule
    eating: EatingRule
    permission: PermissionRule
    remedy: Patterns
    remedy_claims: Patterns
    remedy_words: str
    tells: TellingRule


class ListWords(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Title and introduction of one kind of list."""

    title: str
    text: str


class RelationWords(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How it is said whether a cause brings a complaint."""

    often: str
    sometimes: str
    severe: str
    seldom: str
    title: str
    text: str
    medicine: str


class PermissionWords(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is said to questions of permission; `severity`: by the gravity of a meeting."""

    no_stop: str
    stopping: str
    how_to_stop: str
    ask_prescriber: str
    ask_pharmacist: str
    not_known: str
    judged: str
    ask_for_child: str
    child: str
    titles: dict[str, str]
    together: str
    apart: str
    not_at_once: str
    severity: dict[str, str]


class RemedyWords(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is said where nothing tells whether a supplement helps."""

    title: str
    first: str
    test: str
    text: str
    judged: str


class ApartWords(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is said where two causes are compared."""

    title: str
    text: str
    item: str


class NeedsWords(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is said of how much people need of a nutrient."""

    title: str
    text: str
    upper: str
    upper_added: str
    you: str
    whom: dict[str, str]
    amount: str
    units: dict[str, str]
    bodies: dict[str, str]


class MeasuredWords(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is said of a result, and of the usual range of a test."""

    where: dict[str, str]
    borderline: str
    speaks_for: str
    shows: str
    next: str
    flagged: str
    which_unit: str
    in_unit: str
    between: str
    above: str
    below: str
    alone: str
    title: str
    row: str
    row_between: str
    row_above: str
    row_below: str
    either: str
    ages: str
    sexes: dict[str, str]
    laboratory: str


class FoodWords(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is said of food within a way of eating."""

    title: str
    item: str
    need: str
    little: str
    holds_title: str
    holds: str
    portion: str
    share: str
    source: dict[str, str]


class TooMuchWords(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is said of too much of a nutrient; `counts`: by what an upper level counts."""

    title: str
    answer: str
    whose: str
    level: str
    counts: dict[str, str]
    amount: str
    of_dose: str
    above: str
    within: str
    none: str
    no_level: str
    still_ask: str
    judged: str


class EatingRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a question for food names what is left out."""

    without: list[str]
    holds: list[str]


class DoctorWords(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is said of red flags and of first tests."""

    red_flags: str
    red_flags_answer: str
    red_flags_text: str
    tests: str
    tests_text: str
    line: str


class Words(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is said around the knowledge base's own words."""

    verdicts: dict[str, str]
    verdict_is: str
    evidence: str
    sources: str
    see_also: str
    survey: str
    judgement: str
    unknown: str
    unknown_way_out: str
    severe: str
    share: str
    share_judged: str
    through: str
    rather: str
    context: str
    exposure: str
    more: str
    with_strength: str
    origins: OriginWords
    apart: ApartWords
    needs: NeedsWords
    measured: MeasuredWords
    doctor: DoctorWords
    food: FoodWords
    too_much: TooMuchWords
    lists: dict[str, ListWords]
    relations: RelationWords
    bare_answers: list[str]
    alarm_then: str
    permission: PermissionWords
    remedy: RemedyWords


def kinds_of(question: str) -> frozenset[str]:
    """The kinds of question that a text may be."""
    known = {**questions().kinds, "open": questions().open}
    return frozenset(name for name, kind in known.items() if kind.fits(question))


@cache
def questions() -> Questions:
    """The file `questions.yaml`."""
    return msgspec.convert(_read("questions"), Questions)


@cache
def words() -> Words:
    """The file `words.yaml`."""
    return msgspec.convert(_read("words"), Words)


def _read(name: str) -> object:
    return yaml.safe_load((_DATA / f"{name}.yaml").read_text(encoding="utf-8"))

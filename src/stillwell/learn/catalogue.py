"""How questions are read and what is said around the answers, from the files in `learn/data/`."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

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
        return any(re.search(pattern, question) for pattern in self.asks)


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

    def fits(self, question: str) -> bool:
        """Whether a question asks if something may be done, and not what or how."""
        return _any(self.asks, question) and not _any(self.never, question)

    def stops(self, question: str) -> bool:
        """Whether it speaks of stopping."""
        return _any(self.stop, question)

    def changes(self, question: str) -> bool:
        """Whether it speaks of another dose."""
        return _any(self.change, question)


class TellingRule(Patterns, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Questions that tell of a person, those among them about what can happen at all, and what asks nothing."""

    general: list[str]
    statement: list[str]
    so_now: list[str]

    def tells_of_now(self, question: str) -> bool:
        """Whether a statement tells of something that is so, and is not only a topic ("lithium shaking legs")."""
        return self.fits(question) or _any(self.so_now, question)

    def is_statement(self, question: str) -> bool:
        """Whether a text says something and asks nothing."""
        return _any(self.statement, question)

    def is_general(self, question: str) -> bool:
        """Whether a question asks what can happen, and hardly tells what is so."""
        return _any(self.general, question)


def plainly(question: str) -> str:
    """A question in small letters, with plain marks and single spaces."""
    return " ".join(question.lower().replace("’", "'").split())


def _any(patterns: list[str], question: str) -> bool:
    plain = plainly(question)
    return any(re.search(pattern, plain) for pattern in patterns)


class Context(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When or in whom a complaint comes: its words, and the findings or history behind it."""

    name: str
    words: list[str]
    findings: list[str] = []
    histories: list[str] = []


class Questions(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a question is read."""

    ignored: str
    loose: str
    beside: str
    topics: dict[str, Topic]
    open: Patterns
    generic: str
    joins: str
    contexts: dict[str, Context]
    kinds: dict[str, Patterns]
    lists: list[ListRule]
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
    titles: dict[str, str]
    together: str
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


class TooMuchWords(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is said of too much of a nutrient; `counts`: by what an upper level counts."""

    title: str
    answer: str
    whose: str
    level: str
    counts: dict[str, str]


class EatingRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a question for food names what is left out."""

    without: list[str]


class DoctorWords(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is said of red flags and of first tests."""

    red_flags: str
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

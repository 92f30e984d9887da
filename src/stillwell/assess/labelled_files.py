"""Reads files of labelled messages: JSON lines of two kinds, situations as CSV, pairs of one meaning."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeVar

import msgspec
from rapidfuzz import process

from stillwell.errors import CaseError
from stillwell.files import read_text
from stillwell.knowledge.store import Knowledge
from stillwell.triage.rules import LEVELS

MOST_BYTES = 50_000_000
SITUATION = ("id", "text", "age", "sex", "expected_level")
Kind = Literal["message", "question"]
One = TypeVar("One")


@dataclass(frozen=True)
class Message:
    """A message with its labels.

    Attributes:
        kind: `message` (labels say what must not be claimed) or `question` (labels give the highest
            acceptable urgency, and medicines).
        told: findings and history that the words state.
        fair: ids that a fair reader may or may not take from the words.
        denied: ids denied in words.
        never: ids that must not be read as present.
        empty: it tells nothing of ours.
        of_kind: what kind of negative it is ("denied", "past" ...); "" where the labels do not say.
        medicines: as labelled ("a/b" means either); None where the labels do not say.
        urgency_max: None where the labels do not say.
    """

    id: str
    kind: Kind
    text: str
    told: frozenset[str]
    fair: frozenset[str]
    denied: frozenset[str]
    never: frozenset[str]
    empty: bool
    of_kind: str
    medicines: tuple[str, ...] | None
    urgency_min: str
    urgency_max: str | None


@dataclass(frozen=True)
class Situation:
    """Words, the person they come from, and how urgent they are."""

    id: str
    text: str
    person: dict[str, float | str]
    expected: str


@dataclass(frozen=True)
class Pair:
    """Two texts said to mean the same; `how` they differ, "" where that is not told."""

    id: str
    text: str
    reworded: str
    how: str


def read_messages(path: Path, known: Knowledge) -> list[Message]:
    """Labelled messages, of either kind line by line.

    Raises:
        CaseError: names file, line and field.
    """
    ids = {*known.base.findings, *known.base.history}
    return [_message(row, ids) for row in _rows(path)]


def read_situations(path: Path) -> list[Situation]:
    """Situations of a CSV file with the columns of `SITUATION`. Raises CaseError."""
    table = csv.DictReader(io.StringIO(read_text(path, most=MOST_BYTES), newline=""), strict=True)
    try:
        for column in SITUATION:
            if column not in (table.fieldnames or []):
                way = f"The first line names the columns: {', '.join(SITUATION)}"
                raise CaseError(f"{path}", f"has no column '{column}'", way)
        found = [_situation(_Row(str(path), table.line_num, row)) for row in table]
    except csv.Error as error:
        way = 'Put text that holds commas or quotes between "..."'
        raise CaseError(
            f"{path} line {max(table.line_num, 1)}", f"is no CSV ({error})", way
        ) from None
    return _some(found, path)


def read_pairs(path: Path) -> list[Pair]:
    """Pairs of texts that mean the same: JSON lines with `text` and `reworded`. Raises CaseError."""
    return [
        Pair(
            id=row.words("id", f"{row.line}"),
            text=row.words("text"),
            reworded=row.words("reworded"),
            how=row.words("how", ""),
        )
        for row in _rows(path)
    ]


@dataclass(frozen=True)
class _Row:
    """One line of a file, and where it stands."""

    path: str
    line: int
    fields: dict[str, Any]

    def wrong(self, name: str, problem: str, way: str) -> CaseError:
        return CaseError(f"{self.path} line {self.line}, {name}", problem, way)

    def words(self, name: str, default: str | None = None) -> str:
        value = self.fields.get(name, default)
        if value is None:
            raise self.wrong(name, "is missing", "Every line needs it")
        if not isinstance(value, str) or not (value.strip() or value == default):
            raise self.wrong(name, "should be words", f'Write "{name}": "..."')
        return value

    def listed(self, name: str) -> frozenset[str]:
        return frozenset(self.texts(name))

    def texts(self, name: str) -> list[str]:
        value = self.fields.get(name, [])
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self.wrong(name, "should be a list of words", f'Write "{name}": ["..."] or []')
        return value

    def level(self, name: str) -> str:
        value = self.fields.get(name)
        if value not in LEVELS:
            problem = "is missing" if value is None else f"'{value}' is no level of urgency"
            raise self.wrong(name, problem, f"Use one of {', '.join(LEVELS)}")
        return str(value)


def _rows(path: Path) -> list[_Row]:
    return _some(list(_json_lines(path)), path)


def _some(found: list[One], path: Path) -> list[One]:
    if not found:
        raise CaseError(f"{path}", "holds no labelled line", "Give a file with one in each line")
    return found


def _json_lines(path: Path) -> Iterator[_Row]:
    for number, line in enumerate(read_text(path, most=MOST_BYTES).split("\n"), start=1):
        if not line.strip():
            continue
        try:
            value = msgspec.json.decode(line)
        except (msgspec.DecodeError, RecursionError):
            value = None
        if not isinstance(value, dict):
            way = 'Write one {"id": ..., "text": ...} in each line'
            raise CaseError(f"{path} line {number}", "is no JSON object", way)
        yield _Row(str(path), number, value)


def _message(row: _Row, ids: set[str]) -> Message:
    if "not_claimed" not in row.fields and "urgency_max" not in row.fields:
        way = "Add not_claimed (ids that must not be read), or urgency_max (highest acceptable)"
        raise row.wrong("labels", "are of neither known kind", way)
    kind: Kind = "message" if "not_claimed" in row.fields else "question"
    lists = ("present", "history", "may", "fair", "absent", "not_claimed", "others")
    labels = {name: row.listed(name) for name in lists}
    for name, listed in labels.items():
        _refuse_unknown(listed, ids, row, name)
    told = labels["present"] | labels["history"]
    fair = labels["may"] | labels["fair"]
    never = (labels["not_claimed"] | labels["absent"] | (labels["others"] - fair)) - told
    note = row.words("note", "")
    return Message(
        id=row.words("id"),
        kind=kind,
        text=row.words("text"),
        told=told,
        fair=fair,
        denied=labels["absent"],
        never=never,
        empty=row.words("kind", "ours") == "none" if kind == "question" else not told,
        of_kind=note[1 : note.index("]")] if note.startswith("[") and "]" in note else "",
        medicines=tuple(row.texts("medicines")) if "medicines" in row.fields else None,
        urgency_min=row.level("urgency_min"),
        urgency_max=row.level("urgency_max") if "urgency_max" in row.fields else None,
    )


def _refuse_unknown(listed: frozenset[str], ids: set[str], row: _Row, name: str) -> None:
    for one in sorted(listed - ids):
        near = process.extractOne(one, ids, score_cutoff=60)
        way = f"Did you mean '{near[0]}'?" if near else "'stillwell kb stats' tells what there is"
        raise row.wrong(name, f"'{one}' is no finding and no history item", way)


def _situation(row: _Row) -> Situation:
    person: dict[str, float | str] = {}
    age = (row.fields["age"] or "").strip()
    if age:
        try:
            years = float(age)
        except ValueError:
            raise row.wrong(
                "age", f"'{age}' is no number", "Give years, or leave it empty"
            ) from None
        if not 0 <= years <= 120:
            raise row.wrong("age", f"{age} is no age", "Give years between 0 and 120")
        person["age"] = years
    sex = (row.fields["sex"] or "").strip()
    if sex not in ("female", "male", ""):
        raise row.wrong("sex", f"'{sex}' is not known", "Write female or male, or leave it empty")
    if sex:
        person["sex"] = sex
    return Situation(row.words("id"), row.words("text"), person, row.level("expected_level"))

"""Loads the knowledge files, checks every record and every number, and collects all errors at once."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, get_args, get_origin

import msgspec

from stillwell.knowledge import schema as s
from stillwell.knowledge.base import Base, Where, cites, sourced_numbers
from stillwell.knowledge.links import bad_names
from stillwell.knowledge.refused import bad_reference, same_works
from stillwell.knowledge.source import Problem, Source, read_yaml

DATA = Path(__file__).parent / "data"


@dataclass
class _Reading:
    base: Base = field(default_factory=Base)
    problems: list[Problem] = field(default_factory=list)
    places: dict[tuple[str, str], tuple[Source, Where]] = field(default_factory=dict)

    later: list[tuple[Any, Where, Source]] = field(default_factory=list)
    helps: list[tuple[s.Help, Where, Source]] = field(default_factory=list)
    references: dict[str, Source] = field(default_factory=dict)

    def say(self, source: Source, where: Where, text: str) -> None:
        self.problems.append(Problem(str(source.path), source.line(where), text))


def load(folder: Path = DATA) -> tuple[Base, list[Problem]]:
    """Read and check every file.

    Returns:
        The knowledge base and all problems found, sorted by file and line. The base is usable only
        where the list is empty.
    """
    reading = _Reading()
    for path in sorted(folder.rglob("*.y*ml")):
        source = read_yaml(path)
        if isinstance(source, Problem):
            reading.problems.append(source)
            continue
        _take(reading, path.relative_to(folder).parts[0], source)
    _cross_check(reading)
    return reading.base, sorted(set(reading.problems))


def _take(reading: _Reading, kind: str, source: Source) -> None:
    if kind == "references":
        _take_references(reading, source)
    elif kind in ("lexicon", "vocabulary"):
        try:
            words = msgspec.convert(source.value, dict[str, list[str]])
        except msgspec.ValidationError as error:
            reading.say(source, (), str(error))
            return
        target = reading.base.lexicon if kind == "lexicon" else reading.base.vocabulary
        for name in target.keys() & words.keys():
            reading.say(source, (name,), f"{kind} '{name}' stands in another file too")
        target.update(words)
    elif kind in s.KINDS:
        record, many = s.KINDS[kind]
        items = source.value if many else [source.value]
        if not isinstance(items, list):
            reading.say(source, (), f"a file of {kind} holds a list")
            return
        for index, item in enumerate(items):
            where: Where = (index,) if many else ()
            value = _convert(item, record, source, where, reading)
            if value is not None:
                _keep(reading, kind, value, source, where)
    else:
        reading.say(source, (), f"the folder '{kind}' is unknown: use one of {', '.join(s.KINDS)}")


def _keep(reading: _Reading, kind: str, value: Any, source: Source, where: Where) -> None:
    if kind == "wording":
        reading.base.wording = value
        return
    if kind in ("help", "population", "usual_intakes", "ceilings"):
        getattr(reading.base, kind).append(value)
        for place, number in sourced_numbers(value):
            reading.later.append((number, (*where, *place), source))
        if isinstance(value, s.Help):
            reading.helps.append((value, where, source))
        return
    table: dict[str, Any] = getattr(reading.base, kind)
    if value.id in table:
        reading.say(source, (*where, "id"), f"'{value.id}' is defined twice")
    table[value.id] = value
    reading.places[(kind, value.id)] = (source, where)
    if not s.KINDS[kind][1] and source.path.stem != value.id:
        reading.say(source, ("id",), f"the file should be called {value.id}.yaml")


def _take_references(reading: _Reading, source: Source) -> None:
    if not isinstance(source.value, dict):
        reading.say(source, (), "a file of references maps keys to references")
        return
    for key, item in source.value.items():
        value = _convert(item, s.Reference, source, (str(key),), reading)
        if value is None:
            continue
        for text in bad_reference(str(key), value):
            reading.say(source, (key,), text)
        reading.references[str(key)] = source
        known = reading.base.references.get(str(key))
        if known is not None and known != value:
            reading.say(source, (key,), f"the reference '{key}' differs from one of the same key")
        reading.base.references[str(key)] = value


def _convert(item: Any, record: type, source: Source, where: Where, reading: _Reading) -> Any:
    """Convert one record, reporting every bad field rather than the first."""
    try:
        return msgspec.convert(item, record)
    except msgspec.ValidationError as error:
        if not isinstance(item, dict):
            reading.say(source, where, str(error))
            return None
    before = len(reading.problems)
    fields = {f.encode_name: f for f in msgspec.structs.fields(record)}
    for name in item:
        if name not in fields:
            known = ", ".join(fields)
            reading.say(source, (*where, name), f"unknown field '{name}'; known: {known}")
    for name, spec in fields.items():
        if name not in item:
            if spec.required:
                reading.say(source, where, f"the field '{name}' is missing")
            continue
        parts = get_args(spec.type)
        if get_origin(spec.type) is list and isinstance(item[name], list):
            for index, part in enumerate(item[name]):
                _check_field(part, parts[0], name, source, (*where, name, index), reading)
        else:
            _check_field(item[name], spec.type, name, source, (*where, name), reading)
    if len(reading.problems) == before:  # pragma: no cover - the parts passed but the whole did not
        reading.say(source, where, "this record is not valid")
    return None


def _check_field(
    value: Any, kind: Any, name: str, source: Source, where: Where, reading: _Reading
) -> None:
    try:
        msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        reading.say(source, where, f"{name}: {error}")


def _cross_check(reading: _Reading) -> None:
    base = reading.base
    for first, second in same_works(base.references):
        text = f"'{second}' is the same work as '{first}': keep one key"
        reading.say(reading.references[second], (second,), text)
    for number, at, source in reading.later:
        _check_source(number, at, source, reading)
    for record, at, source in reading.helps:
        for i, rule in enumerate(record.rules):
            if rule not in base.triage:
                reading.say(source, (*at, "rules", i), f"the triage rule '{rule}' is not known")
        for i, cause in enumerate(record.causes):
            if cause not in base.causes:
                reading.say(source, (*at, "causes", i), f"the cause '{cause}' is not known")
    for (kind, name), (source, where) in reading.places.items():
        record = getattr(base, kind)[name]
        for place, number in sourced_numbers(record):
            at = (*where, *place)
            _check_source(number, at, source, reading)
        for at, text in bad_names(base, kind, record):
            reading.say(source, (*where, *at), text)


def _check_source(number: Any, at: Where, source: Source, reading: _Reading) -> None:
    for key in cites(number):
        if key not in reading.base.references:
            reading.say(source, at, f"the reference '{key}' is not in references/")
    is_number = isinstance(number, s.Sourced)
    interval = getattr(number, "interval", None)
    if number.judgement and getattr(number, "basis", None) is not None:
        reading.say(source, at, "a judgement has no basis")
    if isinstance(number, s.Produces):
        _check_basis(number, at, source, reading)
    if number.judgement:
        if not number.reason:
            reading.say(source, at, "a judgement needs a one-line reason")
        if is_number and interval is None:
            reading.say(source, at, "a judgement needs an interval")
    elif not cites(number):
        reading.say(source, at, "needs cite (a source that was read), or judgement with a reason")
    elif is_number and interval is None and number.n is None:
        reading.say(source, at, "a cited number needs an interval or a sample size n")
    if interval is not None and interval[0] > interval[1]:
        reading.say(source, at, "the interval is upside down")
    value = getattr(number, "p", None)
    if value is None:
        value = getattr(number, "odds_ratio", None)
    if value is None:
        value = getattr(number, "incidence_per_100000_year", None)
    if value is not None and interval is not None and not interval[0] <= value <= interval[1]:
        reading.say(source, at, f"{value} lies outside its interval {list(interval)}")


def _check_basis(link: s.Produces, at: Where, source: Source, reading: _Reading) -> None:
    if link.basis is None and not link.judgement:
        reading.say(
            source, at, "needs basis: counted, derived or worded (or judgement with a reason)"
        )
    if (link.basis == "worded") != (link.word is not None):
        reading.say(source, at, "'word' stands with basis: worded, and only there")

"""Reads a case from YAML or JSON, with one clear line for whatever is wrong."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec
import yaml
from rapidfuzz import fuzz, process

from stillwell.case.forms import usual_form
from stillwell.case.model import Case, Lab, Medicine, Person, Told
from stillwell.case.rest import rest_of, rest_of_text
from stillwell.characters import plain, plain_values
from stillwell.errors import CaseError, CaseErrors
from stillwell.files import MAX_BYTES, as_text, read_bytes

MAX_DEPTH = 12
SENTENCE = 4  # words of a first line from which it is the beginning of a story
MOST_LETTERS = 60_000  # of all text in one field: some 30 pages
MOST_LETTERS_OF_NAME = 500  # of a name, a number, a unit or a range
MOST_LETTERS_OF_REFERENCE = 100
MOST_ITEMS = 500  # of a list
MOST_PROBLEMS = 5  # told in one go
SHORTCUTS = ("age", "sex", "pregnant", "weight_kg", "height_cm")


def read_case(path: str | Path) -> Case:
    """Read a case from a file.

    Raises:
        CaseError: with the field, what is wrong, and the way out.
    """
    return parse_case(read_bytes(path), str(path))


def parse_case(data: bytes, name: str = "standard input") -> Case:
    """Read a case from bytes: YAML, JSON, or a story in plain words.

    Raises:
        CaseError: with the field, what is wrong, and the way out.
    """
    if len(data) > MAX_BYTES:
        raise CaseError(name, f"is too large ({len(data):,} bytes)", "A case is under 2 MB")
    text = plain(as_text(data, name))
    if not text.strip():
        raise CaseError(name, "is empty", "Write what your legs do, in plain words")
    if is_prose(text):
        return case_from({"complaint": text.strip()})
    try:
        value = _parsed(text, name)
        if not isinstance(value, dict):
            raise CaseError(name, "is not a case", "Start with lines such as 'complaint: ...'")
        if _depth(value) > MAX_DEPTH:
            raise CaseError(name, "is nested too deeply", "A case needs four levels at most")
    except CaseError as error:
        error.rest = rest_of_text(text)
        raise
    return case_from(value)


def is_prose(text: str) -> bool:
    """Whether a text is a story and no file of fields: none of its lines begins with a field's name.

    A colon or a number sign in a story is part of it ("my legs shake: every night"), and so are headings
    after its first sentence ("Medicines: ramipril").
    """
    if not text.strip() or text.lstrip()[0] in "{[":
        return False
    if re.search(r"^[\w-]+\s*:\s*(?:-?\d+(?:\.\d+)?\s*$|[\[{&])", text, re.MULTILINE):
        return False  # a field of a file, though not one that is known
    first = text.strip().splitlines()[0]
    if len(first.split()) >= SENTENCE and not re.match(r"[\"'\w-]+\s*:|[-#%&*!|>]", first):
        return True  # no file of fields begins with a sentence; headings may follow it
    names = [*(f.encode_name for f in msgspec.structs.fields(Case)), *SHORTCUTS]
    keys = re.findall(r"^[\"']?([A-Za-z][\w-]{0,40})[\"']?\s*:(?:\s|$)", text, re.MULTILINE)
    for key in {k.lower() for k in keys}:
        if process.extractOne(key, names, scorer=fuzz.ratio, score_cutoff=80):
            return False
    return True


def _parsed(text: str, name: str) -> Any:
    """The value of a YAML or JSON text, with every key told once."""
    if text.lstrip().startswith("{"):
        text = _PAIR.sub(_paired, text)
    if _nesting(text) > 200:
        raise CaseError(name, "is nested too deeply", "A case needs four levels at most")
    try:
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        _check_events(yaml.parse(text, Loader=loader), name)
        return yaml.load(text, Loader=loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f" at line {mark.line + 1}" if mark else ""
        lines = text.splitlines()
        if mark and mark.line < len(lines) and re.match(r"[ \-]*\t", lines[mark.line]):
            way = "Use spaces, not tabs"
            raise CaseError(name, f"has a tab at line {mark.line + 1}", way) from None
        problem = getattr(error, "problem", None) or "broken YAML"
        raise CaseError(name, f"is not valid YAML{line} ({problem})", "See the example") from None
    except (ValueError, RecursionError) as error:
        for number, words in enumerate(text.splitlines(), 1):
            for found in re.findall(r"\b\d{4}-\d\d?-\d\d?\b", words):
                if not _is_date(found):
                    place = f"line {number} of {name}"
                    raise CaseError(place, f"'{found}' is no date", "Check the day") from None
        raise CaseError(name, f"cannot be read ({error})", "See the example case") from None


# JSON writes a character beyond U+FFFF as two halves, which YAML does not know
_PAIR = re.compile(r"(?<!\\)((?:\\\\)*)\\u(d[89ab][0-9a-f]{2})\\u(d[c-f][0-9a-f]{2})", re.I)


def _paired(found: re.Match[str]) -> str:
    high, low = int(found[2], 16) - 0xD800, int(found[3], 16) - 0xDC00
    return f"{found[1]}{chr(0x10000 + (high << 10) + low)}"


def _is_date(text: str) -> bool:
    try:
        dt.date(*map(int, text.split("-")))
    except ValueError:
        return False
    return True


def _check_events(events: Iterable[yaml.Event], name: str) -> None:
    """Refuse aliases, deep nesting, and a key that stands twice in one mapping."""
    keys: list[set[str] | None] = []  # of the open mappings; None for a list
    waiting: list[bool] = []  # whether the next scalar of the mapping is a key
    for event in events:
        if isinstance(event, yaml.AliasEvent):
            raise CaseError(name, "holds a YAML alias (*name)", "Write the value out instead")
        if isinstance(event, yaml.ScalarEvent) and keys and keys[-1] is not None and waiting[-1]:
            if event.value in keys[-1]:
                mark = event.start_mark
                line = mark.line + 1 if mark else 0
                way = "Put both under one, or take one out"
                raise CaseError(event.value, f"stands twice (again at line {line} of {name})", way)
            keys[-1].add(event.value)
        if isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            keys.pop()
            waiting.pop()
        if isinstance(
            event,
            yaml.ScalarEvent | yaml.MappingEndEvent | yaml.SequenceEndEvent,
        ):
            if waiting:
                waiting[-1] = not waiting[-1]
        elif isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            keys.append(set() if isinstance(event, yaml.MappingStartEvent) else None)
            waiting.append(True)
            if len(keys) > 2 * MAX_DEPTH:
                raise CaseError(name, "is nested too deeply", "A case needs four levels at most")


def _nesting(text: str) -> int:
    depth = most = 0
    for char in text:
        if char in "[{":
            depth += 1
            most = max(most, depth)
        elif char in "]}":
            depth -= 1
    return most


def _depth(value: Any) -> int:
    if isinstance(value, dict):
        return 1 + max((_depth(v) for v in value.values()), default=0)
    if isinstance(value, list):
        return 1 + max((_depth(v) for v in value), default=0)
    return 0


_TYPES = {"person": Person, "findings": Told, "history": Told, "labs": Lab, "medicines": Medicine}


def case_from(value: dict[str, Any]) -> Case:
    """A checked case from plain data. Raises CaseError, whose `rest` is what can be used all the same."""
    try:
        return _case_from(value)
    except CaseError as error:
        error.rest = rest_of(value, _case_from)
        raise


def _case_from(value: dict[str, Any]) -> Case:
    value = {k: v for k, v in value.items() if v is not None and k not in ("source", "truth")}
    value = plain_values(value)
    refuse_too_long(value)
    for shortcut in SHORTCUTS:
        if shortcut in value and isinstance(value.get("person", {}), dict):
            value["person"] = {**value.get("person", {}), shortcut: value.pop(shortcut)}
    value = usual_form(value)
    case = _converted(value)
    today = dt.date.today()
    for index, lab in enumerate(case.labs):
        if lab.date is not None and lab.date > today:
            raise CaseError(f"labs[{index}].date", "lies in the future", "Check the year")
    if not any(
        (
            case.complaint,
            case.story,
            case.findings.present,
            case.labs,
            case.diet,
            case.medicines,
            case.history.present,
            case.supplements,
            case.diary,
            case.habits,
            case.findings.absent,
            case.history.absent,
            case.other,
        )
    ):
        raise CaseError(
            "case",
            "holds nothing to go on",
            "Tell us what you feel ('complaint: my legs shake'), or run stillwell ask",
        )
    return case


def _converted(value: dict[str, Any]) -> Case:
    """The case that plain data makes. Raises CaseError with all that is wrong, up to `MOST_PROBLEMS`."""
    wrong = _unknown(value, Case, "")
    for name, kind in _TYPES.items():
        items = value.get(name)
        for index, item in enumerate(items if isinstance(items, list) else [items]):
            if isinstance(item, dict):
                place = f"{name}[{index}]." if isinstance(items, list) else f"{name}."
                wrong += _unknown(item, kind, place)
    spoilt = {re.split(r"[.\[]", error.field)[0] for error in wrong}
    left = {k: v for k, v in value.items() if k not in spoilt}
    while True:
        try:
            case = msgspec.convert(left, Case)
            break
        except msgspec.ValidationError as error:
            text = str(error)
            at = re.search(r" - at `\$\.?(.*)`$", text)
            field = at.group(1) if at and at.group(1) else "case"
            wrong.append(CaseError(field, _plainly(text.split(" - at ")[0]), _way_out(field)))
            root = re.split(r"[.\[]", field)[0]
            if root not in left:
                break
            del left[root]  # the rest may hold more to be told in the same go
    if len(wrong) > 1:
        raise CaseErrors(wrong[:MOST_PROBLEMS])
    if wrong:
        raise wrong[0]
    return case


def refuse_too_long(value: dict[str, Any]) -> None:
    """Refuse a field with more text, or a list with more items, than a case can need. Raises CaseError."""
    for name, content in value.items():
        letters = _letters(content)
        if letters > MOST_LETTERS:
            raise CaseError(
                str(name),
                f"is longer than {MOST_LETTERS:,} characters ({letters:,})",
                "Keep what matters for the legs",
            )
        if isinstance(content, list | dict):
            _refuse_long_list(str(name), content)
        for key, part in content.items() if isinstance(content, dict) else ():
            if isinstance(part, list):
                _refuse_long_list(f"{name}.{key}", part)
        if name in ("labs", "medicines", "supplements") and isinstance(content, list):
            for index, item in enumerate(content):
                _refuse_long_name(f"{name}[{index}]", item)


def _letters(content: Any) -> int:
    if isinstance(content, str):
        return len(content)
    if isinstance(content, dict):
        return sum(_letters(k) + _letters(v) for k, v in content.items())
    return sum(map(_letters, content)) if isinstance(content, list) else 0


def _refuse_long_list(place: str, items: list[Any] | dict[Any, Any]) -> None:
    if len(items) > MOST_ITEMS:
        raise CaseError(
            place, f"holds {len(items):,} items", f"Give {MOST_ITEMS} at most, the newest first"
        )


def _refuse_long_name(place: str, item: Any) -> None:
    parts = item.items() if isinstance(item, dict) else [("", item)]
    for key, part in parts:
        most = MOST_LETTERS_OF_REFERENCE if key == "reference" else MOST_LETTERS_OF_NAME
        if _letters(part) > most:
            field = f"{place}.{key}" if key else place
            raise CaseError(field, f"is longer than {most} characters", "Shorten it")


def _unknown(value: dict[str, Any], kind: type, place: str) -> list[CaseError]:
    """An error for each field that is none."""
    known = [f.encode_name for f in msgspec.structs.fields(kind)]
    if kind is Case:
        known += SHORTCUTS
    found = []
    for name in value:
        if name not in known:
            near = process.extractOne(str(name), known, score_cutoff=60)
            hint = f"did you mean '{near[0]}'?" if near else f"known fields: {', '.join(known)}"
            found.append(CaseError(f"{place}{name}", "is no field of a case", hint.capitalize()))
    return found


_KINDS = {
    "str": "words",
    "int": "a number",
    "float": "a number",
    "bool": "yes or no",
    "array": "a list",
    "object": "fields",
    "null": "nothing",
    "date": "a date",
    "bytes": "raw bytes",
    "set": "a set",
    "datetime": "a time",
}


def _plainly(text: str) -> str:
    """A validator's message in plain words."""
    wanted = re.search(r"Expected `(.+?)`(?:, got `(.+?)`)?", text)
    limit = re.search(r"Expected `\w+` (>=|<=|>|<) ([-\d.]+)", text)
    if limit:
        bound = {">=": "at least", "<=": "at most", ">": "more than", "<": "less than"}[limit[1]]
        return f"should be {bound} {float(limit[2]):g}"
    if wanted and wanted[2]:
        kinds = [_KINDS.get(k.strip(), k.strip()) for k in wanted[1].split("|")]
        ways = " or ".join(dict.fromkeys(k for k in kinds if k != "nothing"))
        return f"should be {ways}, and is {_KINDS.get(wanted[2], wanted[2])}"
    enum = re.search(r"Invalid enum value '?(.*?)'?$", text)
    if enum:
        return f"'{enum[1]}' is none of the words for this"
    if "date" in text:
        return "is no date"
    return text.replace("`", "")


def _way_out(field: str) -> str:
    hints = {
        "person.age": "Give years between 0 and 120",
        "person.sex": "Write female or male, or leave it out",
        "findings": "Write lists: present: [leg cramps], absent: [numb feet]",
        "labs": "Write for example: - {name: magnesium, value: 0.55, unit: mmol/L}",
    }
    for suffix, hint in {
        ".flag": "Write low, normal or high",
        ".date": "Write it as 2025-11-26",
        ".dose": "Give the amount with its unit, for example dose: 400 mg",
    }.items():
        if field.endswith(suffix):
            return hint
    for prefix, hint in hints.items():
        if field.startswith(prefix):
            return hint
    return "See the example case in the README"

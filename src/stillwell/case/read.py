"""Reads a case from YAML or JSON, with one clear line for whatever is wrong."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Any

import msgspec
import yaml
from rapidfuzz import process

from stillwell.case.model import Case, Lab, Medicine, Person, Told
from stillwell.errors import CaseError

MAX_BYTES = 2_000_000
MAX_DEPTH = 12


def read_case(path: str | Path) -> Case:
    """Read a case from a file.

    Raises:
        CaseError: with the field, what is wrong, and the way out.
    """
    file = Path(path)
    try:
        size = file.stat().st_size
        if file.is_dir():
            raise CaseError(str(path), "is a folder", "Give one YAML or JSON file")
        if size > MAX_BYTES:
            raise CaseError(str(path), f"is too large ({size:,} bytes)", "A case is under 2 MB")
        data = file.read_bytes()
    except OSError as error:
        raise CaseError(str(path), error.strerror or "cannot be read", "Check the name") from None
    return parse_case(data, str(path))


def parse_case(data: bytes, name: str = "standard input") -> Case:
    """Read a case from bytes (YAML or JSON). Raises CaseError."""
    if len(data) > MAX_BYTES:
        raise CaseError(name, f"is too large ({len(data):,} bytes)", "A case is under 2 MB")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise CaseError(name, "is not text", "Give a YAML or JSON file in UTF-8") from None
    if "\x00" in text:
        raise CaseError(name, "is not text", "Give a YAML or JSON file in UTF-8")
    if _nesting(text) > 200:
        raise CaseError(name, "is nested too deeply", "A case needs four levels at most")
    try:
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        for event in yaml.parse(text, Loader=loader):
            if isinstance(event, yaml.AliasEvent):
                raise CaseError(name, "holds a YAML alias (*name)", "Write the value out instead")
        value = yaml.load(text, Loader=loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f" at line {mark.line + 1}" if mark else ""
        problem = getattr(error, "problem", None) or "broken YAML"
        raise CaseError(name, f"is not valid YAML{line} ({problem})", "See the example") from None
    except (ValueError, RecursionError) as error:
        raise CaseError(name, f"cannot be read ({error})", "See the example case") from None
    if isinstance(value, str):
        return Case(complaint=value)
    if not isinstance(value, dict):
        raise CaseError(name, "is not a case", "Start with lines such as 'complaint: ...'")
    if _depth(value) > MAX_DEPTH:
        raise CaseError(name, "is nested too deeply", "A case needs four levels at most")
    return case_from(value)


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
    """A checked case from plain data. Raises CaseError."""
    value = {k: v for k, v in value.items() if v is not None and k not in ("source", "truth")}
    for shortcut in ("age", "sex", "pregnant", "weight_kg", "height_cm"):
        if shortcut in value and isinstance(value.get("person", {}), dict):
            value.setdefault("person", {})[shortcut] = value.pop(shortcut)
    _refuse_unknown(value, Case, "")
    for name, kind in _TYPES.items():
        items = value.get(name)
        for index, item in enumerate(items if isinstance(items, list) else [items]):
            if isinstance(item, dict):
                place = f"{name}[{index}]." if isinstance(items, list) else f"{name}."
                _refuse_unknown(item, kind, place)
    try:
        case = msgspec.convert(value, Case)
    except msgspec.ValidationError as error:
        text = str(error)
        at = re.search(r" - at `\$\.?(.*)`$", text)
        field = at.group(1) if at and at.group(1) else "case"
        raise CaseError(field, text.split(" - at ")[0], _way_out(field)) from None
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
        )
    ):
        raise CaseError(
            "case", "holds nothing to go on", "Add a line such as 'complaint: my legs shake'"
        )
    return case


def _refuse_unknown(value: dict[str, Any], kind: type, place: str) -> None:
    known = [f.encode_name for f in msgspec.structs.fields(kind)]
    for name in value:
        if name not in known:
            near = process.extractOne(str(name), known, score_cutoff=60)
            hint = f"did you mean '{near[0]}'?" if near else f"known fields: {', '.join(known)}"
            raise CaseError(f"{place}{name}", "is no field of a case", hint.capitalize())


def _way_out(field: str) -> str:
    hints = {
        "person.age": "Give years between 0 and 120",
        "person.sex": "Write female or male, or leave it out",
        "labs": "Write for example: - {name: magnesium, value: 0.55, unit: mmol/L}",
    }
    for prefix, hint in hints.items():
        if field.startswith(prefix):
            return hint
    return "See the example case in the README"

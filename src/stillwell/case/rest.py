"""What can still be used of a case that is refused: an alarm in it must be heard all the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from stillwell.case.model import Case
from stillwell.errors import CaseError

MOST_LETTERS = 20_000  # of the words that are kept; more would keep an alarm waiting
Check = Callable[[dict[str, Any]], Case]


def rest_of_text(text: str) -> Case:
    """A case of the bare words of a file that cannot be read as one."""
    return Case(complaint=text[:MOST_LETTERS])


def rest_of(value: dict[str, Any], check: Check) -> Case | None:
    """The part of plain data that can be used, or None where nothing can.

    Every field is tried alone, then every part of it. The words of what is no field, or holds the wrong kind of
    value, are kept as a note, which counts for urgency alone.

    Args:
        check: makes a checked case of plain data. Raises CaseError.
    """
    kept: dict[str, Any] = {}
    notes: list[str] = []
    for name, content in value.items():
        if _is_usable({name: content}, check):
            kept[name] = content
            continue
        part = _usable_part(name, content, check)
        if part:
            kept[name] = part
        if not isinstance(content, dict) or name not in ("person", "labs"):
            notes += _words(content)
    if notes:
        told = kept.get("other") or []
        kept["other"] = [*(told if isinstance(told, list) else [told]), *notes]
    try:
        return check(kept)
    except CaseError:
        words = "\n".join(_words(value))[:MOST_LETTERS]
        return rest_of_text(words) if words.strip() else None


def _usable_part(name: str, content: Any, check: Check) -> Any:
    """Those items of a list, or fields of a mapping, that can be used alone."""
    if isinstance(content, list):
        return [item for item in content if _is_usable({name: [item]}, check)]
    if isinstance(content, dict):
        return {k: v for k, v in content.items() if _is_usable({name: {k: v}}, check)}
    return None


def _is_usable(value: dict[str, Any], check: Check) -> bool:
    try:
        check({"complaint": "-", **value})
    except CaseError:
        return False
    return True


def _words(content: Any) -> Iterator[str]:
    """All words in some data, at any depth, each text cut to what is kept."""
    queue = [content]
    left = MOST_LETTERS
    while queue and left > 0:
        one = queue.pop(0)
        if isinstance(one, str):
            if one.strip():
                yield one[:left]
                left -= len(one)
        elif isinstance(one, dict):
            queue += one.values()
        elif isinstance(one, list | tuple):
            queue += one

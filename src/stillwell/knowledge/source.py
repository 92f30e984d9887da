"""Reads YAML with the line of every value, so that an error can name file and line."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from stillwell.knowledge.base import Where

try:
    from yaml import CSafeLoader as _Loader
except ImportError:  # pragma: no cover - depends on how PyYAML was built
    from yaml import SafeLoader as _Loader  # type: ignore[assignment]


@dataclass(frozen=True)
class Source:
    """A parsed file and the line on which each of its values starts."""

    path: Path
    value: Any
    lines: dict[Where, int]

    def line(self, where: Where) -> int:
        """The line of a value, or of the nearest container that has one."""
        while where not in self.lines and where:
            where = where[:-1]
        return self.lines.get(where, 1)


@dataclass(frozen=True, order=True)
class Problem:
    """One error in one file."""

    path: str
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.text}"


def read_yaml(path: Path) -> Source | Problem:
    """Parse one file; duplicate keys and broken syntax come back as a `Problem`."""
    loader = _Loader(path.read_text(encoding="utf-8"))
    try:
        node = loader.get_single_node()
        lines: dict[Where, int] = {}
        if node is None:
            return Source(path, None, lines)
        duplicate = _walk(node, (), lines)
        if duplicate is not None:
            return Problem(str(path), duplicate[0], f"the key '{duplicate[1]}' stands twice")
        value = loader.construct_document(node)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        text = getattr(error, "problem", None) or str(error)
        return Problem(str(path), (mark.line + 1) if mark else 1, f"not valid YAML: {text}")
    finally:
        loader.dispose()
    return Source(path, value, lines)


def _walk(node: yaml.Node, where: Where, lines: dict[Where, int]) -> tuple[int, str] | None:
    lines[where] = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, child in node.value:
            name = str(key.value)
            if name in seen:
                return key.start_mark.line + 1, name
            seen.add(name)
            found = _walk(child, (*where, name), lines)
            lines[(*where, name)] = key.start_mark.line + 1
            if found:
                return found
    elif isinstance(node, yaml.SequenceNode):
        for index, child in enumerate(node.value):
            found = _walk(child, (*where, index), lines)
            if found:
                return found
    return None

"""Finds records of the knowledge base by any name that is printed of them, or by a synonym."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
from rapidfuzz import fuzz, process

from stillwell.errors import CaseError
from stillwell.knowledge.base import Base
from stillwell.learn.terms import Terms

KINDS = {
    "cause": "causes",
    "test": "tests",
    "medicine": "medicines",
    "supplement": "supplements",
    "nutrient": "nutrients",
    "finding": "findings",
    "history": "history",
    "claim": "claims",
    "rule": "triage",
}
SUGGESTED = 3
_NEAR = 72  # of 100; below it a name is no suggestion


@dataclass(frozen=True)
class Record:
    """One record: its kind (a key of `KINDS`), its id and the record itself."""

    kind: str
    id: str
    value: Any = field(compare=False)

    @property
    def name(self) -> str:
        """The name that is printed of it."""
        value = self.value
        return str(getattr(value, "name", None) or getattr(value, "claim", None) or self.id)


class Names:
    """All names of all records."""

    def __init__(self, base: Base) -> None:
        self._base = base
        self._records: dict[str, list[Record]] = {}
        for name, record in all_names(base):
            self._records.setdefault(name, []).append(record)

    def find(self, told: str) -> list[Record]:
        """All records of a name, the best kind first; "test:magnesium" asks for one kind.

        A name fits as it is, without regard to case and underscores, or where its words mean the
        same ("RLS", "restless legs").

        Raises:
            CaseError: there is none of that name; names the nearest.
        """
        kind, _, rest = told.partition(":")
        wanted = kind.strip().lower() if rest and kind.strip().lower() in KINDS else ""
        name = _plain(rest if wanted else told)
        found = self._of(name, wanted) or self._meaning(name, wanted)
        if found:
            return found
        raise CaseError(
            "name", f"'{told}' is not in the knowledge base", self._nearest(name, wanted)
        )

    def _of(self, name: str, wanted: str) -> list[Record]:
        records = (r for r in self._records.get(name, []) if not wanted or r.kind == wanted)
        return list({(r.kind, r.id): r for r in records}.values())

    def _meaning(self, name: str, wanted: str) -> list[Record]:
        terms = Terms(self._base)
        meant = set(terms.of(name, mend=False))
        same = (n for n in self._records if meant and set(terms.of(n, mend=False)) == meant)
        found = {(r.kind, r.id): r for n in same for r in self._of(n, wanted)}
        return sorted(found.values(), key=lambda r: list(KINDS).index(r.kind))

    def _nearest(self, name: str, wanted: str) -> str:
        names = [n for n in self._records if self._of(n, wanted)]
        near = process.extract(name, names, scorer=fuzz.WRatio, limit=12, score_cutoff=_NEAR)
        near.sort(key=lambda n: -fuzz.ratio(name, n[0]))
        if not near:
            return "List what there is with 'stillwell kb stats' or ask 'stillwell learn'"
        shown = [f"'{n}' ({self._of(n, wanted)[0].kind})" for n, _, _ in near[:SUGGESTED]]
        return f"Nearest: {', '.join(shown)}"


def all_names(base: Base) -> Iterator[tuple[str, Record]]:
    """Every name of every record, in small letters, with the record."""
    for kind, table in KINDS.items():
        records: Mapping[str, Any] = getattr(base, table)
        for id, value in records.items():
            record = Record(kind, id, value)
            for name in {_plain(n) for n in (id, record.name, *_further(kind, value))}:
                if name:
                    yield name, record


@cache
def also_called() -> dict[str, list[str]]:
    """Cause -> what people call it beside its printed names."""
    file = Path(__file__).parent / "also_called.yaml"
    return msgspec.yaml.decode(file.read_bytes(), type=dict[str, list[str]])


def _further(kind: str, value: Any) -> Iterator[str]:
    if kind == "cause":
        yield value.technical_name
        yield from also_called().get(value.id, [])
    elif kind == "test":
        yield from value.words
    elif kind in ("medicine", "supplement"):
        yield from value.words
        for member in value.members:
            yield from (member.name, *member.brands)
    elif kind == "claim":
        yield from value.asks


def _plain(name: str) -> str:
    return " ".join(name.replace("_", " ").lower().split())

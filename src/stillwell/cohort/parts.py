"""Parts of a run on disk: written aside, flushed, moved into place, and known by their hashes."""

from __future__ import annotations

import hashlib
import json
import os
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from stillwell.errors import CaseError
from stillwell.files import PART, replacing, write_whole

PLAN, MANIFEST = "plan.json", "manifest.json"
PARTS, REJECTS = "parts", "rejects"
SUMMARY = "summary.json"
DELETED = "deleted when the summary was written"


@dataclass
class PartRecord:
    """What is known of one finished part.

    Attributes:
        rows: rows of the input; assessed and rejected add up to them.
        rejects: reason -> rows. set_aside: "field: reason" -> values that were not used.
        hashes: file (relative to the run's folder) -> SHA-256.
        seconds: of reading, working out and writing.
    """

    name: str
    rows: int
    assessed: int
    rejects: dict[str, int]
    set_aside: dict[str, int]
    one_by_one: int
    patterns: int
    hashes: dict[str, str]
    seconds: dict[str, float] = field(default_factory=dict)

    def lasting(self) -> dict[str, Any]:
        """All of it that does not change from run to run."""
        plain = asdict(self)
        for name in ("seconds", "patterns"):
            del plain[name]
        return plain


def write_table(folder: Path, name: str, table: pa.Table) -> str:
    """Write a table as Parquet in one move; returns its hash. Raises OSError."""
    path = folder / name
    with replacing(path) as file:
        sink = pa.PythonFile(file, mode="w")
        pq.write_table(table, sink, compression="zstd", compression_level=1, use_dictionary=False)
    return hash_of(path)


def hash_of(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_record(folder: Path, record: PartRecord) -> None:
    """Say that a part is finished. Raises OSError."""
    write_whole(folder / PARTS / f"{record.name}.json", json.dumps(asdict(record), sort_keys=True))


def read_record(folder: Path, name: str) -> PartRecord | None:
    """A finished part whose files are as they were written; None where it must be done again."""
    path = folder / PARTS / f"{name}.json"
    try:
        record = msgspec.json.decode(path.read_bytes(), type=PartRecord)
        whole = all(hash_of(folder / f) == h for f, h in record.hashes.items())
    except (OSError, msgspec.DecodeError, msgspec.ValidationError):
        return None
    return record if whole else None


def begin(folder: Path, plan: dict[str, Any]) -> bool:
    """Make the folder of a run, or go on with it; returns whether it was begun before.

    Raises:
        CaseError: the folder holds something else, or a run of other input, map or release.
    """
    text = json.dumps(plan, sort_keys=True, indent=1)
    path = folder / PLAN
    try:
        if path.exists():
            if path.read_text("utf-8") != text:
                way = "Give another folder, or delete this one"
                raise CaseError("--out", f"'{folder}' holds a run of another input or map", way)
            return True
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise CaseError("--out", f"'{folder}' is not empty", "Give a new folder")
        for name in (PARTS, REJECTS):
            os.makedirs(folder / name, exist_ok=True)
        write_whole(path, text)
    except OSError as error:
        raise CaseError("--out", f"'{folder}': {error.strerror}", "Choose another folder") from None
    return False


def few_joined(counts: dict[str, int], fewest: int) -> dict[str, int]:
    """Counts with those below `fewest` in one, "other", and with them the next smallest where they are few still."""
    ordered = sorted((n, name) for name, n in counts.items())
    shown = dict(counts)
    other = sum(shown.pop(name) for n, name in ordered if n < fewest)
    for n, name in ordered:
        if 0 < other < fewest and name in shown:
            other += n
            del shown[name]
    return {**shown, "other": other} if other else shown


def only_sums(folder: Path, manifest: dict[str, Any], fewest: int) -> dict[str, Any]:
    """End a run of which only sums are kept: counts of few are joined, and what single parts told is taken away.

    The summary must be written before. Raises OSError.
    """
    aside = {k: n if n >= fewest else None for k, n in manifest["values_set_aside"].items()}
    one = manifest["one_by_one"]
    manifest = {
        **manifest,
        "rejects": few_joined(manifest["rejects"], fewest),
        "values_set_aside": aside,
        "one_by_one": one if one == 0 or one >= fewest else None,
        "hash": hash_of(folder / SUMMARY),
        "parts": [],
        "part_totals": DELETED,
        "fewest_in_a_cell": fewest,
    }
    write_whole(folder / MANIFEST, json.dumps(manifest, indent=1))
    clear_parts(folder)
    return manifest


def clear_parts(folder: Path) -> None:
    """Take away all that a run wrote of its parts. Raises OSError."""
    for name in (PARTS, REJECTS):
        where = folder / name
        for path in where.glob("*") if where.is_dir() else ():
            if path.name.startswith(("part-", PART)) and path.is_file():
                path.unlink()
        if where.is_dir() and not any(where.iterdir()):
            where.rmdir()


def only_sums_done(folder: Path) -> dict[str, Any] | None:
    """The manifest of a run that was ended by `only_sums`; None where there is none."""
    try:
        manifest = json.loads((folder / MANIFEST).read_bytes())
        if manifest["part_totals"] != DELETED or manifest["hash"] != hash_of(folder / SUMMARY):
            return None
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return dict(manifest)


def finish(
    folder: Path,
    records: list[PartRecord],
    more: Mapping[str, Any] | None = None,
    *,
    keep: bool = True,
) -> dict[str, Any]:
    """The manifest of a finished run, with `more` in it, written where `keep` is set. Raises OSError."""
    rejects: Counter[str] = Counter()
    aside: Counter[str] = Counter()
    for record in records:
        rejects.update(record.rejects)
        aside.update(record.set_aside)
    more = dict(more or {})
    aside.update(more.pop("values_set_aside", {}))
    ordered = sorted(records, key=lambda r: r.name)
    together = hashlib.sha256()
    for record in ordered:
        for name in sorted(record.hashes):
            together.update(f"{name} {record.hashes[name]}\n".encode())
    manifest = {
        "schema": "stillwell/cohort/1",
        "rows": sum(r.rows for r in records),
        "assessed": sum(r.assessed for r in records),
        "rejected": sum(rejects.values()),
        "rejects": dict(sorted(rejects.items())),
        "values_set_aside": dict(sorted(aside.items())),
        **more,
        "one_by_one": sum(r.one_by_one for r in records),
        "hash": together.hexdigest(),
        "parts": [r.lasting() for r in ordered],
    }
    if keep:
        write_whole(folder / MANIFEST, json.dumps(manifest, indent=1))
    return manifest


__all__ = ["DELETED", "MANIFEST", "PARTS", "REJECTS", "SUMMARY", "PartRecord", "begin", "clear_parts", "few_joined",
           "finish", "hash_of", "only_sums", "only_sums_done", "read_record", "write_record", "write_table"]  # fmt: skip

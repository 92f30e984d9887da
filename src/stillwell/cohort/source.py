"""Where people come from: Parquet, CSV or Arrow files, as tasks of a bounded number of rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import fsspec
import pyarrow as pa
import pyarrow.csv as pc
import pyarrow.ipc as ipc
import pyarrow.parquet as pq

from stillwell.errors import CaseError

MOST_ROWS = 131_072
MOST_NAMED = 12  # columns that a line names
KINDS = {
    ".parquet": "parquet",
    ".pq": "parquet",
    ".csv": "csv",
    ".arrow": "arrow",
    ".feather": "arrow",
}


@dataclass(frozen=True)
class Task:
    """Some rows of one file.

    Attributes:
        group: row group of a Parquet file, record batch of an Arrow file; -1 of a CSV file.
        start, rows: which rows of it.
        broken: lines before the end of the rows that could not be parsed (of a CSV file's first task).
    """

    number: int
    path: str
    kind: str
    group: int
    start: int
    rows: int
    broken: int = 0

    @property
    def name(self) -> str:
        return f"part-{self.number:06d}"

    def plain(self) -> dict[str, Any]:
        return asdict(self)


def plan(where: str) -> list[Task]:
    """All tasks of a file, a folder or a glob, in a fixed order.

    Raises:
        CaseError: nothing is there, or a file cannot be read.
    """
    tasks: list[Task] = []
    for path in files_of(where):
        for kind, group, start, rows, broken in _pieces(path):
            tasks.append(Task(len(tasks), path, kind, group, start, rows, broken))
    if not tasks:
        raise CaseError("IN", f"'{where}' holds no rows", "Give a file, a folder or a glob")
    return tasks


def files_of(where: str) -> list[str]:
    """The files of a path, a folder or a glob. Raises CaseError."""
    try:
        fs, path = fsspec.core.url_to_fs(where)
        if any(c in path for c in "*?["):
            found = fs.glob(path)
        elif fs.isdir(path):
            found = [p for p in fs.find(path) if _kind(p)]
        else:
            found = [path] if fs.exists(path) else []
    except (OSError, ValueError, ImportError) as error:
        raise CaseError("IN", f"'{where}' cannot be read ({error})", "Check the path") from None
    if not found:
        raise CaseError("IN", f"'{where}' is not there", "Give a file, a folder or a glob")
    for one in found:
        if not _kind(one):
            way = f"Give files that end in {', '.join(KINDS)}"
            raise CaseError("IN", f"'{one}' is of no kind that is read", way)
    return [fs.unstrip_protocol(p) if "://" in where else p for p in sorted(found)]


def _kind(path: str) -> str:
    return next((kind for end, kind in KINDS.items() if path.lower().endswith(end)), "")


def columns_of(path: str) -> list[str]:
    """The columns of a file. Raises CaseError: a name stands twice, or is not text; OSError, pa.ArrowException."""
    kind = _kind(path)
    with _open(path) as file:
        if kind == "parquet":
            names = [str(n) for n in pq.ParquetFile(file).schema_arrow.names]
        elif kind == "arrow":
            names = [str(n) for n in ipc.open_file(file).schema.names]
        else:
            names = _header(file.readline(), path)
    twice = sorted({n for n in names if names.count(n) > 1})
    if twice:
        told = ", ".join(f"'{n}'" for n in twice[:MOST_NAMED])
        raise CaseError("IN", f"'{path}' has columns of the same name: {told}", "Rename them")
    return names


def _header(line: bytes, path: str) -> list[str]:
    """The names in the first line of a CSV file. Raises CaseError, pa.ArrowException."""
    try:
        line.decode("utf-8")
        if b"\x00" in line:
            raise UnicodeError
    except UnicodeError:
        way = "Save it as CSV in UTF-8"
        raise CaseError("IN", f"the first line of '{path}' is not UTF-8", way) from None
    return list(pc.read_csv(pa.BufferReader(line)).column_names)


def lacking(paths: Sequence[str], columns: list[str]) -> tuple[dict[str, int], list[str]]:
    """How many files lack each of some columns (those that none lacks are left out), and the first file's columns.

    Raises CaseError.
    """
    found: Counter[str] = Counter()
    first: list[str] | None = None
    for path in paths:
        try:
            names = columns_of(path)
        except (OSError, pa.ArrowException):  # its rows are counted as unreadable
            continue
        first = names if first is None else first
        found.update(c for c in columns if c not in names)
    return {c: found[c] for c in columns if found[c]}, first or []


def columns_in_words(names: list[str], wanted: list[str]) -> str:
    """The columns that were found, as a hint; their names only where some are those of the map: without a
    header line they would be somebody's data."""
    if len(names) == 1 and (other := next((s for s in ";\t|" if s in names[0]), None)):
        told = "a tab" if other == "\t" else f"'{other}'"
        return f"One column was found; the separator seems to be {told} and must be a comma"
    if not set(names) & set(wanted):
        return (
            f"{len(names)} columns were found and none of the map's: check the map, the separator "
            "(a comma) and the header line"
        )
    more = ", ..." if len(names) > MOST_NAMED else ""
    return f"Columns found: {', '.join(names[:MOST_NAMED])}{more}"


def check_apart(source: str, out: str | Path) -> None:
    """Refuse a folder for results inside the folder that is read. Raises CaseError."""
    if "://" in source:
        return
    root = Path(source.split("**", 1)[0]) if "**" in source else Path(source)
    try:
        inside = root.is_dir() and Path(out).resolve().is_relative_to(root.resolve())
    except (OSError, ValueError):
        return
    if inside:
        raise CaseError("--out", f"'{out}' lies inside IN", "Give a folder outside of it")


def _open(path: str) -> Any:
    return fsspec.open(path, "rb").open()


def _pieces(path: str) -> Iterator[tuple[str, int, int, int, int]]:
    """(kind, group, start, rows, broken) of a file. Raises CaseError."""
    kind = _kind(path)
    try:
        columns_of(path)
        with _open(path) as file:
            if kind == "csv":
                yield from _lines(file)
                return
            sizes = _groups(file, kind)
        for group, size in enumerate(sizes):
            for start in range(0, size, MOST_ROWS):
                yield kind, group, start, min(MOST_ROWS, size - start), 0
    except (OSError, pa.ArrowException) as error:
        first = str(error).strip().splitlines()[0] if str(error).strip() else "broken"
        raise CaseError(
            "IN", f"'{path}' cannot be read ({first})", "Take it out, or mend it"
        ) from None


def _groups(file: Any, kind: str) -> list[int]:
    if kind == "parquet":
        meta = pq.ParquetFile(file).metadata
        return [meta.row_group(g).num_rows for g in range(meta.num_row_groups)]
    reader = ipc.open_file(file)
    return [reader.get_batch(g).num_rows for g in range(reader.num_record_batches)]


def _lines(file: Any) -> Iterator[tuple[str, int, int, int, int]]:
    broken: list[int] = []
    rows = sum(batch.num_rows for batch in _csv(file, broken))
    for start in range(0, max(rows, 1), MOST_ROWS):
        here = min(MOST_ROWS, rows - start)
        yield "csv", -1, start, here, len(broken) if start == 0 else 0


def _csv(file: Any, broken: list[int]) -> Iterator[pa.RecordBatch]:
    """The batches of a CSV file, every column as text; lines of another length are counted."""

    def skip(row: pc.InvalidRow) -> str:
        broken.append(row.number or 0)
        return "skip"

    names = list(pc.read_csv(pa.BufferReader(file.readline())).column_names)
    file.seek(0)
    reader = pc.open_csv(
        file,
        read_options=pc.ReadOptions(use_threads=False),
        parse_options=pc.ParseOptions(invalid_row_handler=skip),
        convert_options=pc.ConvertOptions(
            column_types={name: pa.string() for name in names}, strings_can_be_null=True
        ),
    )
    yield from reader


def read_rows(task: Task, columns: list[str]) -> pa.Table:
    """The rows of a task, those of `columns` that the file has. Raises OSError, pa.ArrowException."""
    with _open(task.path) as file:
        if task.kind == "parquet":
            held = pq.ParquetFile(file)
            names = [c for c in columns if c in held.schema_arrow.names]
            table = held.read_row_group(task.group, columns=names, use_threads=False)
            return _rows(table, names, task.rows if not names else None).slice(
                task.start, task.rows
            )
        if task.kind == "arrow":
            batch = ipc.open_file(file).get_batch(task.group)
            table = pa.Table.from_batches([batch])
            return table.select([c for c in columns if c in table.column_names]).slice(
                task.start, task.rows
            )
        parts, at = [], 0
        for batch in _csv(file, []):
            low, high = max(task.start - at, 0), min(task.start + task.rows - at, batch.num_rows)
            if low < high:
                parts.append(batch.slice(low, high - low))
            at += batch.num_rows
            if at >= task.start + task.rows:
                break
        table = pa.Table.from_batches(parts) if parts else pa.table({})
        return table.select([c for c in columns if c in table.column_names])


def _rows(table: pa.Table, names: list[str], rows: int | None) -> pa.Table:
    """The table, with the right number of rows where none of its columns was asked for."""
    return table if names or rows is None else pa.table({"": pa.nulls(rows)})


__all__ = ["MOST_ROWS", "Task", "check_apart", "columns_in_words", "columns_of", "files_of", "lacking", "plan",
           "read_rows"]  # fmt: skip

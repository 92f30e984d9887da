"""A download as it came: a folder or a zip archive of it, read file by file, with how far reading has come."""

from __future__ import annotations

import csv
import json
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from stillwell.errors import CaseError
from stillwell.files import kind_of, read_text, write_whole

Said = Callable[[str], None]
CHUNK = 8 << 20


@dataclass(frozen=True)
class Download:
    """The files of one download, by their lower-case names without folders."""

    path: Path
    members: dict[str, str]
    packed: bool = False

    @property
    def release(self) -> str:
        """What the download calls itself: its name holds its date."""
        name = self.path.resolve().name
        return name[: -len(self.path.suffix)] if self.path.is_file() else name

    def size(self, name: str) -> int:
        """Bytes of one file, unpacked."""
        if not self.path.is_file():
            return Path(self.members[name]).stat().st_size
        if self.packed:
            with zipfile.ZipFile(self.path) as archive:
                return archive.getinfo(self.members[name]).file_size
        return self.path.stat().st_size

    def open(self, name: str, start: int = 0) -> IO[bytes]:
        """One file from byte `start` on."""
        file: IO[bytes]
        if self.path.is_dir():
            file = open(self.members[name], "rb")  # noqa: SIM115
            file.seek(start)
        elif self.packed:
            file = zipfile.ZipFile(self.path).open(self.members[name])  # noqa: SIM115
            while start > 0:
                start -= len(file.read(min(start, CHUNK))) or start
        else:
            file = open(self.path, "rb")  # noqa: SIM115
            file.seek(start)
        return file


def as_download(path: Path) -> Download:
    """The files at a path.

    Raises:
        CaseError: nothing is there, or a broken archive.
    """
    if path.is_dir():
        files = [p for p in sorted(path.rglob("*")) if p.is_file()]
        return Download(path, {p.name.lower(): str(p) for p in reversed(files)})
    if not path.exists():
        raise CaseError(str(path), "is not there", "Give a downloaded file or folder")
    if not path.is_file():
        raise CaseError(
            str(path),
            f"is {kind_of(path.stat().st_mode)}, not a file",
            "Give the download as it came",
        )
    if path.suffix.lower() == ".zip" or (
        path.suffix.lower() != ".xlsx" and zipfile.is_zipfile(path)
    ):
        try:
            with zipfile.ZipFile(path) as archive:
                inside = [n for n in archive.namelist() if not n.endswith("/")]
        except (zipfile.BadZipFile, OSError):
            raise CaseError(str(path), "is a broken archive", "Download it again") from None
        return Download(path, {n.rsplit("/", 1)[-1].lower(): n for n in inside}, True)
    return Download(path, {path.name.lower(): str(path)})


def rows_of(source: Download, name: str, columns: tuple[str, ...]) -> Iterator[dict[str, str]]:
    """The rows of a CSV file.

    Raises:
        CaseError: a column is missing, or the file is not text.
    """
    for rows, _ in chunks_of(source, name, columns):
        yield from rows


def chunks_of(
    source: Download, name: str, columns: tuple[str, ...], start: int = 0
) -> Iterator[tuple[list[dict[str, str]], int]]:
    """(rows, bytes read so far) of a CSV file, from byte `start` (0, or as told before) on.

    Raises:
        CaseError: a column is missing, or the file is not text.
    """
    with source.open(name) as file:
        head = file.readline()
        header = _header(source, name, head, columns)
    start = max(start, len(head))
    with source.open(name, start) as file:
        while lines := file.readlines(CHUNK):
            start += sum(map(len, lines))
            try:
                text = [line.decode("utf-8") for line in lines]
            except UnicodeDecodeError:
                text = [line.decode("cp1252", "replace") for line in lines]
            while text and text[-1].count('"') % 2 and (more := file.readline()):
                start += len(more)  # a quoted cell with a line break
                text[-1] += more.decode("utf-8", "replace")
            try:
                rows = [dict(zip(header, row, strict=False)) for row in csv.reader(text)]
            except csv.Error as error:
                raise _no_csv(source, name, str(error)) from None
            yield rows, start


def _no_csv(source: Download, name: str, reason: str) -> CaseError:
    return CaseError(f"{source.path}: {name}", f"is no CSV file ({reason})", "Download it again")


def _header(source: Download, name: str, head: bytes, columns: tuple[str, ...]) -> list[str]:
    try:
        header = next(csv.reader([head.decode("utf-8-sig")]), [])
    except UnicodeDecodeError:
        raise CaseError(f"{source.path}: {name}", "is not text", "Download it again") from None
    except csv.Error as error:
        raise _no_csv(source, name, str(error)) from None
    missing = [c for c in columns if c not in header]
    if missing:
        raise CaseError(
            f"{source.path}: {name}",
            f"has no column {', '.join(missing)} (it has: {', '.join(header[:8]) or 'none'})",
            "Give the download as it came",
        )
    return header


@dataclass
class Progress:
    """How far an import has come, kept on disk, so that one that was broken off goes on."""

    folder: Path
    key: str

    def load(self) -> dict[str, Any]:
        """What was kept of the same download; empty where nothing was."""
        try:
            state = json.loads(read_text(self.folder / "state.json"))
        except (CaseError, ValueError, RecursionError):
            return {}
        return state if isinstance(state, dict) and state.get("key") == self.key else {}

    def save(self, **state: Any) -> None:
        """Keep it, in one move."""
        write_whole(self.folder / "state.json", json.dumps({"key": self.key, **state}))

    def clear(self) -> None:
        """Nothing is left to go on with."""
        for file in self.folder.glob("*"):
            file.unlink(missing_ok=True)
        if self.folder.exists():
            self.folder.rmdir()

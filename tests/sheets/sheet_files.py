"""Layouts of lab sheets as YAML: what stands on the sheet, and the truth about each row."""

import datetime as dt
from pathlib import Path

import typst
import yaml

from stillwell.case.lab_sheet import read_sheet

FOLDER = Path(__file__).parent / "layouts"
TODAY = dt.date(2026, 6, 1)
FIELDS = ("test", "value", "said", "comparator", "unit", "range", "flag", "date", "previous")


def layouts(folder=FOLDER):
    """Every layout, with its file's name."""
    found = []
    for path in sorted(folder.glob("*.yaml")):
        for layout in yaml.safe_load_all(path.read_text(encoding="utf-8")):
            found.append((f"{path.stem}: {layout['name']}", layout))
    return found


def quoted(text):
    """A text as typst writes one."""
    return '"' + str(text).replace("\\", "\\\\").replace('"', '\\"') + '"'


def pdf_of(spec):
    """A PDF of lines and tables. Cells are parted by strokes; tables may stand side by side."""
    size, align = spec.get("size", "9pt"), spec.get("align", "left")
    parts = [f'#set page(paper: "a4", margin: 1.6cm)\n#set text(size: {size}, lang: "de")\n']
    if "header" in spec:
        lines = " #linebreak() ".join(f"#{quoted(line)}" for line in spec["header"])
        parts = [parts[0], f"#set page(header: [#set text(size: 7pt); {lines}])\n"]
    if "footer" in spec:
        parts.append(f"#set page(footer: [#{quoted(spec['footer'])}])\n")
    parts += [f"#{quoted(line)}\n\n" for line in spec.get("before", [])]
    tables = [_table(rows, align, spec) for rows in spec.get("tables", [])]
    if spec.get("side_by_side"):
        columns = ", ".join(["1fr"] * len(tables))
        parts.append(f"#grid(columns: ({columns}), column-gutter: 6mm, {', '.join(tables)})\n")
    else:
        parts += [f"#{table}\n\n" for table in tables]
    parts += [f"#{quoted(line)}\n\n" for line in spec.get("after", [])]
    return typst.compile("".join(parts).encode("utf-8"))


def _table(rows, align, spec):
    cells = [[c.strip() for c in row.split("|")] for row in rows.strip().splitlines()]
    wide = max(map(len, cells))
    written = ", ".join(quoted(c) for row in cells for c in [*row, *[""] * (wide - len(row))])
    stroke = "0.4pt" if spec.get("lines") else "none"
    columns = spec.get("widths", f"({', '.join(['auto'] * wide)})")
    return f"table(columns: {columns}, align: {align}, stroke: {stroke}, inset: {spec.get('inset', '3pt')}, {written})"


def sheet_of(layout, today=TODAY):
    """The layout as read."""
    if "pdf" in layout:
        return read_sheet(pdf_of(layout["pdf"]), today=today)
    if "csv" in layout:
        return read_sheet(layout["csv"].encode("utf-8"), "csv", today=today)
    return read_sheet(layout["text"], today=today)


def _unit(text):
    same = {"ng/ml": "ug/l", "meq/l": "mmol/l"}
    plain = (text or "").lower().replace("µ", "u").replace(" ", "")
    return same.get(plain, plain)


def of_row(row):
    """A row as it is compared."""
    return {
        "test": row.test,
        "value": row.value,
        "said": row.said.lower().strip("."),
        "comparator": row.comparator,
        "unit": _unit(row.unit),
        "range": list(row.reference) if row.reference else None,
        "flag": row.flag.replace("N", ""),
        "date": row.date,
        "previous": row.previous,
    }


def of_truth(given, layout):
    """A row of the truth as it is compared."""
    date = given["date"] if "date" in given else layout.get("date")
    return {
        "test": given["test"],
        "value": float(given["value"]) if given.get("value") is not None else None,
        "said": str(given.get("said", "")).lower().strip("."),
        "comparator": given.get("comparator", ""),
        "unit": _unit(given.get("unit")),
        "range": [None if e is None else float(e) for e in given["range"]]
        if given.get("range")
        else None,
        "flag": given.get("flag", ""),
        "date": date,
        "previous": bool(given.get("previous")),
    }


def compared(layout):
    """(rows right, rows of the truth, what is wrong, silent errors) of one layout.

    A row is right where every field is and it is sure just where the truth does not ask; a row of the
    truth marked `ask` is right where it is asked about, whatever was read. A row that is sure and not in
    the truth is a silent error. A row that is not on the sheet counts as one more to get right.
    """
    left = list(sheet_of(layout).rows)
    wrong, right = [], 0
    rows = layout["rows"]
    for given in rows:
        truth = of_truth(given, layout)
        asked = bool(given.get("ask")) or truth["test"] is None
        if asked:
            mine = [r for r in left if not r.sure and _same_place(r, given)]
        else:
            mine = [r for r in left if of_row(r) == truth and r.sure]
        if mine:
            right += 1
            left.remove(mine[0])
        else:
            wrong.append(f"not read: {given}")
    silent = [f"{of_row(r)} {r.place.words!r}" for r in left if r.sure]
    wrong += [f"not on the sheet or wrong: {of_row(r)} {r.why}" for r in left]
    extra = max(0, len(left) - (len(rows) - right))
    return right, len(rows) + extra, wrong, silent


def _same_place(row, given):
    if given["test"] is None:
        same = row.test is None
    else:
        same = row.test == given["test"] or given.get("unnamed", False)
    value = given.get("value")
    return same and (value is None or row.value == float(value) or bool(given.get("ask")))

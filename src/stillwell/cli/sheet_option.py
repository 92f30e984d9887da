"""`--labs SHEET`: what is certain on a lab sheet goes into the case, the rest is listed."""

from __future__ import annotations

import click
import msgspec

from stillwell.case.lab_sheet import labs_of, read_sheet
from stillwell.case.lab_sheet.read import MOST_BYTES
from stillwell.case.model import Case
from stillwell.characters import one_line, plain
from stillwell.errors import CaseError
from stillwell.files import read_bytes


def with_sheet(case: Case, path: str) -> Case:
    """A case with the results of a lab sheet that can be read in one way only.

    Says on standard error what is used, and every row that is not, one line each.

    Raises:
        CaseError: the sheet cannot be read, or holds no result.
    """
    sheet = read_sheet(read_bytes(path, "--labs", MOST_BYTES))
    if not sheet.rows:
        way = "Write a test, its number and its unit on each line"
        raise CaseError("--labs", f"no result was found in {path}", way)
    used = [i for i, row in enumerate(sheet.rows) if row.sure and not row.previous]
    for number, row in enumerate(sheet.rows):
        if number in used:
            continue
        reason = row.why or "an earlier result, kept out of today's"
        where = f"page {row.place.page}, line {row.place.line}"
        value = row.said or ("" if row.value is None else f"{row.comparator}{row.value:g}")
        shown = " ".join(filter(None, (row.name, value, row.unit)))
        click.echo(plain(one_line(f"NOT USED ({where}): {shown}: {reason}", 300)), err=True)
    click.echo(f"{len(used)} of {len(sheet.rows)} results of the sheet are used", err=True)
    return msgspec.structs.replace(case, labs=[*case.labs, *labs_of(sheet, used)])

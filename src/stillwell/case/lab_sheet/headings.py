"""The row of headings of a table: which column holds what, and of which day."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise

from stillwell.case.lab_sheet.lines import Line
from stillwell.case.lab_sheet.tokens import Token
from stillwell.case.lab_sheet.words import plain, words

PHRASE = 4  # words of a heading
NUMERIC = ("result", "previous", "low", "high", "dated")


@dataclass
class Column:
    """`role` as in the lexicon, or "dated" for a column of results under a date."""

    role: str
    left: float
    right: float
    day: Token | None = None


@dataclass
class Headings:
    """The columns of one table, left to right; of tables side by side each begins with a "test"."""

    columns: list[Column] = field(default_factory=list)
    page: int = 0

    def has_names(self) -> bool:
        """Whether a column is headed as that of the tests' names."""
        return any(c.role == "test" for c in self.columns)

    def beside(self, left: float) -> list[Column]:
        """The columns of the table, of those side by side, in which something at `left` stands."""
        starts = [i for i, c in enumerate(self.columns) if c.role == "test"]
        if len(starts) < 2:
            return self.columns
        mine = [i for i in starts if self.columns[i].left <= left + 1.0] or starts[:1]
        after = [i for i in starts if i > mine[-1]]
        first = mine[-1] if mine[-1] != starts[0] else 0
        return self.columns[first : after[0] if after else None]


def headings_of(line: Line, tokens: list[Token]) -> Headings | None:
    """The headings that a line holds, or None where it is another line."""
    if any(t.kind in ("range", "unit") for t in tokens):
        return None
    if any(t.kind == "number" for t in tokens):
        return None
    dates = [t for t in tokens if t.kind == "date"]
    columns, unread = _phrases(line, dates)
    columns += [Column("dated", t.left, t.right, t) for t in dates]
    columns.sort(key=lambda c: c.left)
    _join_dates(columns)
    roles = {c.role for c in columns}
    of_table = len(roles - {"date", "comment", "unread"}) + (len(dates) if len(dates) > 1 else 0)
    read = sum(c.role != "unread" for c in columns)
    if of_table < 2 or unread > read / 2 or roles == {"low", "high"}:
        return None
    if not roles & {"result", "dated", "previous", "range"}:
        return None
    return Headings(columns, line.page)


def _phrases(line: Line, dates: list[Token]) -> tuple[list[Column], int]:
    """(columns by the words of their headings, words that are no heading)."""
    columns: list[Column] = []
    unread = 0
    parts = [m.span() for m in re.finditer(r"[^\s|]+", line.text)]
    parts = [p for p in parts if not any(d.start <= p[0] < d.end for d in dates)]
    index = 0
    while index < len(parts):
        for count in range(min(PHRASE, len(parts) - index), 0, -1):
            start, end = parts[index][0], parts[index + count - 1][1]
            role = words().roles.get(_bare(line.text[start:end]))
            if role and "  " not in line.text[start:end]:
                right = line.x[min(end, len(line.x)) - 1]
                columns.append(Column(role, line.x[start], right))
                index += count
                break
        else:
            start, end = parts[index]
            if re.search(r"[^\W_]", line.text[start:end]):
                unread += 1
                if line.aligned and (not start or line.text[:start].endswith("  ")):
                    columns.append(Column("unread", line.x[start], line.x[end - 1]))
            index += 1
    return columns, unread


def _bare(text: str) -> str:
    """A heading without a unit or an aside in brackets."""
    return plain(re.sub(r"\s*[(\[][^)\]]*[)\]]", "", text)) or plain(text).strip("()[]")


def _join_dates(columns: list[Column]) -> None:
    """Give "Previous 12.03.2024" its date; a date beside a column of results is an earlier result."""
    for before, column in pairwise(columns[:]):
        if column.role == "dated" and before.role in ("previous", "result") and before.day is None:
            gap = column.left - before.right
            if 0 <= gap <= max(before.right - before.left, column.right - column.left):
                before.day, column.role = column.day, "joined"
                before.right = column.right
    columns[:] = [c for c in columns if c.role != "joined"]


def with_second_line(above: Headings, line: Line, tokens: list[Token]) -> bool:
    """Take in a line under the headings that only adds dates or words to them; whether it did."""
    if line.page != above.page or not tokens:
        return False
    if any(t.kind not in ("date", "word", "time", "flag") for t in tokens):
        return False
    dates = [t for t in tokens if t.kind == "date"]
    extra, unread = _phrases(line, dates)
    if unread or not (dates or extra):
        return False
    for token in dates:
        near = min(above.columns, key=lambda c: _apart(c.left, c.right, token.left, token.right))
        if near.role in ("previous", "result") and near.day is None:
            near.day = token
            near.left, near.right = min(near.left, token.left), max(near.right, token.right)
        else:
            above.columns.append(Column("dated", token.left, token.right, token))
    above.columns.sort(key=lambda c: c.left)
    return True


def _apart(left: float, right: float, other_left: float, other_right: float) -> float:
    """The distance between two spans; negative where they overlap."""
    return max(left, other_left) - min(right, other_right)


def column_at(token: Token, columns: list[Column]) -> Column | None:
    """The column in which a part of a line stands, or None where two are about as near."""
    if not columns:
        return None
    ranked = sorted(columns, key=lambda c: _apart(c.left, c.right, token.left, token.right))
    if len(ranked) == 1:
        return ranked[0]
    first, second = (_apart(c.left, c.right, token.left, token.right) for c in ranked[:2])
    if first <= 0 < second or (first > 0 and first < 0.5 * second):
        return ranked[0]
    centre = (token.left + token.right) / 2
    mids = sorted(ranked[:2], key=lambda c: abs((c.left + c.right) / 2 - centre))
    near, far = (abs((c.left + c.right) / 2 - centre) for c in mids)
    return mids[0] if mids[0] is ranked[0] and near < 0.5 * far else None

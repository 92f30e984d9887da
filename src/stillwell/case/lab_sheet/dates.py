"""Dates on a sheet: each with every day that it can mean, until the sheet or the calendar decides."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable

from stillwell.case.lab_sheet.words import words

_ISO = r"(?P<iy>(?:19|20)\d\d)[-/.](?P<im>\d{1,2})[-/.](?P<id>\d{1,2})"
_NUMBERS = r"(?P<a>\d{1,2})(?P<sep>[./-])(?P<b>\d{1,2})(?P=sep)(?P<y>(?:19|20)\d\d|\d\d)"
_NAMED = (
    r"(?P<d>\d{1,2})(?:st|nd|rd|th|\.)?[ -](?P<m>[A-Za-zäÄ]{3,9})\.?,?[ -](?P<ny>(?:19|20)?\d\d)"
)
_NAMED_FIRST = r"(?P<m2>[A-Za-zäÄ]{3,9})\.? (?P<d2>\d{1,2}),? (?P<y2>(?:19|20)\d\d)"
DATE = re.compile(rf"(?<![\w.,/-])(?:{_ISO}|{_NUMBERS}|{_NAMED}|{_NAMED_FIRST})(?![\w/]|[.,-]\d)")


def days(found: re.Match[str], today: dt.date) -> list[tuple[str, dt.date]]:
    """(order of day and month, day) for each that the writing can mean; none where it is no date.

    The order is "dm" or "md" where only numbers and strokes are written, else "".
    """
    part = found.groupdict()
    if part["iy"]:
        return _real([("", part["iy"], part["im"], part["id"])], today)
    if part["m"] or part["m2"]:
        month = words().months.get((part["m"] or part["m2"]).lower())
        if month is None:
            return []
        return _real([("", part["ny"] or part["y2"], str(month), part["d"] or part["d2"])], today)
    first, second, year = part["a"], part["b"], part["y"]
    if part["sep"] == ".":
        return _real([("", year, second, first)], today)
    both = [("dm", year, second, first), ("md", year, first, second)]
    return _real(both, today)


def _real(ways: list[tuple[str, str, str, str]], today: dt.date) -> list[tuple[str, dt.date]]:
    real = []
    for order, year, month, day in ways:
        number = int(year)
        if number < 100:
            number += 2000 if number + 2000 <= today.year + 1 else 1900
        try:
            real.append((order, dt.date(number, int(month), int(day))))
        except ValueError:
            continue
    return real


def order_of(dates: Iterable[list[tuple[str, dt.date]]]) -> str:
    """ "dm" or "md" where the dates of a sheet that can mean one day only show it, else ""."""
    shown = {each[0][0] for each in dates if len({day for _, day in each}) == 1 and len(each) == 1}
    shown.discard("")
    return shown.pop() if len(shown) == 1 else ""


def settled(
    each: list[tuple[str, dt.date]], order: str, today: dt.date
) -> tuple[dt.date | None, bool]:
    """(the day, whether it is certain): days to come are left out, then the sheet's order decides."""
    possible = [(o, d) for o, d in each if d <= today]
    distinct = {d for _, d in possible}
    if len(distinct) > 1 and order:
        distinct = {d for o, d in possible if o == order}
    return (distinct.pop(), True) if len(distinct) == 1 else (None, False)

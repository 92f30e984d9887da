"""Parts of a line: names of tests, numbers, ranges, units, marks, dates and words."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from typing import Literal

from stillwell.case.lab_sheet.dates import DATE, days
from stillwell.case.lab_sheet.decimals import meanings
from stillwell.case.lab_sheet.lines import Line
from stillwell.case.lab_sheet.names import is_name
from stillwell.case.lab_sheet.words import LONGEST_NAME, plain, words
from stillwell.case.units import parse_unit
from stillwell.errors import UnitError

Kind = Literal["name", "number", "range", "unit", "flag", "date", "time", "said", "word", "mark"]

_NUM = r"(?:\d{1,3}(?:[.,']\d{3})+(?:[.,]\d+)?(?![\d])|\d+(?:[.,]\d+)?|[.,]\d+)"
_BOUND = r"[<>≤≥]\s?=?"
_UNIT = (
    r"(?:x\s?)?10\s?[\^*eE]?\s?\d{1,2}\s?/\s?[A-Za-zµ]{1,3}"
    r"|[A-Za-zµ%\[\]]{1,9}\s?/\s?(?:\d{1,2}[.,]?\d{0,2}\s?)?(?:mol|[A-Za-zµ]{1,3}\d?)(?![A-Za-z])"
    r"(?:\s?/\s?\{?1[.,]73\s?_?m(?:2|\^2|\*\*2)?\}?)?"
    r"|/\s?[nµp]l\b|mg%|g%|%|[fF][lL]\b|pg\b|mm\b"
)
UNIT = re.compile(rf"[\[(]?\s?(?P<unit>{_UNIT})\s?[\])]?(?![A-Za-z0-9])")
_SPAN = (
    rf"(?P<low>{_NUM})\s?(?:-|–|—|bis\b|to\b|~)\s?(?P<high>{_NUM})(?!\s?[-–]\s?\d|[\w]|[.,:/]\d)"
)
_OWN_UNIT = rf"(?:\s{{0,2}}(?P<of>{_UNIT}))?"
RANGE = re.compile(
    rf"(?<![\w.,/-])[\[(]?\s?(?:(?:ref|norm|normal|range|rr)\.?:?\s?)?{_SPAN}(?:(?<=\d){_OWN_UNIT}\s?[\])])?",
    re.IGNORECASE,
)
HELD = re.compile(
    rf"[\[(]\s?(?:(?:ref|norm|normal|range|rr)\.?:?\s?)?(?P<open>{_BOUND}|bis|to|up to|unter|under|below|über|over|above)\s?"
    rf"(?P<bound>{_NUM}){_OWN_UNIT}\s?[\])]"
    rf"|(?<![\w])(?P<open2>bis|up to|unter|under|below|über|over|above)\s{{1,2}}(?P<bound2>{_NUM})(?![\w.,/-])"
    rf"|[\[(]\s?(?P<low3>{_NUM})\s?(?:;|\.\.\.?|,\s)\s?(?P<high3>{_NUM})\s?[\])]",
    re.IGNORECASE,
)
_SEXES = re.compile(
    rf"(?<!\w)(?:[mwf♂♀]|men|women|male|female|männer|frauen)\s?:\s?(?:{_NUM}\s?[-–]\s?{_NUM}|{_BOUND}\s?{_NUM})",
    re.IGNORECASE,
)
NUMBER = re.compile(rf"(?<![\w.,])(?P<bound>{_BOUND})?\s{{0,2}}(?P<number>{_NUM})(?![.,:/]?\d)")
_TIME = re.compile(r"(?<![\w.,:])\d{1,2}:\d\d(?::\d\d)?(?:\s?(?:uhr|h|am|pm)\b)?(?![\d:])", re.I)
_FLAG = re.compile(
    r"[\[(]?(?P<flag>\*{1,3}|!{1,2}|↑{1,2}|↓{1,2}|\+{1,3}|-{1,3}|[^\W\d]{1,11})[\])]?"
)
_WORD = re.compile(r"[^\s|;]+")
FLAG_WORDS = 5  # of the longest mark in words
_OPEN_HIGH = frozenset(["bis", "to", "up to", "unter", "under", "below", "<", "≤", "<="])


@dataclass
class Token:
    """A part of a line: `start` and `end` are places in the line's text, `x` its span on the page.

    A number keeps its writing and bound; a range its two writings; a date every day it can mean.
    """

    kind: Kind
    text: str
    start: int
    end: int
    left: float = 0.0
    right: float = 0.0
    bound: str = ""
    ends: tuple[str | None, str | None] = (None, None)
    unit: str = ""
    days: list[tuple[str, dt.date]] = field(default_factory=list)
    wide: bool = False  # two blanks or more before it, or the start of the line


def is_unit(text: str) -> bool:
    """Whether laboratories use this as a unit."""
    clean = text.lower().replace(" ", "")
    if clean in words().units or clean in words().other_units:
        return True
    try:
        return bool(parse_unit(unit_written(text)))
    except UnitError:
        return False


def unit_written(text: str) -> str:
    """A unit in the spelling that the rest of the program reads."""
    clean = re.sub(r"\s+", "", text)
    known = words().units.get(clean.lower())
    if known:
        return known
    return re.sub(r"1[.,]73_?m?(?:2|\^2|\*\*2)?", "1.73m2", clean).replace("{", "").replace("}", "")


def tokens_of(line: Line, today: dt.date) -> list[Token]:
    """The parts of a line, left to right; each digit lies in one of them."""
    text = line.text
    found: list[Token] = []
    at = 0
    while at < len(text):
        if text[at] in " ;|":
            at += 1
            continue
        token = _next(text, at, found, today)
        before = text[: token.start]
        token.wide = not before.strip() or before.endswith("  ") or before.rstrip()[-1] in ";|"
        last = max(token.start, min(token.end, len(line.x)) - 1)
        token.left, token.right = line.x[token.start], line.x[last]
        found.append(token)
        at = max(token.end, at + 1)
    return found


def _next(text: str, at: int, found: list[Token], today: dt.date) -> Token:
    name = _name(text, at, found)
    if name is not None:
        return name
    date = DATE.match(text, at + (text[at] in "[("))
    can_be = days(date, today) if date else []
    if date and can_be:
        return Token("date", date[0], at, date.end(), days=can_be)
    if clock := _TIME.match(text, at):
        return Token("time", clock[0], at, clock.end())
    for reader in (_range, _unit_of_powers, _number, _unit, _said, _flag):
        token = reader(text, at, found)
        if token is not None:
            return token
    word = _WORD.match(text, at)
    return Token("word", word[0], at, word.end()) if word else Token("mark", text[at], at, at + 1)


def _name(text: str, at: int, found: list[Token]) -> Token | None:
    """The longest known name that begins here."""
    if at and text[at - 1] not in " ;|,/([":
        return None
    parts = [m.span() for m in re.finditer(r"[^\s|;]+", text[at : at + 120])][:LONGEST_NAME]
    parts = _up_to_gap(text[at : at + 120], parts)
    for count in range(len(parts), 0, -1):
        end = at + parts[count - 1][1]
        piece = text[at:end].rstrip(" :,.…_=")
        if len(piece) < 1 or not is_name(piece):
            continue
        if len(piece) <= 2 and found and found[-1].kind == "number":
            follows = re.match(r"\s?[:=]?\s{0,20}[<>]?\s?\d", text[at + len(piece) :])
            if piece[0].islower() or not follows:
                continue
        return Token("name", piece, at, at + len(piece))
    return None


def _up_to_gap(text: str, parts: list[tuple[int, int]]) -> list[tuple[int, int]]:
    for index in range(1, len(parts)):
        if parts[index][0] - parts[index - 1][1] >= 2:
            return parts[:index]
    return parts


def _range(text: str, at: int, found: list[Token]) -> Token | None:
    sexes = _SEXES.match(text, at)
    if sexes:
        return Token("range", sexes[0], at, sexes.end())
    hit = RANGE.match(text, at)
    if hit and _rises(hit["low"], hit["high"]):
        unit = hit["of"] or ""
        held = text[at] in "[("
        end = hit.end()
        if held and end < len(text) and text[end - 1] not in ")]":
            closing = re.match(r"\s?[)\]]", text[end:])
            end += closing.end() if closing else 0
        return Token("range", text[at:end], at, end, ends=(hit["low"], hit["high"]), unit=unit)
    hit = HELD.match(text, at)
    if hit is None:
        return None
    if hit["low3"]:
        return Token("range", hit[0], at, hit.end(), ends=(hit["low3"], hit["high3"]))
    word = (hit["open"] or hit["open2"]).lower().replace(" ", "")
    number = hit["bound"] or hit["bound2"]
    most = word in _OPEN_HIGH or word == "upto"
    ends = (None, number) if most else (number, None)
    return Token("range", hit[0], at, hit.end(), ends=ends, unit=hit["of"] or "")


def _rises(low: str, high: str) -> bool:
    """Whether two writings can be the ends of a range."""
    return min(meanings(low, "")) <= max(meanings(high, ""))


def _number(text: str, at: int, found: list[Token]) -> Token | None:
    hit = NUMBER.match(text, at)
    if hit is None:
        return None
    end = hit.end()
    rest = text[end : end + 12]
    glued = re.match(r"[^\W\d]+", rest)
    if glued and not _glued_is_known(text, end):
        word = _WORD.match(text, at)
        return Token("word", word[0], at, word.end()) if word else None
    if rest[:1] in "-–/" and rest[1:2].isalnum() and not glued:
        word = _WORD.match(text, at)
        if word and not UNIT.match(text, end):
            return Token("word", word[0], at, word.end())
    bound = (hit["bound"] or "").replace(" ", "").replace("=", "")
    bound = {"≤": "<", "≥": ">"}.get(bound, bound)
    return Token("number", hit["number"], at, end, bound=bound)


def _glued_is_known(text: str, end: int) -> bool:
    """Whether what stands right behind a number is a unit or a mark ("12µg/l", "4.1H")."""
    unit = UNIT.match(text, end)
    if unit and is_unit(unit["unit"]):
        return True
    flag = _FLAG.match(text, end)
    return bool(
        flag and flag["flag"].lower() in words().flags and not text[flag.end() :][:1].isalnum()
    )


def _unit_of_powers(text: str, at: int, found: list[Token]) -> Token | None:
    """ "10^9/l" is a unit, not the number ten."""
    return _unit(text, at, found) if re.match(r"[\[(]?(?:x\s?)?10", text[at : at + 5]) else None


def _unit(text: str, at: int, found: list[Token]) -> Token | None:
    hit = UNIT.match(text, at)
    if hit is None or not is_unit(hit["unit"]):
        return None
    return Token("unit", hit["unit"], at, hit.end(), unit=hit["unit"])


def _said(text: str, at: int, found: list[Token]) -> Token | None:
    parts = [m.span() for m in re.finditer(r"[^\s|;]+", text[at : at + 40])][:3]
    for count in range(len(parts), 0, -1):
        piece = text[at : at + parts[count - 1][1]]
        if piece.lower().strip("()") in words().said:
            return Token("said", piece, at, at + len(piece))
    return None


def _flag(text: str, at: int, found: list[Token]) -> Token | None:
    said = _phrase(text, at, words().flags, FLAG_WORDS)
    if said:
        return Token("flag", said, at, at + len(said))
    hit = _FLAG.match(text, at)
    if hit is None or hit["flag"].lower() not in words().flags:
        return None
    following = text[hit.end() : hit.end() + 1]
    if hit["flag"][0] in "+-" and following.isdigit():
        return None  # a sign
    if following.strip(" |;,") and (hit["flag"][0].isalpha() or not following.isdigit()):
        return None
    if hit["flag"] in ("h", "l", "n", "hh", "ll") and not (found and found[-1].kind == "number"):
        return None
    return Token("flag", hit["flag"], at, hit.end())


def _phrase(text: str, at: int, known: frozenset[str], most: int) -> str:
    """The longest run of two words or more that is one of these, in brackets or not; "" where none is."""
    parts = [m.span() for m in re.finditer(r"[^\s|;]+", text[at : at + 60])][:most]
    for count in range(len(parts), 1, -1):
        piece = text[at : at + parts[count - 1][1]]
        if "  " not in piece and piece.lower().strip("()[].,") in known:
            return piece
    return ""


def cleaned(token: Token) -> str:
    """A word without the marks around it."""
    return plain(token.text).strip("()[].")

"""Reads what people measure at home: pulse, blood pressure, temperature, oxygen, ketones, breathing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from stillwell.case.sentences import Grammar, Segment, statements
from stillwell.case.standing_pressure import falls_on_standing
from stillwell.knowledge.late_pattern import LatePattern
from stillwell.knowledge.schema import Vital
from stillwell.knowledge.store import Knowledge
from stillwell.language.number_words import with_figures

Standing = Literal["now", "past", "effort", "target"]
LINKS = 6  # words that may stand between a name and its number
BESIDE = 3  # words before a name among which another thing's name may stand ("room temperature")
_NUMBER = r"\d{1,3}(?:[.,]\d{1,2})?"


@dataclass(frozen=True)
class VitalReading:
    """One reading of a vital sign.

    Attributes:
        vital: its id in the knowledge base.
        value: in the unit of the vital.
        shown: the words in which it was told.
        standing: "now", or why it does not count: of the past, taken at exercise, a target.
        bound: ">" or "<" where only a bound was told ("over 200").
    """

    vital: str
    value: float
    shown: str
    standing: Standing = "now"
    bound: str = ""


@dataclass(frozen=True)
class _Found:
    """A number of a vital at a place of a sentence."""

    vital: Vital
    value: float
    start: int
    end: int
    shown: str
    bound: str = ""
    link: str = ""
    supposed: bool = False
    now: bool = False


class VitalReader:
    """Finds readings in text, by the words of a knowledge base."""

    def __init__(self, known: Knowledge) -> None:
        self.vitals = known.base.vitals
        self.grammar = Grammar(known.base.lexicon, known.stems)
        words = known.base.lexicon
        self.counted = frozenset(words["counted"])
        self.over, self.under, self.now, self.past, self.target, self.effort, self.rest = (
            _any_of(words[f"vital_{name}"])
            for name in ("over", "under", "now", "past", "target", "effort", "rest")
        )
        self.supposed = _any_of(words["vital_supposed"])
        link = rf"(?: (?:{_either(words['vital_link'])}|,)(?![\w'])){{0,{LINKS}}}"
        now = _either(words["vital_now"])
        rest = _either(words["vital_rest"])
        self.goes_on = LatePattern(
            rf"(?<!\w)(?:(?:{now}){link} (?P<value>{_NUMBER})(?![\d.,]*\d)(?P<next> \w+)?"
            rf"|(?P<rested>{_NUMBER}) (?:{rest})(?!\w))",
            [*words["vital_now"], *words["vital_rest"]],
        )
        self.named: list[tuple[Vital, LatePattern]] = []
        self.pairs: list[tuple[Vital, LatePattern]] = []
        self.alone: list[tuple[Vital, LatePattern]] = []
        self.before: list[tuple[Vital, LatePattern]] = []
        for vital in self.vitals.values():
            names, units = _either(vital.words), _either(vital.units)
            unit = rf"(?: degrees?)?(?: (?P<unit>{units})(?!\w))?"
            self.named.append(
                (
                    vital,
                    LatePattern(
                        rf"(?<![\w'])(?P<name>{names})(?P<link>{link}) (?P<value>{_NUMBER})(?![\d.,]*\d)"
                        rf"(?: (?:to|and|or) (?P<second>{_NUMBER})(?![\d.,]*\d))?{unit}(?P<next> \w+)?",
                        vital.words,
                    ),
                )
            )
            if vital.units:
                self.before.append(
                    (
                        vital,
                        LatePattern(
                            rf"(?<![\w.,])(?P<value>{_NUMBER})(?: degrees?)? (?P<unit>{units})"
                            rf"(?: of)? (?P<name>{names})(?!\w)",
                            vital.words,
                        ),
                    )
                )
            if vital.over is not None:
                self.pairs.append(
                    (
                        vital,
                        LatePattern(
                            rf"(?<![\w'])(?:(?P<name>{names})(?P<link>{link}) )?"
                            r"(?<![\d.,])(?P<value>\d{2,3}) over (?P<second>\d{2,3})(?![\d.,]*\d)",
                            [" over "],
                        ),
                    )
                )
            if vital.alone:
                self.alone.append(
                    (
                        vital,
                        LatePattern(
                            rf"(?<![\w.,])(?P<value>{_NUMBER}) (?P<unit>{_either(vital.alone)})(?!\w)",
                            vital.alone,
                        ),
                    )
                )

    def read(self, text: str) -> list[VitalReading]:
        """Every reading of the patient, whatever its standing, in the order of the text."""
        readings: list[VitalReading] = []
        last: Vital | None = None
        for sentence in statements(_prepared(text), self.grammar):
            told = " , ".join(_own_words(s) for s in sentence)
            found = sorted(self._found(told), key=lambda f: (f.start, f.end))
            found = self._with_later(told, found, last)
            readings += self._stand(told, found)
            last = found[-1].vital if found else last
        return readings

    def _found(self, told: str) -> Iterator[_Found]:
        if not any(c.isdigit() for c in told):
            return
        taken: list[tuple[int, int]] = []
        for vital, pattern in self.pairs:
            for m in pattern.finditer(told):
                upper, lower = float(m["value"]), float(m["second"])
                other = self.vitals[vital.over or ""]
                fits = _fits(upper, vital) and _fits(lower, other) and lower < upper
                if not fits or (not m["name"] and upper < 70) or self._anothers(m, told, vital):
                    continue
                taken.append(m.span())
                shown = (
                    f"{vital.words[0] if not m['name'] else m['name']} {m['value']}/{m['second']}"
                )
                yield self._made(vital, upper, m, shown)
                yield self._made(other, lower, m, shown)
        for vital, pattern in [*self.named, *self.alone, *self.before]:
            for m in pattern.finditer(told):
                if any(a < m.end("value") and m.start() < b for a, b in taken[-64:]):
                    continue
                yield from self._read_one(vital, m, told, taken)

    def _read_one(
        self, vital: Vital, m: re.Match[str], told: str, taken: list[tuple[int, int]]
    ) -> Iterator[_Found]:
        groups = m.groupdict()
        unit = groups.get("unit")
        following = (groups.get("next") or "").strip()
        name = groups.get("name") or ""
        if not unit and following in self.counted:
            return  # "pulse 3 times a day"
        if self._anothers(m, told, vital):
            return
        if name and len(name) <= 2 and re.search(r"\d $", told[max(0, m.start() - 2) : m.start()]):
            return  # "24 hr 60"
        values = [m["value"], groups.get("second")]
        for number in filter(None, values):
            value = _in_own_unit(float(number.replace(",", ".")), unit, vital)
            if value is not None:
                taken.append((m.start(), m.end("value")))
                yield self._made(vital, value, m, f"{name} {number} {unit or ''}".strip())

    def _made(self, vital: Vital, value: float, m: re.Match[str], shown: str) -> _Found:
        link = m.groupdict().get("link") or ""
        bound = ">" if self.over.search(link) else "<" if self.under.search(link) else ""
        lead = m.string[max(0, m.start() - 8) : m.start()]
        supposed = bool(re.search(r"\b(?:if|when)\b", lead)) and bool(self.supposed.search(link))
        return _Found(vital, value, m.start(), m.end(), shown, bound, link, supposed)

    def _anothers(self, m: re.Match[str], told: str, vital: Vital) -> bool:
        """Whether the number is another thing's ("room temperature 30")."""
        before = told[max(0, m.start() - 40) : m.start()].split()[-BESIDE:]
        link = (m.groupdict().get("link") or "").split()
        after = told[m.end("value") : m.end("value") + 40].split(" , ")[0].split()[:BESIDE]
        return bool({*before, *link, *after} & set(vital.not_beside)) or any(
            " " in w and w in " ".join(before) for w in vital.not_beside
        )

    def _with_later(self, told: str, found: list[_Found], last: Vital | None) -> list[_Found]:
        """The readings, and the numbers that go on with the same vital ("was 60, now 140")."""
        if not found and last is None:
            return found
        more: list[_Found] = []
        at = 0
        for m in self.goes_on.finditer(told):
            while at < len(found) and found[at].end <= m.start():
                at += 1
            vital = found[at - 1].vital if at else last
            group = "value" if m["value"] else "rested"
            start, end = m.span(group)
            inside = any(f.start < end and start < f.end for f in found[at : at + 3])
            if vital is None or inside or (m["next"] or "").strip() in self.counted:
                continue
            value = _in_own_unit(float(m[group].replace(",", ".")), None, vital)
            if value is not None:
                shown = f"{vital.name} {m[group]}"
                more.append(_Found(vital, value, m.start(), end, shown, now=True))
        return sorted([*found, *more], key=lambda f: (f.start, f.end)) if more else found

    # ---- whether a reading is of now -----------------------------------------------------------

    def _stand(self, told: str, found: list[_Found]) -> Iterator[VitalReading]:
        carried: Standing = "now"
        standing: Standing = "now"
        for at, one in enumerate(found):
            if at and found[at - 1].start == one.start:  # the other half of a pair
                yield VitalReading(one.vital.id, one.value, one.shown, standing, one.bound)
                continue
            before, after = self._around(told, found, at)
            standing = self._standing(one, before, after)
            if standing == "now" and not (one.now or self.now.search(f" {before} {after} ")):
                standing = carried
            carried = standing if at == 0 and standing in ("past", "target") else carried
            yield VitalReading(one.vital.id, one.value, one.shown, standing, one.bound)

    def _standing(self, one: _Found, before: str, after: str) -> Standing:
        beside = f" {before} | {one.link} {after} "
        if one.supposed or self.target.search(beside):
            return "target"
        if one.now:
            return "now"
        past = self.past.search(beside) or re.search(r"\bin (?:19|20)\d\d\b", beside)
        if past and not re.search(r"\bsince (?:the )?$", beside[: past.start()]):
            late = self.now.search(f" {before} ")
            if not late or past.start() > late.start() + 1:
                return "past"
        if one.vital.effort and self.effort.search(beside) and not self.rest.search(beside):
            return "effort"
        return "now"

    def _around(self, told: str, found: list[_Found], at: int) -> tuple[str, str]:
        """What stands before and after a reading and belongs to it."""
        one = found[at]
        left = max((f.end for f in found[max(0, at - 3) : at] if f.start < one.start), default=0)
        rights = [f.start for f in found[at + 1 : at + 4] if f.start > one.start]
        right = rights[0] if rights else len(told)
        before, after = told[left : one.start], told[min(one.end, right) : right]
        if left:
            before = self._parted(before)[1]
        if rights:
            after = self._parted(after)[0]
        return before, after

    def _parted(self, between: str) -> tuple[str, str]:
        """What stands between two readings, parted into the first one's and the second one's."""
        for mark in (" , ", " and "):
            if mark in f" {between} ":
                first, _, second = f" {between} ".partition(mark)
                return first, second
        late = self.now.search(f" {between} ")
        return (between[: late.start()], between[late.start() :]) if late else (between, "")


def vitals_in(text: str, known: Knowledge) -> list[VitalReading]:
    """Every reading of the patient's vital signs that a text tells, with its standing.

    Only those that stand "now" say anything of how urgent it is. Those of other people are left out.

    >>> from stillwell.knowledge.store import knowledge
    >>> [(r.vital, r.value) for r in vitals_in("BP 84/52, pulse 136 at rest", knowledge())]
    [('systolic', 84.0), ('diastolic', 52.0), ('pulse', 136.0)]
    """
    return _reader(known).read(text)


def pressure_falls(text: str, known: Knowledge) -> str:
    """The words in which the patient's blood pressure is told to fall on standing; "" where it is not."""
    told = statements(_prepared(text), _reader(known).grammar)
    return falls_on_standing((" , ".join(map(_own_words, s)) for s in told), known)


def readings_of_now(text: str, known: Knowledge) -> dict[str, list[VitalReading]]:
    """The readings that count, by vital."""
    found: dict[str, list[VitalReading]] = {}
    for reading in vitals_in(text, known):
        if reading.standing == "now":
            found.setdefault(reading.vital, []).append(reading)
    return found


def shown_findings(vitals: dict[str, list[VitalReading]], known: Knowledge) -> list[str]:
    """The findings that readings show (a temperature of 39 is a fever)."""
    return [
        shown.finding
        for name, readings in vitals.items()
        for shown in known.base.vitals[name].shows
        if any(
            (shown.above is not None and r.value > shown.above and r.bound != "<")
            or (shown.below is not None and r.value < shown.below and r.bound != ">")
            for r in readings
        )
    ]


_readers: dict[str, VitalReader] = {}


def _reader(known: Knowledge) -> VitalReader:
    if known.digest not in _readers:
        _readers[known.digest] = VitalReader(known)
    return _readers[known.digest]


def _prepared(text: str) -> str:
    """A text in which numbers stand as words of their own: "84/52" is "84 over 52"."""
    lower = with_figures(text.lower().replace("’", "'"))
    lower = re.sub(r"(?<=\d)\s?/\s?(?=\d)", " over ", lower)
    lower = re.sub(r"(?<=\d)(?=[a-z])", " ", lower)
    for mark, word in (("%", " percent "), ("°", " degrees "), ("º", " degrees "), ("~", " ")):
        lower = lower.replace(mark, word)
    lower = lower.replace(">", " over ").replace("<", " under ").replace("=", " is ")
    lower = re.sub(r"(?<!\d)[:;](?=[ \t]?[\d~])", " is ", lower)
    lower = re.sub(r"[()\[\]]", " , ", lower)
    return re.sub(r"\bonly (?=\d)|\bonly about (?=\d)", "", lower)


def _own_words(segment: Segment) -> str:
    return " ".join(w for w, whose in zip(segment.words, segment.whose, strict=True) if not whose)


def _fits(value: float, vital: Vital) -> bool:
    return vital.possible[0] <= value <= vital.possible[1]


def _in_own_unit(number: float, unit: str | None, vital: Vital) -> float | None:
    """The value in the vital's unit, or None where no living adult can have it."""
    scales = (
        [vital.units[unit]] if unit else list(dict.fromkeys([(1.0, 0.0), *vital.units.values()]))
    )
    for factor, offset in scales:
        value = round(number * factor + offset, 2)
        if _fits(value, vital):
            return value
    return None


def _either(words: object) -> str:
    listed = sorted(map(str, words), key=len, reverse=True)  # type: ignore[call-overload]
    return "|".join(map(re.escape, listed)) or r"(?!)"


def _any_of(words: list[str]) -> LatePattern:
    return LatePattern(rf"(?<![\w'])(?:{_either(words)})(?![\w'])", words)

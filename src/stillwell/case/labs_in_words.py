"""Finds blood test results in plain words: "K 6.9", "ferritin was 9", "my magnesium is low"."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from stillwell.case.lab_names import names_of_tests, other_specimen
from stillwell.case.labs import flag_of, is_marked
from stillwell.case.model import Lab, Person
from stillwell.case.numbers import NUMBER, readings
from stillwell.case.units import convert, likely_units, possible_units, reported_units, told_unit
from stillwell.errors import UnitError
from stillwell.knowledge.schema import Test
from stillwell.knowledge.store import Knowledge

LINKS = 4  # words that may stand between a test and its number
_UNIT_WORDS = (
    r"[a-zµμ]+[0-9]?/[a-z]+(?:[0-9]+(?:\.[0-9]+)?[a-z0-9]*)?(?:/[0-9.]+\s?m2)?(?:\s?bun)?|%|fl\b"
)
_PER_TIME = re.compile(r"/\s*(?:d|day|wk|week|h|hr|hour|kg|min|s|month)$", re.IGNORECASE)
_SHORT = 2  # letters of a name up to which it must stand right before its number


@dataclass
class ToldLabs:
    """Results in a text.

    Attributes:
        labs: what can be used.
        notes: what has to be asked about, or is of another fluid.
        rest: the text without what was read.
    """

    labs: list[Lab] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    rest: str = ""


class LabReader:
    """Finds results in text, by the test names of a knowledge base."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.knowledge = knowledge
        lexicon = knowledge.base.lexicon
        self.words = {name: frozenset(words) for name, words in lexicon.items()}
        self.names = names_of_tests(knowledge)
        self.fluids = _either(lexicon["other_specimen"])

    def _valued(self, names: list[str]) -> re.Pattern[str]:
        links = _either(self.words["lab_link"])
        fillers = _either(self.words["lab_filler"])
        return re.compile(
            rf"(?<![\w/+-])(?P<name>{_either(names)})(?![a-z])(?P<charge>\s?\d?\+{{1,2}})?"
            rf"(?P<link>(?:[\s(:=,-]+(?:{fillers}|{links})(?![\w]))"
            rf"{{0,{LINKS}}}[\s(:=~-]*?)(?P<bound>[<>≤≥]?)\s*(?P<value>{NUMBER})"
            rf"(?:\s*(?P<unit>{_UNIT_WORDS}))?(?P<next>\s*[a-zµ]+)?",
            re.IGNORECASE,
        )

    def _flagged(self, names: list[str]) -> tuple[re.Pattern[str], re.Pattern[str]]:
        name = rf"(?:vitamin )?(?:{_either(names)}|d)(?![\w+])"
        several = rf"(?P<names>{name}(?:(?:\s*,\s*|\s+and\s+|\s*,\s*and\s+|\s*&\s*){name})*)"
        level = r"(?:\s+(?:levels?|results?|stores|tests?))?"
        words = {k: self.words[k] for k in ("said_low", "said_high", "said_normal")}
        flags = "|".join(rf"(?P<{k}>{_either(v)})" for k, v in words.items())
        verb = r"(?:\s+(?:both|all))?\s*(?:\s+(?:is|was|are|were|came back|come back|comes back|came out|has been|have been|have gone|has gone|went|looks|runs|ran|being)|:|=)"
        adverb = r"(?:\s+(?:both|all|also|always|too|very|a bit|a little|quite|really|slightly|rather|still|now|again|on the|extremely|well|just|borderline|dangerously|critically|so))*"
        after = re.compile(rf"(?<![\w/]){several}{level}{verb}{adverb}\s+(?:{flags})(?!\w)", re.I)
        lacking = _either(self.words["deficiency"])
        before = re.compile(
            rf"(?<![\w/])(?:(?P<how>very|dangerously|critically)\s+)?"
            rf"(?:(?P<side>low|high|raised|elevated)\s+{several}|{several.replace('names', 'short')}\s+(?P<lack>{lacking}))"
            rf"(?!\w)(?P<next>\s+[a-z]+)?",
            re.I,
        )
        return after, before

    def read(self, text: str, person: Person) -> ToldLabs:
        """Every result that the text tells."""
        done = ToldLabs(rest=text)
        low = " ".join(text.lower().split())
        names = [name for name in self.names if name in low]  # few: their patterns compile fast
        if not names:
            return done
        if any(char.isdigit() for char in low):
            for found in self._valued(names).finditer(text):
                self._take_value(found, text, person, done)
        for pattern in self._flagged(names):
            for found in list(pattern.finditer(done.rest)):
                self._take_flags(found, done)
        return done

    # ---- a test with its number ---------------------------------------------------------------

    def _take_value(self, found: re.Match[str], text: str, person: Person, done: ToldLabs) -> None:
        name, value = found["name"], found["bound"] + found["value"]
        before = text[: found.start()].rstrip()
        unit = (found["unit"] or "").strip()
        following = (found["next"] or "").strip().lower()
        test = self.names[" ".join(name.lower().split())]
        if _PER_TIME.search(unit) or (not unit and following in self.words["counted"]):
            return  # a dose, or so many weeks
        if not unit and self.words["dose_before"] & set(re.findall(r"[a-z]+", before.lower())[-8:]):
            return  # "I take magnesium 400"
        if not found["charge"] and len(name) <= _SHORT and not self._stands_for_test(found, before):
            return
        shown = f"{name} {value} {unit}".strip()
        rest = _without(done.rest, text[found.start() : found.end("unit" if unit else "value")])
        fluid = other_specimen(" ".join([*before.split()[-2:], found["link"]]), self.knowledge)
        if fluid:
            done.notes.append(f"'{fluid} {shown}' is not used: only tests of blood are read here")
            done.rest = rest
            return
        if self._negated(before):
            return
        done.rest = rest
        self._judge(shown, value, unit, name, test, person, done)

    def _judge(
        self,
        shown: str,
        value: str,
        unit: str,
        name: str,
        test: Test,
        person: Person,
        done: ToldLabs,
    ) -> None:
        """Take a result, or ask about it where number or unit can mean two things."""
        numbers, bound = readings(value)
        meant: dict[float, tuple[float, str]] = {}  # value in the test's unit: (number, unit)
        for number in numbers:
            try:
                units = [told_unit(unit, name, test)] if unit else likely_units(number, test, name)
                for each in units:
                    own = convert(number, each, test)
                    if test.possible[0] <= own <= test.possible[1]:
                        meant[round(own, 9)] = (number, each)
            except UnitError:
                done.notes.append(
                    f"'{shown}' is not used: the unit '{unit}' is not one of this test"
                )
                return
        if not meant:
            ways = [u for n in numbers for u in possible_units(n, test)][:2]
            hint = f"; did you mean {' or '.join(ways)}?" if ways and unit else ""
            done.notes.append(f"'{shown}' is not possible for {test.name}{hint}")
            return
        if len(meant) == 1:
            [(own, (number, each))] = meant.items()
            if not unit and not is_marked(own, test):
                self._say_other_readings(shown, number, each, name, test, done)
            done.labs.append(Lab(name=test.id, value=f"{bound}{number!r}", unit=each))
            return
        ways = [f"{number:g} {each}" for number, each in meant.values()]
        note = f"'{shown}': is it {' or '.join(ways)}?"
        flags = {
            flag_of(Lab(name=name), number, own, bound, test, person)[0]
            for own, (number, _) in meant.items()
        }
        if len(flags) == 1 and flags != {"normal"}:
            [flag] = flags
            critical = all(is_marked(own, test) for own in meant)
            done.labs.append(Lab(name=test.id, flag=flag, critical=critical))  # type: ignore[arg-type]
            note += f" Either way it is {flag}, and is used as that"
        done.notes.append(note)

    def _say_other_readings(
        self, shown: str, number: float, unit: str, name: str, test: Test, done: ToldLabs
    ) -> None:
        """Say which unit was taken where another, less usual one would be alarming."""
        for other in reported_units(test, name):
            own = convert(number, other, test)
            if test.possible[0] <= own <= test.possible[1] and is_marked(own, test):
                done.notes.append(
                    f"'{shown}' is read as {number:g} {unit}; if it is {number:g} {other}, say so"
                )

    def _stands_for_test(self, found: re.Match[str], before: str) -> bool:
        """Whether a short name is a test and no unit or word ("500 mg 2", "na 3 weeks")."""
        if re.search(r"\d\s*$", before):
            return False
        plain = found["name"][0].isupper() or bool(found["unit"]) or "." in found["value"]
        return plain or bool(re.search(r"[:=]|is|was", found["link"]))

    def _negated(self, before: str) -> bool:
        last = re.split(r"[\s,.;]+", before.lower())[-2:]
        return bool({"not", "no", "never"} & set(last))

    # ---- a test said to be low, high or normal ------------------------------------------------

    def _take_flags(self, found: re.Match[str], done: ToldLabs) -> None:
        groups = found.groupdict()
        names = groups.get("names") or groups.get("short") or ""
        sentence_start = max(done.rest.rfind(mark, 0, found.start()) for mark in ".!?\n;")
        before = done.rest[sentence_start + 1 : found.start()].lower()
        after = done.rest[found.end() :].lstrip()
        following = (groups.get("next") or "").strip().lower()
        flag = self._flag(groups)
        guess = set(re.findall(r"[a-z']+", before)) & self.words["lab_guess"]
        if guess or after.startswith("?") or following in self.words["lab_food"] or not flag:
            return
        tests = self._tests(names)
        if not tests:
            return
        said = found[0].lower()
        critical = flag != "normal" and any(w in said for w in self.words["said_critical"])
        for test in tests:
            if any(lab.name == test.id for lab in done.labs):
                continue
            done.labs.append(Lab(name=test.id, flag=flag, critical=critical))  # type: ignore[arg-type]
        done.rest = _without(done.rest, found[0].removesuffix(groups.get("next") or ""))

    def _flag(self, groups: dict[str, str | None]) -> str:
        side = (groups.get("side") or "").lower()
        if groups.get("said_low") or groups.get("lack") or side == "low":
            return "low"
        if groups.get("said_high") or side:
            return "high"
        return "normal" if groups.get("said_normal") else ""

    def _tests(self, names: str) -> list[Test]:
        """The tests of a list; "B12 and D" is two vitamins."""
        parts = [p.strip().lower() for p in re.split(r",|\band\b|&", names)]
        vitamins = any(p.startswith(("vit", "b12", "b6")) for p in parts)
        found = []
        for part in filter(None, parts):
            key = f"vitamin {part}" if part == "d" and vitamins else part
            test = self.names.get(key) or self.names.get(key.removeprefix("vitamin "))
            if test is not None and (len(part) > _SHORT or part == "d" or len(parts) == 1):
                found.append(test)
        return found


def _without(text: str, piece: str) -> str:
    """A text without a piece and the date after it, which is that of the test."""
    date = (
        r"(?:\s+(?:in\s+)?(?:last|this)\s+(?:week|month|year|time)|\s+(?:yesterday|today)"
        r"|\s+(?:\w+\s+){1,2}(?:days?|weeks?|months?|years?)\s+ago)?"
    )
    return re.sub(re.escape(piece) + date, " ", text, count=1)


def _either(words: object) -> str:
    """A pattern for any of these words, longest first."""
    listed = sorted(map(str, words), key=len, reverse=True)  # type: ignore[call-overload]
    return "|".join(re.escape(w).replace(r"\ ", r"\s+") for w in listed)

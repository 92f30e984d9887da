"""Finds blood test results in plain words: "K 6.9", "ferritin was 9", "my magnesium is low"."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import msgspec

from stillwell.case.lab_names import names_of_tests, other_specimen
from stillwell.case.labs import flag_of, is_marked
from stillwell.case.model import Lab, Person
from stillwell.case.normal_results import NormalResults
from stillwell.case.numbers import NUMBER, readings
from stillwell.case.results_unread import ResultsUnread
from stillwell.case.units import convert, likely_units, possible_units, reported_units, told_unit
from stillwell.errors import UnitError
from stillwell.knowledge.kept_patterns import compiled
from stillwell.knowledge.phrases import any_of, either
from stillwell.knowledge.schema import Test
from stillwell.knowledge.store import Knowledge
from stillwell.language.number_words import NUMBER_WORDS, number_of

LINKS = 4  # words that may stand between a test and its number
_UNIT_WORDS = r"[a-zµμ]{1,12}[0-9]?/[a-z]{1,12}(?:[0-9]+(?:\.[0-9]+)?[a-z0-9]*)?(?:/[0-9.]+\s?m2)?(?:\s?bun)?|%|fl\b"
_PER_TIME = compiled(r"/\s*(?:d|day|wk|week|h|hr|hour|kg|min|s|month)$", re.IGNORECASE)
# every repeat is bounded, and white space made single first: reading takes time in proportion to the text
_SPACES = compiled(r"[^\S\n]+")
_LINES = compiled(r"\n(?: ?\n)+")
_LEADERS = compiled(r" ?(?:\.[ .]{0,80}\.|…|_{2,80}) ?(?=[<>≤≥]?\d)")  # "Ferritin ....... 11"
_ASIDE = r"[(\[][^)\]\n]{0,12}?\d[\d., ]{0,8}(?:-|–|to)[\d., ]{1,8}[)\]]"  # a range in brackets
BEFORE = 200  # characters before a test that say how it is meant
LONGEST_LINK = 12  # characters between the word of a fluid and the test
LISTED = 8  # names that may stand in a list before one flag ("B12, folate and iron are fine")
_DATE = compiled(
    r"\s+(?:(?:in )?(?:last|this) (?:week|month|year|time)|yesterday|today"
    r"|(?:\w{1,12} ){1,2}(?:days?|weeks?|months?|years?) ago)(?!\w)",
    re.IGNORECASE,
)
_LONG_AGO = compiled(
    r"last year|years? ago|decades? ago|in (?:19|20)\d\d|used to|when i was|as a (?:child|teenager|kid)"
    r"|back in|in the past|previously|at one time|before (?:the|my) (?:treatment|tablets|injections)",
    re.IGNORECASE,
)
_SENTENCE_END = compiled(r"[.!?;](?:\s|$)|\n")
_VITAMIN_FORM = compiled(r"(?:vit(?:amin)?\.? )?(?:d[23]|k[12])", re.IGNORECASE)
_SHORT = 2  # letters of a name up to which it must stand right before its number

_FURTHER = compiled(
    r"(?P<gap>[^.;!?\d\n]{0,40}?\b(?:and|now|then|but|to|today))\s(?:it is |it's |is |at |now |up to |down to ){0,2}"
    rf"(?P<value>\d{{1,4}}(?:\.\d{{1,2}})?)(?![\d/:%])(?:\s?(?P<unit>{_UNIT_WORDS}))?(?=(?P<next>\s?[a-zµ]{{1,20}})?)",
    re.IGNORECASE,
)
# a range right behind a test ("sodium (135-145): 109"), and the result behind that
_RANGE_FIRST = compiled(
    rf"\s?(?P<between>-|–|—|to)\s?(?P<high>\d{{1,4}}(?:\.\d{{1,3}})?)(?![\d.]\d)(?:\s?(?P<of_range>{_UNIT_WORDS}))?"
    rf"(?P<after>\s?[)\]]{{0,2}}[\s:=,]{{0,3}}(?:(?:result|value|was|is|came back|mine|today|now|but)[\s:=]{{1,2}}){{0,3}}"
    rf"(?P<bound>[<>≤≥]?)\s?(?P<value>\d{{1,5}}(?:\.\d{{1,3}})?)(?![\d/-]|\s?(?:-|–)\s?\d|\.\d)(?:\s?(?P<unit>{_UNIT_WORDS}))?)?",
    re.IGNORECASE,
)
# the laboratory's own range behind a result: "9 ng/mL (13-150)", "5.0 mIU/L range 0.27 - 4.2"
_OWN_RANGE = compiled(
    r"\s?,?\s?(?:(?P<open>[(\[])|(?=(?:ref|range|normal))|(?=\d[\d.]{0,7}\s?[-–]\s?\d[\d.]{0,7}\s?(?:\n|$)))\s?(?:(?:reference|ref\.?|range|normal)[\s:]{0,2}){0,2}"
    r"(?P<low>\d{1,4}(?:\.\d{1,3})?)\s?(?:-|–|to)\s?(?P<high>\d{1,4}(?:\.\d{1,3})?)(?![\d.]\d)(?(open)\s?[)\]])",
    re.IGNORECASE,
)
_RANGE = frozenset(["range", "reference", "normal", "between", "limit", "from"])


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


_IS = compiled(r"\b(?:is|was|are|were|came|reads?)\b")


class LabReader:
    """Finds results in text, by the test names of a knowledge base."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.knowledge = knowledge
        lexicon = knowledge.base.lexicon
        self.words = {name: frozenset(words) for name, words in lexicon.items()}
        self.names = names_of_tests(knowledge)
        self.fluids = either(lexicon["other_specimen"])
        self.unread = ResultsUnread(knowledge, self.names)
        self.normal = NormalResults(knowledge)

    def _valued(self, names: list[str]) -> re.Pattern[str]:
        links = either(self.words["lab_link"])
        fillers = either(self.words["lab_filler"])
        return compiled(
            rf"(?<![\w/+-])(?P<name>{either(names)})(?![a-z])(?P<charge>\s?\d?\+{{1,2}})?"
            rf"(?P<link>(?:[\s(\[:=,-]{{1,3}}(?:{fillers}|{links})(?![\w]))"
            rf"{{0,{LINKS}}}[\s(\[:=~-]{{0,3}}?)(?P<bound>[<>≤≥]?)\s?"
            rf"(?P<value>{NUMBER}|(?P<worded>{NUMBER_WORDS}))"
            rf"(?:\s?(?:{_ASIDE}\s?)?(?P<unit>{_UNIT_WORDS}))?(?=(?P<next>[^\S\n]?[a-zµ]{{1,20}})?)",
            re.IGNORECASE,
        )

    def _flagged(self, names: list[str]) -> tuple[re.Pattern[str], ...]:
        name = rf"(?:vitamin |blood )?(?:{either(names)}|d)(?![\w+])"
        join = r"(?:\s?,\s?(?:and\s)?|\sand\s|\s?&\s?)"
        several = rf"(?P<names>{name}(?:{join}{name}){{0,{LISTED}}})"
        level = r"(?:\s+(?:levels?|results?|stores|tests?))?"
        words = {k: self.words[k] for k in ("said_low", "said_high", "said_normal")}
        flags = "|".join(rf"(?P<{k}>{either(v)})" for k, v in words.items())
        verb = r"(?:\s+(?:both|all))?\s*(?:\s+(?:is|was|are|were|came back|come back|comes back|came out|has been|have been|have gone|has gone|went|looks|runs|ran|being)|['’]s|:|=)"
        adverb = r"(?:\s+(?:both|all|also|always|too|very|a bit|a little|quite|really|slightly|rather|still|now|again|on the|extremely|well|just|borderline|dangerously|critically|so)){0,4}"
        after = compiled(
            rf"(?<![\w/]){several}{level}{verb}{adverb}\s+(?:{flags})(?: side)?(?!\w)", re.I
        )
        bare_flags = "|".join(
            rf"(?P<{k}>{either(self.words[k] & self.words['said_bare'])})" for k in words
        )
        bare = compiled(
            rf"(?<![\w/]){several}{level}{adverb}\s(?:{bare_flags})(?=\s?(?:[,.;:!?)\n]|and\b|but\b|$))",
            re.I,
        )
        lacking = either(self.words["deficiency"])
        before = compiled(
            rf"(?<![\w/])(?:(?P<how>very|dangerously|critically)\s+)?"
            rf"(?:(?P<side>low|high|raised|elevated)\s+{several}|{several.replace('names', 'short')}\s+(?P<lack>{lacking}))"
            rf"(?!\w)(?P<next>\s+[a-z]+)?",
            re.I,
        )
        return after, before, bare

    def read(self, text: str, person: Person) -> ToldLabs:
        """Every result that the text tells."""
        text = _LINES.sub("\n", _SPACES.sub(" ", text.replace("|", " ")))
        text = _LEADERS.sub(": ", text)
        done = ToldLabs(rest=text)
        low = " ".join(text.lower().split())
        self._take_meter(done)
        names = [name for name in self.names if name in low]  # few: their patterns compile fast
        if names:
            self._take_values(names, person, done)
        normal, notes, done.rest = self.normal.in_lists(done.rest)
        if names:
            self._take_flagged(names, done)
        told = {lab.name for lab in done.labs}
        done.labs += [lab for lab in normal if lab.name not in told]
        done.notes += notes
        notes, done.rest = self.normal.without_names(done.rest)
        done.notes += notes
        notes, done.rest = self.unread.listed(done.rest, a_list=bool(done.labs))
        done.notes += notes
        return done

    def _take_values(self, names: list[str], person: Person, done: ToldLabs) -> None:
        """Every test of these names with its number."""
        used: list[tuple[int, int]] = []
        for found in self._valued(names).finditer(done.rest):
            span = self._take_value(found, done.rest, person, done, used[-1][1] if used else -1)
            if span is not None:
                used.append((span[0], self._take_further(found, done.rest, person, done, span[1])))
        done.rest = _without(done.rest, used)

    def _take_flagged(self, names: list[str], done: ToldLabs) -> None:
        """Every test of these names that is said to be low, high or normal."""
        for pattern in self._flagged(names):
            spans = [self._take_flags(found, done) for found in pattern.finditer(done.rest)]
            done.rest = _without(done.rest, [s for s in spans if s is not None])

    def _take_meter(self, done: ToldLabs) -> None:
        """A sugar meter that shows HI or LO in place of a number: beyond what it can measure."""
        used = []
        for found in _METER.finditer(done.rest):
            greeted = re.match(
                r",? (?:there|doc|all|dr|every)", done.rest[found.end() : found.end() + 12]
            )
            if greeted and found["shows"].islower():
                continue
            flag = "high" if found["shows"].lower() == "hi" else "low"
            done.labs.append(Lab(name="glucose", flag=flag, critical=True))  # type: ignore[arg-type]
            used.append(found.span())
        done.rest = _without(done.rest, used)

    # ---- a test with its number ---------------------------------------------------------------

    def _take_value(
        self, found: re.Match[str], text: str, person: Person, done: ToldLabs, last: int
    ) -> tuple[int, int] | None:
        """Read one result; returns where it stands in the text, or None where it is none.

        Args:
            last: where the result before it ends ("Na 121 K 2.9").
        """
        name, value = found["name"], found["bound"] + found["value"]
        before = text[max(0, found.start() - BEFORE) : found.start()].rstrip()
        unit = (found["unit"] or "").strip()
        following = (found["next"] or "").strip().lower()
        test = self.names[" ".join(name.lower().split())]
        if found["worded"]:
            number = self._worded(found, following)
            if number is None:
                return None
            value = f"{found['bound']}{number:g}"
        if _PER_TIME.search(unit) or (not unit and following in self.words["counted"]):
            return None  # a dose, or so many weeks
        sentence = _SENTENCE_END.split(before.lower())[-1]
        near = set(re.findall(r"[a-z]+", sentence)[-8:])
        if not unit and self.words["dose_before"] & near and self._may_be_dose(found):
            return None  # "I take magnesium 400", and not "iron tablets, ferritin 7"
        if _VITAMIN_FORM.fullmatch(name + found["link"] + found["value"]):
            return None  # "vit D3 5000 IU"
        listed = last >= 0 and not text[last : found.start()].strip(" ,;")
        listed = listed or text[: found.start()].rstrip(" ")[-1:] in ("\n", "")
        if (
            not found["charge"]
            and len(name) <= _SHORT
            and not self._stands_for_test(found, before, listed)
        ):
            return None
        shown = f"{name} {value} {unit}".strip()
        span = (found.start(), found.end("unit" if unit else "value"))
        fluid = other_specimen(" ".join([*before.split()[-2:], found["link"]]), self.knowledge)
        if fluid:
            done.notes.append(f"'{fluid} {shown}' is not used: only tests of blood are read here")
            named = before.lower().rfind(fluid, max(0, len(before) - len(fluid) - LONGEST_LINK))
            return (found.start() - (len(before) - named) - 1 if named >= 0 else span[0]), span[1]
        if self._negated(before):
            return None
        if _is_long_ago(text, *span):
            done.notes.append(f"'{shown}' is not used: it is said of the past")
            return span
        ranged = None if unit else _RANGE_FIRST.match(text, found.end("value"))
        if ranged is not None and ranged["between"] == "to" and not ranged["value"]:
            ranged = None  # "from 4.1 to 7.1"
        if ranged is not None and float(ranged["high"]) > min(readings(value)[0], default=0.0):
            return found.start(), self._take_behind_range(ranged, found, test, person, done)
        before_it = len(done.labs)
        self._judge(shown, value, unit, name, test, person, done)
        own = _OWN_RANGE.match(text, span[1])
        if own is not None and float(own["low"]) < float(own["high"]):
            bounds = f"{own['low']}-{own['high']}"
            done.labs[before_it:] = [
                msgspec.structs.replace(lab, reference=bounds) for lab in done.labs[before_it:]
            ]
            return span[0], own.end()
        return span

    def _may_be_dose(self, found: re.Match[str]) -> bool:
        """Whether a bare number behind a name can be how much of it is taken.

        A ferritin is taken by nobody, "my sodium is 124" tells a result, and a part of one ("calcium 3.1") is no tablet.
        """
        if "." in found["value"] or _IS.search(found["link"].lower()):
            return False
        said = " ".join(found["name"].lower().split())
        taken = (s.name.lower() for s in self.knowledge.base.supplements.values())
        return any(said in t or said.endswith(t) for t in taken)

    def _take_behind_range(
        self,
        ranged: re.Match[str],
        found: re.Match[str],
        test: Test,
        person: Person,
        done: ToldLabs,
    ) -> int:
        """Read the result behind a range, or both ends where none is; returns where it ends.

        "sodium (135-145): 109" is 109; "potassium 6.8 to 7.1" is both, of which the more alarming counts;
        a lone normal range is no result.
        """
        name = found["name"]
        if ranged["value"]:
            value, unit = (
                ranged["bound"] + ranged["value"],
                ranged["unit"] or ranged["of_range"] or "",
            )
            self._judge(f"{name} {value} {unit}".strip(), value, unit, name, test, person, done)
            return ranged.end("unit" if ranged["unit"] else "value")
        ends = ToldLabs()
        unit = ranged["of_range"] or ""
        for value in (found["value"], ranged["high"]):
            self._judge(f"{name} {value} {unit}".strip(), value, unit, name, test, person, ends)
        shown = f"{name} {found['value']}-{ranged['high']}"
        if all(_is_out(lab, test, person) for lab in ends.labs):
            done.labs += ends.labs
            done.notes += ends.notes
        else:
            done.notes.append(f"'{shown}' is a range, and no result stands beside it")
        return ranged.end("of_range" if unit else "high")

    def _take_further(
        self, found: re.Match[str], text: str, person: Person, done: ToldLabs, end: int
    ) -> int:
        """Read a second value of the same test ("4.1 last week and 7.1 today"); returns where it ends.

        Both are kept: of two results of one test the more alarming counts.
        """
        more = _FURTHER.match(text, end)
        if more is None or ("." in more["value"]) != ("." in found["value"]):
            return end
        unit = (more["unit"] or found["unit"] or "").strip()
        following = (more["next"] or "").strip().lower()
        gap = set(re.findall(r"[a-z0-9]+", more["gap"].lower()))
        if _PER_TIME.search(unit) or following in self.words["counted"] or gap & _RANGE:
            return end
        if any(name in more["gap"].lower() for name in self.names if len(name) > _SHORT):
            return end
        name = found["name"]
        test = self.names[" ".join(name.lower().split())]
        self._judge(
            f"{name} {more['value']} {unit}".strip(), more["value"], unit, name, test, person, done
        )
        return more.end("unit" if more["unit"] else "value")

    def _worded(self, found: re.Match[str], following: str) -> float | None:
        """A number in words, where it can be a result: "six point nine", but not "iron one of"."""
        number = number_of(" ".join(found["value"].split()))
        if number is None or following in ("of", "or", "two", "more"):
            return None
        said = bool(re.search(r"[:=]|\b(?:is|was|at|of|came)\b", found["link"].lower()))
        alone = said or not following  # "potassium seven", and then nothing more
        return number if alone or number >= 10 or "point" in found["value"].lower() else None

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
        if not unit and len(numbers) == 1:
            other = self._also_called(name, done.rest)
            if other is not None and self._is_other(numbers[0], name, test, other, person, done):
                self._judge_other(shown, value, numbers[0], name, test, other, person, done)
                return
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
        other = None if unit else self._also_called(name, done.rest)
        if other is not None and _is_usual(numbers[0], other):
            ways.append(f"{other.name} {numbers[0]:g} {other.unit}")
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
        elif all(is_marked(own, test) for own in meant):
            for number, each in meant.values():
                if each == test.unit_if_unsure:
                    done.labs.append(Lab(name=test.id, value=f"{bound}{number!r}", unit=each))
                    note += f" It is used as {number:g} {each}"
        done.notes.append(note)

    def _also_called(self, name: str, text: str) -> Test | None:
        """Another test that people call by this name, where nothing tells which is meant."""
        test = self.names[" ".join(name.lower().split())]
        for other in test.may_mean:
            if " ".join(name.lower().split()) not in other.names:
                continue
            if other.unless and any_of(self.words[other.unless]).search(
                " ".join(text.lower().split())
            ):
                continue
            return self.knowledge.base.tests[other.test]
        return None

    def _is_other(
        self, number: float, name: str, test: Test, other: Test, person: Person, done: ToldLabs
    ) -> bool:
        """Whether a number without a unit may be of the other test, and is not usual in its own."""
        if self._names_in_aside(name, number, other, done.rest):
            return True
        own = {convert(number, u, test) for u in likely_units(number, test, name)}
        believed = any(
            flag_of(Lab(name=name), number, each, "", test, person)[0] == "normal"
            or (test.marked_high is not None and each >= test.marked_high)  # 28 mmol/L is an alarm
            for each in own
        )
        return not believed and _is_usual(number, other)

    def _names_in_aside(self, name: str, number: float, other: Test, text: str) -> bool:
        """Whether the other test is named in brackets beside: "iron was 22 in the bloods (ferritin)"."""
        names = [other.id.replace("_", " "), other.name, *other.words]
        beside = rf"{re.escape(name)}\b[^.;!?\n]{{0,30}}?{number:g}\b[^.;!?\n]{{0,40}}?\(\s?(?:{either(names)})\b"
        return re.search(beside, text, re.IGNORECASE) is not None

    def _judge_other(
        self,
        shown: str,
        value: str,
        number: float,
        name: str,
        test: Test,
        other: Test,
        person: Person,
        done: ToldLabs,
    ) -> None:
        """Take a result as the other test where it is named beside; else ask which it is."""
        if self._names_in_aside(name, number, other, done.rest):
            self._judge(shown, value, "", other.id.replace("_", " "), other, person, done)
            return
        said = self.knowledge.base.wording.readings
        units = likely_units(number, test, name)
        own = " or ".join(f"{test.name} {number:g} {u}" for u in units)
        low = any(is_marked(convert(number, u, test), test) for u in units)
        meant = f"{other.name} {number:g} {other.unit}"
        done.notes.append(
            said["may_mean_low" if low else "may_mean"].format(shown=shown, own=own, other=meant)
        )

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

    def _stands_for_test(self, found: re.Match[str], before: str, listed: bool) -> bool:
        """Whether a short name is a test and no unit or word ("500 mg 2", "na 3 weeks")."""
        if before[-1:].isdigit() and not listed:
            return False
        name = found["name"]
        plain = name[0].isupper() or bool(found["unit"]) or "." in found["value"]
        plain = plain or name in self.words["lab_only"]
        return plain or bool(re.search(r"[:=]|is|was", found["link"]))

    def _negated(self, before: str) -> bool:
        last = re.split(r"[\s,.;]+", before.lower())[-2:]
        return bool({"not", "no", "never"} & set(last))

    # ---- a test said to be low, high or normal ------------------------------------------------

    def _take_flags(self, found: re.Match[str], done: ToldLabs) -> tuple[int, int] | None:
        """Read a test said to be low, high or normal; returns where it stands in the text."""
        groups = found.groupdict()
        names = groups.get("names") or groups.get("short") or ""
        start = max(0, found.start() - BEFORE)
        sentence_start = max(done.rest.rfind(mark, start, found.start()) for mark in ".!?\n;")
        before = done.rest[max(start, sentence_start + 1) : found.start()].lower()
        after = done.rest[found.end() : found.end() + 20].lstrip()
        following = (groups.get("next") or "").strip().lower()
        flag = self._flag(groups)
        said_before = set(re.findall(r"[a-z']+", before))
        guess = said_before & self.words["lab_guess"]
        said = found[0].lower()
        wished = said_before & self.words["lab_wish"] and not re.search(r"\b(?:is|was|are)\b", said)
        wished = wished or said_before & self.words["lab_hope"]
        behind = re.match(r"[a-z]+", after.lower())
        goes_on = flag == "normal" and behind and behind[0] in self.words["normal_goes_on"]
        if guess or wished or goes_on or after.startswith("?") or not flag:
            return None
        if following in self.words["lab_food"]:
            return None
        tests = self._tests(names)
        if not tests:
            return None
        if flag == "low":
            tests = [self._meant_by_low(names, test, found[0].strip(), done) for test in tests]
        end = found.end() - len(groups.get("next") or "")
        if _is_long_ago(done.rest, found.start(), end):
            done.notes.append(f"'{found[0].strip()}' is not used: it is said of the past")
            return found.start(), end
        critical = flag != "normal" and any(w in said for w in self.words["said_critical"])
        known = {lab.name for lab in done.labs[-LISTED * 8 :]}
        for test in tests:
            if test.id not in known:
                done.labs.append(Lab(name=test.id, flag=flag, critical=critical))  # type: ignore[arg-type]
        return found.start(), end

    def _meant_by_low(self, names: str, test: Test, shown: str, done: ToldLabs) -> Test:
        """The test that people mean by a name that is only said to be low ("my iron is low": its stores)."""
        meant = dict(pair.split(" = ") for pair in self.words["said_low_means"])
        other = meant.get(names.strip().lower().removeprefix("blood "))
        if other is None or other == test.id:
            return test
        said = self.knowledge.base.wording.readings["low_means"]
        done.notes.append(said.format(shown=shown, test=self.knowledge.base.tests[other].name))
        return self.knowledge.base.tests[other]

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
            test = self.names.get(key) or self.names.get(
                key.removeprefix("vitamin ").removeprefix("blood ")
            )
            if test is not None and (len(part) > _SHORT or part == "d" or len(parts) == 1):
                found.append(test)
        return found


_METER = compiled(
    r"(?<!\w)(?:(?:blood )?(?:glucose|sugars?)|bms?|glucometer|glucose meter|meter|sensor|cgm|libre|dexcom)"
    r"(?: (?:meter|monitor|machine|sensor|readings?|levels?|is|was|just|now|only|again|still|keeps?|has|the))"
    r"{0,4},? (?:is|was|says?|said|saying|reads?|reading|shows?|showed|showing|gives?|gave|at|on|came up|up)"
    r"(?: (?:just|only|as|now|again|me))?[ :]{1,2}[\"'“‘]?(?P<shows>hi|lo)[\"'”’]?(?!\w)",
    re.IGNORECASE,
)


def _is_out(lab: Lab, test: Test, person: Person) -> bool:
    """Whether a result lies outside the reference range of this person."""
    if lab.value is None:
        return lab.flag != "normal"
    [number], bound = readings(str(lab.value))
    own = convert(number, str(lab.unit), test)
    return flag_of(lab, number, own, bound, test, person)[0] != "normal"


def _is_usual(number: float, test: Test) -> bool:
    """Whether a number in the test's own unit lies within twice its reference range."""
    lows = [r.low for r in test.reference if r.low is not None]
    highs = [r.high for r in test.reference if r.high is not None]
    return min(lows, default=0.0) <= number <= 2 * max(highs, default=0.0)


def _is_long_ago(text: str, start: int, end: int) -> bool:
    """Whether a result is said to be of long ago, in its own sentence and with nothing of now."""
    before = re.split(r"[.!?;\n]", text[max(0, start - 60) : start])[-1]
    after = re.split(r"[.!?;,\n]|\b(?:and|but|now)\b", text[end : end + 40])[0]
    if re.search(r"\b(?:now|today|currently|since)\b", before, re.IGNORECASE):
        before = ""
    return bool(_LONG_AGO.search(after) or _LONG_AGO.search(before))


def _without(text: str, spans: list[tuple[int, int]]) -> str:
    """A text without some pieces and the dates after them, which are those of the tests."""
    kept, at = [], 0
    for start, end in spans:
        if start < at:
            continue
        kept.append(text[at:start])
        date = _DATE.match(text, end)
        at = date.end() if date else end
    return " ".join([*kept, text[at:]]) if spans else text

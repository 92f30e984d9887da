"""Reads age and sex from what is said of the patient: "67 year old man", "34F", "in my late 50s"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal

import msgspec

from stillwell.case.model import Person
from stillwell.case.sentences import Grammar, Segment, Whose, patient_kin, statements
from stillwell.knowledge.kept_patterns import compiled
from stillwell.language.number_words import with_figures

Sex = Literal["female", "male"]
SEXES: tuple[Sex, Sex] = ("female", "male")
OLDEST = 110
LONGEST_PREGNANCY = 43  # weeks
ADULT = 18.0  # years from which the numbers of the knowledge base hold
_YEARS_IN = {"y": 1.0, "m": 1 / 12, "w": 7 / 365.25, "d": 1 / 365.25}
_DECADES = {
    "teens": 10, "twenties": 20, "thirties": 30, "forties": 40, "fourties": 40, "fifties": 50,
    "sixties": 60, "seventies": 70, "eighties": 80, "nineties": 90,
}  # fmt: skip
_WITHIN = {"early": 3, "mid": 5, "middle": 5, "late": 8, "": 5}
_NUMBER = r"(?P<age>\d{1,3}(?:\.\d)?)"
_OLD = r"(?P<unit>years?|yrs?|yr|y|months?|mths?|month|weeks?|wks?|days?)(?: of age|s? (?:old|o|young)\b)"
_HAND = r"(?= ,|$| (?:here|with|and|who|been|has|have|having|had|i|i'm|im|i've|ive|from|otherwise|fit|healthy|slim|no|non|started|suffering|experiencing|got|vegan|vegetarian|on|legs|leg|cramps|cramp|twitching|shaking|tingling|restless|weak|c|o|p|w|pmh|pmhx|hx|htn|dm|t2dm|ckd|copd|presents|presented|presenting|admitted|known|came|complains|complaining|reports|seen|referred|suffering|suffers)\b)"


# "67F" at the start of a line, or anywhere in a capital without a space; a temperature is higher, 45 m a way
_TIGHT = compiled(r"(?<![\w./])(?P<age>\d{2})(?:[yY]\.?)?(?P<sex>[FM])(?![\w°/'])")
_AT_START = compiled(
    r"(?im)^[\s>*-]{0,4}(?P<age>\d{2}) ?(?P<sex>[fm])\b(?=[ ,.;:/-]{1,2}(?:\w|$))(?! ?/)"
    r"(?!,? (?:and|or|to|then|before|after|away|of|walk\w*|run\w*|sprint\w*|swim\w*|distance|uphill|steps?|in|is)\b)"
)
# "34/f", "F / 34", "34yo/M": a stroke between an age and a sex is never weeks of pregnancy
_STROKED = compiled(
    r"(?<![\w./])(?P<age>\d{2}) ?(?:y|yo|yrs?|years?)? ?/ ?(?P<sex>[fm])(?![\w/'])", re.IGNORECASE
)
_STROKED_BACK = compiled(
    r"(?<![\w./])(?P<sex>[fm]) ?/ ?(?P<age>\d{2})(?![\d./])(?:(?:yo|yrs?|y)\b)?", re.IGNORECASE
)
# "39 f." as a sentence of its own; of a body's warmth 39 is no number of Fahrenheit
_ALONE = compiled(r"(?im)(?<=[.!?;(] )(?P<age>\d{2}) ?(?P<sex>[fm])(?=[.,;)!]|$)")
_SPOKE_OF_WARMTH = compiled(r"(?i)\b(?:temp\w*|fever\w*|degrees|thermometer)\b[^\n]{0,30}$")
_SHORTHAND = (_TIGHT, _STROKED, _STROKED_BACK, _AT_START, _ALONE)
_SEX_OF = {"f": "female", "m": "male"}
_TEMPERATURE = compiled(r"\b((?:temp|temperature|fever)(?: \w+){0,3}) \d{2,3}(?:\.\d)? ?f\b")


@dataclass(frozen=True)
class _Words:
    """The patterns of a lexicon."""

    ages: list[re.Pattern[str]]
    decades: re.Pattern[str]
    sexes: list[re.Pattern[str]]
    own: list[tuple[Sex, re.Pattern[str]]]
    female: frozenset[str]
    reorder: re.Pattern[str]
    nameless: re.Pattern[str]
    trades: frozenset[str]


_WEEKS_PREGNANT = (
    compiled(r"\b(\d{1,2})(?:\s*\+\s*\d)?[ -]*(?:weeks?|wks?)[ -]+(?:pregnant|gone|along|into)\b"),
    compiled(
        r"\bpregnan(?:t|cy)\W+(?:(?:at|now|of|in|week)\W+){0,2}(\d{1,2})[ -]*(?:weeks?|wks?)\b"
    ),
)
_OF_FORTY = compiled(
    r"(?<![\d/])(\d{1,2})(?:\s?\+\s?\d)?/40\b(?! (?:vision|eyesight|sight|in (?:my|the|one)))"
)
_WEEKS_ALONE = compiled(
    r"\b(?:i'm|im|i am|at|now|,) (\d{1,2})(?:\s?\+\s?\d)? ?(?:weeks?|wks?)\b(?! (?:ago|after|old|post|since|later|on|off|of))"
)
_OF_PREGNANCY = compiled(
    r"\b(?:pregnan\w+|bump|midwife|booking|antenatal|maternity|trimester|unborn)\b"
)
_LATE = (
    (28, compiled(r"\b(?:third|3rd|last) trimester\b")),
    (14, compiled(r"\b(?:second|2nd) trimester\b")),
)
_MONTHS_PREGNANT = compiled(r"\b(\d)[ -]*months?[ -]+(?:pregnant|gone)\b")


def weeks_pregnant(text: str) -> int | None:
    """Weeks of a pregnancy as told in words, at least; None where they are not told.

    >>> weeks_pregnant("I am 29 weeks pregnant"), weeks_pregnant("in the third trimester")
    (29, 28)
    """
    words = with_figures(text.lower())
    for pattern in _WEEKS_PREGNANT:
        found = pattern.search(words)
        if found:
            return int(found[1])
    alone = _OF_FORTY.search(words)
    if alone is None and _OF_PREGNANCY.search(words):
        alone = _WEEKS_ALONE.search(words)
    if alone and 4 <= int(alone[1]) <= LONGEST_PREGNANCY:
        return int(alone[1])
    months = _MONTHS_PREGNANT.search(words)
    if months:
        return int(int(months[1]) * 4.3)
    return next((weeks for weeks, pattern in _LATE if pattern.search(words)), None)


_SELF_AGED = compiled(
    r"\b(?:i'm|im|i am) (?:now |just |only )?(?P<age>[1-9]\d)\b(?= ?(?:[,.;!)]|$|and\b|years old\b|yrs old\b|yo\b))"
)


def person_in(text: str, person: Person, grammar: Grammar) -> Person:
    """The person, with age and sex as told in words where they were not given.

    Only what is said of the patient counts: "my mum is 70" tells the age of the patient only where the
    whole text is about her. Ages of children are read in years too ("8 months" is 0.67).
    """
    if person.age is not None and person.sex is not None:
        return person
    words = _words(grammar)
    prepared = _prepared(text, words)
    told = statements(prepared, grammar)
    kin = patient_kin(told, grammar)
    age, sex = person.age, person.sex
    third = bool(kin) or not _speaks_of_self(told, grammar)
    for sentence in told:
        own = " , ".join(filter(None, map(_own_words, sentence)))
        if age is None:
            age = _age(own, kin, third, words, grammar)
        if sex is None:
            sex = _sex(own, words)
    if person.age is None and not kin and (said := _SELF_AGED.search(prepared)):
        age = float(said["age"])  # "he's 15 now. I'm 44": the one who speaks of herself
    if sex is None and kin:
        sex = _sex_of_kin(kin, grammar)
    if age is None and kin:
        age = _pairs(grammar.words["child_age"]).get(kin)
    if age == person.age and sex == person.sex:
        return person
    return msgspec.structs.replace(person, age=age, sex=sex)


# "29, she/her": an age, and the words by which somebody wishes to be called, in either order
_CALLED = compiled(
    r"(?i)(?<![\w./])(?P<age>[1-9]\d)\s?[,(/ ]\s?(?P<called>she ?/ ?(?:her|they)|he ?/ ?(?:him|they)|they ?/ ?them)\b\)?"
)
_CALLED_FIRST = compiled(
    r"(?i)(?<![\w./])\(?(?P<called>she ?/ ?(?:her|they)|he ?/ ?(?:him|they)|they ?/ ?them)\)?\s?[, ]\s?(?P<age>[1-9]\d)\b"
    r"(?! ?(?:weeks?|wks?|days?|months?|years? ago|times|kg|mg|stone)\b)"
)
_SEX_CALLED = {"s": " female", "h": " male", "t": ""}


def written_out(text: str, trades: frozenset[str] = frozenset()) -> str:
    """A text in which the shorthand of age and sex is words ("34/f" is "34 year old female").

    Args:
        trades: names of work beside which a bare number is an age ("45 roofer").

    >>> written_out("34/f legs shake")
    '34 year old female, legs shake'
    """

    def in_words(found: re.Match[str]) -> str:
        before, after = found.string[: found.start()], found.string[found.end() :]
        if _SPOKE_OF_WARMTH.search(before[-60:]):
            return found[0]
        mark = "" if not after or after.lstrip()[:1] in ",.;:)!?-" else ","
        return f"{found['age']} year old {_SEX_OF[found['sex'].lower()]}{mark}"

    def as_called(found: re.Match[str]) -> str:
        return f"{found['age']} year old{_SEX_CALLED[found['called'][0].lower()]}"

    for pattern in _SHORTHAND:
        text = pattern.sub(in_words, text)
    for pattern in (_CALLED, _CALLED_FIRST):
        text = pattern.sub(as_called, text)
    return _of_trade(trades).sub(r"\g<before>\g<age> year old \g<trade>", text) if trades else text


@cache
def _of_trade(trades: frozenset[str]) -> re.Pattern[str]:
    """A bare number that opens a part of a sentence which only says what work somebody does or did."""
    return compiled(
        rf"(?i)(?P<before>^|[.,;:!?\n(]\s{{0,3}}|\b(?:i'm|im|i am|i’m|am) (?:a |an )?)(?P<age>[1-9]\d),? "
        rf"(?P<trade>(?:(?:self[ -]employed|semi[ -]retired|retired|ex|former|part[ -]time|full[ -]time|male|female) ?-?){{0,2}}"
        rf"(?:{_either(trades)}))(?=\s*(?:[.,;:!?\n)]|$|\b(?:and|with|who|here|from|by)\b))"
    )


def is_child(person: Person) -> bool:
    """Whether the patient is known to be under 18, for whom nothing here was worked out."""
    return person.age is not None and person.age < ADULT


def _speaks_of_self(sentences: list[list[Segment]], grammar: Grammar) -> bool:
    """Whether a text tells of the teller's own body ("my legs twitch"), so that "he's six" is somebody else."""
    return any(
        "my" in segment.words[:-1]
        and grammar.kind(segment.words[segment.words.index("my") + 1]) == "body"
        for sentence in sentences
        for segment in sentence
    )


def _age(own: str, kin: str, third: bool, words: _Words, grammar: Grammar) -> float | None:
    found = [
        (at, years)
        for at, years, said in _ages(own, kin, words, grammar)
        if third or not said.startswith(("he", "she"))
    ]
    return min(found)[1] if found else None


def _ages(own: str, kin: str, words: _Words, grammar: Grammar) -> Iterator[tuple[int, float, str]]:
    """(place, years, words) of each age of the patient in a sentence."""
    for pattern in words.ages:
        for m in pattern.finditer(own):
            unit = (m.groupdict().get("unit") or "y")[0]
            years = round(float(m["age"]) * _YEARS_IN[unit], 3)
            if not 0 < years <= OLDEST or not _is_patients(m, own, kin, unit, grammar):
                continue
            yield m.start("age"), years, m[0]
    for m in words.decades.finditer(own):
        before = own[max(0, m.start() - 30) : m.start()].split()[-3:]
        after = own[m.end() : m.end() + 12]
        past = not m["part"] and re.match(r"(?: ,)? i (?:had|was|got|used)\b", after)
        if past or set(before) & grammar.words["age_past"]:
            continue
        if not m["part"] and not m[0].startswith(("in", "entering")):
            continue  # "pulse in the 50s"
        decade = _DECADES.get(m["word"] or "") or int(m["figure"] or 0)
        if 10 <= decade <= 90:
            yield m.start(), float(decade + _WITHIN[m["part"] or ""]), m[0]


def _is_patients(m: re.Match[str], own: str, kin: str, unit: str, grammar: Grammar) -> bool:
    """Whether an age is that of the patient, and of now."""
    before = own[max(0, m.start() - 60) : m.start("age")].split()
    after = own[m.end() : m.end() + 40].split()
    if after and after[0] in grammar.words["aged_thing"] and not m.groupdict().get("sex"):
        return False
    grown_up = set(before[-3:]) & grammar.words["kin_if_owned"]  # "when I was a girl of 12"
    near = before[-5:] if grown_up else before[-2:]
    if set(near) & grammar.words["age_past"]:
        return False
    if "at" in near and grammar.words["age_past"] & set(own[:400].split()):
        return False
    relatives = [w.removesuffix("'s") for w in before if w != ","][-5:]
    owned = bool(({"my", "our"} | grammar.words["kin_had"]) & set(relatives))
    named = [
        w
        for w in relatives
        if (w in grammar.words["kin"] and (owned or w not in grammar.words["kin_if_owned"]))
        or (owned and w in grammar.words["kin_alone"])
    ]
    if named and named[-1] != kin and not (kin and named[-1] in grammar.words["kin_child"]):
        return bool({"i", "i'm", "im"} & set(relatives[relatives.index(named[-1]) :]))
    if unit in "mwd":
        child = bool(kin) or bool({*before, *after} & grammar.words["kin_child"])
        return child or not before
    return True


def _sex(own: str, words: _Words) -> Sex | None:
    for pattern in words.sexes:
        found = pattern.search(own)
        if found:
            return "female" if found["sex"] in words.female else "male"
    for sex, pattern in words.own:
        if pattern.search(own):
            return sex
    return None


def _sex_of_kin(kin: str, grammar: Grammar) -> Sex | None:
    for sex in SEXES:
        if kin in grammar.words[f"kin_{sex}"]:
            return sex
    return None


def _own_words(segment: Segment) -> str:
    return " ".join(
        w for w, whose in zip(segment.words, segment.whose, strict=True) if whose is Whose.PATIENT
    )


def _pairs(entries: frozenset[str]) -> dict[str, float]:
    return {word: float(years) for word, _, years in (e.partition(" = ") for e in entries)}


def _prepared(text: str, words: _Words) -> str:
    """A text with figures for number words, and the kin before its age ("my daughter 5 year old")."""
    lower = _OF_FORTY.sub(" ", written_out(text, words.trades))
    lower = lower.lower().replace("’", "'").replace("-", " ").replace("–", " ")
    lower = with_figures(lower)
    lower = re.sub(r"(?<=\d)(?=[a-z])", " ", lower)
    lower = re.sub(r"\b(\d{1,2}) mos?(?= old)", r"\1 months", lower)
    lower = re.sub(r"\b([fm])(?=\d{2}\b)", r"\1 ", lower)
    lower = re.sub(r"\((?=\d)|(?<=[\dfm])\)", ", ", lower)
    lower = _TEMPERATURE.sub(r"\1", lower)
    lower = re.sub(r":(?=\s?(?:\d|[fm]\b|male\b|female\b))", " ", lower)
    lower = re.sub(r"\by/o\b", "yo", lower)
    lower = words.reorder.sub(r"\g<kin> \g<told>", lower)
    return words.nameless.sub(r"my child \g<told>", lower)


@cache
def _words_of(lexicon: tuple[tuple[str, tuple[str, ...]], ...]) -> _Words:
    """The patterns, once for a lexicon."""
    named = dict(lexicon)
    female, male = named["sex_female"], named["sex_male"]
    long_sexes = _either([w for w in (*female, *male) if len(w) > 1])
    sexes = rf"(?P<sex>f|m|{long_sexes})"
    no_age = rf"(?! (?:{_either(named['no_age'])})\b)(?! (?:years?|yrs?)\b(?! ,|$))"
    kin = _either([*named["kin_female"], *named["kin_male"], *named["kin_child"], "partner"])
    now = r"(?:now |just |only |already |about |around |nearly |almost |going on |soon )?"
    turning = r"(?:turning|turned|just turned|about to turn|about to be|nearly|almost|approaching|nearing|soon be|coming up to|turn)"
    ages = [
        rf"(?<![\d.]){_NUMBER} {_OLD}",
        rf"(?<![\d.]){_NUMBER} (?:yo|y o)\b",
        rf"(?<![\d.]){_NUMBER} (?:years?|yrs?|y) (?P<sex>f|m|{long_sexes})\b",
        rf"\b(?:aged|age|age is)(?: of)? {_NUMBER}(?: (?P<unit>months?|weeks?|days?))?(?![\d.])",
        rf"(?<![\d.]){_NUMBER} (?:, )?{sexes}\b(?:{_HAND})",
        rf"(?<![\d.])(?P<age>\d{{2,3}}) (?P<sex>{long_sexes})\b",
        rf"(?:^|, |\b(?:a|am|i'm|im|hi|hello) )(?P<sex>f|m) (?:, )?(?P<age>\d{{2,3}})\b{no_age}",
        rf"\b(?P<sex>{long_sexes}) (?:, )?(?:of |aged |is |at )?(?P<age>\d{{2,3}})\b{no_age}",
        rf"^(?:{_either(named['kin_child'])}) (?:, |of |aged )?{_NUMBER}(?: (?P<unit>months?|mths?|weeks?|wks?|days?))?\b{no_age}",
        rf"\b(?:i'm|im|i am|am) (?:a |an )?{now}{_NUMBER}\b{no_age}",
        rf"\b(?:i'm|im|i am|i|i'll|i've|ive|he|she|he's|she's|will be)(?: have| has| will| be| am| is| just)* {turning} {_NUMBER}\b{no_age}",
        rf"^{turning} {_NUMBER}\b{no_age}",
        rf"\b(?:he|she)(?:'s| is|s) {now}{_NUMBER}\b{no_age}",
        r"^(?:(?:fine|well|ok|okay) otherwise|otherwise (?:fine|well|fit|ok|okay|healthy))?(?: ,)? ?(?P<age>[1-9]\d)$",
        r"(?:^|, )(?:i'm|im|i am) [a-z0-9 ]{2,40} , (?P<age>[1-9]\d)(?: ,.*)?$",
        rf"\b(?:he|she|baby|{kin})(?:'s| is| he's| she's)? (?:, )?{now}{_NUMBER} (?P<unit>months?|mths?)\b(?! (?:ago|later|pregnant|now|of|since|in|and counting))",
        rf"\b(?:{kin})(?:'s| is| who is| who's| , who is| ,| aged| turned)? {now}{_NUMBER}\b{no_age}",
    ]
    decades = (
        r"(?:\b(?:in|into|entering) (?:my|his|her|their) (?:the )?)?"
        rf"(?:\b(?P<part>early|mid|middle|late) )?(?:(?P<word>{'|'.join(_DECADES)})\b|(?P<figure>[1-9]0) ?'?s\b)"
    )
    self_said = r"\b(?:i'm|im|i am|am|as) (?:a |an )?(?:\w+ ){0,2}"
    told_sexes = [
        rf"{self_said}(?P<sex>{long_sexes})\b",
        rf"(?:^|, )(?:an? )?(?:\w+ ){{0,2}}(?P<sex>{long_sexes})(?: ,|$| here| of \d)",
        rf"\ban? (?:\w+ )?(?P<sex>{long_sexes}) in (?:her|his) ",
        rf"(?<![\d.])\d{{1,3}} (?:, )?(?:{_OLD_PLAIN} )?(?P<sex>{long_sexes})\b",
        rf"(?<![\d.])\d{{1,3}} (?:, )?(?:{_OLD_PLAIN} )?(?P<sex>f|m)\b(?:{_HAND})",
        rf"\b(?P<sex>{long_sexes}) \d{{1,3}} {_OLD_PLAIN}\b",
        r"(?:^|, |\b(?:a|am|i'm|im|hi|hello) )(?P<sex>f|m) (?:, )?\d{2}\b",
        rf"\b(?P<sex>{long_sexes}) (?:, )?(?:of |aged |is )?\d{{2,3}}\b{no_age}",
        r"\b(?:sex|gender)(?: is)? (?P<sex>f|m|female|male|woman|man)\b",
    ]
    return _Words(
        ages=[compiled(p) for p in ages],
        decades=compiled(decades),
        sexes=[compiled(p) for p in told_sexes],
        own=[
            (
                sex,
                compiled(
                    rf"(?<!\w)(?:{_either(named[f'own_{sex}'])}"
                    rf"|(?:{_either(named[f'parent_{sex}'])}) of \d{{1,2}})(?!\w)"
                ),
            )
            for sex in SEXES
        ],
        female=frozenset(female),
        reorder=compiled(
            rf"(?P<told>\b\d{{1,3}} (?:(?:years?|yrs?|yr|y|months?|mths?|weeks?|wks?|days?)"
            rf"(?: old| o)?|yo)) (?P<kin>(?:baby |little )?(?:{kin}))\b"
        ),
        trades=frozenset(named["trades"]),
        nameless=compiled(
            rf"\b(?:my|our) (?P<told>\d{{1,3}} (?:months?|mths?|weeks?|wks?|days?) olds?\b(?! (?:{_either(named['aged_thing'])})\b)"
            r"|\d{1,3} (?:(?:years?|yrs?|yr) olds?|yo|mo|mths?)(?='s\b| 's\b|s\b| (?:legs?|is|has|keeps|can't|cant|cannot|won't|wont|will|was|just|got|gets|started|who|says|had|refuses)\b))"
        ),
    )


_OLD_PLAIN = r"(?:years? old|yrs? old|yr old|year|years|yo|y o|y)"


def _words(grammar: Grammar) -> _Words:
    names = (
        "sex_female", "sex_male", "no_age", "kin_female", "kin_male", "kin_child", "aged_thing",
        "own_female", "own_male", "parent_female", "parent_male", "trades",
    )  # fmt: skip
    return _words_of(tuple((name, tuple(sorted(grammar.words[name]))) for name in names))


def _either(words: object) -> str:
    listed = sorted(map(str, words), key=lambda w: (-len(w), w))  # type: ignore[call-overload]
    return "|".join(map(re.escape, listed))

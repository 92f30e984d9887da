"""Reads how much of a supplement a person takes a day: "B6 500 mg", "50,000 IU a week"."""

from __future__ import annotations

import re

from stillwell.case.numbers import NUMBER, readings
from stillwell.knowledge.kept_patterns import compiled
from stillwell.knowledge.schema import DrugClass, Salt

PIECES = r"(?:tablets?|tabs?|capsules?|caps?|caplets?|pills?|gummies|gummy|sachets?|scoops?)"
COUNTS = {
    "half": 0.5, "1/2": 0.5, "a half": 0.5, "quarter": 0.25, "a quarter": 0.25, "1/4": 0.25, "a third": 1 / 3,
    "1/3": 1 / 3, "one and a half": 1.5, "1.5": 1.5, "1": 1.0, "2": 2.0, "3": 3.0, "4": 4.0, "5": 5.0, "6": 6.0,
    "7": 7.0, "8": 8.0, "one": 1.0, "two": 2.0, "three": 3.0, "four": 4.0, "five": 5.0, "six": 6.0, "seven": 7.0,
    "eight": 8.0, "a couple": 2.0,
}  # fmt: skip
COUNT = "|".join(sorted(map(re.escape, COUNTS), key=len, reverse=True))
# "half of my own", "2 x", "two tablets of": right before a name
COUNT_BEFORE = compiled(
    rf"(?<![\w.,/-])(?P<count>{COUNT})(?:\s+(?:of|a|an|my|own|our|your|the|his|her|their|these|those|such|x|×|"
    rf"{PIECES}))*\s*[x×]?\s*$",
    re.IGNORECASE,
)
# "half a tablet", "two tablets": after a dose; "25 mg tablets" tells no number
_COUNT_AFTER = compiled(
    rf"(?<![\w.,/-])(?P<count>{COUNT})(?:\s+(?:of|a|an|my|the))*\s+{PIECES}(?![a-z])",
    re.IGNORECASE,
)
AMOUNT = compiled(
    rf"(?:(?P<count>\d)\s*(?:x|times|tablets?(?: of)?|capsules?(?: of)?|pills?(?: of)?|of)\s*)?"
    rf"(?<![\w.,])(?P<number>{NUMBER})\s*(?P<thousand>k\b)?\s*"
    r"(?P<unit>mg|milligrams?|mcg|[uµμ]g|micrograms?|grams?|g|i\.?u\.?s?|international units|units?)(?![a-z])",
    re.IGNORECASE,
)
MOLES = compiled(
    rf"(?:(?P<count>\d)\s*(?:x|times|tablets?(?: of)?|of)\s*)?"
    rf"(?<![\w.,])(?P<number>{NUMBER})\s*(?P<unit>mmols?|millimoles?|meq)(?![a-z/])",
    re.IGNORECASE,
)
_MG = {"mg": 1.0, "m": 1.0, "ug": 1e-3, "g": 1e3}
_A_WEEK = r"(?:(?:a|per|each|every|in a)\s(?:week|wk)|weekly|/\s?(?:week|wk))\b"
_A_WEEK_SAID = [
    (2, "two|twice"), (3, "three|thrice"), (4, "four"), (5, "five"), (6, "six"),
]  # fmt: skip
_OFTEN = [
    (compiled(r"every other day|every second day|alternate days?", re.I), 0.5),
    *(
        (compiled(rf"\b(?:{n}|{said})\s?(?:times|x|days)?\s?{_A_WEEK}", re.I), n / 7)
        for n, said in _A_WEEK_SAID
    ),
    (compiled(r"every (?:two|2|other|second) weeks?|fortnight|once in two weeks", re.I), 1 / 14),
    (compiled(r"(?:a|per|each|every|once a)\s+week|weekly|/\s?(?:wk|week)", re.I), 1 / 7),
    (compiled(r"(?:a|per|each|every|once a)\s+month|monthly", re.I), 1 / 30),
    (
        compiled(
            r"\b(?:5|five)(?: \w+)? (?:a|per|each|every) day\b|\b(?:5|five) times\b|\b(?:5|five) daily\b",
            re.I,
        ),
        5.0,
    ),
    (
        compiled(
            r"\b(?:6|six)(?: \w+)? (?:a|per|each|every) day\b|\b(?:6|six) times\b|\b(?:6|six) daily\b",
            re.I,
        ),
        6.0,
    ),
    (
        compiled(r"\b(?:4|four)(?: \w+)? (?:a|per|each|every) day\b|\b(?:4|four) daily\b", re.I),
        4.0,
    ),
    (
        compiled(r"\b(?:3|three)(?: \w+)? (?:a|per|each|every) day\b|\b(?:3|three) daily\b", re.I),
        3.0,
    ),
    (compiled(r"\b(?:2|two)(?: \w+)? (?:a|per|each|every) day\b|\b(?:2|two) daily\b", re.I), 2.0),
    *(
        (
            compiled(
                rf"\bevery (?:{hours})[ -]?(?:hours?|hrs?|h)\b|\b(?:{hours})[ -]hourly\b", re.I
            ),
            n,
        )
        for n, hours in ((6.0, "four|4"), (4.0, "six|6"), (3.0, "eight|8"), (2.0, "twelve|12"))
    ),
    (compiled(r"(?:three times|3 times|3x|x3|thrice|tds|tid)\b", re.I), 3.0),
    (compiled(r"(?:four times|4 times|4x|x4|qds|qid)\b", re.I), 4.0),
    (
        compiled(
            r"(?:twice|two times|2 times|2x|x2|bd|b\.d|bid|morning and (?:night|evening))\b", re.I
        ),
        2.0,
    ),
]
# vitamin D with a round number and no unit is so many international units: no result is as high
_ROUND_D = compiled(
    r"\b(?P<name>(?:vit(?:amin)?s?\.? ?)?d-?3|vit(?:amin)?\.? ?d) (?P<number>(?:\d{1,2}[, ]?)?\d00|\d{1,2}k)\b"
    r"(?! ?(?:\.\d|/|%|i\.?u|units?|mcg|ug|µg|mg|nmol|ng|international))",
    re.IGNORECASE,
)
LEAST_UNITS = 400
NO_COUNT = compiled(
    r"\b(?:since|for|age|aged|type|omega|vitamin|vitamin [bdk]|[bdk]|stage|week|day)\s*$",
    re.IGNORECASE,
)
# what may stand between a medicine's name and its dose
FILLER = compiled(
    r"[\s,:;(–-]*(?:(?:at|of|on|is|the|a|an|my|dose|currently|now|about|tablets?|tabs?|capsules?)[\s,:;(]+)*",
    re.IGNORECASE,
)
REACH = 60  # characters after a name within which its dose stands


def with_units(text: str) -> str:
    """A text in which a dose of vitamin D without a unit has its own ("vit d 4000" is "vit d 4000 iu").

    >>> with_units("vit d 4000 and D3 25")
    'vit d 4000 iu and D3 25'
    """

    def united(found: re.Match[str]) -> str:
        number = found["number"].lower().replace(",", "").replace(" ", "").replace("k", "000")
        return f"{found[0]} iu" if int(number) >= LEAST_UNITS else found[0]

    return _ROUND_D.sub(united, text)


def dose_beside(before: str, after: str, others: list[str], supplement: DrugClass) -> float | None:
    """The daily dose that stands after a supplement's name, or right before it ("400 IU vitamin D").

    Args:
        others: names of the other medicines in the text: what follows them is theirs.
    """
    for other in others:
        after = after.split(f" {other} ")[0].removeprefix(f"{other} ") if other else after
    dose = daily_dose(after, supplement)
    if dose is not None:
        return dose * count_before(before)
    if re.search(r"\d\s*[a-zµ.]+(?: of| a day| daily)?$", before.strip(), re.I):
        found = list(AMOUNT.finditer(before))
        if found:
            dose = daily_dose(before[found[-1].start() :] + " " + after, supplement)
            if dose is not None and found[-1]["count"] is None:
                dose *= count_before(before[: found[-1].start()])
    return dose


def count_before(before: str) -> float:
    """How many stand right before a name or an amount: 0.5 of "half of my own"; 1 where nothing tells.

    >>> count_before("I take two of"), count_before("half a"), count_before("since 2")
    (2.0, 0.5, 1.0)
    """
    found = COUNT_BEFORE.search(before)
    if found is None or NO_COUNT.search(before[: found.start()]):
        return 1.0
    return COUNTS[found["count"].lower()]


def count_after(after: str) -> float:
    """How many tablets are told beside a dose: 0.5 of ", half a tablet"; 1 where nothing tells."""
    found = _COUNT_AFTER.search(after)
    return COUNTS[found["count"].lower()] if found else 1.0


def of_element(told: str, dose: float, supplement: DrugClass) -> tuple[float, float]:
    """The least and the most that a dose can be as the element; the same where the words are clear.

    "Magnesium 375 mg (as citrate)" and "8 mmol" are the element, "calcium carbonate 1250 mg" is the salt.
    "Magnesium citrate 400 mg" may be either: labels mostly state the element, and many people the salt.

    Args:
        told: the name and dose as told.
        dose: the amount a day in the supplement's `dose_unit`.
    """
    low = " ".join(re.sub(r"[()\[\],:;]", " ", told.lower().replace("sulph", "sulf")).split())
    if "element" in low or (supplement.moles is not None and MOLES.search(low)):
        return dose, dose
    named = [s for s in supplement.salts if any(_told_as_salt(w, low) for w in s.words)]
    one = _one_dose(low, named)
    sizes = [s for s in named if s.tablet is None or re.search(rf"(?<!\d){s.tablet}(?!\d)", low)]
    fits = [s for s in sizes if one is None or one >= s.above]
    fits.sort(key=lambda salt: salt.tablet is None)  # the tablet's own share before the common one
    if fits and one is not None:
        return dose * fits[0].share, dose * fits[0].share
    unclear = [s for s in sizes if s.unclear]
    return (dose * unclear[0].share, dose) if unclear else (dose, dose)


def _told_as_salt(word: str, told: str) -> bool:
    """Whether a salt's name stands in a text otherwise than as where the element is from."""
    found = list(re.finditer(rf"(?<![a-z]){re.escape(word)}(?![a-z])", told))
    return any(not re.search(r"\b(?:as|from)$", told[: m.start()].rstrip()) for m in found)


def _one_dose(told: str, salts: list[Salt]) -> float | None:
    """The amount beside a salt's name, in mg: what follows it, else what stands before."""
    words = [w for salt in salts for w in salt.words if w in told]
    at = max((told.find(w) + len(w) for w in words), default=0)
    found = AMOUNT.search(told, at) or AMOUNT.search(told)
    if found is None or not readings(found["number"])[0]:
        return None
    weight = _weight(found)
    return None if weight is None else weight[0]


def daily_dose(text: str, supplement: DrugClass) -> float | None:
    """The amount a day in the supplement's `dose_unit`, or None where the text tells none.

    Where it is not said how often, once a day is meant.

    Args:
        text: the dose as told, or what follows the supplement's name.
    """
    moles = MOLES.search(text[:REACH]) if supplement.moles is not None else None
    found = moles or AMOUNT.search(text[:REACH])
    if not found or not supplement.dose_unit:
        return None
    numbers, _ = readings(found["number"])
    if not numbers:
        return None
    if moles is not None and supplement.moles is not None:
        per = supplement.moles.milliequivalents if moles["unit"].lower() == "meq" else 1
        own = max(numbers) * supplement.moles.mg / per * int(moles["count"] or 1)
        own /= _MG[supplement.dose_unit]
    elif (weight := _weight(found)) is not None:
        own = weight[0] * weight[1] / _MG[supplement.dose_unit]
    elif supplement.international_units is not None:
        own = _times(found) / supplement.international_units
    else:
        return None
    behind = text[found.end() : found.end() + REACH // 2]
    return own * (times_a_day(behind) if found["count"] else taken_a_day(behind))


def taken_a_day(after: str) -> float:
    """How many of a dose the words behind it tell a day: tablets at once by how often.

    >>> taken_a_day(", two tablets a day"), taken_a_day(" half a tablet twice a day")
    (2.0, 1.0)
    """
    at_once, often = count_after(after), times_a_day(after)
    return often if at_once == often else at_once * often  # "two tablets a day" says once how many


def times_a_day(text: str) -> float:
    """How often a day the words behind a dose say that it is taken; once where they do not say.

    >>> times_a_day(" twice a day"), times_a_day(" every other day"), times_a_day(" a day")
    (2.0, 0.5, 1.0)
    """
    return next((times for pattern, times in _OFTEN if pattern.search(text)), 1.0)


def _times(found: re.Match[str]) -> float:
    """The amount of a text with the number of tablets, in the unit told."""
    amount = max(readings(found["number"])[0]) * (1000 if found["thousand"] else 1)
    return amount * int(found["count"] or 1)


def _weight(found: re.Match[str]) -> tuple[float, int] | None:
    """(mg of one, how many of them) of an amount; None for international units."""
    unit = found["unit"].lower().replace("µ", "u").replace("μ", "u")
    if unit.startswith(("i", "unit")):
        return None
    name = "ug" if unit.startswith(("u", "mcg", "micro")) else unit
    name = "mg" if name.startswith("milli") else "g" if name.startswith("g") else name
    count = int(found["count"] or 1)
    return _times(found) / count * _MG[name], count

"""Reads how much of a supplement a person takes a day: "B6 500 mg", "50,000 IU a week"."""

from __future__ import annotations

import re

from stillwell.case.numbers import NUMBER, readings
from stillwell.knowledge.schema import DrugClass

_AMOUNT = re.compile(
    rf"(?:(?P<count>\d)\s*(?:x|times|tablets?(?: of)?|capsules?(?: of)?|pills?(?: of)?|of)\s*)?"
    rf"(?<![\w.,])(?P<number>{NUMBER})\s*(?P<thousand>k\b)?\s*"
    r"(?P<unit>mg|milligrams?|mcg|[uµμ]g|micrograms?|grams?|g|i\.?u\.?s?|international units|units?)(?![a-z])",
    re.IGNORECASE,
)
_MG = {"mg": 1.0, "m": 1.0, "ug": 1e-3, "g": 1e3}
_OFTEN = [
    (re.compile(r"every other day|every second day|alternate days?", re.I), 0.5),
    (re.compile(r"(?:a|per|each|every|once a)\s+week|weekly|/\s?(?:wk|week)", re.I), 1 / 7),
    (re.compile(r"(?:a|per|each|every|once a)\s+month|monthly", re.I), 1 / 30),
    (
        re.compile(
            r"\b(?:5|five)(?: \w+)? (?:a|per|each|every) day\b|\b(?:5|five) times\b|\b(?:5|five) daily\b",
            re.I,
        ),
        5.0,
    ),
    (
        re.compile(
            r"\b(?:6|six)(?: \w+)? (?:a|per|each|every) day\b|\b(?:6|six) times\b|\b(?:6|six) daily\b",
            re.I,
        ),
        6.0,
    ),
    (
        re.compile(r"\b(?:4|four)(?: \w+)? (?:a|per|each|every) day\b|\b(?:4|four) daily\b", re.I),
        4.0,
    ),
    (
        re.compile(
            r"\b(?:3|three)(?: \w+)? (?:a|per|each|every) day\b|\b(?:3|three) daily\b", re.I
        ),
        3.0,
    ),
    (re.compile(r"\b(?:2|two)(?: \w+)? (?:a|per|each|every) day\b|\b(?:2|two) daily\b", re.I), 2.0),
    (re.compile(r"(?:three times|3 times|3x|x3|thrice|tds|tid)\b", re.I), 3.0),
    (re.compile(r"(?:four times|4 times|4x|x4|qds|qid)\b", re.I), 4.0),
    (
        re.compile(
            r"(?:twice|two times|2 times|2x|x2|bd|bid|morning and (?:night|evening))\b", re.I
        ),
        2.0,
    ),
]
REACH = 60  # characters after a name within which its dose stands


def dose_beside(before: str, after: str, others: list[str], supplement: DrugClass) -> float | None:
    """The daily dose that stands after a supplement's name, or right before it ("400 IU vitamin D").

    Args:
        others: names of the other medicines in the text: what follows them is theirs.
    """
    for other in others:
        after = after.split(f" {other} ")[0].removeprefix(f"{other} ") if other else after
    dose = daily_dose(after, supplement)
    if dose is None and re.search(r"\d\s*[a-zµ.]+(?: of| a day| daily)?$", before.strip(), re.I):
        found = list(_AMOUNT.finditer(before))
        if found:
            dose = daily_dose(before[found[-1].start() :] + " " + after, supplement)
    return dose


def of_element(told: str, dose: float, supplement: DrugClass) -> float:
    """The same dose as the element, where a salt is told by its weight; "elemental" in the words wins.

    Args:
        told: the name and dose as told.
        dose: the amount a day in the supplement's `dose_unit`.
    """
    low = told.lower().replace("sulph", "sulf")
    if "element" in low:
        return dose
    own = dose * _MG[supplement.dose_unit] if supplement.dose_unit else dose
    fits = [
        salt
        for salt in supplement.salts
        if own >= salt.above
        and any(word in low for word in salt.words)
        and (salt.tablet is None or re.search(rf"(?<!\d){salt.tablet}(?!\d)", low))
    ]
    fits.sort(key=lambda salt: salt.tablet is None)  # the tablet's own share before the common one
    return dose * fits[0].share if fits else dose


def daily_dose(text: str, supplement: DrugClass) -> float | None:
    """The amount a day in the supplement's `dose_unit`, or None where the text tells none.

    Where it is not said how often, once a day is meant.

    Args:
        text: the dose as told, or what follows the supplement's name.
    """
    found = _AMOUNT.search(text[:REACH])
    if not found or not supplement.dose_unit:
        return None
    numbers, _ = readings(found["number"])
    if not numbers:
        return None
    amount = max(numbers) * (1000 if found["thousand"] else 1) * int(found["count"] or 1)
    unit = found["unit"].lower().replace("µ", "u").replace("μ", "u")
    if unit.startswith(("i", "unit")):
        if supplement.international_units is None:
            return None
        own = amount / supplement.international_units
    else:
        name = "ug" if unit.startswith(("u", "mcg", "micro")) else unit
        name = "mg" if name.startswith("milli") else "g" if name.startswith("g") else name
        own = amount * _MG[name] / _MG[supplement.dose_unit]
    after = text[found.start() : found.end() + REACH // 2]
    for pattern, times in _OFTEN:
        if pattern.search(after):
            return own * times
    return own

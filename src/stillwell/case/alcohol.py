"""How much alcohol words tell a week, so that "a pint on Fridays" is not counted as much drinking."""

from __future__ import annotations

import re
from collections.abc import Mapping

from stillwell.knowledge.kept_patterns import compiled
from stillwell.knowledge.phrases import any_of
from stillwell.language.marks import sentence_at
from stillwell.language.number_words import ONES, TENS

MUCH = 14.0  # drinks a week from which the history item speaks of much alcohol, as in the survey behind it
A_DRINK = 14.0  # g of alcohol in a standard drink of the United States, which that survey counts in
# g of alcohol in one of each class of `alcohol_<class>`: usual sizes and strengths (a glass of 175 ml at 12 %, a pint
# at 4 %, bottles of 750 ml wine and 700 ml spirits), a British unit by definition
GRAMS = {"spirits": 220.0, "bottle": 71.0, "glass": 17.0, "pint": 18.0, "drink": 14.0, "unit": 8.0}
NUMBERS = {
    **{word: float(n) for word, n in {**ONES, **TENS}.items()}, "half a": 0.5, "half": 0.5, "a": 1.0, "an": 1.0,
    "the odd": 1.0, "a single": 1.0, "a couple of": 2.0, "couple of": 2.0, "a couple": 2.0, "a few": 3.0, "few": 3.0,
    "several": 4.0,
}  # fmt: skip
_NUMBER = (
    r"(?P<number>\d{1,3}(?:\.\d)?(?:\s?(?:-|–|to|or)\s?\d{1,3})?|"
    + "|".join(sorted(NUMBERS, key=len, reverse=True))
    + ")"
)
_COUNTED = r"(?P<count>\d|two|three|four|five|six)"
_DAYS = r"(?:days?|nights?|evenings?|times)"
_DAY_NAMES = r"(?:mon|tues|wednes|thurs|fri|satur|sun)days?"
ONCE = 3.0  # drinks told without how often, up to which they are no habit of much


def is_little_alcohol(text: str, start: int, lexicon: Mapping[str, list[str]]) -> bool:
    """Whether the sentence that tells of drink tells of less than `MUCH`, by its amounts or by how seldom.

    Args:
        start: a character of the words that told it.
        lexicon: the classes `alcohol_<size>` of vessels, `alcohol_seldom` and `alcohol_much`.
    """
    first, last = sentence_at(text, start)
    sentence = text[first:last].lower()
    if any_of(lexicon["alcohol_much"]).search(sentence):
        return False
    drinks = drinks_a_week(sentence, lexicon)
    if drinks is not None:
        return drinks < MUCH
    return any_of(lexicon["alcohol_seldom"]).search(sentence) is not None


def drinks_a_week(sentence: str, lexicon: Mapping[str, list[str]]) -> float | None:
    """Standard drinks a week that a sentence tells; None where it tells no amount.

    An amount without how often counts once where it is small, and is otherwise not known.

    Args:
        sentence: in lower case.
        lexicon: the classes of vessels, and `alcohol_seldom`.
    """
    total, found, left = 0.0, False, sentence
    seldom = any_of(lexicon["alcohol_seldom"]).search(sentence)
    for size, grams in GRAMS.items():
        names = "|".join(sorted(map(re.escape, lexicon[f"alcohol_{size}"]), key=len, reverse=True))
        amount = compiled(rf"\b{_NUMBER}\s(?:\w+\s){{0,2}}?(?:{names})\b")
        for match in amount.finditer(left):
            often = _a_week(left[match.end() :]) or _a_week(sentence)
            drinks = _number(match["number"]) * grams / A_DRINK
            if often is None and not seldom and drinks > ONCE:
                return None
            total += drinks * (often if often is not None else 1.0)
            found = True
        left = amount.sub(" ", left)  # "a bottle of wine" is no glass of wine besides
    return total if found else None


def _number(told: str) -> float:
    if told in NUMBERS:
        return NUMBERS[told]
    return max(float(part) for part in re.findall(r"\d+(?:\.\d)?", told))


def _a_week(text: str) -> float | None:
    """How often a week the words tell; None where they do not."""
    several = re.search(rf"\b{_COUNTED}\s{_DAYS}\s(?:a|per|each|every)\sweek", text)
    if several is not None:
        return _number(several["count"])
    if re.search(r"\b(?:a|per|each|every|in a)\s?week\b|\bweekly\b|/\s?(?:week|wk)\b", text):
        return 1.0
    if re.search(r"\bmost\s(?:days|nights|evenings)\b", text):
        return 5.0
    if re.search(r"\bevery (?:other|second) (?:day|night|evening)\b", text):
        return 3.5
    if re.search(r"\b(?:a|per|each|every)\s(?:day|night|evening)\b|\bdaily\b|\bnightly\b|\bwith (?:my )?(?:dinner|tea|"
                 r"supper|lunch|meals?)\b|\bin the evenings?\b", text):  # fmt: skip
        return 7.0
    if re.search(r"\b(?:a|per|each|every)\smonth\b|\bmonthly\b", text):
        return 0.25
    named = re.findall(rf"\b{_DAY_NAMES}\b", text)
    if named:
        return float(len(named))
    return 2.0 if re.search(r"\bweekends?\b", text) else None

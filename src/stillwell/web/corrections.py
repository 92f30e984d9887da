"""What a person corrected in a diary: the food a phrase means, and how much of it there was.

The readers take a food for a phrase by themselves. An amount is put in the place of the phrase in the text, in
words that the readers surely take: so page, answer and report all count the same.
"""

from __future__ import annotations

import re

from stillwell.errors import CaseError
from stillwell.nutrition.foods.table import food

NONE = "none"  # "I did not have this"
_JOINT = r"with|and|then|plus|on|in|or"
_BEFORE = rf"(?P<before>^|[,;:.\n•&+(]\s*|\b(?:{_JOINT})\s+)"
_AFTER = rf"(?=\s*(?:$|[,;:.\n&+)]|\b(?:{_JOINT})\b))"


def corrected(
    diary: list[str], foods: dict[str, str], amounts: dict[str, float]
) -> tuple[list[str], dict[str, str]]:
    """(the days in words, phrase -> food) with the corrected amounts in them.

    Args:
        foods: phrase -> id of its food, or `none`.
        amounts: phrase -> grams; of phrases whose food is named in `foods`.
    """
    texts, meant = list(diary), dict(foods)
    for phrase, grams in amounts.items():
        if foods.get(phrase, NONE) == NONE:
            continue
        said = saying(grams, foods[phrase])
        texts = [_put(text, phrase, said) for text in texts]
        meant[said] = foods[phrase]
    return texts, meant


def saying(grams: float, identifier: str) -> str:
    """An amount of a food in words that the readers take as such."""
    try:
        name = food(identifier).name
    except CaseError:
        name = identifier
    head = re.split(rf"[,(/]|\b(?:{_JOINT})\b", name.lower())[0]
    return f"{grams:g} g {' '.join(re.sub(r'[^a-z ]', ' ', head).split())}"


def name_words(identifier: str) -> str:
    """The words of a food's name alone, by which a plan leaves out that food and no other.

    Raises:
        CaseError: there is no such food.
    """
    return " ".join(re.sub(r"[^a-z' ]", " ", food(identifier).name.lower()).split())


def _put(text: str, phrase: str, said: str) -> str:
    pattern = re.compile(rf"{_BEFORE}{re.escape(phrase)}{_AFTER}", re.IGNORECASE | re.MULTILINE)
    return pattern.sub(lambda found: found["before"] + said, text)


def as_told(text: str, foods: dict[str, str], amounts: dict[str, float]) -> str:
    """The person's own phrase for what the readers were given."""
    for phrase, grams in amounts.items():
        if phrase in foods and text.lower() == saying(grams, foods[phrase]).lower():
            return phrase
    return text

"""How much of a medicine words tell a day: strength, tablets at once, times a day; and for how long."""

from __future__ import annotations

import re
from dataclasses import dataclass

from stillwell.knowledge.kept_patterns import compiled
from stillwell.language.durations import days_told

_WORDS = {
    "a": 1.0, "an": 1.0, "one": 1.0, "two": 2.0, "three": 3.0, "four": 4.0, "five": 5.0, "six": 6.0, "seven": 7.0,
    "eight": 8.0, "nine": 9.0, "ten": 10.0, "eleven": 11.0, "twelve": 12.0, "half": 0.5, "one and a half": 1.5, "half a": 0.5, "a couple of": 2.0,
    "couple of": 2.0,
}  # fmt: skip
_N = rf"(?:\d{{1,2}}(?:\.5)?|{'|'.join(sorted(_WORDS, key=len, reverse=True))})"
_PIECE = (
    r"(?:tablets?|tabs?|capsules?|caps?|caplets?|pills?|sachets?|doses?|of (?:them|these|those))"
)
_DAY = r"(?:(?:a|per|each|every|in a|in 24|in the|in one)\s*(?:day|24 ?h\w*|hours|24)|daily|/ ?(?:day|d)\b)"
_STRENGTH = compiled(
    r"(?<![\w./])(?P<number>\d+(?:\.\d+)?)\s*(?P<unit>mg|milligrams?|mcg|micrograms?|grams?|g)\b(?!/)"
)
_STRENGTH_LAST = compiled(_STRENGTH.pattern + r"(?:\s+of)?\s*$")
_IN_MG = {"mg": 1.0, "mi": 1.0, "mc": 1e-3, "g": 1e3, "gr": 1e3}
_BETWEEN = r"(?:\s*(?:x|×|of|\d+/\d+|\d+(?:\.\d+)?\s*(?:mg|g)|" + _PIECE + r"))*"
_AT_ONCE = compiled(
    rf"(?:(?<=mg x )|(?<=mg × )|(?<![\w./]))(?P<n>{_N})(?:\s*(?:x|×)\s*|\s+)(?:of\s+)?(?:\d+(?:\.\d+)?\s*(?:mg|g)\s+)?(?:{_PIECE}|(?=\d+(?:\.\d+)?\s*m?g\b))"
)
_TIMES = compiled(
    rf"(?<![\w./])(?P<n>{_N})\s*(?:times|x|×)\s*(?:{_DAY})?(?!\s*(?:\d|week|a week|of))"
    r"|\b(?P<short>qds|qid|tds|tid|bd|bid|od|thrice|twice|once)\b"
    r"|\bevery (?P<hours>four|six|eight|twelve|\d{1,2})(?:(?: to | or |-)(?P<more>four|six|eight|twelve|\d{1,2}))? hours"
    r"|\b(?P<hourly>four|six|eight|\d{1,2})(?: to \w+| or \w+|-\d)?[ -]hourly"
    r"|\b(?P<both>mornings? and (?:(?:one|two|three|\d) )?(?:at )?(?:night|evening|nights|bedtime))\b"
    r"|\b(?P<night>(?:at|before|every|each) (?:night|bed|bedtime)|nightly|at bedtime|last thing)\b"
)
_SHORT = {"qds": 4.0, "qid": 4.0, "tds": 3.0, "tid": 3.0, "thrice": 3.0, "bd": 2.0, "bid": 2.0, "twice": 2.0,
          "od": 1.0, "once": 1.0}  # fmt: skip
_TOTAL = compiled(rf"(?<![\w./])(?P<n>{_N})(?:{_BETWEEN})?\s*{_DAY}")
_BARE_BEFORE_TIMES = compiled(rf"(?<![\w./])(?P<n>{_N})[\s,]*$")
_BEFORE = compiled(rf"(?<![\w./])(?P<n>{_N})(?:\s*(?:x|×)|\s+(?:of|the|my|{_PIECE}))*\s*$")
_NO_COUNT = compiled(r"\b(?:since|for|aged?|about|over|last|than|past)\s*$")
_SELDOM = compiled(
    r"\b(?:now and (?:then|again)|sometimes|occasional(?:ly)?|once in a while|rarely|a week|weekly|every other day|"
    r"when needed|if needed|as needed|prn)\b"
)
USUAL_AT_ONCE = (
    2.0  # tablets at once where only "four times a day" is told: the usual adult dose, as the most
)


@dataclass(frozen=True)
class Portion:
    """What a person takes of a medicine in one product.

    Attributes:
        of: id of the medicine whose amount is limited; `product`: as it was told.
        least, most: milligrams a day that the words tell at least, and may mean at most; None where they tell none.
        days: for how long it has been taken, where that was told.
        piece: milligrams of one tablet or dose, where it is taken and no amount was told.
        planned: it is asked about or about to be started, and not taken yet.
    """

    of: str
    product: str
    least: float | None = None
    most: float | None = None
    days: float | None = None
    planned: bool = False
    piece: float = 0.0


def portion(of: str, product: str, before: str, after: str, piece: float) -> Portion:
    """The portion that words beside a product's name tell.

    Args:
        before: the words before the name, back to the name before it.
        after: the words after it, up to the next name.
        piece: milligrams in one tablet, where no strength is told.

    >>> two = portion("p", "p", "", "two tablets four times a day", 500.0)
    >>> two.least, two.most
    (4000.0, 4000.0)
    """
    before, after = (" ".join(words.lower().replace(",", " ").split()) for words in (before, after))
    days = days_told(re.sub(r"^.*?(?=\bfor\b|\bsince\b|\bover\b|$)", "", after)) if after else None
    if _SELDOM.search(after):
        return Portion(of, product, None, None, days)
    strength = _STRENGTH.search(after) or _STRENGTH_LAST.search(before)
    one = piece
    if strength is not None:
        one = float(strength["number"]) * _IN_MG[strength["unit"][:2].rstrip("0123456789")]
    at_once = _count(_AT_ONCE.search(after)) or _count_before(before)
    times_found = _TIMES.search(after)
    times = _times(times_found)
    if times is None:
        total = _TOTAL.search(after)
        count = _count(total)
        if count is None and at_once is None:
            told = one if strength is not None else None  # "6 mg": at least once a day
            return Portion(of, product, told, told, days, piece=0.0 if told else piece)
        count = max(count or 0.0, at_once or 0.0)
        return Portion(of, product, count * one, count * one, days)
    if at_once is None and times_found is not None:
        at_once = _count(_BARE_BEFORE_TIMES.search(after[: times_found.start()]))
    least = (at_once or 1.0) * times * one
    sure = at_once is not None or strength is not None
    return Portion(of, product, least, least if sure else least * USUAL_AT_ONCE, days)


def _count(found: re.Match[str] | None) -> float | None:
    if found is None:
        return None
    word = found["n"]
    return _WORDS.get(word) or float(word)


def _count_before(before: str) -> float | None:
    found = _BEFORE.search(before)
    if found is None or found["n"] in ("a", "an") or _NO_COUNT.search(before[: found.start()]):
        return None
    return _count(found)


def _times(found: re.Match[str] | None) -> float | None:
    if found is None:
        return None
    if found["n"]:
        return _count(found)
    if found["short"]:
        return _SHORT[found["short"]]
    hours = found["more"] or found["hours"] or found["hourly"]
    if hours:
        return 24.0 / (_WORDS.get(hours) or float(hours))
    return 2.0 if found["both"] else 1.0


__all__ = ["Portion", "portion"]

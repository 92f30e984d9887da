"""A dose as a person told it, with how many at once and how often, for lists that a person or a doctor reads."""

from __future__ import annotations

import re

from stillwell.case.doses import (
    AMOUNT,
    COUNT,
    COUNT_BEFORE,
    COUNTS,
    FILLER,
    MOLES,
    NO_COUNT,
    PIECES,
    REACH,
)
from stillwell.knowledge.kept_patterns import compiled

_N = r"(?:\d{1,2}|one|two|three|four|five|six|eight|ten|twelve)"
_PERIOD = r"(?:days?|weeks?|wks?|months?|hours?|hrs?|fortnight|mornings?|evenings?|nights?)"
_OFTEN = compiled(
    rf"(?:\s+(?:{COUNT})\s+{PIECES}(?![a-z])|\s+(?:tablets?|capsules?|injections?)(?![a-z]))?"
    rf"(?:\s+(?:once|twice|thrice|{_N} times|{_N} ?x(?! ?\d)|x ?{_N}"
    rf"|(?:a|per|each|every)(?: (?:other|second|{_N}))? {_PERIOD}"
    rf"|{_N}[ -]hourly|daily|weekly|fortnightly|monthly|nightly|at (?:night|bedtime)|before bed|"
    rf"in the (?:morning|afternoon|evening)|morning and (?:night|evening)|(?:with|before|after) (?:meals|food)|"
    rf"od|bd|tds|qds|bid|tid|qid|prn|(?:as|when|if) needed)\b"
    rf"|\s?/\s?(?:day|d|week|wk)\b)+",
    re.IGNORECASE,
)

_OFTEN_OF_EACH = compiled(rf"(?<![\w.,/-])(?:{COUNT})\s+{PIECES}(?![a-z])", re.IGNORECASE)


def dose_words(text: str, before: str = "") -> str:
    """A dose as it was told, with how often, right after a medicine's name or right before it; "" for none.

    Tablets at once that stand before the name come first: nobody shall read half of what is taken.

    >>> dose_words(" 1000 mg twice a day for my sugar"), dose_words(" for years", "I take 50 mg of")
    ('1000 mg twice a day', '50 mg')
    >>> dose_words(" 500 mg four times a day", "and two"), dose_words(" every morning", "50mg of")
    ('2 x 500 mg four times a day', '50mg every morning')
    >>> dose_words(" 5 mg", "half a"), dose_words(" four times a day", "I take two"), dose_words("", "two")
    ('half of 5 mg', 'two, four times a day', '')
    >>> dose_words(" and metformin 500 mg"), dose_words(" injections every 3 months")
    ('', 'injections every 3 months')
    """
    near = text[:REACH]
    found = AMOUNT.search(near) or MOLES.search(near)
    if found is not None and FILLER.fullmatch(near[: found.start()]):
        many = _of_each(before) if found["count"] is None else ""
        return many + _one_line(text[found.start() : found.end()] + _often(text[found.end() :]))
    last = list(AMOUNT.finditer(before))
    if last and re.fullmatch(r"\s*(?:of\s*)?", before[last[-1].end() :]):
        many = _of_each(before[: last[-1].start()]) if last[-1]["count"] is None else ""
        return many + _one_line(last[-1][0] + _often(text))
    often, many = _one_line(_often(text)), _count(before)
    return ", ".join(part for part in (many, often) if part) if often else ""


def without_dose(text: str) -> str:
    """A text without amounts, tablets at once and how often: what an entry of a list says besides.

    >>> without_dose("paracetamol 500 mg, two tablets four times a day with food")
    'paracetamol ,'
    """
    rest = AMOUNT.sub(" ", MOLES.sub(" ", f" {text}"))
    return _one_line(_OFTEN.sub(" ", _OFTEN_OF_EACH.sub(" ", rest)))


def _often(text: str) -> str:
    """The words of how often right at the start of a text."""
    found = _OFTEN.match(text if text[:1].isspace() else f" {text}")
    return found[0] if found is not None else ""


def _count(before: str) -> str:
    """The word that tells right before a name or an amount how many at once; "" where none does."""
    found = COUNT_BEFORE.search(before)
    if found is None or NO_COUNT.search(before[: found.start()]):
        return ""
    return found["count"].lower()


def _of_each(before: str) -> str:
    """The same in front of what one holds: "2 x ", "half of "."""
    count = _count(before)
    if not count:
        return ""
    return f"{COUNTS[count]:g} x " if COUNTS[count] >= 1 else f"{count} of "


def _one_line(text: str) -> str:
    return " ".join(text.split())

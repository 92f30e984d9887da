"""How long ago a birth was that is told: of the last weeks, of years ago, or left open."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache

from stillwell.case.model import Person
from stillwell.case.settled import OLDEST_MOTHER
from stillwell.knowledge.kept_patterns import compiled
from stillwell.knowledge.phrases import any_of, either
from stillwell.language.claims import Claim
from stillwell.language.durations import ONSETS, days_told
from stillwell.language.marks import sentence_at
from stillwell.language.number_words import with_figures

RECENT = "recent_childbirth"
CHILDHOOD, YEARS = "onset_childhood_or_youth", "onset_years"
THERE = ("present", "perhaps")
WHOLE_YEAR = 360.0  # days: twelve months of thirty
SINCE_BIRTH = 0.8  # how surely "since I had my son" dates what ails: judgement
OPEN = 0.5  # the most that a birth which only dates what ails is believed to be of the last weeks
_CLASSES = ("birth_had", "birth_child", "birth_in_order", "birth_otherwise", "child_was")
_IN_YEAR = re.compile(r"\b(?:in|since) (?:19|20)\d\d\b")


@lru_cache(maxsize=4)
def _births(
    had: tuple[str, ...],
    child: tuple[str, ...],
    order: tuple[str, ...],
    otherwise: tuple[str, ...],
    was: tuple[str, ...],
) -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """Patterns of a birth, of one that only says since when something ails, and of a child's age in years."""
    nth = rf"(?:{either(order)})(?= (?:child|one|pregnancy|i|my|she|he|was)\b|[^\w ]|\s*$)"
    born = rf"(?:{either(child)}) (?:was|were) (?:{either(was)})|{nth} was born"
    told = (
        rf"(?:{either(had)}) (?:(?:my|our|the|a|all|both|two|three|four|five|\d) ){{0,2}}(?:(?:little|wee|baby) )?"
        rf"(?:(?:{either(child)})|{nth})|{born}|my {nth}|{either(otherwise)}"
    )
    since = rf"\b(?:since|after)(?: (?!i'm\b)[\w']+){{0,3}}? (?:{told})\b"
    aged = (
        rf"\b(?:(?:he|she|they|who)(?:'s|'re| is| are|s)|(?:{either(child)}),?(?:'s| is| are| aged)?)"
        r" (?:now |just |only |already |turning |nearly |almost |aged )?[1-9]\d?\b"
        r"(?! ?(?:weeks?|wks?|days?|months?|mths?|st|stone|kg|lbs?|pounds?|hours?|minutes?|times?|of)\b)"
    )
    aged += rf"|\b[1-9]\d? (?:year|yr)s?[ -]old (?:{either(child)})\b"
    return compiled(rf"\b(?:{told})\b"), compiled(since), compiled(aged)


def with_birth(
    claims: list[Claim], text: str, person: Person, lexicon: Mapping[str, list[str]]
) -> list[Claim]:
    """The claims, where a birth that is told long ago is none of the last weeks and no youth of one's own.

    "Since I had my daughter, she's 22 now" tells a beginning years ago. Where no word says how old the child
    is, a birth that only dates what ails is asked about. Words of the last weeks ("newborn", "six days ago")
    leave every claim as it was read.
    """
    low = text.lower().replace("’", "'")
    birth, as_time, aged = _births(*(tuple(lexicon[name]) for name in _CLASSES))
    claims = [c for c in claims if c.id != CHILDHOOD or not _is_of_a_child(c, lexicon)]
    if any_of(lexicon["birth_of_late"]).search(low):
        return claims
    told = birth.search(low)
    if told is None:  # "we have a 3 year old girl"
        return [c for c in claims if c.id != RECENT or not aged.search(with_figures(low))]
    first, last = sentence_at(low, told.start())
    long_ago = (
        (person.age is not None and person.age > OLDEST_MOTHER)
        or aged.search(with_figures(low)) is not None
        or any_of(lexicon["birth_long_ago"]).search(low) is not None
        or _is_dated_long_ago(with_figures(low[first:last]))
    )
    since = as_time.search(low)
    found: list[Claim] = []
    for claim in claims:
        here = claim.start < last and claim.stop > first and claim.kind in THERE
        if here and claim.id == RECENT and (long_ago or since):
            if not long_ago:
                found.append(
                    replace(claim, kind="perhaps", probability=min(claim.probability, OPEN))
                )
        else:
            found.append(claim)
    dated = any(c.id in ONSETS and c.kind in ("present", "denied") for c in found)
    ails = any(c.kind == "present" and c.id not in ONSETS for c in found)
    if long_ago and since and ails and not dated:
        found = [c for c in found if c.id not in ONSETS]
        start, stop = since.span()
        told_so = Claim(YEARS, "present", SINCE_BIRTH, text[start:stop], start, stop, "present")
        found.append(told_so)
    return found


def _is_of_a_child(claim: Claim, lexicon: Mapping[str, list[str]]) -> bool:
    """Whether words read as one's own youth name a child or a birth ("since the kids were born") instead."""
    words = claim.words.lower().replace("’", "'")
    child = any_of([*lexicon["birth_child"], *lexicon["birth_otherwise"], "born", "baby"])
    return bool(child.search(words)) and not any_of(lexicon["own_youth"]).search(words)


def _is_dated_long_ago(sentence: str) -> bool:
    """Whether the sentence of a birth names its year, or a year and more that it is ago."""
    days = days_told(sentence) if " ago" in sentence else None
    return bool(_IN_YEAR.search(sentence)) or (days is not None and days >= WHOLE_YEAR)

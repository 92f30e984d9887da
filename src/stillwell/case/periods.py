"""What is told of periods: "heavy" of them is said of nothing else, and whoever still has them is not past the menopause."""

from __future__ import annotations

import re
from collections.abc import Mapping

from stillwell.knowledge.kept_patterns import compiled
from stillwell.knowledge.phrases import any_of, either
from stillwell.language.claims import Claim

HEAVY, AFTER, HEAVY_LEGS = "heavy_menstrual_bleeding", "postmenopausal", "heavy_legs"
TOLD = 0.9  # how surely periods called heavy are told: judgement
THERE = ("present", "perhaps")


def heavy_periods(text: str, lexicon: Mapping[str, list[str]]) -> list[tuple[int, int, int]]:
    """Places where periods are called heavy: first character of the periods, of the heaviness, and behind both.

    Between them stands no other part of the body and no denial: "my periods are over and my legs heavy" tells none.
    """
    low = text.lower().replace("’", "'")
    heavy = (
        rf"(?P<heavy>(?:(?:{either(lexicon['very'])})\s+)*(?:{either(lexicon['periods_heavy'])}))"
    )
    pattern = rf"\b(?:{either(lexicon['periods'])})\b(?P<between>[^.;!?\n]{{0,60}}?)\b{heavy}\b"
    found = []
    for m in compiled(pattern).finditer(low):
        between = set(re.findall(r"[\w']+", m["between"]))
        behind = re.findall(r"[\w']+", low[m.end() : m.end() + 12])[:1]
        if between & {*lexicon["say_legs_all"], *lexicon["periods_not_heavy"]}:
            continue
        if behind and behind[0] in lexicon["say_legs_all"]:  # "periods, heavy legs"
            continue
        found.append((m.start(), m.start("heavy"), m.end()))
    return found


def without_heaviness(text: str, lexicon: Mapping[str, list[str]]) -> str:
    """The text with blanks where periods are called heavy, in which heavy legs stay heavy legs; places are kept."""
    for _, heavy, stop in heavy_periods(text, lexicon):
        text = text[:heavy] + " " * (stop - heavy) + text[stop:]
    return text


def with_periods(claims: list[Claim], text: str, lexicon: Mapping[str, list[str]]) -> list[Claim]:
    """The claims, where words of heavy periods tell those alone, and where the change that goes on is not yet over.

    "Periods all over the shop and dead heavy" tells no tiredness, no weakness and no death.
    """
    places = heavy_periods(text, lexicon)
    kept = []
    for claim in claims:
        inside = any(heavy <= claim.start and claim.stop <= stop for _, heavy, stop in places)
        if claim.id != HEAVY and inside and claim.kind in THERE:
            continue
        if claim.id == AFTER and claim.kind in THERE and _still_goes_on(text, lexicon):
            continue
        kept.append(claim)
    told = [c for c in kept if c.id == HEAVY]
    if places and (not told or any(c.start < stop and c.stop > heavy for c in told
                                   for _, heavy, stop in places)):  # fmt: skip
        start, _, stop = places[0]
        surest = max([TOLD, *(c.probability for c in told if c.kind == "present")])
        kept = [c for c in kept if c.id != HEAVY]
        kept.append(Claim(HEAVY, "present", surest, text[start:stop], start, stop, "present"))
    return kept


def _still_goes_on(text: str, lexicon: Mapping[str, list[str]]) -> bool:
    """Whether periods still come, or the change is told as going on, and nothing tells that it is over."""
    low = text.lower().replace("’", "'")
    return bool(any_of(lexicon["change_goes_on"]).search(low)) and not any_of(
        lexicon["change_is_over"]
    ).search(low)

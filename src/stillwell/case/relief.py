"""What goes when coffee is left: "fine at the weekend when I don't drink so much" tells that caffeine brings it on."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from stillwell.knowledge.phrases import any_of, pattern_of
from stillwell.language.claims import Claim
from stillwell.language.marks import sentence_at

BROUGHT_ON = "after_caffeine"
BY_STOPPING = "after_stopping_medicine_or_substance"
BY_ALCOHOL = "tremor_better_with_alcohol"
TOLD = 0.85  # how surely such words tell it: judgement


@lru_cache(maxsize=4)
def _relief(
    eases: tuple[str, ...], less: tuple[str, ...], of: tuple[str, ...], left_off: tuple[str, ...]
) -> re.Pattern[str]:
    def one(words: tuple[str, ...]) -> str:
        return "|".join(sorted(map(pattern_of, words), key=len, reverse=True))

    some = r"(?:[\w'-]{1,20} ){0,8}"
    left = rf"(?:(?:{one(less)}) (?:[\w'-]{{1,20}} ){{0,4}}(?:{one(of)})"
    left += rf"|{one(left_off)})" if left_off else ")"
    return re.compile(rf"\b(?:(?:{one(eases)}) {some}{left}|{left} {some}(?:{one(eases)}))\b")


def with_relief(claims: list[Claim], text: str, lexicon: Mapping[str, list[str]]) -> list[Claim]:
    """The claims and, where what ails is told to ease with less coffee or tea, that it comes after caffeine.

    A bare "drink" is one of caffeine only where the text names that and no alcohol; then no drink calms it.
    """
    low = text.lower().replace("’", "'")
    if not any_of(lexicon["caffeine"]).search(low):
        return claims
    alcohol = any_of(lexicon["of_drink_named"]).search(low)
    kept = [c for c in claims if alcohol or c.id != BY_ALCOHOL]
    meant = ((), ()) if alcohol else (lexicon["caffeine_meant"], lexicon["caffeine_left"])
    of = (*lexicon["caffeine"], *meant[0])
    pattern = _relief(tuple(lexicon["eases"]), tuple(lexicon["less_of"]), of, tuple(meant[1]))
    at = 0
    while at < len(low):
        first, last = sentence_at(low, at)
        found = pattern.search(re.sub(r"[^\w'-]+", " ", low[first:last]))
        if found and not any_of(lexicon["eases_not"]).search(low[first:last]):
            told = Claim(
                BROUGHT_ON, "present", TOLD, text[first:last].strip(), first, last, "present"
            )
            turned = {BROUGHT_ON, BY_STOPPING} if not alcohol else {BROUGHT_ON}
            return [*(c for c in kept if c.id not in turned), told]
        at = max(last, at) + 1
    return kept

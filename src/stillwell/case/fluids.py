"""Little to drink, told in plain words: neither thirst denied, nor little urine, nor a word on alcohol."""

from __future__ import annotations

import re
from collections.abc import Mapping

from stillwell.knowledge.phrases import any_of
from stillwell.language.claims import Claim
from stillwell.language.marks import sentence_at


def without_little_drunk(
    claims: list[Claim], text: str, lexicon: Mapping[str, list[str]]
) -> tuple[list[Claim], list[tuple[int, int]]]:
    """The claims without those read from "I don't drink much water", and the places of such words.

    It is drink that is not alcohol where water is named, or a place or reason of which people speak so ("on the
    road", "because no toilet"), and no alcohol is named. What names thirst or urine itself is kept.
    """
    low = text.lower().replace("’", "'")
    places = []
    for m in any_of(lexicon["drinks_little"]).finditer(low):
        first, last = sentence_at(low, m.start())
        sentence = low[first:last]
        alcohol = [*lexicon["of_drink_named"], *lexicon["alcohol_named"]]
        if any_of(alcohol).search(sentence) or not any_of(lexicon["of_fluid"]).search(
            low[m.start() : last]
        ):
            continue
        end = re.search(r"[,;]|\band\b|\bbut\b|$", low[m.end() : last])
        places.append((m.start(), m.end() + (end.start() if end else 0)))
    kept = [
        c
        for c in claims
        if c.id not in lexicon["not_by_little_drunk"]
        or not any(c.start < stop and c.stop > start for start, stop in places)
        or any_of(lexicon["thirst_or_urine"]).search(c.words.lower())
    ]
    return kept, places

"""Shaking that use of the limb ends is a shaking at rest, whatever else was read in its words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache

from stillwell.knowledge.kept_patterns import compiled
from stillwell.knowledge.phrases import any_of, pattern_of
from stillwell.language.claims import Claim
from stillwell.language.marks import sentence_at

AT_REST = "tremor_at_rest"
OF_HANDS = frozenset([AT_REST, "hand_tremor"])  # legs that moving calms are restless more often


@lru_cache(maxsize=4)
def _use_ends(
    ends: tuple[str, ...], when: tuple[str, ...], acts: tuple[str, ...]
) -> re.Pattern[str]:
    def one(words: tuple[str, ...]) -> str:
        return "|".join(sorted(map(pattern_of, words), key=len, reverse=True))

    some, more = r"(?:[\w'-]{1,20} ){0,4}", r"(?:[\w'-]{1,20} ){0,8}"
    return compiled(
        rf"\b(?:(?:{one(ends)}) {some}(?:{one(when)}) {some}(?:{one(acts)})"
        rf"|(?:{one(when)}) {some}(?:{one(acts)}) {more}(?:{one(ends)}))\b"
    )


def as_shaking_at_rest(
    claims: list[Claim], text: str, lexicon: Mapping[str, list[str]]
) -> list[Claim]:
    """The claims of a text, where shaking that stops when the limb is used counts as shaking at rest.

    What was read as shaking in use, in the sentence that says so, is then denied.
    """
    turned = frozenset(lexicon["turned_by_use"])
    if not any(c.id in OF_HANDS | turned for c in claims):
        return claims
    told: list[tuple[int, int, str]] = []
    pattern = _use_ends(*(tuple(lexicon[n]) for n in ("use_ends", "use_when", "use_acts")))
    low = text.lower().replace("’", "'")
    at = 0
    while at < len(low):
        first, last = sentence_at(low, at)
        sentence = re.sub(r"[^\w'-]+", " ", low[first:last])
        found = pattern.search(sentence)
        beside = found and " ".join(
            [
                *sentence[: found.start()].split()[-2:],
                found[0],
                *sentence[found.end() :].split()[:2],
            ]
        )
        if found and not any_of(lexicon["use_ends_not"]).search(beside or ""):
            told.append((first, last, low[first:last].strip()))
        at = max(last, at) + 1
    if not told:
        return claims
    first, last, words = told[0]
    kept: list[Claim] = []
    for claim in claims:
        if claim.id in turned and any(a <= claim.start <= b for a, b, _ in told):
            kept.append(replace(claim, kind="denied", how="denied"))
        else:
            kept.append(claim)
    kept = [c for c in kept if c.id != AT_REST or c.kind == "present"]
    if not any(c.id == AT_REST for c in kept):
        kept.append(Claim(AT_REST, "present", 1.0, words, first, last, "present"))
    return kept

"""Signs of the legs read where the words name only another part of the body: an arm that went numb is no numb leg."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from stillwell.case.understood import Understood
from stillwell.knowledge.kept_patterns import compiled
from stillwell.knowledge.phrases import any_of
from stillwell.language.claims import Claim
from stillwell.language.marks import sentence_at

THERE = ("present", "perhaps")
_POINTS_BACK = compiled(r"\s*(?:and |also |sometimes |then )?(?:they|it|both|these) ")


def with_parts_told(
    claims: list[Claim], text: str, understood: Understood, lexicon: Mapping[str, list[str]]
) -> list[Claim]:
    """The claims, where a sign of the legs in a sentence that names only other parts is the like sign of an arm.

    What has no like sign is left out. An alarm sign (`of_half_the_body`) counts for urgency as before, and no longer
    in the model, where it would tell of a leg.
    """
    named, low = any_of(lexicon["parts_of_legs"]), text.lower().replace("’", "'")
    other, arm = any_of(lexicon["other_parts"]), any_of(lexicon["parts_of_arms"])
    half, wide = set(lexicon["of_half_the_body"]), set(lexicon["of_many_parts"])
    like_on_arms = _pairs(lexicon["like_on_arms"])
    of_arms = set(lexicon["of_arms_only"])
    elsewhere = dict.fromkeys(lexicon["of_legs_only"], "") | _pairs(lexicon["like_elsewhere"])
    kept = list[Claim]()
    for claim in claims:
        bound = claim.kind in THERE and claim.id in {*elsewhere, *like_on_arms, *half, *of_arms}
        sentence = _with_its_place(low, claim.start) if bound else ""
        places = {m[0].removesuffix("s") for m in other.finditer(sentence)} if bound else set()
        if not places or named.search(sentence) or (claim.id in wide and len(places) > 1):
            kept.append(claim)
            continue
        if claim.id in of_arms:
            kept += [claim] if arm.search(sentence) else []
            continue
        if claim.id in half:
            if claim.kind == "perhaps":
                kept.append(claim)
                continue
            understood.noted.append(claim.id)
            understood.certainty.setdefault(claim.id, claim.probability)
            understood.from_words.setdefault(claim.id, claim.words)
        told = like_on_arms.get(claim.id, "") if arm.search(sentence) else ""
        told = told or elsewhere.get(claim.id, "")
        if told and all(c.id != told for c in claims):
            kept.append(replace(claim, id=told))
    return kept


def _with_its_place(low: str, at: int) -> str:
    """The sentence at a place and, where it only points back ("they cramp too"), the one before."""
    first, last = sentence_at(low, at)
    before = sentence_at(low, first - 2)[0] if first > 1 else first
    return low[before if _POINTS_BACK.match(low[first:last]) else first : last]


def _pairs(lines: list[str]) -> dict[str, str]:
    """Id -> id of "one = other"."""
    return dict(re.split(r" = ", line, maxsplit=1) for line in lines)

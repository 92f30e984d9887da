"""Symptoms of which a question takes for granted that they are there: "would magnesium help my leg cramps?"."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import replace

from stillwell.knowledge.kept_patterns import compiled
from stillwell.knowledge.phrases import any_of, tokens
from stillwell.language.claims import Claim
from stillwell.language.marks import sentence_at

TAKEN_FOR_GRANTED = 0.8  # how surely such words tell a symptom: judgement
SUPPOSED = ("feared", "conditional", "present")
_OWNED = compiled(r"\s*(?:(?:with|the|all|\w+ing in|pain in) ){0,2}(?:my|these|this|those)\b")
NEAR = 12  # characters that may stand between "my" and a claim's words ("my awful leg cramps")
BEFORE = 40  # characters before a claim's words in which the asking word stands


def asked_as_there(
    claims: list[Claim], text: str, lexicon: Mapping[str, list[str]], findings: Container[str]
) -> list[Claim]:
    """The claims, findings that are owned and asked about as a thing ("for my leg cramps") as there.

    What may only come ("could my legs go numb?", "will my legs shake if I stop it?") is told as something that
    happens, not as a thing that the person has. Where other findings are read surely in the same words, what
    they perhaps mean beside stays in doubt.
    """
    sure = [c for c in claims if c.kind == "present" and c.id in findings]
    found = []
    for claim in claims:
        rival = any(c.start < claim.stop and c.stop > claim.start for c in sure)
        asked = claim.id in findings and not (rival and claim.how == "present")
        found.append(_as_there(claim, text, lexicon) if asked else claim)
    return found


def _as_there(claim: Claim, text: str, lexicon: Mapping[str, list[str]]) -> Claim:
    if claim.kind not in ("perhaps", "not_now") or claim.how not in SUPPOSED:
        return claim
    low = text.lower().replace("’", "'")
    first, last = sentence_at(low, claim.start)
    behind = low[claim.start : min(last, claim.stop + BEFORE)].split(",")[0]
    if set(tokens(behind)) & set(lexicon["only_may_come"]):
        return claim
    begin = max(first, claim.start - BEFORE)
    part = low[begin : claim.stop]
    for lead in any_of(lexicon["asks_for_my"]).finditer(part):
        owner = _OWNED.match(part, lead.end())
        if owner and begin + owner.end() >= claim.start - NEAR:
            return replace(claim, kind="present", how="present", probability=TAKEN_FOR_GRANTED)
    return claim

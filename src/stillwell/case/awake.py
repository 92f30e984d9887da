"""Legs that jump in bed while the person is awake, read as kicking in sleep: "they jump when I lie down"."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from stillwell.knowledge.phrases import any_of
from stillwell.language.claims import Claim
from stillwell.language.marks import asks_in, sentence_at

IN_SLEEP, DROPPING_OFF = "leg_jerks_during_sleep", "jerks_falling_asleep"
WITNESSED = frozenset(["myoclonic_jerks", "muscle_twitching"])  # jerks told of somebody awake
URGE, AT_REST = "urge_to_move_legs", "urge_worse_at_rest"
TOLD = 0.6  # the most that jumping on dropping off is believed: judgement
MEANT = 0.5  # how surely jumping at rest means the urge to move, of which people say so: judgement
ASKED = 0.4  # the most that kicking in sleep is still believed: it is asked about


def with_awake(claims: list[Claim], text: str, lexicon: Mapping[str, list[str]]) -> list[Claim]:
    """The claims, where kicking in sleep told of somebody awake is jumping at rest, or on dropping off to sleep.

    Any word of sleep itself, of a partner who sees it or of waking from it leaves the reading as it was.
    """
    low, kept = text.lower().replace("’", "'"), list[Claim]()
    there = {c.id for c in claims if c.kind == "present"}
    for claim in claims:
        first, last = sentence_at(low, claim.start)
        told = None
        if claim.id in (IN_SLEEP, DROPPING_OFF) and claim.kind in ("present", "perhaps"):
            told = _turned(claim, low[first:last], there, lexicon)
        kept += [claim] if told is None else [one for one in told if one.id not in there]
        if told is not None and claim.id == IN_SLEEP:
            kept.append(replace(claim, kind="perhaps", probability=min(claim.probability, ASKED)))
    if not there & {URGE, IN_SLEEP, DROPPING_OFF, *WITNESSED}:
        kept += _jumping(low, text, {c.id for c in kept}, lexicon)
    return kept


def _turned(
    claim: Claim, sentence: str, there: set[str], lexicon: Mapping[str, list[str]]
) -> list[Claim] | None:
    """What a jump of the legs is by the words around it; None where the reading holds."""
    off, awake = any_of(lexicon["dropping_off"]), any_of(lexicon["fully_awake"])
    if any_of(lexicon["in_sleep"]).search(off.sub(" ", sentence)):
        return None
    if claim.id == DROPPING_OFF and not awake.search(sentence):
        return None
    if off.search(sentence) and not awake.search(sentence):
        return [replace(claim, id=DROPPING_OFF, kind="present", probability=TOLD)]
    if awake.search(sentence) or any_of(lexicon["awake_at_rest"]).search(sentence):
        return [] if there & WITNESSED else _at_rest(claim)
    return None


def _at_rest(claim: Claim) -> list[Claim]:
    return [
        replace(claim, id=item, kind="present", probability=MEANT, how="present")
        for item in (URGE, AT_REST)
    ]


def _jumping(low: str, text: str, there: set[str], lexicon: Mapping[str, list[str]]) -> list[Claim]:
    """Jumping at rest of which nothing was read ("my leg jumps when I lie on the sofa")."""
    for found in any_of(lexicon["legs_jump"]).finditer(low):
        first, last = sentence_at(low, found.start())
        sentence = low[first:last]
        rest = any_of(lexicon["awake_at_rest"]).search(sentence)
        if not rest or any_of(lexicon["in_sleep"]).search(sentence) or there & {URGE}:
            continue
        before = set(low[first : found.start()].split())
        if before & set(lexicon["negation"]) or asks_in(sentence):
            continue
        words = text[found.start() : found.end()]
        return _at_rest(Claim(URGE, "present", MEANT, words, found.start(), found.end(), "present"))
    return []

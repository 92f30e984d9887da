"""From readings to claims: calibrated, decided, one for each item that a text speaks of."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from math import exp, log
from typing import Any, Literal

from stillwell.language.durations import ONSETS, onset_told, tells_how_often
from stillwell.language.encoder import Encoder, encoder
from stillwell.language.marks import (
    asserts_by_denial,
    says_it_is_over,
    sentence_at,
    stands_in_denied_list,
)
from stillwell.language.readings import Reading, read_text

Kind = Literal["present", "perhaps", "denied", "not_theirs", "not_now"]
DENIED = ("denied", "ruled_out")
NOT_THEIRS = ("other",)
NOT_NOW = ("past", "feared", "conditional", "figurative")
CLEARLY = 2.0  # how much likelier a denial must be than its opposite: a sign must not vanish by it
REMEMBERED = 32  # texts: an interview reads the same words again with each answer
WORTH_TELLING = 0.5  # of a mention that is not claimed, to be listed as not used


@dataclass(frozen=True)
class Claim:
    """What a text says of one item.

    Attributes:
        kind: `present` (claimed), `perhaps` (to be asked about), `denied`, `not_theirs` (somebody
            else's), `not_now` (past, feared, conditional or a figure of speech).
        probability: calibrated probability that the words say so (that it is present, for `present`
            and `perhaps`; that it is denied, for `denied`).
        words: the words it came from; `start`, `stop` their characters.
        how: the likeliest way of telling.
    """

    id: str
    kind: Kind
    probability: float
    words: str
    start: int
    stop: int
    how: str


@dataclass(frozen=True)
class Claims:
    """All claims of a text, by place; `whole`: what the message is as a whole (see `Encoding`)."""

    claims: list[Claim]
    whole: dict[str, float]

    def of(self, *kinds: Kind) -> list[Claim]:
        """Claims of these kinds."""
        return [c for c in self.claims if c.kind in kinds]


def claims_in(text: str, using: Encoder | None = None) -> Claims:
    """What a text claims, denies, perhaps says, and tells of others or other times; not to be changed."""
    return remembered(text) if using is None else _claims(text, using)


@lru_cache(REMEMBERED)
def remembered(text: str) -> Claims:
    """The claims of a text, kept in memory; `cache_clear` forgets them all."""
    return _claims(text, encoder())


def _claims(text: str, reader: Encoder) -> Claims:
    told = read_text(text, reader)
    by_item: dict[str, list[Reading]] = {}
    for reading in _dated(told.readings):
        by_item.setdefault(reading.id, []).append(reading)
    found = [
        claim
        for item, mentions in by_item.items()
        if (claim := _decide(item, mentions, reader.about["calibration"])) is not None
    ]
    found = [_turned(claim, text) for claim in found]
    began = [c for c in found if c.kind == "present" and c.id in ONSETS]
    for lesser in sorted(began, key=lambda c: -c.probability)[1:]:
        found.remove(lesser)  # one beginning wins
    found.sort(key=lambda c: (c.start, c.stop, c.id))
    return Claims(found, told.whole)


def _turned(claim: Claim, text: str) -> Claim:
    """The claim as small words of its sentence turn it: "no cramp until last week", "the cramps are gone"."""
    start, stop = sentence_at(text, claim.start)
    sentence = text[start:stop]
    if claim.kind in ("present", "perhaps") and stands_in_denied_list(text[start : claim.start]):
        return replace(claim, kind="denied", how="denied")
    if claim.kind == "denied" and asserts_by_denial(sentence):
        return replace(claim, kind="present", how="present")
    if claim.kind in ("present", "perhaps") and says_it_is_over(_clause(claim, sentence)):
        return replace(claim, kind="not_now", how="past")
    return claim


def _clause(claim: Claim, sentence: str) -> str:
    """The part of a sentence, between commas and joining words, in which a claim's words stand."""
    for part in re.split(r",|\bbut\b|\band\b", sentence):
        if claim.words in part or part in claim.words:
            return part
    return claim.words


def _dated(readings: list[Reading]) -> list[Reading]:
    """Readings in which words of time decide which beginning is told; the network says that one is.

    Mentions of several beginnings in the same words are one mention, whose probability is that of any.
    """
    others = [r for r in readings if r.id not in ONSETS]
    groups: list[list[Reading]] = []
    for reading in sorted((r for r in readings if r.id in ONSETS), key=lambda r: r.start):
        if groups and reading.start < max(r.stop for r in groups[-1]):
            groups[-1].append(reading)
        else:
            groups.append([reading])
    for group in groups:
        best = max(group, key=lambda r: r.mentioned)
        longest = max(group, key=lambda r: r.stop - r.start)
        onset = onset_told(longest.words)
        if onset is None:
            if not tells_how_often(longest.words):
                others += group
            continue
        nobody = 1.0
        for reading in group:
            nobody *= 1.0 - reading.mentioned
        others.append(replace(best, id=onset, mentioned=1.0 - nobody))
    return others


def calibrated(chance: float, scale: tuple[float, float]) -> float:
    """A probability after Platt's scaling: expit(a + b logit(p)), fitted on held-out authors.

    Source: Platt 1999, Probabilistic outputs for support vector machines.

    >>> round(calibrated(0.5, (0.0, 1.0)), 3)
    0.5
    """
    p = min(max(chance, 1e-6), 1 - 1e-6)
    return 1 / (1 + exp(-(scale[0] + scale[1] * log(p / (1 - p)))))


def _decide(item: str, mentions: list[Reading], how: dict[str, Any]) -> Claim | None:
    group = how["groups"].get(item, "finding")
    limits = how["limits"][group]
    best = max(mentions, key=lambda r: r.chance("present"))
    present = calibrated(best.chance("present"), how["present"][group])
    if present >= limits["present"]:
        return _claim(best, "present", present)
    against = max(mentions, key=lambda r: r.chance(*DENIED))
    denied = calibrated(against.chance(*DENIED), how["denied"])
    if denied >= limits["denied"] and denied >= CLEARLY * present:
        return _claim(against, "denied", denied)
    if present >= limits["perhaps"]:
        return _claim(best, "perhaps", present)
    most = max(mentions, key=lambda r: r.mentioned)
    for kind, statuses in (("not_theirs", NOT_THEIRS), ("not_now", NOT_NOW)):
        chance = most.chance(*statuses)
        if chance >= WORTH_TELLING:
            return _claim(most, kind, chance, statuses)  # type: ignore[arg-type]
    return None


def _claim(reading: Reading, kind: Kind, probability: float, among: tuple[str, ...] = ()) -> Claim:
    how = max(among or reading.told, key=lambda s: reading.told[s])
    return Claim(reading.id, kind, probability, reading.words, reading.start, reading.stop, how)

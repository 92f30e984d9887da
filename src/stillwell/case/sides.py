"""Which side a complaint is on: what is told of one leg or hand alone is not the same on both sides."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Literal

from stillwell.knowledge.phrases import any_of
from stillwell.language.claims import Claim
from stillwell.language.marks import asks_in, sentence_at

SAME = "symmetrical"
TOLD = 0.9  # how surely a side told with a complaint says that the other is not alike, or is now: judgement
DENIED_WITHIN = 3  # words before a side among which a "not" denies it


def with_side(
    claims: list[Claim], text: str, complaints: Iterable[str], lexicon: Mapping[str, list[str]]
) -> list[Claim]:
    """The claims with "the same on both sides" denied, where all that is complained of is told of one side.

    What became two-sided ("both legs now") is told of both; "only the left one" tells one side wherever it stands.
    Any other word of both sides, or a left and a right, leaves the claims as they are.

    Args:
        complaints: ids of the findings that people complain of.
    """
    complaints = list(complaints)
    low = text.lower().replace("’", "'")
    ails = any(c.kind == "present" and c.id in set(complaints) for c in claims)
    became = next(iter(_told_of(text, low, lexicon["became_both"])), None) if ails else None
    if became is not None:
        return [*(c for c in claims if c.id != SAME), _claim("present", text, *became)]
    if any(c.id == SAME and c.kind in ("present", "denied") for c in claims):
        return claims
    alone = list(_told_of(text, low, lexicon["one_alone"])) if ails else []
    if len(alone) == 1 and not any_of(lexicon["both_indeed"]).search(low):
        return [*(c for c in claims if c.id != SAME), _claim("denied", text, *alone[0])]
    if any_of(lexicon["both_sides"]).search(low):
        return claims
    sides = list(any_of(lexicon["one_side"]).finditer(low))
    if len({side for m in sides for side in ("left", "right") if side in m[0]}) > 1:
        return claims
    wanted = set(complaints)
    told = [c for c in claims if c.kind == "present" and c.id in wanted]
    found = next((m for m in sides for c in told if c.start < m.end() and c.stop > m.start()), None)
    if found is None:
        return claims
    return [*(c for c in claims if c.id != SAME), _claim("denied", text, *found.span())]


def _claim(kind: Literal["present", "denied"], text: str, start: int, stop: int) -> Claim:
    return Claim(SAME, kind, TOLD, text[start:stop], start, stop, kind)


def _told_of(text: str, low: str, phrases: list[str]) -> Iterator[tuple[int, int]]:
    """Places of phrases that are neither denied nor asked ("not only the left one")."""
    for m in any_of(phrases).finditer(low):
        first, last = sentence_at(low, m.start())
        before = low[first : m.start()].split()[-DENIED_WITHIN:]
        if asks_in(text[first : last + 1]) or any(
            w in ("not", "no", "never") or w.endswith("n't") for w in before
        ):
            continue
        yield m.span()

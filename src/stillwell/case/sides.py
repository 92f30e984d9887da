"""Which side a complaint is on: what is told of one leg or hand alone is not the same on both sides."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from stillwell.knowledge.phrases import any_of
from stillwell.language.claims import Claim

SAME = "symmetrical"
TOLD = 0.9  # how surely a side told with a complaint says that the other is not alike: judgement


def with_side(
    claims: list[Claim], text: str, complaints: Iterable[str], lexicon: Mapping[str, list[str]]
) -> list[Claim]:
    """The claims with "the same on both sides" denied, where all that is complained of is told of one side.

    Any word of both sides, or a left and a right, leaves the claims as they are.

    Args:
        complaints: ids of the findings that people complain of.
    """
    if any(c.id == SAME and c.kind in ("present", "denied") for c in claims):
        return claims
    low = text.lower().replace("’", "'")
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
    start, stop = found.span()
    kept = [c for c in claims if c.id != SAME]
    return [*kept, Claim(SAME, "denied", TOLD, text[start:stop], start, stop, "denied")]

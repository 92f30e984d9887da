"""Heat that is told with the menopause: a flush, and no fever."""

from __future__ import annotations

from collections.abc import Mapping

from stillwell.knowledge.phrases import any_of
from stillwell.language.claims import Claim


def without_flushes(
    claims: list[Claim], text: str, lexicon: Mapping[str, list[str]]
) -> tuple[list[Claim], list[str]]:
    """The claims without a fever or chill that is a flush, and the words that told it.

    A fever that is called so, a number or any word of illness beside it is kept.
    """
    low = " ".join(text.lower().replace("’", "'").split())
    flush = any_of(lexicon["flush_told"]).search(low)
    if not flush or any_of(lexicon["flush_unless"]).search(low):
        return claims, []
    heat = [c for c in claims if c.id in lexicon["flush_items"] and c.kind != "denied"]
    return [c for c in claims if c not in heat], list(dict.fromkeys(c.words for c in heat))

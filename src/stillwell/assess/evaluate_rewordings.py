"""Whether an answer hangs on the meaning or on the words: pairs of texts said to mean the same."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import msgspec

from stillwell.assess.evaluate_triage import CRASHED, REFUSED, Told, told
from stillwell.assess.labelled_files import Pair
from stillwell.assess.shares import ALL, Miss, Share, Tally
from stillwell.triage.rules import LEVELS

FIGURES = ("first_cause_changed", "urgency_changed", "urgency_lower", "refused", "crashed")


class RewordingEvaluation(msgspec.Struct, frozen=True, kw_only=True):
    """Shares over all pairs.

    Attributes:
        how: way of rewording -> figure -> share; `all` stands for all pairs.
        misses: figure -> the reworded texts behind it.
    """

    n: int
    how: dict[str, dict[str, Share]]
    misses: dict[str, list[Miss]]


def evaluate_rewordings(
    pairs: list[Pair], progress: Callable[[int], None] | None = None
) -> RewordingEvaluation:
    """Assess both texts of every pair and compare first cause and urgency."""
    tally = Tally(FIGURES)

    @lru_cache(maxsize=64)  # a message is often reworded in several ways, one after the other
    def answer(text: str) -> Told:
        return told(text, detail=False)

    for done, pair in enumerate(pairs, start=1):
        take(tally, pair, answer(pair.text), told(pair.reworded, detail=False))
        if progress is not None:
            progress(done)
    ways = [ALL, *dict.fromkeys(pair.how for pair in pairs if pair.how)]
    return RewordingEvaluation(
        n=len(pairs),
        how={way: tally.shares(FIGURES, way) for way in ways},
        misses=tally.misses(),
    )


def take(tally: Tally, pair: Pair, before: Told, after: Told) -> None:
    """Count one pair; a text that was refused or crashed has no cause and no urgency to compare."""
    groups = dict.fromkeys((pair.how, ALL)) if pair.how else (ALL,)

    def count(figure: str, is_part: bool, what: str) -> None:
        tally.count(figure, is_part, *groups, id=pair.id, text=pair.reworded, what=what)

    for name in (REFUSED, CRASHED):
        count(name, name in (before.level, after.level), f"{after.said} (was: {before.said})")
    if not {before.level, after.level} <= set(LEVELS):
        return
    causes = f"{before.first_cause or 'none'} became {after.first_cause or 'none'}"
    levels = f"{before.said} became {after.said}"
    count("first_cause_changed", before.first_cause != after.first_cause, causes)
    count("urgency_changed", before.said != after.said, levels)
    count("urgency_lower", LEVELS.index(after.level) > LEVELS.index(before.level), levels)

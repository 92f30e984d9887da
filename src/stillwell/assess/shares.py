"""Shares of labelled messages, with their 95 % intervals and the messages behind them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import cache
from math import sqrt
from pathlib import Path

import msgspec
import yaml

Z = 1.959964  # standard normal quantile of 0.975
ALL = "all"
LABELLED = Path(__file__).parent / "data" / "labelled.yaml"


class Share(msgspec.Struct, frozen=True, kw_only=True):
    """`part` of `whole`; `share` and its interval are None where nothing was counted."""

    part: int
    whole: int
    share: float | None
    low: float | None
    high: float | None


class Miss(msgspec.Struct, frozen=True, kw_only=True):
    """A message behind a figure, and what went wrong in it."""

    id: str
    text: str
    what: list[str]


class Wording(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The table beside this module: what labels leave open, and what each figure says."""

    fair: dict[str, list[str]]
    finer: list[str]
    figures: dict[str, dict[str, str]]


@cache
def wording() -> Wording:
    """What labels leave open and how figures are called."""
    return msgspec.convert(yaml.safe_load(LABELLED.read_text("utf-8")), Wording)


def wilson(part: int, whole: int) -> Share:
    """A share with its 95 % interval.

    Source: Wilson 1927, Probable inference, the law of succession, and statistical inference,
    J Am Stat Assoc 22:209.

    >>> found = wilson(8, 10)
    >>> round(found.low, 3), round(found.high, 3)
    (0.49, 0.943)
    """
    if whole == 0:
        return Share(part=part, whole=0, share=None, low=None, high=None)
    p, spread = part / whole, Z * Z / whole
    middle = (p + spread / 2) / (1 + spread)
    half = Z * sqrt(p * (1 - p) / whole + spread / (4 * whole)) / (1 + spread)
    low, high = max(0.0, middle - half), min(1.0, middle + half)
    return Share(part=part, whole=whole, share=p, low=low, high=high)


class Tally:
    """Counts shares by figure and group, and keeps the messages behind them.

    Args:
        faults: figures whose part is what went wrong; of all others it is what went right.
    """

    def __init__(self, faults: Iterable[str]) -> None:
        self._faults = frozenset(faults)
        self._part: Counter[tuple[str, str]] = Counter()
        self._whole: Counter[tuple[str, str]] = Counter()
        self._misses: dict[str, dict[str, Miss]] = {}

    def count(
        self, figure: str, is_part: bool, *groups: str, id: str, text: str, what: str
    ) -> None:
        """Count one thing towards a figure, in these groups.

        Args:
            id, text: the message; kept once for a figure, with all that went wrong in it.
            what: what went wrong, if it did.
        """
        for group in groups or (ALL,):
            self._whole[figure, group] += 1
            self._part[figure, group] += is_part
        if is_part == (figure in self._faults):
            kept = self._misses.setdefault(figure, {})
            known = kept.setdefault(id, Miss(id=id, text=text, what=[]))
            known.what.append(what)

    def share(self, figure: str, group: str = ALL) -> Share:
        """The share of one figure in one group."""
        return wilson(self._part[figure, group], self._whole[figure, group])

    def shares(self, figures: Iterable[str], group: str = ALL) -> dict[str, Share]:
        """These figures of one group, those for which nothing was counted left out."""
        found = {figure: self.share(figure, group) for figure in figures}
        return {figure: share for figure, share in found.items() if share.whole}

    def groups(self, figure: str) -> dict[str, Share]:
        """Group -> the share of one figure in it."""
        return {group: self.share(name, group) for name, group in self._whole if name == figure}

    def misses(self) -> dict[str, list[Miss]]:
        """Figure -> the messages in which it went wrong, in order."""
        return {figure: list(kept.values()) for figure, kept in self._misses.items()}

"""Which uncertain numbers make the range of a cause wide.

Every redraw of a case draws all its numbers anew. The share of a range that one number makes is the squared correlation
of its log-odds with those of the cause over the redraws: what a straight line through that number alone would take
away (first-order sensitivity by regression; Saltelli et al., Global Sensitivity Analysis, 2008, chapter 1). Shares of
numbers drawn apart from each other add up to at most one; what is missing is their joint effect and chance.
"""

from __future__ import annotations

from typing import Literal

import msgspec
import numpy as np

from stillwell.assess.posterior import Found, Ranges
from stillwell.inference.network import Floats

WORTH = 0.1  # of a range, from which a number is named
MOST = 3  # numbers of one cause
LIKELY = 0.02  # contribution from which a cause's range is looked into
FEWEST = 100  # redraws under which correlations are chance
EDGE = 1e-9


class Width(msgspec.Struct, frozen=True, kw_only=True):
    """A number that makes a range wide: how common a cause is (`prior`), how often it brings a sign (`link`), how
    often the sign comes of nothing listed (`leak`), or how often the cause's sign is of a kind (`quality`).

    `share` of the range, between 0 and 1; `cause` is "" for a leak, `finding` for a prior.
    """

    kind: Literal["prior", "link", "leak", "quality"]
    cause: str
    finding: str
    share: float


def widths(found: Found, ranges: Ranges) -> dict[str, list[Width]]:
    """The numbers that make the ranges of the likely causes wide, by cause, the most telling first."""
    lanes = found.small.network.n_draws - 1
    if lanes < FEWEST or ranges.share.shape[0] != lanes + 1:
        return {}
    drawn, values = _drawn(found)
    if not drawn:
        return {}
    numbers = _standard(values)
    result = {}
    for v in found.keep:
        if found.share[v] < LIKELY:
            continue
        target = _standard(_log_odds(ranges.share[1:, v])[None])[0]
        shares = (numbers @ target / lanes) ** 2
        best = [k for k in np.argsort(-shares)[:MOST] if shares[k] >= WORTH]
        name = found.causal_model.causes[int(v)]
        result[name] = [
            msgspec.structs.replace(drawn[k], share=round(float(shares[k]), 3)) for k in best
        ]
    return result


def _drawn(found: Found) -> tuple[list[Width], Floats]:
    """Every number that the redraws move, and its (n, draws) log-odds, without the medians' lane."""
    network, names = found.small.network, [found.causal_model.causes[int(v)] for v in found.keep]
    numbers: list[Width] = []
    rows: list[Floats] = []

    def add(
        kind: Literal["prior", "link", "leak", "quality"],
        values: Floats,
        items: list[tuple[str, str]],
    ) -> None:
        """(draws, n) values of the (cause, finding) pairs `items`."""
        if not len(values):
            return
        moving = np.flatnonzero(np.ptp(values, axis=0) > 0)
        for k in moving:
            cause, finding = items[k]
            numbers.append(Width(kind=kind, cause=cause, finding=finding, share=0.0))
        rows.append(values[:, moving].T)

    add("prior", network.prior[1:, :, 1:].sum(axis=2), [(cause, "") for cause in names])
    for f, finding in enumerate(found.small.findings):
        add("leak", network.leak[1:, f : f + 1], [("", finding)])
        add("link", _strongest(network.activation[1:, f]), [(cause, finding) for cause in names])
    for table, items in (
        (network.quality, found.small.qualities),
        (network.course, found.small.course),
    ):
        for q, item in enumerate(items):
            add("quality", _strongest(table[1:, q]), [(cause, item) for cause in names])
    return numbers, _log_odds(np.concatenate(rows)) if rows else np.zeros((0, 0))


def _strongest(p: Floats) -> Floats:
    """(draws, V) the highest of (draws, V, S) over the states."""
    result: Floats = np.maximum.reduce([p[:, :, s] for s in range(p.shape[2])])
    return result


def _log_odds(p: Floats) -> Floats:
    p = np.clip(p, EDGE, 1 - EDGE)
    result: Floats = np.log(p) - np.log1p(-p)
    return result


def _standard(rows: Floats) -> Floats:
    """Rows with mean 0 and standard deviation 1; constant ones are 0."""
    centred = rows - rows.mean(axis=1, keepdims=True)
    spread = centred.std(axis=1, keepdims=True)
    result: Floats = np.divide(centred, spread, out=np.zeros_like(centred), where=spread > 0)
    return result

"""Summaries of a run from the totals of its parts: prevalence, urgency, and how well the model does here.

Prevalence is expected cases over people, by weight. Its variance is that of a ratio of totals of sampling units
(Taylor linearisation; Wolter 2007, Introduction to Variance Estimation, ch. 6), worked out by svy; a group keeps
the whole design.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from stillwell.cohort.mapping import CohortMap
from stillwell.cohort.parts import PARTS, SUMMARY
from stillwell.cohort.totals import BINS, EVERYBODY, PRESENT, TRUTH, URGENCY, joined_totals
from stillwell.cohort.urgency import LEVEL_NAMES
from stillwell.files import write_whole

FEWEST = 10  # people of a cell that is shown
OTHER = "(other)"  # groups of a column of the map that are too small to be named
TESTED = (0.01, 0.05, 0.1, 0.2)  # shares of people who are tested first
THRESHOLDS = (0.02, 0.05, 0.1, 0.2, 0.3, 0.5)
Row = dict[str, Any]


def summarise(folder: Path, how: CohortMap) -> dict[str, Any]:
    """The summaries of a finished run. Raises OSError."""
    files = sorted((folder / PARTS).glob("*.totals.parquet"))
    totals = joined_totals(pq.read_table(f) for f in files)
    found = {
        "schema": "stillwell/cohort-summary/1",
        "fewest_in_a_cell": FEWEST,
        "prevalence": prevalence(totals, how),
        "urgency": _urgency(totals),
        "truth": {cause: _truth(totals, cause) for cause in sorted(how.truth)},
    }
    write_whole(folder / SUMMARY, json.dumps(found, indent=1))
    return found


def hidden(people: dict[str, int], rest: int = 0) -> set[str]:
    """The cells of a table that are not shown: those of few people, and with them the next smallest ones.

    Where one cell alone were hidden it would follow by subtraction, so the hidden ones are always several, of
    `FEWEST` people at least together. Cells of nobody hide nothing.

    Args:
        rest: people of the whole who are in no cell; they are as hidden as a small cell.
    """
    ordered = sorted((n, name) for name, n in people.items() if n > 0)
    found = {name for n, name in ordered if n < FEWEST}
    together = rest + sum(people[name] for name in found)
    cells = len(found) + (rest > 0)
    if not found and not 0 < rest < FEWEST:
        return found
    for n, name in ordered:
        if cells >= 2 and together >= FEWEST:
            break
        if name not in found:
            found.add(name)
            together, cells = together + n, cells + 1
    return found


def prevalence(totals: pa.Table, how: CohortMap) -> list[Row]:
    """Expected share of adults with each cause, by group; cells of few people are left out (see `hidden`)."""
    held = totals.filter(pc.field("kind") == PRESENT)
    designed = bool(how.survey and how.survey.psu)
    found: list[Row] = []
    whole = 0
    for domain in sorted(set(held["domain"].to_pylist()), key=lambda d: (d != EVERYBODY, d)):
        part = held.filter(pc.field("domain") == domain)
        errors = _standard_errors(part) if designed else {}
        sums = part.group_by(["value", "item"], use_threads=False).aggregate(
            [("people", "sum"), ("weight", "sum"), ("total", "sum")]
        )
        rows = sums.sort_by([("value", "ascending"), ("item", "ascending")]).to_pylist()
        people = {row["value"]: row["people_sum"] for row in rows}
        if domain == EVERYBODY:
            whole = people.get("", 0)
        hide = hidden(people, whole - sum(people.values()) if domain != EVERYBODY else 0)
        small = {v for v, n in people.items() if domain in how.by and n < FEWEST}
        for cause in sorted({row["item"] for row in rows}) if small else ():
            found.append({"domain": domain, "value": OTHER, "cause": cause, "suppressed": True})
        for row in rows:
            shown = {"domain": domain, "value": row["value"], "cause": row["item"]}
            if row["value"] in small:
                continue
            if row["value"] in hide or row["people_sum"] < FEWEST or row["weight_sum"] <= 0:
                found.append({**shown, "suppressed": True})
                continue
            share = row["total_sum"] / row["weight_sum"]
            cell = {**shown, "people": row["people_sum"], "share": share}
            found.append({**cell, **errors.get((row["value"], row["item"]), {})})
    return found


def _standard_errors(part: pa.Table) -> dict[tuple[str, str], Row]:
    """(value, cause) -> standard error and 95 % interval by the design; nothing without svy."""
    try:
        import polars as pl
        import svy
    except ImportError:
        return {}
    data = pl.from_arrow(part.select(["value", "stratum", "psu", "item", "weight", "total"]))
    assert isinstance(data, pl.DataFrame)
    wide = data.pivot(on="item", index=["value", "stratum", "psu", "weight"], values="total")
    wide = wide.with_columns(
        unit=pl.col("stratum") + "/" + pl.col("psu"),
        one=pl.lit(1.0),
        group=pl.when(pl.col("value") == "").then(pl.lit("-")).otherwise(pl.col("value")),
    )
    design = svy.Design(stratum="stratum", psu="unit", wgt="one", singleton="center")
    sample: Any = svy.Sample(data=wide, design=design)
    causes = sorted(set(data["item"].to_list()))
    found: dict[tuple[str, str], Row] = {}
    for estimate in sample.estimation.ratio(y=causes, x="weight", by="group"):
        for row in estimate.to_dicts():
            value = "" if row["by_level"][0] == "-" else str(row["by_level"][0])
            found[value, row["y"]] = {"se": row["se"], "low": row["lci"], "high": row["uci"]}
    return found


def _urgency(totals: pa.Table) -> list[Row]:
    """How many people have each urgency, the most urgent first."""
    held = totals.filter(pc.field("kind") == URGENCY).to_pylist()
    held.sort(key=lambda row: LEVEL_NAMES.index(row["item"]))
    whole = sum(row["weight"] for row in held) or 1.0
    hide = hidden({row["item"]: row["people"] for row in held})
    return [
        {"level": row["item"], "suppressed": True}
        if row["item"] in hide
        else {"level": row["item"], "people": row["people"], "share": row["weight"] / whole}
        for row in held
    ]


def _truth(totals: pa.Table, cause: str) -> Row:
    """Calibration, discrimination, screening yield and net benefit for one cause, from bins."""
    held = totals.filter((pc.field("kind") == TRUTH) & (pc.field("domain") == cause)).to_pylist()
    weight, has, expected = np.zeros(BINS), np.zeros(BINS), np.zeros(BINS)
    people, cases = np.zeros(BINS, dtype=int), np.zeros(BINS, dtype=int)
    for row in held:
        b = int(row["value"])
        if row["item"] == "has":
            weight[b], has[b], cases[b] = row["weight"], row["total"], row["people"]
        else:
            expected[b], people[b] = row["total"], row["people"]
    if min(cases.sum(), (people - cases).sum()) < FEWEST:
        return {"suppressed": True}
    return {
        "people": int(people.sum()),
        "observed": has.sum() / weight.sum(),
        "expected": expected.sum() / weight.sum(),
        "auc": _auc(weight, has),
        "calibration": _calibration(weight, has, expected, people, cases),
        "screening": [
            _yield(weight, has, share)
            for share in TESTED
            if _many(cases, _first_of(weight, share), BINS)
        ],
        "net_benefit": [
            _net_benefit(weight, has, t)
            for t in THRESHOLDS
            if _many(cases, _first_above(t), BINS) and _many(people - cases, _first_above(t), BINS)
        ],
    }


def _auc(weight: np.ndarray[Any, Any], has: np.ndarray[Any, Any]) -> float:
    """Chance that somebody who has it gets the higher probability; ties within a bin count half."""
    without = weight - has
    below = np.cumsum(without) - without
    return float((has * (below + without / 2)).sum() / (has.sum() * without.sum()))


def _many(people: Any, first: int, last: int) -> bool:
    """Whether no few people are in a range of bins, nor outside of it."""
    inside = int(people[first:last].sum())
    return all(n == 0 or n >= FEWEST for n in (inside, int(people.sum()) - inside))


def _first_of(weight: Any, share: float) -> int:
    """The first bin of those that hold the likeliest people of a share."""
    top = np.cumsum(weight[::-1])
    return int(max(BINS - 1 - np.searchsorted(top, share * weight.sum()), 0))


def _first_above(threshold: float) -> int:
    widest = np.log(1e6)
    log_odds = np.log(threshold / (1 - threshold))
    return int(np.ceil((log_odds + widest) / (2 * widest) * BINS))


def _calibration(weight: Any, has: Any, expected: Any, people: Any, cases: Any) -> list[Row]:
    """Expected and observed share in ten groups of about equal weight, by probability.

    Groups in which few have it, or few have it not, are joined with the next lower ones.
    """
    middle = (np.cumsum(weight) - weight / 2) / weight.sum()
    group = np.minimum((middle * 10).astype(int), 9)
    joined: list[list[int]] = []
    for g in range(9, -1, -1):
        if joined and not _enough(np.isin(group, joined[-1]), people, cases):
            joined[-1].append(g)
        else:
            joined.append([g])
    if len(joined) > 1 and not _enough(np.isin(group, joined[-1]), people, cases):
        last = joined.pop()
        joined[-1] += last
    for number, several in enumerate(reversed(joined)):
        group = np.where(np.isin(group, several), 100 + number, group)
    group -= 100
    return [
        {
            "expected": float(expected[group == g].sum() / weight[group == g].sum()),
            "observed": float(has[group == g].sum() / weight[group == g].sum()),
        }
        for g in range(10)
        if weight[group == g].sum() > 0
    ]


def _enough(those: Any, people: Any, cases: Any) -> bool:
    """Whether so many of a group have it, and have it not, that nothing is told of few."""
    has, not_ = int(cases[those].sum()), int((people - cases)[those].sum())
    return has + not_ >= FEWEST and all(n == 0 or n >= FEWEST for n in (has, not_))


def _yield(weight: Any, has: Any, share: float) -> Row:
    """What share of those who have it are among the likeliest people."""
    top = np.cumsum(weight[::-1])
    wanted = share * weight.sum()
    whole = np.searchsorted(top, wanted)
    found = has[::-1][:whole].sum()
    if whole < BINS and weight[::-1][whole] > 0:
        before = top[whole - 1] if whole else 0.0
        found += has[::-1][whole] * (wanted - before) / weight[::-1][whole]
    return {"tested": share, "found": float(found / has.sum())}


def _net_benefit(weight: Any, has: Any, threshold: float) -> Row:
    """Net benefit of testing who is above a threshold (Vickers 2006), and of testing everybody."""
    first = _first_above(threshold)
    odds = threshold / (1 - threshold)
    whole = weight.sum()

    def benefit(start: int) -> float:
        true = has[start:].sum()
        return float((true - (weight[start:].sum() - true) * odds) / whole)

    return {"threshold": threshold, "model": benefit(first), "everybody": benefit(0)}


__all__ = ["FEWEST", "OTHER", "SUMMARY", "hidden", "prevalence", "summarise"]

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
from stillwell.cohort.parts import PARTS
from stillwell.cohort.totals import BINS, EVERYBODY, PRESENT, TRUTH, URGENCY, joined_totals
from stillwell.files import write_whole

FEWEST = 10  # people of a cell that is shown
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
    write_whole(folder / "summary.json", json.dumps(found, indent=1))
    return found


def prevalence(totals: pa.Table, how: CohortMap) -> list[Row]:
    """Expected share of adults with each cause, by group; cells of few people are left out."""
    held = totals.filter(pc.field("kind") == PRESENT)
    designed = bool(how.survey and how.survey.psu)
    found: list[Row] = []
    for domain in sorted(set(held["domain"].to_pylist()), key=lambda d: (d != EVERYBODY, d)):
        part = held.filter(pc.field("domain") == domain)
        errors = _standard_errors(part) if designed else {}
        sums = part.group_by(["value", "item"], use_threads=False).aggregate(
            [("people", "sum"), ("weight", "sum"), ("total", "sum")]
        )
        for row in sums.sort_by([("value", "ascending"), ("item", "ascending")]).to_pylist():
            shown = {"domain": domain, "value": row["value"], "cause": row["item"]}
            if row["people_sum"] < FEWEST or row["weight_sum"] <= 0:
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
    held = totals.filter(pc.field("kind") == URGENCY).to_pylist()
    whole = sum(row["weight"] for row in held) or 1.0
    return [
        {"level": row["item"], "suppressed": True}
        if 0 < row["people"] < FEWEST
        else {"level": row["item"], "people": row["people"], "share": row["weight"] / whole}
        for row in held
    ]


def _truth(totals: pa.Table, cause: str) -> Row:
    """Calibration, discrimination, screening yield and net benefit for one cause, from bins."""
    held = totals.filter((pc.field("kind") == TRUTH) & (pc.field("domain") == cause)).to_pylist()
    weight, has, expected = np.zeros(BINS), np.zeros(BINS), np.zeros(BINS)
    people = 0
    for row in held:
        b = int(row["value"])
        if row["item"] == "has":
            weight[b], has[b] = row["weight"], row["total"]
            people += row["people"]
        else:
            expected[b] = row["total"]
    if people < FEWEST or not has.sum() or not (weight - has).sum():
        return {"people": people, "suppressed": True}
    return {
        "people": people,
        "observed": has.sum() / weight.sum(),
        "expected": expected.sum() / weight.sum(),
        "auc": _auc(weight, has),
        "calibration": _calibration(weight, has, expected),
        "screening": [_yield(weight, has, share) for share in TESTED],
        "net_benefit": [_net_benefit(weight, has, t) for t in THRESHOLDS],
    }


def _auc(weight: np.ndarray[Any, Any], has: np.ndarray[Any, Any]) -> float:
    """Chance that somebody who has it gets the higher probability; ties within a bin count half."""
    without = weight - has
    below = np.cumsum(without) - without
    return float((has * (below + without / 2)).sum() / (has.sum() * without.sum()))


def _calibration(weight: Any, has: Any, expected: Any) -> list[Row]:
    """Expected and observed share in ten groups of about equal weight, by probability."""
    middle = (np.cumsum(weight) - weight / 2) / weight.sum()
    group = np.minimum((middle * 10).astype(int), 9)
    return [
        {
            "expected": float(expected[group == g].sum() / weight[group == g].sum()),
            "observed": float(has[group == g].sum() / weight[group == g].sum()),
        }
        for g in range(10)
        if weight[group == g].sum() > 0
    ]


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
    widest = np.log(1e6)
    log_odds = np.log(threshold / (1 - threshold))
    first = int(np.ceil((log_odds + widest) / (2 * widest) * BINS))
    odds = threshold / (1 - threshold)
    whole = weight.sum()

    def benefit(start: int) -> float:
        true = has[start:].sum()
        return float((true - (weight[start:].sum() - true) * odds) / whole)

    return {"threshold": threshold, "model": benefit(first), "everybody": benefit(0)}


__all__ = ["FEWEST", "prevalence", "summarise"]

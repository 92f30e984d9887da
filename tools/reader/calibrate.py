"""Fits, on held-out authors, what the reader's probabilities mean, and writes it beside the network.

    python -m reader.calibrate --data data/reader --held p4,h9 --out src/stillwell/language/data

Platt's scaling per group of items (findings, time course, history, finer alarm signs). From which
probability something is claimed is where F-beta is best on the held-out authors: what is claimed enters
the model with its probability, so that a doubtful claim weighs little, and a sign that is missed is lost.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from reader.messages import load
from stillwell.knowledge.store import knowledge
from stillwell.language.claims import DENIED, calibrated
from stillwell.language.encoder import Encoder
from stillwell.language.readings import read_text

LOWEST, HIGHEST = 0.25, 0.8  # between these the limit of a claim is looked for
# how much more a missed item costs than a doubtful claim. A sign that is missed may be the alarm; an illness
# or a beginning that is wrongly booked moves every cause, and one that is missed is asked about
BETA = {"finding": 1.3, "finer": 2.0, "denied": 1.3, "course": 0.8, "history": 0.6}
FLAT = 0.005  # limits this near to the best are as good: the middle of them is taken
PERHAPS = 0.4  # share of the limit from which something is asked about
FAINTEST = 0.02


def groups() -> dict[str, str]:
    """The group of every item that is no plain finding."""
    base = knowledge().base
    found = dict.fromkeys(base.history, "history")
    for name, finding in base.findings.items():
        if finding.triage_only:
            found[name] = "finer"
        elif finding.section == "course":
            found[name] = "course"
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--held", required=True)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    named = groups()
    finer = [name for name, group in named.items() if group == "finer"]
    held = set(options.held.split(","))
    reader = Encoder(options.out)
    rows: dict[str, list[tuple[float, bool]]] = {}
    whole: list[tuple[float, bool]] = []
    for message in load(options.data, finer):
        if message.author not in held:
            continue
        told = read_text(message.text, reader)
        whole.append((told.whole["today"], message.level in ("emergency", "today")))
        for kind, statuses, true in (
            ("present", ("present",), ("present",)),
            ("denied", DENIED, DENIED),
        ):
            chances: dict[str, float] = {}
            for reading in told.readings:
                chances[reading.id] = max(chances.get(reading.id, 0.0), reading.chance(*statuses))
            said = {m.id for m in message.mentions if m.status in true}
            for item in {*chances, *said} - message.unlabelled:
                chance = chances.get(item, 0.0)
                if chance >= FAINTEST or item in said:
                    key = kind if kind == "denied" else f"{kind}:{named.get(item, 'finding')}"
                    rows.setdefault(key, []).append((max(chance, FAINTEST / 2), item in said))
    path = options.out / "reader.json"
    about = json.loads(path.read_text())
    scales = {key: _platt(found) for key, found in rows.items()}
    kinds = ("finding", "course", "history", "finer")
    limits = {
        group: _best_limit(rows[f"present:{group}"], scales[f"present:{group}"], BETA[group])
        for group in kinds
    }
    denied = _best_limit(rows["denied"], scales["denied"], BETA["denied"])
    print("limits", limits, "denied", denied)
    about["calibration"] = {
        "held_out": sorted(held),
        "groups": {k: v for k, v in named.items() if k in about["items"]},
        "present": {group: scales[f"present:{group}"] for group in kinds},
        "denied": scales["denied"],
        "limits": {
            group: {"present": best, "perhaps": round(PERHAPS * best, 3), "denied": denied}
            for group, best in limits.items()
        },
    }
    path.write_text(json.dumps(about, indent=1) + "\n")
    print(json.dumps({k: [round(x, 2) for x in v] for k, v in scales.items()}))
    for cut in (0.5, 0.7, 0.8, 0.9, 0.95):
        hit = sum(t for p, t in whole if p >= cut)
        print("whole today", cut, "recall", round(hit / sum(t for _, t in whole), 2), "precision",
              round(hit / max(1, sum(p >= cut for p, _ in whole)), 2))  # fmt: skip


def _best_limit(found: list[tuple[float, bool]], scale: list[float], beta: float) -> float:
    p = np.array([calibrated(c, (scale[0], scale[1])) for c, _ in found])
    true = np.array([t for _, t in found])
    cuts = np.arange(LOWEST, HIGHEST + 0.001, 0.025)
    b = beta**2
    f = [(1 + b) * (true & (p >= c)).sum() / (b * true.sum() + (p >= c).sum()) for c in cuts]
    good = cuts[np.array(f) >= max(f) - FLAT]
    return round(float(good.mean()), 3)


def _platt(found: list[tuple[float, bool]]) -> list[float]:
    p = np.clip(np.array([c for c, _ in found]), 1e-6, 1 - 1e-6)
    model = LogisticRegression(C=100.0).fit(np.log(p / (1 - p))[:, None], [t for _, t in found])
    return [round(float(model.intercept_[0]), 4), round(float(model.coef_[0, 0]), 4)]


if __name__ == "__main__":
    main()

"""Discrimination and calibration of probabilities, with survey weights."""

from __future__ import annotations

import numpy as np

from stillwell.inference.network import Floats


def auc(y: Floats, p: Floats, w: Floats) -> float:
    """Weighted area under the ROC curve; ties count half."""
    order = np.argsort(p, kind="stable")
    y, p, w = y[order], p[order], w[order]
    _, first = np.unique(p, return_index=True)
    cases = np.add.reduceat(w * y, first)
    others = np.add.reduceat(w * (1 - y), first)
    below = np.cumsum(others) - others
    total = cases.sum() * others.sum()
    return float((cases * (below + others / 2)).sum() / total) if total > 0 else float("nan")


def calibration(y: Floats, p: Floats, w: Floats) -> tuple[float, float]:
    """(slope, intercept) of the outcome's log-odds on the predicted ones (Cox 1958)."""
    x = np.log(np.clip(p, 1e-9, 1)) - np.log1p(-np.clip(p, 0, 1 - 1e-9))
    design = np.stack([x, np.ones_like(x)], axis=1)
    beta = np.array([1.0, 0.0])
    for _ in range(50):
        q = 1 / (1 + np.exp(-(design @ beta)))
        information = (design * (w * q * (1 - q))[:, None]).T @ design
        step = np.linalg.solve(information + 1e-9 * np.eye(2), design.T @ (w * (y - q)))
        beta = beta + np.clip(step, -1, 1)
        if np.abs(step).max() < 1e-9:
            break
    return float(beta[0]), float(beta[1])


def expected_calibration_error(y: Floats, p: Floats, w: Floats, bins: int = 10) -> float:
    """Mean absolute difference of stated and observed share over bins of equal weight."""
    order = np.argsort(p, kind="stable")
    reached = np.cumsum(w[order]) / w.sum()
    group = np.minimum((reached * bins).astype(int), bins - 1)
    total = 0.0
    for b in range(bins):
        at = order[group == b]
        if len(at):
            total += abs((w[at] * (p[at] - y[at])).sum())
    return float(total / w.sum())


def measures(y: Floats, p: Floats, w: Floats) -> dict[str, float]:
    """AUC, Brier score, log loss, ECE, slope and intercept."""
    w = w * len(w) / w.sum()
    slope, intercept = calibration(y, p, w)
    return {
        "auc": auc(y, p, w),
        "brier": float(np.average((y - p) ** 2, weights=w)),
        "log_loss": float(
            -np.average(
                y * np.log(np.clip(p, 1e-9, 1)) + (1 - y) * np.log(np.clip(1 - p, 1e-9, 1)),
                weights=w,
            )
        ),
        "ece": expected_calibration_error(y, p, w),
        "slope": slope,
        "intercept": intercept,
    }

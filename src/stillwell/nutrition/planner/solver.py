"""The mixed-integer programme of the smallest change of diet, built once and solved for several plans.

Variables: portions a week added of each food (whole, up to a cap), times a week that something of the diary is
left out, one 0/1 variable for each kind of change, and what stays missing of each target. Solver: HiGHS
(Huangfu and Hall 2018, doi:10.1007/s12532-017-0130-5).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import highspy

Floats = NDArray[np.float64]
KIND_COST, ADD_COST, CUT_COST, MISSING_COST = 3.0, 1.0, 1.2, 300.0
# more of what is eaten already is a smaller change than a food never named: judgement
NEW_KIND_COST, NEW_ADD_COST = 6.0, 1.3
MONEY_COST = 0.5  # portions that one unit of money a week weighs, where prices are given: judgement
MOST_CHANGES = 5
WIDTH = 14  # additions that the whole-number search looks at; the others are seen by the linear one only
NODES = 300  # of the search tree; work is bounded, not time, so that a busy machine plans as a quiet one
GAP = 0.01
# one thread and no sub-searches: small problems like these close faster by branching
SEARCH: dict[str, bool | int | float | str] = {
    "threads": 1,
    "parallel": "off",
    "mip_rel_gap": GAP,
    "mip_max_nodes": NODES,
    "mip_heuristic_effort": 0.0,
    "mip_heuristic_run_rins": False,
    "mip_heuristic_run_rens": False,
    "mip_heuristic_run_root_reduced_cost": False,
    "mip_allow_restart": False,
    "mip_allow_cut_separation_at_nodes": False,
    "mip_detect_symmetry": False,
    "mip_root_presolve_only": True,
}


@dataclass(frozen=True)
class Row:
    """One limit: low <= sum of coefficients times changes <= high. `name` is what clashes are told by."""

    name: str
    add: Floats
    cut: Floats
    low: float
    high: float


@dataclass(frozen=True)
class Problem:
    """A diet problem in numbers.

    Attributes:
        caps, times: most portions a week of each addition (0: not allowed) and times of each diary food.
        open_caps: what the caps would be without each named limit on foods (vegan, allergies ...).
        gain, loss: (targets, foods) what one time a week adds or takes a day, as counted.
        targets: what is missing a day.
        rows: every limit.
        price: cost of one portion; 0 where no price is given.
        familiar: whether the person eats each addition, or the kind it replaces, already.
    """

    caps: Floats
    times: Floats
    open_caps: dict[str, Floats]
    gain: Floats
    loss: Floats
    targets: Floats
    rows: list[Row]
    price: Floats
    familiar: NDArray[np.bool_]
    names: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Solution:
    """Whole portions and times a week, what stays missing, and the gap to the best possible plan."""

    more: NDArray[np.int64]
    less: NDArray[np.int64]
    missing: Floats
    gap: float


class Solver:
    """One problem in HiGHS; bounds are changed between solves, the matrix is passed once."""

    def __init__(self, problem: Problem) -> None:
        import highspy  # only where a plan is asked for: it takes 20 ms to load

        self.problem = problem
        self.n_add, self.n_cut, self.n_target = (
            len(problem.caps),
            len(problem.times),
            len(problem.targets),
        )
        self.n = 2 * (self.n_add + self.n_cut) + self.n_target
        self.highs = highspy.Highs()  # type: ignore[no-untyped-call]
        self.highs.silent()
        for option, value in SEARCH.items():
            self.highs.setOptionValue(option, value)
        self.highs.passModel(self._model())

    def _model(self) -> highspy.HighsLp:
        import highspy

        p = self.problem
        k = self.n_add + self.n_cut
        matrix, low, high = [], [], []
        for t in range(self.n_target):  # gain - loss + missing >= target
            line = np.zeros(self.n)
            line[: self.n_add], line[self.n_add : k] = p.gain[t], -p.loss[t]
            line[2 * k + t] = 1
            matrix.append(line)
            low.append(p.targets[t])
            high.append(np.inf)
        for row in p.rows:
            line = np.zeros(self.n)
            line[: self.n_add], line[self.n_add : k] = row.add, row.cut
            matrix.append(line)
            low.append(row.low)
            high.append(row.high)
        ubs = np.concatenate([np.maximum(p.caps, 1), np.maximum(p.times, 1)])
        for i in range(k):  # portions only of kinds that are used
            line = np.zeros(self.n)
            line[i], line[k + i] = 1, -ubs[i]
            matrix.append(line)
            low.append(-np.inf)
            high.append(0.0)
        line = np.zeros(self.n)
        line[k : 2 * k] = 1
        matrix.append(line)
        low.append(0.0)
        high.append(float(MOST_CHANGES))
        whole = np.vstack(matrix)
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = self.n, len(whole)
        lp.col_cost_ = np.concatenate(
            [
                np.where(p.familiar, ADD_COST, NEW_ADD_COST) + MONEY_COST * p.price,
                np.full(self.n_cut, CUT_COST),
                np.where(p.familiar, KIND_COST, NEW_KIND_COST),
                np.full(self.n_cut, KIND_COST),
                MISSING_COST / np.maximum(p.targets, 1e-9),
            ]
        )
        lp.col_lower_ = np.zeros(self.n)
        lp.col_upper_ = np.concatenate([p.caps, p.times, np.ones(k), p.targets])
        lp.row_lower_, lp.row_upper_ = np.array(low), np.array(high)
        where = [np.flatnonzero(line) for line in whole]
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        lp.a_matrix_.start_ = np.concatenate([[0], np.cumsum([len(w) for w in where])])
        lp.a_matrix_.index_ = np.concatenate(where)
        lp.a_matrix_.value_ = np.concatenate(
            [line[w] for line, w in zip(whole, where, strict=True)]
        )
        kinds = highspy.HighsVarType
        lp.integrality_ = [kinds.kInteger] * (2 * k) + [kinds.kContinuous] * self.n_target
        return lp

    def _bound(self, caps: Floats, times: Floats) -> None:
        k = self.n_add + self.n_cut
        both = np.concatenate([caps, times])
        self.highs.changeColsBounds(
            k, np.arange(k, dtype=np.int32), np.zeros(k), both.astype(float)
        )
        self.highs.changeColsBounds(
            k,
            np.arange(k, 2 * k, dtype=np.int32),
            np.zeros(k),
            (both > 0).astype(float),
        )

    def _run(self, whole: bool) -> Floats | None:
        import highspy

        self.highs.setOptionValue("solve_relaxation", not whole)
        self.highs.run()
        values = np.asarray(self.highs.getSolution().col_value)
        status = self.highs.getModelStatus()
        good = (highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kSolutionLimit)
        if status not in good or len(values) != self.n:
            return None
        return values

    def linear(
        self, without: str = "", banned: frozenset[int] = frozenset()
    ) -> tuple[Floats, Floats, Floats] | None:
        """(additions, cuts, missing) of the linear programme, optionally without one named limit."""
        p = self.problem
        caps = p.open_caps.get(without, p.caps).copy()
        caps[list(banned)] = 0
        self._bound(caps, p.times)
        rows = [i for i, r in enumerate(p.rows) if r.name == without]
        for i in rows:
            self.highs.changeRowBounds(self.n_target + i, -np.inf, np.inf)
        values = self._run(False)
        for i in rows:
            self.highs.changeRowBounds(self.n_target + i, p.rows[i].low, p.rows[i].high)
        if values is None:
            return None
        k = self.n_add + self.n_cut
        return values[: self.n_add], values[self.n_add : k], values[2 * k :]

    def best(self, banned: frozenset[int]) -> Solution | None:
        """The least change in whole portions, without the banned additions."""
        p = self.problem
        start = self.linear(banned=banned)
        if start is None:
            return None
        caps, times = self._narrow(banned, start)
        self._bound(caps, times)
        values = self._run(True)
        if values is None:
            return None
        info = self.highs.getInfo()
        if not np.isfinite(info.objective_function_value):
            return None  # no whole plan within the steps allowed
        k = self.n_add + self.n_cut
        whole = np.rint(values).astype(np.int64)
        more, less = whole[: self.n_add], whole[self.n_add : k]
        missing = np.maximum(p.targets - p.gain @ more + p.loss @ less, 0.0)
        gap = float(info.mip_gap)
        return Solution(more, less, missing, gap if np.isfinite(gap) else 1.0)

    def _narrow(
        self, banned: frozenset[int], start: tuple[Floats, Floats, Floats]
    ) -> tuple[Floats, Floats]:
        """The additions and cuts worth looking at: those of the linear plan, and the strongest for each target."""
        p = self.problem
        add, cut, _ = start
        share = np.minimum(p.gain * p.caps / p.targets[:, None], 1.0)
        score = share.sum(axis=0) * np.where(p.familiar, 1.5, 1.0) + 10.0 * (add > 1e-6)
        score[list(banned)] = -1
        caps = np.where(score >= np.sort(score)[::-1][min(WIDTH, len(score)) - 1], p.caps, 0.0)
        caps[list(banned)] = 0
        use = p.loss / p.targets[:, None]
        room = sum(
            (np.abs(r.cut) / max(abs(r.high), 1.0) for r in p.rows[:2]), np.zeros(self.n_cut)
        )
        worth = room - use.sum(axis=0) + 10.0 * (cut > 1e-6)
        keep = np.argsort(-worth)[: WIDTH // 3]
        times = np.zeros(self.n_cut)
        times[keep] = p.times[keep]
        return caps, times

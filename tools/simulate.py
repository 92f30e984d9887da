"""Simulation-based calibration: people drawn from the model, or from a perturbed one, are assessed.

Talts et al. 2018, arXiv:1804.06788; Cook, Gelman, Rubin 2006, doi:10.1198/106186006X136976.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from stillwell.assess.model import STATES, Model
from stillwell.inference.network import Evidence, Floats, Network
from stillwell.inference.program import build
from stillwell.inference.sweep import posterior

Ints = np.ndarray
COMPLAINTS = [
    "tremor", "leg_cramps", "muscle_twitching", "urge_to_move_legs", "tingling_feet", "numbness_feet",
    "leg_weakness", "leg_pain", "generalised_weakness",
]  # fmt: skip
ASKED = [
    "fatigue", "muscle_pain", "palpitations", "sweating", "anxiety_or_worry", "gait_unsteady", "tingling_hands",
    "poor_sleep", "weight_loss", "slow_movement", "dizziness_on_standing", "burning_feet",
]  # fmt: skip


@dataclass
class People:
    """Simulated people: the true state of each cause, and which findings they have."""

    state: Ints  # (N, V)
    finding: Ints  # (N, F) bool
    names: list[str]


def network_of(
    model: Model, sex: str, age: float, draws: int, seed: int
) -> tuple[Network, list[str]]:
    """The network over the complaint and the asked findings; lane 0 medians, then redraws."""
    names = [n for n in (*COMPLAINTS, *ASKED) if n in model.findings]
    rng = np.random.default_rng(seed) if draws else None
    noise = np.zeros((1 + draws, len(model.causes)))
    if rng is not None:
        noise[1:] = rng.standard_normal((draws, len(model.causes)))
    average = model.base_priors(sex, age, noise)
    return model.network(average, average, names, [], [], sex, age, rng, draws), names


def lane(network: Network, k: int) -> Network:
    """One draw of all parameters."""

    def cut(a: Floats) -> Floats:
        return a[k : k + 1] if a.shape[0] > 1 else a

    return replace(
        network, prior=cut(network.prior), leak=cut(network.leak), activation=cut(network.activation),
        inhibition=cut(network.inhibition), quality=cut(network.quality),
        quality_leak=cut(network.quality_leak), course=cut(network.course),
        course_leak=cut(network.course_leak),
        links=tuple(replace(link, table=cut(link.table)) for link in network.links),
    )  # fmt: skip


def draw_people(network: Network, n: int, rng: np.random.Generator) -> tuple[Ints, Ints]:
    """(states (N, V), findings (N, F)) of n people drawn from one lane of the network."""
    v = network.n_variables
    state = np.zeros((n, v), dtype=np.int8)
    into: dict[int, list] = {}
    for link in network.links:
        into.setdefault(link.child, []).append(link)
    for i in range(v):
        edges = np.cumsum(network.prior[0, i])
        state[:, i] = np.searchsorted(edges, rng.random(n), side="right").clip(0, STATES - 1)
        for link in into.get(i, ()):
            table = np.cumsum(link.table[0], axis=1)[state[:, link.parent]]
            pushed = (rng.random(n)[:, None] > table).sum(axis=1).clip(0, STATES - 1)
            state[:, i] = np.maximum(state[:, i], pushed)
    f = network.leak.shape[1]
    finding = np.zeros((n, f), dtype=bool)
    for j in range(f):
        quiet = np.full(n, 1 - network.leak[0, j])
        open_ = np.ones(n)
        for i in range(v):
            if network.activation[0, j, i].any():
                quiet *= 1 - network.activation[0, j, i][state[:, i]]
            if (network.inhibition[0, j, i] < 1).any():
                open_ *= network.inhibition[0, j, i][state[:, i]]
        finding[:, j] = rng.random(n) < (1 - quiet) * open_
    return state, finding


def assess_person(network: Network, finding: Ints, order: list[int] | None = None) -> Floats:
    """(L, V) P(present) of every cause for one simulated person."""
    evidence = Evidence(
        tuple(int(i) for i in np.flatnonzero(finding)),
        tuple(int(i) for i in np.flatnonzero(~finding)),
    )
    single = lane(network, 0)
    chosen = build(single, evidence).order if order is None else order
    return posterior(network, evidence, order=chosen).present


def calibration_run(
    model: Model, people: int, perturbed: bool, seed: int = 3
) -> dict[str, np.ndarray]:
    """Stated probability and truth of every cause in simulated people with at least two complaints.

    With `perturbed` each person comes from another draw of all parameters and is assessed by the
    medians; then `inside` says whether the true posterior lies in the stated 90 % interval.
    """
    rng = np.random.default_rng(seed)
    stated, truth, inside, width = [], [], [], []
    kinds = [
        ("female", 30.0),
        ("male", 30.0),
        ("female", 55.0),
        ("male", 55.0),
        ("female", 75.0),
        ("male", 75.0),
    ]
    for number, (sex, age) in enumerate(kinds):
        draws = 100 if perturbed else 0
        network, _ = network_of(model, sex, age, draws, seed + number)
        asked = len(COMPLAINTS)
        want = people // len(kinds)
        got = 0
        k = 0
        while got < want:
            k += 1
            source = lane(network, 1 + (k - 1) % 100) if perturbed else network
            state, finding = draw_people(source, 400 if perturbed else 3000, rng)
            ill = np.flatnonzero(finding[:, :asked].sum(axis=1) >= 2)[
                : 2 if perturbed else want - got
            ]
            for person in ill:
                p = assess_person(network, finding[person])
                stated.append(p[0])
                truth.append(state[person] > 0)
                if perturbed:
                    true_p = assess_person(source, finding[person])[0]
                    low, high = np.quantile(p[1:], [0.05, 0.95], axis=0)
                    big = p[0] >= 0.01
                    inside.append(((true_p >= low) & (true_p <= high))[big])
                    width.append((high - low)[big])
                got += 1
    return {
        "stated": np.array(stated),
        "truth": np.array(truth),
        "inside": np.concatenate(inside) if inside else np.zeros(0),
        "width": np.concatenate(width) if width else np.zeros(0),
    }


def implied_odds_ratio(
    model: Model, cause: str, findings: list[str], ages: tuple[float, ...], n: int = 400_000, seed: int = 5,
    sexes: tuple[str, ...] = ("female", "male"),
) -> float:  # fmt: skip
    """Odds ratio between a cause and any of some findings in simulated people of these ages."""
    rng = np.random.default_rng(seed)
    table = np.zeros((2, 2))
    for sex in sexes:
        for age in ages:
            average = model.base_priors(sex, age)
            network = model.network(average, average, findings, [], [], sex, age, None, 0)
            state, finding = draw_people(network, n // (len(ages) * len(sexes)), rng)
            ill = state[:, model.cause_index[cause]] > 0
            has = finding.any(axis=1)
            for a in (0, 1):
                for b in (0, 1):
                    table[a, b] += ((ill == a) & (has == b)).sum()
    table += 0.5
    return float(table[1, 1] * table[0, 0] / (table[1, 0] * table[0, 1]))

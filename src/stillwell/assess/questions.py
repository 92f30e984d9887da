"""What to ask or test next: expected information about the causes one can act on, per burden."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from stillwell.assess.evidence import (
    CaseEvidence,
    began_certainty,
    first_lane,
    soften_beginnings,
)
from stillwell.assess.model import STATES, Model
from stillwell.case.understand import Understood
from stillwell.inference.network import Evidence, Floats, Posterior, Variant
from stillwell.inference.sweep import posterior

# burden of answering: a question is free, an examination wants a clinician, then blood (judgement)
BURDEN = {"question": 1.0, "sign": 3.0, "finger": 2.0, "blood": 4.0, "special": 8.0}
WORTH = 0.002
DOUBTED = 0.8  # what was read with less certainty is asked about: judgement


@dataclass(frozen=True)
class NextStep:
    """One unasked question or test, or one about what may have been misread.

    Attributes:
        bits: expected information (bits) about the causes one can act on.
        per_burden: bits per unit of burden.
        probability: how likely the answer is yes (or the result abnormal).
        moves: causes whose probability would change most: (cause, if yes, if no).
        again: it was read from the person's words, but not surely.
    """

    id: str
    kind: str
    bits: float
    per_burden: float
    probability: float
    moves: tuple[tuple[str, float, float], ...]
    again: bool = False


def _entropy(p: Floats) -> Floats:
    q = np.clip(p, 1e-12, 1 - 1e-12)
    result: Floats = -(q * np.log2(q) + (1 - q) * np.log2(1 - q))
    return result


def next_steps(
    model: Model,
    case: Understood,
    observed: CaseEvidence,
    base: Posterior,
    order: list[int],
    keep: NDArray[np.int64],
) -> list[NextStep]:
    """All unasked questions and tests, most informative per burden first.

    For a yes/no item f the sweep gives P(f absent | evidence) and the posterior given f absent; the
    posterior given f present follows by the law of total probability. What was read without
    certainty is asked about like what is unknown: given f absent, its reading weighs w0.
    """
    known = model.known.base
    told = {*case.present, *case.absent}
    asked_labs = {f"lab:{t}:{side}" for t in case.labs for side in ("low", "high")}
    likely = {int(v) for i, v in enumerate(keep) if base.present[0, i] > 0.01}
    findings = [
        f
        for f in model.findings
        if f not in told
        and f not in asked_labs
        and any(i in likely for i, _ in model.edges.get(f, {}))
    ]
    roots = {model.qualities.get(n, n) for n in case.present}
    qualities = [
        q
        for q, root in model.qualities.items()
        if q not in told
        and root in roots
        and not q.startswith("lab:")
        and root in observed.findings
    ]
    course: list[str] = []
    begins: list[str] = []
    if observed.evidence.complaint:
        course = [c for c in model.course if c not in told and c not in model.exclusive]
        begun = set(model.exclusive) & set(case.present)
        if not any(case.certainty.get(n, 1.0) >= DOUBTED for n in begun):
            begins = [c for c in model.exclusive if c not in case.absent]
    doubted = _doubted(case, observed)
    items = findings + qualities + course + [name for name, _, _ in doubted] + begins
    if not items:
        return []
    lanes = len(items)
    ev = observed.evidence
    sex, age = case.person.sex, case.person.age
    names = observed.findings + findings
    quality_names = observed.qualities + qualities
    course_names = observed.course + course
    network = model.network(
        observed.present_prior[:1],
        observed.average_prior[:1],
        names,
        quality_names,
        course_names,
        sex,
        age,
        None,
        0,
        observed.grades,
        [*observed.began, *((name, True) for name in begins)],
    )
    certain = began_certainty(case, observed.began)
    network = soften_beginnings(network, certain + [1.0] * len(begins))
    network = replace(network.restricted(keep), prior=first_lane(observed.network).prior)
    extra = np.zeros((lanes, len(names)))
    absent_q = np.zeros((lanes, len(ev.quality_absent) + len(qualities)))
    absent_q[:, : len(ev.quality_absent)] = 1
    absent_c = np.zeros((lanes, len(ev.course_absent) + len(course)))
    absent_c[:, : len(ev.course_absent)] = 1
    for k in range(len(findings)):
        extra[k, len(observed.findings) + k] = 1
    for k in range(len(qualities)):
        absent_q[len(findings) + k, len(ev.quality_absent) + k] = 1
    for k in range(len(course)):
        absent_c[len(findings) + len(qualities) + k, len(ev.course_absent) + k] = 1
    told_begun = len(observed.began)
    holds = np.zeros((lanes, told_begun + len(begins)))
    holds[:, :told_begun] = 1
    first = lanes - len(begins)
    for k in range(len(begins)):
        holds[first + k] = [*(not told for _, told in observed.began), *np.eye(len(begins))[k]]
    weights = {
        kind: np.tile(ev.weights(kind), (lanes, 1, 1))
        for kind in dict.fromkeys(d[1] for d in doubted)
    }
    for k, (_, kind, at) in enumerate(doubted, first - len(doubted)):
        weights[kind][k, at, 0] = 0.0
    wider = Evidence(
        ev.present,
        ev.absent,
        ev.quality_present,
        (*ev.quality_absent, *range(len(observed.qualities), len(quality_names))),
        ev.course_present,
        (*ev.course_absent, *range(len(observed.course), len(course_names))),
        complaint=ev.complaint,
        likelihood=ev.likelihood,
        softness=ev.softness,
    )
    variant = Variant(
        lanes,
        quality_absent=absent_q,
        course_absent=absent_c,
        agreement=holds,
        extra_absent=extra,
        softness=weights,
    )
    result = posterior(network, wider, variant, order=order)
    p_absent = np.clip(result.evidence / base.evidence[0], 0, 1)
    now = base.present[0]
    no = result.present
    p_yes = 1 - p_absent
    with np.errstate(divide="ignore", invalid="ignore"):
        yes = (now[None] - p_absent[:, None] * no) / p_yes[:, None]
    yes = np.where(p_yes[:, None] > 1e-9, np.clip(yes, 0, 1), now[None])
    if begins:
        # lanes of a way to begin hold it as told: what is said of no follows from the others
        usual = model.usual_beginnings(sex, age)[[model.exclusive.index(n) for n in begins]]
        p = usual * result.evidence[first:] * _readings(model, case, observed, begins, sex, age)
        p_yes[first:] = p / p.sum()
        yes[first:] = result.present[first:]
        mean = p_yes[first:] @ yes[first:]
        p_absent = 1 - p_yes
        rest = mean[None] - p_yes[first:, None] * yes[first:]
        no = no.copy()
        no[first:] = np.clip(rest / np.maximum(p_absent[first:, None], 1e-9), 0, 1)
    act = np.array([known.causes[model.causes[int(v)]].actionable for v in keep])
    gain = _entropy(now)[None] - p_absent[:, None] * _entropy(no) - p_yes[:, None] * _entropy(yes)
    bits = np.clip(gain[:, act], 0, None).sum(axis=1)
    return _collect(model, case, [model.causes[int(v)] for v in keep], items, bits, p_yes, yes, no)


def _doubted(case: Understood, observed: CaseEvidence) -> list[tuple[str, str, int]]:
    """(id, kind, place) of the present items that were read with less certainty than `DOUBTED`."""
    ev = observed.evidence
    names = {
        "present": observed.findings,
        "quality_present": observed.qualities,
        "course_present": observed.course,
    }
    return [
        (names[kind][i], kind, place)
        for kind in names
        for place, i in enumerate(getattr(ev, kind))
        if (kind, i) in ev.softness and case.certainty.get(names[kind][i], 1.0) < DOUBTED
    ]


def _readings(
    model: Model,
    case: Understood,
    observed: CaseEvidence,
    begins: list[str],
    sex: str | None,
    age: float | None,
) -> Floats:
    """How well each way to begin fits the uncertain readings of how it began; see `heard`."""
    usual = model.usual_beginnings(sex, age)
    result = np.ones(len(begins))
    for name, told in observed.began:
        if told:
            rho = case.sure(name)
            stated = np.array([n == name for n in begins]) / usual[model.exclusive.index(name)]
            result *= rho * stated + 1 - rho
    return result


def _collect(
    model: Model,
    case: Understood,
    causes: list[str],
    items: list[str],
    bits: Floats,
    p_yes: Floats,
    yes: Floats,
    no: Floats,
) -> list[NextStep]:
    known = model.known.base
    steps: dict[str, NextStep] = {}
    for k, item in enumerate(items):
        if item.startswith("lab:"):
            name = item.split(":")[1]
            kind: str = known.tests[name].burden
        else:
            name = item
            kind = "sign" if known.findings[item].sign else "question"
        shift = np.abs(yes[k] - no[k])
        top = [int(i) for i in np.argsort(-shift)[:3] if shift[i] > 0.01]
        moves = tuple((causes[i], float(yes[k, i]), float(no[k, i])) for i in top)
        before = steps.get(name)
        total = float(bits[k]) + (before.bits if before else 0.0)
        if before is not None and before.moves and (not moves or p_yes[k] < before.probability):
            moves = before.moves
        chance = float(p_yes[k]) + (before.probability if before else 0.0)
        steps[name] = NextStep(
            name, kind, total, total / BURDEN[kind], min(chance, 1.0), moves, name in case.present
        )
    return sorted(steps.values(), key=lambda step: -step.per_burden)


__all__ = ["STATES", "WORTH", "NextStep", "next_steps"]

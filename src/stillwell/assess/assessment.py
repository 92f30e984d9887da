"""Case in, assessment out: triage, evidence, posterior, reasons, next steps, plan."""

from __future__ import annotations

import msgspec
import numpy as np

from stillwell import __version__
from stillwell.assess.evidence import CaseEvidence, case_evidence, first_lane
from stillwell.assess.model import Model, model
from stillwell.assess.plan import Plan, make_plan
from stillwell.assess.questions import NextStep, next_steps
from stillwell.assess.reasons import leave_one_out
from stillwell.case.labs import in_unit
from stillwell.case.model import Case
from stillwell.case.understand import Understood, understand
from stillwell.inference.ordering import find_order
from stillwell.inference.sweep import (
    ImpossibleEvidenceError,
    contributions,
    nothing_listed,
    posterior,
)
from stillwell.errors import CaseError
from stillwell.triage.rules import Urgency, triage

DRAWS = 200
WIDE = 200_000  # cells; above this the redraws and questions would take longer than people wait


class Because(msgspec.Struct, frozen=True, kw_only=True):
    """One piece of evidence for (positive) or against (negative) a cause, in log-odds."""

    item: str
    words: str
    weight: float


class Ranked(msgspec.Struct, frozen=True, kw_only=True):
    """One cause: is it present, and does it produce the complaint?"""

    id: str
    name: str
    technical_name: str
    contributes: float
    contributes_low: float
    contributes_high: float
    present: float
    present_low: float
    present_high: float
    before: float
    reasons: list[Because]


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """An unasked question or a test, with what it is worth."""

    id: str
    kind: str
    text: str
    why: str
    bits: float
    per_burden: float
    probability: float


class Assessment(msgspec.Struct, frozen=True, kw_only=True):
    """Everything a report shows, in the order in which it is shown."""

    schema: str
    version: str
    knowledge: str
    urgency: Urgency
    understood: dict[str, list[str]]
    unclear: list[str]
    complaint: list[str]
    causes: list[Ranked]
    nothing_listed: float
    nothing_low: float
    nothing_high: float
    questions: list[Question]
    tests: list[Question]
    plan: Plan
    limits: list[str]
    references: dict[str, str]


def assess(case: Case | Understood, *, draws: int = DRAWS, detail: bool = True) -> Assessment:
    """Assess one case.

    Args:
        draws: redraws of all uncertain numbers for the 90 % intervals (0: none).
        detail: also work out reasons and next steps.

    Raises:
        CaseError: a field of the case cannot be used.
    """
    net = model()
    told = understand(case) if isinstance(case, Case) else case
    urgency = triage(told, net.known)
    given = case_evidence(net, told, draws)
    return _assess(net, told, urgency, given, detail)


def posterior_of(net: Model, told: Understood) -> tuple[np.ndarray, np.ndarray, float]:  # type: ignore[type-arg]
    """(present, contributes, nothing listed) at the medians: the fast part, for interviews and runs."""
    given = case_evidence(net, told, 0)
    result = posterior(given.network, given.evidence, effort=60)
    share = contributions(given.network, given.evidence, result)
    nothing = nothing_listed(given.network, given.evidence, result.evidence)
    return result.present[0], share[0], float(nothing[0])


def _assess(
    net: Model, told: Understood, urgency: Urgency, given: CaseEvidence, detail: bool
) -> Assessment:
    single = first_lane(given.network)
    try:
        base = posterior(single, given.evidence, effort=60)
    except ImpossibleEvidenceError:
        raise CaseError("case", "cannot be put together", "Check for contradictions") from None
    share = contributions(single, given.evidence, base)[0]
    nothing = float(nothing_listed(single, given.evidence, base.evidence)[0])
    limits: list[str] = []
    from stillwell.inference.program import build

    program = build(single, given.evidence, effort=60)
    order = program.order
    lanes = given.network.n_draws
    present_draws = base.present
    share_draws = share[None]
    nothing_draws = np.array([nothing])
    if lanes > 1 and program.cells <= WIDE:
        drawn = posterior(given.network, given.evidence, order=order)
        present_draws = drawn.present
        direct = drawn.present - drawn.quiet[:, :, 1:].sum(axis=2)
        # what a cause brings through others is redrawn in proportion to its presence
        through = np.clip(share - (base.present - base.quiet[:, :, 1:].sum(axis=2))[0], 0, None)
        scale = through / np.clip(base.present[0], 1e-12, None)
        share_draws = np.clip(direct + drawn.present * scale, 0, 1)
        nothing_draws = nothing_listed(given.network, given.evidence, drawn.evidence)
    elif lanes > 1:
        limits.append("The story is long: intervals were left out to answer in time.")
    reasons: list[list[Because]] = [[] for _ in net.causes]
    steps: list[NextStep] = []
    if detail and program.cells <= WIDE:
        items, weights = leave_one_out(net, told, given, order)
        reasons = _reasons(net, items, weights)
        steps = next_steps(net, told, given, base, order)
    ranked = _ranked(net, given, base.present[0], share, present_draws, share_draws, reasons)
    questions = [_question(net, s) for s in steps if s.kind in ("question", "sign")][:8]
    tests = [_question(net, s) for s in steps if s.kind not in ("question", "sign")][:8]
    plan = make_plan(net.known, told, urgency, [(r.id, r.contributes, r.present) for r in ranked])
    limits += _limits(told)
    return Assessment(
        schema="stillwell/assessment/1",
        version=__version__,
        knowledge=net.known.digest[:12],
        urgency=urgency,
        understood=_understood(net, told),
        unclear=told.unclear,
        complaint=[net.known.base.findings[f].name for f in told.complaint],
        causes=ranked,
        nothing_listed=nothing,
        nothing_low=float(np.quantile(nothing_draws, 0.05)),
        nothing_high=float(np.quantile(nothing_draws, 0.95)),
        questions=questions,
        tests=tests,
        plan=plan,
        limits=limits,
        references=_references(net, ranked, urgency, plan),
    )


def words_of(net: Model, item: str) -> str:
    """A piece of evidence in plain words."""
    base = net.known.base
    kind, _, rest = item.partition(":")
    if kind == "lab":
        test, side, *more = rest.split(":")
        return f"{base.tests[test].name} {'very ' if more else ''}{side}"
    if kind == "panel":
        return " with ".join(m.replace("_", " ") for m in base.panels[rest].markers[:2])
    if kind == "history":
        return base.history[rest].name
    if kind == "medicine":
        group, _, member = rest.partition(":")
        table = base.medicines if group in base.medicines else base.supplements
        return member or table[group].name
    return base.findings[item].name


def _reasons(net: Model, items: list[str], weights: np.ndarray) -> list[list[Because]]:  # type: ignore[type-arg]
    found: list[list[Because]] = []
    for v in range(len(net.causes)):
        order = np.argsort(-np.abs(weights[:, v]))[:8]
        found.append([
            Because(item=items[k], words=words_of(net, items[k]), weight=float(weights[k, v]))
            for k in order if abs(weights[k, v]) >= 0.1
        ])
    return found


def _ranked(net, given, present, share, present_draws, share_draws, reasons) -> list[Ranked]:  # type: ignore[no-untyped-def]
    base = net.known.base
    low, high = np.quantile(share_draws, [0.05, 0.95], axis=0)
    p_low, p_high = np.quantile(present_draws, [0.05, 0.95], axis=0)
    order = sorted(range(len(net.causes)), key=lambda v: (-share[v], -present[v], net.causes[v]))
    return [
        Ranked(
            id=net.causes[v],
            name=base.causes[net.causes[v]].name,
            technical_name=base.causes[net.causes[v]].technical_name,
            contributes=float(share[v]),
            contributes_low=float(min(low[v], share[v])),
            contributes_high=float(max(high[v], share[v])),
            present=float(present[v]),
            present_low=float(min(p_low[v], present[v])),
            present_high=float(max(p_high[v], present[v])),
            before=float(given.average_prior[0, v]),
            reasons=reasons[v],
        )
        for v in order
    ]


def _question(net: Model, step: NextStep) -> Question:
    base = net.known.base
    if step.id in base.tests:
        text, kind = base.tests[step.id].name, base.tests[step.id].burden
    else:
        text, kind = base.findings[step.id].question, step.kind
    moves = "; ".join(
        f"{base.causes[c].name}: {yes:.0%} if {'abnormal' if step.id in base.tests else 'yes'}, "
        f"{no:.0%} if {'normal' if step.id in base.tests else 'no'}"
        for c, yes, no in step.moves
    )
    return Question(
        id=step.id, kind=kind, text=text, why=moves, bits=step.bits,
        per_burden=step.per_burden, probability=step.probability,
    )


def _understood(net: Model, told: Understood) -> dict[str, list[str]]:
    base = net.known.base
    labs = []
    for name, result in told.labs.items():
        test = base.tests[name]
        labs.append(f"{test.name}: {result.shown} ({result.flag})")
        if result.value is not None and result.unit_brought and result.unit_brought != test.unit:
            labs[-1] += f" = {in_unit(result.value, test.unit, test)}"
    return {
        "present": [base.findings[f].name for f in told.present],
        "absent": [base.findings[f].name for f in told.absent],
        "history": [base.history[h].name for h in told.history_present],
        "not in history": [base.history[h].name for h in told.history_absent],
        "medicines": [m.member or m.told for m in told.medicines],
        "supplements": [m.member or m.told for m in told.supplements],
        "results": labs,
    }


def _limits(told: Understood) -> list[str]:
    limits = ["No program can examine you. The numbers say how often people who tell this story turn out to have each cause; they can be wrong."]
    if told.person.age is None or told.person.sex is None:
        missing = [n for n in ("age", "sex") if getattr(told.person, n) is None]
        limits.append(
            f"Your {' and '.join(missing)} was not told, so the answer is an average over all "
            "adults; adding it would sharpen the list."
        )
    if told.person.age is not None and told.person.age < 18:
        limits.append("The numbers are for adults; under 18 they are only a rough guide.")
    if not told.labs:
        limits.append("No blood test was given; several causes can be told apart only by one.")
    if not told.medicines_known:
        limits.append("No list of medicines was given; medicines are a common cause.")
    return limits


def _references(net: Model, ranked: list[Ranked], urgency: Urgency, plan: Plan) -> dict[str, str]:
    from stillwell.knowledge.loader import cites, sourced_numbers

    base = net.known.base
    keys: dict[str, None] = {}
    for alert in urgency.alerts:
        keys.update(dict.fromkeys(alert.cite))
    for cause in [r.id for r in ranked[:5]]:
        for _, number in sourced_numbers(base.causes[cause]):
            keys.update(dict.fromkeys(cites(number)))
    for advice in plan.advice:
        keys.update(dict.fromkeys(advice.cite))
    return {key: reference_text(base.references[key]) for key in keys if key in base.references}


def reference_text(r) -> str:  # type: ignore[no-untyped-def]
    """A reference in one line."""
    parts = [r.authors, r.title, r.journal, str(r.year) if r.year else None]
    text = ". ".join(p.rstrip(".") for p in parts if p)
    link = f"doi:{r.doi}" if r.doi else f"PMID {r.pmid}" if r.pmid else r.pmcid or r.url or ""
    return f"{text}. {link}".strip()


__all__ = ["Assessment", "assess", "find_order", "posterior_of", "words_of"]

"""Case in, assessment out: triage, evidence, posterior, reasons, next steps, plan."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Literal

import msgspec
import numpy as np
from numpy.typing import NDArray

from stillwell import __version__
from stillwell.assess.diet import Diet, Eaten, diet_advice, read_diet
from stillwell.assess.evidence import CaseEvidence, case_evidence, first_lane
from stillwell.assess.model import Model, model
from stillwell.assess.plan import Plan, make_plan
from stillwell.assess.questions import NextStep, next_steps
from stillwell.assess.reasons import leave_one_out
from stillwell.case.labs import in_unit
from stillwell.case.model import Case
from stillwell.case.person_in_words import is_child
from stillwell.case.understand import Understood, understand
from stillwell.errors import CaseError
from stillwell.inference.network import Evidence, Floats, Network, Posterior
from stillwell.inference.program import Program, build
from stillwell.inference.sweep import (
    ImpossibleEvidenceError,
    contributions,
    nothing_listed,
    posterior,
    posterior_by,
)
from stillwell.knowledge.references import reference_text
from stillwell.triage.rules import Urgency, triage

DRAWS = 200
RELEVANT = 0.002
THROUGH = 0.005  # what a cause brings through others is worked out where it may be this much
MOST = 30
ACCOUNTS = 0.6  # share of a general diagnosis that one cause must reach to be listed before it
WORTH_SAYING = 0.03  # a change of probability by age or sex that the report mentions
LARGEST = 2**23  # cells of the joint distribution; above it signs are set aside
SHORT_PATIENCE = 0.05
LONG_PATIENCE = 3.0  # the order serves all redraws, reasons and questions
LINKED = 0.02  # what a cause brings through others is redrawn where it is at least so likely
WIDE = 400_000  # cells; above this the redraws and questions would take longer than people wait


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
    named_by_alert: bool
    cite: list[str]


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
    diet: Diet | None
    limits: list[str]
    references: dict[str, str]


def assess(
    case: Case | Understood,
    *,
    draws: int = DRAWS,
    detail: bool = True,
    units: Literal["brought", "si", "us"] = "brought",
) -> Assessment:
    """Assess one case.

    Args:
        draws: redraws of all uncertain numbers for the 90 % intervals (0: none).
        detail: also work out reasons and next steps.
        units: how results are printed: as the person brought them, SI, or US units.

    Raises:
        CaseError: a field of the case cannot be used.
    """
    net = model()
    told = understand(case) if isinstance(case, Case) else case
    urgency = in_words(net, told, triage(told, net.known))
    eaten = read_diet(net.known, told)
    forgotten: list[str] = []
    given = case_evidence(net, told, draws)
    whole = build(first_lane(given.network), given.evidence, quiet=True)
    if whole.cells > LARGEST:
        told, forgotten = fit_to_memory(net, told)
        given = case_evidence(net, told, draws)
        whole = build(first_lane(given.network), given.evidence, quiet=True)
    return _assess(net, told, urgency, given, whole, detail, units, eaten, forgotten)


def in_words(net: Model, told: Understood, urgency: Urgency) -> Urgency:
    """The same alerts, with what made each fire in plain words and the person's own results."""

    def words(item: str) -> str:
        kind, _, name = item.partition(":")
        if kind == "lab":
            return f"{net.known.base.tests[name].name} {told.labs[name].shown}"
        if kind == "vital":
            return ", ".join(dict.fromkeys(r.shown for r in told.vitals[name]))
        if kind == "medicine":
            taken = [m for m in (*told.medicines, *told.supplements) if name in (m.group, m.member)]
            return (taken[0].member or taken[0].told) if taken else name
        for table in (net.known.base.findings, net.known.base.history):
            if item in table:
                return table[item].name
        return item

    return msgspec.structs.replace(
        urgency,
        alerts=[
            msgspec.structs.replace(a, because=[words(i) for i in a.because])
            for a in urgency.alerts
        ],
    )


def fit_to_memory(net: Model, told: Understood) -> tuple[Understood, list[str]]:
    """A case that can be worked out exactly, and the names of the signs left out of it.

    Exact work grows with the number of signs. Above `LARGEST` the signs that are commonest in people
    with none of the causes, which tell least, are set aside one by one (triage has seen them all).
    """
    left: list[str] = []
    while len(told.present) > 1:
        given = case_evidence(net, told, 0)
        program = build(given.network, given.evidence, quiet=True, patience=SHORT_PATIENCE)
        if program.cells <= LARGEST:
            break
        spare = [n for n in told.present if n not in net.exclusive] or told.present
        weakest = max(spare, key=lambda n: (n not in told.complaint, net.usual_leak(n)))
        left.append(net.known.base.findings[weakest].name)
        told = replace(
            told,
            present=[n for n in told.present if n != weakest],
            complaint=[n for n in told.complaint if n != weakest] or told.complaint,
        )
    return told, left


def posterior_of(net: Model, told: Understood) -> tuple[Floats, Floats, float]:
    """(present, contributes, nothing listed) at the medians: the fast part, for interviews and runs."""
    given = case_evidence(net, told, 0)
    program = build(given.network, given.evidence, quiet=True)
    if program.cells > LARGEST:
        given = case_evidence(net, fit_to_memory(net, told)[0], 0)
        program = build(given.network, given.evidence, quiet=True)
    result = posterior_by(given.network, program)
    share = contribution_shares(given.network, given.evidence, result)
    nothing = nothing_listed(given.network, given.evidence, result.evidence, program.order)
    return result.present[0], share, float(nothing[0])


def contribution_shares(network: Network, evidence: Evidence, given: Posterior) -> Floats:
    """(V,) probability that each cause contributes to the complaint.

    What it brings itself is exact over all causes. What it brings through others is worked out over the
    causes that are present with probability `RELEVANT` and more: what those left out could add is at
    most their probability.
    """
    direct: Floats = np.clip(given.present[0] - given.quiet[0, :, 1:].sum(axis=1), 0.0, None)
    keep = np.flatnonzero(given.present[0] >= RELEVANT)
    if not len(keep):
        return direct
    assert evidence.likelihood is not None
    small = network.restricted(keep)
    here = replace(evidence, likelihood=evidence.likelihood[keep])
    program = build(small, here, quiet=True)
    part = posterior_by(small, program)
    own = np.clip(part.present[0] - part.quiet[0, :, 1:].sum(axis=1), 0.0, None)
    through = contributions(small, here, part, THROUGH, program.order)[0] - own
    direct[keep] += np.clip(through, 0.0, None)
    result: Floats = np.minimum(direct, given.present[0])
    return result


def _assess(
    net: Model,
    told: Understood,
    urgency: Urgency,
    given: CaseEvidence,
    whole: Program,
    detail: bool,
    units: str,
    eaten: Eaten | None,
    forgotten: list[str],
) -> Assessment:
    single = first_lane(given.network)
    try:
        base = posterior_by(single, whole)
    except ImpossibleEvidenceError:
        raise CaseError("case", "cannot be put together", "Check for contradictions") from None
    share = contribution_shares(single, given.evidence, base)
    nothing = float(nothing_listed(single, given.evidence, base.evidence, whole.order)[0])
    limits: list[str] = []
    if forgotten:
        limits.append(net.known.base.wording.limits["too_long"].format(signs=", ".join(forgotten)))
    keep = _relevant(base.present[0], share)
    assert given.evidence.likelihood is not None
    small = replace(
        given,
        network=given.network.restricted(keep),
        evidence=replace(given.evidence, likelihood=given.evidence.likelihood[keep]),
    )
    quick = first_lane(small.network)
    program = build(quick, small.evidence, quiet=True, patience=LONG_PATIENCE)
    order = program.order
    exact_small = posterior_by(quick, program)
    present_draws = base.present
    share_draws = share[None]
    nothing_draws = np.array([nothing])
    if given.network.n_draws > 1 and program.cells <= WIDE:
        drawn = posterior(small.network, small.evidence, quiet=True, order=order)
        lanes = drawn.present.shape[0]
        # a cause left out of the redraws is present with a probability under the threshold
        present_draws = np.tile(np.linspace(0, RELEVANT, lanes)[:, None], (1, len(net.causes)))
        share_draws = present_draws.copy()
        present_draws[:, keep] = drawn.present
        share_draws[:, keep] = contributions(small.network, small.evidence, drawn, LINKED, order)
        nothing_draws = nothing_listed(small.network, small.evidence, drawn.evidence, order)
    elif given.network.n_draws > 1:
        limits.append(net.known.base.wording.limits["long"])
    reasons: list[list[Because]] = [[] for _ in net.causes]
    steps: list[NextStep] = []
    if detail and program.cells <= WIDE:
        items, weights = leave_one_out(net, told, small, order, keep)
        for position, found in zip(keep, _reasons(net, items, weights), strict=True):
            reasons[int(position)] = found
        steps = next_steps(net, told, small, exact_small, order, keep)
    named = {
        cause
        for alert in urgency.alerts
        if alert.level in ("emergency", "today")
        for cause in alert.causes
    }
    ranked = _ranked(
        net, told, given, base.present[0], share, present_draws, share_draws, reasons, named
    )
    questions = [_question(net, s) for s in steps if s.kind in ("question", "sign")][:8]
    tests = [_question(net, s) for s in steps if s.kind not in ("question", "sign")][:8]
    listed = [(r.id, r.contributes, r.present) for r in ranked]
    plan = make_plan(net.known, told, urgency, listed, eaten)
    limits += _limits(net, told) if detail else []
    diet = None
    if eaten is not None:
        present = {r.id: r.present for r in ranked}
        diet = diet_advice(net.known, told, eaten, present) if detail else None
    return Assessment(
        schema="stillwell/assessment/1",
        version=__version__,
        knowledge=net.known.digest[:12],
        urgency=urgency,
        understood=_understood(net, told, units),
        unclear=told.unclear,
        complaint=[net.known.base.findings[f].name for f in told.complaint],
        causes=ranked,
        nothing_listed=nothing,
        nothing_low=float(np.quantile(nothing_draws, 0.05)),
        nothing_high=float(np.quantile(nothing_draws, 0.95)),
        questions=questions,
        tests=tests,
        plan=plan,
        diet=diet,
        limits=limits,
        references=_references(net, ranked, urgency, plan),
    )


def _relevant(present: Floats, share: Floats) -> NDArray[np.int64]:
    """The causes that the redraws, reasons and next steps are worked out over."""
    chosen = (present >= RELEVANT) & (share >= RELEVANT / 2)
    chosen[np.argsort(-share)[:12]] = True
    kept = np.flatnonzero(chosen)
    if len(kept) > MOST:
        kept = np.sort(np.argsort(-share)[:MOST])
    return kept


def words_of(net: Model, item: str) -> str:
    """A piece of evidence in plain words."""
    base = net.known.base
    kind, _, rest = item.partition(":")
    if kind == "no":
        inner = words_of(net, rest)
        return (
            f"{inner.removesuffix(' low').removesuffix(' high')} not {inner.split()[-1]}"
            if (rest.startswith("lab:"))
            else f"no to “{inner}”"
        )
    if kind == "lab":
        test, side, *more = rest.split(":")
        return (
            f"how {side} {base.tests[test].name} is" if more else f"{base.tests[test].name} {side}"
        )
    if kind == "panel":
        return " with ".join(m.replace("_", " ") for m in base.panels[rest].markers[:2])
    if kind == "history":
        return base.history[rest].name
    if kind == "intake":
        return f"what you eat of {rest.replace('_', ' ')}"
    if kind == "not taken":
        names = [n for n in rest.split("|") if n in base.medicines]
        return f"not taking {' or '.join(base.medicines[n].name for n in names)}"
    if kind == "medicine":
        group, _, member = rest.partition(":")
        table = base.medicines if group in base.medicines else base.supplements
        return member or table[group].name
    return base.findings[item].name


def _reasons(net: Model, items: list[str], weights: Floats) -> list[list[Because]]:
    found: list[list[Because]] = []
    for v in range(weights.shape[1]):
        order = np.argsort(-np.abs(weights[:, v]))[:8]
        found.append(
            [
                Because(item=items[k], words=words_of(net, items[k]), weight=float(weights[k, v]))
                for k in order
                if abs(weights[k, v]) >= 0.1
            ]
        )
    return found


def _ranked(  # type: ignore[no-untyped-def]
    net, told, given, present, share, present_draws, share_draws, reasons, named
) -> list[Ranked]:
    base = net.known.base
    low, high = np.quantile(share_draws, [0.05, 0.95], axis=0)
    p_low, p_high = np.quantile(present_draws, [0.05, 0.95], axis=0)
    place = ranking_key(net, share)
    order = sorted(range(len(net.causes)), key=lambda v: (-place[v], -present[v], net.causes[v]))
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
            named_by_alert=net.causes[v] in named,
            cite=_cited(net, told, net.causes[v]) if share[v] >= WORTH_SAYING else [],
        )
        for v in order
    ]


def ranking_key(net: Model, share: Floats) -> Floats:
    """(V,) what causes are listed by: their contribution, but a general diagnosis comes after the cause
    that accounts for most of it."""
    key = share.copy()
    for v, name in enumerate(net.causes):
        cause = net.known.base.causes[name]
        if not cause.general:
            continue
        parents = [net.cause_index[link.cause] for link in cause.raised_by]
        reasons = [p for p in parents if share[p] >= ACCOUNTS * share[v]]
        if reasons:
            key[v] = min(share[v], min(share[p] for p in reasons) - 1e-9)
    return key


def _question(net: Model, step: NextStep) -> Question:
    base = net.known.base
    if step.id in base.tests:
        text, kind = base.tests[step.id].name, str(base.tests[step.id].burden)
    else:
        text, kind = base.findings[step.id].question, step.kind
    first, second = ("abnormal", "normal") if step.id in base.tests else ("yes", "no")
    moves = "; ".join(
        f"{base.causes[c].name}: {first} {_share(yes)}, {second} {_share(no)}"
        for c, yes, no in step.moves
    )
    return Question(
        id=step.id,
        kind=kind,
        text=text,
        why=moves,
        bits=step.bits,
        per_burden=step.per_burden,
        probability=step.probability,
    )


def _share(p: float) -> str:
    return "under 1 %" if p < 0.005 else f"{100 * p:.0f} %"


def _understood(net: Model, told: Understood, units: str) -> dict[str, list[str]]:
    base = net.known.base
    labs = []
    for name, result in told.labs.items():
        test = base.tests[name]
        labs.append(f"{test.name}: {result.shown} ({result.flag})")
        wanted = test.us_unit if units == "us" else test.unit
        if units != "brought" and wanted and result.value is not None:
            shown = f"{result.censored}{in_unit(result.value, wanted, test)}"
            labs[-1] = f"{test.name}: {shown} ({result.flag})"
    return {
        "present": [base.findings[f].name for f in told.present],
        "absent": [
            base.findings[f].name
            for f in told.absent
            if not set(base.findings[f].excludes) & set(told.present)
        ],
        "history": [base.history[h].name for h in told.history_present],
        "not in history": [base.history[h].name for h in told.history_absent],
        "medicines": [m.member or m.told for m in told.medicines],
        "supplements": [m.member or m.told for m in told.supplements],
        "results": labs,
    }


def _limits(net: Model, told: Understood) -> list[str]:
    words = net.known.base.wording.limits
    limits = [words["always"]]
    for what, choices in (("age", (25, 45, 65, 80)), ("sex", ("female", "male"))):
        if getattr(told.person, what) is not None:
            continue
        limits.append(words["unknown_person"].format(what=what))
        others = [
            posterior_of(
                net, replace(told, person=msgspec.structs.replace(told.person, **{what: c}))
            )
            for c in choices
        ]
        shares = np.stack([share for _, share, _ in others])
        moved = shares.max(axis=0) - shares.min(axis=0)
        for v in np.argsort(-moved)[:2]:
            if moved[v] >= WORTH_SAYING:
                limits.append(
                    words["would_change"].format(
                        what=what,
                        cause=net.known.base.causes[net.causes[v]].name,
                        low=f"{shares[:, v].min():.0%} ({what} {choices[shares[:, v].argmin()]})",
                        high=f"{shares[:, v].max():.0%} ({what} {choices[shares[:, v].argmax()]})",
                    )
                )
    if is_child(told.person):
        limits.insert(0, words["child"])
    if not told.present:
        limits.append(words["no_complaint"])
    if not told.labs:
        limits.append(words["no_results"])
    if not told.medicines_known:
        limits.append(words["no_medicines"])
    return limits


def _cited(net: Model, told: Understood, cause: str) -> list[str]:
    """Where the numbers come from that this person's case used of a cause."""
    from stillwell.knowledge.loader import cites

    record = net.known.base.causes[cause]
    items = {*told.present, *told.absent}
    history = {*told.history_present, *told.history_absent}
    used: list[Any] = list(record.prior)
    used += [f for f in record.findings if f.finding in items]
    used += [r for r in record.risk_factors if r.factor in history]
    used += [e for e in record.labs if e.lab in told.labs]
    return list(dict.fromkeys(key for number in used for key in cites(number)))


def _references(net: Model, ranked: list[Ranked], urgency: Urgency, plan: Plan) -> dict[str, str]:
    """The sources of what the report shows, in its order."""
    base = net.known.base
    keys: dict[str, None] = {}
    for alert in urgency.alerts:
        keys.update(dict.fromkeys(alert.cite))
    for cause in ranked[:5]:
        keys.update(dict.fromkeys(cause.cite))
    for advice in plan.advice:
        keys.update(dict.fromkeys(advice.cite))
    return {key: reference_text(base.references[key]) for key in keys if key in base.references}


__all__ = ["Assessment", "assess", "posterior_of", "words_of"]

"""Case in, assessment out: triage, evidence, posterior, reasons, next steps, plan."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import msgspec
import numpy as np
from numpy.typing import NDArray

from stillwell import __version__
from stillwell.assess.bottom_line import Sentence, bottom_line
from stillwell.assess.ceilings import Authority
from stillwell.assess.checklist import Checklist, make_checklist, ordered, without_asked
from stillwell.assess.diet import Diet, diet_advice, read_diet
from stillwell.assess.evidence import CaseEvidence, case_evidence, first_lane, unheard_results
from stillwell.assess.evidence_words import words_of
from stillwell.assess.model import Model, model
from stillwell.assess.plan import Plan, first_aid, make_plan
from stillwell.assess.questions import NextStep, next_steps
from stillwell.assess.ranking import Group, proven_by_results, ranking
from stillwell.assess.reasons import reasons
from stillwell.assess.results import ResultLine, result_lines
from stillwell.assess.size import LARGEST, crowded, fit_to_memory, too_large
from stillwell.assess.stages import Stages
from stillwell.assess.steps import CauseSteps, dangers, steps_for
from stillwell.assess.taken import Warning, warnings
from stillwell.case.labs import in_unit
from stillwell.case.model import Case, Person
from stillwell.case.understand import TakenMedicine, Understood, understand
from stillwell.inference.network import Evidence, Floats, Network, Posterior
from stillwell.inference.program import Program, build
from stillwell.inference.scale import worked_out
from stillwell.inference.sweep import (
    ImpossibleEvidenceError,
    contributions,
    nothing_listed,
    posterior,
)
from stillwell.knowledge.loader import Base
from stillwell.knowledge.references import reference_text
from stillwell.knowledge.store import Knowledge, knowledge
from stillwell.triage.rules import RED, Urgency, triage

DRAWS = 200
RELEVANT = 0.002
THROUGH = 0.005  # what a cause brings through others is worked out where it may be this much
MOST = 30
WORTH_SAYING = 0.03  # a change of probability by age or sex that the report mentions
LONG_PATIENCE = 3.0  # the order serves all redraws, reasons and questions
LINKED = 0.02  # what a cause brings through others is redrawn where it is at least so likely
WIDE = 400_000  # cells; above this the redraws and questions would take longer than people wait
MOST_RULED_OUT = 5
MOST_PERHAPS = 6  # doubtful readings that a report lists


class Because(msgspec.Struct, frozen=True, kw_only=True):
    """One piece of evidence for (positive) or against (negative) a cause, in log-odds.

    `better`: the name of the cause that explains it better, where it fits this one too and still lowers it:
    it does not speak against this cause.
    """

    item: str
    words: str
    weight: float
    better: str = ""


class Ranked(msgspec.Struct, frozen=True, kw_only=True):
    """One cause: is it present, and does it produce what was told?

    `group`: why it stands where it stands (see `ranking`): a result proves it, it fits best, or other.
    """

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
    group: Group = "other"


class Move(msgspec.Struct, frozen=True, kw_only=True):
    """What an answer makes of one cause: its probability after yes (abnormal) and after no (normal)."""

    cause: str
    yes: float
    no: float


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """An unasked question or a test, with what it is worth."""

    id: str
    kind: str
    text: str
    why: str
    bits: float
    per_burden: float
    probability: float
    moves: list[Move] = []


class Assessment(msgspec.Struct, frozen=True, kw_only=True):
    """Everything a report shows, in the order in which it is shown.

    `missing`: the parts that could not be worked out, each with the line that says so. Where the causes
    are missing, `causes` is empty and `nothing_listed` is None; the urgency is always there.
    `ask`: signs nobody has spoken of that would make it urgent, as questions. `rule_out`: causes that
    an alert names, which must be ruled out first, whatever their probability. `bottom_line`: the answer in
    three to five sentences. `steps`: what is done about each cause. `warnings`: what speaks against
    something that is taken, the gravest first.
    """

    schema: str
    version: str
    knowledge: str
    urgency: Urgency
    understood: dict[str, list[str]]
    unclear: list[str]
    complaint: list[str]
    causes: list[Ranked]
    nothing_listed: float | None
    nothing_low: float | None
    nothing_high: float | None
    questions: list[Question]
    tests: list[Question]
    checklist: Checklist
    plan: Plan
    diet: Diet | None
    limits: list[str]
    references: dict[str, str]
    missing: dict[str, str] = {}
    ask: list[str] = []
    rule_out: list[str] = []
    bottom_line: list[Sentence] = []
    steps: list[CauseSteps] = []
    warnings: list[Warning] = []
    results: list[ResultLine] = []
    person: Person = msgspec.field(default_factory=Person)


def assess(
    case: Case | Understood,
    *,
    draws: int = DRAWS,
    detail: bool = True,
    units: Literal["brought", "si", "us"] = "brought",
    authority: Authority = "lowest",
    find: Find | None = None,
) -> Assessment:
    """Assess one case.

    Args:
        draws: redraws of all uncertain numbers for the 90 % intervals (0: none).
        detail: also work out reasons and next steps.
        units: how results are printed: as the person brought them, SI, or US units.
        authority: whose upper levels of supplements hold: "us", "efsa", "uk", or the lower of US and EFSA.
        find: works out the posterior; one that remembers it (`finder`) serves several calls for one case.

    Triage comes first. Whatever fails after it costs only its own part of the report, which says so.

    Raises:
        CaseError: a field of the case cannot be used (if it is urgent: one that is needed to read it).
    """
    known = knowledge()
    base = known.base
    told = understand(case) if isinstance(case, Case) else case
    urgency = triage(told, known)
    stages = Stages(urgency.level, base.wording.limits)
    proven = stages.attempt("words", lambda: proven_by_results(told, urgency), frozenset[str]())
    urgency = stages.attempt("words", lambda: in_words(known, told, urgency), urgency)
    eaten = stages.attempt("diet", lambda: read_diet(known, told), None)
    found = stages.attempt("causes", lambda: (find or _find)(told, draws), None)
    ranges: _Ranges | None = None
    because: dict[int, list[Because]] = {}
    asked: list[NextStep] = []
    ranked: list[Ranked] = []
    limits: list[str] = []
    if found is not None:
        ranges = stages.attempt("ranges", lambda: _ranges(found), None)
        if found.forgotten:
            limits.append(base.wording.limits["too_long"].format(signs=", ".join(found.forgotten)))
        if ranges is not None and ranges.left_out:
            limits.append(base.wording.limits["long"])
        if detail and found.small_cells <= WIDE:
            because = stages.attempt("reasons", lambda: _why(found), {})
            asked = stages.attempt("next", lambda: _next(found), [])
        ranked = stages.attempt(
            "causes", lambda: _ranked(found, ranges, because, _named(urgency), proven), []
        )
    questions: list[Question] = []
    tests: list[Question] = []
    questions, tests = stages.attempt("next", lambda: _asked(known, asked), (questions, tests))
    shares = {r.id: r.contributes for r in ranked}
    checklist = stages.attempt(
        "next", lambda: make_checklist(known, told, urgency.level, asked, shares), Checklist()
    )
    listed = [(r.id, r.contributes, r.present) for r in ranked]
    plan = stages.attempt(
        "plan",
        lambda: make_plan(known, told, urgency, listed, eaten, authority),
        first_aid(base, urgency),
    )
    steps: list[CauseSteps] = []
    steps = stages.attempt("steps", lambda: steps_for(known, told, urgency, ranked), steps)
    checklist = without_asked(checklist, steps)
    nothing = found.nothing if found and ranked else None
    answer: list[Sentence] = []
    answer = stages.attempt(
        "bottom_line",
        lambda: bottom_line(
            known,
            told,
            urgency,
            ranked,
            nothing,
            steps,
            ordered(known, checklist),
            questions,
        ),
        answer,
    )
    against: list[Warning] = []
    against = stages.attempt(
        "plan",
        lambda: warnings(known, told, eaten, {r.id: r.present for r in ranked}, authority),
        against,
    )
    limits += stages.attempt("limits", lambda: _limits(found, known, told), []) if detail else []
    limits += stages.attempt("limits", lambda: _unheard(known, told), [])
    diet = None
    if eaten is not None and detail:
        present = {r.id: r.present for r in ranked}
        diet = stages.attempt("diet", lambda: diet_advice(known, told, eaten, present), None)
    understood: dict[str, list[str]] = {}
    references: dict[str, str] = {}
    understood = stages.attempt("understood", lambda: _understood(known, told, units), understood)
    references = stages.attempt(
        "sources",
        lambda: _references(known, ranked, urgency, steps, answer, against, checklist),
        references,
    )
    return Assessment(
        schema="stillwell/assessment/1",
        version=__version__,
        knowledge=known.digest[:12],
        urgency=urgency,
        understood=understood,
        unclear=[*told.unclear, *stages.refused],
        complaint=[base.findings[f].name for f in told.complaint if f in base.findings],
        causes=ranked,
        nothing_listed=nothing,
        nothing_low=ranges.nothing_low if ranges and ranked else None,
        nothing_high=ranges.nothing_high if ranges and ranked else None,
        questions=questions,
        tests=tests,
        checklist=checklist,
        plan=plan,
        diet=diet,
        limits=limits,
        references=references,
        missing=stages.missing,
        ask=[base.findings[name].question for name in urgency.ask],
        rule_out=_rule_out(known, told, urgency),
        bottom_line=answer,
        steps=steps,
        warnings=against,
        results=stages.attempt("understood", lambda: result_lines(known, told, units), []),
        person=told.person,
    )


@dataclass
class _Found:
    """The posterior of a case at the medians, and the smaller network that the rest is worked out over."""

    net: Model
    told: Understood  # without what was set aside
    forgotten: list[str]
    given: CaseEvidence
    present: Floats
    share: Floats
    nothing: float
    cells: int
    keep: NDArray[np.int64]
    small: CaseEvidence
    order: list[int]
    small_cells: int
    exact: Posterior


Find = Callable[[Understood, int], _Found]


def finder() -> Find:
    """Works the posterior of one case out once, however often it is asked for with the same redraws."""
    known: dict[int, _Found] = {}

    def find(told: Understood, draws: int) -> _Found:
        if draws not in known:
            known[draws] = _find(told, draws)
        return known[draws]

    return find


def questions_for(told: Understood, find: Find | None = None) -> list[Question]:
    """The questions of `assess` alone; none where they cannot be worked out."""
    stages = Stages("", knowledge().base.wording.limits)
    found = stages.attempt("causes", lambda: (find or _find)(told, 0), None)
    if found is None or found.small_cells > WIDE:
        return []
    asked: list[NextStep] = stages.attempt("next", lambda: _next(found), [])
    nothing: tuple[list[Question], list[Question]] = ([], [])
    return stages.attempt("next", lambda: _asked(knowledge(), asked), nothing)[0]


def _find(told: Understood, draws: int) -> _Found:
    """Work out the posterior.

    Raises:
        ImpossibleEvidenceError, OutOfMemoryError: it cannot be worked out.
    """
    net = model()
    told, forgotten, given, whole = _sized(net, told, draws)
    single = first_lane(given.network)
    evidence, whole, base = worked_out(single, given.evidence, program=whole)
    share = contribution_shares(single, evidence, base)
    nothing = float(nothing_listed(single, evidence, base.evidence, whole.order)[0])
    present = base.present[0]
    if not (np.isfinite(share).all() and np.isfinite(present).all() and np.isfinite(nothing)):
        raise ImpossibleEvidenceError("a number of the network is no number")
    keep = _relevant(present, share)
    network, evidence = given.network.restricted(keep), _only(given.evidence, keep)
    evidence, program, exact = worked_out(first_lane(network), evidence, patience=LONG_PATIENCE)
    return _Found(
        net=net,
        told=told,
        forgotten=forgotten,
        given=given,
        present=present,
        share=share,
        nothing=nothing,
        cells=whole.cells,
        keep=keep,
        small=replace(given, network=network, evidence=evidence),
        order=program.order,
        small_cells=program.cells,
        exact=exact,
    )


def _sized(
    net: Model, told: Understood, draws: int
) -> tuple[Understood, list[str], CaseEvidence, Program]:
    """The case cut to what can be worked out exactly, what was left out, and its program."""
    if not crowded(net, told):
        given = case_evidence(net, told, draws)
        whole = build(first_lane(given.network), given.evidence, quiet=True)
        if not too_large((whole.cells, whole.work)):
            return told, [], given, whole
    told, forgotten = fit_to_memory(net, told)
    given = case_evidence(net, told, draws)
    return (
        told,
        forgotten,
        given,
        build(first_lane(given.network), given.evidence, quiet=True),
    )


def _only(evidence: Evidence, keep: NDArray[np.int64]) -> Evidence:
    """The same evidence about some of the variables."""
    assert evidence.likelihood is not None
    return replace(evidence, likelihood=evidence.likelihood[keep])


@dataclass
class _Ranges:
    """The redraws: (draws, V) present and contributes; the 90 % range of "nothing listed"."""

    present: Floats
    share: Floats
    nothing_low: float
    nothing_high: float
    left_out: bool = False


def _ranges(found: _Found) -> _Ranges:
    """What redrawing all uncertain numbers does to the answer; not for long cases."""
    drawn_wanted = found.given.network.n_draws > 1
    if not drawn_wanted or found.small_cells > WIDE:
        return _Ranges(
            found.present[None], found.share[None], found.nothing, found.nothing, drawn_wanted
        )
    small, order = found.small, found.order
    drawn = posterior(small.network, small.evidence, quiet=True, order=order)
    lanes = drawn.present.shape[0]
    # a cause left out of the redraws is present with a probability under the threshold
    present = np.tile(np.linspace(0, RELEVANT, lanes)[:, None], (1, len(found.net.causes)))
    share = present.copy()
    present[:, found.keep] = drawn.present
    share[:, found.keep] = contributions(small.network, small.evidence, drawn, LINKED, order)
    nothing = nothing_listed(small.network, small.evidence, drawn.evidence, order)
    low, high = np.quantile(nothing, [0.05, 0.95])
    if not (np.isfinite(present).all() and np.isfinite(share).all() and np.isfinite(nothing).all()):
        raise ImpossibleEvidenceError("a redraw of the network gives no number")
    return _Ranges(present, share, float(low), float(high))


def _why(found: _Found) -> dict[int, list[Because]]:
    """The reasons of each cause, by its number."""
    base, labs = found.net.known.base, found.told.labs
    names = [base.causes[found.net.causes[v]].name for v in found.keep]
    why = reasons(found.net, found.told, found.small, found.order, found.keep)
    return {
        int(v): [
            Because(
                item=r.item,
                words=words_of(base, r.item, labs),
                weight=r.weight,
                better="" if r.better is None else names[r.better],
            )
            for r in of_cause
        ]
        for v, of_cause in zip(found.keep, why, strict=True)
    }


def _next(found: _Found) -> list[NextStep]:
    return next_steps(found.net, found.told, found.small, found.exact, found.order, found.keep)


def _asked(known: Knowledge, steps: list[NextStep]) -> tuple[list[Question], list[Question]]:
    """The best questions and the best tests."""
    questions = [_question(known, s) for s in steps if s.kind in ("question", "sign")][:8]
    tests = [_question(known, s) for s in steps if s.kind not in ("question", "sign")][:8]
    return questions, tests


def _named(urgency: Urgency) -> set[str]:
    """Causes that an alert says must be ruled out now."""
    return {c for alert in urgency.alerts if alert.level in RED for c in alert.causes}


def _rule_out(known: Knowledge, told: Understood, urgency: Urgency) -> list[str]:
    """What the gravest alerts say must be ruled out, in the order of the alerts."""
    causes = known.base.causes
    found = dangers(known.base, told, urgency)
    return [causes[d].name if d in causes else d for d in found][:MOST_RULED_OUT]


def shown_name(base: Base, taken: TakenMedicine) -> str:
    """A medicine as a report lists it: what is no longer taken says so."""
    name = taken.member or taken.told
    return base.wording.taken["stopped_name"].format(first=name) if taken.stopped else name


def in_words(known: Knowledge, told: Understood, urgency: Urgency) -> Urgency:
    """The same alerts, with what made each fire in plain words and the person's own results."""

    def words(item: str) -> str:
        kind, _, name = item.partition(":")
        if kind == "lab":
            result = told.labs.get(name) or told.labs_in_doubt[name][0]
            return f"{known.base.tests[name].name} {result.shown}"
        if kind == "vital":
            return ", ".join(dict.fromkeys(r.shown for r in told.vitals[name]))
        if kind == "medicine":
            taken = [m for m in (*told.medicines, *told.supplements) if name in (m.group, m.member)]
            now = [m for m in taken if not m.stopped] or taken
            return shown_name(known.base, now[0]) if now else name
        for table in (known.base.findings, known.base.history):
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


def posterior_of(net: Model, told: Understood) -> tuple[Floats, Floats, float]:
    """(present, contributes, nothing listed) at the medians: the fast part, for interviews and runs."""
    _, _, given, program = _sized(net, told, 0)
    evidence, program, result = worked_out(given.network, given.evidence, program=program)
    share = contribution_shares(given.network, evidence, result)
    nothing = nothing_listed(given.network, evidence, result.evidence, program.order)
    return result.present[0], share, float(nothing[0])


def order_of(net: Model, told: Understood) -> list[str]:
    """Ids of all causes in the order of the list, at the medians, no result taken as proof."""
    _, _, given, program = _sized(net, told, 0)
    evidence, _, result = worked_out(given.network, given.evidence, program=program)
    share = contribution_shares(given.network, evidence, result)
    order = ranking(net, share, result.present[0], given.average_prior[0], frozenset())
    return [net.causes[v] for v, _ in order]


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
    small = network.restricted(keep)
    here, program, part = worked_out(small, _only(evidence, keep))
    own = np.clip(part.present[0] - part.quiet[0, :, 1:].sum(axis=1), 0.0, None)
    through = contributions(small, here, part, THROUGH, program.order)[0] - own
    direct[keep] += np.clip(through, 0.0, None)
    result: Floats = np.minimum(direct, given.present[0])
    return result


def _relevant(present: Floats, share: Floats) -> NDArray[np.int64]:
    """The causes that the redraws, reasons and next steps are worked out over."""
    chosen = (present >= RELEVANT) & (share >= RELEVANT / 2)
    chosen[np.argsort(-share)[:12]] = True
    kept = np.flatnonzero(chosen)
    if len(kept) > MOST:
        kept = np.sort(np.argsort(-share)[:MOST])
    return kept


def _ranked(
    found: _Found,
    ranges: _Ranges | None,
    reasons: dict[int, list[Because]],
    named: set[str],
    proven: frozenset[str],
) -> list[Ranked]:
    """All causes, in the order of the list."""
    net, share, present = found.net, found.share, found.present
    base = net.known.base
    shares, presents = (ranges.share, ranges.present) if ranges else (share[None], present[None])
    low, high = np.quantile(shares, [0.05, 0.95], axis=0)
    p_low, p_high = np.quantile(presents, [0.05, 0.95], axis=0)
    order = ranking(net, share, present, found.given.average_prior[0], proven)
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
            before=float(found.given.average_prior[0, v]),
            reasons=reasons.get(v, []),
            named_by_alert=net.causes[v] in named,
            cite=_cited(net, found.told, net.causes[v]) if share[v] >= WORTH_SAYING else [],
            group=group,
        )
        for v, group in order
    ]


def _question(known: Knowledge, step: NextStep) -> Question:
    base = known.base
    if step.id in base.tests:
        text, kind = base.tests[step.id].name, str(base.tests[step.id].burden)
    else:
        text, kind = base.findings[step.id].question, step.kind
        if step.again:
            text = base.wording.again.format(question=text)
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
        moves=[Move(cause=c, yes=yes, no=no) for c, yes, no in step.moves],
    )


def _share(p: float) -> str:
    return "under 1 %" if p < 0.005 else f"{100 * p:.0f} %"


def _understood(known: Knowledge, told: Understood, units: str) -> dict[str, list[str]]:
    base = known.base
    names = {k: v.name for k, v in base.findings.items()} | {
        k: v.name for k, v in base.history.items()
    }
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
        "medicines": [shown_name(base, m) for m in told.medicines],
        "supplements": [shown_name(base, m) for m in told.supplements],
        "allergies": list(dict.fromkeys(told.all_allergies)),
        "eats": list(
            dict.fromkeys(
                [
                    *told.avoids,
                    *(w for k in ("diets", "avoids") for w in told.eating_in_words.get(k, [])),
                ]
            )
        ),
        "results": labs,
        "perhaps": [
            f"{names[i]} (“{told.from_words.get(i, '')}”)"
            for i in sorted(told.perhaps, key=lambda i: -told.perhaps[i])
            if i in names and i not in told.present
        ][:MOST_PERHAPS],
    }


def _limits(found: _Found | None, known: Knowledge, told: Understood) -> list[str]:
    words = known.base.wording.limits
    limits = [words["always"]]
    for what, choices in (("age", (25, 45, 65, 80)), ("sex", ("female", "male"))):
        if getattr(told.person, what) is not None:
            continue
        limits.append(words["unknown_person"].format(what=what))
        # a long case would be worked out anew for each of them: longer than people wait
        if found is not None and found.cells <= WIDE:
            limits += _would_change(found, what, choices)
    if not told.present:
        limits.append(words["no_complaint"])
    if not told.labs:
        limits.append(words["no_results"])
    if not (told.medicines_known or told.medicines):
        limits.append(words["no_medicines"])
    return limits


def _would_change(found: _Found, what: str, choices: Sequence[int | str]) -> list[str]:
    """The causes that knowing the age or the sex could move most."""
    net, told = found.net, found.told
    others = [
        posterior_of(net, replace(told, person=msgspec.structs.replace(told.person, **{what: c})))
        for c in choices
    ]
    shares = np.stack([share for _, share, _ in others])
    moved = shares.max(axis=0) - shares.min(axis=0)
    return [
        net.known.base.wording.limits["would_change"].format(
            what=what,
            cause=net.known.base.causes[net.causes[v]].name,
            low=f"{shares[:, v].min():.0%} ({what} {choices[int(shares[:, v].argmin())]})",
            high=f"{shares[:, v].max():.0%} ({what} {choices[int(shares[:, v].argmax())]})",
        )
        for v in np.argsort(-moved)[:2]
        if moved[v] >= WORTH_SAYING
    ]


def _unheard(known: Knowledge, told: Understood) -> list[str]:
    """A line for each result that lies outside all that is known of its test."""
    base = known.base
    return [
        base.wording.limits["unheard_of"].format(
            test=base.tests[name].name, result=told.labs[name].shown
        )
        for name in unheard_results(base, told)
    ]


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


def _references(
    known: Knowledge,
    ranked: list[Ranked],
    urgency: Urgency,
    steps: list[CauseSteps],
    answer: list[Sentence],
    against: list[Warning],
    checklist: Checklist,
) -> dict[str, str]:
    """The sources of what the report shows, in its order."""
    base = known.base
    keys: dict[str, None] = {}
    for alert in urgency.alerts:
        keys.update(dict.fromkeys(alert.cite))
    for sentence in answer:
        keys.update(dict.fromkeys(sentence.cite))
    for warning in against:
        keys.update(dict.fromkeys(warning.cite))
    for cause in ranked[:5]:
        keys.update(dict.fromkeys(cause.cite))
    for line in (*checklist.order, *checklist.avoid):
        keys.update(dict.fromkeys(line.cite))
    for about in steps:
        for step in (*about.steps, *about.home, *about.back, *about.until_help):
            keys.update(dict.fromkeys(step.cite))
    return {key: reference_text(base.references[key]) for key in keys if key in base.references}


__all__ = [
    "LARGEST",
    "Assessment",
    "assess",
    "finder",
    "fit_to_memory",
    "posterior_of",
    "questions_for",
]

"""From what was understood to priors and evidence in the model's terms."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from math import log, log1p

import numpy as np

from stillwell.assess.distributions import LEAST, Grade, grade_result, panel_ratio, unheard_of
from stillwell.assess.fitted_prior import term_input, term_shift
from stillwell.assess.model import Model
from stillwell.assess.parameters import expit, logit, spread, spread_log
from stillwell.assess.silence import is_silent, share_untold, silence
from stillwell.assess.taken_for import Implied, implied_history
from stillwell.case.understand import TakenMedicine, Understood
from stillwell.inference.network import Evidence, Floats, Network
from stillwell.knowledge import schema as s
from stillwell.knowledge.base import Base, measured_side, panel_side

# share of a medicine-made cause that remains when none of its medicines was named (over the
# counter, forgotten): judgement
UNNAMED = 0.15
OBESE = 35.0  # kg/m2, about the mean of adults over 30, where only "obesity" is told
LEAST_USUAL = 0.02  # least usual share of what words may state by mistake: judgement, see `heard`
LIKELY = 0.5  # a reading more likely wrong than right is not taken as what the person complains of
WOMEN_MEN = np.array([1.0, 0.0])
PanelReading = tuple[s.Panel, Floats, list[str]]  # likelihood by state, and the tests used


@dataclass(frozen=True)
class Influence:
    """Something that moves the prior of one cause.

    `item` names what (history:x, medicine:class, or taken for:class:member:history), `shift` is in log-odds, `add` a probability;
    `without` is the probability that people with a denied factor bring to everyone's prior. `certainty`
    is how surely it was told. Of those of one `group` only the strongest counts.
    """

    item: str
    cause: int
    shift: float = 0.0
    shift_sd: float = 0.0
    add: float = 0.0
    add_sd: float = 0.0
    without: float = 0.0
    group: str | None = None
    term: int | None = None  # its number in the cause's fitted prior: drawn with the others of that
    certainty: float = 1.0


@dataclass
class CaseEvidence:
    """One case as arrays, with the names of its parts."""

    network: Network
    evidence: Evidence
    findings: list[str]
    qualities: list[str]
    course: list[str]
    influences: list[Influence]
    present_prior: Floats
    average_prior: Floats
    noise: Floats
    panel_likelihoods: dict[str, tuple[list[str], int, Floats]] = field(default_factory=dict)
    grades: dict[str, Grade] = field(default_factory=dict)
    began: list[tuple[str, bool]] = field(default_factory=list)


def influences(model: Model, case: Understood) -> list[Influence]:
    """What this person's history and medicines do to each cause's prior."""
    base = model.known.base
    sex, age = case.person.sex, case.person.age
    implied = implied_history(base, case)
    found: list[Influence] = implied_influences(model, case, implied)
    for i, name in enumerate(model.causes):
        fitted = base.fitted_priors.get(name)
        covered = _covered(fitted)
        if fitted is not None:
            found += _fitted_influences(i, fitted, case)
        for factor in base.causes[name].risk_factors:
            if factor.factor in covered or factor.factor in implied:
                continue
            here = factor.factor in case.history_present
            record = base.history[factor.factor]
            untold = record.told_unasked if is_silent(case, factor.factor) else None
            if not here and factor.factor not in case.history_absent and untold is None:
                continue
            share = prevalence(record, sex, age)
            if untold is not None:
                found += _untold(i, factor, share, share_untold(share, untold.p, case))
                continue
            item = f"history:{factor.factor}" if here else f"no:history:{factor.factor}"
            one = _of_factor(i, factor, share, here, item)
            if one is not None:
                found.append(replace(one, certainty=case.sure(factor.factor)))
    name = "after_stopping_medicine_or_substance"
    stopping = case.sure(name) if name in case.present else 0.0
    unsure: dict[str, list[TakenMedicine]] = {}
    for taken in (*case.medicines, *case.supplements):
        if taken.one_of > 1:
            unsure.setdefault(taken.told, []).append(taken)
        else:
            found += medicine_influences(model, taken, stopping)
    for perhaps in unsure.values():
        found += _common_influences([medicine_influences(model, t, stopping) for t in perhaps])
    return found


def _of_factor(
    cause: int, factor: s.RiskFactor, share: float, here: bool, item: str
) -> Influence | None:
    """What a factor that was told or denied does to a cause; `share`: of people of this age and sex who have it."""
    if factor.odds_ratio is not None:
        centre = log1p(share * (factor.odds_ratio - 1))
        shift = (log(factor.odds_ratio) if here else 0.0) - centre
        sd = spread_log(factor.interval, factor.n) if here else 0.0
        return Influence(item, cause, shift, sd, group=factor.group)
    if factor.p is None:
        return None
    if here:
        sd = spread(factor.p, factor.interval, factor.n)
        return Influence(item, cause, add=factor.p, add_sd=sd, group=factor.group)
    # the part of the prior that people with the factor bring is not this person's
    return Influence(item, cause, without=min(share * factor.p, 1.0))


def implied_influences(
    model: Model, case: Understood, implied: dict[str, Implied]
) -> list[Influence]:
    """What the illnesses that medicines tell of do to each cause's prior.

    The terms of a fitted prior stand beside each other's, so there an illness counts beside its medicine.
    """
    base = model.known.base
    found = []
    for name, illness in implied.items():
        share = prevalence(base.history[name], case.person.sex, case.person.age)
        told = replace(case, history_present=[name], history_absent=[], certainty={})
        for i, cause in enumerate(model.causes):
            fitted = base.fitted_priors.get(cause)
            ones = []
            if fitted is not None:
                ones += [
                    one
                    for one in _fitted_influences(i, fitted, told)
                    if one.item == f"history:{name}"
                ]
            if name not in _covered(fitted) and cause not in illness.acted_on:
                for factor in base.causes[cause].risk_factors:
                    one = _of_factor(i, factor, share, True, illness.item)
                    if factor.factor == name and one is not None:
                        ones.append(one)
            found += [replace(o, item=illness.item, certainty=illness.certainty) for o in ones]
    return found


def _common_influences(ways: list[list[Influence]]) -> list[Influence]:
    """What a word for several classes surely does: the least of what each of them does to a cause."""
    shared = set.intersection(*({i.cause for i in way} for way in ways))
    return [
        min((i for way in ways for i in way if i.cause == cause), key=lambda i: (i.shift, i.add))
        for cause in sorted(shared)
    ]


def _covered(prior: s.FittedPrior | None) -> set[str]:
    """History items and medicine classes whose effect the fitted prior already holds."""
    found = {"obesity"} if prior and any(t.variable == "bmi" for t in prior.terms) else set()
    for term in prior.terms if prior else []:
        kind, _, names = term.variable.partition(":")
        if kind in ("history", "medicine"):
            found.update(names.split("|"))
    return found


def _untold(cause: int, factor: s.RiskFactor, share: float, left: float) -> list[Influence]:
    """What it does to a cause that a factor people tell unasked was not told: fewer have it than of all."""
    item = f"not told:{factor.factor}"
    if factor.odds_ratio is not None:
        ratio = factor.odds_ratio - 1
        return [
            Influence(item, cause, log1p(left * ratio) - log1p(share * ratio), group=factor.group)
        ]
    if factor.p is not None:
        return [Influence(item, cause, without=min((share - left) * factor.p, 1.0))]
    return []


def _fitted_influences(cause: int, prior: s.FittedPrior, case: Understood) -> list[Influence]:
    """What is known of this person among the terms of a fitted prior; the unknown is averaged over."""
    sex, age = case.person.sex, case.person.age
    women = np.array([1.0]) if sex == "female" else np.array([0.0]) if sex == "male" else WOMEN_MEN
    ages = np.full(len(women), 45.0 if age is None else float(age))
    found = []
    for number, term in enumerate(prior.terms):
        value = known_value(term.variable, case)
        if value is None:
            continue
        values = np.full(len(women), value)
        shift = float(term_shift(term, values, women, ages).mean())
        size = abs(float(np.mean(term_input(term, values, women, ages))))
        item = _item(term.variable, case)
        kind, _, name = item.removeprefix("no:").partition(":")
        told = kind == "history" and not (term.variable == "bmi" and _own_bmi(case))
        sure = case.sure(name) if told else 1.0
        found.append(Influence(item, cause, shift, term.se * size, term=number, certainty=sure))
    return found


def _own_bmi(case: Understood) -> float | None:
    """Body mass index, kg/m2, from weight and height, where both were told."""
    weight, height = case.person.weight_kg, case.person.height_cm
    return weight / (height / 100) ** 2 if weight and height else None


def _item(variable: str, case: Understood) -> str:
    """The name under which a reason is shown."""
    kind, _, names = variable.partition(":")
    if kind in ("medicine", "supplement"):
        taken = case.medicines if kind == "medicine" else case.supplements
        for one in taken:
            if one.group in names.split("|") and not one.stopped:
                return f"medicine:{one.group}:{one.member}"
        return f"not taken:{names}"
    if kind == "history" and names not in case.history_present:
        return f"no:{variable}"
    return "history:obesity" if variable == "bmi" else variable


def known_value(variable: str, case: Understood) -> float | None:
    """The value of a fitted prior's variable in this case; None where it was not told."""
    kind, _, names = variable.partition(":")
    if kind == "history":
        return (
            1.0 if names in case.history_present else 0.0 if names in case.history_absent else None
        )
    if kind == "medicine":
        groups = names.split("|")
        taken = [m for m in case.medicines if m.group in groups and not m.stopped]
        if any(m.one_of == 1 for m in taken):
            return 1.0
        return 0.0 if case.medicines_known and not taken else None
    if kind == "supplement":
        groups = names.split("|")
        taken = [s for s in case.supplements if s.group in groups and not s.stopped]
        return 1.0 if taken else None
    if kind == "intake":
        return case.intakes.get(names)
    if variable == "bmi":
        own = _own_bmi(case)
        if own is not None:
            return float(np.clip(own, 15, 55))
        return OBESE if "obesity" in case.history_present else None
    return None


def medicine_influences(model: Model, taken: TakenMedicine, stopping: float) -> list[Influence]:
    """What a medicine does; `stopping`: how certain it is that the complaint came after stopping one."""
    base = model.known.base
    group = base.medicines.get(taken.group) or base.supplements[taken.group]
    found = []
    for effect in group.effects:
        if effect.members and taken.member and taken.member not in effect.members:
            continue
        rho = 1.0
        if not effect.holds(taken.stopped):
            rho = stopping if effect.when == "stop" else 0.0
            if not rho:
                continue
        held = base.fitted_priors.get(effect.cause)
        if effect.when == "take" and not effect.members and taken.group in _covered(held):
            continue
        item = f"medicine:{taken.group}:{taken.member}"
        cause = model.cause_index[effect.cause]
        if effect.odds_ratio is not None:
            sd = spread_log(effect.interval, effect.n)
            one = Influence(item, cause, log(effect.odds_ratio), sd, group=f"{taken.group}")
        elif effect.p is not None:
            sd = spread(effect.p, effect.interval, effect.n)
            one = Influence(item, cause, add=effect.p, add_sd=sd, group=f"{taken.group}")
        else:
            continue
        found.append(replace(one, certainty=rho))
    return found


def prevalence(item: s.HistoryItem, sex: str | None, age: float | None) -> float:
    """The share of people of this sex and age who have a history item."""
    fitting = [
        r.p
        for r in item.prevalence
        if (sex is None or r.sex in ("any", sex)) and (age is None or r.ages[0] <= age <= r.ages[1])
    ] or [r.p for r in item.prevalence]
    return sum(fitting) / len(fitting)


def medicine_made(model: Model) -> set[int]:
    """Causes that medicines make: without such a medicine they are rare."""
    base = model.known.base
    found = set()
    for group in base.medicines.values():
        for effect in group.effects:
            if effect.p is not None and base.causes[effect.cause].layer == "exposure":
                found.add(model.cause_index[effect.cause])
    return found


def apply_influences(
    model: Model,
    case: Understood,
    average: Floats,
    items: list[Influence],
    rng: np.random.Generator | None,
) -> Floats:
    """(L, V) prior after history and medicines; lane 0 holds the medians.

    An influence told with certainty rho is mixed: with probability rho it is there, else nothing was told.
    Shifts are centred on the population (over people with and without the factor the mean of
    e^shift is 1), so that in odds against the population's average the mixture is rho e^shift + 1 - rho,
    and rho p of what it adds. In a group the strongest that was truly told counts.
    """
    lanes = average.shape[0]
    brought = np.zeros(average.shape[1])
    for item in items:
        brought[item.cause] += item.certainty * item.without
    # never less than a tenth of everyone's: shares and probabilities come from different sources
    average = np.maximum(average - brought, 0.1 * average)
    log_odds = np.log(np.clip(average, 1e-12, 1)) - np.log1p(-np.clip(average, 0, 1 - 1e-9))
    if case.medicines_known:
        for cause in medicine_made(model):
            log_odds[:, cause] += log(UNNAMED)
    groups: dict[tuple[int, str], list[Influence]] = {}
    single: list[list[Influence]] = []
    for item in items:
        if item.group is None:
            single.append([item])
        else:
            groups.setdefault((item.cause, item.group), []).append(item)
    quiet = np.ones((lanes, len(model.causes)))
    together: dict[int, Floats] = {}

    def noise(item: Influence) -> Floats:
        z = np.zeros(lanes)
        if rng is not None and lanes > 1 and item.term is not None:
            if item.cause not in together:
                together[item.cause] = _drawn_terms(model, item.cause, lanes - 1, rng)
            z[1:] = together[item.cause][:, item.term]
        elif rng is not None and lanes > 1:
            z[1:] = rng.standard_normal(lanes - 1)
        return z

    for rivals in (*single, *groups.values()):
        ranked = sorted(rivals, key=lambda i: (i.shift, i.add), reverse=True)
        first, cause = ranked[0], ranked[0].cause
        if first.certainty == 1.0:
            if first.add:
                quiet[:, cause] *= 1 - expit(logit(first.add) + first.add_sd * noise(first))
            else:
                log_odds[:, cause] += first.shift + first.shift_sd * noise(first)
            continue
        untold, odds, added = 1.0, np.zeros(lanes), np.zeros(lanes)
        for item in ranked:
            chance = untold * item.certainty
            untold *= 1 - item.certainty
            if item.add:
                added += chance * expit(logit(item.add) + item.add_sd * noise(item))
                odds += chance
            else:
                odds += chance * np.exp(item.shift + item.shift_sd * noise(item))
        quiet[:, cause] *= 1 - added
        log_odds[:, cause] += np.log(odds + untold)
    result: Floats = 1 - (1 - expit(log_odds)) * quiet
    return np.clip(result, 1e-12, 0.98)


def _drawn_terms(model: Model, cause: int, lanes: int, rng: np.random.Generator) -> Floats:
    """(lanes, terms) standard normal draws with the correlations of the fitted coefficients."""
    prior = model.known.base.fitted_priors[model.causes[cause]]
    size = len(prior.terms)
    covariance = np.asarray(prior.covariance)[-size:, -size:]
    sd = np.sqrt(np.diag(covariance))
    draws: Floats = rng.multivariate_normal(
        np.zeros(size), covariance / np.outer(sd, sd), size=lanes, check_valid="ignore"
    )
    return draws


def lab_findings(
    case: Understood, model: Model, panels: list[PanelReading]
) -> tuple[list[str], list[str], dict[str, Grade]]:
    """Results as findings: (present, absent, how far out the present ones are)."""
    present: list[str] = []
    absent: list[str] = []
    grades: dict[str, Grade] = {}
    read = panel_sides(model, panels)
    tests = model.known.base.tests
    for test, result in case.labs.items():
        if tests[test].repeats in case.labs:
            continue
        for side in ("low", "high"):
            if (test, side) in read:
                continue
            name = f"lab:{test}:{side}"
            if result.flag == side:
                present.append(name)
                grade = grade_result(tests[test], side, result, model.known.base.causes)
                if grade is not None:
                    grades[f"{name}:marked"] = grade
            else:
                absent.append(name)
    return present, absent, grades


def panels_read(case: Understood, model: Model) -> list[PanelReading]:
    """The panels that this case's values fill: likelihood by state, and the tests used."""
    base = model.known.base
    found = []
    against = contradicted(base, case)
    for panel in base.panels.values():
        read = panel_ratio(
            panel, base.causes[panel.cause], base.tests, case.labs, case.person.sex, case.person.age
        )
        if read is not None:
            ratio, used = read
            if panel.cause in against:
                ratio[1:] = LEAST * ratio[0]
            found.append((panel, ratio, used))
    return found


def contradicted(base: Base, case: Understood) -> set[str]:
    """Causes whose opposite a result beyond its range speaks for: a potassium above the range and the
    state of too little. Where two results contradict each other, neither is ruled out."""
    spoken_for = {
        cause.id
        for cause in base.causes.values()
        if cause.opposite is not None
        for name, result in case.labs.items()
        if result.flag != "normal" and speaks_for(base, cause, name, result.flag)
    }
    opposites = {base.causes[name].opposite for name in spoken_for}
    return {name for name in opposites if name is not None} - spoken_for


def speaks_for(base: Base, cause: s.Cause, test: str, side: str) -> bool:
    """Whether a result on this side of its range speaks for a cause and against its opposite."""
    if cause.opposite is None or measured_side(base.tests[test], cause.opposite) is None:
        return False
    return measured_side(base.tests[test], cause.id) == side


def unheard_results(base: Base, case: Understood) -> list[str]:
    """Results unlike any in people with or without a cause that they tell of, by each panel that reads them."""
    counts: dict[str, list[bool]] = {}
    for panel in base.panels.values():
        known = (panel, base.causes[panel.cause], base.tests, case.labs)
        reading = panel_ratio(*known, case.person.sex, case.person.age)
        if reading is None:
            continue
        out = unheard_of(*known, case.person.sex, case.person.age)
        for name in reading[1]:
            counts.setdefault(name, []).append(name in out)
    return [name for name, said in counts.items() if all(said)]


def panel_sides(model: Model, panels: list[PanelReading]) -> set[tuple[str, str | None]]:
    """Sides of tests whose values are read as densities and so are no findings."""
    tests = model.known.base.tests
    return {(name, panel_side(panel, tests[name])) for panel, _, used in panels for name in used}


@dataclass(frozen=True)
class EvidenceItems:
    """The names of what a case holds for the model, in the order of its arrays."""

    present: list[str]
    absent: list[str]
    quality_present: list[str]
    quality_absent: list[str]
    course_present: list[str]
    course_absent: list[str]
    began: list[tuple[str, bool]]

    @property
    def findings(self) -> list[str]:
        return self.present + self.absent

    @property
    def qualities(self) -> list[str]:
        return self.quality_present + self.quality_absent

    @property
    def course(self) -> list[str]:
        return self.course_present + self.course_absent

    def evidence(self, complaint: frozenset[int]) -> Evidence:
        """The same as numbers of places in the network's arrays."""

        def places(first: list[str], second: list[str]) -> tuple[tuple[int, ...], tuple[int, ...]]:
            here = len(first)
            return tuple(range(here)), tuple(range(here, here + len(second)))

        return Evidence(
            *places(self.present, self.absent),
            *places(self.quality_present, self.quality_absent),
            *places(self.course_present, self.course_absent),
            tuple(range(len(self.began))),
            complaint,
        )


def evidence_items(
    model: Model,
    case: Understood,
    lab_present: list[str],
    lab_absent: list[str],
    graded: list[str],
) -> EvidenceItems:
    """What of a case is a finding, a quality, a course or a beginning to the model.

    Args:
        lab_present, lab_absent: results that count as findings; graded: how far out, by the quality's name.
    """
    present = [n for n in case.present if n in set(model.findings)] + lab_present
    absent = [n for n in case.absent if n in set(model.findings)] + lab_absent
    known = model.known.base.findings
    implied = {
        other
        for n in case.present
        for other in known[n].implies
        if n in model.qualities and case.sure(n) >= case.sure(other)
    }
    # what a told quality implies is no further news (shaking only on standing is shaking of the legs)
    quality_present = [n for n in case.present if n in model.qualities and n not in implied]
    quality_present += graded
    quality_absent = [
        n for n in case.absent if n in model.qualities and model.qualities[n] in present
    ]
    # a quality denied where its finding was never told says nothing
    steady = set(model.course) - set(model.exclusive)
    course_present = [n for n in case.present if n in steady]
    course_absent = [n for n in case.absent if n in steady]
    # one way to begin surely told rules the others out: their absence is no news
    began = [(n, True) for n in case.present if n in model.exclusive]
    if all(case.sure(n) < 1 for n, _ in began):
        began += [(n, False) for n in case.absent if n in model.exclusive]
    return EvidenceItems(
        present, absent, quality_present, quality_absent, course_present, course_absent, began
    )


def case_evidence(model: Model, case: Understood, draws: int, seed: int = 20261124) -> CaseEvidence:
    """Everything the engine needs for one case; lane 0 is the median, the others redraws."""
    rng = np.random.default_rng(seed) if draws else None
    sex, age = case.person.sex, case.person.age
    readings = panels_read(case, model)
    lab_present, lab_absent, grades = lab_findings(case, model, readings)
    items = evidence_items(model, case, lab_present, lab_absent, list(grades))
    present, quality_present, course_present = (
        items.present,
        items.quality_present,
        items.course_present,
    )
    findings, qualities, course = items.findings, items.qualities, items.course
    began = items.began
    lanes = 1 + draws
    noise = np.zeros((lanes, len(model.causes)))
    if rng is not None:
        noise[1:] = rng.standard_normal((draws, len(model.causes)))
    average = model.base_priors(sex, age, noise)
    moves = influences(model, case)
    prior = apply_influences(model, case, average, moves, rng)
    network = model.network(
        prior, average, findings, qualities, course, sex, age, rng, draws, grades, began
    )
    network = soften_beginnings(network, began_certainty(case, began))
    likelihood = silence(model, case)
    panels: dict[str, tuple[list[str], int, Floats]] = {}
    for panel, ratio, used in readings:
        i = model.cause_index[panel.cause]
        likelihood[i, : len(ratio)] *= ratio
        panels[panel.id] = (used, i, ratio)
    for name in contradicted(model.known.base, case) - {panel.cause for panel, _, _ in readings}:
        likelihood[model.cause_index[name], 1:] *= LEAST
    sure = finding_certainty(case, network, present, quality_present)
    complaint = complaint_of(model.known.base, present, sure)
    softness = heard(case, network, present, quality_present, course_present)
    evidence = replace(items.evidence(complaint), likelihood=likelihood, softness=softness)
    return CaseEvidence(
        network,
        evidence,
        findings,
        qualities,
        course,
        moves,
        prior,
        average,
        noise,
        panels,
        grades,
        began,
    )


def complaint_of(base: Base, present: list[str], sure: list[float]) -> frozenset[int]:
    """The places of the present findings whose cause is asked about.

    Any sign that was told counts, as who has it asks what it comes from; but a worry told beside shaking is what
    anxiety is, and no question of its own: else anxiety would be said to bring the complaint by its very name.
    """
    likely = [k for k in range(len(present)) if sure[k] >= LIKELY] or list(range(len(present)))
    beside = told_beside(base, [present[k] for k in likely])
    return frozenset(k for k in likely if present[k] not in beside)


def told_beside(base: Base, present: Iterable[str]) -> set[str]:
    """Of present findings those that are asked about only where no other sign was told, and one was."""
    signs = [n for n in present if n in base.findings]
    alone = {n for n in signs if base.findings[n].asked_alone}
    return alone if len(alone) < len(set(signs)) else set()


def heard(
    case: Understood,
    network: Network,
    present: list[str],
    qualities: list[str],
    course: list[str],
) -> dict[tuple[str, int], tuple[float, float]]:
    """The weights of readings that are not certain, for `Evidence.softness`.

    A reading with certainty rho mixes two observers. With probability rho the words state the item:
    they come from people who have it, so against all people who complain their likelihood is
    1 / pi where it is present and 0 where it is not, pi being its usual share. With probability
    1 - rho they say nothing about it: likelihood 1 either way. Together

        w1 = rho / pi + (1 - rho),    w0 = 1 - rho,

    whose mean under the usual share, pi w1 + (1 - pi) w0, is 1: a person of whom nothing else is known
    has the item with probability rho + (1 - rho) pi afterwards. pi is the leak for this
    person's age and sex, and at least `LEAST_USUAL`: among people who complain a sign is commoner than in
    those with none of the causes, and a rare sign must not win by its rarity what was misread.

    A quality is read from the same words as its finding and holds of nothing else: the finding is as
    certain as the surest of its qualities, and where it does not arise they say nothing (weight 1,
    which is why weights are not scaled to w1 = 1). Denied items are taken as denied.
    """
    leaks = {
        "present": network.leak[0],
        "quality_present": network.quality_leak[0],
        "course_present": network.course_leak[0],
    }
    sure = {
        "present": finding_certainty(case, network, present, qualities),
        "quality_present": [case.sure(n) for n in qualities],
        "course_present": [case.sure(n) for n in course],
    }
    found = {}
    for kind, certain in sure.items():
        for k, rho in enumerate(certain):
            if rho < 1:
                usual = max(float(leaks[kind][k]), LEAST_USUAL)
                found[kind, k] = (rho / usual + 1 - rho, 1 - rho)
    return found


def finding_certainty(
    case: Understood, network: Network, present: list[str], qualities: list[str]
) -> list[float]:
    """How certain each present finding is: at least as the surest of its present qualities."""
    sure = [case.sure(n) for n in present]
    for k, name in enumerate(qualities):
        finding = int(network.quality_of[k])
        sure[finding] = max(sure[finding], case.sure(name))
    return sure


def began_certainty(case: Understood, began: list[tuple[str, bool]]) -> list[float]:
    """How certain each way to begin is; denied ones are taken as denied."""
    return [case.sure(name) if told else 1.0 for name, told in began]


def soften_beginnings(network: Network, certainty: list[float]) -> Network:
    """The network in which ways to begin, read with these certainties rho, count as rho a + (1 - rho).

    Their agreement a is already P(began so | cause) / P(began so); nothing said is 1.
    """
    if network.agreement is None or min(certainty, default=1.0) == 1.0:
        return network
    rho = np.array(certainty)[:, None, None]
    return replace(network, agreement=rho * network.agreement + (1 - rho))


def first_lane(network: Network) -> Network:
    """The network at the medians of all numbers."""
    return replace(
        network,
        prior=network.prior[:1],
        leak=network.leak[:1],
        activation=network.activation[:1],
        inhibition=network.inhibition[:1],
        quality=network.quality[:1],
        quality_leak=network.quality_leak[:1],
        course=network.course[:1],
        course_leak=network.course_leak[:1],
        agreement=None if network.agreement is None else network.agreement[:1],
        links=tuple(replace(link, table=link.table[:1]) for link in network.links),
    )

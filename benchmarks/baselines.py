"""Three plain rivals of the assessment, and the model with one part taken out at a time.

Used by tools/validate.py; nothing of the product imports this.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from unittest import mock

import numpy as np

from stillwell.assess import posterior
from stillwell.assess.evidence import case_evidence
from stillwell.assess.model import Model
from stillwell.assess.parameters import expit
from stillwell.case.understand import Understood
from stillwell.knowledge.store import Knowledge

# what the well-known article would say: a word of the complaint -> causes in the order it names them
ARTICLE = (
    (("urge_to_move_legs", "urge_worse_evening_or_night"), ("restless_legs_syndrome", "low_iron")),
    (("leg_cramps", "night_leg_cramps"), ("low_magnesium", "low_potassium", "dehydration", "low_calcium")),
    (("cramps_during_exercise",), ("dehydration", "overexertion", "low_magnesium")),
    (("tingling_feet", "numbness_feet", "tingling_hands"), ("low_vitamin_b12", "diabetic_neuropathy")),
    (("leg_tremor", "hand_tremor", "tremor"), ("low_vitamin_b12", "essential_tremor", "anxiety_or_panic", "caffeine_effect")),
    (("muscle_twitching",), ("low_magnesium", "low_calcium", "caffeine_effect")),
    (("leg_weakness", "generalised_weakness"), ("low_vitamin_d", "low_potassium", "overexertion")),
    (("anxiety_or_worry", "panic_attacks"), ("anxiety_or_panic",)),
    (("fatigue",), ("low_iron", "low_vitamin_b12", "low_vitamin_d")),
)  # fmt: skip


def prior_only(model: Model, told: Understood) -> list[str]:
    """Causes by prior with age, sex, history and medicines."""
    p = case_evidence(model, told, 0).present_prior[0]
    return [model.causes[i] for i in np.argsort(-p)]


def naive_bayes(model: Model, told: Understood) -> list[str]:
    """Each cause alone against nobody else, every finding independent, with the same numbers."""
    given = case_evidence(model, told, 0)
    prior = given.present_prior[0]
    score = np.log(prior) - np.log1p(-prior)
    everything = [(n, True) for n in given.findings[: len(given.evidence.present)]]
    everything += [(n, False) for n in given.findings[len(given.evidence.present) :]]
    everything += [(n, True) for n in told.present if n in model.qualities or n in model.course]
    everything += [(n, False) for n in told.absent if n in model.course]
    for name, here in everything:
        base = model.average_leak.get(name, 0.03)
        table = model.edges.get(name, {})
        for i in range(len(model.causes)):
            states = [
                float(expit(np.array(number.mean))) for (c, _), number in table.items() if c == i
            ]
            p = max(base, float(np.mean(states))) if states else base
            p, q = min(max(p, 1e-4), 0.999), min(max(base, 1e-4), 0.999)
            score[i] += np.log(p / q) if here else np.log((1 - p) / (1 - q))
    return [model.causes[i] for i in np.argsort(-score)]


def keywords(model: Model, told: Understood) -> list[str]:
    """What the article would say: causes in its order for each word it knows."""
    votes: dict[str, float] = {}
    for words, causes in ARTICLE:
        if any(w in told.present for w in words):
            for place, cause in enumerate(causes):
                votes[cause] = votes.get(cause, 0.0) + 1 / (1 + place)
    rest = [c for c in model.causes if c not in votes]
    return sorted(votes, key=lambda c: -votes[c]) + rest


BASELINES = {"prior only": prior_only, "naive Bayes": naive_bayes, "keyword rules": keywords}


def _one_state(known: Knowledge) -> None:
    for cause in known.base.causes.values():
        if len(cause.states) < 2:
            continue
        share = cause.severe_share.p if cause.severe_share else 0.5
        merged: dict[str, object] = {}
        for line in cause.findings:
            weight = {cause.states[0]: 1 - share, cause.states[-1]: share}.get(line.state, 1.0)
            old = merged.get(line.finding)
            p = (line.p or 0.0) * weight + (old.p if old is not None else 0.0)  # type: ignore[attr-defined]
            line.p, line.state, line.interval, line.n = min(max(p, 1e-4), 0.999), "any", None, 50
            merged[line.finding] = line
        cause.findings = list(merged.values())  # type: ignore[arg-type]
        for group in (cause.against, cause.labs):
            for other in group:
                other.state = "any"
        cause.states, cause.severe_share = ["present"], None
    for cause in known.base.causes.values():
        for link in cause.raised_by:
            link.state, link.gives = "any", None
    for test in known.base.tests.values():
        seen = set()
        kept = []
        for m in test.measures:
            if m.cause not in seen:
                seen.add(m.cause)
                m.state = "any"
                kept.append(m)
        test.measures = kept


def _no_links(known: Knowledge) -> None:
    for cause in known.base.causes.values():
        cause.raised_by = []


def _no_panels(known: Knowledge) -> None:
    known.base.panels.clear()


def _no_inhibition(known: Knowledge) -> None:
    for cause in known.base.causes.values():
        cause.against = []


def _no_fitted_priors(known: Knowledge) -> None:
    known.base.fitted_priors.clear()


ABLATIONS = {
    "without states": _one_state,
    "without links": _no_links,
    "without combined tests": _no_panels,
    "without inhibition": _no_inhibition,
    "without survey priors": _no_fitted_priors,
}


@contextmanager
def ablated(known: Knowledge, name: str) -> Iterator[Model]:
    """The assessment with one part of the model taken out."""
    other = copy.deepcopy(known)
    ABLATIONS[name](other)
    model = Model(other)
    with mock.patch.object(posterior, "model", return_value=model):
        yield model

"""Laws of soft evidence: certain is hard, equal weights are silence, more weight is more probable."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from stillwell.assess.assessment import assess
from stillwell.assess.evidence import (
    LEAST_USUAL,
    Influence,
    apply_influences,
    case_evidence,
)
from stillwell.assess.model import model
from stillwell.assess.posterior import posterior_of
from stillwell.assess.questions import next_steps
from stillwell.case.model import Person
from stillwell.case.settled import tidied
from stillwell.case.understood import SURE, Understood
from stillwell.inference.network import Variant
from stillwell.inference.program import build
from stillwell.inference.sweep import contributions, nothing_listed, posterior
from stillwell.knowledge.store import knowledge
from tests.against.networks import random_evidence, random_network, soften

seeds = st.integers(0, 10_000)
KINDS = ("present", "quality_present", "course_present")


def case(seed):
    network = random_network(seed, n_roots=3, n_children=2, n_findings=5)
    return network, random_evidence(network, seed)


def everything(network, evidence):
    """Posterior, contributions and nothing listed as one row."""
    got = posterior(network, evidence, quiet=True)
    share = contributions(network, evidence, got, floor=-1.0)
    nothing = nothing_listed(network, evidence, got.evidence)
    return np.concatenate([got.state.ravel(), share.ravel(), nothing])


@settings(max_examples=30, deadline=None)
@given(seeds)
def test_weights_one_and_zero_equal_hard_evidence_bit_for_bit(seed):
    network, hard = case(seed)
    soft = replace(hard, softness={(k, i): (1.0, 0.0) for k in KINDS for i in getattr(hard, k)})
    assert np.array_equal(everything(network, hard), everything(network, soft))


@settings(max_examples=30, deadline=None)
@given(seeds, st.floats(0.1, 3.0))
def test_equal_weights_change_no_posterior(seed, weight):
    """Of a finding beside the complaint: one of the complaint may lead its course all the same."""
    network, e = case(seed)
    free = [f for f in range(5) if f not in e.present and f not in e.absent]
    assume(free)
    more = replace(
        e, present=(*e.present, free[0]), softness={("present", free[0]): (weight, weight)}
    )
    np.testing.assert_allclose(
        everything(network, more), everything(network, e), rtol=1e-9, atol=1e-12
    )


@settings(max_examples=30, deadline=None)
@given(seeds, st.floats(0.1, 3.0))
def test_equal_weights_of_a_complaint_finding_change_no_posterior(seed, weight):
    """With nothing said of the complaint as a whole, whether it arose says nothing."""
    network, e = case(seed)
    e = replace(e, course_present=(), course_absent=(), agreement=())
    free = [f for f in range(5) if f not in e.present and f not in e.absent]
    assume(free)
    more = replace(
        e,
        present=(*e.present, free[0]),
        complaint=e.complaint | {free[0]},
        softness={("present", free[0]): (weight, weight)},
    )
    np.testing.assert_allclose(
        posterior(network, more).state, posterior(network, e).state, rtol=1e-9, atol=1e-14
    )


@settings(max_examples=30, deadline=None)
@given(seeds)
def test_equal_weights_of_a_quality_or_course_item_change_no_posterior(seed):
    network, e = case(seed)
    for kind in KINDS[1:]:
        for item in getattr(e, kind):
            soft = replace(e, softness={(kind, item): (0.7, 0.7)})
            np.testing.assert_allclose(
                everything(network, soft),
                everything(network, e.without(kind, item)),
                rtol=1e-9,
                atol=1e-12,
            )


@settings(max_examples=30, deadline=None)
@given(seeds)
def test_weights_zero_and_one_equal_denied(seed):
    network, e = case(seed)
    for f in e.absent:
        soft = replace(
            e,
            present=(*e.present, f),
            absent=tuple(a for a in e.absent if a != f),
            complaint=e.complaint | {f},
            softness={("present", f): (0.0, 1.0)},
        )
        np.testing.assert_allclose(
            everything(network, soft), everything(network, e), rtol=1e-9, atol=1e-12
        )
    for kind in ("quality", "course"):
        for item in getattr(e, f"{kind}_absent"):
            absent = tuple(a for a in getattr(e, f"{kind}_absent") if a != item)
            present = (*getattr(e, f"{kind}_present"), item)
            soft = replace(
                e,
                softness={(f"{kind}_present", item): (0.0, 1.0)},
                **{f"{kind}_absent": absent, f"{kind}_present": present},
            )
            np.testing.assert_allclose(
                everything(network, soft), everything(network, e), rtol=1e-9, atol=1e-12
            )


@settings(max_examples=30, deadline=None)
@given(seeds)
def test_a_posterior_moves_one_way_as_the_weights_move(seed):
    """From denied over unknown to present, a cause's probability never turns back."""
    network, e = case(seed)
    e = soften(e, seed, share=0.4)
    f = e.present[-1]
    ratios = np.array([0.0, 0.2, 0.5, 1.0, 3.0, 20.0, 1e6])
    weights = np.tile(e.weights("present"), (len(ratios), 1, 1))
    weights[:, -1] = np.stack([ratios, np.ones(len(ratios))], axis=1)
    assert f == e.present[-1]
    p = posterior(network, e, Variant(len(ratios), softness={"present": weights})).present
    steps = np.diff(p, axis=0)
    assert ((steps >= -1e-9).all(axis=0) | (steps <= 1e-9).all(axis=0)).all()


@settings(max_examples=30, deadline=None)
@given(seeds, st.randoms())
def test_the_order_of_soft_items_does_not_matter(seed, shuffle):
    network, e = case(seed)
    e = soften(e, seed)
    kinds = {}
    for kind in KINDS:
        items = list(getattr(e, kind))
        shuffle.shuffle(items)
        kinds[kind] = tuple(items)
    a, b = everything(network, e), everything(network, replace(e, **kinds))
    np.testing.assert_allclose(a, b, rtol=1e-9, atol=1e-12)


@settings(max_examples=20, deadline=None)
@given(seeds)
def test_a_lane_that_forgets_a_soft_finding_equals_a_case_without_it(seed):
    network, e = case(seed)
    e = replace(e, course_present=(), course_absent=(), agreement=())
    e = replace(soften(e, seed), complaint=frozenset({e.present[0]}))
    assume(len(e.present) > 1)
    f = e.present[-1]
    masks = {
        "present": np.ones((2, len(e.present))),
        "quality_present": np.ones((2, len(e.quality_present))),
        "quality_absent": np.ones((2, len(e.quality_absent))),
    }
    masks["present"][1, -1] = 0
    alone = e.without("present", f)
    for kind in ("quality_present", "quality_absent"):
        for k, q in enumerate(getattr(e, kind)):
            if network.quality_of[q] == f:
                masks[kind][1, k] = 0
                alone = alone.without(kind, q)
    both = posterior(network, e, Variant(2, **masks))
    np.testing.assert_allclose(
        both.state[1], posterior(network, alone).state[0], rtol=1e-9, atol=1e-13
    )


def test_a_network_without_a_cause_that_cannot_be_equals_the_whole_one():
    for seed in range(5):
        network, e = case(seed)
        network.prior[:, 0] = [1.0, 0.0, 0.0]
        e = soften(e, seed)
        keep = np.arange(1, network.n_variables)
        assert e.likelihood is not None
        small = posterior(network.restricted(keep), replace(e, likelihood=e.likelihood[keep]))
        np.testing.assert_allclose(
            small.state, posterior(network, e).state[:, keep], rtol=1e-9, atol=1e-14
        )


# ---- the evidence of a case ----

TOLD = [
    "leg_cramps",
    "night_leg_cramps",
    "tremor",
    "fatigue",
    "weight_loss",
    "worsening",
    "onset_years",
]
HISTORY = ["diabetes", "smoking", "alcohol_heavy"]


def person(certainty, without=(), denied=()):
    return Understood(
        Person(age=50, sex="female"),
        present=[n for n in TOLD if n not in without],
        absent=["poor_sleep"],
        complaint=["leg_cramps", "tremor"],
        history_present=[n for n in HISTORY if n not in without and n not in denied],
        history_absent=list(denied),
        certainty=certainty,
    )


def answer(told):
    """Present, contributes and nothing listed as one row."""
    return np.concatenate([np.ravel(x) for x in posterior_of(model(), told)])


def test_readings_that_are_certain_equal_what_was_listed():
    sure = dict.fromkeys([*TOLD, *HISTORY], 1.0)
    assert np.array_equal(answer(person(sure)), answer(person({})))
    assert np.array_equal(answer(person({"tremor": SURE})), answer(person({})))


@pytest.mark.parametrize("name", [n for n in TOLD if n != "leg_cramps"] + HISTORY)
def test_a_reading_without_certainty_equals_one_not_told(name):
    gone = answer(person({name: 1e-9}))
    np.testing.assert_allclose(gone, answer(person({}, without=[name])), rtol=1e-5, atol=1e-8)


def test_a_denied_history_item_without_certainty_equals_one_not_told():
    for name in HISTORY:
        gone = answer(person({name: 1e-9}, denied=[name]))
        np.testing.assert_allclose(gone, answer(person({}, without=[name])), rtol=1e-5, atol=1e-8)


@pytest.mark.parametrize("name", ["fatigue", "tremor", "night_leg_cramps", "worsening"])
def test_the_surer_the_reading_the_further_it_moves_each_cause(name):
    """From where it is likelier right than wrong: from there on it counts as complained of."""
    rows = np.stack(
        [posterior_of(model(), person({name: rho}))[0] for rho in (0.5, 0.6, 0.75, 0.9, 1.0)]
    )
    steps = np.diff(rows, axis=0)
    one_way = (steps >= -1e-9).all(axis=0) | (steps <= 1e-9).all(axis=0)
    assert one_way.all(), [model().causes[i] for i in np.flatnonzero(~one_way)]


@pytest.mark.parametrize("denied", [False, True])
def test_the_surer_a_history_item_the_further_it_moves_each_prior(denied):
    for name in HISTORY:
        told = [
            person({name: rho}, denied=[name] if denied else ()) for rho in (0.01, 0.4, 0.8, 1.0)
        ]
        rows = np.stack([case_evidence(model(), one, 0).present_prior[0] for one in told])
        steps = np.diff(rows, axis=0)
        assert np.abs(steps).max() > 1e-3
        assert ((steps >= -1e-12).all(axis=0) | (steps <= 1e-12).all(axis=0)).all()


def test_a_history_item_told_with_even_chance_moves_the_odds_half_the_way():
    """log(rho e^shift + 1 - rho), for a cause that one risk factor moves."""
    net = model()
    average = np.full((1, len(net.causes)), 0.1)
    told = Understood(Person())
    for shift in (2.0, -1.0):
        moved = [Influence("history:x", 0, shift, certainty=0.5)]
        p = apply_influences(net, told, average, moved, None)[0, 0]
        assert p / (1 - p) == pytest.approx((1 + np.exp(shift)) / 2 / 9)
    p = apply_influences(net, told, average, [Influence("h", 0, add=0.4, certainty=0.5)], None)
    assert p[0, 0] == pytest.approx(1 - 0.9 * (1 - 0.2))


def test_a_finding_is_as_certain_as_the_surest_of_its_qualities():
    a = answer(person({"leg_cramps": 0.3, "night_leg_cramps": 0.8}))
    b = answer(person({"leg_cramps": 0.8, "night_leg_cramps": 0.8}))
    assert np.array_equal(a, b)


def test_nothing_else_known_a_reading_is_believed_as_far_as_it_is_certain():
    """P(finding | reading) = rho + (1 - rho) pi, for a finding as common as the leak says."""
    told = person({"fatigue": 0.6})
    given_case = case_evidence(model(), told, 0)
    k = given_case.findings.index("fatigue")
    w1, w0 = given_case.evidence.softness["present", k]
    pi = float(given_case.network.leak[0, k])
    assert pi > LEAST_USUAL
    assert pi * w1 / (pi * w1 + (1 - pi) * w0) == pytest.approx(0.6 + 0.4 * pi)


def test_one_misreading_does_not_carry_a_diagnosis():
    """What a sure sign does to the cause it speaks for most, a doubtful one does in part only."""
    net = model()
    none = posterior_of(net, person({}, without=["tremor"]))[0]
    sure = posterior_of(net, person({}))[0]
    half = posterior_of(net, person({"tremor": 0.5}))[0]
    raised = sure > 2 * none
    assert raised.any()
    assert (half[raised] < sure[raised]).all() and (half[raised] > none[raised]).all()


def test_what_follows_from_an_unsure_reading_is_as_unsure_and_denies_nothing():
    known = knowledge()
    name = next(n for n in model().exclusive)
    told = Understood(Person(), present=["night_leg_cramps", name], certainty={})
    told.certainty = {"night_leg_cramps": 0.6, name: 0.6}
    tidied(told, known)
    assert told.certainty["leg_cramps"] == 0.6
    assert not set(told.absent) & set(known.base.findings[name].excludes)
    told = Understood(Person(), present=["night_leg_cramps", "leg_cramps"])
    told.certainty = {"night_leg_cramps": 0.9, "leg_cramps": 0.4}
    tidied(told, known)
    assert told.certainty["leg_cramps"] == 0.9


# ---- reasons and questions ----


def test_a_doubtful_reading_is_asked_about_and_a_fairly_sure_one_is_not():
    result = assess(person({"tremor": 0.5, "fatigue": 0.9}), draws=0)
    asked = {q.id: q for q in steps_of(person({"tremor": 0.5, "fatigue": 0.9}))}
    assert asked["tremor"].again and "fatigue" not in asked
    assert 0.5 < asked["tremor"].probability < 1
    assert any(r.item == "tremor" for c in result.causes for r in c.reasons)


@pytest.mark.parametrize("name", ["tremor", "fatigue", "night_leg_cramps", "worsening"])
def test_the_worth_of_asking_again_is_that_of_a_hard_yes_or_no(name):
    """yes: the posterior with the item hard; the reading itself tells no more once it is answered."""
    told = person({name: 0.5})
    step = next(s for s in steps_of(told) if s.id == name)
    net, given_case, keep = reduced(told)
    place = {net.causes[int(v)]: i for i, v in enumerate(keep)}
    kind = next(k for k, i in given_case.evidence.softness if i >= 0)
    yes = replace(given_case.evidence, softness={})
    item = next(i for _, i in given_case.evidence.softness)
    no = replace(given_case.evidence, softness={(kind, item): (0.0, 1.0)})
    sure = posterior(given_case.network, yes).present[0]
    denied = posterior(given_case.network, no).present[0]
    assert step.bits > 0
    for cause, if_yes, if_no in step.moves:
        assert if_yes == pytest.approx(sure[place[cause]], abs=1e-9)
        assert if_no == pytest.approx(denied[place[cause]], abs=1e-9)


def test_an_unsure_way_to_begin_is_asked_about_with_the_others():
    steps = {s.id: s for s in steps_of(person({"onset_years": 0.5}))}
    asked = [steps[n].probability for n in model().exclusive]
    assert sum(asked) == pytest.approx(1.0)
    assert steps["onset_years"].again
    assert steps["onset_years"].probability == max(asked)
    assert not set(model().exclusive) & {s.id for s in steps_of(person({}))}


def test_the_question_says_that_it_asks_again():
    told = person(dict.fromkeys(TOLD, 0.5))
    questions = {q.id: q.text for q in assess(told, draws=0).questions}
    again = set(TOLD) & set(questions)
    assert again
    for name in again:
        plain = knowledge().base.findings[name].question
        assert questions[name] == knowledge().base.wording.again.format(question=plain) != plain


def reduced(told):
    net = model()
    given_case = case_evidence(net, told, 0)
    whole = posterior(given_case.network, given_case.evidence)
    keep = np.flatnonzero(whole.present[0] >= 0.002)
    assert given_case.evidence.likelihood is not None
    small = replace(
        given_case,
        network=given_case.network.restricted(keep),
        evidence=replace(given_case.evidence, likelihood=given_case.evidence.likelihood[keep]),
    )
    return net, small, keep


def steps_of(told):
    net, small, keep = reduced(told)
    program = build(small.network, small.evidence, quiet=True)
    base = posterior(small.network, small.evidence, quiet=True, order=program.order)
    return next_steps(net, told, small, base, program.order, keep)

"""Laws of the model: order, missing evidence, unexplained findings, propriety."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stillwell.assess.assessment import assess
from stillwell.assess.posterior import posterior_of
from stillwell.inference import kernel
from stillwell.inference.network import Evidence, Variant
from stillwell.inference.program import Builder
from stillwell.inference.sweep import contributions, nothing_listed, posterior
from tests.against.networks import random_evidence, random_network
from tests.case_helpers import told

seeds = st.integers(0, 10_000)


@settings(max_examples=40, deadline=None)
@given(seeds, st.randoms())
def test_the_order_of_evidence_does_not_matter(seed, shuffle):
    network = random_network(seed, n_roots=4, n_children=3, n_findings=6)
    evidence = random_evidence(network, seed)
    present = list(evidence.present)
    shuffle.shuffle(present)
    other = Evidence(**{**evidence.__dict__, "present": tuple(present)})
    a, b = posterior(network, evidence), posterior(network, other)
    np.testing.assert_allclose(a.state, b.state, rtol=1e-9, atol=1e-14)


@settings(max_examples=40, deadline=None)
@given(seeds)
def test_missing_is_the_average_over_present_and_absent(seed):
    """P(e) = P(e, f) + P(e, not f): an unanswered question is not a denied one."""
    network = random_network(seed, n_roots=4, n_children=2, n_findings=5)
    e = random_evidence(network, seed)
    free = next((f for f in range(5) if f not in e.present and f not in e.absent), None)
    if free is None:
        return
    without = posterior(network, e).evidence[0]
    yes = posterior(network, Evidence(**{**e.__dict__, "present": (*e.present, free)})).evidence[0]
    no = posterior(network, Evidence(**{**e.__dict__, "absent": (*e.absent, free)})).evidence[0]
    assert yes + no == pytest.approx(without, rel=1e-9)


@settings(max_examples=30, deadline=None)
@given(seeds)
def test_a_finding_no_cause_explains_leaves_the_ranking_alone(seed):
    network = random_network(seed, n_roots=4, n_children=2, n_findings=5)
    network.activation[:, 4] = 0
    network.inhibition[:, 4] = 1
    e = random_evidence(network, seed)
    kept = Evidence(
        **{
            **e.__dict__,
            "present": tuple(f for f in e.present if f != 4),
            "absent": tuple(f for f in e.absent if f != 4),
            "complaint": e.complaint - {4},
        }
    )
    more = Evidence(**{**kept.__dict__, "present": (*kept.present, 4)})
    np.testing.assert_allclose(
        posterior(network, kept).state, posterior(network, more).state, rtol=1e-9, atol=1e-14
    )


@settings(max_examples=20, deadline=None)
@given(seeds)
def test_a_lane_that_forgets_an_item_equals_a_case_without_it(seed):
    network = random_network(seed, n_roots=4, n_children=2, n_findings=6)
    e = random_evidence(network, seed)
    if not e.absent:
        return
    mask = np.ones((2, len(e.absent)))
    mask[1, 0] = 0
    both = posterior(network, e, Variant(2, absent=mask))
    alone = posterior(network, e.without("absent", e.absent[0]))
    np.testing.assert_allclose(both.state[1], alone.state[0], rtol=1e-9, atol=1e-14)


def test_evidence_can_be_very_rare_without_loss():
    network = random_network(3, rare=True)
    result = posterior(network, random_evidence(network, 3))
    np.testing.assert_allclose(result.state.sum(axis=2), 1.0, rtol=1e-9)


def test_the_same_case_in_another_order_gives_the_same_answer():
    signs = ["leg_tremor", "palpitations", "weight_loss"]
    a = told(findings={"present": signs})
    b = told(findings={"present": signs[::-1]})
    from stillwell.assess.model import model

    np.testing.assert_allclose(posterior_of(model(), a)[0], posterior_of(model(), b)[0], rtol=1e-9)


def test_contributing_is_never_more_likely_than_being_present():
    for row in assess(
        told("my feet are numb and tingling, I am vegan"), draws=0, detail=False
    ).causes:
        assert row.contributes <= row.present + 1e-9


def test_many_lanes_are_each_what_they_are_alone():
    network = random_network(3)
    evidence = random_evidence(network, 3)
    masks = np.ones((21, len(evidence.present)))
    masks[np.arange(21), np.arange(21) % masks.shape[1]] = 0
    together = posterior(network, evidence, Variant(21, present=masks), quiet=True)
    for lane in (0, 7, 8, 15, 16, 20):
        alone = posterior(network, evidence, Variant(1, present=masks[lane : lane + 1]), quiet=True)
        np.testing.assert_allclose(together.state[lane], alone.state[0], rtol=1e-12)
        np.testing.assert_allclose(together.quiet[lane], alone.quiet[0], rtol=1e-12)


def test_one_layout_of_weights_serves_every_program_of_a_case():
    network = random_network(5)
    evidence = random_evidence(network, 5)
    builder = Builder(network, evidence)
    got = posterior(network, evidence, quiet=True, builder=builder)
    apart = posterior(network, evidence, quiet=True)
    np.testing.assert_array_equal(got.state, apart.state)
    for _ in range(2):  # what one program adds does not reach the next
        np.testing.assert_array_equal(
            nothing_listed(network, evidence, got.evidence, builder=builder),
            nothing_listed(network, evidence, got.evidence),
        )
        np.testing.assert_array_equal(
            contributions(network, evidence, got, -1.0, builder=builder),
            contributions(network, evidence, got, -1.0),
        )


@pytest.mark.parametrize("most", [0, 300, 3000])
def test_a_program_that_is_run_in_parts_gives_the_same_to_the_last_digit(most, monkeypatch):
    for seed in range(12):
        network = random_network(seed, n_roots=5, n_children=4, n_findings=7)
        evidence = random_evidence(network, seed)
        lanes = Variant(9, absent=np.ones((9, len(evidence.absent))))
        for variant in (None, lanes):
            whole = posterior(network, evidence, variant, quiet=True)
            with monkeypatch.context() as small:
                small.setattr(kernel, "MEMORY_LIMIT", most)
                parts = posterior(network, evidence, variant, quiet=True)
            assert (parts.evidence == whole.evidence).all()
            assert (parts.state == whole.state).all() and (parts.quiet == whole.quiet).all()

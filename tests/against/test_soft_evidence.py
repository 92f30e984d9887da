"""Soft evidence in the sweep equals brute-force enumeration: qualities, course, links, suppression."""

import numpy as np
import pytest

from stillwell.inference.network import Evidence, Variant
from stillwell.inference.sweep import contributions, nothing_listed, posterior

from .networks import brute_force, random_evidence, random_network, soften


def check(network, evidence):
    z, state, contributes, nothing = brute_force(network, evidence)
    got = posterior(network, evidence, quiet=True)
    assert got.evidence[0] == pytest.approx(z, rel=1e-9)
    np.testing.assert_allclose(got.state[0], state / z, rtol=1e-9, atol=1e-15)
    plain = posterior(network, evidence)
    np.testing.assert_allclose(plain.state[0], state / z, rtol=1e-9, atol=1e-15)
    share = contributions(network, evidence, got, floor=-1.0)
    np.testing.assert_allclose(share[0], contributes / z, rtol=1e-9, atol=1e-12)
    assert nothing_listed(network, evidence, got.evidence)[0] == pytest.approx(
        nothing / z, rel=1e-9
    )


@pytest.mark.parametrize("seed", range(12))
def test_several_soft_items_equal_brute_force(seed):
    network = random_network(seed, rare=seed % 3 == 2)
    check(network, soften(random_evidence(network, seed), seed))


@pytest.mark.parametrize("seed", range(4))
def test_a_complaint_that_is_soft_throughout_equals_brute_force(seed):
    network = random_network(seed, n_findings=2)
    evidence = Evidence(
        present=(0, 1),
        quality_present=tuple(q for q in range(2) if seed >> q & 1),
        quality_absent=tuple(q for q in range(2) if not seed >> q & 1),
        course_present=(0,),
        course_absent=(1,),
        agreement=(seed % 2,),
        complaint=frozenset({0, 1}),
        softness={("present", 0): (1.0, 0.3), ("present", 1): (0.8, 0.5)},
    )
    check(network, evidence)


@pytest.mark.parametrize("seed", range(3))
def test_lanes_with_weights_of_their_own_equal_cases_of_their_own(seed):
    network = random_network(seed)
    evidence = soften(random_evidence(network, seed), seed)
    n = len(evidence.present)
    weights = np.random.default_rng(seed).uniform(0.1, 1, (2, n, 2))
    both = posterior(network, evidence, Variant(2, softness={"present": weights}), quiet=True)
    for lane in range(2):
        own = {
            **evidence.softness,
            **{("present", f): tuple(weights[lane, i]) for i, f in enumerate(evidence.present)},
        }
        alone = Evidence(**{**evidence.__dict__, "softness": own})
        z, state, _, _ = brute_force(network, alone)
        assert both.evidence[lane] == pytest.approx(z, rel=1e-9)
        np.testing.assert_allclose(both.state[lane], state / z, rtol=1e-9, atol=1e-15)

"""The sweep equals brute-force enumeration, feature by feature and at any rarity."""

from dataclasses import replace

import numpy as np
import pytest

from stillwell.inference.sweep import contributions, nothing_listed, posterior

from .networks import brute_force, random_evidence, random_network


@pytest.mark.parametrize("rare", [False, True])
@pytest.mark.parametrize("seed", range(6))
def test_sweep_equals_brute_force_on_networks_of_every_feature(seed, rare):
    network = random_network(seed, rare=rare)
    evidence = random_evidence(network, seed)
    z, state, contributes, nothing = brute_force(network, evidence)
    got = posterior(network, evidence, quiet=True)
    assert got.evidence[0] == pytest.approx(z, rel=1e-9)
    np.testing.assert_allclose(got.state[0], state / z, rtol=1e-9, atol=1e-15)
    share = contributions(network, evidence, got, floor=-1.0)
    np.testing.assert_allclose(share[0], contributes / z, atol=1e-9)
    assert nothing_listed(network, evidence, got.evidence)[0] == pytest.approx(
        nothing / z, rel=1e-9
    )


@pytest.mark.parametrize("exclusions", [((0, 1),), ((0, 3),), ((1, 2), (0, 3)), ((0, 1, 3),)])
@pytest.mark.parametrize("seed", range(4))
def test_sweep_equals_brute_force_where_variables_exclude_each_other(seed, exclusions):
    network = replace(random_network(seed), exclusions=exclusions)
    evidence = random_evidence(network, seed)
    z, state, contributes, nothing = brute_force(network, evidence)
    got = posterior(network, evidence, quiet=True)
    assert got.evidence[0] == pytest.approx(z, rel=1e-9)
    np.testing.assert_allclose(got.state[0], state / z, rtol=1e-9, atol=1e-15)
    for group in exclusions:
        assert got.present[0, list(group)].sum() <= 1 + 1e-9
    share = contributions(network, evidence, got, floor=-1.0)
    np.testing.assert_allclose(share[0], contributes / z, atol=1e-9)
    assert nothing_listed(network, evidence, got.evidence)[0] == pytest.approx(
        nothing / z, rel=1e-9
    )
    without = posterior(replace(network, exclusions=()), evidence)
    assert not np.allclose(without.state, got.state)

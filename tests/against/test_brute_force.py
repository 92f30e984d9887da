"""The sweep equals brute-force enumeration, feature by feature and at any rarity."""

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

"""The sweep equals pyAgrum on larger noisy-OR networks."""

import numpy as np
import pyagrum as gum
import pytest

from stillwell.inference.network import Evidence, Network
from stillwell.inference.sweep import posterior


def noisy_or_network(seed, causes=14, findings=10, parents=4):
    """A two-layer network of ours and the same one in pyAgrum."""
    rng = np.random.default_rng(seed)
    prior = rng.uniform(0.01, 0.2, causes)
    leak = rng.uniform(0.01, 0.1, findings)
    q = np.zeros((findings, causes))
    net = gum.BayesNet()
    for c in range(causes):
        net.add(gum.LabelizedVariable(f"c{c}", "", 2))
        net.cpt(f"c{c}").fillWith([1 - prior[c], prior[c]])
    for f in range(findings):
        chosen = rng.choice(causes, parents, replace=False)
        q[f, chosen] = rng.uniform(0.1, 0.9, parents)
        net.addNoisyORNet(gum.LabelizedVariable(f"f{f}", "", 2), float(leak[f]))
        for c in chosen:
            net.addWeightedArc(f"c{c}", f"f{f}", float(q[f, c]))
    activation = np.zeros((1, findings, causes, 2))
    activation[0, :, :, 1] = q
    ours = Network(
        np.full(causes, 2),
        np.stack([1 - prior, prior], axis=1)[None],
        (),
        leak[None],
        activation,
        np.ones_like(activation),
        np.zeros(0, dtype=np.int64),
        np.zeros((1, 0, causes, 2)),
        np.zeros((1, 0)),
        np.zeros((1, 0, causes, 2)),
        np.zeros((1, 0)),
    )
    return ours, net


@pytest.mark.parametrize("seed", range(6))
def test_posteriors_equal_pyagrum(seed):
    ours, net = noisy_or_network(seed)
    present, absent = (0, 1, 2, 3, 4, 5), (6, 7, 8)
    got = posterior(ours, Evidence(present, absent, complaint=frozenset(present)))
    engine = gum.LazyPropagation(net)
    engine.setEvidence({f"f{f}": int(f in present) for f in (*present, *absent)})
    engine.makeInference()
    theirs = [engine.posterior(f"c{c}")[1] for c in range(14)]
    np.testing.assert_allclose(got.present[0], theirs, atol=1e-9)

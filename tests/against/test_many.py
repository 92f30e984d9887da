"""The sweep over many people equals brute force on small networks, and the one-case sweep on larger ones."""

from dataclasses import replace

import numpy as np
import pytest

from stillwell.cohort.lanes import parts_of
from stillwell.inference.many import Causes, Columns, Findings, Known, Out
from stillwell.inference.network import Evidence
from stillwell.inference.sweep import contributions, nothing_listed, posterior
from stillwell.inference.tree import Tree
from tests.against.networks import brute_force, random_network


def plain_network(seed, **sizes):
    """A network without qualities, course and suppression, in which two causes may exclude each other."""
    network = random_network(seed, **sizes)
    v, s = network.n_variables, network.prior.shape[2]
    none = np.zeros((1, 0, v, s))
    return replace(
        network,
        inhibition=np.ones_like(network.inhibition),
        quality_of=np.zeros(0, dtype=np.int64),
        quality=none,
        quality_leak=np.zeros((1, 0)),
        course=none,
        course_leak=np.zeros((1, 0)),
        agreement=None,
        exclusions=((0, v - 1),) if seed % 2 else (),
    )


def worked_out(network, likelihood, has, relevant=0.0):
    """Present, contributes and nothing listed of people with as many findings each."""
    count = len(has)
    _, v, s = network.prior.shape
    causes = Causes(network, parts_of(network), relevant, 0.0)
    findings = Findings(
        network.activation[0],
        np.full(network.activation[0].shape, -1, dtype=np.int32),
        np.full(network.leak.shape[1], -1, dtype=np.int32),
        np.zeros((0, count)),
        network.leak.T.copy(),
        np.zeros(count, dtype=np.int64),
    )
    kind = np.zeros(count, dtype=np.int64)
    own = {(i, k): likelihood[:, i, k].copy() for i in range(v) for k in range(s)}
    known = Known(Columns(network.prior, kind, {}), Columns(np.ones((1, v, s)), kind, own))
    out = Out(np.empty((v, count)), np.empty((v, count)), np.empty(count), np.zeros(count, bool))
    causes.work_out(findings, np.array(has, dtype=np.int32), np.arange(count), known, out)
    assert not out.lost.any()
    return out


@pytest.mark.parametrize("seed", range(16))
def test_many_people_equal_brute_force(seed):
    network = plain_network(seed, n_roots=3, n_children=2)
    has = [[0, 1], [0, 2], [1, 2]] * 3
    r = np.random.default_rng(seed)
    likelihood = r.uniform(0.1, 1, (len(has), *network.prior.shape[1:]))
    found = worked_out(network, likelihood, has)
    for i, present in enumerate(has[:3]):
        evidence = Evidence(tuple(present), complaint=frozenset(present), likelihood=likelihood[i])
        z, state, contributes, nothing = brute_force(network, evidence)
        np.testing.assert_allclose(found.present[:, i], state[:, 1:].sum(axis=1) / z, atol=1e-12)
        np.testing.assert_allclose(found.contributes[:, i], contributes / z, atol=1e-12)
        np.testing.assert_allclose(found.nothing[i], nothing / z, atol=1e-12)


@pytest.mark.parametrize("count", [0, 1, 3, 4, 5, 8, 10])
@pytest.mark.parametrize("seed", range(3))
def test_any_number_of_findings_equals_the_one_case_sweep(count, seed):
    """Whatever the order of the tree and however many people run side by side."""
    sizes = (
        (6, 8) if count < 8 else (4, 4)
    )  # above that the one-case sweep leaves out what is too wide
    network = plain_network(
        seed, n_roots=sizes[0], n_children=sizes[1], n_findings=12, rare=seed == 2
    )
    r = np.random.default_rng(seed)
    has = [sorted(r.permutation(12)[:count].tolist()) for _ in range(5)]
    likelihood = r.uniform(0.1, 1, (len(has), *network.prior.shape[1:]))
    found = worked_out(network, likelihood, np.array(has).reshape(5, count))
    for i, present in enumerate(has):
        evidence = Evidence(tuple(present), complaint=frozenset(present), likelihood=likelihood[i])
        one = posterior(network, evidence, quiet=True)
        share = contributions(network, evidence, one, 0.0)[0] if count else 0.0
        nothing = nothing_listed(network, evidence, one.evidence)
        np.testing.assert_allclose(found.present[:, i], one.present[0], atol=1e-11)
        np.testing.assert_allclose(found.contributes[:, i], share, atol=1e-11)
        np.testing.assert_allclose(found.nothing[i], nothing[0], atol=1e-11)


def test_a_tag_costs_only_the_branch_that_it_changes(model):
    """What a cause without many descendants brings through others takes a small part of the sweep."""
    none = np.zeros((1, len(model.causes)))
    network = model.network(none, none, [], [], [], None, None, None, 0)
    joined = np.array(sorted(v for part in parts_of(network) if len(part) > 1 for v in part))
    tree = Tree(network.restricted(joined), 2)
    plain = tree.plain().room
    rooms = sorted(tree.tagged(v).room for v in tree.network.children())
    assert rooms[len(rooms) // 2] < plain / 4

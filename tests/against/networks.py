"""Random small networks with every feature, and what brute force makes of them."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np

from stillwell.inference.network import Evidence, Link, Network


def random_network(seed: int, n_roots=2, n_children=2, n_findings=3, rare=False) -> Network:
    rng = np.random.default_rng(seed)
    v = n_roots + n_children
    s = 3
    n_states = rng.integers(2, 4, size=v)
    prior = np.zeros((1, v, s))
    for i in range(v):
        p = rng.uniform(0.02, 0.5, size=n_states[i] - 1) / (n_states[i] - 1)
        if rare:
            p *= 1e-5
        prior[0, i, 1 : n_states[i]] = p
        prior[0, i, 0] = 1 - p.sum()
    links = []
    for child in range(n_roots, v):
        for parent in range(child):
            if rng.random() < 0.6:
                table = np.zeros((1, s, s))
                table[0, 0, 0] = 1
                for a in range(1, n_states[parent]):
                    push = rng.uniform(0, 0.5, size=n_states[child] - 1) / (n_states[child] - 1)
                    table[0, a, 1 : n_states[child]] = push
                    table[0, a, 0] = 1 - push.sum()
                links.append(Link(parent, child, table))
    q = rng.uniform(0.01, 0.9, size=(1, n_findings, v, s))
    q *= rng.random((1, n_findings, v, 1)) < 0.6
    q[..., 0] = 0
    for i in range(v):
        q[:, :, i, n_states[i] :] = 0
    inhibition = np.ones((1, n_findings, v, s))
    for f in range(n_findings):
        if rng.random() < 0.5:
            i = rng.integers(v)
            inhibition[0, f, i, 1 : n_states[i]] = rng.uniform(0.1, 0.9)
    n_q, n_c = 2, 2
    return Network(
        n_states,
        prior,
        tuple(links),
        rng.uniform(0.01, 0.4, size=(1, n_findings)) * (1e-4 if rare else 1),
        q,
        inhibition,
        rng.integers(0, 2, size=n_q),
        rng.uniform(0.05, 0.95, size=(1, n_q, v, s)),
        rng.uniform(0.05, 0.95, size=(1, n_q)),
        rng.uniform(0.05, 0.95, size=(1, n_c, v, s)),
        rng.uniform(0.05, 0.95, size=(1, n_c)),
        rng.uniform(0.1, 5.0, size=(1, 2, v, s)),
    )


def random_evidence(network: Network, seed: int) -> Evidence:
    rng = np.random.default_rng(seed + 1000)
    n_f = network.leak.shape[1]
    kinds = rng.integers(0, 3, size=n_f)
    kinds[0] = 1
    present = tuple(int(f) for f in np.flatnonzero(kinds == 1))
    absent = tuple(int(f) for f in np.flatnonzero(kinds == 2))
    quality = [(k, rng.integers(0, 3)) for k in range(len(network.quality_of))]
    seen = [(k, t) for k, t in quality if network.quality_of[k] in present]
    course = rng.integers(0, 3, size=network.course.shape[1])
    return Evidence(
        present,
        absent,
        tuple(k for k, t in seen if t == 1),
        tuple(k for k, t in seen if t == 2),
        tuple(int(k) for k in np.flatnonzero(course == 1)),
        tuple(int(k) for k in np.flatnonzero(course == 2)),
        tuple(int(k) for k in np.flatnonzero(rng.random(2) < 0.5)),
        frozenset(f for f in present if rng.random() < 0.7) | {present[0]},
        rng.uniform(0.1, 1, size=network.prior.shape[1:]),
    )


def soften(evidence: Evidence, seed: int, share=0.7) -> Evidence:
    """The same evidence with random weights on a share of the present items."""
    rng = np.random.default_rng(seed + 2000)
    return replace(
        evidence,
        softness={
            (kind, i): (float(rng.uniform(0.2, 2)), float(rng.choice([0.0, rng.uniform(0.05, 2)])))
            for kind in ("present", "quality_present", "course_present")
            for i in getattr(evidence, kind)
            if rng.random() < share
        },
    )


def brute_force(net: Network, ev: Evidence):
    """P(evidence), P(state, evidence), P(contributes, evidence), P(nothing contributes, evidence).

    Enumerates every base state, every push along every link, then every outcome of every source.
    """
    v, s = net.prior.shape[1:]
    z = 0.0
    state_mass = np.zeros((v, s))
    contributes = np.zeros(v)
    nothing = 0.0
    bases = [range(net.n_states[i]) for i in range(v)]
    pushes = [range(net.n_states[link.child]) for link in net.links]
    for base in product(*bases):
        weight0 = np.prod([net.prior[0, i, base[i]] for i in range(v)])
        for fired in product(*pushes):
            state = list(base)
            weight = weight0
            for i in range(v):  # parents come first
                for link, push in zip(net.links, fired, strict=True):
                    if link.child == i:
                        weight *= link.table[0, state[link.parent], push]
                        state[i] = max(state[i], push)
                        if weight == 0:
                            break
            if any(sum(state[i] > 0 for i in group) > 1 for group in net.exclusions):
                weight = 0
            if weight == 0:
                continue
            if ev.likelihood is not None:
                weight *= np.prod([ev.likelihood[i, state[i]] for i in range(v)])
            via = {i: {i} for i in range(v)}  # ancestors through fired links
            for i in range(v):
                for link, push in zip(net.links, fired, strict=True):
                    if link.child == i and push > 0:
                        via[i] |= via[link.parent]
            for mass, hit in _outcomes(net, ev, state):
                p = weight * mass
                z += p
                for i in range(v):
                    state_mass[i, state[i]] += p
                guilty = set().union(*[via[i] for i in hit]) if hit else set()
                for i in guilty:
                    contributes[i] += p
                if not hit:
                    nothing += p
    return z, state_mass, contributes, nothing


def _outcomes(net: Network, ev: Evidence, state):
    """[(P(findings as told and these contributors | states), contributors)]"""
    v = len(state)
    suppress = {
        f: np.prod([net.inhibition[0, f, i, state[i]] for i in range(v)])
        for f in (*ev.present, *ev.absent)
    }
    constant = 1.0
    for f in ev.absent:
        quiet = 1 - net.leak[0, f]
        for i in range(v):
            quiet *= 1 - net.activation[0, f, i, state[i]]
        constant *= 1 - suppress[f] * (1 - quiet)
    outcomes = []
    for kept in product([0, 1], repeat=len(ev.present)):  # not suppressed, suppressed
        mass = constant
        for f, bit in zip(ev.present, kept, strict=True):
            mass *= suppress[f] if bit else 1 - suppress[f]
        if mass > 0:
            able = [f for f, bit in zip(ev.present, kept, strict=True) if bit]
            outcomes += _heard_of(net, ev, state, able, mass)
    return outcomes


def _heard_of(net: Network, ev: Evidence, state, able, constant):
    """The same for findings that nothing suppresses: what arises, and how it fits what was heard."""
    v = len(state)
    # sources: each leak separately, each variable; a source hits a set of findings with qualities
    sources = []
    for f in able:
        sources.append(
            (
                None,
                {f: net.leak[0, f]},
                lambda k: net.quality_leak[0, k],
                lambda c: net.course_leak[0, c],
            )
        )
    for i in range(v):
        hits = {f: net.activation[0, f, i, state[i]] for f in able}
        if any(hits.values()):
            sources.append(
                (
                    i,
                    hits,
                    lambda k, i=i: net.quality[0, k, i, state[i]],
                    lambda c, i=i: net.course[0, c, i, state[i]],
                )
            )
    table = {(frozenset(), frozenset(), frozenset(), frozenset()): constant}
    for who, hits, quality, course in sources:
        new: dict = {}
        for (found, shown, course_shown, guilty), mass in table.items():
            for pattern in product([0, 1], repeat=len(hits)):
                p = mass
                got = set()
                for (f, q), bit in zip(hits.items(), pattern, strict=True):
                    p *= q if bit else 1 - q
                    if bit:
                        got.add(f)
                if p == 0:
                    continue
                asked = [
                    k for k in (*ev.quality_present, *ev.quality_absent) if net.quality_of[k] in got
                ]
                touched = bool(got & ev.complaint)
                if touched and who is not None and net.agreement is not None:
                    p *= np.prod([net.agreement[0, a, who, state[who]] for a in ev.agreement])
                items = list((*ev.course_present, *ev.course_absent)) if touched else []
                for q_bits in product([0, 1], repeat=len(asked)):
                    pq = p
                    for k, bit in zip(asked, q_bits, strict=True):
                        pq *= quality(k) if bit else 1 - quality(k)
                    for c_bits in product([0, 1], repeat=len(items)):
                        pc = pq
                        for c, bit in zip(items, c_bits, strict=True):
                            pc *= course(c) if bit else 1 - course(c)
                        key = (
                            found | got,
                            shown | {k for k, b in zip(asked, q_bits, strict=True) if b},
                            course_shown | {c for c, b in zip(items, c_bits, strict=True) if b},
                            guilty | ({who} if touched and who is not None else set()),
                        )
                        new[key] = new.get(key, 0.0) + pc
        table = new
    unled = 1.0  # where nothing of the complaint arises, the course is as the leak shows it
    for c in ev.course_present:
        w1, w0 = ev.softness.get(("course_present", c), (1.0, 0.0))
        unled *= w1 * net.course_leak[0, c] + w0 * (1 - net.course_leak[0, c])
    for c in ev.course_absent:
        unled *= 1 - net.course_leak[0, c]
    result = []
    for (found, shown, course_shown, guilty), mass in table.items():
        led = bool(found & ev.complaint)
        if shown & set(ev.quality_absent) or course_shown & set(ev.course_absent):
            continue
        weight = mass
        for f in ev.present:
            weight *= ev.softness.get(("present", f), (1.0, 0.0))[f not in found]
        for q in ev.quality_present:
            if net.quality_of[q] in found:
                weight *= ev.softness.get(("quality_present", q), (1.0, 0.0))[q not in shown]
        for c in ev.course_present if led else ():
            weight *= ev.softness.get(("course_present", c), (1.0, 0.0))[c not in course_shown]
        result.append((weight if led else weight * unled, guilty))
    return result

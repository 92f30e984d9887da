"""Latency of the engine beside pyAgrum and pgmpy on the same networks in the same run.

Generated networks: 25 nutrients, 50 conditions (a third with 1-5 nutrient parents), 150 findings
(mean 6, at most 20 parents); 15 negative findings. The peers get their best form: negative findings
folded into the priors where possible, and each noisy-OR split into a chain of two-parent ORs.
Also times the built-in knowledge base. Usage: python benchmarks/engine.py [--seconds N]
"""

from __future__ import annotations

import argparse
import multiprocessing as mp
import time

import numpy as np

from stillwell.inference.network import Evidence, Link, Network
from stillwell.inference.program import build
from stillwell.inference.sweep import run

SIZES = (5, 8, 10, 12, 15, 20)


def generate(seed: int) -> tuple[Network, np.ndarray]:
    """A network of the described shape; activation[finding, variable]."""
    rng = np.random.default_rng(seed)
    nutrients, conditions, findings = 25, 50, 150
    v = nutrients + conditions
    p = rng.uniform(0.002, 0.1, v)
    links = []
    for child in range(nutrients, v):
        if rng.random() < 1 / 3:
            for parent in rng.choice(nutrients, rng.integers(1, 6), replace=False):
                push = rng.uniform(0.05, 0.6)
                table = np.array([[[1, 0], [1 - push, push]]])
                links.append(Link(int(parent), child, table))
    q = np.zeros((findings, v))
    for f in range(findings):
        k = min(20, max(1, rng.poisson(6)))
        q[f, rng.choice(v, k, replace=False)] = rng.uniform(0.05, 0.95, k)
    activation = np.zeros((1, findings, v, 2))
    activation[0, :, :, 1] = q
    none = np.zeros((1, 0, v, 2))
    network = Network(
        np.full(v, 2), np.stack([1 - p, p], axis=1)[None], tuple(links),
        rng.uniform(0.001, 0.05, (1, findings)), activation, np.ones_like(activation),
        np.zeros(0, dtype=np.int64), none, np.zeros((1, 0)), none, np.zeros((1, 0)),
    )  # fmt: skip
    return network, q


def evidence(seed: int, positives: int) -> Evidence:
    rng = np.random.default_rng(seed + 99)
    chosen = [int(f) for f in rng.choice(150, positives + 15, replace=False)]
    present = tuple(chosen[:positives])
    return Evidence(present, tuple(chosen[positives:]), complaint=frozenset(present))


def ours(network: Network, case: Evidence) -> tuple[float, float]:
    start = time.perf_counter()
    program = build(network, case)
    z, levels = run(program, backward=True)
    assert levels is not None
    return time.perf_counter() - start, float(z[0])


def _peer_edges(network: Network, case: Evidence):  # type: ignore[no-untyped-def]
    """Priors with the negatives folded in, and the chains: (child, [(parent, weight)], leak)."""
    q = network.activation[0, :, :, 1]
    keep = np.prod(1 - q[list(case.absent)], axis=0)
    parents: dict[int, list[tuple[int, float]]] = {}
    for link in network.links:
        parents.setdefault(link.child, []).append((link.parent, float(link.table[0, 1, 1])))
    return q, keep, parents


def pyagrum_time(network: Network, case: Evidence, out) -> None:  # type: ignore[no-untyped-def]
    import pyagrum as gum

    q, keep, parents = _peer_edges(network, case)
    net = gum.BayesNet()

    def add(name: str, sources: list[tuple[str, float]], leak: float) -> None:
        """A noisy-OR as a chain of two-parent ORs."""
        previous: str | None = None
        for k, (source, weight) in enumerate(sources):
            node = name if k == len(sources) - 1 else f"{name}_{k}"
            net.add(gum.LabelizedVariable(node, "", 2))
            net.addArc(source, node)
            if previous is not None:
                net.addArc(previous, node)
            table = net.cpt(node)
            for a in (0, 1):
                for b in (0, 1):
                    quiet = (1 - weight) ** a * (1.0 if previous is None else float(b == 0))
                    if previous is None:
                        quiet *= 1 - leak
                        table[{source: a}] = [quiet, 1 - quiet]
                    else:
                        table[{source: a, previous: b}] = [quiet, 1 - quiet]
            previous = node

    for v in range(network.n_variables):
        p = float(network.prior[0, v, 1])
        if v in parents:
            add(f"v{v}", [(f"v{a}", w) for a, w in parents[v]], p)
        else:
            net.add(gum.LabelizedVariable(f"v{v}", "", 2))
            net.cpt(f"v{v}").fillWith([1 - p, p])
        if keep[v] < 1:  # the negative findings as one soft-evidence child
            net.add(gum.LabelizedVariable(f"n{v}", "", 2))
            net.addArc(f"v{v}", f"n{v}")
            net.cpt(f"n{v}")[{f"v{v}": 0}] = [0.0, 1.0]
            net.cpt(f"n{v}")[{f"v{v}": 1}] = [1 - float(keep[v]), float(keep[v])]
    for f in case.present:
        add(
            f"f{f}",
            [(f"v{v}", float(q[f, v])) for v in np.flatnonzero(q[f])],
            float(network.leak[0, f]),
        )
    seen = {f"f{f}": 1 for f in case.present}
    seen.update({f"n{v}": 1 for v in range(network.n_variables) if keep[v] < 1})
    engine = gum.LazyPropagation(net)
    engine.setEvidence(seen)
    start = time.perf_counter()
    engine.makeInference()
    result = [float(engine.posterior(f"v{v}")[1]) for v in range(network.n_variables)]
    out.put((time.perf_counter() - start, result))


def pgmpy_time(network: Network, case: Evidence, out) -> None:  # type: ignore[no-untyped-def]
    from pgmpy.factors.discrete import DiscreteFactor
    from pgmpy.inference import VariableElimination
    from pgmpy.models import DiscreteMarkovNetwork

    q, keep, parents = _peer_edges(network, case)
    net = DiscreteMarkovNetwork()
    factors = []

    def factor(names: list[str], values: np.ndarray) -> None:
        net.add_nodes_from(names)
        net.add_edges_from([(a, b) for i, a in enumerate(names) for b in names[i + 1 :]])
        factors.append(DiscreteFactor(names, [2] * len(names), values))

    def add(name: str, sources: list[tuple[str, float]], leak: float) -> None:
        previous = None
        for k, (source, weight) in enumerate(sources):
            node = name if k == len(sources) - 1 else f"{name}_{k}"
            if previous is None:
                quiet = np.array([1 - leak, (1 - leak) * (1 - weight)])
                factor([source, node], np.stack([quiet, 1 - quiet], axis=1))
            else:
                quiet2 = np.array([[1.0, 0.0], [1 - weight, 0.0]])
                factor([source, previous, node], np.stack([quiet2, 1 - quiet2], axis=2))
            previous = node

    for v in range(network.n_variables):
        p = float(network.prior[0, v, 1])
        if v in parents:
            add(f"v{v}", [(f"v{a}", w) for a, w in parents[v]], p)
            factor([f"v{v}"], np.array([1.0, keep[v]]))
        else:
            factor([f"v{v}"], np.array([1 - p, p * keep[v]]))
    for f in case.present:
        add(
            f"f{f}",
            [(f"v{v}", float(q[f, v])) for v in np.flatnonzero(q[f])],
            float(network.leak[0, f]),
        )
    net.add_factors(*factors)
    engine = VariableElimination(net)
    start = time.perf_counter()
    engine.query(
        [f"v{v}" for v in range(3)],
        evidence={f"f{f}": 1 for f in case.present},
        joint=False,
        show_progress=False,
    )
    # one query of three variables: the time of all variables is a multiple of it
    out.put((time.perf_counter() - start, []))


def limited(work, network: Network, case: Evidence, seconds: float):  # type: ignore[no-untyped-def]
    """Run a peer in a process of its own, at most so long."""
    context = mp.get_context("fork")
    out = context.Queue()
    process = context.Process(target=work, args=(network, case, out))
    process.start()
    try:
        return out.get(timeout=seconds)
    except Exception:
        return None
    finally:
        process.kill()
        process.join()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=30.0, help="time limit of a peer")
    parser.add_argument("--networks", type=int, default=3)
    parser.add_argument("--cases", type=int, default=9, help="cases on the knowledge base")
    options = parser.parse_args()
    time_knowledge(SIZES, options.cases)
    print("\ngenerated networks")
    print(
        f"{'positives':>9} {'ours ms':>9} {'pyAgrum ms':>11} {'ratio':>8} {'pgmpy ms':>9} {'ratio':>8} {'largest difference':>19}"
    )
    for size in SIZES:
        mine, theirs, others, worst = [], [], [], 0.0
        for seed in range(options.networks):
            network, _ = generate(seed)
            case = evidence(seed, size)
            mine.append(min(ours(network, case)[0] for _ in range(3)))
            found = limited(pyagrum_time, network, case, options.seconds)
            if found is not None:
                theirs.append(found[0])
                from stillwell.inference.sweep import posterior

                got = posterior(network, case).present[0]
                worst = max(worst, float(np.abs(got - np.array(found[1])).max()))
            if size <= 8:
                slow = limited(pgmpy_time, network, case, options.seconds)
                if slow is not None:
                    others.append(slow[0])
        print(
            f"{size:9} {_ms(mine):>9} {_ms(theirs):>11} {_ratio(theirs, mine):>8} {_ms(others):>9} "
            f"{_ratio(others, mine):>8} {worst:19.2g}"
        )


def knowledge_case(seed: int, positives: int):  # type: ignore[no-untyped-def]
    """A case on the built-in knowledge base: signs that two causes drawn by chance bring, 15 denied."""
    from stillwell.assess.model import model
    from stillwell.case.read import case_from
    from stillwell.case.understand import understand

    net = model()
    rng = np.random.default_rng(seed)
    findings = [f for f in net.findings if not f.startswith("lab:")]
    chosen = rng.choice(len(net.causes), 2, replace=False)
    weight = np.array(
        [
            max((n.mean for (v, _), n in net.edges.get(f, {}).items() if v in chosen), default=-6.0)
            for f in findings
        ]
    )
    p = 1 / (1 + np.exp(-weight))
    order = [findings[i] for i in rng.choice(len(p), positives + 15, replace=False, p=p / p.sum())]
    told = {"present": order[:positives], "absent": order[positives:]}
    return understand(case_from({"person": {"age": 50, "sex": "female"}, "findings": told}))


def time_knowledge(sizes: tuple[int, ...], cases: int) -> None:
    """Latency on the built-in knowledge base: the posterior alone, and the whole answer."""
    import resource

    from stillwell.assess.assessment import assess
    from stillwell.assess.evidence import case_evidence
    from stillwell.assess.model import model
    from stillwell.assess.size import LARGEST, fit_to_memory
    from stillwell.inference.sweep import posterior_by

    net = model()
    print(f"\nbuilt-in knowledge base, {len(net.causes)} causes, median (worst) of {cases} cases")
    print(f"{'positives':>9} {'evidence ms':>12} {'posterior ms':>14} {'full answer ms':>18}")
    for size in sizes:
        rows = []
        for seed in range(cases):
            told = knowledge_case(seed, size)
            assess(told, draws=0, detail=False)
            start = time.perf_counter()
            given = case_evidence(net, told, 0)
            ready = time.perf_counter()
            program = build(given.network, given.evidence)
            if program.cells > LARGEST:  # as `assess` does: signs that tell least are set aside
                given = case_evidence(net, fit_to_memory(net, told)[0], 0)
                program = build(given.network, given.evidence)
            posterior_by(given.network, program)
            done = time.perf_counter()
            assess(told)
            rows.append((ready - start, done - ready, time.perf_counter() - done))
        middle, worst = 1000 * np.median(rows, axis=0), 1000 * np.max(rows, axis=0)
        cells = [f"{m:.0f} ({w:.0f})" for m, w in zip(middle, worst, strict=True)]
        print(f"{size:9} {cells[0]:>12} {cells[1]:>14} {cells[2]:>18}")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory of this process {peak:.0f} MB")


def _ms(times: list[float]) -> str:
    return f"{1000 * float(np.median(times)):.1f}" if times else "too slow"


def _ratio(theirs: list[float], mine: list[float]) -> str:
    return f"{np.median(theirs) / np.median(mine):.1f}" if theirs else "-"


if __name__ == "__main__":
    main()

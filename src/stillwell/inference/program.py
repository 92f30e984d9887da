"""Writes the sweep of one case as a program of integers and weights for the kernel.

Accumulators ("dims") are: one per present finding (0 = unexplained, 1 + mask = explained, with the
mask of its present qualities explained so far), one per absent finding that something inhibits, one
per variable with parents (its state so far), and one for the course of the complaint.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import log2

import numpy as np
from numpy.typing import NDArray

from stillwell.inference.network import Evidence, Floats, Network, Variant
from stillwell.inference.ordering import Task, find_order

ROOT = -1


@dataclass
class Program:
    """What the kernel runs, and how to read its answer."""

    code: NDArray[np.int32]
    patterns: NDArray[np.int32]
    weights: Floats
    order: list[int]
    states: list[list[int]]
    cells: int
    work: float


@dataclass
class _Weights:
    blocks: list[Floats] = field(default_factory=list)
    count: int = 0
    lanes: int = 1

    def add(self, block: Floats) -> int:
        """Append (n, L or 1) weights; returns where they start."""
        start = self.count
        self.blocks.append(np.broadcast_to(block, (block.shape[0], self.lanes)))
        self.count += block.shape[0]
        return start


@dataclass
class _Patterns:
    pairs: list[tuple[int, int]] = field(default_factory=list)
    known: dict[tuple[tuple[int, int], ...], int] = field(default_factory=dict)

    def add(self, entries: Sequence[tuple[int, int]]) -> int:
        key = tuple(entries)
        if key not in self.known:
            self.known[key] = len(self.pairs)
            self.pairs.extend(key)
        return self.known[key]


@dataclass
class _Edge:
    """How one (variable, state) acts on one dim: weights start + stride * (variable, state)."""

    dim: int
    complaint: bool
    nnz: int
    pattern: int
    weights: NDArray[np.int64]
    nnz_hit: int = 0
    pattern_hit: int = 0
    weights_hit: NDArray[np.int64] | None = None
    stay: NDArray[np.int64] | None = None
    active: NDArray[np.bool_] | None = None


def build(
    network: Network,
    evidence: Evidence,
    variant: Variant | None = None,
    *,
    silence_complaint: bool = False,
    tag: int | None = None,
    effort: int = 0,
    order: list[int] | None = None,
) -> Program:
    """Write the program of one case.

    Args:
        variant: how the lanes differ from the case as told.
        silence_complaint: no variable may produce a complaint finding (for "nothing listed").
        tag: a variable that is present but may not contribute to the complaint, neither itself nor
            through any variable that it pushed.
        effort: local moves when looking for a better order.
    """
    return _Builder(network, evidence, variant, silence_complaint, tag).program(effort, order)


def _masks(count: int) -> list[int]:
    return list(range(2**count))


class _Builder:
    def __init__(
        self,
        network: Network,
        evidence: Evidence,
        variant: Variant | None,
        silence: bool,
        tag: int | None,
    ) -> None:
        self.net = network
        self.ev = evidence
        self.silence = silence
        self.tag = tag
        lanes = max(network.n_draws, variant.lanes if variant else 1)
        self.variant = variant or Variant(lanes)
        self.weights = _Weights(lanes=lanes)
        self.patterns = _Patterns()
        self.dim_sizes: list[int] = []
        self.opens: list[list[int]] = []
        self.accepts: list[int] = []
        self.edges: list[_Edge] = []
        self.tagged = self._descendants(tag) if tag is not None else set()
        self.one = self.weights.add(np.ones((1, 1)))
        v, s = network.n_variables, network.prior.shape[2]
        self.unary = np.broadcast_to(network.prior, (lanes, v, s)).copy()
        self._course()
        self._unary()
        self._present()
        self._absent_inhibited()
        self._children()

    def _descendants(self, root: int) -> set[int]:
        children = self.net.children()
        found: set[int] = set()
        stack = list(children.get(root, []))
        while stack:
            child = stack.pop()
            if child not in found:
                found.add(child)
                stack.extend(children.get(child, []))
        return found

    def _use(self, name: str, count: int) -> Floats:
        mask = getattr(self.variant, name)
        return np.ones((1, count)) if mask is None else mask

    # ---- unary factors: absent findings, suppressed present findings, test likelihoods ----

    def _unary(self) -> None:
        net, ev = self.net, self.ev
        likelihood = self.variant.likelihood
        if likelihood is None and ev.likelihood is not None:
            likelihood = ev.likelihood[None]
        self.evidence_unary = np.ones_like(self.unary)
        if likelihood is not None:
            self.evidence_unary *= likelihood
        plain = [f for f in ev.absent if not self._inhibited(f)]
        self.constant = np.ones((self.weights.lanes, 1))
        if plain:
            mask = self._use("absent", len(ev.absent))[
                :, [i for i, f in enumerate(ev.absent) if f in set(plain)]
            ]
            with np.errstate(divide="ignore"):
                logs = np.log1p(-net.activation[:, plain])
                leaks = np.log1p(-net.leak[:, plain])
            self.evidence_unary *= np.exp(_masked_sum(mask, logs))
            self.constant *= np.exp(_masked_sum(mask, leaks[..., None]))
        extra = self.variant.extra_absent
        if extra is not None:
            used = np.flatnonzero(extra.any(axis=0))
            with np.errstate(divide="ignore"):
                logs = np.log1p(-net.activation[:, used])
                leaks = np.log1p(-net.leak[:, used])
            self.evidence_unary *= np.exp(_masked_sum(extra[:, used], logs))
            self.constant *= np.exp(_masked_sum(extra[:, used], leaks[..., None]))
        use = self._use("present", len(ev.present))
        for i, f in enumerate(ev.present):
            if self._inhibited(f):
                self.evidence_unary *= np.where(
                    use[:, i, None, None] > 0, net.inhibition[:, f], 1.0
                )

    def _inhibited(self, finding: int) -> bool:
        return bool((self.net.inhibition[:, finding] < 1.0).any())

    # ---- dims ----

    def _new_dim(self, size: int) -> int:
        self.dim_sizes.append(size)
        return len(self.dim_sizes) - 1

    def _course(self) -> None:
        """The course dim: which present course items some contributor has shown."""
        net, ev = self.net, self.ev
        self.course_dim = -1
        if not (ev.course_present or ev.course_absent) or not ev.complaint:
            return
        items = len(ev.course_present)
        self.course_dim = self._new_dim(2**items)
        init = np.zeros((2**items, 1))
        init[0] = 1.0
        start = self.weights.add(init)
        self.opens.append([self.course_dim, 2**items, 0, start, 0, 0, 0])
        use = self._use("course_present", items)
        accept = np.ones((2**items, self.weights.lanes))
        for mask in _masks(items):
            for bit in range(items):
                if not mask >> bit & 1:
                    accept[mask] *= 1.0 - use[:, bit]
        self.accepts.append(self.weights.add(accept))
        entries = [(i, j) for j in _masks(items) for i in _masks(items) if i & j == i]
        self.course_nnz = len(entries)
        self.course_pattern = self.patterns.add(entries)
        v, s = net.n_variables, net.prior.shape[2]
        shape = (max(net.course.shape[0], self._lanes_of_course()), v, s)
        block = self._quality_weights(
            entries,
            net.course[:, list(ev.course_present)],
            net.course[:, list(ev.course_absent)],
            "course",
            shape,
        )
        self.course_weights = self._add_table(block)
        leak_p = net.course_leak[:, list(ev.course_present)][..., None, None]
        leak_a = net.course_leak[:, list(ev.course_absent)][..., None, None]
        leak = self._quality_weights(entries, leak_p, leak_a, "course", (shape[0], 1, 1))
        self.course_leak_weights = int(self._add_table(leak)[0, 0])

    def _lanes_of_course(self) -> int:
        mask = self.variant.course_absent
        return 1 if mask is None else mask.shape[0]

    def _quality_weights(
        self,
        entries: Sequence[tuple[int, int]],
        shown: Floats,
        denied: Floats,
        prefix: str,
        shape: tuple[int, int, int],
        columns: tuple[list[int], list[int]] | None = None,
    ) -> Floats:
        """(nnz, L, V, S): from mask i to mask j, given that the producer acts."""
        use_absent = self._use(f"{prefix}_absent", len(getattr(self.ev, f"{prefix}_absent")))
        if columns is not None:
            use_absent = use_absent[:, columns[1]] if use_absent.shape[1] else use_absent
        base = np.ones(shape)
        for k in range(denied.shape[1]):
            keep = use_absent[:, k, None, None] if use_absent.shape[1] else 1.0
            base = base * np.where(keep > 0, 1.0 - denied[:, k], 1.0)
        rows = []
        for i, j in entries:
            row = base
            for bit in range(shown.shape[1]):
                if i >> bit & 1:
                    continue
                row = row * (shown[:, bit] if j >> bit & 1 else 1.0 - shown[:, bit])
            rows.append(np.broadcast_to(row, base.shape))
        return np.stack(rows)

    def _add_table(self, block: Floats) -> NDArray[np.int64]:
        """Add (nnz, L, V, S) weights; returns (V, S) starts of runs of nnz weights."""
        nnz, lanes, v, s = block.shape
        flat = np.ascontiguousarray(block.transpose(2, 3, 0, 1)).reshape(v * s * nnz, lanes)
        start = self.weights.add(flat)
        index: NDArray[np.int64] = start + nnz * np.arange(v * s).reshape(v, s)
        return index

    def _present(self) -> None:
        net, ev = self.net, self.ev
        use = self._use("present", len(ev.present))
        v, s = net.n_variables, net.prior.shape[2]
        for i, f in enumerate(ev.present):
            shown = [k for k, q in enumerate(ev.quality_present) if net.quality_of[q] == f]
            denied = [k for k, q in enumerate(ev.quality_absent) if net.quality_of[q] == f]
            bits = len(shown)
            size = 1 + 2**bits
            dim = self._new_dim(size)
            inner = [(a, b) for b in _masks(bits) for a in _masks(bits) if a & b == a]
            hit_entries = [(0, 1 + b) for b in _masks(bits)]
            hit_entries += [(1 + a, 1 + b) for a, b in inner]
            hit_entries.sort(key=lambda e: (e[1], e[0]))
            whole_entries = sorted({(0, 0), *hit_entries}, key=lambda e: (e[1], e[0]))
            q = net.activation[:, f]
            lanes = max(q.shape[0], net.quality.shape[0], self._lanes("quality_absent"))
            shape = (lanes, v, s)
            masks = [(max(a - 1, 0), b - 1) for a, b in hit_entries]
            quality_shown = net.quality[:, [ev.quality_present[k] for k in shown]]
            quality_denied = net.quality[:, [ev.quality_absent[k] for k in denied]]
            given_hit = self._quality_weights(
                masks, quality_shown, quality_denied, "quality", shape, (shown, denied)
            )
            hits = given_hit * q[None]
            stay = np.broadcast_to(1.0 - q, shape)
            diagonal = {e: n for n, e in enumerate(hit_entries) if e[0] == e[1]}
            whole = np.stack(
                [
                    stay
                    if e == (0, 0)
                    else hits[hit_entries.index(e)] + (stay if e in diagonal else 0.0)
                    for e in whole_entries
                ]
            )
            if self.silence and f in ev.complaint:
                whole = np.stack([stay if a == b else np.zeros(shape) for a, b in whole_entries])
            edge = _Edge(
                dim,
                f in ev.complaint,
                len(whole_entries),
                self.patterns.add(whole_entries),
                self._add_table(whole),
                active=np.asarray((q > 0).any(axis=0)),
            )
            if edge.complaint:
                edge.nnz_hit = len(hit_entries)
                edge.pattern_hit = self.patterns.add(hit_entries)
                edge.weights_hit = self._add_table(hits)
                edge.stay = self._add_table(stay[None])
            self.edges.append(edge)
            self._open_finding(dim, size, f, bits, shown, denied, inner, lanes)
            accept = np.zeros((size, self.weights.lanes))
            use_q = self._use("quality_present", len(ev.quality_present))
            for mask in _masks(bits):
                allowed = np.ones(use_q.shape[0])
                for bit in range(bits):
                    if not mask >> bit & 1:
                        allowed = allowed * (1.0 - use_q[:, shown[bit]])
                accept[1 + mask] = allowed
            accept = np.where(use[:, i][None] > 0, accept, 1.0)
            self.accepts.append(self.weights.add(accept))

    def _lanes(self, name: str) -> int:
        mask = getattr(self.variant, name)
        return 1 if mask is None else mask.shape[0]

    def _open_finding(
        self,
        dim: int,
        size: int,
        f: int,
        bits: int,
        shown: list[int],
        denied: list[int],
        inner: list[tuple[int, int]],
        lanes: int,
    ) -> None:
        net, ev = self.net, self.ev
        leak = net.leak[:, f]
        shown_leak = net.quality_leak[:, [ev.quality_present[k] for k in shown]][..., None, None]
        denied_leak = net.quality_leak[:, [ev.quality_absent[k] for k in denied]][..., None, None]
        given = self._quality_weights(
            [(0, b) for b in _masks(bits)],
            shown_leak,
            denied_leak,
            "quality",
            (lanes, 1, 1),
            (shown, denied),
        )[:, :, 0, 0]
        block = np.concatenate([np.broadcast_to(1.0 - leak, (1, lanes)), given * leak[None]])
        start = self.weights.add(block)
        coupled = int(self.course_dim >= 0 and f in ev.complaint)
        record = [dim, size, coupled, start, 0, 0, 0]
        if coupled:
            record[4:] = [self.course_nnz, self.course_pattern, self.course_leak_weights]
        self.opens.append(record)

    def _absent_inhibited(self) -> None:
        """An absent finding that something may suppress: unexplained, produced, or suppressed."""
        net, ev = self.net, self.ev
        use = self._use("absent", len(ev.absent))
        entries = [(0, 0), (0, 1), (1, 1), (0, 2), (1, 2), (2, 2)]
        for i, f in enumerate(ev.absent):
            if not self._inhibited(f):
                continue
            dim = self._new_dim(3)
            q, h = np.broadcast_arrays(net.activation[:, f], net.inhibition[:, f])
            block = np.stack([(1 - q) * h, q * h, h, 1 - h, 1 - h, np.ones_like(h)])
            self.edges.append(
                _Edge(
                    dim,
                    False,
                    6,
                    self.patterns.add(entries),
                    self._add_table(block),
                    active=np.asarray(((q > 0) | (h < 1)).any(axis=0)),
                )
            )
            leak = net.leak[:, f]
            start = self.weights.add(np.stack([1.0 - leak, leak, np.zeros_like(leak)]))
            self.opens.append([dim, 3, 0, start, 0, 0, 0])
            accept = np.ones((3, use.shape[0]))
            accept[1] = 1.0 - use[:, i]
            self.accepts.append(self.weights.add(accept))

    def _levels(self, variable: int) -> list[int]:
        """States of a variable as kernel states: 0, 1.., then the tagged copies."""
        n = int(self.net.n_states[variable])
        return list(range(n)) + ([-s for s in range(1, n)] if variable in self.tagged else [])

    def _children(self) -> None:
        net = self.net
        self.child_dim: dict[int, int] = {}
        self.links_from: dict[int, list[tuple[int, int, int, int, int]]] = {}
        for child in sorted({link.child for link in net.links}):
            levels = self._levels(child)
            dim = self._new_dim(len(levels))
            self.child_dim[child] = dim
            init = np.zeros((len(levels), self.weights.lanes))
            init[: int(net.n_states[child])] = self.unary[:, child, : net.n_states[child]].T
            self.opens.append([dim, len(levels), 0, self.weights.add(init), 0, 0, 0])
            self.accepts.append(-1)
            self.unary[:, child] = 1.0
        for link in net.links:
            dim = self.child_dim[link.child]
            child_levels = self._levels(link.child)
            for level in self._levels(link.parent):
                if level == 0:
                    continue
                emits_tag = level < 0 or link.parent == self.tag
                row = link.table[:, abs(level)]
                entries: dict[tuple[int, int], Floats] = {}
                for a, have in enumerate(child_levels):
                    for push in range(int(net.n_states[link.child])):
                        p = row[:, push]
                        if not (p > 0).any():
                            continue
                        top = max(abs(have), push)
                        tagged = have < 0 or (emits_tag and push > 0)
                        b = child_levels.index(-top if tagged and top else top)
                        entries[(a, b)] = entries.get((a, b), np.zeros(1)) + p
                ordered = sorted(entries, key=lambda e: (e[1], e[0]))
                lanes = max(len(entries[e]) for e in ordered)
                block = np.stack([np.broadcast_to(entries[e], (lanes,)) for e in ordered])
                self.links_from.setdefault(link.parent, []).append(
                    (level, dim, len(ordered), self.patterns.add(ordered), self.weights.add(block))
                )

    # ---- the program ----

    def program(self, effort: int, order: list[int] | None) -> Program:
        net = self.net
        n = net.n_variables
        touches = [0] * n
        edge_count = [0] * n
        active = [e.active for e in self.edges]
        for edge, flags in zip(self.edges, active, strict=True):
            assert flags is not None
            for v in np.flatnonzero(flags[:, 1:].any(axis=1)):
                touches[v] |= 1 << edge.dim
                edge_count[v] += 1
        before = [0] * n
        for link in net.links:
            touches[link.parent] |= 1 << self.child_dim[link.child]
            before[link.child] |= 1 << link.parent
            edge_count[link.parent] += 1
        for child, dim in self.child_dim.items():
            touches[child] |= 1 << dim
        course_bit = 0
        if self.course_dim >= 0:
            course_bit = 1 << self.course_dim
        tasks = [
            Task(t & ~course_bit, 0, b, c)
            for t, b, c in zip(touches, before, edge_count, strict=True)
        ]
        log_sizes = [log2(size) for size in self.dim_sizes]
        if order is None:
            order, work, _ = find_order(tasks, log_sizes, effort)
        else:
            work = 0.0
        return self._write(order, tasks, work)

    def _write(self, order: list[int], tasks: list[Task], work: float) -> Program:
        opened: set[int] = set()
        left = {d: sum(1 for t in tasks if t.touches >> d & 1) for d in range(len(self.dim_sizes))}
        by_dim = {record[0]: record for record in self.opens}
        accept_of = {record[0]: a for record, a in zip(self.opens, self.accepts, strict=True)}
        untouched = [d for d, count in left.items() if count == 0 and d != self.course_dim]
        max_states = max((len(self._levels(v)) for v in order), default=1)
        code: list[int] = [len(order), self.course_dim, max_states]
        unary = self._state_weights()
        cells = 1
        widest = 1
        states: list[list[int]] = []
        for step, variable in enumerate(order):
            opens: list[list[int]] = []
            if step == 0 and self.course_dim >= 0:
                opens.append(by_dim[self.course_dim])
            if step == 0:
                opens += [by_dim[d] for d in untouched]
            for dim, record in by_dim.items():
                if tasks[variable].touches >> dim & 1 and dim not in opened:
                    opens.append(record)
                    opened.add(dim)
            code.append(len(opens))
            for record in opens:
                code.extend(record)
                cells *= record[1]
            widest = max(widest, cells)
            own = self.child_dim.get(variable, ROOT)
            levels = self._levels(variable)
            states.append(levels)
            code.extend([own, len(levels)])
            for level in levels:
                self._write_state(code, variable, level, unary)
            closes = [d for d in untouched] if step == 0 else []
            for dim in range(len(self.dim_sizes)):
                if tasks[variable].touches >> dim & 1:
                    left[dim] -= 1
                    if left[dim] == 0 and dim != own:
                        closes.append(dim)
            if own != ROOT:
                cells //= self.dim_sizes[own]
            if step == len(order) - 1 and self.course_dim >= 0:
                closes.append(self.course_dim)
            code.append(len(closes))
            for dim in closes:
                code.extend([dim, accept_of[dim]])
                cells //= self.dim_sizes[dim]
        weights = np.concatenate(self.weights.blocks)
        pattern_array = np.array(self.patterns.pairs or [(0, 0)], dtype=np.int32)
        return Program(
            np.array(code, dtype=np.int32), pattern_array, weights, order, states, widest, work
        )

    def _state_weights(self) -> dict[tuple[int, int], int]:
        """Where the weight of each (variable, level) lies: prior (roots) times unary evidence."""
        net = self.net
        lanes, v, s = self.evidence_unary.shape
        table = self.unary * self.evidence_unary
        table[:, 0] *= self.constant
        if self.tag is not None:
            table[:, self.tag, 0] = 0.0
        start = self.weights.add(np.ascontiguousarray(table.transpose(1, 2, 0)).reshape(-1, lanes))
        found: dict[tuple[int, int], int] = {}
        for variable in range(v):
            for level in self._levels(variable):
                found[(variable, level)] = start + variable * s + abs(level)
        assert net.n_variables == v
        return found

    def _write_state(
        self, code: list[int], variable: int, level: int, unary: dict[tuple[int, int], int]
    ) -> None:
        state = abs(level)
        muted = level < 0 or (variable == self.tag and level != 0)
        code.append(unary[(variable, level)])
        plain: list[int] = []
        n_plain = 0
        complaint: list[int] = []
        n_complaint = 0
        for edge in self.edges:
            assert edge.active is not None
            if not edge.active[variable, state]:
                continue
            if edge.complaint and not self.silence:
                assert edge.weights_hit is not None and edge.stay is not None
                stay = int(edge.stay[variable, state])
                if muted:
                    # only the mass that does not hit: stay times identity
                    size = self.dim_sizes[edge.dim]
                    plain += [
                        edge.dim,
                        size,
                        self.patterns.add([(k, k) for k in range(size)]),
                        self._repeat(stay, size),
                    ]
                    n_plain += 1
                    continue
                complaint += [
                    edge.dim,
                    edge.nnz,
                    edge.pattern,
                    int(edge.weights[variable, state]),
                    edge.nnz_hit,
                    edge.pattern_hit,
                    int(edge.weights_hit[variable, state]),
                    stay,
                ]
                n_complaint += 1
            else:
                plain += [edge.dim, edge.nnz, edge.pattern, int(edge.weights[variable, state])]
                n_plain += 1
        for from_level, dim, nnz, pattern, weights in self.links_from.get(variable, []):
            if from_level == level:
                plain += [dim, nnz, pattern, weights]
                n_plain += 1
        code.append(n_plain)
        code.extend(plain)
        code.append(n_complaint)
        code.extend(complaint)
        if self.course_dim >= 0 and n_complaint:
            code.extend(
                [self.course_nnz, self.course_pattern, int(self.course_weights[variable, state])]
            )
        else:
            code.extend([0, 0, 0])

    def _repeat(self, at: int, times: int) -> int:
        count = 0
        for block in self.weights.blocks:
            if at < count + block.shape[0]:
                return self.weights.add(
                    np.repeat(block[at - count : at - count + 1], times, axis=0)
                )
            count += block.shape[0]
        raise IndexError(at)


def _masked_sum(mask: Floats, logs: Floats) -> Floats:
    """Sum of logs (L, n, ...) over the items that a lane uses (L', n); -inf stays -inf."""
    lanes = max(mask.shape[0], logs.shape[0])
    shape = (lanes, *logs.shape[1:])
    keep = np.broadcast_to(mask.reshape(*mask.shape, *[1] * (logs.ndim - 2)), shape)
    picked = np.where(keep > 0, np.broadcast_to(logs, shape), 0.0)
    total: Floats = picked.sum(axis=1)
    return total

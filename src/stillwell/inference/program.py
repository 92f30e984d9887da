"""Writes the sweep of one case as a program of instructions and weights for the kernel.

What can be open: variables, and accumulators: one per present finding (0 = unexplained, 1 + mask =
explained, with the mask of its present qualities explained so far), one per absent finding that
something inhibits, one per group of variables that exclude each other (0 = none of them yet, 1 = one),
and one for the course of the complaint. A variable with parents accumulates its own state. When an accumulator closes, each state of it is weighed: a finding that surely is there must
be explained, a soft one counts w1 where it arose and w0 where it did not. An edge is worked while both its ends are open; the order search (`_order.c`) decides when.

The levels of a variable are its states; where descendants of a tagged variable are to be told apart,
copies of its states above 0 ("pushed by the tagged one"); and where it matters whether the variable
itself produced a complaint finding, copies again ("hit").
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from stillwell.inference.kernel import find_order
from stillwell.inference.network import Evidence, Floats, Network, Variant

OPEN, OPEN_LED, APPLY, ADD, SCALE, CLOSE, WIDEN = range(7)
WORDS = 8
PATIENCE = 0.3  # edges gone over by the order search for each unit of the sweep's work
LEAST, MOST = 100, 20_000


@dataclass
class Program:
    """What the kernel runs, and how to read its answer.

    Attributes:
        code: (N, 8) instructions; patterns: (from, to) pairs; weights: (n, L).
        rows: the variable of each output row.
        hit: for each row, where its hit levels begin (0: it has none).
        order: the nodes (variables, then accumulators) in the order found.
        cells: most cells open at once; work: cells touched.
    """

    code: NDArray[np.int32]
    patterns: NDArray[np.int32]
    weights: Floats
    rows: list[int]
    hit: list[int]
    order: list[int]
    cells: int
    work: float
    top: int


SPARE = 2048  # rows of weights that a program may add to those it shares, where they are not copied


@dataclass
class _Weights:
    """Blocks of weights, one below the other; `table`, where there is one, begins with those it was joined from."""

    blocks: list[Floats] = field(default_factory=list)
    count: int = 0
    lanes: int = 1
    table: Floats | None = None
    joined: int = 0  # blocks that stand in `table`

    def copy(self) -> _Weights:
        return _Weights(list(self.blocks), self.count, self.lanes, self.table, self.joined)

    def share(self) -> None:
        """Join what there is into a table in which the copies of this put their own below it."""
        table = np.empty((self.count + SPARE, self.lanes))
        np.concatenate(self.blocks, out=table[: self.count])
        self.table, self.joined = table, len(self.blocks)

    def all(self) -> Floats:
        """(n, L) the weights; those of a shared table until another copy asks for its own."""
        if self.table is not None and self.count <= len(self.table):
            own = self.blocks[self.joined :]
            start = self.count - sum(map(len, own))
            if own:
                np.concatenate(own, out=self.table[start : self.count])
            return self.table[: self.count]
        return np.concatenate(self.blocks, out=np.empty((self.count, self.lanes)))

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

    def copy(self) -> _Patterns:
        return _Patterns(list(self.pairs), dict(self.known))

    def add(self, entries: Sequence[tuple[int, int]]) -> int:
        key = tuple(entries)
        if key not in self.known:
            self.known[key] = len(self.pairs)
            self.pairs.extend(key)
        return self.known[key]


@dataclass
class _Accumulator:
    """A finding's accumulator: weights of (variable, state) start at base + length * (v * S + s)."""

    size: int
    complaint: bool
    nnz: int
    pattern: int
    whole: int
    active: NDArray[np.bool_]  # (V, S)
    accept: int = 0
    opening: tuple[int, ...] = ()
    nnz_hit: int = 0
    pattern_hit: int = 0
    hits: int = 0
    stay: int = 0
    nnz_stay: int = 0  # 0: one weight for every state of the accumulator
    pattern_stay: int = 0


@dataclass(frozen=True)
class _Level:
    """An un-hit level above 0: its place, state, whether it may not contribute, its hit copy."""

    place: int
    state: int
    muted: bool
    hit: int = -1


def build(
    network: Network,
    evidence: Evidence,
    variant: Variant | None = None,
    *,
    silence_complaint: bool = False,
    quiet: bool = False,
    order: list[int] | None = None,
    patience: float = PATIENCE,
) -> Program:
    """Write the program of one case.

    Args:
        variant: how the lanes differ from the case as told.
        silence_complaint: no variable may produce a complaint finding (for "nothing listed").
        quiet: tell apart whether a variable produced a complaint finding itself.
        order: an order found for the same findings and variables; None looks for one.
        patience: how long to look: edges gone over for each unit of the sweep's work.
    """
    builder = Builder(network, evidence, variant, silence_complaint, quiet)
    return builder.program(order, patience)


def build_tagged(
    builder: Builder,
    order: list[int] | None = None,
    *,
    together: bool,
) -> Callable[[int], Program]:
    """Writes programs with a tagged variable: it is present, but may not contribute to the complaint,
    neither itself nor through any variable that it pushed.

    What does not depend on the variable is worked out once. With `together` several programs may be used
    at a time; else each holds only until the next is written, and their weights are not copied.
    """
    base = builder.copied()
    base.prepare()
    if not together:
        base.weights.share()
    return lambda tag: base.tagged_by(tag).program(order, PATIENCE)


def _masks(count: int) -> list[int]:
    return list(range(2**count))


class Builder:
    """Lays out the weights of a case once; programs are written from it (`build`, `build_tagged`, `people`)."""

    def __init__(
        self,
        network: Network,
        evidence: Evidence,
        variant: Variant | None = None,
        silence: bool = False,
        quiet: bool = False,
    ) -> None:
        self.network = network
        self.evidence = evidence
        self.silence = silence
        self.tag: int | None = None
        self.tagged: set[int] = set()
        self.quiet = quiet
        # (link, levels of the child, state, whether it emits) -> entries, pattern and weights
        self.link_blocks: dict[tuple[int, int, int, bool], tuple[int, int, int]] = {}
        lanes = max(network.n_draws, variant.lanes if variant else 1)
        self.variant = variant or Variant(lanes)
        self.weights = _Weights(lanes=lanes)
        self.patterns = _Patterns()
        self.accumulators: list[_Accumulator] = []
        inhibited = np.asarray((network.inhibition < 1.0).any(axis=(0, 2, 3)))
        self.inhibited: list[bool] = inhibited.tolist()
        v, s = network.n_variables, network.prior.shape[2]
        self.prior = np.broadcast_to(network.prior, (lanes, v, s))
        self.heard = {
            kind: self._heard(kind) for kind in ("present", "quality_present", "course_present")
        }
        self.course_id = v + len(evidence.present) + sum(self.inhibited[f] for f in evidence.absent)
        self.course_id += len(network.exclusions)
        self._course()
        self._agreement()
        self._unary()
        self._present()
        self._absent_inhibited()
        self._exclusions()

    def copied(self) -> Builder:
        """A builder of the same case, to which more can be added without changing this one."""
        other = copy(self)
        other.weights, other.patterns = self.weights.copy(), self.patterns.copy()
        other.link_blocks = dict(self.link_blocks)
        return other

    def tagged_by(self, variable: int) -> Builder:
        """A builder of the same case with another variable tagged."""
        other = self.copied()
        other.tag, other.tagged = variable, self._descendants(variable)
        return other

    def quietly(self) -> Builder:
        """A builder of the same case that tells apart whether a variable produced a complaint finding."""
        other = self.copied()
        other.quiet = True
        return other

    def silenced(self) -> Builder:
        """A builder of the same case in which no variable may produce a complaint finding."""
        other = self.copied()
        other.silence = True
        return other

    def prepare(self) -> None:
        """Lay out once what the programs written from this builder share."""
        self._levels()
        self._links()

    def _descendants(self, root: int) -> set[int]:
        children = self.network.children()
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

    def _heard(self, kind: str) -> Floats:
        """(L, n, 2) weights of present items: if they hold, and if they do not."""
        own = self.variant.softness.get(kind)
        return self.evidence.weights(kind)[None] if own is None else own

    def _closing(self, kind: str, use: Floats) -> tuple[Floats, Floats]:
        """((L, n), (L, n)) weights of present items that hold and that do not; 1 where unused."""
        heard = self.heard[kind]
        return np.where(use > 0, heard[..., 0], 1.0), np.where(use > 0, heard[..., 1], 1.0)

    # ---- unary factors: absent findings, suppressed present findings, test likelihoods ----

    def _unary(self) -> None:
        network, evidence = self.network, self.evidence
        likelihood = self.variant.likelihood
        if likelihood is None and evidence.likelihood is not None:
            likelihood = evidence.likelihood[None]
        self.evidence_unary = np.ones(self.prior.shape)
        if likelihood is not None:
            self.evidence_unary *= likelihood
        plain = [f for f in evidence.absent if not self.inhibited[f]]
        self.constant = np.ones((self.weights.lanes, 1))
        if plain:
            mask = self._use("absent", len(evidence.absent))[
                :, [i for i, f in enumerate(evidence.absent) if f in set(plain)]
            ]
            with np.errstate(divide="ignore"):
                logs = np.log1p(-network.activation[:, plain])
                leaks = np.log1p(-network.leak[:, plain])
            self.evidence_unary *= np.exp(_masked_sum(mask, logs))
            self.constant *= np.exp(_masked_sum(mask, leaks[..., None]))
        extra = self.variant.extra_absent
        if extra is not None:
            used = np.flatnonzero(extra.any(axis=0))
            with np.errstate(divide="ignore"):
                logs = np.log1p(-network.activation[:, used])
                leaks = np.log1p(-network.leak[:, used])
            self.evidence_unary *= np.exp(_masked_sum(extra[:, used], logs))
            self.constant *= np.exp(_masked_sum(extra[:, used], leaks[..., None]))
        use = self._use("present", len(evidence.present))
        for i, f in enumerate(evidence.present):
            if self.inhibited[f] and not self._soft(i):
                self.evidence_unary *= np.where(
                    use[:, i, None, None] > 0, network.inhibition[:, f], 1.0
                )

    def _soft(self, place: int) -> bool:
        """Whether the present finding at this place may not be there after all."""
        return bool((self.heard["present"][:, place, 1] > 0).any())

    # ---- accumulators ----

    def _course(self) -> None:
        """The accumulator of the course: which present items some contributor has shown."""
        network, evidence = self.network, self.evidence
        self.course_led = False
        if not (evidence.course_present or evidence.course_absent) or not evidence.complaint:
            return
        self.course_led = True
        items = len(evidence.course_present)
        shown, unshown = self._closing("course_present", self._use("course_present", items))
        accept = np.ones((2**items, self.weights.lanes))
        for mask in _masks(items):
            for bit in range(items):
                accept[mask] *= (shown if mask >> bit & 1 else unshown)[:, bit]
        entries = [(i, j) for j in _masks(items) for i in _masks(items) if i & j == i]
        v, s = network.n_variables, network.prior.shape[2]
        shape = (max(network.course.shape[0], self._lanes("course_absent")), v, s)
        leak_p = network.course_leak[:, list(evidence.course_present)][..., None, None]
        leak_a = network.course_leak[:, list(evidence.course_absent)][..., None, None]
        pairs = list(entries)
        unled = all(
            self._soft(i) for i, f in enumerate(evidence.present) if f in evidence.complaint
        )
        if unled:
            # none of the complaint may arise: one more state in front, which every producer empties
            first = self._quality_weights(
                [(0, b) for b in _masks(items)], leak_p, leak_a, "course", (shape[0], 1, 1)
            )[:, :, 0, 0]
            accept = np.concatenate([(first * accept).sum(axis=0)[None], accept])
            entries = [(1 + i, 1 + j) for i, j in entries] + [(0, 1 + j) for j in _masks(items)]
            entries = [(0, 0), *sorted(entries, key=lambda e: (e[1], e[0]))]
            pairs = [(max(i - 1, 0), max(j - 1, 0)) for i, j in entries]
        init = np.zeros((len(accept), 1))
        init[0] = 1.0
        self.course_open = (OPEN, self.course_id, len(accept), self.weights.add(init), 0, 0, 0, 0)
        self.course_accept = self.weights.add(accept)
        self.course_nnz = len(entries)
        self.course_pattern = self.patterns.add(entries)
        block = self._quality_weights(
            pairs,
            network.course[:, list(evidence.course_present)],
            network.course[:, list(evidence.course_absent)],
            "course",
            shape,
        )
        leak = self._quality_weights(pairs, leak_p, leak_a, "course", (shape[0], 1, 1))
        if unled:
            block[0] = leak[0] = 0.0
        self.course_weights = self._add_table(block)
        self.course_leak_weights = self._add_table(leak)

    def _agreement(self) -> None:
        """Weights (V, S) by which a variable's contribution agrees with the complaint as a whole."""
        network = self.network
        self.agreement = -1
        if network.agreement is None or not self.evidence.complaint:
            return
        held = self.variant.agreement
        if held is None:
            held = np.zeros((1, network.agreement.shape[1]))
            held[:, list(self.evidence.agreement)] = 1.0
        if not held.any():
            return
        weight = np.where(held[..., None, None] > 0, network.agreement, 1.0).prod(axis=1)
        self.agreement = self._add_table(weight[None])

    def _lanes(self, name: str) -> int:
        mask = getattr(self.variant, name)
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
        use_absent = self._use(f"{prefix}_absent", len(getattr(self.evidence, f"{prefix}_absent")))
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

    def _add_table(self, block: Floats) -> int:
        """Add (nnz, L, V, S) weights; those of (v, s) start nnz * (v * S + s) after the result."""
        nnz, lanes, v, s = block.shape
        return self.weights.add(block.transpose(2, 3, 0, 1).reshape(v * s * nnz, lanes))

    def _present(self) -> None:
        network, evidence = self.network, self.evidence
        use = self._use("present", len(evidence.present))
        use_q = self._use("quality_present", len(evidence.quality_present))
        arose, missing = self._closing("present", use)
        has, lacks = self._closing("quality_present", use_q)
        v, s = network.n_variables, network.prior.shape[2]
        for i, f in enumerate(evidence.present):
            shown = [
                k for k, q in enumerate(evidence.quality_present) if network.quality_of[q] == f
            ]
            denied = [
                k for k, q in enumerate(evidence.quality_absent) if network.quality_of[q] == f
            ]
            bits = len(shown)
            explained = 1 + 2**bits
            # a soft finding may have been suppressed: one state for what some variable has yet to
            # suppress, so that nobody produced it, and one for what is suppressed
            suppressible = self.inhibited[f] and self._soft(i)
            size = explained + 2 * suppressible
            inner = [(a, b) for b in _masks(bits) for a in _masks(bits) if a & b == a]
            hit_entries = [(0, 1 + b) for b in _masks(bits)]
            hit_entries += [(1 + a, 1 + b) for a, b in inner]
            hit_entries.sort(key=lambda e: (e[1], e[0]))
            whole_entries = [(0, 0), *hit_entries]
            q = network.activation[:, f]
            lanes = q.shape[0]
            if shown or denied:
                lanes = max(lanes, network.quality.shape[0], self._lanes("quality_absent"))
            if suppressible:
                lanes = max(lanes, network.inhibition.shape[0])
            shape = (lanes, v, s)
            masks = [(max(a - 1, 0), b - 1) for a, b in hit_entries]
            given_hit = self._quality_weights(
                masks,
                network.quality[:, [evidence.quality_present[k] for k in shown]],
                network.quality[:, [evidence.quality_absent[k] for k in denied]],
                "quality",
                shape,
                (shown, denied),
            )
            hits = given_hit * q[None]
            stay = np.broadcast_to(1.0 - q, shape)
            stay_entries = [(k, k) for k in range(explained)]
            whole = np.empty((len(whole_entries), *shape))
            whole[0] = stay
            whole[1:] = hits
            for n, (a, b) in enumerate(whole_entries[1:], 1):
                if a == b:
                    whole[n] += stay
            active = np.asarray((q > 0).any(axis=0))
            stays = stay[None]
            if suppressible:
                h = np.broadcast_to(network.inhibition[:, f], shape)
                ways = [(explained, explained), (explained, explained + 1), (explained + 1,) * 2]
                suppression = np.stack([h, 1.0 - h, np.ones(shape)])
                hits = hits * h
                whole_entries = whole_entries + ways
                whole = np.concatenate([whole * h, suppression])
                stay_entries = stay_entries + ways
                stays = np.concatenate(
                    [np.broadcast_to(stay * h, (explained, *shape)), suppression]
                )
                active = active | np.asarray((h < 1).any(axis=0))
            accumulator = _Accumulator(
                size,
                f in evidence.complaint,
                len(whole_entries),
                self.patterns.add(whole_entries),
                self._add_table(whole),
                active,
            )
            if accumulator.complaint:
                accumulator.nnz_hit = len(hit_entries)
                accumulator.pattern_hit = self.patterns.add(hit_entries)
                accumulator.hits = self._add_table(hits)
                accumulator.stay = self._add_table(stays)
                if suppressible:
                    accumulator.nnz_stay = len(stay_entries)
                    accumulator.pattern_stay = self.patterns.add(stay_entries)
            node = v + len(self.accumulators)
            accumulator.opening = self._open_finding(
                node, f, bits, shown, denied, lanes, suppressible
            )
            accept = np.zeros((size, self.weights.lanes))
            accept[0] = missing[:, i]
            for mask in _masks(bits):
                allowed = np.ones(use_q.shape[0])
                for bit in range(bits):
                    allowed = allowed * (has if mask >> bit & 1 else lacks)[:, shown[bit]]
                accept[1 + mask] = arose[:, i] * np.where(use[:, i] > 0, allowed, 1.0)
            if suppressible:
                accept[-1] = missing[:, i]
            accumulator.accept = self.weights.add(accept)
            self.accumulators.append(accumulator)

    def _open_finding(
        self,
        node: int,
        f: int,
        bits: int,
        shown: list[int],
        denied: list[int],
        lanes: int,
        suppressible: bool,
    ) -> tuple[int, ...]:
        network, evidence = self.network, self.evidence
        leak = network.leak[:, f]
        lanes = max(lanes, leak.shape[0])
        shown_leak = network.quality_leak[:, [evidence.quality_present[k] for k in shown]][
            ..., None, None
        ]
        denied_leak = network.quality_leak[:, [evidence.quality_absent[k] for k in denied]][
            ..., None, None
        ]
        given = self._quality_weights(
            [(0, b) for b in _masks(bits)],
            shown_leak,
            denied_leak,
            "quality",
            (lanes, 1, 1),
            (shown, denied),
        )[:, :, 0, 0]
        block = np.concatenate([np.broadcast_to(1.0 - leak, (1, lanes)), given * leak[None]])
        leads = self.course_led and f in evidence.complaint
        if suppressible:
            waiting = np.full((2, lanes), [[0.0 if leads else 1.0], [0.0]])
            block = np.concatenate([block, waiting])
        size = len(block)
        start = self.weights.add(block)
        if not leads:
            return (OPEN, node, size, start, 0, 0, 0, 0)
        led = (self.course_nnz, self.course_pattern, self.course_leak_weights, self.course_id)
        opening = (OPEN_LED, node, size, start, *led)
        if not suppressible:
            return opening
        # OPEN_LED leads the course in every state but the first: what is suppressed is copied from it
        states = self.course_open[2]
        same = self.patterns.add([(k, k) for k in range(states)])
        weight = self.weights.add(np.broadcast_to(1.0 / (1.0 - leak), (states, len(leak))))
        return (*opening, ADD, node, 0, size - 2, self.course_id, states, same, weight)

    def _absent_inhibited(self) -> None:
        """An absent finding that something may suppress: unexplained, produced, or suppressed."""
        network, evidence = self.network, self.evidence
        use = self._use("absent", len(evidence.absent))
        entries = [(0, 0), (0, 1), (1, 1), (0, 2), (1, 2), (2, 2)]
        for i, f in enumerate(evidence.absent):
            if not self.inhibited[f]:
                continue
            q, h = np.broadcast_arrays(network.activation[:, f], network.inhibition[:, f])
            block = np.stack([(1 - q) * h, q * h, h, 1 - h, 1 - h, np.ones_like(h)])
            leak = network.leak[:, f]
            start = self.weights.add(np.stack([1.0 - leak, leak, np.zeros_like(leak)]))
            accept = np.ones((3, use.shape[0]))
            accept[1] = 1.0 - use[:, i]
            self.accumulators.append(
                _Accumulator(
                    3,
                    False,
                    6,
                    self.patterns.add(entries),
                    self._add_table(block),
                    np.asarray(((q > 0) | (h < 1)).any(axis=0)),
                    self.weights.add(accept),
                    (OPEN, network.n_variables + len(self.accumulators), 3, start, 0, 0, 0, 0),
                )
            )

    def _exclusions(self) -> None:
        """Of each group at most one is present: a second one has nowhere to go from state 1."""
        network = self.network
        shape = (network.n_variables, network.prior.shape[2])
        moves = np.stack([np.full((1, *shape), w) for w in (0.0, 1.0, 0.0)])
        for group in network.exclusions:
            active = np.zeros(shape, dtype=bool)
            active[list(group), 1:] = True
            start = self.weights.add(np.array([[1.0], [0.0]]))
            self.accumulators.append(
                _Accumulator(
                    2,
                    False,
                    3,
                    self.patterns.add([(0, 0), (0, 1), (1, 1)]),
                    self._add_table(moves),
                    active,
                    self.weights.add(np.ones((2, 1))),
                    (OPEN, network.n_variables + len(self.accumulators), 2, start, 0, 0, 0, 0),
                )
            )

    # ---- variables ----

    def _levels(self) -> None:
        """The levels of each variable: states, tagged copies, hit copies."""
        network = self.network
        complaining = np.zeros(network.n_variables, dtype=bool)
        if not self.silence and (self.quiet or self.course_led or self.agreement >= 0):
            for accumulator in self.accumulators:
                if accumulator.complaint:
                    complaining |= accumulator.active[:, 1:].any(axis=1)
        self.states: list[list[int]] = []  # state of each level
        self.upper: list[list[_Level]] = []
        self.first_hit: list[int] = []
        for v in range(network.n_variables):
            n = int(network.n_states[v])
            above = list(range(1, n))
            copies = above if v in self.tagged else []
            hits = above if complaining[v] and v != self.tag else []
            first = n + len(copies)
            self.states.append([0, *above, *copies, *hits])
            self.first_hit.append(first if hits else 0)
            self.upper.append(
                [
                    _Level(s, s, self.silence or v == self.tag, first + s - 1 if hits else -1)
                    for s in above
                ]
                + [_Level(n + s - 1, s, True) for s in copies]
            )

    def _links(self) -> None:
        """What each level of a parent does to the levels of its child."""
        network = self.network
        self.links_from: dict[tuple[int, int], list[tuple[int, ...]]] = {}
        written = self.link_blocks
        for number, link in enumerate(network.links):
            n = int(network.n_states[link.child])
            count = n + (n - 1 if link.child in self.tagged else 0)
            records = self.links_from.setdefault((link.parent, link.child), [])
            possible = None
            for level in self.upper[link.parent]:
                emits = level.muted and not self.silence
                key = (number, count, level.state, emits)
                if key not in written:
                    row = link.table[:, level.state]
                    if possible is None:
                        possible = np.asarray((link.table > 0).any(axis=0))
                    entries: dict[tuple[int, int], list[int]] = {}
                    for a in range(count):
                        have, was_tagged = (a, False) if a < n else (a - n + 1, True)
                        for push in range(n):
                            if not possible[level.state, push]:
                                continue
                            top = max(have, push)
                            now_tagged = top > 0 and (was_tagged or (emits and push > 0))
                            b = n + top - 1 if now_tagged else top
                            entries.setdefault((a, b), []).append(push)
                    ordered = sorted(entries, key=lambda e: (e[1], e[0]))
                    block = np.empty((len(ordered), len(row)))
                    for k, entry in enumerate(ordered):
                        block[k] = row[:, entries[entry][0]]
                        for push in entries[entry][1:]:
                            block[k] += row[:, push]
                    written[key] = (
                        len(ordered),
                        self.patterns.add(ordered),
                        self.weights.add(block),
                    )
                for place in (level.place, level.hit):
                    if place >= 0:
                        nnz, pattern, start = written[key]
                        records.append(
                            (APPLY, link.parent, place, link.child, nnz, pattern, start, 0)
                        )

    # ---- the program ----

    def program(self, order: list[int] | None, patience: float) -> Program:
        self._levels()
        self._links()
        network = self.network
        n = network.n_variables
        starts: list[int] = []
        ends: list[int] = []
        passes: list[float] = []
        for k, accumulator in enumerate(self.accumulators):
            active = accumulator.active[:, 1:].sum(axis=1)
            for v in np.flatnonzero(active):
                starts.append(int(v))
                ends.append(n + k)
                hit = self.first_hit[v]
                passes.append(float(active[v]) * (3 if hit and accumulator.complaint else 1))
        for (parent, child), records in self.links_from.items():
            starts.append(parent)
            ends.append(child)
            passes.append(float(len(records)))
        accumulators = [a.size for a in self.accumulators]
        sizes = [len(states) for states in self.states] + accumulators
        # a variable that waits for its parents has no hit levels yet
        waiting = [
            first or len(states) for first, states in zip(self.first_hit, self.states, strict=True)
        ] + accumulators
        proposal = np.arange(len(sizes), dtype=np.int32) if order is None else np.array(order)
        found, sequence, work, _ = find_order(
            np.log2(np.array(waiting, dtype=float)),
            np.log2(np.array(sizes, dtype=float)),
            np.array(starts, dtype=np.int32),
            np.array(ends, dtype=np.int32),
            np.array(passes),
            proposal,
            patience=patience if order is None else 0.0,
            least=LEAST,
            most=MOST,
        )
        return self._write(found.tolist(), sequence.tolist(), starts, ends, sizes, work)

    def _write(
        self,
        order: list[int],
        sequence: list[int],
        starts: list[int],
        ends: list[int],
        sizes: list[int],
        work: float,
    ) -> Program:
        n = self.network.n_variables
        opening, closing = self._variable_weights()
        self.opening, self.closing = opening, closing
        code = array("i")
        rows: list[int] = []
        left = [0] * len(sizes)
        for a, b in zip(starts, ends, strict=True):
            left[a] += 1
            left[b] += 1
        parents = [0] * n
        for _, child in self.links_from:
            parents[child] += 1
        opened = [False] * len(sizes)
        cells = widest = 1

        def open_node(node: int) -> None:
            nonlocal cells, widest
            opened[node] = True
            size = sizes[node]
            if node < n:
                if parents[node]:
                    size = self.first_hit[node] or size
                code.extend((OPEN, node, size, opening[node], 0, 0, 0, 0))
            else:
                code.extend(self.accumulators[node - n].opening)
            cells *= size
            widest = max(widest, cells)

        def parent_done(node: int) -> None:
            nonlocal cells, widest
            parents[node] -= 1
            first = self.first_hit[node]
            if not parents[node] and first:
                code.extend((WIDEN, node, sizes[node], first, 0, 0, 0, 0))
                cells = cells // first * sizes[node]
                widest = max(widest, cells)

        def close_node(node: int) -> None:
            nonlocal cells
            if node < n:
                if self.first_hit[node]:
                    self._lead(code, node)
                code.extend((CLOSE, node, closing[node], len(rows), 0, 0, 0, 0))
                rows.append(node)
            else:
                code.extend((CLOSE, node, self.accumulators[node - n].accept, -1, 0, 0, 0, 0))
            cells //= sizes[node]

        if self.course_led:
            code.extend(self.course_open)
            cells = widest = self.course_open[2]
        for node in order:
            if not left[node]:
                open_node(node)
                close_node(node)
        for edge in sequence:
            a, b = starts[edge], ends[edge]
            for node in (b, a):
                if not opened[node]:
                    open_node(node)
            if b < n:
                for record in self.links_from[(a, b)]:
                    code.extend(record)
                parent_done(b)
            else:
                self._write_edge(code, a, b)
            for node in (a, b):
                left[node] -= 1
                if not left[node]:
                    close_node(node)
        if self.course_led:
            code.extend((CLOSE, self.course_id, self.course_accept, -1, 0, 0, 0, 0))
        return Program(
            np.frombuffer(code, dtype=np.int32).reshape(-1, WORDS),
            np.array(self.patterns.pairs or [(0, 0)], dtype=np.int32),
            self.weights.all(),
            rows,
            [self.first_hit[v] for v in rows],
            order,
            widest,
            work,
            max((len(states) for states in self.states), default=1),
        )

    def _variable_weights(self) -> tuple[list[int], list[int]]:
        """Where the opening (prior) and closing (unary evidence) weights of each variable start."""
        lanes, v, s = self.prior.shape
        top = max((len(states) for states in self.states), default=1)
        table = np.zeros((v, max(top, s), lanes))
        table[:, :s] = self.prior.transpose(1, 2, 0)
        start = self.weights.add(table.reshape(-1, lanes))
        opening = [start + i * table.shape[1] for i in range(v)]
        unary = self.evidence_unary.copy()
        unary[:, :1] *= self.constant[..., None]
        if self.tag is not None:
            unary[:, self.tag, 0] = 0.0  # when closed: its parents may have pushed it
        closing = [0] * v
        groups: dict[tuple[int, ...], list[int]] = {}
        for i, states in enumerate(self.states):
            groups.setdefault(tuple(states), []).append(i)
        for held, members in groups.items():
            block = unary[:, members][:, :, list(held)].transpose(1, 2, 0)
            at = self.weights.add(block.reshape(-1, lanes))
            for k, i in enumerate(members):
                closing[i] = at + k * len(held)
        return opening, closing

    def _lead(self, code: array[int], v: int) -> None:
        """A variable that produced a complaint finding leads the course and must agree with it."""
        s = self.network.prior.shape[2]
        for level in self.upper[v]:
            if level.hit >= 0 and self.agreement >= 0:
                at = self.agreement + v * s + level.state
                code.extend((SCALE, v, level.hit, at, 0, 0, 0, 0))
            if level.hit >= 0 and self.course_led:
                start = self.course_weights + self.course_nnz * (v * s + level.state)
                code.extend(
                    (APPLY, v, level.hit, self.course_id, self.course_nnz, self.course_pattern)
                )
                code.extend((start, 0))

    def _write_edge(self, code: array[int], v: int, node: int) -> None:
        s = self.network.prior.shape[2]
        acc = self.accumulators[node - self.network.n_variables]
        active = acc.active[v]
        for level in self.upper[v]:
            if not active[level.state]:
                continue
            at = v * s + level.state
            whole = (node, acc.nnz, acc.pattern, acc.whole + acc.nnz * at, 0)
            if not acc.complaint:
                code.extend((APPLY, v, level.place, *whole))
                if level.hit >= 0:
                    code.extend((APPLY, v, level.hit, *whole))
            elif level.muted:
                code.extend(self._staying(acc, v, level.place, node, at))
            elif level.hit >= 0:
                code.extend((APPLY, v, level.hit, *whole))
                code.extend((ADD, v, level.place, level.hit, node, acc.nnz_hit, acc.pattern_hit))
                code.append(acc.hits + acc.nnz_hit * at)
                code.extend(self._staying(acc, v, level.place, node, at))
            else:
                code.extend((APPLY, v, level.place, *whole))

    @staticmethod
    def _staying(acc: _Accumulator, v: int, place: int, node: int, at: int) -> tuple[int, ...]:
        """The instruction for a level that does not produce the finding."""
        if not acc.nnz_stay:
            return (SCALE, v, place, acc.stay + at, 0, 0, 0, 0)
        start = acc.stay + acc.nnz_stay * at
        return (APPLY, v, place, node, acc.nnz_stay, acc.pattern_stay, start, 0)


def _masked_sum(mask: Floats, logs: Floats) -> Floats:
    """Sum of logs (L, n, ...) over the items that a lane uses (L', n); -inf stays -inf."""
    lanes = max(mask.shape[0], logs.shape[0])
    shape = (lanes, *logs.shape[1:])
    keep = np.broadcast_to(mask.reshape(*mask.shape, *[1] * (logs.ndim - 2)), shape)
    picked = np.where(keep > 0, np.broadcast_to(logs, shape), 0.0)
    total: Floats = picked.sum(axis=1)
    return total

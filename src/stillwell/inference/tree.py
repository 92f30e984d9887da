"""Programs that sum the causes away one after the other, branch by branch: what `_people.h` runs.

The causes that links or exclusions join are nodes. A cause that others push is first *open*: it holds the highest level
that those worked so far have pushed it to. When all have been worked it is *settled*. Each step of an order settles or
sums away one node, and gathers what concerns it: its prior, links, exclusions, and what earlier steps have left. The
steps so form a tree, whose branches meet only where they share a node. One sweep that carries everything at once would
touch some ten times as many cells.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from stillwell.inference.kernel import find_tree
from stillwell.inference.network import Floats, Network

PRIOR, ONES, FRESH, BRING, APPLY, SETTLE, CLOSE, PUSH, MEET, MARK, LOAD, END = range(12)
WORDS = 8
TOP = 8  # levels of a node, as in _people.h
MAX_DIMS, MAX_DEPTH = 16, 64  # nodes of a tensor, tensors at a time: as there
FIRST_TRIES = 12  # orders tried at first, each by a greedy search of its own
TRIES = 20_000  # changes of the best of them that are tried
SEED = 1

Scope = frozenset[int]


@dataclass(frozen=True)
class Levels:
    """The levels of a node: the states, and copies of those above 0 that something tagged has pushed it to.

    Attributes:
        state: state of each level.
        copy: whether a level is a copy.
        muted: whether it may produce no finding.
    """

    state: list[int]
    copy: list[bool]
    muted: list[bool]

    @classmethod
    def of(cls, states: int, *, tag: bool = False, below: bool = False) -> Levels:
        above = list(range(1, states))
        copies = above if below else []
        return cls(
            [0, *above, *copies],
            [False] * states + [True] * len(copies),
            [False, *[tag] * len(above), *[True] * len(copies)],
        )

    def joined(self, a: int, b: int) -> int:
        """The level of one that was pushed to two levels."""
        state = max(self.state[a], self.state[b])
        return self.at(state, self.copy[a] or self.copy[b])

    def at(self, state: int, copy: bool) -> int:
        states = self.copy.count(False)
        return state + states - 1 if copy and state else state


@dataclass
class Program:
    """What is run.

    Attributes:
        code: (N, 8) instructions; fixed: (matrices, TOP, TOP) from level to level.
        levels: of each node.
        room: cells of all tensors together.
    """

    code: NDArray[np.int32]
    fixed: Floats
    levels: list[Levels]
    room: int

    def joins(self) -> NDArray[np.int32]:
        """(nodes, TOP, TOP) the level of one that was pushed to two levels."""
        found = np.zeros((len(self.levels), TOP, TOP), dtype=np.int32)
        for v, levels in enumerate(self.levels):
            n = len(levels.state)
            found[v, :n, :n] = [[levels.joined(a, b) for b in range(n)] for a in range(n)]
        return found


@dataclass(frozen=True)
class _Step:
    """A node settled or summed away. `links`: numbers; `pairs`: that exclude each other; `steps`: earlier ones."""

    node: int
    scope: Scope  # of what is left
    priors: tuple[int, ...]
    links: tuple[int, ...]
    pairs: tuple[tuple[int, int], ...]
    steps: tuple[int, ...]


class Tree:
    """The causes of a network, all joined, as a tree of steps.

    A node is the number of a cause; while it is open, that number and n.

    Args:
        findings: how many a person has. Each doubles the work beside a cell; where branches meet that both can
            explain it, it takes three times as much, so that with many findings few branches are best.
    """

    def __init__(self, network: Network, findings: int) -> None:
        self.network, self.n = network, network.n_variables
        self.pushed = {link.child for link in network.links}
        self.pairs = [
            (a, b)
            for group in network.exclusions
            for i, a in enumerate(group)
            for b in group[i + 1 :]
        ]
        self.size = [int(s) for s in network.n_states] * 2
        self.cost = 2 * 2.0**findings, 3.0**findings  # of a cell, and of a pair of cells that meet
        self.steps = self._steps(self._order())

    # ---- the order ----

    def _order(self) -> list[int]:
        chance = random.Random(SEED)
        best, found = math.inf, None
        for k in range(FIRST_TRIES):
            cost, order = self._greedy(chance, 3.0 if k else 0.0, best)
            if cost < best:
                best, found = cost, order
        if found is None:
            raise ValueError("no order in which the causes can be summed away")
        near = np.zeros((2 * self.n, 2 * self.n), dtype=np.uint8)
        for node, others in self._near().items():
            near[node, list(others)] = 1
        cell, pair = self.cost
        sizes, proposal = np.array(self.size, dtype=float), np.array(found)
        better = find_tree(near, sizes, proposal, cell=cell, pair=pair, tries=TRIES)
        return [int(node) for node in better]

    def _near(self) -> dict[int, set[int]]:
        """The nodes that share something with each."""
        n = self.n
        near: dict[int, set[int]] = {v: set() for v in range(n)}
        near.update({v + n: set() for v in self.pushed})
        for link in self.network.links:
            near[link.parent].add(link.child + n)
            near[link.child + n].add(link.parent)
        for a, b in self.pairs:
            near[a].add(b)
            near[b].add(a)
        return near

    def _greedy(
        self, chance: random.Random, spread: float, most: float
    ) -> tuple[float, list[int] | None]:
        """Cells touched, and an order; none where it would touch more than `most` or goes no further.

        Of what is left no part may hold a node both open and settled.
        """
        n, near = self.n, self._near()
        order: list[int] = []
        cost = 0.0
        log = [math.log(s) for s in self.size]
        while near:
            best, chosen, left = math.inf, -1, set[int]()
            for node, others in near.items():
                if node + n in near:
                    continue
                if node >= n and node - n in others:
                    continue
                rest = others | {node - n} if node >= n else others
                if any(o >= n and o - n in rest for o in rest):
                    continue
                own = log[node] + sum(log[o] for o in others)
                lacking = sum(len(others) - 1 - len(near[o] & others) for o in others)
                score = own + 0.25 * lacking + chance.random() * spread
                if score < best:
                    best, chosen, left = score, node, rest
            if chosen < 0:
                return math.inf, None
            cells = self.size[chosen]
            for other in near[chosen]:
                cells *= self.size[other]
                near[other].discard(chosen)
            cost += cells
            if cost >= most:
                return math.inf, None
            del near[chosen]
            order.append(chosen)
            for other in left:
                near[other] |= left
                near[other].discard(other)
        return cost, order

    def _steps(self, order: list[int]) -> list[_Step]:
        links = {
            k: frozenset((a.parent, a.child + self.n)) for k, a in enumerate(self.network.links)
        }
        pairs = {pair: frozenset(pair) for pair in self.pairs}
        priors = {v: v + self.n if v in self.pushed else v for v in range(self.n)}
        waiting: dict[int, Scope] = {}
        found: list[_Step] = []
        for node in order:
            mine = [k for k, s in links.items() if node in s]
            shut = [p for p, s in pairs.items() if node in s]
            left = [k for k, s in waiting.items() if node in s]
            own = [v for v, at in priors.items() if at == node]
            scope = {node}.union(
                *(links.pop(k) for k in mine),
                *(pairs.pop(p) for p in shut),
                *(waiting.pop(k) for k in left),
            )
            scope.discard(node)
            for v in own:
                del priors[v]
            if node >= self.n:
                scope.add(node - self.n)
            waiting[len(found)] = frozenset(scope)
            found.append(
                _Step(node, frozenset(scope), tuple(own), tuple(mine), tuple(shut), tuple(left))
            )
        return found

    # ---- programs ----

    def plain(self) -> Program:
        """All of it: ends with one tensor without nodes."""
        writer = _Writer(self, None)
        return writer.whole()

    def tagged(self, tag: int) -> Program:
        """The tagged cause is there, but neither it nor what it pushed others to produces a finding.

        Begins with what is left by the steps of the plain program that the tag leaves as they are, and ends with the
        first step after which nothing is left that it changes.
        """
        writer = _Writer(self, tag)
        return writer.changed()


@dataclass
class _Writer:
    tree: Tree
    tag: int | None
    code: list[tuple[int, ...]] = field(default_factory=list)
    fixed: list[Floats] = field(default_factory=list)
    room: int = 0
    depth: int = 1
    deepest: int = 1

    def __post_init__(self) -> None:
        tree = self.tree
        self.below: set[int] = set()
        children = tree.network.children()
        stack = [] if self.tag is None else list(children.get(self.tag, []))
        while stack:
            child = stack.pop()
            if child not in self.below:
                self.below.add(child)
                stack += children.get(child, [])
        self.levels = [
            Levels.of(tree.size[v], tag=v == self.tag, below=v in self.below) for v in range(tree.n)
        ]
        self.known: dict[bytes, int] = {}

    # ---- whole programs ----

    def whole(self) -> Program:
        roots = [k for k, step in enumerate(self.tree.steps) if not step.scope]
        for k in roots:
            self._step(k)
            self.depth += 1
        for _ in roots[1:]:
            self._add(MEET)
        return self._program()

    def changed(self) -> Program:
        steps = self.tree.steps
        parent = {k: at for at, step in enumerate(steps) for k in step.steps}
        changes: set[int | None] = {self.tag, *self.below}
        touched = [k for k, step in enumerate(steps) if self._touches(step, changes)]
        at = touched[0]
        while True:  # the first step that has all of them in its branch
            branch = self._branch(at)
            if branch.issuperset(touched) and not self._holds(steps[at].scope, changes):
                break
            at = parent[at]
        self._step(at)
        self._add(END, at)
        return self._program()

    def _holds(self, scope: Scope, changes: set[int | None]) -> bool:
        return any(node % self.tree.n in changes for node in scope)

    def _touches(self, step: _Step, changes: set[int | None]) -> bool:
        links = self.tree.network.links
        return (
            step.node % self.tree.n in changes
            or any(v in changes for v in step.priors)
            or any(links[k].parent in changes or links[k].child in changes for k in step.links)
            or any(v in changes for pair in step.pairs for v in pair)
            or self._holds(step.scope, changes)
        )

    def _branch(self, at: int) -> set[int]:
        found, stack = set[int](), [at]
        while stack:
            k = stack.pop()
            found.add(k)
            stack += self.tree.steps[k].steps
        return found

    def _same(self, at: int) -> bool:
        """Whether the tag changes nothing in the branch of a step."""
        if self.tag is None:
            return False
        changes: set[int | None] = {self.tag, *self.below}
        return not any(self._touches(self.tree.steps[k], changes) for k in self._branch(at))

    def _program(self) -> Program:
        if self.deepest > MAX_DEPTH:
            raise ValueError("the causes branch too deeply for the sweep over many people")
        return Program(
            np.array(self.code, dtype=np.int32).reshape(-1, WORDS),
            np.array(self.fixed or [np.zeros((TOP, TOP))]),
            self.levels,
            self.room,
        )

    # ---- one step ----

    def _step(self, at: int) -> None:
        """Leave what a step leaves on top of the stack. Sizes are those of the plain program, so that its order holds."""
        tree, step = self.tree, self.tree.steps[at]
        if self._same(at):
            self._add(LOAD, at)
            self.room += self._cells(step.scope)
            return
        priors = {v + tree.n for v in step.priors if v in tree.pushed}
        items: list[tuple[Scope, str, object]] = []
        for k in step.links:
            link = tree.network.links[k]
            items.append((frozenset((link.parent, link.child + tree.n)), "link", k))
        items += [(frozenset(pair), "pair", pair) for pair in step.pairs]
        items += [(tree.steps[k].scope, "step", k) for k in step.steps]
        items += [(frozenset((node,)), "prior", node) for node in priors]
        first = max(
            step.steps, key=lambda k: (self._plain_cells(tree.steps[k].scope), k), default=None
        )
        held: set[int] = set()
        if first is None:
            self._add(PUSH)
            self.room += 1
            self.deepest = max(self.deepest, self.depth)
        else:
            self._step(first)
            held |= tree.steps[first].scope
            items = [i for i in items if i[1:] != ("step", first)]
        used: set[int] = set()
        while items:
            item = min(
                items,
                key=lambda i: (self._plain_cells(i[0] - held), i[1] == "step", sorted(i[0]), i[1]),
            )
            items.remove(item)
            scope, kind, what = item
            if kind == "prior" and what in used:
                continue
            for node in sorted(scope - held):
                if node in priors and node not in used:
                    used.add(node)
                    self._open(PRIOR, node, held)
                else:
                    self._open(FRESH if node >= tree.n else ONES, node, held)
                held.add(node)
            if kind == "prior":
                if what not in used:
                    assert isinstance(what, int)
                    self._add(BRING, what)
            elif kind == "step":
                assert isinstance(what, int)
                self.depth += 1
                self._step(what)
                self.depth -= 1
                self._meet(held)
            elif kind == "pair":
                assert isinstance(what, tuple)
                self._exclude(*what)
            else:
                assert isinstance(what, int)
                self._link(what)
        if step.node >= tree.n:
            self._add(SETTLE, step.node - tree.n)
        else:
            self._add(CLOSE, step.node, len(step.priors))
            self.room += self._cells(step.scope)
        self._add(MARK, at)
        self.room += self._cells(step.scope)

    def _open(self, kind: int, node: int, held: set[int]) -> None:
        """A new outermost node. Raises ValueError: more side by side than the kernel has room for."""
        if len(held) >= MAX_DIMS:
            raise ValueError("the causes are joined too closely for the sweep over many people")
        self._add(kind, node, len(self.levels[node % self.tree.n].state))
        self.room += self._cells(held | {node}) - self._cells(held)

    def _meet(self, held: set[int]) -> None:
        self._add(MEET)
        self.room += self._cells(held)

    def _exclude(self, a: int, b: int) -> None:
        """Where one is there, the other is not."""
        for level in range(1, len(self.levels[a].state)):
            self._apply(a, level, b, {(0, 0): 1.0})

    def _link(self, number: int) -> None:
        """What each level of a parent pushes its child to."""
        link = self.tree.network.links[number]
        mine, child = self.levels[link.parent], self.levels[link.child]
        for level in range(1, len(mine.state)):
            row = link.table[0, mine.state[level]]
            moves: dict[tuple[int, int], float] = {}
            for state in np.flatnonzero(row > 0).tolist():
                push = child.at(state, mine.muted[level])
                for before in range(len(child.state)):
                    move = (before, child.joined(before, push))
                    moves[move] = moves.get(move, 0.0) + float(row[state])
            self._apply(link.parent, level, link.child + self.tree.n, moves)

    def _apply(
        self, node: int, level: int, along: int, moves: dict[tuple[int, int], float]
    ) -> None:
        table = np.zeros((TOP, TOP))
        for (before, after), weight in moves.items():
            table[before, after] = weight
        key = table.tobytes()
        if key not in self.known:
            self.known[key] = len(self.fixed)
            self.fixed.append(table)
        self._add(APPLY, node, level, along, self.known[key])

    def _add(self, *words: int) -> None:
        self.code.append((*words, *[0] * (WORDS - len(words))))

    def _cells(self, scope: Scope | set[int]) -> int:
        return math.prod(len(self.levels[node % self.tree.n].state) for node in scope)

    def _plain_cells(self, scope: Scope | set[int]) -> int:
        return math.prod(self.tree.size[node] for node in scope)


__all__ = ["TOP", "WORDS", "Levels", "Program", "Tree"]

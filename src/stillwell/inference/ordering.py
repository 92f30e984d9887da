"""Finds the order in which the sweep visits the variables, keeping few accumulators open.

The cost of a sweep is the sum over the steps of open cells times edges, so the order decides it. A
greedy order is improved by moving single variables until the time allowed is over.
"""

from __future__ import annotations

import random
from dataclasses import dataclass


@dataclass(frozen=True)
class Task:
    """What one variable touches: bit masks over the dims, its own dim, and who must come before."""

    touches: int
    own: int
    before: int
    edges: int


def order_cost(
    order: list[int], tasks: list[Task], log_sizes: list[float], last: list[int]
) -> tuple[float, float]:
    """Work (cells times edges, summed) and the widest log2 size of an order."""
    remaining = last[:]
    open_dims = 0
    size = 0.0
    work = 0.0
    widest = 0.0
    for variable in order:
        task = tasks[variable]
        new = task.touches & ~open_dims
        while new:
            low = new & -new
            size += log_sizes[low.bit_length() - 1]
            new ^= low
        open_dims |= task.touches
        widest = max(widest, size)
        work += 2.0**size * (1 + task.edges)
        closing = task.touches
        while closing:
            low = closing & -closing
            dim = low.bit_length() - 1
            remaining[dim] -= 1
            if remaining[dim] == 0:
                open_dims &= ~low
                size -= log_sizes[dim]
            closing ^= low
    return work, widest


def find_order(
    tasks: list[Task], log_sizes: list[float], effort: int = 0, seed: int = 0
) -> tuple[list[int], float, float]:
    """A good elimination order.

    Args:
        tasks: one per variable.
        log_sizes: log2 of each dim's number of states.
        effort: how many local moves to try after the greedy order.

    Returns:
        The order, its work and its widest log2 size.
    """
    last = [sum(1 for t in tasks if t.touches >> d & 1) for d in range(len(log_sizes))]
    order = _greedy(tasks, log_sizes, last)
    work, widest = order_cost(order, tasks, log_sizes, last)
    rng = random.Random(seed)
    active = [v for v in order if tasks[v].touches]
    for _ in range(effort if len(active) > 2 else 0):
        variable = rng.choice(active)
        at = order.index(variable)
        to = rng.randrange(len(order))
        if at == to:
            continue
        trial = order[:at] + order[at + 1 :]
        trial.insert(to, variable)
        if not _allowed(trial, tasks, min(at, to), max(at, to)):
            continue
        cost, wide = order_cost(trial, tasks, log_sizes, last)
        if cost <= work:
            order, work, widest = trial, cost, wide
    return order, work, widest


def _allowed(order: list[int], tasks: list[Task], start: int, stop: int) -> bool:
    done = 0
    for position, variable in enumerate(order):
        if start <= position <= stop and tasks[variable].before & ~done:
            return False
        done |= 1 << variable
    return True


def _greedy(tasks: list[Task], log_sizes: list[float], last: list[int]) -> list[int]:
    remaining = last[:]
    open_dims = 0
    done = 0
    left = set(range(len(tasks)))
    order: list[int] = []
    while left:
        best: tuple[float, float, int] | None = None
        for variable in left:
            task = tasks[variable]
            if task.before & ~done:
                continue
            new = task.touches & ~open_dims
            grow = 0.0
            while new:
                low = new & -new
                dim = low.bit_length() - 1
                # a dim that many others still need stays open long: count it a little dearer
                grow += log_sizes[dim] + 0.02 * remaining[dim]
                new ^= low
            shrink = 0.0
            closing = task.touches
            while closing:
                low = closing & -closing
                dim = low.bit_length() - 1
                if remaining[dim] == 1:
                    shrink += log_sizes[dim]
                closing ^= low
            key = (grow - shrink, grow, variable)
            if best is None or key < best:
                best = key
        assert best is not None, "links must not form a circle"
        variable = best[2]
        order.append(variable)
        left.remove(variable)
        done |= 1 << variable
        open_dims |= tasks[variable].touches
        closing = tasks[variable].touches
        while closing:
            low = closing & -closing
            dim = low.bit_length() - 1
            remaining[dim] -= 1
            if remaining[dim] == 0:
                open_dims &= ~low
            closing ^= low
    return order

"""The compiled functions of the engine, called through ctypes (which lets other threads run)."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stillwell.inference import _sweep

_library = ctypes.CDLL(_sweep.__file__)
_sweep_function: Callable[..., int] = _library.stillwell_sweep
_lanes_function: Callable[..., int] = _library.stillwell_sweep_lanes
_people_function: Callable[..., int] = _library.stillwell_sweep_people
_order_function: Callable[..., float] = _library.stillwell_order
_order_function.restype = ctypes.c_double  # type: ignore[attr-defined]
_tree_function: Callable[..., float] = _library.stillwell_tree
_tree_function.restype = ctypes.c_double  # type: ignore[attr-defined]
MEMORY_LIMIT = 64_000_000  # bytes of kept tensors; above it parts are run twice


def _pointer(array: NDArray[Any] | None) -> ctypes.c_void_p:
    return ctypes.c_void_p(None if array is None else array.ctypes.data)


def run_program(
    code: NDArray[np.int32],
    patterns: NDArray[np.int32],
    weights: NDArray[np.float64],
    cells: int,
    out: NDArray[np.float64],
    levels: NDArray[np.float64] | None,
) -> bool:
    """Run a program over the lanes of `weights` (n, L); fills `out` (L,) and `levels` (rows, top, L).


    Returns whether there was memory enough.
    """
    failed = _sweep_function(
        _pointer(code),
        ctypes.c_int32(len(code)),
        _pointer(patterns),
        _pointer(weights),
        ctypes.c_int32(weights.shape[1]),
        ctypes.c_int32(weights.shape[1]),
        ctypes.c_int64(cells),
        ctypes.c_int64(MEMORY_LIMIT),
        _pointer(out),
        _pointer(levels),
        ctypes.c_int32(0 if levels is None else levels.shape[1]),
    )
    return not failed


def run_lanes(
    code: NDArray[np.int32],
    patterns: NDArray[np.int32],
    weights: NDArray[np.float64],
    first: int,
    last: int,
    cells: int,
    out: NDArray[np.float64],
    levels: NDArray[np.float64] | None,
) -> bool:
    """Run a program over lanes `first` to `last`, eight or more, of (n, L) `weights`.

    Fills these lanes of `out` (L,) and `levels` (rows, top, L). Returns whether there was memory enough.
    """
    failed = _lanes_function(
        _pointer(code),
        ctypes.c_int32(len(code)),
        _pointer(patterns),
        _pointer(weights),
        ctypes.c_int32(first),
        ctypes.c_int32(last),
        ctypes.c_int32(weights.shape[1]),
        ctypes.c_int64(cells),
        ctypes.c_int64(MEMORY_LIMIT),
        _pointer(out),
        _pointer(levels),
        ctypes.c_int32(0 if levels is None else levels.shape[0]),
        ctypes.c_int32(0 if levels is None else levels.shape[1]),
    )
    return not failed


def run_people(
    code: NDArray[np.int32],
    patterns: NDArray[np.int32],
    fixed: NDArray[np.float64],
    rows: NDArray[np.int32],
    varying: NDArray[np.float64],
    cells: int,
    out: NDArray[np.float64],
    levels: NDArray[np.float64] | None,
) -> bool:
    """Run a program for many people; fills `out` (L,) and `levels` (told, top, L).

    Args:
        fixed: (n,) weights that are the same for everybody.
        rows, varying: (m,) and (m, L) the weights that differ from person to person.

    Returns whether there was memory enough.
    """
    failed = _people_function(
        _pointer(code),
        ctypes.c_int32(len(code)),
        _pointer(patterns),
        _pointer(fixed),
        ctypes.c_int64(len(fixed)),
        _pointer(rows),
        ctypes.c_int32(len(rows)),
        _pointer(varying),
        ctypes.c_int64(len(out)),
        ctypes.c_int64(cells),
        ctypes.c_int64(MEMORY_LIMIT),
        _pointer(out),
        _pointer(levels),
        ctypes.c_int32(0 if levels is None else levels.shape[0]),
        ctypes.c_int32(0 if levels is None else levels.shape[1]),
    )
    return not failed


def find_order(
    log_sizes: NDArray[np.float64],
    log_later: NDArray[np.float64],
    starts: NDArray[np.int32],
    ends: NDArray[np.int32],
    passes: NDArray[np.float64],
    order: NDArray[np.int32],
    *,
    patience: float,
    least: int,
    most: int,
) -> tuple[NDArray[np.int32], NDArray[np.int32], float, float]:
    """Look for an order of the nodes that keeps few cells open.

    Args:
        log_sizes: (N,) log2 of each node's number of states while edges into it are missing.
        log_later: (N,) the same afterwards.
        starts, ends: (E,) edges; an edge waits until all edges into its start are done.
        passes: (E,) how often an edge goes over one state's share of the cells.
        order: (N,) a first proposal.
        patience: edges gone over for each unit of cost; at most `most` moves, after `least`; 0: keep
            `order`.

    Returns:
        The order, the sequence of edges, the cost and the widest log2 of cells open at once.
    """
    found = np.array(order, dtype=np.int32)
    sequence = np.zeros(len(starts), dtype=np.int32)
    widest = ctypes.c_double()
    cost = _order_function(
        ctypes.c_int32(len(log_sizes)),
        _pointer(np.ascontiguousarray(log_sizes, dtype=np.float64)),
        _pointer(np.ascontiguousarray(log_later, dtype=np.float64)),
        ctypes.c_int32(len(starts)),
        _pointer(starts),
        _pointer(ends),
        _pointer(np.ascontiguousarray(passes, dtype=np.float64)),
        _pointer(found),
        _pointer(sequence),
        ctypes.c_double(patience),
        ctypes.c_int32(least),
        ctypes.c_int32(most),
        ctypes.byref(widest),
    )
    if cost < 0:
        raise MemoryError("no memory to look for an order")
    return found, sequence, cost, widest.value


def find_tree(
    near: NDArray[np.uint8],
    sizes: NDArray[np.float64],
    order: NDArray[np.int32],
    *,
    cell: float,
    pair: float,
    tries: int,
) -> NDArray[np.int32]:
    """Look for an order in which nodes are summed away at little cost (`tree.py`).

    Args:
        near: (2n, 2n) whether two nodes share something; node v + n is v while it is open.
        sizes: (2n,) number of levels.
        order: a first proposal.
        cell, pair: what a cell costs, and a pair of cells that meet.

    Returns:
        The cheapest order found; the proposal where there are more nodes than it can handle.
    """
    found = np.array(order, dtype=np.int32)
    _tree_function(
        ctypes.c_int32(len(near) // 2),
        _pointer(np.ascontiguousarray(near)),
        _pointer(np.ascontiguousarray(sizes)),
        ctypes.c_double(cell),
        ctypes.c_double(pair),
        ctypes.c_int32(tries),
        ctypes.c_int32(len(found)),
        _pointer(found),
    )
    return found

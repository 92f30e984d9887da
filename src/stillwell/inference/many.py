"""The posterior of many people by one sweep: the program is that of the causes, and findings are data.

The links between causes, and which of them exclude each other, are the same for everybody. The programs over them are
written once (`Causes`); each group of people brings its positive findings as arrays (`Findings`), so that nothing is
written for a new set of findings. Exact; see `_people.c`.
"""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stillwell.inference import _sweep
from stillwell.inference.network import Evidence, Floats, Network
from stillwell.inference.people import Template, Templates
from stillwell.inference.scale import LEAST, MOST

Places = NDArray[np.int64]
PATIENCE = 1000.0  # of the search for the order, which serves everybody
TOP = 8  # levels of a variable, as in _people.c
MOST_VARIABLES = 128

_library = ctypes.CDLL(_sweep.__file__)


def _fields(pointers: str, numbers: str, wide: str = "", reals: str = "") -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = [(n, ctypes.c_void_p) for n in pointers.split()]
    found += [(n, ctypes.c_double) for n in reals.split()]
    found += [(n, ctypes.c_int64) for n in wide.split()]
    return found + [(n, ctypes.c_int32) for n in numbers.split()]


class _Program(ctypes.Structure):
    _fields_ = _fields("code patterns fixed count state muted", "n tag", wide="cells")


class _Causes(ctypes.Structure):
    _fields_ = _fields(
        "n_states joined apart parents children spared plain tagged",
        "variables states nodes n_apart links",
        reals="relevant through",
    )


class _Findings(ctypes.Structure):
    _fields_ = _fields("first finding arises row shown leak", "k")


@dataclass(frozen=True)
class Findings:
    """The positive findings that L people have in common.

    Attributes:
        arises: (k, V, S) probability that a state of a cause produces each finding.
        row: (k, V, S) row of `shown` that says how likely the finding is then as it is, or -1: surely.
        shown: (rows, L).
        leak: (k, L) probability that what is not listed produces the finding, as it is.
    """

    arises: Floats
    row: NDArray[np.int32]
    shown: Floats
    leak: Floats


class Causes:
    """The causes, what joins them, and the programs over them.

    Args:
        network: without findings; of the medians.
        parts: the causes in parts that links or exclusions join.
        relevant, through: from which probability on it is worked out what causes bring through others.
    """

    def __init__(
        self, network: Network, parts: list[list[int]], relevant: float, through: float
    ) -> None:
        if network.n_variables > MOST_VARIABLES:
            raise ValueError("more causes than the sweep over many people holds")
        joined = np.array(sorted(v for part in parts if len(part) > 1 for v in part), dtype=np.int64)
        apart = np.array(sorted(part[0] for part in parts if len(part) == 1), dtype=np.int64)
        small = network.restricted(joined)
        templates = Templates(small, Evidence(), [], [])
        plain = templates.quiet(None, PATIENCE)
        children = small.children()
        self._kept: list[object] = []  # what the structures point to
        programs = (_Program * max(len(joined), 1))()
        for v in children:
            self._fill(programs[v], templates.tagged(v, plain.program.order), v)
        first = _Program()
        self._fill(first, plain, -1)
        links = sorted(small.links, key=lambda k: (k.parent, k.child))
        self.n_variables, self.states = network.n_variables, network.prior.shape[2]
        self._held = _Causes(
            self._pointer(network.n_states, np.int32),
            self._pointer(joined, np.int32),
            self._pointer(apart, np.int32),
            self._pointer([k.parent for k in links], np.int32),
            self._pointer([k.child for k in links], np.int32),
            self._pointer([k.table[0, :, 0] for k in links], np.float64),
            ctypes.addressof(first),
            ctypes.addressof(programs),
            relevant,
            through,
            self.n_variables,
            self.states,
            len(joined),
            len(apart),
            len(links),
        )
        self._kept += [first, programs]

    def _pointer(self, values: Any, kind: type) -> int:
        array = np.ascontiguousarray(np.array(values), dtype=kind)
        if not array.size:
            array = np.zeros(1, dtype=kind)
        self._kept.append(array)
        return int(array.ctypes.data)

    def _fill(self, to: _Program, template: Template, tag: int) -> None:
        program = template.program
        state = np.zeros((len(template.levels), TOP), dtype=np.int32)
        muted = np.zeros_like(state)
        for v, levels in enumerate(template.levels):
            for k, (s, may_not) in enumerate(levels):
                state[v, k], muted[v, k] = s, may_not
        to.code = self._pointer(program.code, np.int32)
        to.patterns = self._pointer(program.patterns, np.int32)
        to.fixed = self._pointer(program.weights[:, 0], np.float64)
        to.count = self._pointer([len(levels) for levels in template.levels], np.int32)
        to.state, to.muted = self._pointer(state, np.int32), self._pointer(muted, np.int32)
        to.n, to.tag, to.cells = len(program.code), tag, program.cells

    def work_out(
        self,
        found: Findings,
        prior: Floats,
        unary: Floats,
        at: Places,
        present: Floats,
        contributes: Floats,
        nothing: Floats,
        lost: NDArray[np.bool_],
    ) -> None:
        """Work out the people at some places.

        Args:
            prior, unary: (V, S, N) prior and likelihood of each state.
            at: (L,) their places.
            present, contributes: (V, N), nothing: (N,) are filled there.
            lost: (N,) whose evidence a double cannot hold.

        Raises:
            MemoryError: there was not enough.
        """
        v, s, k = self.n_variables, self.states, len(found.arises)
        entry = np.argwhere(found.arises.transpose(1, 2, 0) > 0)
        where = (entry[:, 2], entry[:, 0], entry[:, 1])
        counts = np.bincount(entry[:, 0] * s + entry[:, 1], minlength=v * s)
        arrays = (
            np.concatenate([[0], np.cumsum(counts)]).astype(np.int32),
            entry[:, 2].astype(np.int32),
            np.ascontiguousarray(found.arises[where]),
            np.ascontiguousarray(found.row[where], dtype=np.int32),
            np.ascontiguousarray(found.shown),
            np.ascontiguousarray(found.leak),
        )
        held = _Findings(*(a.ctypes.data for a in arrays), k)
        places = np.ascontiguousarray(at, dtype=np.int64)
        for table in (prior, unary, present, contributes, nothing, lost):
            if not table.flags.c_contiguous:
                raise ValueError("the arrays of many people must be contiguous")
        failed = _library.stillwell_people(
            ctypes.byref(self._held),
            ctypes.byref(held),
            *(ctypes.c_void_p(t.ctypes.data) for t in (prior, unary)),
            ctypes.c_int64(prior.shape[2]),
            ctypes.c_void_p(places.ctypes.data),
            ctypes.c_int64(len(places)),
            ctypes.c_double(LEAST),
            ctypes.c_double(MOST),
            *(ctypes.c_void_p(t.ctypes.data) for t in (present, contributes, nothing, lost)),
        )
        if failed:
            raise MemoryError("no memory for the sweep over many people")


__all__ = ["Causes", "Findings"]

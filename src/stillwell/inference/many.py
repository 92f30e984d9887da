"""The posterior of many people by one sweep: the program is that of the causes, and findings are data.

The links between causes, and which of them exclude each other, are the same for everybody. The programs over them are
written once (`Causes`); people bring their positive findings as arrays (`Findings`), so that nothing is written for a
new set of findings. Exact; see `_people.h`.
"""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stillwell.inference import _sweep
from stillwell.inference.network import Floats, Network
from stillwell.inference.scale import LEAST, MOST
from stillwell.inference.tree import TOP, Program, Tree

Places = NDArray[np.int64]
MOST_VARIABLES = 128

FEW_FINDINGS = 4  # up to so many eight people side by side are faster than four: measured
WRITTEN_FOR = (
    2,
    5,
    9,
)  # numbers of findings for which programs are written; others take the next of them

_library = ctypes.CDLL(_sweep.__file__)


def _fields(pointers: str, numbers: str, wide: str = "", reals: str = "") -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = [(n, ctypes.c_void_p) for n in pointers.split()]
    found += [(n, ctypes.c_double) for n in reals.split()]
    found += [(n, ctypes.c_int64) for n in wide.split()]
    return found + [(n, ctypes.c_int32) for n in numbers.split()]


class _Program(ctypes.Structure):
    _fields_ = _fields("code fixed count state muted joined", "n tag start", wide="room")


class _Causes(ctypes.Structure):
    _fields_ = _fields(
        "n_states joined apart parents children spared plain tagged",
        "variables states nodes n_apart links",
        reals="relevant through",
    )


class _Columns(ctypes.Structure):
    _fields_ = _fields("usual kind place own", "n_own")


class _Findings(ctypes.Structure):
    _fields_ = _fields("first place arises row as_seen shown leak kind has", "k kinds")


@dataclass(frozen=True)
class Findings:
    """The findings that N people may have.

    Attributes:
        arises: (F, V, S) probability that a state of a cause produces each finding.
        row: (F, V, S) row of `shown` that says how likely the finding is then as it is, or -1: surely.
        as_seen: (F,) the row of what is not listed, or -1.
        shown: (rows, N).
        leak: (F, P) probability that what is not listed produces the finding, in each kind of person.
        kind: (N,) kind of each person.
    """

    arises: Floats
    row: NDArray[np.int32]
    as_seen: NDArray[np.int32]
    shown: Floats
    leak: Floats
    kind: Places


@dataclass(frozen=True)
class Columns:
    """A number for each state of the causes of N people: that of their kind, but for some states one of their own.

    Attributes:
        usual: (P, V, S) of each kind of person; (1, V, S) where everybody is of one kind.
        kind: (N,) kind of each person.
        own: (cause, state) -> (N,).
    """

    usual: Floats
    kind: Places
    own: dict[tuple[int, int], Floats]

    def some(self, at: Places) -> Floats:
        """(V, S, L) of the people at some places."""
        found = np.ascontiguousarray(self.usual[self.kind[at]].transpose(1, 2, 0))
        for (v, s), column in self.own.items():
            found[v, s] = column[at]
        return found


@dataclass(frozen=True)
class Known:
    """Prior and likelihood of each state of the causes of N people."""

    prior: Columns
    likelihood: Columns


@dataclass(frozen=True)
class Out:
    """What is found of N people: (V, N) present and contributes, (N,) nothing listed, and lost.

    Lost are those whose evidence a double cannot hold. The tables may be part of wider ones.
    """

    present: Floats
    contributes: Floats
    nothing: Floats
    lost: NDArray[np.bool_]


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
        self.network, self.relevant, self.through = network, relevant, through
        self.joined = np.array(
            sorted(v for part in parts if len(part) > 1 for v in part), dtype=np.int64
        )
        self.apart = np.array(sorted(part[0] for part in parts if len(part) == 1), dtype=np.int64)
        self.n_variables, self.states = network.n_variables, network.prior.shape[2]
        self._kept: list[object] = []  # what the structures point to
        self._held: dict[int, _Causes] = {}

    def _written(self, findings: int) -> _Causes:
        """The programs for people with so many findings, written when first asked for."""
        usual = next((k for k in WRITTEN_FOR if findings <= k), WRITTEN_FOR[-1])
        if usual not in self._held:
            self._held[usual] = self._write(usual)
        return self._held[usual]

    def _write(self, findings: int) -> _Causes:
        network, joined, apart = self.network, self.joined, self.apart
        small = network.restricted(joined)
        tree = Tree(small, findings)
        self._instructions = 0
        programs = (_Program * max(len(joined), 1))()
        for v in small.children():
            self._fill(programs[v], tree.tagged(v), v)
        first = _Program()
        self._fill(first, tree.plain(), -1)
        links = sorted(small.links, key=lambda k: (k.parent, k.child))
        self._kept += [first, programs]
        return _Causes(
            self._pointer(network.n_states, np.int32),
            self._pointer(joined, np.int32),
            self._pointer(apart, np.int32),
            self._pointer([k.parent for k in links], np.int32),
            self._pointer([k.child for k in links], np.int32),
            self._pointer([k.table[0, :, 0] for k in links], np.float64),
            ctypes.addressof(first),
            ctypes.addressof(programs),
            self.relevant,
            self.through,
            self.n_variables,
            self.states,
            len(joined),
            len(apart),
            len(links),
        )

    def _pointer(self, values: Any, kind: type) -> int:
        array: NDArray[Any] = np.ascontiguousarray(np.array(values), dtype=kind)
        if not array.size:
            array = np.zeros(1, dtype=kind)
        self._kept.append(array)
        return int(array.ctypes.data)

    def _fill(self, to: _Program, program: Program, tag: int) -> None:
        state = np.zeros((len(program.levels), TOP), dtype=np.int32)
        muted = np.zeros_like(state)
        for v, levels in enumerate(program.levels):
            state[v, : len(levels.state)], muted[v, : len(levels.muted)] = (
                levels.state,
                levels.muted,
            )
        to.code = self._pointer(program.code, np.int32)
        to.fixed = self._pointer(program.fixed, np.float64)
        to.count = self._pointer([len(levels.state) for levels in program.levels], np.int32)
        to.state, to.muted = self._pointer(state, np.int32), self._pointer(muted, np.int32)
        to.joined = self._pointer(program.joins(), np.int32)
        to.n, to.tag, to.room = len(program.code), tag, program.room
        to.start, self._instructions = self._instructions, self._instructions + len(program.code)

    def work_out(
        self, findings: Findings, has: NDArray[np.int32], at: Places, known: Known, out: Out
    ) -> None:
        """Work out people who have the same number of findings.

        Args:
            has: (L, k) numbers of the findings that each has.
            at: (L,) their places among the N.

        Raises:
            MemoryError: there was not enough.
        """
        s = self.states
        finding, v, state = np.nonzero(findings.arises > 0)
        arrays: list[NDArray[Any]] = [
            np.searchsorted(finding, np.arange(len(findings.arises) + 1)).astype(np.int32),
            (v * s + state).astype(np.int32),
            findings.arises[finding, v, state],
            findings.row[finding, v, state].astype(np.int32),
            findings.as_seen.astype(np.int32),
            findings.shown,
            findings.leak,
            findings.kind.astype(np.int64),
            has.astype(np.int32),
        ]
        arrays = [np.ascontiguousarray(a) for a in arrays]
        held = _Findings(*(a.ctypes.data for a in arrays), has.shape[1], findings.leak.shape[1])
        places = np.ascontiguousarray(at, dtype=np.int64)
        tables = (out.present, out.contributes, out.nothing, out.lost)
        row = out.present.strides[0]
        if out.contributes.strides != (row, 8) or out.present.strides != (row, 8):
            raise ValueError("people must lie side by side")
        pointers = [ctypes.c_void_p(table.ctypes.data) for table in tables]
        prior, likelihood = (
            self._columns(known.prior, arrays),
            self._columns(known.likelihood, arrays),
        )
        few = has.shape[1] <= FEW_FINDINGS
        function = _library.stillwell_people_8 if few else _library.stillwell_people_4
        failed = function(
            ctypes.byref(self._written(has.shape[1])),
            ctypes.byref(held),
            ctypes.byref(prior),
            ctypes.byref(likelihood),
            ctypes.c_int64(len(known.prior.kind)),
            ctypes.c_int64(row // 8),
            ctypes.c_void_p(places.ctypes.data),
            ctypes.c_int64(len(places)),
            ctypes.c_double(LEAST),
            ctypes.c_double(MOST),
            *pointers,
        )
        if failed:
            raise MemoryError("no memory for the sweep over many people")

    def _columns(self, columns: Columns, kept: list[NDArray[Any]]) -> _Columns:
        """The columns for the compiled function; what they point to is added to `kept`."""
        place = np.array([v * self.states + s for v, s in columns.own], dtype=np.int32)
        own = [np.ascontiguousarray(column, dtype=np.float64) for column in columns.own.values()]
        pointers = np.array([column.ctypes.data for column in own], dtype=np.uintp)
        usual = np.ascontiguousarray(columns.usual, dtype=np.float64)
        kind = np.ascontiguousarray(columns.kind, dtype=np.int64)
        kept += [usual, kind, place, pointers, *own]
        return _Columns(*(a.ctypes.data for a in (usual, kind, place, pointers)), len(own))


__all__ = ["Causes", "Columns", "Findings", "Known", "Out"]

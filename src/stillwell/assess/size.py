"""Keeps a case small enough to be worked out exactly: what tells least is set aside and named.

Triage has seen everything before; nothing here touches how urgent a case is.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace

from stillwell.assess.evidence import case_evidence
from stillwell.assess.model import Model
from stillwell.case.understand import Understood
from stillwell.inference.program import build

LARGEST = 2**23  # cells of the joint distribution; above it signs are set aside
WORK = 3e8  # cells touched by one sweep; above it people wait longer than a few seconds
QUALITIES = 6  # of one finding, and items of the course: each doubles what is carried along
GLANCE = 0.003  # patience of the order search while a size is only estimated


@dataclass(frozen=True)
class Item:
    """Something told that may be set aside: a present sign, a denied one, or a result."""

    kind: str
    id: str


def size_of(net: Model, told: Understood) -> tuple[int, float]:
    """(cells open at once, cells touched), as a short look for an order finds them."""
    given = case_evidence(net, told, 0)
    program = build(given.network, given.evidence, quiet=True, patience=GLANCE)
    return program.cells, program.work


def too_large(size: tuple[int, float]) -> bool:
    """Whether a case of so many cells and so much work must be made smaller."""
    return size[0] > LARGEST or size[1] > WORK


def crowded(net: Model, told: Understood) -> bool:
    """Whether one finding has more qualities, or the complaint more of a course, than can be carried."""
    return any(n > QUALITIES for n in _crowds(net, told).values())


def _crowds(net: Model, told: Understood) -> Counter[str]:
    """How many qualities each finding has here; the course counts under the empty name."""
    implied = {o for n in told.present for o in net.known.base.findings[n].implies}
    crowds = Counter(
        net.qualities[n] for n in told.present if n in net.qualities and n not in implied
    )
    crowds[""] = len([n for n in told.present if n in net.course and n not in net.exclusive])
    return crowds


def fit_to_memory(
    net: Model, told: Understood, *, measured: bool = False
) -> tuple[Understood, list[str]]:
    """A case that can be worked out exactly, and the names of what was left out of it.

    Exact work grows with the number of signs. The signs that are commonest in people with none of the
    causes tell least and go first; those complained of after the others; then what is denied, and
    results, the least abnormal first. How many must go is found by halving, so that the look at a case of
    any length is short.

    Args:
        measured: it is known that something must go.
    """
    small = _less_crowded(net, told)
    order = _least_telling_first(net, small)
    if order and (measured or too_large(size_of(net, small))):
        enough, short = len(order), 0  # setting `short` aside does not do, `enough` does
        while enough - short > 1:
            middle = (enough + short) // 2
            if too_large(size_of(net, without(net, small, order[:middle]))):
                short = middle
            else:
                enough = middle
        small = without(net, small, order[:enough])
    return small, _left_out(net, told, small)


def _left_out(net: Model, told: Understood, small: Understood) -> list[str]:
    base = net.known.base
    signs = [n for n in told.present if n not in small.present]
    kept = {*small.absent, *signs}
    return [
        *(base.findings[n].name for n in signs),
        *(f"no {base.findings[n].name}" for n in told.absent if n not in kept),
        *(base.tests[name].name for name in told.labs if name not in small.labs),
    ]


def _less_crowded(net: Model, told: Understood) -> Understood:
    """The case with at most `QUALITIES` qualities of each finding and of the course."""
    for root, count in sorted(_crowds(net, told).items()):
        if count <= QUALITIES:
            continue
        own = [n for n in told.present if (net.qualities.get(n) == root if root else False)]
        own = own or [n for n in told.present if n in net.course and n not in net.exclusive]
        commonest = sorted(own, key=lambda n: -net.usual_leak(n))[: len(own) - QUALITIES]
        told = without(net, told, [Item("present", n) for n in commonest])
    return told


def _least_telling_first(net: Model, told: Understood) -> list[Item]:
    """All that may be set aside, in the order in which it goes; the most telling sign stays."""
    signs = sorted(
        (n for n in told.present if n not in net.exclusive),
        key=lambda n: (n in told.complaint, -net.usual_leak(n)),
    )
    denied = [n for n in told.absent if n in net.inhibitions]
    results = sorted(told.labs, key=lambda t: (told.labs[t].marked, told.labs[t].critical))
    return [
        *(Item("present", n) for n in signs[:-1]),
        *(Item("absent", n) for n in denied),
        *(Item("lab", n) for n in results),
    ]


def without(net: Model, told: Understood, items: list[Item]) -> Understood:
    """The case without some items; a finding takes its qualities with it."""
    gone = {i.id for i in items if i.kind == "present"}
    gone |= {q for q, root in net.qualities.items() if root in gone}
    denied = {i.id for i in items if i.kind == "absent"} | gone
    results = {i.id for i in items if i.kind == "lab"}
    present = [n for n in told.present if n not in gone]
    return replace(
        told,
        present=present,
        absent=[n for n in told.absent if n not in denied],
        complaint=[n for n in told.complaint if n not in gone] or present[:1],
        labs={name: result for name, result in told.labs.items() if name not in results},
    )

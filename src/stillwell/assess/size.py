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


def size_of(causal_model: Model, understood: Understood) -> tuple[int, float]:
    """(cells open at once, cells touched), as a short look for an order finds them."""
    given = case_evidence(causal_model, understood, 0)
    program = build(given.network, given.evidence, quiet=True, patience=GLANCE)
    return program.cells, program.work


def too_large(size: tuple[int, float]) -> bool:
    """Whether a case of so many cells and so much work must be made smaller."""
    return size[0] > LARGEST or size[1] > WORK


def crowded(causal_model: Model, understood: Understood) -> bool:
    """Whether one finding has more qualities, or the complaint more of a course, than can be carried."""
    return any(n > QUALITIES for n in _crowds(causal_model, understood).values())


def _crowds(causal_model: Model, understood: Understood) -> Counter[str]:
    """How many qualities each finding has here; the course counts under the empty name."""
    implied = {o for n in understood.present for o in causal_model.known.base.findings[n].implies}
    crowds = Counter(
        causal_model.qualities[n]
        for n in understood.present
        if n in causal_model.qualities and n not in implied
    )
    crowds[""] = len(
        [
            n
            for n in understood.present
            if n in causal_model.course and n not in causal_model.exclusive
        ]
    )
    return crowds


def fit_to_memory(
    causal_model: Model, understood: Understood, *, measured: bool = False
) -> tuple[Understood, list[str]]:
    """A case that can be worked out exactly, and the names of what was left out of it.

    Exact work grows with the number of signs. The signs that are commonest in people with none of the
    causes tell least and go first; those complained of after the others; then what is denied, and
    results, the least abnormal first. How many must go is found by halving, so that the look at a case of
    any length is short.

    Args:
        measured: it is known that something must go.
    """
    small = _less_crowded(causal_model, understood)
    order = _least_telling_first(causal_model, small)
    if order and (measured or too_large(size_of(causal_model, small))):
        enough, short = len(order), 0  # setting `short` aside does not do, `enough` does
        while enough - short > 1:
            middle = (enough + short) // 2
            if too_large(size_of(causal_model, without(causal_model, small, order[:middle]))):
                short = middle
            else:
                enough = middle
        small = without(causal_model, small, order[:enough])
    return small, _left_out(causal_model, understood, small)


def _left_out(causal_model: Model, understood: Understood, small: Understood) -> list[str]:
    base = causal_model.known.base
    signs = [n for n in understood.present if n not in small.present]
    kept = {*small.absent, *signs}
    return [
        *(base.findings[n].name for n in signs),
        *(f"no {base.findings[n].name}" for n in understood.absent if n not in kept),
        *(base.tests[name].name for name in understood.labs if name not in small.labs),
    ]


def _less_crowded(causal_model: Model, understood: Understood) -> Understood:
    """The case with at most `QUALITIES` qualities of each finding and of the course."""
    for root, count in sorted(_crowds(causal_model, understood).items()):
        if count <= QUALITIES:
            continue
        own = [
            n
            for n in understood.present
            if (causal_model.qualities.get(n) == root if root else False)
        ]
        own = own or [
            n
            for n in understood.present
            if n in causal_model.course and n not in causal_model.exclusive
        ]
        commonest = sorted(own, key=lambda n: -causal_model.usual_leak(n))[: len(own) - QUALITIES]
        understood = without(causal_model, understood, [Item("present", n) for n in commonest])
    return understood


def _least_telling_first(causal_model: Model, understood: Understood) -> list[Item]:
    """All that may be set aside, in the order in which it goes; the most telling sign stays."""
    signs = sorted(
        (n for n in understood.present if n not in causal_model.exclusive),
        key=lambda n: (n in understood.complaint, -causal_model.usual_leak(n)),
    )
    denied = [n for n in understood.absent if n in causal_model.inhibitions]
    results = sorted(
        understood.labs, key=lambda t: (understood.labs[t].marked, understood.labs[t].critical)
    )
    return [
        *(Item("present", n) for n in signs[:-1]),
        *(Item("absent", n) for n in denied),
        *(Item("lab", n) for n in results),
    ]


def without(causal_model: Model, understood: Understood, items: list[Item]) -> Understood:
    """The case without some items; a finding takes its qualities with it."""
    gone = {i.id for i in items if i.kind == "present"}
    gone |= {q for q, root in causal_model.qualities.items() if root in gone}
    denied = {i.id for i in items if i.kind == "absent"} | gone
    results = {i.id for i in items if i.kind == "lab"}
    present = [n for n in understood.present if n not in gone]
    return replace(
        understood,
        present=present,
        absent=[n for n in understood.absent if n not in denied],
        complaint=[n for n in understood.complaint if n not in gone] or present[:1],
        labs={name: result for name, result in understood.labs.items() if name not in results},
    )

"""In which order causes are listed: what a result proves, what fits best, and the rest."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import numpy as np

from stillwell.assess.model import Model
from stillwell.case.understand import Understood
from stillwell.inference.network import Floats
from stillwell.knowledge.schema import GivesWay
from stillwell.knowledge.store import Knowledge
from stillwell.triage.rules import RED, Urgency, holds

Group = Literal["result", "fits", "other"]
FIT = 3  # causes that fit best
ACCOUNTS = 0.6  # share of a general diagnosis that one cause must reach to be listed before it
PROVEN = 0.5  # probability from which a cause that a critical result speaks of is listed first


def ranking(
    model: Model,
    contributes: Floats,
    present: Floats,
    prior: Floats,
    proven: frozenset[str],
    named: frozenset[str] = frozenset(),
    after: Mapping[str, GivesWay] | None = None,
) -> list[tuple[int, Group]]:
    """Every cause with its group, in the order of the list.

    First stand the causes that a critical result proves. Then those that fit best: the one that most
    probably contributes, and those whose contribution the evidence raised most, as contribution times
    log(present / prior), what the evidence says of a cause in nats. A cause that is merely common stays
    behind them. Within a group the more probable contribution stands first.

    Args:
        contributes, present, prior: (V,) of each cause of the model.
        proven: ids of causes that a critical result speaks of (see `proven_by_results`).
        named: ids of causes that an alarm names; what is listed behind them where they are (`behind` in the
            cause files) stands after them.
        after: causes that give way to another in this case (see `giving_way`).
    """
    place = _places(model, contributes, named, after or {})
    raised = place * np.log(np.maximum(present, 1e-12) / np.maximum(prior, 1e-12))
    by_place = sorted(range(len(place)), key=lambda v: (-place[v], -present[v], model.causes[v]))
    result = [v for v in by_place if model.causes[v] in proven and present[v] >= PROVEN]
    rest = [v for v in by_place if v not in result]
    further = sorted(rest[1:], key=lambda v: -raised[v])[: FIT - 1]
    fits = [v for v in rest if v == rest[0] or v in further]
    other = [v for v in rest if v not in fits]
    groups: tuple[tuple[Group, list[int]], ...] = (
        ("result", result), ("fits", fits), ("other", other),
    )  # fmt: skip
    return [(v, group) for group, members in groups for v in members]


def proven_by_results(understood: Understood, urgency: Urgency) -> frozenset[str]:
    """Causes named by an alert that a result of a test made go off."""
    return frozenset(
        cause
        for alert in urgency.alerts
        if alert.level in RED
        and any(item.removeprefix("lab:") in understood.labs for item in alert.because)
        for cause in alert.causes
    )


def giving_way(known: Knowledge, understood: Understood) -> dict[str, GivesWay]:
    """The causes that give way to another in a case, each with to which and why."""
    return {
        name: rule
        for name, cause in known.base.causes.items()
        for rule in cause.gives_way
        if holds(rule.when, understood, known) is not None
        and holds(rule.unless, understood, known) is None
    }


def _places(
    model: Model, contributes: Floats, named: frozenset[str], after: Mapping[str, GivesWay]
) -> Floats:
    """(V,) the contributions, but a general diagnosis just under the cause that accounts for most of it.

    So is a harmless cause under the danger that an alarm names in its place. A cause that gives way leaves its
    place to the other and stands just under it.
    """
    places = contributes.copy()
    for name, rule in after.items():
        v, to = model.cause_index[name], model.cause_index[rule.to]
        places[to] = max(places[to], places[v])
        places[v] = places[to] - 1e-9
    for v, name in enumerate(model.causes):
        cause = model.known.base.causes[name]
        before = [model.cause_index[d] for d in cause.behind if d in named]
        if before:
            places[v] = min(places[v], min(contributes[d] for d in before) - 1e-9)
        if not cause.general:
            continue
        parents = [model.cause_index[link.cause] for link in cause.raised_by]
        reasons = [p for p in parents if contributes[p] >= ACCOUNTS * contributes[v]]
        if reasons:
            places[v] = min(contributes[v], min(contributes[p] for p in reasons) - 1e-9)
    return places

"""All causes in the order of the list, each with its probabilities, reasons and sources."""

from __future__ import annotations

from typing import Any

import msgspec

from stillwell.assess.borderline import borderline_cause
from stillwell.assess.evidence_words import words_of
from stillwell.assess.model import Model
from stillwell.assess.parameters import range_90
from stillwell.assess.posterior import Found, Ranges
from stillwell.assess.ranking import Group, giving_way, ranking
from stillwell.assess.reasons import reasons
from stillwell.assess.rounding import rounded
from stillwell.case.understand import Understood
from stillwell.knowledge.base import Base

WORTH_SAYING = 0.03  # a change of probability by age or sex that the report mentions


class Because(msgspec.Struct, frozen=True, kw_only=True):
    """One piece of evidence for (positive) or against (negative) a cause, in log-odds.

    `better`: the name of the cause that explains it better, where it fits this one too and still lowers it:
    it does not speak against this cause.
    """

    item: str
    words: str
    weight: float
    better: str = ""


class Ranked(msgspec.Struct, frozen=True, kw_only=True):
    """One cause: is it present, and does it produce what was told?

    `group`: why it stands where it stands (see `ranking`): a result proves it, it fits best, or other.
    `told`: whether the person told it as a fact ("I am pregnant"): then it is there by their word.
    `after`: why it stands after the cause `gives_way_to`, whose number may be smaller; "" where it does not.
    """

    id: str
    name: str
    technical_name: str
    contributes: float
    contributes_low: float
    contributes_high: float
    present: float
    present_low: float
    present_high: float
    before: float
    reasons: list[Because]
    named_by_alert: bool
    cite: list[str]
    group: Group = "other"
    gives_way_to: str = ""
    after: str = ""
    told: bool = False

    @property
    def shown_percent(self) -> int:
        """The per cent that are shown of it, as coarse as its range."""
        return rounded(self.contributes, self.contributes_high - self.contributes_low)


def ranked_causes(
    found: Found,
    ranges: Ranges | None,
    reasons: dict[int, list[Because]],
    named: set[str],
    proven: frozenset[str],
) -> list[Ranked]:
    """All causes, in the order of the list."""
    causal_model, share, present = found.causal_model, found.share, found.present
    base = causal_model.known.base
    shares, presents = (ranges.share, ranges.present) if ranges else (share[None], present[None])
    low, high = range_90(shares)
    p_low, p_high = range_90(presents)
    after = giving_way(causal_model.known, found.understood)
    order = ranking(
        causal_model,
        share,
        present,
        found.observed.average_prior[0],
        proven,
        frozenset(named),
        after,
    )
    found_causes = [
        Ranked(
            id=causal_model.causes[v],
            name=base.causes[causal_model.causes[v]].name,
            technical_name=base.causes[causal_model.causes[v]].technical_name,
            contributes=float(share[v]),
            contributes_low=float(min(low[v], share[v])),
            contributes_high=float(max(high[v], share[v])),
            present=float(present[v]),
            present_low=float(min(p_low[v], present[v])),
            present_high=float(max(p_high[v], present[v])),
            before=float(found.observed.average_prior[0, v]),
            reasons=reasons.get(v, []),
            named_by_alert=causal_model.causes[v] in named,
            cite=_cited(causal_model, found.understood, causal_model.causes[v])
            if share[v] >= WORTH_SAYING
            else [],
            group=group,
            gives_way_to=after[name].to if (name := causal_model.causes[v]) in after else "",
            after=after[name].text if name in after else "",
            told=is_told(base, found.understood, name),
        )
        for v, group in order
    ]
    return _in_shown_order(found_causes)


def is_told(base: Base, understood: Understood, cause: str) -> bool:
    """Whether the person told a cause as a fact, by the history item that says the same."""
    return base.causes[cause].told_by in understood.history_present


def _in_shown_order(ranked: list[Ranked]) -> list[Ranked]:
    """The causes, none under one of its group whose shown number is smaller by rounding alone.

    So the list, the answer in short and the numbers that a reader sees agree. What stands after another
    whatever its number (a general name, what gives way) keeps its place.
    """
    ranked = list(ranked)
    for at in range(1, len(ranked)):
        place = at
        while place and _belongs_before(ranked[place], ranked[place - 1]):
            ranked[place - 1 : place + 1] = ranked[place], ranked[place - 1]
            place -= 1
    return ranked


def _belongs_before(cause: Ranked, above: Ranked) -> bool:
    """Whether rounding alone put a cause under one of a smaller number."""
    near = cause.contributes <= above.contributes and cause.group == above.group
    return near and cause.shown_percent > above.shown_percent


def reasons_of(found: Found) -> dict[int, list[Because]]:
    """The reasons of each cause, by its number."""
    base, labs = found.causal_model.known.base, found.understood.labs
    names = [base.causes[found.causal_model.causes[v]].name for v in found.keep]
    names_of = found.causal_model.causes
    why = reasons(found.causal_model, found.understood, found.small, found.order, found.keep)
    told = found.understood
    unsure = {t.group: t.told for t in (*told.medicines, *told.supplements) if t.one_of > 1}
    return {
        int(v): [
            Because(
                item=r.item,
                words=words_of(
                    base,
                    r.item,
                    labs,
                    borderline=_speaks(base, told, r.item) == "near",
                    unsure=unsure,
                ),
                weight=r.weight,
                better="" if r.better is None else names[r.better],
            )
            for r in of_cause
            if r.weight < 0
            or (_tells_of(base, names_of[v], r.item) and _speaks(base, told, r.item) != "not")
        ]
        for v, of_cause in zip(found.keep, why, strict=True)
    }


def _tells_of(base: Base, cause: str, item: str) -> bool:
    """Whether an item can speak for a cause: a course of which the cause's record holds nothing cannot.

    It raises the number of such a cause only where it takes from another.
    """
    finding = base.findings.get(item)
    if finding is None or finding.section != "course":
        return True
    return any(edge.finding == item for edge in base.causes[cause].findings)


def _speaks(base: Base, understood: Understood, item: str) -> str:
    """What results that are read together can say for a cause: "not" where all lie inside their range and none
    is borderline by the model's own measure, "near" where one is; "" for all else."""
    kind, _, panel = item.partition(":")
    if kind != "panel":
        return ""
    results = [understood.labs[m] for m in base.panels[panel].markers if m in understood.labs]
    if any(r.flag != "normal" for r in results):
        return ""
    near = (borderline_cause(base, understood.person, r) for r in results)
    return "near" if base.panels[panel].cause in near else "not"


def _cited(causal_model: Model, understood: Understood, cause: str) -> list[str]:
    """Where the numbers come from that this person's case used of a cause."""
    from stillwell.knowledge.base import cites

    record = causal_model.known.base.causes[cause]
    items = {*understood.present, *understood.absent}
    history = {*understood.history_present, *understood.history_absent}
    used: list[Any] = list(record.prior)
    used += [f for f in record.findings if f.finding in items]
    used += [r for r in record.risk_factors if r.factor in history]
    used += [e for e in record.labs if e.lab in understood.labs]
    return list(dict.fromkeys(key for number in used for key in cites(number)))

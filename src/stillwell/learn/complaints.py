"""What the knowledge base says of a complaint: which causes bring it, how often, and what helps.

Chances are the base's own numbers for adults; nothing is worked out for a person.
"""

from __future__ import annotations

from dataclasses import dataclass

from stillwell.knowledge import schema as s
from stillwell.knowledge.base import Base, cites
from stillwell.learn.catalogue import Topic, words

LEAST = 0.05  # share of those with a cause who have the complaint, to name the cause
_INCIDENCE_YEARS = 1.0  # a year's new cases stand for how common a brief illness is


@dataclass(frozen=True)
class Link:
    """One cause that can bring a complaint.

    Attributes:
        share: of people with the cause (in that state), how many have the complaint.
        record: the edge that says so, with its source. `severe`: only in the severe state.
        through: the cause by way of which it does, if not itself.
    """

    cause: s.Cause
    share: float
    record: s.Produces | s.RaisedBy
    severe: bool
    through: s.Cause | None = None

    def line(self) -> str:
        """The cause with its share and how that is known."""
        said = words()
        judged = bool(getattr(self.record, "judgement", False))
        share = (said.share_judged if judged else said.share).format(share=_round(self.share))
        parts = [said.severe] if self.severe else []
        if self.through is not None:
            parts.append(said.through.format(cause=self.through.name))
        return f"{self.cause.name}: {', '.join([*parts, share])}"


def links_to(base: Base, topic: Topic) -> list[Link]:
    """The causes that bring a complaint to at least one in twenty who have them; the likeliest first."""
    found: dict[str, Link] = {}
    for cause in base.causes.values():
        edges = [e for e in cause.findings if e.finding in topic.findings and e.p is not None]
        for edge in edges:
            _keep(found, Link(cause, edge.p or 0.0, edge, edge.state == "severe"))
    for name in topic.causes:
        target = base.causes[name]
        for raised in target.raised_by:
            cause = base.causes[raised.cause]
            _keep(found, Link(cause, raised.p, raised, raised.state == "severe", target))
    return sorted(
        (link for link in found.values() if link.share >= LEAST),
        key=lambda link: (-link.share * _common(link), link.cause.id),
    )


def _keep(found: dict[str, Link], link: Link) -> None:
    old = found.get(link.cause.id)
    if old is None or old.share < link.share:
        found[link.cause.id] = link


def _prior(cause: s.Cause) -> float:
    """How common a cause is in adults: the mean of its starting points."""
    shares = [
        p.p if p.p is not None else (p.incidence_per_100000_year or 0.0) / 1e5 * _INCIDENCE_YEARS
        for p in cause.prior
    ]
    return sum(shares) / len(shares)


def _common(link: Link) -> float:
    """How common a cause is in adults, in the state of a link."""
    mean = _prior(link.cause)
    severe = link.cause.severe_share
    return mean * severe.p if link.severe and severe is not None else mean


def lacks(links: list[Link]) -> list[Link]:
    """Of these the lacks of something that is eaten."""
    return [x for x in links if x.cause.layer == "nutrient" and x.cause.id.startswith("low_")]


def without(base: Base, listed: set[str]) -> list[s.Cause]:
    """The other lacks of something that is eaten, the commonest first."""
    others = [
        c for c in base.causes.values()
        if c.layer == "nutrient" and c.id.startswith("low_") and c.id not in listed
    ]  # fmt: skip
    return sorted(others, key=lambda c: (-_prior(c), c.id))


def cited_first(links: list[Link]) -> list[object]:
    """The records of links that cite something."""
    return [x.record for x in links if cites(x.record)]


def _round(share: float) -> str:
    percent = 100 * share
    return f"{round(percent / 5) * 5:.0f}" if percent >= 10 else f"{percent:.0f}"

"""What somebody tells of themselves inside a question: an alarm in it comes before any answer."""

from __future__ import annotations

from stillwell.knowledge.references import reference_text
from stillwell.knowledge.store import Knowledge
from stillwell.learn.catalogue import questions, words
from stillwell.learn.pages import Answer
from stillwell.learn.told import Told
from stillwell.triage.rules import RED, Urgency


def alarm_in(question: str, told: Told) -> Answer | None:
    """The care card of a question whose words tell an emergency or something for today; else None.

    Only words that say what is so now tell anything: "can a clot make a leg swell" does not, "my leg is swollen" and
    "one calf swollen and red" do. In a question about what can happen at all only an emergency counts.
    """
    rule = questions().tells
    if not (rule.fits(question) or rule.is_statement(question) or rule.asks_of_waiting(question)):
        return None
    urgency = _gravest(rule.told_behind(question), told)
    certain = rule.tells_of_now(question) and not rule.is_general(question)
    certain = certain or rule.asks_of_waiting(question)
    if urgency.level != "emergency" and not certain:
        return None
    return alarm_of(urgency, told.known)


def _gravest(texts: list[str], told: Told) -> Urgency:
    """The most urgent of what some texts tell."""
    order = ("emergency", "today", "soon")
    found = [told.urgency(text) for text in texts]
    return min(found, key=lambda u: order.index(u.level) if u.level in order else len(order))


def alarm_of(urgency: Urgency, known: Knowledge) -> Answer | None:
    """The care card of an urgency; None where it is none for today."""
    if urgency.level not in RED or not urgency.alerts:
        return None
    return _card(urgency, known, "alarm")


def soon_in(question: str, told: Told) -> Answer | None:
    """What is done within days about what a question tells, where nothing else answers it; else None."""
    rule = questions().tells
    if not (rule.tells_of_now(question) or rule.asks_of_waiting(question)) or rule.is_general(
        question
    ):
        return None
    urgency = _gravest(rule.told_behind(question), told)
    alerts = [a for a in urgency.alerts if a.level == urgency.level]
    return _card(urgency, told.known, "urgency") if urgency.level == "soon" and alerts else None


def _card(urgency: Urgency, known: Knowledge, kind: str) -> Answer:
    """The first alert of the level that an urgency has, as a card."""
    first = next((a for a in urgency.alerts if a.level == urgency.level), urgency.alerts[0])
    base = known.base
    return Answer(
        id=f"{kind}_{first.id}", kind=kind, answer=base.wording.levels[urgency.level].heading, title=first.do,
        text=f"{first.why} {words().alarm_then}" if kind == "alarm" else first.why,
        sources=[reference_text(base.references[k]) for k in first.cite if k in base.references],
    )  # fmt: skip


__all__ = ["alarm_in", "alarm_of", "soon_in"]

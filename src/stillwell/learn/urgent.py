"""What somebody tells of themselves inside a question: an alarm in it comes before any answer."""

from __future__ import annotations

from stillwell.case.model import Case
from stillwell.case.understand import understand
from stillwell.knowledge.references import reference_text
from stillwell.knowledge.store import Knowledge
from stillwell.learn.catalogue import questions, words
from stillwell.learn.pages import Answer
from stillwell.triage.rules import RED, Urgency, triage


def alarm_in(question: str, known: Knowledge) -> Answer | None:
    """The care card of a question whose words tell an emergency or something for today; else None.

    Only words that say what is so now tell anything: "can a clot make a leg swell" does not, "my leg is swollen" and
    "one calf swollen and red" do. In a question about what can happen at all only an emergency counts.
    """
    rule = questions().tells
    if not rule.fits(question) and not rule.is_statement(question):
        return None
    urgency = triage(understand(Case(complaint=question), known), known)
    certain = rule.tells_of_now(question) and not rule.is_general(question)
    if urgency.level != "emergency" and not certain:
        return None
    return alarm_of(urgency, known)


def alarm_of(urgency: Urgency, known: Knowledge) -> Answer | None:
    """The care card of an urgency; None where it is none for today."""
    if urgency.level not in RED or not urgency.alerts:
        return None
    first = urgency.alerts[0]
    base = known.base
    return Answer(
        id=f"alarm_{first.id}", kind="alarm", answer=base.wording.levels[urgency.level].heading,
        title=first.do, text=f"{first.why} {words().alarm_then}",
        sources=[reference_text(base.references[k]) for k in first.cite if k in base.references],
    )  # fmt: skip


__all__ = ["alarm_in", "alarm_of"]

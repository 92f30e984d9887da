"""What somebody tells of themselves inside a question: an alarm in it comes before any answer."""

from __future__ import annotations

from stillwell.case.model import Case
from stillwell.case.understand import understand
from stillwell.knowledge.references import reference_text
from stillwell.knowledge.store import Knowledge
from stillwell.learn.catalogue import questions, words
from stillwell.learn.pages import Answer
from stillwell.triage.rules import RED, triage


def alarm_in(question: str, known: Knowledge) -> Answer | None:
    """The care card of a question whose words tell an emergency or something for today; else None.

    Only a question that speaks of a person, and of what is so now, tells anything: "can a clot make a
    leg swell" does not, "my leg is swollen" does. A statement without a person ("took too many tablets") tells
    an emergency and nothing less.
    """
    rule = questions().tells
    if not rule.fits(question) and not rule.is_statement(question):
        return None
    urgency = triage(understand(Case(complaint=question), known), known)
    if urgency.level not in RED or not urgency.alerts:
        return None
    certain = rule.fits(question) and not rule.is_general(question)
    if urgency.level != "emergency" and not certain:
        return None
    first = urgency.alerts[0]
    base = known.base
    return Answer(
        id=f"alarm_{first.id}", kind="alarm", answer=base.wording.levels[urgency.level].heading,
        title=first.do, text=f"{first.why} {words().alarm_then}",
        sources=[reference_text(base.references[k]) for k in first.cite if k in base.references],
    )  # fmt: skip


__all__ = ["alarm_in"]

"""The care card: how urgent, what to do, by when, and why."""

from __future__ import annotations

from stillwell.assess.assessment import Assessment
from stillwell.knowledge.store import knowledge
from stillwell.report.document import Alert, CareCard, Item, Items, Level, Section
from stillwell.report.phrases import listed, section
from stillwell.report.sections.given import items_of
from stillwell.report.wording import words
from stillwell.triage import rules

SHOWN = 3  # alerts on the card itself


def care_card(assessment: Assessment) -> CareCard:
    """The card; it stands on top of every form."""
    plan, urgency, say = assessment.plan, assessment.urgency, words().care
    shown = _shown(assessment)
    left = len(urgency.alerts) - len(shown)
    level: Level = urgency.wording  # type: ignore[assignment]
    return CareCard(
        level=level,
        heading=plan.heading,
        now=plan.now,
        within=plan.within,
        alerts=[_alert(a, plan.now, plan.within) for a in shown],
        more=(say["more_one"] if left == 1 else say["more"].format(n=left)) if left else "",
        rule_out=assessment.rule_out,
        ask=assessment.ask if urgency.open else [],
        ask_words=knowledge().base.wording.alarms["ask_open"] if urgency.open else "",
    )


def signs_to_ask(assessment: Assessment) -> list[Section]:
    """Signs nobody has spoken of that would make it more urgent, where the card does not ask them."""
    if assessment.urgency.open or assessment.urgency.level == "emergency" or not assessment.ask:
        return []
    lead = knowledge().base.wording.alarms["ask_below"]
    return section("fits", "answer", items_of(assessment.ask, lead))


def other_alarms(assessment: Assessment) -> list[Section]:
    """The alerts that are not on the card."""
    shown = _shown(assessment)
    rest = [_alert(a, "", "") for a in assessment.urgency.alerts if a not in shown]
    items = [
        Item(
            text=" ".join(t for t in (a.lead, a.why, a.because, a.do) if t),
            cite=a.cite,
            judgement=a.judgement,
        )
        for a in rest
    ]
    return section("alarms", "machinery", [Items(items=items)], extra=True)


def _shown(assessment: Assessment) -> list[rules.Alert]:
    urgency = assessment.urgency
    return [a for a in urgency.alerts if a.level == urgency.level][:SHOWN]


def _alert(alert: rules.Alert, now: str, within: str) -> Alert:
    lead = knowledge().base.wording.alarms["if_you_mean"]
    told = words().care["you_told"]
    return Alert(
        why=alert.why,
        lead=lead.format(words="”, “".join(alert.perhaps)) if alert.perhaps else "",
        because=told.format(signs=listed(alert.because)) if alert.because else "",
        do=alert.do if alert.do != now or alert.perhaps else "",
        within=alert.within if alert.within != within else "",
        cite=alert.cite,
        judgement=alert.judgement,
    )

"""The care card: how urgent, what to do, by when, and why."""

from __future__ import annotations

from stillwell.assess.assessment import Assessment
from stillwell.case.person_in_words import is_child
from stillwell.knowledge.store import knowledge
from stillwell.report.document import Alert, CareCard, Item, Items, Level, Section
from stillwell.report.phrases import listed, section, sentences
from stillwell.report.sections.given import items_of
from stillwell.report.wording import words
from stillwell.triage import rules

SHOWN = 3  # alerts on the card itself
MOST_SIGNS = 6  # signs of further alerts that the card names


def care_card(assessment: Assessment) -> CareCard:
    """The card; it stands on top of every form."""
    plan, urgency = assessment.plan, assessment.urgency
    level: Level = urgency.wording if urgency.open else urgency.level  # type: ignore[assignment]
    child = is_child(assessment.person)
    return CareCard(
        level=level,
        heading=plan.heading,
        now=plan.now,
        within=plan.within,
        alerts=_alerts(assessment),
        more=_more(assessment),
        rule_out=assessment.rule_out,
        ask=assessment.ask if urgency.open else [],
        ask_words=knowledge().base.wording.alarms["ask_open"] if urgency.open else "",
        scope=knowledge().base.wording.limits["child"] if child else "",
    )


def signs_to_ask(assessment: Assessment) -> list[Section]:
    """Signs nobody has spoken of that would make it more urgent, where the card does not ask them."""
    if assessment.urgency.open or assessment.urgency.level == "emergency" or not assessment.ask:
        return []
    lead = knowledge().base.wording.alarms["ask_below"]
    return section("fits", "plan", items_of(assessment.ask, lead))


def other_alarms(assessment: Assessment) -> list[Section]:
    """The alerts that are not on the card, none with a sentence that was said before."""
    shown = _shown(assessment)
    said = _said(assessment)
    items = []
    for alert in assessment.urgency.alerts:
        if alert not in shown:
            a = _alert(alert, said, "", of_other=assessment.of_other)
            text = " ".join(t for t in (a.lead, a.why, a.because, a.do) if t)
            items.append(Item(text=text, cite=a.cite, judgement=a.judgement))
    return section("alarms", "machinery", [Items(items=items)], extra=True)


def _shown(assessment: Assessment) -> list[rules.Alert]:
    urgency = assessment.urgency
    gravest = [a for a in urgency.alerts if a.level == urgency.level and not a.always]
    always = [a for a in urgency.alerts if a.always]
    return [*list({a.why: a for a in reversed(gravest)}.values())[::-1][:SHOWN], *always]


def _alerts(assessment: Assessment) -> list[Alert]:
    said = set(sentences(assessment.plan.now))
    within = assessment.plan.within
    return [_alert(a, said, within, of_other=assessment.of_other) for a in _shown(assessment)]


def _said(assessment: Assessment) -> set[str]:
    """The sentences of the card on what to do."""
    shown = _shown(assessment)
    return {s for text in (assessment.plan.now, *(a.do for a in shown)) for s in sentences(text)}


def _more(assessment: Assessment) -> str:
    """The signs of the other alerts that the card has not named, or "" where it has named them all."""
    shown = _shown(assessment)
    findings = knowledge().base.findings.values()
    # how it began is no alarm sign, nor is a medicine, a result, an age or what has long been so
    signs_of_base = {f.name for f in findings if f.section != "course"}
    named = {sign for a in shown for sign in a.because}
    red = (
        assessment.urgency.level in rules.RED
    )  # beside a danger of today what can wait is no alarm sign
    alerts = [a for a in assessment.urgency.alerts if not red or a.level in rules.RED]
    rest = [sign for a in alerts if a not in shown for sign in a.because]
    rest = [sign for sign in dict.fromkeys(rest) if sign in signs_of_base]
    signs = [sign for sign in rest if sign not in named][:MOST_SIGNS]
    return words().care["more"].format(signs=listed(signs)) if signs else ""


def _alert(alert: rules.Alert, said: set[str], within: str, *, of_other: bool) -> Alert:
    """An alert; of what to do only the sentences that are not yet `said`, which grows.

    Args:
        of_other: whether somebody else than the patient told it.
    """
    lead = knowledge().base.wording.alarms["if_you_mean"]
    told = words().care["told" if of_other else "you_told"]
    do = [s for s in sentences(alert.do) if s not in said]
    said.update(do)
    return Alert(
        why=alert.why,
        lead=lead.format(words="”, “".join(alert.perhaps)) if alert.perhaps else "",
        because=told.format(signs=listed(alert.because)) if alert.because else "",
        do=" ".join(do),
        within=alert.within if alert.within != within else "",
        cite=alert.cite,
        judgement=alert.judgement,
    )

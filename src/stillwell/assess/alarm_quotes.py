"""The words on which the alarms of a case rest, as the person wrote them."""

from __future__ import annotations

from stillwell.case.understand import Understood
from stillwell.knowledge.base import Base
from stillwell.triage.rules import RED, SOUNDS_URGENT, Urgency


def words_behind_alarms(base: Base, understood: Understood, urgency: Urgency) -> list[str]:
    """The person's words that made the alarms of today fire, each once.

    First those of signs, by the gravest alarm, then how it goes and what is taken. Where the words as a whole
    read like an alarm, and no sign of it has a name, that is all of them. What has no words of its own (a
    result that was typed in, an age) is left out.

    Args:
        urgency: with the items of the rules, not yet their names.
    """
    signs: list[str] = []
    beside: list[str] = []
    for alert in urgency.alerts:
        if alert.level not in RED:
            continue
        if alert.id == SOUNDS_URGENT:
            signs.append(understood.own_words)
        for item in alert.because:
            finding = base.findings.get(item)
            is_sign = finding is not None and finding.section != "course"
            (signs if is_sign else beside).extend(_told(base, understood, item))
        signs += alert.perhaps
    return [words for words in dict.fromkeys([*signs, *beside]) if words.strip()]


def _told(base: Base, understood: Understood, item: str) -> list[str]:
    """How one item of a rule was told; of what only follows from signs, how those were."""
    kind, _, name = item.partition(":")
    if kind == "medicine":
        taken = (*understood.medicines, *understood.supplements)
        return [m.told for m in taken if name in (m.group, m.member)]
    if kind == "vital":
        return [reading.shown for reading in understood.vitals.get(name, [])]
    if item in understood.from_words:
        return [understood.from_words[item]]
    there = {*understood.present, *understood.noted}
    return [
        words
        for told, words in understood.from_words.items()
        if told in there and told in base.findings and item in _following(base, told)
    ]


def _following(base: Base, finding: str) -> set[str]:
    """What follows from a sign, and from that in turn."""
    found: set[str] = set()
    queue = [finding]
    while queue:
        record = base.findings[queue.pop()]
        of_one = [i for i in (*record.implies, record.qualifies) if i in base.findings]
        queue += [i for i in of_one if i not in found]
        found.update(of_one)
    return found

"""Answers "can X bring Y?" from the knowledge base's own numbers, where no claim was written down."""

from __future__ import annotations

from stillwell.knowledge import schema as s
from stillwell.knowledge.loader import Base
from stillwell.learn.catalogue import questions, words
from stillwell.learn.complaints import Link, links_to
from stillwell.learn.lists import Lists
from stillwell.learn.pages import Answer, sources_of
from stillwell.learn.terms import Terms

OFTEN = 0.3
_ASKING = frozenset(["=ask_lead"])


class Relations:
    """Pairs of a cause or a medicine and a complaint."""

    def __init__(self, base: Base, terms: Terms, lists: Lists) -> None:
        self._base = base
        self._terms = terms
        self._lists = lists
        self._causes = [
            (frozenset(terms.of(name, mend=False)), cause)
            for cause in base.causes.values()
            for name in (cause.name, cause.technical_name)
        ]
        self._medicines = [
            (frozenset(terms.of(name, mend=False)), group)
            for group in base.medicines.values()
            for name in _names(group)
        ]

    def answer(self, question: str) -> Answer | None:
        """Whether the cause or medicine that a question names brings the complaint that it names."""
        asked = set(self._terms.of(question))
        name = self._lists.topic(asked)
        if name is None or not asked & _ASKING:
            return None
        rest = asked - self._lists.of_topic(name) - self._lists.beside() - _ASKING
        if not rest:
            return None
        topic = questions().topics[name]
        links = {link.cause.id: link for link in links_to(self._base, topic)}
        for terms, cause in self._causes:
            if rest == terms and cause.id in links:
                return self._of_cause(name, topic.name, links[cause.id])
        targets = set(links) | set(topic.causes)
        for terms, group in self._medicines:
            if rest == terms:
                effects = [
                    e for e in group.effects
                    if e.cause in targets and e.when == "take" and ((e.odds_ratio or 0) >= 1.3 or e.p)
                    and self._base.causes[e.cause].layer != "nutrient"
                ]  # fmt: skip
                if effects:
                    return self._of_medicine(name, topic.name, group, effects)
        return None

    def _of_cause(self, name: str, complaint: str, link: Link) -> Answer:
        said = words().relations
        if link.severe:
            first = said.severe
        else:
            first = said.often if link.share >= OFTEN else said.sometimes
        return Answer(
            id=f"relation_{link.cause.id}_{name}", kind="relation",
            title=said.title.format(cause=link.cause.name, topic=complaint), answer=f"{first}.",
            text=f"{link.line()}. {link.cause.summary}",
            sources=sources_of(self._base, link.record)
            or [words().judgement.format(reason=link.record.reason)],
        )  # fmt: skip

    def _of_medicine(
        self, name: str, complaint: str, group: s.DrugClass, effects: list[s.DrugEffect]
    ) -> Answer:
        said = words().relations
        causes = ", ".join(dict.fromkeys(self._base.causes[e.cause].name for e in effects))
        return Answer(
            id=f"relation_{group.id}_{name}", kind="relation",
            title=said.title.format(cause=group.name, topic=complaint), answer=f"{said.sometimes}.",
            text=f"{said.medicine.format(group=group.name, cause=causes)} "
            f"{words().lists['medicines'].text}",
            sources=sources_of(self._base, *effects)
            or [words().judgement.format(reason=effects[0].reason)],
        )  # fmt: skip


def _names(group: s.DrugClass) -> list[str]:
    members = [n for m in group.members for n in (m.name, *m.brands)]
    return [group.name, *group.words, *members]

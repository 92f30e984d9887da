"""Answers "can X bring Y?" from the knowledge base's own numbers, where no claim was written down."""

from __future__ import annotations

from stillwell.knowledge import schema as s
from stillwell.knowledge.base import Base
from stillwell.learn.catalogue import questions, words
from stillwell.learn.complaints import Link, links_to
from stillwell.learn.lists import Lists
from stillwell.learn.pages import Answer, sources_of
from stillwell.learn.subjects import Named, Subjects
from stillwell.learn.terms import Terms, raw_words
from stillwell.writing import capital, in_a_row

OFTEN = 0.3
RAISES = 1.5  # odds ratio from which something of life or illness is said to bring a cause
MOST_CAUSES = 3
_ASKING = frozenset(["=ask_lead", "=ask_worse"])
_BESIDE = frozenset(
    ["=hand", "=foot", "affect", "worsen"]
)  # said of the place or beside the asking


class Relations:
    """Pairs of a cause or a medicine and a complaint."""

    def __init__(self, base: Base, terms: Terms, lists: Lists, subjects: Subjects) -> None:
        self._base = base
        self._terms = terms
        self._lists = lists
        self._subjects = subjects

    def answer(self, question: str) -> Answer | None:
        """Whether the one thing that a question names brings the complaint that it names.

        The thing is a cause, a medicine or supplement, or something of life or illness; beside it and the
        complaint the question may say nothing more.
        """
        asked = set(self._terms.of(question))
        if not asked & _ASKING:
            return None
        for one in self._subjects.of(question):
            words_of = set(self._terms.of(" ".join(raw_words(question)[one.start : one.end])))
            name = self._lists.topic(asked - words_of)
            if name is None:
                continue
            allowed = self._lists.of_topic(name) | self._lists.beside() | _ASKING | _BESIDE
            if asked - words_of - allowed:
                continue
            found = self._of_record(one, name)
            if found is not None:
                return found
        return None

    def _of_record(self, one: Named, name: str) -> Answer | None:
        topic = questions().topics[name]
        links = {link.cause.id: link for link in links_to(self._base, topic)}
        cause = one.of("cause")
        if cause is not None and cause.id in links:
            return self._of_cause(name, topic.name, links[cause.id])
        group = one.of("medicine") or one.of("supplement")
        if group is not None:
            targets = set(links) | set(topic.causes)
            effects = [
                e for e in group.effects
                if e.cause in targets and e.when == "take" and ((e.odds_ratio or 0) >= 1.3 or e.p)
                and self._base.causes[e.cause].layer != "nutrient"
            ]  # fmt: skip
            return self._of_medicine(name, topic.name, group, effects) if effects else None
        item = one.of("history")
        return self._of_exposure(item, name, links) if item is not None else None

    def _of_exposure(self, item: s.HistoryItem, name: str, links: dict[str, Link]) -> Answer | None:
        """What something of life or illness does, by the causes that it makes likelier."""
        topic = questions().topics[name]
        raised = [
            (self._base.causes[cause], factor)
            for cause in dict.fromkeys([*links, *topic.causes])
            for factor in self._base.causes[cause].risk_factors
            if factor.factor == item.id and ((factor.odds_ratio or 0) >= RAISES or factor.p)
        ]
        if not raised:
            return None
        said = words()
        causes = in_a_row([cause.name for cause, _ in raised[:MOST_CAUSES]])
        return Answer(
            id=f"relation_{item.id}_{name}", kind="relation",
            title=said.relations.title.format(cause=item.name, topic=topic.name),
            answer=f"{said.relations.sometimes}.",
            text=said.exposure.format(item=capital(item.name), causes=causes),
            sources=sources_of(self._base, *(factor for _, factor in raised[:MOST_CAUSES]))
            or [said.judgement.format(reason=raised[0][1].reason)],
        )  # fmt: skip

    def _of_cause(self, name: str, complaint: str, link: Link) -> Answer:
        said = words().relations
        if link.severe:
            first = said.severe
        else:
            first = said.often if link.share >= OFTEN else said.sometimes
        return Answer(
            id=f"relation_{link.cause.id}_{name}", kind="relation",
            title=said.title.format(cause=link.cause.name, topic=complaint), answer=f"{first}.",
            text=f"{capital(link.line())}. {link.cause.summary}",
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
            text=f"{capital(said.medicine.format(group=group.name, cause=causes))} "
            f"{words().lists['medicines'].text}",
            sources=sources_of(self._base, *effects)
            or [words().judgement.format(reason=effects[0].reason)],
        )  # fmt: skip

"""When to see a doctor with a complaint, and which tests come first, from the checklists."""

from __future__ import annotations

from collections.abc import Sequence

from stillwell.assess.checklist import Checklist, make_checklist
from stillwell.case.model import Case, Told
from stillwell.case.understand import understand
from stillwell.knowledge.base import Base
from stillwell.knowledge.store import Knowledge
from stillwell.learn.catalogue import Topic, questions, words
from stillwell.learn.lists import Lists
from stillwell.learn.pages import Answer, sources_of
from stillwell.learn.subjects import Subjects
from stillwell.learn.terms import Terms


class Doctor:
    """Red flags and first tests of a complaint or a cause."""

    def __init__(self, known: Knowledge, terms: Terms, lists: Lists, subjects: Subjects) -> None:
        self._known = known
        self._terms = terms
        self._lists = lists
        self._subjects = subjects

    def answer(self, question: str) -> Answer | None:
        """The red flags, or the tests, that a question asks for."""
        kinds = questions().kinds
        if kinds["when_to_see"].fits(question):
            name = self._lists.topic(set(self._terms.of(question)))
            return self._red_flags(name) if name is not None else None
        if kinds["first_tests"].fits(question):
            return self._tests(question)
        return None

    def _red_flags(self, name: str) -> Answer | None:
        topic = questions().topics[name]
        flags = self._checklist(topic).red_flags
        if not flags:
            return None
        said = words().doctor
        signs = [self._known.base.findings[flag.id].name for flag in flags]
        return Answer(
            id=f"red_flags_{name}", kind="list", title=said.red_flags.format(topic=topic.name),
            text=said.red_flags_text, items=signs, sources=self._sources(topic),
        )  # fmt: skip

    def _tests(self, question: str) -> Answer | None:
        """The first tests of a complaint, else those of the one cause that a question names."""
        name = self._lists.topic(set(self._terms.of(question)))
        if name is not None:
            topic = questions().topics[name]
            order = self._checklist(topic).order
            if order:
                lines = [(line.name, line.why) for line in order]
                return self._list_of_tests(name, topic.name, lines, order)
        causes = self._subjects.of_kind(question, "cause")
        tests = [self._known.base.tests[t] for t in causes[0].tests] if len(causes) == 1 else []
        if not tests:
            return None
        ranges = [row for test in tests for row in test.reference[:1]]
        lines = [(test.name, test.what) for test in tests]
        return self._list_of_tests(causes[0].id, causes[0].name, lines, ranges)

    def _list_of_tests(
        self, id: str, topic: str, lines: list[tuple[str, str]], records: Sequence[object]
    ) -> Answer:
        said = words().doctor
        return Answer(
            id=f"tests_{id}", kind="list", title=said.tests.format(topic=topic), text=said.tests_text,
            items=[said.line.format(test=test, why=why) if why else test for test, why in lines],
            sources=sources_of(self._known.base, *records),
        )  # fmt: skip

    def _checklist(self, topic: Topic) -> Checklist:
        """What a doctor asks and tests of somebody who tells of this complaint and nothing else."""
        present = [*topic.findings] or signs_of(self._known.base, topic)
        understood = understand(Case(findings=Told(present=present)), self._known)
        return make_checklist(self._known, understood, "routine", [], {})

    def _sources(self, topic: Topic) -> list[str]:
        opens = {*topic.findings, *signs_of(self._known.base, topic)}
        lists = [c for c in self._known.base.checklists.values() if opens & set(c.opens)]
        found = dict.fromkeys(s for c in lists for s in sources_of(self._known.base, c))
        judged = words().judgement
        return list(found) or [judged.format(reason=c.reason) for c in lists[:1]]


def signs_of(base: Base, topic: Topic) -> list[str]:
    """The sign by which a topic that is a cause is told: its most frequent that opens a checklist."""
    opens = {name for rules in base.checklists.values() for name in rules.opens}
    edges = [e for c in topic.causes for e in base.causes[c].findings if e.finding in opens]
    edges.sort(key=lambda e: -(e.p or 0))
    return [e.finding for e in edges[:1]]

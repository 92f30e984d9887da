"""Answers a question that says more than any page knows, by the complaint or cause it names and what it asks of it.

"Why do my calves cramp since the new job" gets what can bring cramps: nothing is known of the job, and the list is
right all the same. A question for yes or no whose words are strange gets no such answer.
"""

from __future__ import annotations

from stillwell.knowledge import schema as s
from stillwell.knowledge.base import Base
from stillwell.learn.catalogue import plainly, questions
from stillwell.learn.doctor import Doctor
from stillwell.learn.lists import Lists
from stillwell.learn.pages import Answer
from stillwell.learn.subjects import Subjects
from stillwell.learn.terms import Terms

_TESTS = ("tests", "shows")  # which tests, and whether one shows it


class Broad:
    """Lists and red flags of a complaint or a cause, whatever else a question says."""

    def __init__(
        self, base: Base, terms: Terms, lists: Lists, subjects: Subjects, doctor: Doctor
    ) -> None:
        self._base = base
        self._terms = terms
        self._lists = lists
        self._subjects = subjects
        self._doctor = doctor

    def answer(self, question: str) -> Answer | None:
        """What a question asks of its complaint, or of the one cause that it names; None where it does not tell."""
        kind = self._kind(question)
        if kind is None:
            return None
        cause = self._cause(question)
        if cause is not None:
            return self._of_cause(kind, cause)
        topic = self._lists.first_topic(self._terms.of(question))
        if topic is None or kind == "sign_of":
            return None
        if kind == "worry":
            return self._doctor.red_flags(topic)
        if kind in _TESTS:
            return self._doctor.tests_of(topic)
        return self._lists.of_kind(kind, topic, set(self._terms.of(question)))

    def _kind(self, question: str) -> str | None:
        """What is asked; a text that asks nothing tells of a complaint, and gets its causes."""
        plain = plainly(question)
        rule = questions().broad
        if any(p.fits(plain) for p in (rule.never,)):
            return None
        found = next((kind for kind, pattern in rule.kinds.items() if pattern.fits(plain)), None)
        if found in rule.of_yes_or_no or not rule.yes_or_no.fits(plain):
            return found or ("causes" if questions().tells.is_statement(question) else None)
        return None

    def _cause(self, question: str) -> s.Cause | None:
        """The one cause that a question names by a name of its own, and not by a complaint alone."""
        said = set(self._terms.of(question))
        topics, generic = self._lists.topic_terms(), self._subjects.generic
        causes = [
            cause
            for cause in self._subjects.of_kind(question, "cause")
            if any(
                name - generic <= said and not name <= topics | generic
                for name in self._lists.names(cause)
            )
        ]
        return causes[0] if len(causes) == 1 else None

    def _of_cause(self, kind: str, cause: s.Cause) -> Answer | None:
        if kind in _TESTS:
            return self._doctor.tests_of_cause(cause)
        return self._lists.of_cause(kind, cause)

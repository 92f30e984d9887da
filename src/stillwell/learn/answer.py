"""Answers a question in ordinary words from the knowledge base, or not at all.

An alarm that a question tells comes first and alone. A question of permission is answered by what is
known of that medicine, or by who is to be asked. A question for a list gets a list; else the claim or page that answers it; else what the base's
numbers say of the cause and the complaint it names. Whether a supplement helps is answered by what is known of
treatment, or by "test first". Every word comes from the base.
"""

from __future__ import annotations

from stillwell.knowledge.store import Knowledge
from stillwell.learn.catalogue import questions
from stillwell.learn.lists import Lists
from stillwell.learn.pages import Answer, pages_of
from stillwell.learn.permission import Permissions
from stillwell.learn.relations import Relations
from stillwell.learn.remedies import Remedies
from stillwell.learn.search import Search
from stillwell.learn.terms import Terms
from stillwell.learn.urgent import alarm_in

SHOWN = 5

__all__ = ["Answer", "Library"]


class Library:
    """The knowledge base, ready to be asked."""

    def __init__(self, known: Knowledge) -> None:
        terms = Terms(known.base)
        self._known = known
        self._terms = terms
        self._permissions = Permissions(known)
        self._search = Search(list(pages_of(known.base)), terms)
        self._remedies = Remedies(known)
        self._lists = Lists(known.base, terms)
        self._relations = Relations(known.base, terms, self._lists)

    def answer(self, question: str, most: int = SHOWN) -> list[Answer]:
        """The best answers first; empty where nothing known answers the question.

        >>> from stillwell.knowledge.store import knowledge
        >>> library = Library(knowledge())
        >>> library.answer("does spinach contain b12")[0].answer
        'No.'
        >>> library.answer("does wifi make legs shake")
        []
        """
        alarm = alarm_in(question, self._known)
        if alarm is not None:
            return [alarm]
        allowed = self._permissions.answer(question)
        found = self._found(question, most)
        if allowed is None and not found:
            allowed = self._permissions.ask_first(question)
        return ([allowed, *found] if allowed is not None else found)[:most]

    def _found(self, question: str, most: int) -> list[Answer]:
        listed = self._lists.answer(question)
        nutrient = self._remedies.nutrient(question) if listed is None else None
        if nutrient is not None:
            said = f"{nutrient.name} {questions().remedy_words}"
            of_what = set(self._terms.of(question)) - set(self._terms.of(said, mend=False))
            helps = self._search.answers(question, most, remedy=True) if of_what else []
            return helps or [self._remedies.answer(nutrient)]
        found = self._search.answers(question, most)
        if listed is not None:
            found = [listed, *(a for a in found if a.kind == "claim")]
        elif not found or found[0].kind != "claim":
            related = self._relations.answer(question)
            if related is not None:
                found = [related, *found]
        return found

"""Answers a question in ordinary words from the knowledge base, or not at all.

An alarm that a question tells comes first and alone. A question of permission is answered by what is
known of that medicine, or by who is to be asked. A question for a list gets a list; else the claim or page that answers it; else what the base's
numbers say of the cause and the complaint it names. Whether a supplement helps is answered by what is known of
treatment, or by "test first". Every word comes from the base.
"""

from __future__ import annotations

import msgspec

from stillwell.knowledge.store import Knowledge
from stillwell.learn.apart import Apart
from stillwell.learn.broad import Broad
from stillwell.learn.catalogue import plainly, questions, words
from stillwell.learn.doctor import Doctor
from stillwell.learn.food import Food
from stillwell.learn.lists import Lists
from stillwell.learn.measured import Measured
from stillwell.learn.needs import Needs
from stillwell.learn.pages import Answer, pages_of
from stillwell.learn.permission import Permissions
from stillwell.learn.relations import Relations
from stillwell.learn.remedies import Remedies
from stillwell.learn.search import Search
from stillwell.learn.subjects import Subjects
from stillwell.learn.terms import Terms
from stillwell.learn.told import Told
from stillwell.learn.urgent import alarm_in, soon_in

SHOWN = 5
# the kind of page of a record, and what its id begins with, where they are not the record's own
_PAGES = {"supplement": ("medicine", ""), "nutrient": ("food", "food_")}

__all__ = ["Answer", "Library"]


class Library:
    """The knowledge base, ready to be asked."""

    def __init__(self, known: Knowledge) -> None:
        terms = Terms(known.base)
        self._told = told = Told(known)
        self._terms = terms
        self._search = Search(list(pages_of(known.base)), terms)
        self._remedies = Remedies(known)
        self._lists = Lists(known.base, terms)
        self._subjects = subjects = Subjects(known.base, terms)
        self._permissions = Permissions(known, subjects)
        self._food = Food(known, subjects)
        self._relations = Relations(known.base, terms, self._lists, subjects)
        self._measured = Measured(told, subjects)
        self._needs = Needs(told, subjects)
        self._apart = Apart(known.base, subjects)
        self._doctor = Doctor(known, terms, self._lists, subjects)
        self._broad = Broad(known.base, terms, self._lists, subjects, self._doctor)

    def answer(self, question: str, most: int = SHOWN) -> list[Answer]:
        """The best answers first; empty where nothing known answers the question.

        >>> from stillwell.knowledge.store import knowledge
        >>> library = Library(knowledge())
        >>> library.answer("does spinach contain b12")[0].answer
        'No.'
        >>> library.answer("does wifi make legs shake")
        []
        """
        alarm = alarm_in(question, self._told)
        if alarm is not None:
            return [alarm]
        return [self._said(question, answer) for answer in self._answers(question, most)]

    def _answers(self, question: str, most: int) -> list[Answer]:
        first = self._search.exact(question)
        found = self._found(question, most)
        if not first:
            direct, allowed = self._direct(question), self._permissions.answer(question)
            if direct is not None and direct.kind == "alarm":
                return [direct]
            if direct is not None and direct.id.startswith("range_") and self._is_claimed(found):
                direct = None
            if direct is not None and direct.kind == "result":
                found = self._beside_a_result(question, found)
            if allowed is None and (
                direct is not None
                or not self._is_claimed(found)
                or self._search.is_one_name(question)
            ):
                allowed = self._permissions.ask_first(question)
            first = [a for a in (direct, allowed) if a is not None]
            if not first and not found:
                near = self._search.near(question)
                soon = soon_in(question, self._told)
                first = [a for a in (soon, *near, self._broad.answer(question)) if a is not None]
        return list({a.id: a for a in [*first, *found]}.values())[:most]

    def _is_claimed(self, found: list[Answer]) -> bool:
        """Whether a claim is what was found first."""
        return bool(found) and found[0].kind == "claim"

    def _beside_a_result(self, question: str, found: list[Answer]) -> list[Answer]:
        """What stands beside a result: claims only where the question names a complaint too."""
        if self._lists.first_topic(self._terms.of(question)) is not None:
            return found
        return [a for a in found if a.kind != "claim"]

    def _said(self, question: str, answer: Answer) -> Answer:
        """Yes and no stand only where the claim asks what the question asks, and not to "why", "what" or "how".

        Elsewhere the first sentence of why it is so takes their place.
        """
        plain = [yes.removesuffix(".") for yes in words().bare_answers]
        begins = answer.answer.startswith(tuple(f"{yes}{mark}" for yes in plain for mark in ":,."))
        if answer.kind != "claim" or not begins:
            return answer
        bare = answer.answer in words().bare_answers
        if (bare and questions().open.fits(question)) or not self._search.says(question, answer.id):
            first, _, rest = answer.text.partition(". ")
            return msgspec.structs.replace(answer, answer=f"{first.rstrip('.')}.", text=rest)
        return answer

    def _direct(self, question: str) -> Answer | None:
        """The answer to a kind of question that records answer and claims do not."""
        ways = (
            self._held, self._measured.answer, self._needs.answer, self._apart.answer, self._doctor.answer,
        )  # fmt: skip
        return next((a for way in ways if (a := way(question)) is not None), None)

    def _held(self, question: str) -> Answer | None:
        """What a food holds, where no complaint is asked about."""
        if self._lists.first_topic(self._terms.of(question)) is not None:
            return None
        return self._food.held(question)

    def _defined(self, question: str) -> Answer | None:
        """The page of the one record that a question asks to be told about."""
        if not questions().kinds["definition"].fits(question):
            return None
        named = self._subjects.of(question)
        if len(named) != 1:
            return None
        for record in named[0].records:
            kind, prefix = _PAGES.get(record.kind, (record.kind, ""))
            page = self._search.page(kind, f"{prefix}{record.id}")
            if page is not None:
                return page
        return None

    def _rich_food(self, question: str) -> Answer | None:
        """The page of food with the nutrient that a question for food names, or the lack of it."""
        rule = next(rule for rule in questions().lists if rule.kind == "foods")
        if not rule.fits(plainly(question)):
            return None
        nutrients = self._told.known.base.nutrients.values()
        lacks = {c.id for c in self._subjects.of_kind(question, "cause")}
        named = {n.id for n in self._subjects.of_kind(question, "nutrient")}
        fits = [n for n in nutrients if n.id in named or (n.low_cause or "") in lacks]
        return self._search.page("food", f"food_{fits[0].id}") if len(fits) == 1 else None

    def _found(self, question: str, most: int) -> list[Answer]:
        listed = self._lists.answer(question)
        nutrient = self._remedies.nutrient(question) if listed is None else None
        if nutrient is not None:
            said = f"{nutrient.name} {questions().remedy_words}"
            of_what = set(self._terms.of(question)) - set(self._terms.of(said, mend=False))
            helps = self._search.answers(question, most, remedy=True) if of_what else []
            if helps and self._search.says(question, helps[0].id):
                return helps
            others = [a for a in self._search.answers(question, most) if a.kind == "claim"]
            return [self._remedies.answer(nutrient), *helps, *others]
        found = self._search.answers(question, most)
        rich = self._rich_food(question) if listed is None else None
        if rich is not None and not (found and self._search.says(question, found[0].id)):
            return [self._food.answer(question) or rich, *found]
        if listed is not None:
            return [listed, *(a for a in found if a.kind == "claim")]
        defined = self._defined(question)
        if defined is not None:
            return [defined, *(a for a in found if a.id != defined.id)]
        kinds = questions().kinds
        if kinds["better"].fits(question) or any(
            r.fits(plainly(question)) for r in questions().lists
        ):
            # what helps or causes, and which form is better, is no page about a class
            found = [a for a in found if a.kind != "medicine"]
        if kinds["prepare"].fits(question):
            found = [a for a in found if a.kind == "test"]
        if not found or found[0].kind != "claim":
            eaten = self._food.answer(question)
            if eaten is not None:
                return [eaten, *(a for a in found if a.id != eaten.id)]
            related = self._relations.answer(question)
            if related is not None:
                found = [related, *found]
        return found

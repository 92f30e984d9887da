"""Finds the pages that answer a question, or none.

A page is ranked by how much of the question one of its wordings covers, weighted by how rare each
term is (inverse document frequency, Spärck Jones 1972, doi:10.1108/eb026526), and by how much of
the wording the question covers. A question is answered only by a page that knows every term that
says what it is about: where one of them is strange to it, the page would answer something else.
"""

from __future__ import annotations

from collections import Counter
from math import log, sqrt

from stillwell.learn.catalogue import kinds_of, questions
from stillwell.learn.pages import Answer, Page
from stillwell.learn.permission import answers_permission, asks_permission
from stillwell.learn.remedies import tells_of_remedy
from stillwell.learn.terms import Terms

ENOUGH = 0.52  # share of a question's weight that a wording must cover
_OTHER_QUESTION = frozenset(
    ["=ask_worse", "=ask_long"]
)  # whether it grows, or how long: no yes or no of a cause
SHORT = 2  # words of a name that one term can stand for
NEAR = 0.55  # the least score of a claim that answers a question which says more
STRANGE = 0.8  # weight of a term that stands nowhere, against that of a term that stands once


class Search:
    """The pages, made searchable."""

    def __init__(self, pages: list[Page], terms: Terms) -> None:
        self._pages = pages
        self._terms = terms
        self._loose = frozenset(
            t for w in questions().loose.split() for t in ([w] if w[0] == "=" else terms.of(w, False))
        )  # fmt: skip
        # a wording about a nutrient answers no question that does not name it
        self._nutrients = (
            frozenset(
                t for p in pages if p.answer.kind == "food" for t in terms.of(p.about, mend=False)
            )
            - self._loose
            - frozenset(terms.of(questions().generic, mend=False))
        )
        names = [w for topic in questions().topics.values() for w in topic.words]
        self._complaints = frozenset(t for name in names for t in terms.of(name, False))
        self._bags: list[tuple[int, Counter[str]]] = []
        self._said: list[str] = []
        self._named: list[list[frozenset[str]]] = []
        self._about = [
            _names(terms.of(p.about, mend=False), self._complaints) - self._loose for p in pages
        ]
        self._no_permission = frozenset(
            n for n, page in enumerate(pages) if not answers_permission(page)
        )
        seen: Counter[str] = Counter()
        for number, page in enumerate(pages):
            bags = [Counter(terms.of(wording, mend=False)) for wording in page.wordings]
            self._bags += [(number, bag) for bag in bags]
            self._said += page.wordings
            named = [frozenset(terms.of(text, mend=False)) for text in page.named]
            self._named.append(named)
            seen.update({t for bag in bags for t in bag}.union(*named))
        self._of_remedies = frozenset(
            place
            for place, ((number, _), said) in enumerate(zip(self._bags, self._said, strict=True))
            if pages[number].answer.kind == "claim" and tells_of_remedy(said)
        )
        self._names = frozenset(t for about in self._about for t in about)
        # terms that are a whole name ("fall" is none, of "jerks on falling asleep")
        self._alone = frozenset(
            t
            for page, about in zip(pages, self._about, strict=True)
            if len(about) == 1
            and (page.answer.kind != "cause" or len(page.answer.title.split()) <= SHORT)
            for t in about
        )
        self._beside = frozenset(
            t for w in questions().beside.split() for t in ([w] if w[0] == "=" else terms.of(w, False))
        )  # fmt: skip
        total = len(pages)
        self._idf = {t: log(1 + (total - n + 0.5) / (n + 0.5)) for t, n in seen.items()}
        self._strange = log(1 + total) * STRANGE
        # tests are listed with their misspellings, which must not count as well spelt
        tests = {n for n, page in enumerate(pages) if page.answer.kind == "test"}
        terms.learn_spelling({t for n, bag in self._bags if n not in tests for t in bag})
        terms.learn_spelling({t for n in tests for t in terms.of(pages[n].answer.title, False)})

    def exact(self, question: str) -> list[Answer]:
        """The claims of which one wording says the same as a question, and nothing more."""
        asked = set(self._terms.of(question))
        kinds = kinds_of(question)
        found = {
            number: None
            for (number, bag), said in zip(self._bags, self._said, strict=True)
            if (len(asked) > 1 or (asked and kinds))
            and set(bag) == asked
            and self._pages[number].answer.kind == "claim"
            and kinds_of(said) == kinds
        }
        return [self._pages[number].answer for number in found]

    def says(self, question: str, id: str) -> bool:
        """Whether one wording of a claim asks what a question asks: nothing that matters stands in one alone."""
        asked = set(self._terms.of(question))
        beside = self._loose - _OTHER_QUESTION
        return any(
            (set(bag) ^ asked) <= beside
            for number, bag in self._bags
            if self._pages[number].answer.id == id
        )

    def is_one_name(self, question: str) -> bool:
        """Whether a question is about one name and nothing else ("should I take iron")."""
        subject = set(self._terms.of(question)) - self._loose
        return len(subject) == 1 and subject <= self._alone | self._nutrients

    def page(self, kind: str, id: str) -> Answer | None:
        """The page of one record."""
        pages = (p.answer for p in self._pages if p.answer.kind == kind and p.answer.id == id)
        return next(pages, None)

    def answers(self, question: str, most: int, *, remedy: bool = False) -> list[Answer]:
        """The best pages first; empty where none answers the question.

        Args:
            remedy: only what tells whether something helps.
        """
        asked = Counter(self._terms.of(question))
        subject = {t for t in asked if t not in self._loose}
        if not subject:
            return []
        weight = {t: self._idf.get(t, self._strange) for t in asked}
        whole = sum(weight.values())
        length = sqrt(sum(w**2 for w in weight.values()))
        broad = (
            subject <= self._complaints
        )  # "do restless legs go away": no claim about iron answers it
        # one word that is no name: a claim about something else that holds it ("fall" in "falling asleep")
        lone = len(subject) == 1 and not subject & self._alone
        best: dict[int, float] = {}
        barred = self._no_permission if asks_permission(question) and not remedy else frozenset()
        for place, (number, bag) in enumerate(self._bags):
            if number in barred or (remedy and place not in self._of_remedies):
                continue
            of_claim = self._pages[number].answer.kind == "claim"
            if ((broad and of_claim) or lone) and self._adds(bag, asked):
                continue
            if self._pages[number].answer.kind == "claim" and self._nutrients & set(bag) - subject:
                continue
            shared = [t for t in asked if t in bag]
            if not shared or not self._speaks_of(number, subject):
                continue
            covered = sum(weight[t] for t in shared) / whole
            if covered < ENOUGH:
                continue
            size = sqrt(sum(self._idf[t] ** 2 for t in bag))
            cosine = sum(weight[t] * self._idf[t] for t in shared) / (size * length)
            score = (0.45 * covered + 0.55 * cosine) * self._pages[number].favour
            best[number] = max(best.get(number, 0.0), score)
        ranked = sorted(best, key=lambda n: (-best[n], self._pages[n].answer.id))
        return [self._pages[n].answer for n in ranked[:most]]

    def near(self, question: str) -> list[Answer]:
        """The claim that comes nearest to a question which says more than the claim does; empty where none is near.

        The claim must know every complaint and every name of a record in the question, and speak of no nutrient
        beside it. A question for yes or no must hold no word that stands nowhere.
        """
        asked = Counter(self._terms.of(question))
        rule = questions().broad
        if rule.never.fits(question):
            return []
        strange = {t for t in asked if t not in self._idf}
        if strange and rule.yes_or_no.fits(question):
            return []
        if not asked or asks_permission(question):
            return []
        weight = {t: self._idf.get(t, self._strange) for t in asked}
        whole, length = sum(weight.values()), sqrt(sum(w**2 for w in weight.values()))
        needed = {t for t in asked if t in self._names or t in self._complaints}
        other_names = (self._names | self._nutrients) - set(asked) - self._complaints - self._loose
        closed = rule.yes_or_no.fits(question)
        best, score = -1, NEAR
        for number, bag in self._bags:
            if self._pages[number].answer.kind != "claim" or other_names & set(bag):
                continue
            shared = [t for t in asked if t in bag]
            missing = set(asked) - set(bag) - self._loose - self._beside
            if not shared or missing & needed or (closed and missing):
                continue
            size = sqrt(sum(self._idf[t] ** 2 for t in bag))
            covered = sum(weight[t] for t in shared) / whole
            cosine = sum(weight[t] * self._idf[t] for t in shared) / (size * length)
            if 0.45 * covered + 0.55 * cosine > score:
                best, score = number, 0.45 * covered + 0.55 * cosine
        return [self._pages[best].answer] if best >= 0 else []

    def _adds(self, bag: Counter[str], asked: Counter[str]) -> bool:
        """Whether a wording speaks of something that the question does not."""
        return any(t not in asked and t not in self._loose for t in bag)

    def _speaks_of(self, number: int, subject: set[str]) -> bool:
        """Whether a page is about what a question is about, and about all of it."""
        about = self._about[number]
        if about and not about & subject:
            return False
        return any(subject <= named for named in self._named[number])


def _names(terms: list[str], complaints: frozenset[str]) -> frozenset[str]:
    """Of a name the terms that are no complaint, where it has others."""
    others = frozenset(
        t for t in terms if (not t.startswith("=") or t.startswith("=ask_")) and t not in complaints
    )
    return others or frozenset(terms)

"""Finds the claims and knowledge pages that answer a question.

Each text of the knowledge base is a bag of stemmed words, synonyms joined. A text is ranked by how
much of the question it covers, weighted by how rare each word is (inverse document frequency, Spärck
Jones 1972, doi:10.1108/eb026526), and by how much of itself the question covers. A question whose
rare words stand nowhere is not answered.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from math import log, sqrt

import msgspec
from rapidfuzz import process
from rapidfuzz.distance import OSA

from stillwell.knowledge.loader import Base, cites
from stillwell.knowledge.phrases import stem
from stillwell.knowledge.references import reference_text
from stillwell.knowledge.store import Knowledge

ENOUGH = 0.52  # share of a question's weight that a text must cover to be an answer
SHOWN = 5
UNKNOWN = 0.8  # weight of a word that stands nowhere, against that of a word that stands once
STOP = frozenset(
    [
        "a",
        "an",
        "and",
        "any",
        "are",
        "as",
        "at",
        "be",
        "because",
        "been",
        "but",
        "by",
        "can",
        "could",
        "d",
        "did",
        "do",
        "does",
        "doing",
        "for",
        "from",
        "get",
        "gets",
        "getting",
        "go",
        "had",
        "has",
        "have",
        "having",
        "he",
        "her",
        "his",
        "how",
        "i",
        "if",
        "in",
        "into",
        "is",
        "it",
        "its",
        "just",
        "keep",
        "ll",
        "m",
        "me",
        "might",
        "my",
        "myself",
        "of",
        "on",
        "or",
        "our",
        "out",
        "s",
        "she",
        "should",
        "so",
        "some",
        "such",
        "t",
        "than",
        "that",
        "the",
        "their",
        "them",
        "then",
        "there",
        "they",
        "this",
        "to",
        "too",
        "up",
        "ve",
        "was",
        "we",
        "were",
        "what",
        "which",
        "who",
        "why",
        "will",
        "with",
        "would",
        "you",
        "your",
        "really",
        "feel",
        "feeling",
        "about",
        "am",
        "much",
        "many",
        "thing",
        "things",
        "mean",
        "means",
        "tell",
        "know",
        "something",
        "after",
        "during",
        "while",
        "very",
        "per",
        "take",
        "taking",
        "took",
        "need",
        "able",
        "add",
        "again",
        "ago",
        "all",
        "almost",
        "alone",
        "already",
        "also",
        "always",
        "another",
        "anyone",
        "anything",
        "around",
        "away",
        "back",
        "bad",
        "before",
        "begin",
        "being",
        "best",
        "better",
        "big",
        "both",
        "buy",
        "came",
        "carry",
        "change",
        "come",
        "coming",
        "day",
        "days",
        "each",
        "else",
        "ever",
        "every",
        "fine",
        "first",
        "good",
        "great",
        "happen",
        "happens",
        "hear",
        "heard",
        "idea",
        "important",
        "im",
        "irrelevant",
        "ive",
        "keeps",
        "kept",
        "kind",
        "last",
        "later",
        "least",
        "left",
        "less",
        "let",
        "likely",
        "link",
        "linked",
        "little",
        "look",
        "lot",
        "lots",
        "lately",
        "made",
        "maybe",
        "morning",
        "must",
        "near",
        "never",
        "new",
        "nor",
        "normally",
        "now",
        "nowadays",
        "off",
        "often",
        "ok",
        "okay",
        "old",
        "once",
        "one",
        "only",
        "other",
        "over",
        "own",
        "part",
        "people",
        "person",
        "place",
        "possible",
        "put",
        "rather",
        "real",
        "right",
        "said",
        "same",
        "say",
        "says",
        "see",
        "seem",
        "seems",
        "seen",
        "short",
        "since",
        "somebody",
        "someone",
        "sometimes",
        "sort",
        "start",
        "started",
        "starting",
        "still",
        "sure",
        "these",
        "thinking",
        "think",
        "those",
        "though",
        "thought",
        "time",
        "times",
        "today",
        "together",
        "told",
        "try",
        "trying",
        "two",
        "until",
        "unless",
        "use",
        "used",
        "using",
        "usually",
        "want",
        "way",
        "weeks",
        "week",
        "well",
        "whats",
        "when",
        "where",
        "whether",
        "wich",
        "wether",
        "without",
        "wonder",
        "work",
        "working",
        "works",
        "wrong",
        "year",
        "years",
        "yes",
        "yet",
        "tho",
        "coz",
        "cos",
        "cuz",
        "pls",
        "please",
        "against",
    ]
)


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """One claim or page that answers a question, in the knowledge base's own words."""

    id: str
    kind: str
    title: str
    verdict: str
    strength: str
    text: str
    sources: list[str]


@dataclass(frozen=True)
class _Page:
    answer: Answer
    wordings: list[str]
    favour: float


class Library:
    """The knowledge base made searchable."""

    def __init__(self, known: Knowledge) -> None:
        base = known.base
        self.same = _synonyms(base)
        self.longest = max((len(k.split()) for k in self.same), default=1)
        self.pages = list(_pages(base))
        self.bags: list[tuple[int, Counter[str]]] = []
        for number, page in enumerate(self.pages):
            for wording in page.wordings:
                self.bags.append((number, Counter(self.words(wording, mend=False))))
        seen: Counter[str] = Counter()
        for page_number in range(len(self.pages)):
            words = {w for n, bag in self.bags if n == page_number for w in bag}
            seen.update(words)
        total = len(self.pages)
        self.idf = {w: log(1 + (total - n + 0.5) / (n + 0.5)) for w, n in seen.items()}
        self.unknown = log(1 + total) * UNKNOWN
        self.spelt = sorted(w for w in self.idf if len(w) >= 4)

    def words(self, text: str, mend: bool = True) -> list[str]:
        """The words of a text that carry meaning, stemmed, synonyms and misspellings joined."""
        raw = re.findall(r"[a-z0-9]+", text.lower().replace("'", ""))
        found: list[str] = []
        at = 0
        while at < len(raw):
            for size in range(min(self.longest, len(raw) - at), 0, -1):
                phrase = " ".join(raw[at : at + size])
                if phrase in self.same:
                    found.append(self.same[phrase])
                    at += size
                    break
            else:
                if raw[at] not in STOP:
                    found.append(self._known(raw[at]) if mend else stem(raw[at]))
                at += 1
        return found

    def _known(self, word: str) -> str:
        rooted = stem(word)
        if rooted in self.idf or len(word) < 5:
            return rooted
        names = [k for k in self.same if len(k) >= 5 and " " not in k]
        for choices in (names, self.spelt):
            near = process.extractOne(
                word if choices is names else rooted,
                choices,
                scorer=OSA.normalized_similarity,
                score_cutoff=0.8,
            )
            if near:
                return self.same.get(near[0], near[0])
        return rooted

    def answer(self, question: str, most: int = SHOWN) -> list[Answer]:
        """The best answers first; empty where nothing known answers the question."""
        asked = Counter(self.words(question))
        if not asked:
            return []
        weight = {w: self.idf.get(w, self.unknown) for w in asked}
        whole = sum(weight.values())
        best: dict[int, float] = {}
        for number, bag in self.bags:
            shared = [w for w in asked if w in bag]
            if not shared:
                continue
            covered = sum(weight[w] for w in shared) / whole
            if covered < ENOUGH:
                continue
            size = sqrt(sum(self.idf[w] ** 2 for w in bag))
            length = sqrt(sum(v**2 for v in weight.values()))
            cosine = sum(weight[w] * self.idf[w] for w in shared) / (size * length)
            score = (0.45 * covered + 0.55 * cosine) * self.pages[number].favour
            best[number] = max(best.get(number, 0.0), score)
        ranked = sorted(best, key=lambda n: (-best[n], self.pages[n].answer.id))
        return [self.pages[n].answer for n in ranked[:most]]


def _synonyms(base: Base) -> dict[str, str]:
    """Word or phrase -> the word that stands for its class."""
    classes = ("shake", "twitch", "jerk", "cramp", "tingle", "numb", "foot", "hand")
    table: dict[str, str] = {}
    for name, members in base.lexicon.items():
        if name in classes or name.startswith("ask_"):
            for member in members:
                table.setdefault(re.sub(r"[^a-z0-9 ]", "", member.lower()), f"={name}")
    return table


def _sources(base: Base, *records: object) -> list[str]:
    keys = dict.fromkeys(key for record in records for key in cites(record))
    return [reference_text(base.references[key]) for key in keys if key in base.references]


def _pages(base: Base) -> Iterator[_Page]:
    for claim in base.claims.values():
        names = " ".join(base.causes[c].name for c in claim.causes)
        text = f"{claim.why} In the national survey: {claim.survey}." if claim.survey else claim.why
        yield _Page(
            Answer(
                id=claim.id, kind="claim", title=claim.claim, verdict=claim.verdict,
                strength=claim.strength, text=text,
                sources=_sources(base, claim) or ([f"Our judgement: {claim.reason}"]),
            ),
            [claim.claim, *claim.asks, f"{claim.claim} {names}"],
            1.1,
        )  # fmt: skip
    for cause in base.causes.values():
        general = [step for step in base.management[cause.id].steps if step.when is None]
        helps = " ".join(f"{line.text} (evidence: {line.strength})" for line in general[:3])
        felt = " ".join(base.findings[e.finding].name for e in cause.findings[:4])
        yield _Page(
            Answer(
                id=cause.id, kind="cause", title=cause.name, verdict="", strength="",
                text=f"{cause.summary} {helps}".strip(), sources=_sources(base, *cause.prior, *general[:3]),
            ),
            [
                f"{cause.name} {cause.technical_name}",
                f"what is {cause.name}",
                f"{cause.name} {cause.summary} {felt}",
                *(f"{cause.name} {line.text}" for line in general),
            ],
            1.0,
        )  # fmt: skip
    for test in base.tests.values():
        text = " ".join(
            t for t in (test.what, test.prepare, test.if_low, test.if_high, test.limits) if t
        )
        yield _Page(
            Answer(
                id=test.id, kind="test", title=test.name, verdict="", strength="", text=text,
                sources=_sources(base, *test.reference),
            ),
            [f"{test.name} blood test result", f"{' '.join(test.words)} blood test level normal range"],
            0.95,
        )  # fmt: skip
    for nutrient in base.nutrients.values():
        foods = "; ".join(f"{f.portion}: {f.amount:g} {nutrient.unit}" for f in nutrient.foods[:6])
        yield _Page(
            Answer(
                id=f"food_{nutrient.id}", kind="food", title=f"Food rich in {nutrient.name}", verdict="",
                strength="", text=f"{nutrient.food_advice} {foods}.", sources=_sources(base, *nutrient.foods),
            ),
            [
                f"food rich in {nutrient.name}", f"what to eat for {nutrient.name} diet sources",
                f"{nutrient.name} {' '.join(f.food for f in nutrient.foods)}",
            ],
            1.0,
        )  # fmt: skip
    for group in (*base.medicines.values(), *base.supplements.values()):
        meetings = " ".join(
            f"With {i.with_.replace('_', ' ')}: {i.effect} {i.advice}" for i in group.interactions
        )
        effects = ", ".join(dict.fromkeys(base.causes[e.cause].name for e in group.effects))
        text = (
            f"{group.note} {'Can bring on: ' + effects + '.' if effects else ''} {meetings}".strip()
        )
        if not text:
            continue
        members = " ".join(m.name for m in group.members)
        yield _Page(
            Answer(
                id=group.id, kind="medicine", title=group.name, verdict="", strength="", text=text,
                sources=_sources(base, *group.effects, *group.interactions),
            ),
            [
                f"{group.name} {members}",
                f"{group.name} side effects {effects}",
                *(f"{m.name} {' '.join(m.brands)}" for m in group.members),
                *(f"{group.name} with {i.with_.replace('_', ' ')} together" for i in group.interactions),
            ],
            0.9,
        )  # fmt: skip

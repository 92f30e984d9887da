"""Answers questions that ask for a list, by rule from the knowledge base.

A list is given only where the question asks for nothing beside it: "how to stop cramps" gets one,
"how to stop cramps in pregnancy" does not.
"""

from __future__ import annotations

from collections.abc import Callable

from stillwell.knowledge import schema as s
from stillwell.knowledge.base import Base
from stillwell.learn.catalogue import Context, ListRule, Topic, questions, words
from stillwell.learn.complaints import cited_first, lacks, links_to, without
from stillwell.learn.pages import Answer, sources_of
from stillwell.learn.records.names import also_called
from stillwell.learn.terms import Terms
from stillwell.writing import in_a_row

LONGEST = 8
LEAST_FINDING = 0.1
MOST_SIGNS = 2


class Lists:
    """Lists of causes, lacks, foods, medicines, signs and what helps."""

    def __init__(self, base: Base, terms: Terms) -> None:
        self._base = base
        self._terms = terms
        rules = questions()
        self._beside = self._all(rules.beside.split())
        self._topics = {name: self._all(t.words) for name, t in rules.topics.items()}
        self._contexts = {name: self._all(c.words) for name, c in rules.contexts.items()}
        self._takes = {rule.kind: self._all(rule.takes) for rule in rules.lists}
        self._causes = {c.id: self._names(c) for c in base.causes.values()}
        terms.learn_spelling(self._beside.union(*self._topics.values(), *self._takes.values()))

    def _all(self, texts: list[str]) -> frozenset[str]:
        found: set[str] = set()
        for text in texts:
            found |= {text} if text.startswith("=") else set(self._terms.of(text, mend=False))
        return frozenset(found)

    def _names(self, cause: s.Cause) -> list[frozenset[str]]:
        names = [cause.name, cause.technical_name, *also_called().get(cause.id, [])]
        return [frozenset(self._terms.of(n, mend=False)) for n in names]

    def topic(self, asked: set[str]) -> str | None:
        """The one complaint that a question is about."""
        found = [name for name, terms in self._topics.items() if asked & terms]
        return found[0] if len(found) == 1 else None

    def of_topic(self, name: str) -> frozenset[str]:
        """The terms of a complaint."""
        return self._topics[name]

    def beside(self) -> frozenset[str]:
        """Terms that say when and where, and ask for nothing more."""
        return self._beside

    def answer(self, question: str) -> Answer | None:
        """The list that a question asks for, if it asks for one."""
        plain = " ".join(question.lower().split())
        asked = set(self._terms.of(question))
        for rule in questions().lists:
            if not rule.fits(plain):
                continue
            found = self._list(rule, asked)
            if found is not None:
                return found
        return None

    def _list(self, rule: ListRule, asked: set[str]) -> Answer | None:
        takes = self._takes[rule.kind] | self._beside
        name = self.topic(asked)
        if name is not None and asked <= takes | self._topics[name]:
            topic = questions().topics[name]
            if rule.kind == "symptoms":
                causes = [self._base.causes[c] for c in topic.causes]
                return self._symptoms(causes[0]) if causes else None
            return self._of(rule.kind, name, topic)
        if name is not None and rule.kind == "causes":
            for key, context in questions().contexts.items():
                terms = self._contexts[key]
                if asked & terms and asked <= takes | self._topics[name] | terms:
                    return self._in_context(key, context, name)
        of_cause = {"symptoms": self._symptoms, "medicines": self._lowering, "helps": self._helping}
        if rule.kind in of_cause:
            cause = self._cause(asked, takes)
            if cause is not None:
                return of_cause[rule.kind](cause)
        return None

    def _cause(self, asked: set[str], takes: frozenset[str]) -> s.Cause | None:
        """The cause whose name a question holds, with nothing beside it; the longest name first."""
        fits = [
            (len(name), cause)
            for cause, names in self._causes.items()
            for name in names
            if name and name - takes <= asked and name - takes and asked <= name | takes
        ]
        return self._base.causes[min(fits, key=lambda f: (-f[0], f[1]))[1]] if fits else None

    def _of(self, kind: str, name: str, topic: Topic) -> Answer | None:
        make: dict[str, Callable[[Topic], tuple[list[str], list[object]]]] = {
            "causes": self._links,
            "deficiencies": self._lacks,
            "foods": self._foods,
            "helps": self._helps,
            "medicines": self._medicines,
        }
        items, records = make[kind](topic)
        return self._written(kind, f"{kind}_{name}", topic.name, items, records)

    def _written(
        self, kind: str, name: str, topic: str, items: list[str], records: list[object]
    ) -> Answer | None:
        said = words().lists[kind]
        if not items:
            return None
        return Answer(
            id=name, kind="list", title=said.title.format(topic=topic),
            text=said.text.format(topic=topic), items=items,
            sources=sources_of(self._base, *records),
        )  # fmt: skip

    def _links(self, topic: Topic) -> tuple[list[str], list[object]]:
        links = links_to(self._base, topic)[:LONGEST]
        return [link.line() for link in links], cited_first(links)

    def _in_context(self, key: str, context: Context, name: str) -> Answer | None:
        """The causes of a complaint that go with what it comes after, or in whom."""
        topic = questions().topics[name]
        bonds = [(link, _bond(link.cause, context)) for link in links_to(self._base, topic)]
        bonds = sorted((b for b in bonds if b[1] > 0), key=lambda b: -b[1])
        fitting = [link for link, _ in bonds][:LONGEST]
        title = words().context.format(topic=topic.name, context=context.name)
        return self._written(
            "causes", f"causes_{name}_{key}", title,
            [link.line() for link in fitting], cited_first(fitting),
        )  # fmt: skip

    def _lacks(self, topic: Topic) -> tuple[list[str], list[object]]:
        links = lacks(links_to(self._base, topic))[:LONGEST]
        if not links:
            return [], []
        others = without(self._base, {link.cause.id for link in links})[: LONGEST - len(links)]
        return [link.line() for link in links] + [self._rather(c, topic) for c in others], [
            *cited_first(links),
            *(e for c in others for e in self._shows(c) if not e.judgement),
        ]

    def _rather(self, cause: s.Cause, topic: Topic) -> str:
        """A lack that does not bring a complaint, with what it brings instead."""
        names = [self._base.findings[e.finding].name for e in self._shows(cause)]
        return words().rather.format(cause=cause.name, topic=topic.name, signs=in_a_row(names))

    def _shows(self, cause: s.Cause) -> list[s.Produces]:
        """The signs that a cause brings most often, those of legs, nerves and muscles first."""
        edges = [
            e for e in cause.findings
            if self._base.findings[e.finding].section != "course"
            and not self._base.findings[e.finding].qualifies
        ]  # fmt: skip
        general = {name for name, f in self._base.findings.items() if f.section == "general"}
        return sorted(edges, key=lambda e: (e.finding in general, -(e.p or 0)))[:MOST_SIGNS]

    def _foods(self, topic: Topic) -> tuple[list[str], list[object]]:
        low = [link.cause.id for link in lacks(links_to(self._base, topic))]
        nutrients = sorted(
            (n for n in self._base.nutrients.values() if n.low_cause in low),
            key=lambda n: low.index(n.low_cause or ""),
        )
        items = [
            f"{self._base.causes[n.low_cause or ''].name}: {n.food_advice}" for n in nutrients[:5]
        ]
        return items, [f for n in nutrients[:5] for f in n.foods[:1]]

    def _helps(self, topic: Topic) -> tuple[list[str], list[object]]:
        causes = [self._base.causes[c] for c in topic.causes]
        causes += [link.cause for link in links_to(self._base, topic) if link.cause not in causes]
        told = [(c, line) for c in causes for line in self._base.general_steps(c.id)[:2]][:LONGEST]
        return [f"{c.name}: {x.text} (evidence: {x.strength})" for c, x in told], [
            x for _, x in told
        ]

    def _helping(self, cause: s.Cause) -> Answer | None:
        lines = self._base.general_steps(cause.id)[:LONGEST]
        items = [f"{line.text} (evidence: {line.strength})" for line in lines]
        return self._written("helps", f"helps_{cause.id}", cause.name, items, list(lines))

    def _medicines(self, topic: Topic) -> tuple[list[str], list[object]]:
        made = {link.cause.id for link in links_to(self._base, topic)} | set(topic.causes)
        return self._groups({c for c in made if self._base.causes[c].layer != "nutrient"})

    def _lowering(self, cause: s.Cause) -> Answer | None:
        items, records = self._groups({cause.id})
        return self._written("medicines", f"medicines_{cause.id}", cause.name, items, records)

    def _groups(self, causes: set[str]) -> tuple[list[str], list[object]]:
        """Groups of medicines that bring one of some causes, the strongest first."""
        found = [
            (effect.odds_ratio or 100 * (effect.p or 0), group, effect)
            for group in self._base.medicines.values()
            for effect in group.effects
            if effect.cause in causes
            and effect.when == "take"
            and ((effect.odds_ratio or 0) >= 1.3 or (effect.p or 0) >= 0.01)
        ]
        best: dict[str, tuple[s.DrugClass, s.DrugEffect]] = {}
        for _, group, effect in sorted(found, key=lambda f: -f[0]):
            best.setdefault(group.id, (group, effect))
        chosen = list(best.values())[:LONGEST]
        return [
            f"{group.name}: {self._base.causes[effect.cause].name}" for group, effect in chosen
        ], [effect for _, effect in chosen]

    def _symptoms(self, cause: s.Cause) -> Answer | None:
        edges = [
            e for e in cause.findings
            if (e.p or 0) >= LEAST_FINDING and self._base.findings[e.finding].section != "course"
            and not self._base.findings[e.finding].qualifies
        ]  # fmt: skip
        edges.sort(key=lambda e: -(e.p or 0))
        said = words()
        lines: dict[str, tuple[str, object]] = {}
        for e in edges:
            share = said.share_judged if e.judgement else said.share
            parts = [said.severe] if e.state == "severe" else []
            parts.append(share.format(share=f"{round(20 * (e.p or 0)) * 5}"))
            name = self._base.findings[e.finding].name
            lines.setdefault(e.finding, (f"{name}: {', '.join(parts)}", e))
        chosen = list(lines.values())[:LONGEST]
        return self._written(
            "symptoms", f"symptoms_{cause.id}", cause.name,
            [line for line, _ in chosen], [record for _, record in chosen],
        )  # fmt: skip


def _bond(cause: s.Cause, context: Context) -> float:
    """How strongly a cause goes with a context: the largest share, or share of odds, that ties them; else 0."""
    shares = [
        e.p or 0.0 for e in cause.findings
        if e.finding in context.findings and (e.p or 0) >= LEAST_FINDING
    ]  # fmt: skip
    for risk in cause.risk_factors:
        if risk.factor in context.histories:
            odds = risk.odds_ratio or 1.0
            shares.append(max(1 - 1 / odds if odds > 1 else 0.0, risk.p or 0.0))
    return max(shares, default=0.0)

"""Answers questions that ask for a list, by rule from the knowledge base.

A list is given only where the question asks for nothing beside it: "how to stop cramps" gets one,
"how to stop cramps in pregnancy" does not.
"""

from __future__ import annotations

from collections.abc import Callable

from stillwell.knowledge import schema as s
from stillwell.knowledge.base import Base
from stillwell.learn.catalogue import Context, ListRule, Topic, questions, words
from stillwell.learn.complaints import cited_first, common, lacks, links_to, without
from stillwell.learn.pages import Answer, sources_of
from stillwell.learn.records.names import also_called
from stillwell.learn.terms import Terms
from stillwell.writing import in_a_row

LONGEST = 8
LEADING = 3  # lines of the likeliest cause, before those of the others
FIRST = 4  # of a long list, so many stand first and the others are folded
_FOLDED = frozenset(["helps", "origins"])
LEAST_FINDING = 0.1
MOST_SIGNS = 2
RAISES = 1.5  # odds ratio from which something is said to bring a cause
MOST_ODDS = 10.0  # for ordering, where a share and no ratio is known


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
        names = [
            cause.name,
            cause.technical_name,
            cause.id.replace("_", " "),
            *also_called().get(cause.id, []),
        ]
        return [frozenset(self._terms.of(n, mend=False)) for n in names]

    def topic(self, asked: set[str]) -> str | None:
        """The one complaint that a question is about."""
        found = [name for name, terms in self._topics.items() if asked & terms]
        return found[0] if len(found) == 1 else None

    def first_topic(self, asked: list[str]) -> str | None:
        """The complaint of which a question speaks first."""
        places = {
            name: min(asked.index(t) for t in terms if t in asked)
            for name, terms in self._topics.items()
            if terms & set(asked)
        }
        return min(places, key=lambda name: places[name]) if places else None

    def topic_terms(self) -> frozenset[str]:
        """The terms of all complaints, and what is said beside them."""
        return self._beside.union(*self._topics.values())

    def names(self, cause: s.Cause) -> list[frozenset[str]]:
        """The names of a cause, as terms."""
        return self._causes[cause.id]

    def of_kind(self, kind: str, name: str, asked: set[str]) -> Answer | None:
        """One kind of list about a complaint; of its causes those that go with what a question tells besides."""
        topic = questions().topics[name]
        for key, context in questions().contexts.items():
            if not asked & self._contexts[key]:
                continue
            found = self._of_context(kind, key, context, name)
            if found is not None:
                return found
        if kind == "symptoms":
            return (
                self._symptoms(self._base.causes[topic.causes[0]])
                if topic.causes
                else self._of("causes", name, topic)
            )
        return self._of(kind, name, topic)

    def _of_context(self, kind: str, key: str, context: Context, name: str) -> Answer | None:
        """What brings a complaint, or helps it, when or in whom it comes."""
        topic = questions().topics[name]
        if kind == "causes":
            return self._in_context(key, context, name)
        if kind != "helps" or not context.helps:
            return None
        title = words().context.format(topic=topic.name, context=context.name)
        return self._written(
            kind, f"{kind}_{name}_{key}", title, *self._helps(topic, context.helps)
        )

    def of_cause(self, kind: str, cause: s.Cause) -> Answer | None:
        """One kind of list about a cause."""
        make = {
            "symptoms": self._symptoms,
            "medicines": self._lowering,
            "helps": self._helping,
            "worry": self._symptoms,
            "sign_of": self._symptoms,
            "deficiencies": self._lacks_behind,
            "causes": self._origins,
        }
        return make[kind](cause) if kind in make else None

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
        if name is not None and rule.kind in ("causes", "helps"):
            for key, context in questions().contexts.items():
                terms = self._contexts[key]
                if asked & terms and asked <= takes | self._topics[name] | terms:
                    return self._of_context(rule.kind, key, context, name)
        cause = self._cause(asked, takes)
        return self.of_cause(rule.kind, cause) if cause is not None else None

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
        first = FIRST if kind in _FOLDED and len(items) > FIRST + 1 else len(items)
        return Answer(
            id=name, kind="list", title=said.title.format(topic=topic),
            text=said.text.format(topic=topic), items=items[:first], more=items[first:],
            sources=sources_of(self._base, *records),
        )  # fmt: skip

    def _links(self, topic: Topic) -> tuple[list[str], list[object]]:
        links = links_to(self._base, topic)[:LONGEST]
        return [link.line() for link in links], cited_first(links)

    def _in_context(self, key: str, context: Context, name: str) -> Answer | None:
        """The causes of a complaint that go with what it comes after, or in whom."""
        topic = questions().topics[name]
        bonds = [(link, _bond(link.cause, context)) for link in links_to(self._base, topic)]
        bonds = [b for b in bonds if b[1] > 0]
        bonds.sort(key=lambda b: -b[1] * b[0].share * common(b[0]))
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

    def _helps(
        self, topic: Topic, first: list[str] | None = None
    ) -> tuple[list[str], list[object]]:
        """What helps by the likeliest causes: of the leading one what is done at home, what treats and what finds it out, then of each what is done at home first.

        `first`: causes that go before the others, because of when or in whom it comes.
        """
        linked = [link.cause.id for link in links_to(self._base, topic)]
        order = dict.fromkeys([*(c for c in first or [] if c in linked), *topic.causes, *linked])
        # what only some people have (pregnancy) helps nobody else
        of_some = {c for x in questions().contexts.values() if x.histories for c in x.helps}
        causes = [self._base.causes[c] for c in order if c not in of_some - set(first or [])][
            :LONGEST
        ]
        lines = [(c, line) for c in causes for line in self._lines(c)]
        leading = [(c, line) for c, line in lines if c is causes[0]][:LEADING] if causes else []
        best = {c.id: (c, line) for c, line in reversed(lines) if _is_of_home(line)}
        told = [*leading, *(best[c.id] for c in causes[1:] if c.id in best)]
        told += [t for t in lines if t not in told]
        return [f"{c.name}: {_with_strength(x)}" for c, x in told[: 2 * LONGEST]], [
            x for _, x in told
        ]

    def _lines(self, cause: s.Cause) -> list[s.Line | s.Step]:
        """What is done about a cause by whoever has it: first at home, then what treats, then what finds it out."""
        home = self._at_home(cause)
        steps = self._base.general_steps(cause.id)
        steps.sort(key=lambda x: (x.kind == "check", x.who != "self"))
        lines: list[s.Line | s.Step] = [*home[:1], *steps[:1]]
        lines += [step for step in steps[1:] if step.kind == "check"][:1]
        lines += [step for step in steps[1:2] if step not in lines]
        return [*lines, *home[1:]]

    def _at_home(self, cause: s.Cause) -> list[s.Line]:
        """What anybody with a cause can do at home."""
        lines = self._base.management[cause.id].home
        return [x for x in lines if x.when is None and x.unless is None]

    def _helping(self, cause: s.Cause) -> Answer | None:
        home = self._at_home(cause)
        lines: list[s.Line | s.Step] = [*home[:1]]
        lines += [*self._base.general_steps(cause.id), *home[1:]]
        lines = lines[: LONGEST + 1]
        items = [_with_strength(line) for line in lines]
        return self._written("helps", f"helps_{cause.id}", cause.name, items, list(lines))

    def _lacks_behind(self, cause: s.Cause) -> Answer | None:
        """The lacks of something eaten that bring a cause."""
        lacking = [
            r for r in cause.raised_by
            if r.cause.startswith("low_") and self._base.causes[r.cause].layer == "nutrient"
        ]  # fmt: skip
        lacking.sort(key=lambda r: -r.p)
        share = words().origins.share
        items = [
            f"{self._base.causes[r.cause].name}: {share.format(share=f'{100 * r.p:.0f}')}" for r in lacking
        ]  # fmt: skip
        return self._written(
            "deficiencies", f"deficiencies_{cause.id}", cause.name, items, list(lacking)
        )

    def _origins(self, cause: s.Cause) -> Answer | None:
        """What brings a cause: other causes, then what of life, illness and medicines makes it likelier."""
        said = words()
        lines: list[tuple[float, str, object]] = []
        for raised in cause.raised_by:
            share = said.origins.share.format(share=f"{100 * raised.p:.0f}")
            lines.append((1 + raised.p, f"{self._base.causes[raised.cause].name}: {share}", raised))
        for factor in cause.risk_factors:
            odds = factor.odds_ratio or (MOST_ODDS if factor.p else 0.0)
            if odds >= RAISES:
                lines.append((1 - 1 / odds, self._base.history[factor.factor].name, factor))
        for group in self._base.medicines.values():
            for effect in group.effects:
                if (
                    effect.cause == cause.id
                    and effect.when == "take"
                    and ((effect.odds_ratio or 0) >= RAISES or effect.p)
                ):
                    lines.append((1 - 1 / (effect.odds_ratio or MOST_ODDS), group.name, effect))
        lines.sort(key=lambda line: -line[0])
        best = {text: record for _, text, record in lines}
        items = list(best)
        return self._written(
            "origins", f"origins_{cause.id}", cause.name, items, [best[i] for i in items[:LONGEST]]
        )

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


def _is_of_home(line: s.Line | s.Step) -> bool:
    """Whether somebody can do it on their own."""
    return isinstance(line, s.Line) or (line.who == "self" and line.kind != "check")


def _with_strength(line: s.Line | s.Step) -> str:
    """A line with the strength of its evidence, where that is known."""
    strength = getattr(line, "strength", "")
    return (
        words().with_strength.format(text=line.text, strength=strength) if strength else line.text
    )


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

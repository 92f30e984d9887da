"""What tells two causes apart: the signs that one brings much more often than the other."""

from __future__ import annotations

from math import log

from stillwell.knowledge import schema as s
from stillwell.knowledge.base import Base
from stillwell.learn.catalogue import questions, words
from stillwell.learn.pages import Answer, sources_of
from stillwell.learn.subjects import Subjects
from stillwell.writing import in_a_row

OFTEN = 0.25  # share of those with a cause who have a sign that is worth naming
TELLING = log(2.0)  # least log ratio of the two shares
MOST = 4


class Apart:
    """Comparisons of two causes that a question names."""

    def __init__(self, base: Base, subjects: Subjects) -> None:
        self._base = base
        self._subjects = subjects

    def answer(self, question: str) -> Answer | None:
        """What tells apart the two causes between which a question asks; None where it does not.

        >>> from stillwell.knowledge.store import knowledge
        >>> from stillwell.learn.terms import Terms
        >>> base = knowledge().base
        >>> apart = Apart(base, Subjects(base, Terms(base)))
        >>> apart.answer("how do restless legs differ from night cramps").id
        'apart_restless_legs_syndrome_nocturnal_leg_cramps'
        """
        if not questions().kinds["apart"].fits(question):
            return None
        causes = self._subjects.of_kind(question, "cause")
        if len(causes) != 2:
            return None
        one, other = causes
        said = words().apart
        records: list[object] = []
        items = []
        for cause, rival in ((one, other), (other, one)):
            signs, edges = self._speaking_for(cause, rival)
            records += edges
            if signs:
                items.append(said.item.format(cause=cause.name, signs=in_a_row(signs)))
        if not items:
            return None
        return Answer(
            id=f"apart_{one.id}_{other.id}", kind="list", text=said.text, items=items,
            title=said.title.format(one=one.name, other=other.name),
            sources=sources_of(self._base, *records),
        )  # fmt: skip

    def _speaking_for(self, cause: s.Cause, rival: s.Cause) -> tuple[list[str], list[s.Produces]]:
        """The signs that a cause brings more often than its rival, the most telling first."""
        mine, theirs = self._signs(cause), self._signs(rival)
        found = []
        for name, edge in mine.items():
            p = edge.p or 0.0
            other = theirs[name].p if name in theirs else None
            q = max(other if other is not None else 0.0, self._anyhow(name), 0.01)
            if p >= OFTEN and log(p / q) >= TELLING:
                general = self._base.findings[name].section == "general"
                found.append((general, -p * log(p / q), name, edge))
        found.sort(key=lambda one: one[:3])
        chosen: list[tuple[str, s.Produces]] = []
        for *_, name, edge in found:
            # a sign beside its own kind ("tingling feet", "tingling") says nothing more
            kin = {name, self._base.findings[name].parent, self._base.findings[name].qualifies}
            if all(not kin & {n, *self._base.findings[n].implies} for n, _ in chosen):
                chosen.append((name, edge))
        chosen = chosen[:MOST]
        return [self._base.findings[n].name for n, _ in chosen], [edge for _, edge in chosen]

    def _signs(self, cause: s.Cause) -> dict[str, s.Produces]:
        """The signs of a cause, by the state in which they are most frequent."""
        found: dict[str, s.Produces] = {}
        for edge in cause.findings:
            old = found.get(edge.finding)
            if old is None or (old.p or 0) < (edge.p or 0):
                found[edge.finding] = edge
        return found

    def _anyhow(self, finding: str) -> float:
        """How often people with neither cause have a sign."""
        leaks = self._base.findings[finding].leak
        return sum(leak.p for leak in leaks) / len(leaks) if leaks else 0.0

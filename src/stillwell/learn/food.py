"""Food with a nutrient for people who leave something out: vegans, people with an allergy."""

from __future__ import annotations

import re

from stillwell.errors import CaseError
from stillwell.knowledge import schema as s
from stillwell.knowledge.store import Knowledge
from stillwell.learn.catalogue import plainly, questions, words
from stillwell.learn.pages import Answer, sources_of
from stillwell.learn.subjects import Subjects
from stillwell.nutrition.foods.record import NUTRIENTS
from stillwell.nutrition.intake.reference import LifeStage, advised
from stillwell.nutrition.planner.limits import Limits, said_limits
from stillwell.nutrition.planner.rich import rich_foods

MOST = 6
# share of what is advised in one portion, under which food alone hardly does: judgement
LITTLE = 0.2


class Food:
    """Answers for food with a nutrient within a way of eating."""

    def __init__(self, known: Knowledge, subjects: Subjects) -> None:
        self._known = known
        self._subjects = subjects

    def answer(self, question: str) -> Answer | None:
        """The richest foods that are left; None where the question names no nutrient or leaves nothing out."""
        asks = next(rule for rule in questions().lists if rule.kind == "foods")
        plain = plainly(question)
        named = self._subjects.of_kind(question, "nutrient")
        if len(named) != 1 or named[0].id not in NUTRIENTS:
            return None
        if not (asks.fits(plain) or "food" in plain or "eat" in plain):
            return None
        limits, without = _limits(plain)
        if limits is None:
            return None
        record: s.Nutrient = named[0]
        said = words().food
        rows = [row for row in rich_foods(record.id, limits) if row.amount > 0][:MOST]
        if not rows:
            return None
        need = advised(record, LifeStage(age=45))
        text = [record.food_advice]
        units = words().needs.units
        if need is not None:
            text.append(said.need.format(
                amount=f"{need.amount:g}", unit=units[record.unit], body=words().needs.bodies["US"],
            ))  # fmt: skip
            if rows[0].amount < LITTLE * need.amount:
                text.append(said.little)
        return Answer(
            id=f"food_{record.id}", kind="food", title=said.title.format(nutrient=record.name, without=without),
            text=" ".join(text),
            items=[said.item.format(portion=r.portion, amount=f"{float(f'{r.amount:.3g}'):g}", unit=r.unit) for r in rows],
            sources=sources_of(self._known.base, *record.foods, *([need] if need is not None else [])),
        )  # fmt: skip


def _limits(plain: str) -> tuple[Limits | None, str]:
    """What a question leaves out, and in words; None where it leaves out nothing that is known."""
    for pattern in questions().eating.without:
        for match in re.finditer(pattern, plain):
            word = match.group(1)
            try:
                limits = said_limits([], avoids=[word])
            except CaseError:
                continue
            return limits, match.group(0)
    return None, ""

"""What a food holds of a nutrient, and food with it for people who leave something out: vegans, people with an allergy."""

from __future__ import annotations

import re

from stillwell.errors import CaseError
from stillwell.knowledge import schema as s
from stillwell.knowledge.phrases import stem
from stillwell.knowledge.store import Knowledge
from stillwell.learn.catalogue import plainly, questions, words
from stillwell.learn.pages import Answer, sources_of
from stillwell.learn.subjects import Subjects
from stillwell.nutrition.foods.record import NUTRIENTS
from stillwell.nutrition.foods.record import Food as FoodRecord
from stillwell.nutrition.foods.search import search_foods
from stillwell.nutrition.intake.amounts import grams_of
from stillwell.nutrition.intake.reference import LifeStage, advised
from stillwell.nutrition.planner.limits import Limits, said_limits
from stillwell.nutrition.planner.rich import rich_foods
from stillwell.writing import capital

MOST = 6
# share of what is advised in one portion, under which food alone hardly does: judgement
LITTLE = 0.2
SURE = 0.95  # confidence from which a name is taken for a food of the table


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

    def held(self, question: str) -> Answer | None:
        """What one portion of the food that a question names holds of a nutrient, by the food table."""
        named = self._subjects.of_kind(question, "nutrient")
        if len(named) != 1 or named[0].id not in NUTRIENTS:
            return None
        plain, record = plainly(question), named[0]
        matches = (re.search(pattern, plain.rstrip(" ?.!")) for pattern in questions().eating.holds)
        match = next((m for m in matches if m), None)
        portion = _portion(match.group("food"), record) if match else None
        if portion is None:
            return None
        food, held, sources = portion
        said = words().food
        unit = words().needs.units[record.unit]
        need = advised(record, LifeStage(age=45))
        text = said.holds.format(
            food=food, nutrient=capital(record.name), amount=f"{float(f'{held:.3g}'):g}", unit=unit
        )  # fmt: skip
        first = text
        if need is not None:
            share = held / need.amount
            text = said.share.format(share=f"{100 * share:.0f}", body=words().needs.bodies["US"])
            if not plain.startswith("how"):
                size = "much" if share >= LITTLE else "some" if share >= LITTLE / 4 else "little"
                first, text = f"{said.source[size]} {first}", text
        return Answer(
            id=f"holds_{record.id}", kind="food", title=said.holds_title.format(nutrient=record.name, food=food),
            answer=first, text=f"{text} {record.food_advice}",
            sources=sources_of(self._known.base, *sources, *([need] if need is not None else [])),
        )  # fmt: skip


def _portion(told: str, record: s.Nutrient) -> tuple[str, float, list[s.FoodSource]] | None:
    """(a portion of the food that is told, what it holds, where that stands): of the record itself, else of the table."""
    wanted = {stem(word) for word in told.split()}
    for source in record.foods:
        if wanted <= {stem(word.strip(",()")) for word in source.portion.lower().split()}:
            return source.portion, source.amount, [source]
    item = _food_named(told)
    amount = item.nutrients.get(record.id) if item is not None else None
    if item is None or amount is None:
        return None
    grams = grams_of(item, "")
    name = words().food.portion.format(food=item.name.removesuffix(", NFS"), grams=f"{grams:g}")
    return name, amount * grams / 100, record.foods


def _food_named(told: str) -> FoodRecord | None:
    """The food of the table that is told by its plain name; None where no name is sure."""
    names = dict.fromkeys([told, told.removesuffix("s"), told.removesuffix("es")])
    found = [
        hit
        for name in names
        for hit in search_foods(name, 3)
        if hit[1] >= SURE and hit[0].name.lower().split(",")[0] in (*names, f"{told}s")
    ]
    return max(found, key=lambda hit: hit[1])[0] if found else None


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

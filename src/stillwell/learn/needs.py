"""How much of a nutrient people need a day, by age and sex, and how much is too much."""

from __future__ import annotations

from stillwell.assess.intakes import NUTRIENT_OF
from stillwell.errors import CaseError
from stillwell.knowledge import schema as s
from stillwell.learn.catalogue import questions, words
from stillwell.learn.pages import Answer, sources_of
from stillwell.learn.subjects import Subjects
from stillwell.learn.told import Told
from stillwell.nutrition.intake.doses import dose_in
from stillwell.nutrition.intake.reference import (
    BODIES,
    LifeStage,
    advised,
    counted,
    life_stage,
    target,
    upper_level_of,
    upper_levels,
)


class Needs:
    """Answers "how much do I need?" from the reference intakes."""

    def __init__(self, told: Told, subjects: Subjects) -> None:
        self._said = told
        self._known = told.known
        self._subjects = subjects

    def answer(self, question: str) -> Answer | None:
        """What is advised of the nutrient that a question names, for the person that it tells of.

        Sources of the numbers: the records' own (Institute of Medicine, EFSA, UK).
        """
        kinds = questions().kinds
        dose = self._dose(question) if kinds["dose"].fits(question) else None
        if dose is not None:
            return dose
        too_much = kinds["too_much"].fits(question)
        if not too_much and not kinds["needs"].fits(question):
            return None
        named = self._named(question)
        if len(named) != 1:
            return None
        record = named[0]
        if too_much:
            return self._too_much(record, self._told(question) or LifeStage())
        said = words().needs
        told = self._told(question)
        whom = [(said.you, told)] if told is not None else _everybody()
        items, records = [], []
        for name, stage in whom:
            line, used = self._line(record, name, stage)
            if line:
                items.append(line)
                records += used
        upper = upper_level_of(record, whom[0][1])
        text = [said.text]
        if upper is not None:
            records.append(upper)
            line = said.upper if counted(upper.scope) == "total" else said.upper_added
            text.append(line.format(amount=f"{upper.amount:g}", unit=said.units[record.unit]))
        if not items:
            return None
        return Answer(
            id=f"need_{record.id}", kind="list", title=said.title.format(nutrient=record.name),
            text=" ".join(text), items=list(dict.fromkeys(items)), sources=sources_of(self._known.base, *records),
        )  # fmt: skip

    def _named(self, question: str) -> list[s.Nutrient]:
        """The nutrients that a question names, also by what is taken of them ("folic acid")."""
        nutrients = self._known.base.nutrients
        found = {n.id: n for n in self._subjects.of_kind(question, "nutrient")}
        for group in self._subjects.of_kind(question, "supplement"):
            own = nutrients.get(NUTRIENT_OF.get(group.id, ""))
            found.update({own.id: own} if own is not None else {})
        return list(found.values())

    def _dose(self, question: str) -> Answer | None:
        """Whether an amount that a question tells is more than the lowest upper level for that person."""
        told = dose_in(question)
        record = self._known.base.nutrients.get(told[0]) if told is not None else None
        if told is None or record is None:
            return None
        said, unit = words().too_much, words().needs.units[record.unit]
        rows = upper_levels(record, self._told(question) or LifeStage())
        amount = said.amount.format(amount=f"{told[1]:g}", unit=unit)
        if not rows:
            first, text, least = (
                said.none,
                said.no_level.format(nutrient=record.name, amount=amount),
                None,
            )
        else:
            least = min(rows.values(), key=lambda row: row.amount)
            first = (said.above if told[1] > least.amount else said.within).format(amount=amount)
            levels = ", ".join(
                said.level.format(amount=f"{r.amount:g}", unit=unit, body=words().needs.bodies[b])
                for b, r in rows.items()
            )  # fmt: skip
            text = f"{said.whose.format(levels=levels)} {said.counts[counted(least.scope)]}"
        return Answer(
            id=f"dose_{record.id}", kind="limit", answer=first, title=said.of_dose.format(nutrient=record.name, amount=amount),
            text=f"{text} {said.still_ask}", sources=sources_of(self._known.base, *rows.values()) or [said.judged],
        )  # fmt: skip

    def _too_much(self, record: s.Nutrient, stage: LifeStage) -> Answer | None:
        """The upper levels of a nutrient, and what too much of it does."""
        said, units = words().too_much, words().needs.units
        rows = upper_levels(record, stage)
        if not rows:
            return None
        least = min(rows.values(), key=lambda row: row.amount)
        levels = ", ".join(
            said.level.format(amount=f"{r.amount:g}", unit=units[record.unit], body=words().needs.bodies[b])
            for b, r in rows.items()
        )  # fmt: skip
        harm = self._known.base.causes.get(record.high_cause or "")
        text = [said.whose.format(levels=levels), said.counts[counted(least.scope)]]
        text += [harm.summary] if harm is not None else []
        return Answer(
            id=f"too_much_{record.id}", kind="limit", title=said.title.format(nutrient=record.name),
            answer=said.answer.format(amount=f"{least.amount:g}", unit=units[record.unit]),
            text=" ".join(text), sources=sources_of(self._known.base, *rows.values(), *(harm.prior[:1] if harm else [])),
        )  # fmt: skip

    def _told(self, question: str) -> LifeStage | None:
        """The life stage of which a question tells; None where it tells nothing of it."""
        try:
            understood = self._said.understood(question)
            stage = life_stage(understood.person, understood)
        except CaseError:
            return None
        return stage if stage.age is not None or stage.sex or stage.pregnant else None

    def _line(self, record: s.Nutrient, name: str, stage: LifeStage) -> tuple[str, list[s.Intake]]:
        """What each body advises a person, with what smoking or a vegetarian diet adds, and the rows behind it."""
        said = words().needs
        found = {b: row for b in BODIES if (row := advised(record, stage, b)) is not None}
        if not found:
            return "", []
        amounts = ", ".join(
            said.amount.format(
                amount=f"{target(record, stage, body):.3g}", unit=said.units[record.unit], body=said.bodies[body]
            )
            for body in found
        )  # fmt: skip
        return f"{name}: {amounts}", list(found.values())


def _everybody() -> list[tuple[str, LifeStage]]:
    names = words().needs.whom
    return [
        (names["women"], LifeStage(age=35, sex="female")),
        (names["older_women"], LifeStage(age=71, sex="female")),
        (names["men"], LifeStage(age=35, sex="male")),
        (names["older_men"], LifeStage(age=71, sex="male")),
        (names["pregnant"], LifeStage(age=30, sex="female", pregnant=True)),
    ]

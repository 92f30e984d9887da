"""What a result that a question holds means and what comes next, and what the usual range of a test is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from stillwell.assess.results import ResultLine, result_lines
from stillwell.assess.steps import PlanStep, results_of, steps_for
from stillwell.case.model import Case, Lab, Person
from stillwell.case.understand import Understood, understand
from stillwell.case.units import from_own_unit
from stillwell.errors import CaseError
from stillwell.knowledge import schema as s
from stillwell.learn.catalogue import questions, words
from stillwell.learn.pages import Answer, sources_of
from stillwell.learn.subjects import Subjects
from stillwell.learn.told import Told
from stillwell.learn.urgent import alarm_of
from stillwell.triage.rules import triage
from stillwell.writing import capital, in_a_row

STEPS = 3  # of what comes next, so many are said
Side = Literal["low", "high"]
SHORT = 5  # words of a text that is the name of a test, its number and hardly more
_NUMBER = re.compile(r"(?<![\w.,])\d+(?:\.\d+)?(?![\w.,]*\d)")


@dataclass(frozen=True)
class _Shown:
    """A cause that a result shows, as the plan of a report takes it."""

    id: str
    contributes: float = 1.0
    present: float = 1.0
    gives_way_to: str = ""


class Measured:
    """Answers about results by the ranges and the words of the tests."""

    def __init__(self, told: Told, subjects: Subjects) -> None:
        self._told = told
        self._known = told.known
        self._subjects = subjects

    def answer(self, question: str) -> Answer | None:
        """What the first result in a question means, or the usual range of the test that it asks for."""
        if any(letter.isdigit() for letter in question) and not self._is_of_doses(question):
            found = self._result(question) or self._in_either_unit(question)
            if found is not None:
                return found
        flagged = self._flagged(question)
        if flagged is not None:
            return flagged
        if questions().kinds["usual_range"].fits(question):
            tests = self._subjects.of_kind(question, "test")
            if len(tests) == 1:
                return self._range(tests[0])
        return None

    def _flagged(self, question: str) -> Answer | None:
        """What a low or high result means of which no number is told ("what does a high TSH mean")."""
        rule = questions().flagged
        side = next((name for name, pattern in rule.sides.items() if pattern.fits(question)), None)
        tests = self._subjects.of_kind(question, "test")
        if side is None or len(tests) != 1 or not rule.asks.fits(question):
            return None
        test, said = tests[0], words().measured
        causes = self._shown_by(test, side)
        meaning = test.if_low if side == "low" else test.if_high
        if not causes and not meaning:
            return None
        shows = said.shows.format(cause=in_a_row([c.name for c in causes])) if causes else ""
        steps = self._known.base.general_steps(causes[0].id)[:STEPS] if causes else []
        return Answer(
            id=f"flag_{test.id}_{side}", kind="result", answer=shows or meaning,
            title=said.flagged.format(test=test.name, side=side),
            text=" ".join(t for t in (test.what, meaning if shows else "", said.alone, said.next if steps else "") if t),
            items=[step.text for step in steps],
            sources=sources_of(self._known.base, *test.reference, *steps),
        )  # fmt: skip

    def _shown_by(self, test: s.Test, side: Side) -> list[s.Cause]:
        """The causes for which a low or a high result of a test speaks."""
        try:
            understood = understand(Case(labs=[Lab(name=test.id, flag=side)]), self._known)
        except CaseError:
            return []
        return self._shown(understood)

    def _is_of_doses(self, question: str) -> bool:
        """Whether its numbers are amounts to take, ages or times."""
        kinds = questions().kinds
        if kinds["amounts"].fits(question):
            return True
        asks = kinds["needs"].fits(question) or kinds["too_much"].fits(question)
        return asks and not kinds["result"].fits(question)

    def _result(self, question: str) -> Answer | None:
        # what stands behind an "if" is no result of anybody, and asked of all the same
        parts = [question, *re.split(r"\b(?:if|when|with)\b", question)[1:]]
        read = next((read for part in parts if (read := self._read(part))[1]), None)
        if read is None or len(read[1]) != 1:
            return None
        understood, lines = read
        urgency = triage(understood, self._known)
        alarm = alarm_of(urgency, self._known)
        if alarm is not None:
            return alarm
        line, test = lines[0], self._known.base.tests[lines[0].id]
        said = words().measured
        text = [_range_of(line), test.what]
        text += (
            [test.if_low] if line.flag == "low" else [test.if_high] if line.flag == "high" else []
        )
        if line.below_definition or line.borderline:
            counts = capital(line.below_definition) + "." if line.below_definition else ""
            text.insert(1, counts or said.speaks_for.format(cause=line.borderline))
        causes = self._shown(understood)
        if causes and not line.borderline:
            text.append(said.shows.format(cause=causes[0].name))
        steps = self._next(understood, causes)
        return Answer(
            id=f"result_{test.id}", kind="result", answer=_where(line), title=f"{test.name}: {line.value}",
            text=" ".join([t for t in (*text, said.alone, said.next if steps else "") if t]),
            items=[step.text for step in steps],
            sources=sources_of(self._known.base, *test.reference, *(step for step in steps if step.cite)),
        )  # fmt: skip

    def _shown(self, understood: Understood) -> list[s.Cause]:
        """The causes that the results show, those of which a result is the definition first."""
        base = self._known.base
        found = [c for c in base.causes.values() if results_of(base, understood, c.id)]
        return sorted(found, key=lambda c: c.layer != "nutrient")

    def _next(self, understood: Understood, causes: list[s.Cause]) -> list[PlanStep]:
        """What the report would say to somebody with this result alone."""
        if not causes:
            return []
        urgency = triage(understood, self._known)
        plans = steps_for(self._known, understood, urgency, [_Shown(causes[0].id)])
        return [step for plan in plans for step in plan.steps][:STEPS]

    def _in_either_unit(self, question: str) -> Answer | None:
        """A number that is low in one unit and normal in the other, told without its unit."""
        tests = self._subjects.of_kind(question, "test")
        numbers = _NUMBER.findall(question)
        if len(tests) != 1 or len(numbers) != 1 or tests[0].us_unit in (None, tests[0].unit):
            return None
        if not questions().kinds["result"].fits(question) and len(question.split()) > SHORT:
            return None
        test, said = tests[0], words().measured
        items = []
        for unit in (test.us_unit, test.unit):
            _, lines = self._read(f"{test.name} {numbers[0]} {unit}")
            if len(lines) != 1:
                return None
            items.append(said.in_unit.format(
                amount=f"{numbers[0]} {unit}", where=_where(lines[0]), range=_range_of(lines[0])
            ))  # fmt: skip
        return Answer(
            id=f"result_{test.id}", kind="result", answer=said.which_unit,
            title=f"{test.name}: {numbers[0]}", text=f"{test.what} {said.alone}", items=items,
            sources=sources_of(self._known.base, *test.reference),
        )  # fmt: skip

    def _read(self, text: str) -> tuple[Understood, list[ResultLine]]:
        """A text as understood, and its results with a number."""
        try:
            understood = self._told.understood(text)
        except CaseError:
            return Understood(Person()), []
        lines = result_lines(self._known, understood, "brought")
        return understood, [x for x in lines if understood.labs[x.id].value is not None]

    def _range(self, test: s.Test) -> Answer:
        said = words().measured
        items = []
        for row in test.reference:
            amount = _amount(row, test, test.unit)
            if test.us_unit is not None and test.us_unit != test.unit:
                amount = said.either.format(own=amount, other=_amount(row, test, test.us_unit))
            whom = said.sexes["pregnant" if row.pregnant else row.sex]
            items.append(said.row.format(whom=whom, ages=_ages(row, said.ages), amount=amount))
        text = [test.what, test.limits, said.laboratory]
        return Answer(
            id=f"range_{test.id}", kind="list", title=said.title.format(test=test.name),
            text=" ".join(t for t in text if t), items=items,
            sources=sources_of(self._known.base, *test.reference),
        )  # fmt: skip


def _amount(row: s.ReferenceRange, test: s.Test, unit: str) -> str:
    """A reference range in one unit, in words."""
    said = words().measured
    low, high = (
        None if end is None else f"{from_own_unit(end, unit, test):.3g}"
        for end in (row.low, row.high)
    )
    return _bounds(low, high, unit, (said.row_between, said.row_above, said.row_below))


def _where(line: ResultLine) -> str:
    """Where a result stands, in words."""
    said = words().measured
    if line.below_definition or line.borderline:
        return said.borderline
    return said.where.get(line.flag, line.flag)


def _range_of(line: ResultLine) -> str:
    """The range that decided, in words."""
    said = words().measured
    low, high = (None if end is None else f"{end:g}" for end in (line.low, line.high))
    return _bounds(low, high, line.unit, (said.between, said.above, said.below))


def _bounds(low: str | None, high: str | None, unit: str, patterns: tuple[str, str, str]) -> str:
    """A range by its ends: the pattern for both, for a low or for a high one alone; "" where there is none."""
    between, above, below = patterns
    if low is None and high is None:
        return ""
    chosen = below if low is None else above if high is None else between
    return chosen.format(low=low, high=high, unit=unit)


def _ages(row: s.ReferenceRange, pattern: str) -> str:
    return "" if row.ages == (18, 120) else pattern.format(low=row.ages[0], high=row.ages[1])

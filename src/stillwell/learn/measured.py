"""What a result that a question holds means, and what the usual range of a test is."""

from __future__ import annotations

import re

from stillwell.assess.results import ResultLine, result_lines
from stillwell.case.model import Case, Person
from stillwell.case.understand import Understood, understand
from stillwell.case.units import from_own_unit
from stillwell.errors import CaseError
from stillwell.knowledge import schema as s
from stillwell.knowledge.store import Knowledge
from stillwell.learn.catalogue import questions, words
from stillwell.learn.pages import Answer, sources_of
from stillwell.learn.subjects import Subjects
from stillwell.learn.urgent import alarm_of
from stillwell.triage.rules import triage
from stillwell.writing import capital


class Measured:
    """Answers about results by the ranges and the words of the tests."""

    def __init__(self, known: Knowledge, subjects: Subjects) -> None:
        self._known = known
        self._subjects = subjects

    def answer(self, question: str) -> Answer | None:
        """What the first result in a question means, or the usual range of the test that it asks for."""
        if questions().kinds["result"].fits(question):
            found = self._result(question)
            if found is not None:
                return found
        if questions().kinds["usual_range"].fits(question):
            tests = self._subjects.of_kind(question, "test")
            if len(tests) == 1:
                return self._range(tests[0])
        return None

    def _result(self, question: str) -> Answer | None:
        # what stands behind an "if" is no result of anybody, and asked of all the same
        parts = [question, *re.split(r"\b(?:if|when|with)\b", question)[1:]]
        read = next((read for part in parts if (read := self._read(part))[1]), None)
        if read is None or len(read[1]) != 1:
            return None
        understood, lines = read
        alarm = alarm_of(triage(understood, self._known), self._known)
        if alarm is not None:
            return alarm
        line, test = lines[0], self._known.base.tests[lines[0].id]
        said = words().measured
        where = said.where.get(line.flag, line.flag)
        text = [_range_of(line), test.what]
        text += (
            [test.if_low] if line.flag == "low" else [test.if_high] if line.flag == "high" else []
        )
        if line.below_definition or line.borderline:
            where = said.borderline
            counts = capital(line.below_definition) + "." if line.below_definition else ""
            text.insert(1, counts or said.speaks_for.format(cause=line.borderline))
        return Answer(
            id=f"result_{test.id}", kind="result", answer=where, title=f"{test.name}: {line.value}",
            text=" ".join([t for t in (*text, said.alone) if t]),
            sources=sources_of(self._known.base, *test.reference),
        )  # fmt: skip

    def _read(self, text: str) -> tuple[Understood, list[ResultLine]]:
        """A text as understood, and its results with a number."""
        try:
            understood = understand(Case(complaint=text), self._known)
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

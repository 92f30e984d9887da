"""The next step: at most three questions and one test order."""

from __future__ import annotations

import msgspec

from stillwell.assess.asked_next import Question
from stillwell.assess.assessment import Assessment
from stillwell.assess.checklist import TestLine
from stillwell.knowledge.store import knowledge
from stillwell.report.chances import percent
from stillwell.report.document import AnyBlock, QuestionBlock, Section, Test, TestOrder
from stillwell.report.phrases import section, sentence
from stillwell.report.sections.causes import expected_change
from stillwell.report.wording import words
from stillwell.triage.rules import RED
from stillwell.writing import capital

QUESTIONS, BESIDE_TESTS = 3, 2  # questions; fewer where tests are ordered too
AVOID = 2  # tests better left out
USUAL = "vitamin_d"  # left out for almost everybody: worth a line only where vitamin D is spoken of


def next_step(assessment: Assessment) -> list[Section]:
    """Questions, then the order; nothing in an emergency."""
    if assessment.urgency.level == "emergency":
        return []
    return section("next", "answer", [*questions(assessment), order(assessment)])


def questions(assessment: Assessment) -> list[AnyBlock]:
    """What no doctor leaves out, and what tells most."""
    moves = {q.id: _moved(q) for q in assessment.questions}
    found: list[AnyBlock] = [
        QuestionBlock(id=q.id, text=q.text, why=moves.get(q.id) or sentence(q.why))
        for q in assessment.checklist.questions
    ]
    return found[: BESIDE_TESTS if assessment.checklist.order else QUESTIONS]


def order(assessment: Assessment) -> TestOrder | None:
    """One order of tests, and those that are better left out."""
    tests = _together([test_of(line) for line in assessment.checklist.order])
    most = 0 if assessment.urgency.level in RED else AVOID
    unasked = not any(
        line.nutrient == "vitamin D" and not line.remark for line in assessment.plan.supplements
    )
    lines = [line for line in assessment.checklist.avoid if line.id != USUAL or not unasked]
    avoid = [test_of(line) for line in lines[:most]]
    if not tests and not avoid:
        return None
    return TestOrder(lead=words().next["order"] if tests else "", tests=tests, avoid=avoid)


def _together(tests: list[Test]) -> list[Test]:
    """Tests for one reason as one line, so that the reason is said once."""
    lines: list[Test] = []
    for test in tests:
        if lines and not test.note and _but_name(lines[-1]) == _but_name(test):
            name = f"{lines[-1].name}, {test.name[:1].lower()}{test.name[1:]}"
            lines[-1] = msgspec.structs.replace(lines[-1], name=name)
        else:
            lines.append(test)
    return lines


def _but_name(test: Test) -> Test:
    return msgspec.structs.replace(test, name="")


def test_of(line: TestLine) -> Test:
    """A line of an order as the report shows it, in whole sentences."""
    return Test(
        name=capital(line.name),
        why=sentence(line.why),
        note=sentence(line.how),
        cite=line.cite,
        judgement=line.judgement,
    )


def _moved(asked: Question) -> str:
    if not asked.moves:
        return ""
    most = max(asked.moves, key=lambda m: expected_change(asked, m))
    name = knowledge().base.causes[most.cause].name
    return words().next["moves"].format(cause=name, yes=percent(most.yes), no=percent(most.no))

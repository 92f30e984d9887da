"""The next step: at most three questions and one test order."""

from __future__ import annotations

from typing import Any

from stillwell.assess.assessment import Assessment, Question
from stillwell.knowledge.store import knowledge
from stillwell.report.chances import percent
from stillwell.report.document import AnyBlock, QuestionBlock, Section, Test, TestOrder
from stillwell.report.phrases import capital, section
from stillwell.report.sections.causes import WORTH_ASKING, expected_change
from stillwell.report.sections.given import test_of
from stillwell.report.wording import words

QUESTIONS = 3
TESTS = 6


def next_step(assessment: Assessment) -> list[Section]:
    """Questions, then the order; nothing in an emergency."""
    if assessment.urgency.level == "emergency":
        return []
    return section("next", "answer", [*questions(assessment), order(assessment)])


def questions(assessment: Assessment) -> list[AnyBlock]:
    """The checklist's questions first, then those that tell most."""
    asked: list[Any] = [*getattr(getattr(assessment, "checklist", None), "questions", [])]
    blocks: list[AnyBlock] = [
        QuestionBlock(id=getattr(q, "id", ""), text=q.text, why=getattr(q, "why", ""))
        for q in asked
    ]
    said = {block.text for block in blocks if isinstance(block, QuestionBlock)}
    blocks += [
        QuestionBlock(id=q.id, text=q.text, why=_moved(q, "moves"))
        for q in assessment.questions
        if q.text not in said and q.moves
    ]
    return blocks[:QUESTIONS]


def order(assessment: Assessment) -> TestOrder | None:
    """One order: the checklist's tests, the panel of the likely causes, and tests that would change much."""
    listed = getattr(assessment, "checklist", None)
    tests = [test_of(t) for t in getattr(listed, "tests", [])]
    avoid = [test_of(t) for t in getattr(listed, "avoid", [])]
    if not tests:
        tests = [Test(name=capital(name), why="") for name in assessment.plan.first_panel]
    for test in assessment.tests:
        known = any(t.name.lower().startswith(test.text.lower()) for t in tests)
        if not known and any(expected_change(test, m) >= WORTH_ASKING for m in test.moves):
            tests.append(Test(name=capital(test.text), why=_moved(test, "moves_test")))
    if not tests and not avoid:
        return None
    return TestOrder(lead=words().next["order"] if tests else "", tests=tests[:TESTS], avoid=avoid)


def _moved(asked: Question, key: str) -> str:
    if not asked.moves:
        return ""
    most = max(asked.moves, key=lambda m: expected_change(asked, m))
    name = knowledge().base.causes[most.cause].name
    return words().next[key].format(cause=name, yes=percent(most.yes), no=percent(most.no))

"""A child gets no tests and questions of adults, and a baby who shakes is seen today."""

import pytest

from stillwell.assess.assessment import assess
from stillwell.case.read import case_from
from stillwell.knowledge.store import knowledge
from stillwell.triage.rules import LEVELS

KNOWN = knowledge()
COMPLAINTS = ["leg_tremor", "muscle_twitching", "leg_cramps", "leg_pain", "muscle_stiffness"]


def assessed(age: float, *present: str):
    return assess(case_from({"person": {"age": age}, "findings": {"present": [*present]}}), draws=0)


@pytest.mark.parametrize("sign", COMPLAINTS)
@pytest.mark.parametrize("age", [0.1, 0.6])
def test_a_baby_with_trouble_of_the_legs_is_seen_today_at_the_latest(age, sign):
    level = assessed(age, sign).urgency.level
    assert LEVELS.index(level) <= LEVELS.index("today")


@pytest.mark.parametrize("age", [0.3, 5, 14])
def test_a_child_is_asked_and_tested_nothing_that_is_for_adults(age):
    result = assessed(age, "leg_tremor")
    every = KNOWN.base.checklists["every_complaint"].child_red_flags
    allowed = {KNOWN.base.findings[name].question for name in every}
    assert result.ask and set(result.ask) <= allowed
    assert not result.checklist.order and not result.checklist.questions
    assert not any(
        "drink" in question.lower() for question in result.ask if "drinks stay" not in question
    )
    assert result.plan.sooner == KNOWN.base.wording.sooner_child

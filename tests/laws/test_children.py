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


@pytest.mark.parametrize(
    "words",
    ["Our newborn's arms and legs are trembling", "My 4 month old's legs are trembling",
     "my 7-week-old has shaking legs", "the legs of my baby shake", "my infant's legs shake",
     "My 8 mo old shakes her legs"],
)  # fmt: skip
def test_a_baby_told_in_any_words_is_seen_today_and_gets_no_causes_of_adults(words):
    result = assess(case_from({"complaint": words}), draws=0)
    assert result.person.age is not None and result.person.age < 1
    assert result.urgency.level in ("today", "emergency")
    assert not result.causes and not result.checklist.questions
    assert not any("GAD" in test.text for test in result.checklist.order)


def test_a_toddler_is_told_as_a_child():
    result = assess(case_from({"complaint": "our toddler's leg twitches"}), draws=0)
    assert result.person.age == 2 and result.urgency.understood and not result.causes

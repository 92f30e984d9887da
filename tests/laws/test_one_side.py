"""Arm and leg of one side point to the brain, one leg alone to the back."""

import pytest

from stillwell.api import assess


def share(assessment, cause):
    return next((c.contributes for c in assessment.causes if c.id == cause), 0.0)


@pytest.mark.parametrize(
    "words",
    [
        "Since this morning my left arm and left leg are weak. 72 year old man",
        "My right arm and leg went weak an hour ago, 68, female",
        "All of my left side has gone numb and my mouth droops. I am 70, male",
    ],
)
def test_arm_and_leg_of_one_side_are_a_stroke_before_a_root_of_the_back(words):
    found = assess(words)
    assert found.urgency.level == "emergency"
    assert share(found, "stroke_or_tia") > 10 * share(found, "lumbar_radiculopathy")


def test_one_weak_leg_with_pain_from_the_back_stays_the_back():
    found = assess("My right leg is weak and pain shoots down it from my back. 45 year old man")
    assert share(found, "lumbar_radiculopathy") > 10 * share(found, "stroke_or_tia")


def test_lost_words_speak_for_a_stroke():
    leg = "My right leg went weak two hours ago. 74 year old woman"
    told = share(assess(f"{leg}. I cannot find words"), "stroke_or_tia")
    assert told > share(assess(leg), "stroke_or_tia")

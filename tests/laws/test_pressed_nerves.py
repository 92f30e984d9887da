"""A pressed nerve of the hand is known by where and when it is numb, and never hides what is worse."""

import pytest

from stillwell.api import assess

WRIST = "carpal_tunnel_syndrome"


def first(assessment):
    return assessment.causes[0].id


@pytest.mark.parametrize(
    "words",
    [
        "I wake up with a numb right hand and have to shake it out. I am 52, female",
        "Thumb and first two fingers tingle most nights and flicking the hand helps. Woman, 44",
        "My hands go numb in bed, woman of 50, I am overweight and work on a production line",
        "pins and needles in thumb, index and middle finger, wakes me at four. 58 f",
    ],
)
def test_a_hand_that_is_numb_at_night_is_the_nerve_at_the_wrist(words):
    found = assess(words)
    assert first(found) == WRIST
    assert found.urgency.level == "routine"
    assert "splint" in found.to_text()


def test_a_typical_numb_hand_needs_no_blood_tests():
    page = assess(
        "My thumb and first two fingers are numb when I wake and I shake my hand to get the "
        "feeling back. I am 63, female"
    ).to_text()
    assert "Vitamin B12 (total" not in page
    assert "Better left out:\n- Nerve conduction test" in page


def test_feet_that_are_numb_too_are_tested_all_the_same():
    page = assess(
        "My feet are numb for a year, and my thumb and middle finger are numb at night. 63 woman"
    ).to_text()
    assert "Vitamin B12 (total" in page


def test_hands_that_tingle_in_panic_stay_panic():
    found = assess("When I panic and breathe fast my hands and lips tingle. 24 year old woman")
    assert first(found) == "anxiety_or_panic"


def test_diabetes_with_numb_feet_and_fingers_stays_the_nerves():
    found = assess("Numb feet and numb fingers for two years, I have diabetes. 66 year old man")
    assert first(found) == "diabetic_neuropathy"


@pytest.mark.parametrize(
    "words",
    [
        "My right hand went numb an hour ago and my mouth droops. 66 man",
        "Woke with a numb hand and I can't speak properly. 71 woman",
    ],
)
def test_a_numb_hand_with_a_sign_of_a_stroke_is_an_emergency(words):
    assert assess(words).urgency.level == "emergency"

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


@pytest.mark.parametrize(
    ("words", "cause"),
    [
        ("My ring and little finger tingle when I hold the phone. 38 male", "ulnar_neuropathy"),
        (
            "Numb little finger on the right for two months, I lean on my elbow. 55 m",
            "ulnar_neuropathy",
        ),
        (
            "Pain shoots from my neck into the right arm and two fingers tingle, 51 f",
            "cervical_radiculopathy",
        ),
        (
            "For ten days a pain runs down my arm from the shoulder blade. 47 male",
            "cervical_radiculopathy",
        ),
        (
            "A patch on the outside of my thigh is numb and burns. 49 man, overweight",
            "meralgia_paraesthetica",
        ),
        (
            "My outer left thigh tingles and stings for weeks. Woman, 60, diabetic",
            "meralgia_paraesthetica",
        ),
    ],
)
def test_the_place_tells_which_nerve(words, cause):
    assert first(assess(words)) == cause


def test_a_numb_thigh_with_numb_seat_is_no_skin_nerve():
    found = assess("My outer thigh is numb and I can't feel between my legs when I wipe. 50 m")
    assert found.urgency.level == "emergency"


def test_a_pressed_neck_cord_is_not_taken_for_the_wrist():
    found = assess(
        "Both hands are numb and clumsy for a year, my legs are weak and stiff, I walk unsteadily "
        "and get an electric shock down my back when I bend my neck. 67 m"
    )
    assert first(found) == "compressive_myelopathy"

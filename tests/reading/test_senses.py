"""The sense of the whole decides: hands shaken on purpose, sore and not weak, coffee that is left, one side alone."""

import pytest

from stillwell.assess.assessment import assess
from stillwell.case.read import case_from
from tests.case_helpers import told

SHAKES = {"tremor", "hand_tremor", "leg_tremor", "asterixis"}


@pytest.mark.parametrize(
    "words",
    [
        "wake with numb fingers, thumb and first two, and have to shake my hand out",
        "Pins and needles in thumb and index finger, wakes me, I flap my hands",
        "we shook hands and I noticed my fingers tingle",
        "my right hand goes dead when I drive, I shake it till it comes back",
        "Thumb numb at night, flicking my wrist helps",
    ],
)
def test_a_hand_shaken_on_purpose_is_no_tremor(words):
    done = told(words)
    assert not SHAKES & {*done.present, *done.perhaps}
    assert {"numbness_hands", "tingling_hands"} & set(done.present)


@pytest.mark.parametrize(
    "words",
    [
        "my hand shakes when I hold a cup",
        "numb fingers at night and my hands shake all day",
        "my hand started shaking my cup",
        "hands shaking, can't hold a pen",
    ],
)
def test_a_hand_that_shakes_by_itself_is(words):
    assert "hand_tremor" in told(words).present


@pytest.mark.parametrize(
    "words",
    [
        "Did a spin class on Tuesday and can't get up off the toilet my legs are that sore",
        "gardening all weekend, now my thighs are so sore I struggle on the stairs",
        "Loads of lunges on Saturday, thighs killing me, I can barely get down the stairs",
    ],
)
def test_muscles_sore_after_exercise_are_not_weak(words):
    done = told(words)
    assert not {"proximal_weakness", "leg_weakness"} & set(done.present)
    assert assess(case_from({"complaint": words})).urgency.level == "self_care"


@pytest.mark.parametrize(
    "words",
    [
        "Did squats on Saturday, legs so weak I can't climb stairs and they hurt",
        "Thighs sore for six weeks and hard to get up from a chair, 70",
        "My thighs ache on atorvastatin and I can't climb the stairs",
    ],
)
def test_strength_that_is_lost_stays_weakness_whatever_hurts(words):
    assert {"proximal_weakness", "leg_weakness"} & set(told(words).present)


@pytest.mark.parametrize(
    "words",
    [
        "I drink six coffees a day and my hands shake. It goes at the weekend when I don't drink so much.",
        "I have 4 energy drinks a day. On holiday when I have none the tremor goes",
        "my eyelid stops twitching if I lay off the energy drinks",
        "jittery hands, settles if I skip the coffee",
        "drink ten teas a day and my eyelid twitches, less when I cut down",
    ],
)
def test_what_eases_without_coffee_comes_after_it(words):
    done = told(words)
    assert "after_caffeine" in done.present
    assert "tremor_better_with_alcohol" not in (*done.present, *done.perhaps)


@pytest.mark.parametrize(
    "words",
    [
        "When I drink wine my tremor goes",
        "I drink coffee. My hands are no better when I don't",
        "my hands shake until I have a drink",
    ],
)
def test_what_a_drink_calms_does_not(words):
    assert "after_caffeine" not in told(words).present


@pytest.mark.parametrize(
    "words",
    [
        "My right foot tingles, only the right",
        "Sciatica down one leg for a month",
        "pain from left buttock to foot when I cough",
    ],
)
def test_a_complaint_of_one_side_is_not_the_same_on_both(words):
    assert "symmetrical" in told(words).absent


@pytest.mark.parametrize(
    "words",
    [
        "both my left and right hands shake",
        "my right knee was replaced in 2015 and my legs ache",
        "I'm right handed and my hands shake",
        "left calf cramps, sometimes the other",
    ],
)
def test_a_side_told_of_something_else_says_nothing(words):
    assert "symmetrical" not in told(words).absent


def test_pain_after_lifting_came_after_an_effort():
    words = "Shooting pain down my left thigh to the calf, started after lifting a wardrobe"
    assert "after_unusual_exertion" in told(words).present


@pytest.mark.parametrize(
    "words", ["my hands go tingly when I'm panicking", "hands tingle when I get panicky"]
)
def test_what_comes_with_panic_tells_the_panic(words):
    assert "panic_attacks" in told(words).present
    assert "panic_attacks" not in told("never panicky, hands tingle anyway").present


@pytest.mark.parametrize(
    ("words", "item"),
    [
        ("I live by myself, hands tremble", "suicidal_thoughts"),
        ("by the by, my hands shake and so on", "comes_and_goes"),
        ("legs heavy like lead, ankles puffy, better with my feet up. 42, woman", "pregnant"),
        ("My veins bulge, legs ache and feel heavy like lead. 52", "heavy_menstrual_bleeding"),
    ],
)
def test_small_words_and_numbers_tell_nothing_by_themselves(words, item):
    done = told(words)
    assert item not in (*done.present, *done.history_present, *done.perhaps)


@pytest.mark.parametrize(
    "words",
    [
        "I have low iron",
        "my iron is normal",
        "I've been taking ibuprofen for my knee and my hands shake",
        "I've been using ibuprofen gel on my knee and my hands shake",
        "one day of ibuprofen and my legs swell",
        "I've been having naproxen for my shoulder and feel shaky",
    ],
)
def test_a_result_or_a_usual_medicine_is_no_alarm(words):
    assert assess(case_from({"complaint": words})).urgency.level not in ("today", "emergency")


@pytest.mark.parametrize(
    "words",
    [
        "I've been taking 20 paracetamol a day for my tooth",
        "I've been taking too many ibuprofen for my knee",
        "I've had 24 paracetamol since yesterday for toothache",
        "I've swallowed 40 ibuprofen",
        "forty paracetamol",
    ],
)
def test_too_much_of_one_stays_an_emergency(words):
    assert assess(case_from({"complaint": words})).urgency.level == "emergency"


def test_paracetamol_is_no_opioid():
    done = told("I've been taking paracetamol for my back and my legs twitch")
    assert "opioid_use" not in (*done.history_present, *done.perhaps)


@pytest.mark.parametrize(
    "words",
    ["midwife said my iron was a bit low", "my iron's low", "bloods back, iron on the low side"],
)
def test_iron_said_to_be_low_means_its_stores_and_the_report_says_so(words):
    done = told(words)
    assert done.labs["ferritin"].flag == "low" and "serum_iron" not in done.labs
    assert any("ferritin" in note for note in done.unclear)


@pytest.mark.parametrize(
    "words",
    [
        "what if it's MND",
        "I'm sure I've got motor neurone disease, my thumb twitches",
        "convinced I've got ALS",
        "can't get MND out of my head, eyelid twitching",
        "My mind goes straight to MND when my calf flickers",
        "Dr Google says ALS",
    ],
)
def test_fear_of_an_illness_is_heard_in_many_words(words):
    assert "als" in [one.id for one in told(words).asked]


def test_an_illness_that_somebody_only_reckons_to_have_is_asked_about_and_not_known():
    done = told("reckon I've got Parkinson's, my hand shakes")
    assert "parkinson_known" not in done.history_present
    assert "parkinson_known" in told("I have Parkinson's and my hand shakes").history_present


@pytest.mark.parametrize(
    "words", ["my legs feel like lead weights, aged 48", "dragging heavy legs by teatime"]
)
def test_legs_told_as_heavy_in_other_words_are_not_weak(words):
    done = told(words)
    assert "heavy_legs" in done.present and "leg_weakness" not in done.present
    assert "leg_weakness" in told("my legs are heavy and weak, I can't lift them").present
    assert "leg_weakness" in told("my legs wont work properly, they feel like lead").present


def test_what_is_left_around_a_result_tells_nothing():
    done = told("bloods came back, midwife said my ferritin was 9, legs crawl")
    assert not {"blood_in_stool_or_black_stool", "vomiting_blood"} & {*done.present, *done.perhaps}
    assert not any("midwife" in note for note in done.unclear)


def test_the_age_of_somebody_unnamed_is_not_the_tellers():
    assert told("since number three arrived my legs twitch at night. he's six").person.age is None
    assert told("he's six and his legs hurt at night").person.age == 6


@pytest.mark.parametrize(
    ("words", "onset"),
    [
        ("started sertraline 50 mg two weeks ago and my hands shake a bit", "onset_within_days"),
        ("they upped my sertraline on Monday and my hands tremble", "onset_within_days"),
    ],
)
def test_a_medicine_begun_of_late_dates_what_came_after_it(words, onset):
    assert onset in told(words).present

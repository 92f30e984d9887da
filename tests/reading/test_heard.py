"""Plain ways of telling that small words had turned: periods, drinking little, ages, sides, and words of nothing."""

import pytest

from stillwell.assess.assessment import assess
from stillwell.case.read import case_from
from tests.case_helpers import told


def _printed(words):
    done = told(words)
    return {*done.present, *done.perhaps, *done.noted, *done.history_present}


# ---- a sign that is only doubtfully read in words which hold nothing of it ----


@pytest.mark.parametrize(
    "words",
    [
        "my legs keep jerking, 44 female",
        "Since the new tablet I am sweaty and my legs keep jerking.",
        "my left leg keeps twitching in the evening",
        "My feet keep jumping about in the evening",
    ],
)
def test_limbs_that_keep_jerking_are_no_fit(words):
    assert "seizure" not in _printed(words)


@pytest.mark.parametrize(
    "words",
    [
        "My husband, he dont want me to ring. His left hand shakes.",
        "she doesn't want me to call anybody, her hands tremble",
        "Mum does not want us to make a fuss, her legs are restless at night",
        "My partner dont want me to drive. My calf twitches.",
        "dad doesnt want us telling the doctor, he won't let me ring, his legs shake",
    ],
)
def test_not_wanting_somebody_to_do_something_is_no_wish_to_die(words):
    assert "suicidal_thoughts" not in _printed(words)


@pytest.mark.parametrize(
    "words",
    [
        "My legs are restless and I don't want to live any more",
        "I dont want to be here anymore, my hands shake",
        "my legs keep twitching and I want to die",
        "He wants me to get help because I want to kill myself. Legs shake.",
    ],
)
def test_a_wish_to_die_is_still_heard(words):
    assert "suicidal_thoughts" in _printed(words)


@pytest.mark.parametrize(
    "words",
    [
        "My arm keeps jerking, then I black out and wake up with a bitten tongue",
        "He had a fit, his whole body was jerking and he was not awake",
    ],
)
def test_a_fit_is_still_heard(words):
    assert "seizure" in _printed(words)


# ---- periods ----


@pytest.mark.parametrize(
    "words",
    [
        "I'm 54 and going through the change, periods all over the place and very heavy. Restless legs at night.",
        "52 and perimenopausal, restless legs every evening",
        "My monthlies are every which way and dead heavy, my legs won't keep still at night",
        "I am 49, my periods come when they like and are proper heavy. Legs twitch.",
        "Going through the menopause at 51, periods irregular. Calf cramps",
    ],
)
def test_whoever_still_has_periods_is_not_after_the_menopause(words):
    done = told(words)
    assert "postmenopausal" not in done.history_present
    assert done.person.sex == "female"


@pytest.mark.parametrize(
    "words",
    [
        "Went through the change ten years ago. Restless legs at night.",
        "My periods stopped at 50, I am 58. Numb toes.",
        "went through the change 6 years ago, now bleeding again and heavy, legs restless at night, 60",
        "I am postmenopausal and have heavy bleeding again. Legs twitch.",
    ],
)
def test_the_menopause_that_is_over_stays_so_though_it_bleeds(words):
    assert "postmenopausal" in told(words).history_present


@pytest.mark.parametrize(
    "words",
    [
        "periods all over the place and very heavy. Restless legs at night.",
        "My periods are dead heavy and my legs won't keep still at night",
        "periods have been really heavy lately, legs restless of an evening",
        "Periods dead heavy, restless legs",
        "My period is ever so heavy. My legs twitch at night",
    ],
)
def test_heavy_of_periods_is_heavy_periods_and_nothing_else(words):
    done = told(words)
    assert "heavy_menstrual_bleeding" in done.present
    other = {"heavy_legs", "leg_weakness", "generalised_weakness", "fatigue", "suicidal_thoughts"}
    assert not other & _printed(words)


@pytest.mark.parametrize(
    "words",
    [
        "My periods stopped at 52 and my legs are heavy in the evening",
        "Periods are normal, legs feel heavy after standing",
    ],
)
def test_heavy_legs_beside_periods_are_heavy_legs(words):
    done = told(words)
    assert "heavy_legs" in done.present and "heavy_menstrual_bleeding" not in done.present


# ---- little to drink ----


@pytest.mark.parametrize(
    "words",
    [
        "I drink not much water when driving because no toilet. My calf cramps at night.",
        "I don't drink much at work. My calves cramp.",
        "I dont drink enough in the day, calf cramps at night",
        "Hardly drink any water on shift, cramps in my calves",
        "I forget to drink water all day, my legs cramp",
        "I never drink much when I'm on the road, cramp in my feet",
    ],
)
def test_drinking_little_is_no_word_of_thirst_urine_or_alcohol(words):
    done = told(words)
    of_it = {"thirst_or_much_urine", "little_urine", "alcohol_heavy"}
    assert not of_it & {*_printed(words), *done.absent, *done.history_absent}
    assert any("heard as little" in line for line in done.unclear)


@pytest.mark.parametrize(
    "words",
    [
        "I don't drink much, only at weekends. My hands shake.",
        "I don't drink alcohol, my hands shake",
        "I hardly drink, a glass of wine at Christmas. Hands shake.",
    ],
)
def test_little_alcohol_stays_little_alcohol(words):
    done = told(words)
    assert not any("heard as little" in line for line in done.unclear)
    assert "alcohol_heavy" not in done.history_present


def test_thirst_and_urine_told_beside_little_drink_stay():
    assert "thirst_or_much_urine" in told("Not drinking much water, I'm always thirsty").present
    assert "little_urine" in _printed("I don't drink much water and hardly pass any urine")


# ---- living off something ----


@pytest.mark.parametrize(
    "words",
    [
        "living off monster energy, my eyelid twitches",
        "I'm surviving off red bull, hands shake",
        "running off energy drinks at the minute, calf twitches",
    ],
)
def test_what_somebody_lives_off_is_taken_and_not_left(words):
    done = told(words)
    assert "energy_drinks" in done.history_present
    assert done.supplements and not any(one.stopped for one in done.supplements)


def test_what_somebody_came_off_is_left():
    done = told("I came off red bull last week and my head aches")
    assert all(one.stopped for one in done.supplements)


# ---- ages and sexes ----


@pytest.mark.parametrize(
    ("words", "age", "sex"),
    [
        ("Pins and needles in both feet. 29, she/her, Bristol.", 29, "female"),
        ("he/him, 38. Numb toes.", 38, "male"),
        ("41 (they/them), hands tingle", 41, None),
        ("45 roofer. My thigh is numb on the outside", 45, None),
        ("33 plumber. Cramps in calves", 33, None),
        ("My calf cramps every night. 62 retired teacher.", 62, None),
        ("I'm a 50 lorry driver, legs restless", 50, None),
        ("Burning feet. 56 yo male", 56, "male"),
    ],
)
def test_ages_are_heard_however_they_are_told(words, age, sex):
    done = told(words)
    assert (done.person.age, done.person.sex) == (age, sex)
    assert not done.person.pregnant


@pytest.mark.parametrize(
    "words", ["We are 30 nurses on the ward and my legs ache", "I saw 12 drivers faint. Legs ache"]
)
def test_a_number_of_people_is_no_age(words):
    assert told(words).person.age is None


# ---- a sentence of time alone ----


@pytest.mark.parametrize(
    "words",
    [
        "My legs won't keep still of an evening. Been 2 year.",
        "Calf cramps at night. It's been about 3 years now.",
        "My hands shake when I hold a cup. Going on two years.",
    ],
)
def test_a_sentence_of_time_alone_dates_what_was_told_before(words):
    assert "onset_years" in told(words).present


# ---- sides ----


@pytest.mark.parametrize(
    "words",
    [
        "I've had sciatica for ages, down my left leg. Both legs now actually.",
        "Sciatica down the right leg for a year, and now it's in both.",
        "Pain shoots from my back down my left leg, since last week it has spread to the other leg",
    ],
)
def test_sciatica_that_became_two_sided_is_two_sided_and_urgent(words):
    assert "symmetrical" in told(words).present
    assert assess(case_from({"complaint": words})).urgency.level in ("today", "emergency")


@pytest.mark.parametrize(
    "words",
    [
        "My calf cramps at night. Only the left one.",
        "Legs twitch, just the right one",
        "My foot tingles, the left one only",
    ],
)
def test_only_one_is_not_both(words):
    done = told(words)
    assert "symmetrical" in done.absent and "symmetrical" not in done.present


@pytest.mark.parametrize(
    "words",
    [
        "Not just the left one, both feet tingle",
        "Is it bad if it spreads to the other leg? My left foot tingles",
    ],
)
def test_sides_denied_or_asked_tell_nothing(words):
    done = told(words)
    tingles_left = "left foot" in words
    assert ("symmetrical" in done.present) != tingles_left

"""Whole phrases decide what single words are misread as: rest and use, weight and weakness, ways of speaking."""

import pytest

from stillwell.assess.assessment import assess
from stillwell.case.read import case_from
from tests.case_helpers import told

IN_USE = {"tremor_with_action_or_posture", "intention_tremor"}


@pytest.mark.parametrize(
    "words",
    [
        "My hand shakes at rest and stops when I reach for a cup",
        "My right hand trembles when my hands lie in my lap and goes when I use it",
        "My hand shakes on the arm of the chair, steadies as soon as I pick something up.",
        "When I reach for my tea the trembling in my hand stops",
        "The shake goes away when I lift my cup, comes back when my arm hangs loose",
        "My thumb rolls when I watch telly, and it stops if I move it",
    ],
)
def test_shaking_that_use_ends_is_shaking_at_rest_and_never_of_reaching(words):
    done = told(words)
    assert "tremor_at_rest" in done.present and not IN_USE & {*done.present, *done.perhaps}


def test_shaking_of_use_that_a_change_of_medicine_ended_is_no_shaking_at_rest():
    words = "My hands shook when I picked things up, and since the tablets were changed it has gone"
    assert "tremor_at_rest" not in told(words).present


@pytest.mark.parametrize(
    "words",
    [
        "My hand shakes when I reach for a cup, not at rest",
        "My hand shakes and doesn't stop when I reach",
        "My hand is steady at rest but shakes when I write",
    ],
)
def test_shaking_of_use_stays_shaking_of_use(words):
    done = told(words)
    assert IN_USE & set(done.present) and "tremor_at_rest" not in done.present


WEAK = {"leg_weakness", "generalised_weakness", "fatigable_weakness", "proximal_weakness"}


@pytest.mark.parametrize(
    "words",
    [
        "My legs feel heavy in the evening and better with my feet up",
        "Heavy legs, like lead",
        "Tired heavy legs",
        "My legs weigh a ton by the end of the day",
        "My calves ache and feel leaden after standing",
        "Dull heaviness in both legs at night",
    ],
)
def test_heavy_legs_are_heard_as_heavy_and_not_as_weak(words):
    done = told(words)
    assert "heavy_legs" in done.complaint
    assert not WEAK & {*done.present, *done.perhaps} and not done.understood_partly


@pytest.mark.parametrize(
    "words",
    ["My legs are weak and heavy", "My legs are heavy and I can't climb the stairs any more"],
)
def test_weakness_that_is_told_beside_heaviness_is_still_weakness(words):
    assert {"heavy_legs", "leg_weakness"} <= set(told(words).present)


@pytest.mark.parametrize(
    "words",
    [
        "My legs aren't heavy, they cramp",
        "I have heavy periods and my legs cramp",
        "My legs cramp after I carried something heavy",
    ],
)
def test_no_heaviness_where_it_is_denied_or_of_something_else(words):
    assert "heavy_legs" not in told(words).present


def test_heavy_legs_of_the_evening_lead_to_the_veins_first():
    done = assess(case_from({"complaint": "My legs feel heavy in the evening, better feet up"}))
    assert done.causes[0].id == "chronic_venous_disease"


@pytest.mark.parametrize(
    ("words", "item"),
    [
        ("I lost ten grand on the horses and my legs are restless", "weight_loss"),
        ("My legs jump at night and I lost eleven thousand pounds", "weight_loss"),
        ("I have restless legs. My neighbour has the same", "family_restless_legs"),
        ("I have restless legs and a colleague has them too", "family_restless_legs"),
        ("My legs are stiff as a board", "clonus_or_spasticity"),
        ("Cheerful enough, but my legs are weak", "low_mood"),
        ("Two glasses of wine a week, and restless legs", "alcohol_heavy"),
        ("It's been going on for months, my calves cramp", "worsening"),
        ("My legs twitch", "leg_jerks_during_sleep"),
        ("My calf hurts like hell", "one_leg_swollen_warm_painful"),
        ("Vegan for 15 years, my feet tingle for half a year", "onset_years"),
        ("She takes ramipril and since last week ibuprofen 400 mg three times a day", "overdose"),
    ],
)
def test_a_phrase_that_tells_of_something_else_tells_no_such_item(words, item):
    done = told(words)
    assert item not in {*done.present, *done.perhaps, *done.history_present, *done.noted}


@pytest.mark.parametrize(
    ("words", "item"),
    [
        ("I lost two stone on no diet and my legs are weak", "weight_loss"),
        ("I have restless legs and my mother had the same", "family_restless_legs"),
        ("I drink two glasses of wine every night, my legs are restless", "alcohol_heavy"),
        ("It's been going on for months and getting worse, my calves cramp", "worsening"),
        ("My right calf is swollen and hurts like hell", "one_leg_swollen_warm_painful"),
        ("My feet have tingled for 15 years", "onset_years"),
    ],
)
def test_the_same_item_told_in_earnest_is_still_read(words, item):
    done = told(words)
    assert item in {*done.present, *done.perhaps, *done.history_present}


@pytest.mark.parametrize(
    "words",
    [
        "I look after my mother. I'm 60 and I have restless legs. No other bother, walking fine.",
        "I care for my wife who has dementia. My calves cramp at night. Otherwise well.",
        "I'm a carer for my dad and my legs twitch. Nothing else wrong.",
        "I have restless legs, fine otherwise.",
        "My hands shake when I pour tea. No other problems, I walk fine.",
        "My calves cramp at night. Everything else is fine, just asking.",
    ],
)
def test_carers_and_words_that_nothing_else_is_wrong_leave_nothing_unread(words):
    done = told(words)
    assert done.complaint and not [line for line in done.unclear if "not understood" in line]
    assert "walk" not in words or "gait_unsteady" in done.absent


def test_who_is_looked_after_and_ails_is_still_the_patient():
    done = told("I look after my mother, who is 84. Her legs shake and she is confused.")
    assert {"confusion", "leg_tremor"} <= set(done.present)


def test_a_tablet_to_get_off_to_sleep_is_no_leaving_of_the_next():
    done = told("I take Nytol when I can't get off, and my usual lisinopril. Legs cramp.")
    assert not any(m.stopped for m in done.medicines) and len(done.medicines) == 2
    left = told("I managed to get off sertraline last week and my legs jump").medicines
    assert [m.stopped for m in left] == [True]

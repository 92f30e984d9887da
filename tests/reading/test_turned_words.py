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

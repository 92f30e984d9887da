"""Legs that jump in bed: in sleep, on dropping off, or at rest and awake are three things."""

import pytest

from tests.case_helpers import told


@pytest.mark.parametrize(
    "words",
    [
        "My legs jump as soon as I lie down at night",
        "Every evening on the sofa my legs keep jumping",
        "legs kick the minute I get into bed, I'm wide awake",
        "My leg jumps while I sit reading",
        "they are fine by day but my legs jump when I lie still",
    ],
)
def test_jumping_at_rest_awake_is_no_kicking_in_sleep(words):
    done = told(words)
    assert "leg_jerks_during_sleep" not in done.present
    assert {"urge_to_move_legs", "myoclonic_jerks"} & set(done.present)


@pytest.mark.parametrize(
    "words",
    [
        "My legs jerk just before I fall asleep",
        "As I drift off my legs jump and I'm awake again",
        "legs kick when I am trying to sleep, one big jump",
    ],
)
def test_jumping_on_dropping_off_is_that(words):
    done = told(words)
    assert "jerks_falling_asleep" in done.present
    assert "leg_jerks_during_sleep" not in done.present


@pytest.mark.parametrize(
    "words",
    [
        "My legs kick all night, says my wife",
        "I kick in my sleep when I lie on my back",
        "Legs jerk every half minute while I'm asleep",
        "My legs jump at night and wake me up",
        "My husband tells me my legs jerk when I lie beside him fast asleep",
    ],
)
def test_kicking_in_sleep_stays(words):
    assert "leg_jerks_during_sleep" in told(words).present


def test_a_denial_stays_one():
    assert "urge_to_move_legs" not in told("My legs don't jump when I lie down").present

"""Whole phrases decide what single words are misread as: rest and use, weight and weakness, ways of speaking."""

import pytest

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

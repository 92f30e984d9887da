"""Words that were read as graver, or as other, than they are."""

import pytest

from stillwell.knowledge.store import knowledge
from tests.case_helpers import told


@pytest.mark.parametrize(
    "text",
    [
        "My thighs are so weak that I can barely get up the staircase at work.",
        "Going upstairs I can hardly do it any more, my thighs have no strength.",
        "I can't get out of my chair without pushing with my arms.",
        "Weak thighs: hardly able to go uphill or climb steps since spring.",
    ],
)
def test_legs_that_fail_on_stairs_are_weak_at_the_thighs_and_still_walk(text):
    case = told(text)
    assert "cannot_walk_or_stand" not in case.present
    assert "cannot_walk_or_stand" not in case.perhaps
    assert {"proximal_weakness", "leg_weakness"} & {*case.present, *case.perhaps}


@pytest.mark.parametrize(
    "text",
    [
        "I cannot stand up at all, my legs just fold on the stairs and I fell.",
        "Since this morning I can't walk any more.",
    ],
)
def test_who_cannot_walk_is_still_read_so(text):
    assert "cannot_walk_or_stand" in told(text).present


@pytest.mark.parametrize(
    "text",
    [
        "Both my feet tingle and burn, most of all in bed.",
        "The pins and needles and the burning in my toes are worst at night.",
    ],
)
def test_tingling_and_burning_at_night_is_no_pain_of_a_starved_foot(text):
    case = told(text)
    assert not {"foot_pain_at_rest", "leg_pain"} & {*case.present, *case.noted}


def test_pain_of_a_foot_at_night_is_heard():
    case = told("The pain in my right foot wakes me and I hang it out of bed.")
    assert "foot_pain_at_rest" in [*case.present, *case.noted]


@pytest.mark.parametrize("words", ["roughly a year ago", "twelve months ago"])
def test_what_began_a_year_ago_is_shown_as_a_year_or_more(words):
    case = told(f"My calves have cramped since {words}.")
    shown = [knowledge().base.findings[f].name for f in case.present if f.startswith("onset")]
    assert shown == ["began a year or more ago"]


@pytest.mark.parametrize("word", ["zzz", "qq"])
def test_letters_that_mean_nothing_are_not_said_to_be_near_a_sign(word):
    case = told(findings={"present": [word]})
    assert not case.present
    assert any(word in line and "did you mean" not in line for line in case.unclear)


@pytest.mark.parametrize(
    ("words", "after"),
    [
        ("22 f, periods stopped, eating 600 kcal, dizzy", False),
        ("I'm 31, my periods stopped last spring, legs swell", False),
        ("35 f, early menopause, periods stopped, legs ache", True),
        ("I am 52, periods stopped two years ago, legs ache", True),
    ],
)
def test_periods_that_stopped_before_forty_are_no_menopause_by_themselves(words, after):
    assert ("postmenopausal" in told(words).history_present) is after


def test_a_point_within_a_number_ends_no_sentence():
    done = told(
        "Restless legs, pramipexole 0.7 mg now comes at 3 in the afternoon and in arms. Help."
    )
    assert "earlier_or_in_arms" in done.present
    assert not any("7 mg now" in line and "0.7" not in line for line in done.unclear)

"""A sign told of an arm, a hand, the face or the back is never read as one of the legs, and keeps its urgency."""

import pytest

from stillwell.assess.assessment import assess
from stillwell.case.read import case_from
from stillwell.knowledge.store import knowledge
from tests.case_helpers import told

OF_LEGS = {
    *("leg_cramps", "night_leg_cramps", "leg_swelling", "leg_pain", "leg_tremor", "numbness_feet"),
    *("tingling_feet", "burning_feet", "numbness_one_leg", "urge_to_move_legs"),
    "crawling_sensation_legs",
}
PARTS = ["arm", "hand", "face", "jaw", "back", "eyelid", "tongue", "wrist"]
SIGNS = [
    "my left {} went numb",
    "my {} cramps at night",
    "a cramp in my {}",
    "my {} is swollen",
    "my {} keeps tingling",
    "my {} aches after walking",
    "a crawling feeling in my {}",
    "my {} is weak",
]


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("sign", SIGNS)
def test_a_sign_of_another_part_is_none_of_the_legs(sign, part):
    assert not OF_LEGS & {*(done := told(sign.format(part))).present, *done.perhaps}


@pytest.mark.parametrize(
    ("words", "item"),
    [
        ("My right arm and leg went numb", "numbness_one_leg"),
        ("my calves cramp at night and my hand does too", "leg_cramps"),
        ("cramps in my hands, jaw and back", "cramps_widespread"),
        ("My legs ache and my arm does as well", "leg_pain"),
        ("Numb all down my left side, face and arm too", "numbness_one_side_of_body"),
    ],
)
def test_legs_that_are_named_beside_it_stay(words, item):
    assert item in told(words).present


@pytest.mark.parametrize(
    ("words", "level"),
    [
        ("My left arm went numb", "today"),
        ("The left of my face and my arm went numb five minutes ago", "emergency"),
        ("I can't move my arm", "emergency"),
    ],
)
def test_urgency_is_that_of_the_half_of_the_body(words, level):
    done = assess(case_from({"complaint": words}), draws=0, detail=False)
    assert done.urgency.level == level
    assert all("leg" not in knowledge().base.findings[i].name for i in told(words).present)


def test_they_are_what_the_sentence_before_names():
    done = told("I get pins and needles in my hands. They cramp too at night.")
    assert "leg_cramps" not in done.present

"""First aid for low sugar reads right to whoever is there, and says each order once."""

import pytest

from stillwell.assess.assessment import assess
from stillwell.case.read import case_from
from stillwell.report.build import build

STORIES = [
    "My dad is 77 and on gliclazide, he is trembling, sweaty and confused.",
    "My wife takes insulin. She is shaking and sweating and very muddled since lunch. She is 66.",
    "Our neighbour is 80 and takes glimepiride. Her hands shake, she is sweating and confused.",
]


def card(story):
    return build(assess(case_from({"story": story}), draws=0)).care


@pytest.mark.parametrize("story", STORIES)
def test_the_order_for_low_sugar_fits_a_helper_and_is_given_once(story):
    care = card(story)
    said = " ".join([care.now, *(a.do for a in care.alerts)])
    assert care.level == "emergency"
    assert said.count("Call an ambulance") == 1
    assert "if you are awake" not in said.lower()
    assert "sugar" in said


def test_a_person_who_tells_it_themselves_reads_it_rightly_too():
    care = card("I am on insulin, shaky, sweaty and my sight is blurred. I am 50.")
    said = " ".join([care.now, *(a.do for a in care.alerts)])
    assert care.level == "emergency" and "Sugar by mouth now" in said

"""First aid for low sugar reads right to whoever is there, and says each order once."""

import re

import pytest

from stillwell.assess.assessment import assess
from stillwell.case.read import case_from
from stillwell.knowledge.store import knowledge
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


def test_no_first_aid_addresses_somebody_who_may_not_be_awake():
    base = knowledge().base
    lines = [aid.text for record in base.management.values() for aid in record.until_help]
    lines += [aid.text for aid in base.first_aid.values()]
    assert len(lines) > 30
    assert [t for t in lines if re.search(r"\byou(?:r|rs|rself)?\b", t, re.I)] == []


@pytest.mark.parametrize(
    "story",
    [
        "My husband has collapsed and I can't wake him, he is on insulin.",
        "Found my mum on the floor, she does not answer, she had been vomiting for days.",
        "My son fainted at training in the heat, dark urine, won't come round.",
    ],
)
def test_a_helper_of_somebody_unconscious_gives_nothing_by_mouth(story):
    document = build(assess(case_from({"story": story}), draws=0, detail=False))
    until = [s for s in document.sections if s.id == "until_help"]
    text = " ".join(i.text for s in until for b in s.blocks for i in b.items)
    assert document.care.level == "emergency"
    assert "nothing in the mouth" in text.lower()
    assert not re.search(r"\b(?:sip|sips|drink water|water in)\b", text.lower())
    assert "you are awake" not in text

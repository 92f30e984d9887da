"""What a second reading of the faults found: each kind with its right value."""

import pytest

import stillwell
from stillwell.assess.assessment import assess
from stillwell.case.read import case_from
from stillwell.knowledge.store import knowledge
from stillwell.learn.answer import Library
from stillwell.learn.records.names import Names
from stillwell.learn.records.pages import page as cause_page
from stillwell.report.build import build
from stillwell.triage.rules import RED
from tests.case_helpers import told


def page(text=None, audience="person", **fields):
    return build(
        assess(case_from({**({"complaint": text} if text else {}), **fields}), draws=0), audience
    )


@pytest.mark.parametrize(
    "words",
    [
        "I was in a car crash and can't feel my legs",
        "My dad fell off a ladder and his legs are numb",
        "after a car accident my legs are numb and weak",
    ],
)
def test_a_crash_and_legs_without_feeling_are_an_emergency_at_once(words):
    card = page(words).care
    assert card.level == "emergency"
    assert "ambulance" in card.now


def test_a_crash_of_long_ago_is_none():
    assert "injury" not in told("Ten years ago I was in a car crash. My feet tingle.").present


def test_augmentation_neither_bids_more_nor_less_of_the_medicine():
    card = page(
        "I take pramipexole for my restless legs. It used to help but now it starts earlier each day "
        "and has spread to my arms."
    ).care
    assert "Take no more of it" not in card.now
    assert "do not raise it" in card.now
    assert card.heading == "SOON: see a doctor within a week"


def test_the_doctors_page_opens_with_what_must_be_ruled_out():
    document = page("My calf is swollen, warm and sore on one side since a long flight", "doctor")
    assert document.care.level in RED
    part = document.section("differential")
    assert part is not None
    assert "clot" in part.blocks[0].text
    assert "Do not decide by this list" in part.blocks[1].text


def test_no_needle_in_the_back_beside_a_pressed_cord():
    words = "My dad is 70, has lung cancer, bad back pain and since yesterday his legs are weak and he can't pee"
    assert "umbar puncture" not in str(page(words, "doctor"))


def test_no_rest_for_an_effort_that_was_not_told():
    lines = [
        s.text
        for s in stillwell.assess("Is it cancer? I lost 10 kg and my legs are weak").bottom_line
    ]
    assert not any("gone in 2 to 5 days" in line for line in lines)


@pytest.mark.parametrize(
    "question",
    [
        "how to stop restless legs",
        "how is low iron treated",
        "what helps leg cramps",
        "what helps numb feet",
    ],
)
def test_no_answer_prints_a_slot(question):
    assert "{" not in str(Library(knowledge()).answer(question))


def test_iron_that_is_taken_did_not_bring_the_lack_on():
    text = str(page("I am tired", "doctor", supplements=[{"name": "iron", "dose": "65 mg"}],
                    labs=[{"name": "ferritin", "value": 9, "unit": "ng/mL"}]))  # fmt: skip
    assert "can bring on or worsen low iron" not in text


def test_standing_up_tells_nothing_of_what_stops_the_shaking():
    read = told("My legs shake when I stand up and when I am tired.")
    assert "tremor_on_standing_relieved_by_walking_or_sitting" not in read.present
    assert "tremor_on_standing_relieved_by_walking_or_sitting" in read.perhaps
    clear = told("My legs shake when I stand up, and stop when I walk or sit.")
    assert "tremor_on_standing_relieved_by_walking_or_sitting" in clear.present


def test_who_takes_metformin_is_neither_offered_it_nor_asked_about_diabetes():
    text = str(page("My feet are numb", person={"age": 68}, medicines=["metformin"],
                    labs=[{"name": "HbA1c", "value": 84, "unit": "mmol/mol"}]))  # fmt: skip
    assert "metformin next" not in text
    assert "Do you have diabetes" not in text


def test_no_page_of_a_cause_prints_a_slot_and_every_share_says_how_it_came_about():
    base = knowledge().base
    names = Names(base)
    for cause in base.causes:
        text = cause_page(base, names.find(f"cause:{cause}")[0])
        assert "{" not in text, cause
        links = base.causes[cause].findings
        ways = ("counted", "worked out from figures", "from a word only", "our judgement")
        assert sum(text.count(way) for way in ways) >= len(links), cause


def test_restlessness_on_a_medicine_against_sickness_is_for_today():
    card = page(
        "I take metoclopramide and I have to keep pacing, feel awful inside, like crawling out of my skin"
    ).care
    assert card.level == "today"
    assert "before the next dose" in card.now


def test_the_age_of_a_son_is_not_that_of_the_one_who_speaks():
    assert (
        told("Since I had my son my legs are restless every night. He's 15 now. I'm 44").person.age
        == 44
    )
    assert told("My son can't walk. He's 15 now.").person.age == 15


def test_nobody_of_52_has_just_given_birth():
    read = told(
        "since i had my daughter i get puffy ankles and heavy legs at the end of the day. 52 woman"
    )
    assert "recent_childbirth" not in read.history_present

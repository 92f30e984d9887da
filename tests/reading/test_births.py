"""A birth that is told: one of the last weeks, one of years ago, and the age of a child that is nobody's else."""

import pytest

from stillwell.assess.assessment import assess
from stillwell.case.read import case_from
from tests.case_helpers import told

YOUTH = "onset_childhood_or_youth"


@pytest.mark.parametrize(
    "words",
    [
        "My legs have been restless ever since I had my daughter, she's 22 now. I'm 47",
        "I've had varicose veins since my kids were little",
        "Ever since having my twins my legs ache in the evening. They are at university now.",
        "since I had my son in 1998 my ankles swell",
        "My daughter is 9 now and ever since the pregnancy I get cramp in my calves at night",
        "I've had cramps since carrying my second, who starts school soon. 37F",
        "Ever since I gave birth to my eldest, who is 12, my ankles puff up",
    ],
)
def test_a_birth_of_years_ago_dates_what_ails_and_is_none_of_late(words):
    done = told(words)
    assert "onset_years" in done.present and YOUTH not in done.present
    assert "recent_childbirth" not in (*done.history_present, *done.perhaps)
    assert done.person.age is None or done.person.age > 30


@pytest.mark.parametrize(
    "words",
    [
        "I gave birth three weeks ago and my calf hurts",
        "had my little girl 6 days ago, left calf sore and swollen",
        "I've two kids and just had my third, my calf is really sore",
        "since my daughter was born five weeks ago I get puffy legs",
        "After my c section last month my left calf swelled",
    ],
)
def test_a_birth_of_the_last_weeks_stays_one(words):
    assert "recent_childbirth" in told(words).history_present
    assert assess(case_from({"complaint": words})).urgency.level in ("today", "emergency")


def test_a_birth_with_no_word_of_when_is_asked_about_and_still_seen_by_the_alarms():
    done = told("since I had my daughter my legs are puffy. 31, woman")
    assert "recent_childbirth" in (*done.history_present, *done.perhaps)


@pytest.mark.parametrize(
    "words", ["mother of two, 33, hands shake", "I am 38, mum of two boys, hands tingle"]
)
def test_a_mother_of_children_is_the_teller_and_not_with_child(words):
    done = told(words)
    assert not {"pregnant", "recent_childbirth"} & {*done.history_present, *done.perhaps}
    assert not done.of_other and done.person.sex == "female"


@pytest.mark.parametrize(
    ("words", "age", "sex"),
    [
        ("20 year old girl, hands go tingly", 20, "female"),
        ("I am a 23 year old girl with restless legs", 23, "female"),
        ("19 year old lad here, legs twitch", 19, "male"),
        ("my 12 year old girl has leg pains at night", 12, "female"),
        ("we have a 3 year old girl. My feet burn", None, None),
        ("My boy is 15. Since he was born my legs have twitched at night.", None, None),
        ("When I was a girl of 12 my legs hurt and they still ache", None, "female"),
        ("I'm a dad of 2 and my hands shake", None, "male"),
    ],
)
def test_a_girl_or_boy_is_the_teller_unless_somebody_owns_them(words, age, sex):
    person = told(words).person
    assert (person.age, person.sex if sex else None) == (age, sex)


@pytest.mark.parametrize(
    "words",
    [
        "Since my mum died my legs are restless at night",
        "My son, 15, kept me up and my legs are restless. I'm 44",
        "After my brother left I could not keep my legs still at night",
    ],
)
def test_a_relative_who_only_dates_or_explains_it_has_nothing_that_runs_in_the_family(words):
    done = told(words)
    assert "family_restless_legs" not in done.history_present and not done.of_other


@pytest.mark.parametrize(
    "words",
    ["restless legs, my dad had them too", "I can't keep my legs still at night, same as my mum"],
)
def test_a_relative_who_has_the_same_stays_family_history(words):
    assert "family_restless_legs" in told(words).history_present

"""A medicine that is planned, left or only spoken of never counts as taken, and is never passed over."""

import pytest

from stillwell.assess.assessment import assess
from stillwell.case.read import case_from
from tests.case_helpers import told

PLANNED = [
    ("I am due to begin gabapentin for my restless legs", "gabapentin"),
    ("I'm about to commence gabapentin for restless legs", "gabapentin"),
    ("The doctor wants to try me on ropinirole for restless legs", "ropinirole"),
    ("I am thinking of pramipexole for my restless legs", "pramipexole"),
    ("My doctor mentioned pregabalin, my legs are restless", "pregabalin"),
    ("We talked about ropinirole at the clinic. My legs creep.", "ropinirole"),
]
LEFT = [
    ("My legs twitch. I was put on citalopram in January but only took it a week.", "citalopram"),
    ("My calves cramp. They gave me quinine, but I took it for three nights.", "quinine"),
    ("Sertraline was started in May, only lasted a week on it. Legs jump.", "sertraline"),
    ("I was put on amitriptyline but binned it. Legs jump.", "amitriptyline"),
    ("I stopped pregabalin two weeks ago, my legs jump", "pregabalin"),
]


@pytest.mark.parametrize(("words", "name"), PLANNED)
def test_what_is_planned_or_only_mentioned_is_listed_as_such_and_not_as_taken(words, name):
    done = told(words)
    assert not done.medicines and name in [m.told for m in done.planned]
    assert name in assess(case_from({"complaint": words})).understood["planned"]


@pytest.mark.parametrize(("words", "name"), LEFT)
def test_what_was_taken_only_for_days_is_listed_as_stopped(words, name):
    assert f"{name} (stopped)" in assess(case_from({"complaint": words})).understood["medicines"]


def test_a_second_medicine_of_a_class_that_is_taken_is_still_a_plan():
    done = told("I take pregabalin 75 mg and am due to start gabapentin. My legs jump")
    assert [m.told for m in done.medicines] == ["pregabalin"]
    assert [m.told for m in done.planned] == ["gabapentin"]


@pytest.mark.parametrize(
    "words",
    [
        "I told my doctor that I take amitriptyline. My legs jump.",
        "I talked about my amitriptyline with the doctor, my legs jump",
        "I began amitriptyline last week and now my legs jump",
    ],
)
def test_what_is_taken_and_spoken_of_stays_taken(words):
    assert [(m.told, m.stopped) for m in told(words).medicines] == [("amitriptyline", False)]

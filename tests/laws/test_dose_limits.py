"""A medicine above its limit is said, whatever the products that hold it, and raises the headline."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwell.assess.taken import warnings
from stillwell.assess.urgency import with_taken
from stillwell.case.daily_amount import portion
from stillwell.case.model import Case, Medicine, Person
from stillwell.case.understand import understand
from stillwell.knowledge.store import knowledge
from stillwell.triage.rules import triage


def of(words: str, **more):
    known = knowledge()
    case = understand(Case(story=words, **more))
    found = warnings(known, case)
    return with_taken(known, triage(case, known), found), found


@pytest.mark.parametrize(
    "words",
    [
        "My legs ache. Two paracetamol four times a day, plus two Solpadeine Max four times a day.",
        "Calf cramps. I'm on co-dydramol, two tablets every six hours, and Lemsip Max four times daily.",
        "Legs ache. Paracetamol 1 g four times daily, and Lemsip Max and Solpadeine on top.",
        "I take 12 Panadol a day for my aching legs.",
        "My knees ache. Co-codamol 8/500 two qds and paracetamol 500mg, 2 tablets at bedtime.",
        "Restless legs at night. Tramacet two tablets four times a day with acetaminophen 1 g three times a day.",
    ],
)
def test_paracetamol_over_four_grams_in_any_products_is_an_emergency(words):
    urgency, found = of(words)
    assert urgency.level == "emergency"
    above = [w for w in found if w.kind == "above limit"]
    assert "staggered overdose" in above[0].text and "even if you feel well" in above[0].do


@pytest.mark.parametrize(
    "words",
    [
        "My legs ache. I take two paracetamol tablets three times a day.",
        "My legs ache. I used to take co-codamol two four times a day; now paracetamol two tablets twice a day.",
        "My legs ache. My husband takes co-codamol two tablets four times a day. I take paracetamol 500 mg twice a day.",
    ],
)
def test_what_is_within_the_limit_raises_nothing(words):
    assert not [w for w in of(words)[1] if w.kind == "above limit"]


def test_two_products_of_unknown_amount_are_counted_today():
    urgency, found = of("Cramps at night. I take paracetamol and co-codamol.")
    assert urgency.level == "today" and "Count" in found[0].do


def test_a_second_product_that_is_only_asked_about_is_warned_of_calmly():
    urgency, found = of(
        "My calves ache. I take two paracetamol four times a day. Should I take Lemsip Max as well?"
    )
    assert urgency.level == "routine"
    assert any(w.text.startswith("Before you start lemsip max") for w in found)


def test_a_light_person_and_a_child_reach_the_limit_earlier():
    for person in (Person(age=30, weight_kg=45), Person(age=9)):
        urgency, _ = of("Paracetamol 1 g, four times a day, for sore legs.", person=person)
        assert urgency.level == "emergency"


def test_listed_medicines_are_summed_as_words_are():
    medicines = [
        Medicine(name="co-codamol", dose="two tablets four times a day"),
        Medicine(name="paracetamol", dose="1 g four times a day"),
    ]
    urgency, _ = of("My legs ache.", medicines=medicines)
    assert urgency.level == "emergency"


@pytest.mark.parametrize(
    ("words", "level", "said"),
    [
        ("I've taken Maxolon 10 mg tds for five months and my hands shake.", "soon", "5 days"),
        ("Restless legs. Mirapexin 0.7 mg twice a day, it now starts at lunch.", "soon", "0.54"),
        ("Restless legs, I take ropinirole 6 mg a day.", "soon", "4 mg"),
        ("My eGFR is 24. Gabapentin 600 mg three times a day. My arms jerk.", "today", "600 mg"),
        ("My eGFR is 12. Lyrica 150 mg twice a day. My legs jump.", "today", "75 mg"),
        ("Zopiclone 7.5 mg every night for two years. My legs jump.", "soon", "4 weeks"),
    ],
)
def test_a_medicine_taken_too_long_or_too_high_is_said(words, level, said):
    urgency, found = of(words)
    above = [w for w in found if w.kind == "above limit"]
    assert above and above[0].level == level and said in above[0].text
    assert urgency.level in ("emergency", "today", level)


@given(st.integers(1, 6), st.integers(1, 6), st.sampled_from([250, 500, 665, 1000]))
def test_an_amount_is_pieces_times_strength_times_often(pieces, times, strength):
    words = f"{strength} mg, {pieces} tablets {times} times a day"
    assert portion("p", "p", "", words, 500).least == pytest.approx(pieces * times * strength)


def test_another_emergency_stands_before_a_dose():
    urgency, _ = of(
        "I can't feel below my chest, my legs are weak and I had cancer. My back hurts. "
        "Paracetamol 1 g four times a day, co-codamol two tablets four times a day."
    )
    assert urgency.alerts[0].id != "taken" and "taken" in [a.id for a in urgency.alerts]

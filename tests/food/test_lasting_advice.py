"""What is advised to be taken whatever troubles a person: B12 without food from animals, vitamin D in a British winter."""

import pytest

from stillwell.assess.plan import make_plan
from stillwell.knowledge.store import knowledge
from stillwell.triage.rules import triage
from tests.case_helpers import told

KNOWN = knowledge()


def lines(nutrient, ranked=(("leg_bouncing_habit", 0.9, 0.9),), authority="lowest", **fields):
    case = told(findings={"present": ["leg_bouncing_habit"]}, **fields)
    made = make_plan(KNOWN, case, triage(case, KNOWN), list(ranked), authority=authority)
    return [s for s in made.supplements if s.nutrient == nutrient]


@pytest.mark.parametrize(
    "fields",
    [
        {"history": {"present": ["vegan"]}},
        {"avoids": ["plant-based"]},
        {"story": "I bounce my legs. I am vegan."},
        {"avoids": ["meat", "fish", "dairy", "eggs"]},
    ],
)
def test_who_eats_nothing_from_animals_is_told_to_take_b12_whatever_the_causes(fields):
    found = lines("vitamin B12", **fields)
    assert len(found) == 1 and found[0].verdict == "yes"
    assert "10 ug a day" in found[0].text and found[0].dose == (10, 10)


@pytest.mark.parametrize(
    "fields", [{}, {"history": {"present": ["vegetarian"]}}, {"avoids": ["meat"]}]
)
def test_who_eats_milk_or_eggs_is_not(fields):
    assert not [s for s in lines("vitamin B12", **fields) if s.verdict == "yes"]


def test_a_vegan_who_takes_it_is_told_to_keep_to_it():
    found = lines("vitamin B12", history={"present": ["vegan"]}, supplements=["vitamin B12 50 mcg"])
    assert "keep to it" in found[0].text and found[0].dose is None


def test_a_vegan_with_a_multivitamin_is_told_to_read_the_label():
    found = lines("vitamin B12", history={"present": ["vegan"]}, supplements=["multivitamin"])
    assert "label" in found[0].text


@pytest.mark.parametrize(("value", "word"), [(120, "for good"), (420, "keeps it so")])
def test_a_result_does_not_end_what_is_for_good(value, word):
    labs = [{"name": "vitamin_b12", "value": value, "unit": "pmol/L"}]
    found = lines("vitamin B12", history={"present": ["vegan"]}, labs=labs)
    assert word in found[0].text and "Not needed" not in found[0].text


def test_a_vegan_child_is_sent_to_a_doctor_or_dietitian():
    found = lines("vitamin B12", history={"present": ["vegan"]}, person={"age": 14})
    assert found[0].verdict == "no" and "dietitian this week" in found[0].text


def test_british_readers_are_told_of_vitamin_d_in_winter_and_no_test():
    found = lines("vitamin D", authority="uk")
    assert len(found) == 1 and found[0].verdict == "yes"
    assert "October to March" in found[0].text and "no blood test" in found[0].text
    assert not lines("vitamin D")


def test_vitamin_d_is_not_advised_to_all_where_calcium_is_high():
    labs = [{"name": "calcium_total", "value": 2.9, "unit": "mmol/L"}]
    assert all(s.verdict == "no" for s in lines("vitamin D", authority="uk", labs=labs))


def test_vitamin_d_taken_above_the_british_level_is_not_topped_up():
    found = lines("vitamin D", authority="uk", supplements=["vitamin D 1000 IU"])
    assert "keep to it" in found[0].text and found[0].dose is None

"""What a report says fits the person: nothing beside the point, nothing that another line takes back."""

import pytest

from stillwell.assess.assessment import assess
from stillwell.assess.plan import _allowed
from stillwell.case.read import case_from
from stillwell.knowledge.store import knowledge
from stillwell.nutrition.planner.limits import limits
from stillwell.report.build import build
from stillwell.report.render.terminal import render

RESTLESS = ["urge_to_move_legs", "worse_at_rest", "relief_by_movement", "worse_evening_night"]


def page(told, audience="person", everything=False):
    assessment = assess(case_from(told))
    text = render(build(assessment, audience), everything=everything, width=400)
    return assessment, text


def test_who_wants_to_die_is_told_who_helps_and_no_question_test_or_list_of_causes():
    told = {"person": {"age": 37, "sex": "female"}}
    told |= {"findings": {"present": ["suicidal_thoughts", "tremor_any", "low_mood"]}}
    assessment, text = page(told)
    assert not assessment.checklist.order and not assessment.checklist.questions
    assert not assessment.tests and not assessment.questions and not assessment.steps
    assert "116 123" in text
    assert not any(w in text for w in ("TSH", "regnan", "LIKELY CAUSES", "blood test"))


def test_the_doctors_page_says_that_a_number_is_the_causes_and_not_the_medicines():
    told = {"person": {"age": 61, "sex": "male"}, "medicines": ["omeprazole"]}
    told |= {"findings": {"present": ["tingling_feet"]}}
    told |= {"labs": [{"name": "vitamin b12", "value": 120, "unit": "ng/L"}]}
    assert "% likely here)" in page(told, "doctor")[1]


@pytest.mark.parametrize(
    "story",
    [
        "My restless legs come at noon by now, and in my arms, since ropinirole.",
        "Restless legs for years, on pramipexole. They start after lunch now, and my arms have it too. "
        "Worse since the dose went up.",
    ],
)
def test_what_is_probable_is_not_called_open_because_the_person_names_it(story):
    told = {"person": {"age": 63, "sex": "female"}, "story": story}
    sentences = assess(case_from(told)).bottom_line
    sure = " ".join(s.text for s in sentences if s.part == "sure")
    what = next(s.text for s in sentences if s.part == "what")
    assert not ("neither proves" in what and "likely than not" in sure), sure


@pytest.mark.parametrize("pregnant", [True, False])
def test_who_takes_iron_already_is_not_sent_to_ask_for_it(pregnant):
    told = {"person": {"age": 33, "sex": "female", "pregnant": pregnant}}
    told |= {"findings": {"present": RESTLESS}, "supplements": ["ferrous sulfate"]}
    told |= {"labs": [{"name": "ferritin", "value": 10, "unit": "ug/L"}]}
    steps = [s for about in assess(case_from(told)).steps for s in about.steps]
    asked = [s.short for s in steps if s.nutrient == "iron" and s.short]
    assert asked and not any("about iron" in s for s in asked)


def test_no_advice_on_food_praises_what_the_person_does_not_eat():
    case = case_from({"history": {"present": ["vegetarian"]}})
    from stillwell.case.understand import understand

    kept = limits(knowledge(), understand(case), {})
    for nutrient in knowledge().base.nutrients.values():
        said = _allowed(nutrient.food_advice, kept).lower()
        assert said.strip(".") and "meat" not in said and "fish" not in said, nutrient.id


@pytest.mark.parametrize("entry", ["none", "None.", "nil", "no tablets"])
def test_an_entry_that_says_none_takes_none(entry):
    told = {"medicines": [entry], "findings": {"present": ["leg_cramps"]}}
    assessment = assess(case_from(told))
    assert assessment.takes_none and not assessment.taken_unknown
    assert not any("not known" in line for line in assessment.unclear)


def test_a_result_is_named_and_not_a_worse_illness_that_it_may_mean():
    told = {"person": {"age": 68, "sex": "male"}, "findings": {"present": ["leg_cramps"]}}
    told |= {
        "labs": [
            {"name": "egfr", "value": 49},
            {"name": "magnesium", "value": 0.6, "unit": "mmol/L"},
        ]
    }
    _, text = page(told, everything=True)
    assert "possible failing kidneys" not in text and "(eGFR) is low" in text
    assert "lab:" not in text


def test_that_nothing_fits_is_not_said_beside_a_danger_to_rule_out():
    told = {"person": {"age": 44}, "story": "One calf is sore since a long flight."}
    assessment, text = page(told)
    assert assessment.rule_out
    assert "fits none of our causes" not in text

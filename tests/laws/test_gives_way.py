"""Muscle pain or a raised CK on a statin, and no effort told: the statin comes before sore muscles after effort."""

import pytest

from stillwell.assess.assessment import assess
from stillwell.case.read import case_from
from stillwell.report.build import build
from stillwell.report.document import CauseBlock

STATIN = {"person": {"age": 61}, "medicines": ["pravastatin"]}


def assessed(labs=(), **findings):
    return assess(case_from({**STATIN, "findings": findings, "labs": list(labs)}), draws=0)


def ck(value: int) -> dict[str, object]:
    return {"name": "creatine kinase", "value": value, "unit": "U/L"}


@pytest.mark.parametrize("labs", [[], [ck(640)]])
def test_without_an_effort_told_the_talk_about_the_statin_comes_first(labs):
    result = assessed(labs, present=["muscle_pain"])
    order = [c.id for c in result.causes]
    assert order.index("statin_myopathy") < order.index("overexertion")
    assert "muscle trouble from a statin" in result.bottom_line[0].text
    first = next(s.text for s in result.bottom_line if s.part == "first")
    assert "this week to whoever prescribes pravastatin" in first


def test_with_an_effort_told_sore_muscles_keep_their_place():
    result = assessed(present=["muscle_pain", "after_unusual_exertion"])
    assert result.causes[0].id == "overexertion"
    assert not any(c.after for c in result.causes)


def test_the_list_says_why_a_larger_number_stands_below():
    document = build(assessed([ck(700)], present=["muscle_pain"]))
    part = document.section("causes")
    assert part is not None
    blocks = {b.id: b for b in part.blocks if isinstance(b, CauseBlock)}
    assert "no unusual effort" in blocks["overexertion"].note
    assert [b.rank for b in blocks.values()] == [*range(1, len(blocks) + 1)]


def test_a_same_day_alarm_does_not_send_to_hospital_at_once_nor_bid_going_on_with_the_statin():
    document = build(assessed([ck(1400)], present=["muscle_pain"]))
    text = str(document)
    assert document.care.level == "today"
    assert "A hospital now" not in text
    assert "do not stop" not in text.lower()


SHAKES_AT_REST = ["tremor_at_rest", "tremor_one_sided"]


def shaking(age, *more):
    told = {"person": {"age": age}, "findings": {"present": [*SHAKES_AT_REST, *more]}}
    return assess(case_from({**told, "medicines": []}), draws=0)


@pytest.mark.parametrize("age", [47, 58, 74])
def test_shaking_at_rest_on_one_side_is_never_told_as_a_habit_of_bouncing(age):
    result = shaking(age)
    said = " ".join(s.text for s in result.bottom_line)
    assert "bouncing" not in said.split("Your answer")[0].split("and no habit of bouncing")[0]
    assert "no illness behind it" not in str(build(result))
    assert "Parkinson" in result.bottom_line[0].text


def test_a_habit_that_was_told_keeps_its_place():
    assert not any(c.after for c in shaking(58, "leg_bouncing_habit").causes)


def test_an_alarm_on_shaking_at_rest_states_no_slowness_that_nobody_told():
    told = {"person": {"age": 58}, "findings": {"present": SHAKES_AT_REST}}
    alerts = {a.id: a for a in assess(case_from(told), draws=0).urgency.alerts}
    assert "of one side" in alerts["rest_tremor_one_sided"].why

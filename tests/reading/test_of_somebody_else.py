"""A report on somebody else than the one who tells does not say "you" of what that person feels."""

import pytest

from stillwell.assess.assessment import assess
from stillwell.case.read import case_from
from stillwell.report.build import build
from stillwell.report.document import Items


def leads(words):
    part = build(assess(case_from({"complaint": words}), draws=0)).section("understood")
    return [i.lead for b in (part.blocks if part else []) if isinstance(b, Items) for i in b.items]


@pytest.mark.parametrize(
    ("words", "lead"),
    [
        ("My husband is 60 and his legs shake.", "He feels or has"),
        ("My mother is 70 and her legs shake.", "She feels or has"),
        ("My child is 9 and keeps getting cramps in the calves.", "Felt or there"),
        ("My legs shake.", "You feel or have"),
        ("My husband is 60 and well. My legs shake.", "You feel or have"),
        ("My mother has restless legs, my legs shake.", "You feel or have"),
    ],
)
def test_what_is_felt_is_said_of_the_patient(words, lead):
    assert lead in leads(words)


def test_an_alarm_told_by_a_carer_says_told():
    care = build(
        assess(case_from({"complaint": "My husband's face droops and he cannot move his arm."}))
    ).care
    said = " ".join(alert.because for alert in care.alerts)
    assert "Told:" in said and "You told" not in said

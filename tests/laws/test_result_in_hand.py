"""A result in hand is not asked for again, and what it proves goes before what a tablet may do."""

import pytest

from stillwell.knowledge.store import knowledge
from stillwell.triage.rules import triage
from tests.case_helpers import told

KNOWN = knowledge()


def alarms(**fields):
    return triage(told(**fields), KNOWN).alerts


@pytest.mark.parametrize("value", ["<0.01 mU/L", "0.02 mU/L"])
def test_a_thyroid_test_in_hand_is_not_asked_for(value):
    signs = {"present": ["tremor", "weight_loss"]}
    [without] = [a for a in alarms(findings=signs) if a.id == "thyroid_overactive"]
    assert "Ask for a thyroid" in without.do
    [with_it] = [
        a for a in alarms(findings=signs, labs={"tsh": value}) if a.id == "thyroid_overactive"
    ]
    assert "Ask for" not in with_it.do and "thyroid result" in with_it.do


def test_a_low_potassium_goes_before_a_sodium_that_a_tablet_might_lower():
    alerts = alarms(
        person={"age": 70},
        findings={"present": ["leg_cramps"]},
        medicines=["indapamide"],
        labs={"potassium": "3.3 mmol/L"},
    )
    ids = [a.id for a in alerts if a.level == "soon"]
    assert ids.index("k_low_any") < ids.index("na_low_new_medicine")

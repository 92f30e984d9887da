"""Laws of what is said of medicines that are taken: teratogens, statins, dialysis, swollen ankles."""

import pytest

from stillwell.assess.taken import warnings
from stillwell.knowledge.store import knowledge
from tests.case_helpers import told

KNOWN = knowledge()


def said(**fields) -> list:
    return warnings(KNOWN, told(**fields))


TERATOGENS = ["valproate", "methotrexate", "warfarin", "topiramate", "lithium", "ramipril"]


@pytest.mark.parametrize("medicine", TERATOGENS)
@pytest.mark.parametrize(
    ("person", "holds"),
    [
        ({"age": 30, "sex": "female"}, True),
        ({"age": 30, "sex": "female", "pregnant": False}, True),
        ({"age": 12, "sex": "female"}, True),
        ({"age": 70, "sex": "female"}, False),
        ({"age": 30, "sex": "male"}, False),
    ],
)
def test_a_woman_who_may_become_pregnant_is_told_what_harms_a_child(medicine, person, holds):
    found = said(person=person, medicines=[medicine])
    assert any("child" in w.text and w.kind == "contraindicated" for w in found) == holds


@pytest.mark.parametrize(
    ("medicines", "severity"),
    [
        (["simvastatin", "clarithromycin"], "contraindicated"),
        (["atorvastatin", "clarithromycin"], "serious"),
        (["simvastatin", "itraconazole"], "contraindicated"),
        (["simvastatin", "ciclosporin"], "contraindicated"),
        (["simvastatin", "amlodipine"], "serious"),
        (["simvastatin", "diltiazem"], "serious"),
        (["atorvastatin", "diltiazem"], "moderate"),
    ],
)
def test_what_makes_a_statin_build_up_is_said(medicines, severity):
    found = said(medicines=medicines)
    assert [w.severity for w in found if w.kind == "interaction"] == [severity]


def test_a_statin_that_does_not_build_up_is_left_in_peace():
    for medicines in (["pravastatin", "clarithromycin"], ["simvastatin", "azithromycin"],
                      ["atorvastatin", "amlodipine"]):  # fmt: skip
        assert not [w for w in said(medicines=medicines) if w.kind == "interaction"]


def test_turmeric_tablets_with_warfarin_are_warned_of():
    found = said(medicines=["warfarin"], supplements=["turmeric"])
    assert any("INR" in w.text and w.severity == "serious" for w in found)


def test_potassium_and_magnesium_on_dialysis_are_both_stopped_today():
    found = said(history={"present": ["dialysis"]}, supplements=["potassium", "magnesium"])
    stop = [w for w in found if "Stop both today" in w.do and "potassium test" in w.do]
    assert {s for w in stop for s in w.subjects} == {"potassium", "magnesium"}


@pytest.mark.parametrize(("medicine", "holds"), [("amlodipine", True), ("ramipril", False)])
def test_swollen_ankles_are_told_to_be_an_effect_of_amlodipine(medicine, holds):
    found = said(findings={"present": ["leg_swelling"]}, medicines=[medicine])
    assert any("Swollen ankles are a common effect" in w.text for w in found) == holds
    assert not any("Swollen ankles" in w.text for w in said(medicines=[medicine]))


def test_tonic_water_beside_warfarin_is_warned_of():
    found = said(medicines=["warfarin"], diary="fish and chips, tonic water")
    assert any("quinine" in w.text for w in found)

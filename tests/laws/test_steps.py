"""Laws of the plan: no treatment of the improbable, nothing contraindicated, nothing twice, every cause has steps."""

import pytest
from hypothesis import given, settings

from stillwell.assess.checklist import make_checklist, without_asked
from stillwell.assess.steps import LIKELY, results_of, steps_for
from stillwell.case.read import case_from
from stillwell.case.understand import understand
from stillwell.knowledge.base import sourced_numbers
from stillwell.knowledge.store import knowledge
from stillwell.nutrition.planner.limits import limits
from stillwell.triage.rules import RED, triage
from tests.laws.test_bottom_line import SHARES, people, ranked

KNOWN = knowledge()
base = KNOWN.base


@settings(max_examples=400, deadline=None)
@given(people(), SHARES)
def test_every_plan_is_safe(told, shares):
    urgency = triage(told, KNOWN)
    causes = ranked(shares)
    plan = steps_for(KNOWN, told, urgency, causes)
    forbidden = limits(KNOWN, told, {c.id: c.present for c in causes}).no_supplement
    likely = {c.id for c in causes if c.contributes >= LIKELY}
    likely |= {c.id for c in causes if c.present >= 0.5 and results_of(base, told, c.id)}
    named = {c for a in urgency.alerts if a.level in RED for c in a.causes}
    texts = [
        line.text
        for about in plan
        for line in (*about.steps, *about.home, *about.back, *about.until_help)
    ]
    assert len(texts) == len(set(texts))
    for about in plan:
        assert about.id in likely | named or about is plan[0]
        assert not any("{" in step.text + step.short for step in about.steps)
        assert not any(step.nutrient in forbidden for step in about.steps)
        if urgency.level == "emergency":
            assert not about.steps and not about.home and not about.back
        else:
            assert not about.until_help
        if about.id not in likely:
            assert {step.kind for step in about.steps} <= {"check"}
            assert not about.home


def test_every_cause_says_what_is_done_and_by_whom():
    assert set(base.management) == set(base.causes)
    for record in base.management.values():
        assert record.steps
        for _, line in sourced_numbers(record):
            assert line.cite or line.reason
    assert sum(len(record.steps) >= 3 for record in base.management.values()) >= 45


def plan_of(cause: str, **fields):
    told = understand(case_from(fields))
    causes = ranked({cause: (0.8, 0.5, 0.2)})
    (about,) = (a for a in steps_for(KNOWN, told, triage(told, KNOWN), causes) if a.id == cause)
    return " ".join(step.text for step in about.steps)


@pytest.mark.parametrize(
    ("fields", "holds"),
    [
        ({"labs": [{"name": "ferritin", "value": 40, "unit": "ug/L"}]}, True),
        ({"labs": [{"name": "ferritin", "value": 140, "unit": "ug/L"}]}, False),
        ({"labs": [{"name": "ferritin", "value": 40, "unit": "ug/L"}], "history": {"present": ["haemochromatosis"]}}, False),
        ({}, False),
    ],
)  # fmt: skip
def test_iron_for_restless_legs_follows_ferritin(fields, holds):
    told = plan_of("restless_legs_syndrome", complaint="restless legs", **fields)
    assert ("Iron comes first" in told) == holds


@pytest.mark.parametrize(("medicine", "holds"), [("pramipexole", True), ("ropinirole", True), ("ramipril", False)])  # fmt: skip
def test_augmentation_is_named_to_who_takes_what_causes_it(medicine, holds):
    told = plan_of("restless_legs_syndrome", complaint="restless legs", medicines=[medicine])
    assert ("augmentation" in told) == holds
    assert ("no longer standard" in told) != holds


@pytest.mark.parametrize(("complaint", "way", "other"), [("tingling feet", "injections", "1 mg"), ("leg cramps", "1 mg", "injections: hydroxo")])  # fmt: skip
def test_b12_is_given_one_way_by_whether_nerves_are_affected(complaint, way, other):
    told = plan_of("low_vitamin_b12", complaint=complaint, labs=[{"name": "vitamin_b12", "value": 95, "unit": "pmol/L"}])  # fmt: skip
    assert way in told
    assert other not in told


def test_no_propranolol_with_an_asthma_inhaler():
    assert "Propranolol is tried" in plan_of("essential_tremor", complaint="my hands tremble")
    told = plan_of("essential_tremor", complaint="my hands tremble", medicines=["salbutamol"])
    assert "Propranolol is tried" not in told


def test_no_treatment_for_sciatica_that_weak_kidneys_forbid():
    told = plan_of("lumbar_radiculopathy", complaint="pain shoots from my back into my leg", history={"present": ["chronic_kidney_disease"]})  # fmt: skip
    assert "anti-inflammatory" not in told


@pytest.mark.parametrize("cause", ["polyneuropathy", "diabetes_uncontrolled", "hypothyroidism"])
def test_no_step_asks_for_a_result_that_was_told(cause):
    results = [
        {"name": "hba1c", "value": 74, "unit": "mmol/mol"},
        {"name": "tsh", "value": 48, "unit": "mIU/L"},
    ]
    before = plan_of(cause, complaint="numb feet")
    after = plan_of(cause, complaint="numb feet", labs=results)
    assert "HbA1c" in before or "(TSH)" in before
    assert "HbA1c" not in after and "(TSH) " not in after


def test_what_a_step_sends_to_is_not_advised_against():
    told = understand(case_from({"findings": {"present": ["leg_jerks_during_sleep"]}}))
    steps = steps_for(KNOWN, told, triage(told, KNOWN), ranked({"periodic_limb_movements": (0.8, 0.5, 0.2)}))  # fmt: skip
    checklist = make_checklist(KNOWN, told, "routine", [], {})
    assert "sleep_study" in {line.id for line in checklist.avoid}
    assert "sleep_study" not in {line.id for line in without_asked(checklist, steps).avoid}

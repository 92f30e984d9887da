"""Laws of an emergency page: no line of first aid contradicts another, and nothing on it calms or treats."""

from itertools import combinations

import pytest
from hypothesis import given, settings

from stillwell.assess.assessment import assess
from stillwell.assess.steps import contradict, dangers, steps_for
from stillwell.case.model import Person
from stillwell.case.read import case_from
from stillwell.case.understand import Understood, understand
from stillwell.knowledge.schema import FirstAid
from stillwell.knowledge.store import knowledge
from stillwell.report.build import build
from stillwell.report.write import write
from stillwell.triage.rules import RED, triage
from tests.laws.test_bottom_line import SHARES, people, ranked

KNOWN = knowledge()
base = KNOWN.base
AID = {line.text: line for record in base.management.values() for line in record.until_help} | {
    line.text: line for line in base.first_aid.values()
}
NOT_SAFE_TO_SWALLOW = ["unresponsive", "seizure", "slurred_speech", "swallowing_difficulty", "facial_weakness"]  # fmt: skip


def until_help(told, shares=None):
    plan = steps_for(KNOWN, told, triage(told, KNOWN), ranked(shares or {}))
    return [line.text for about in plan for line in about.until_help]


@settings(max_examples=200, deadline=None)
@given(people(), SHARES)
def test_no_two_lines_of_first_aid_contradict_each_other(told, shares):
    lines = [AID[text] for text in until_help(told, shares) if text in AID]
    assert not any(contradict(one, other) for one, other in combinations(lines, 2))


def test_every_pair_of_lines_that_says_drink_and_do_not_drink_contradicts():
    for one, other in combinations(AID.values(), 2):
        texts = [one.text.lower(), other.text.lower()]
        if any("drink nothing" in t for t in texts) and any("juice" in t or "sip" in t for t in texts):  # fmt: skip
            assert contradict(one, other), texts
        if any(t.startswith("sit up") for t in texts) and any("legs raised" in t for t in texts):
            assert contradict(one, other), texts


@pytest.mark.parametrize("finding", NOT_SAFE_TO_SWALLOW)
@pytest.mark.parametrize("cause", [r.id for r in base.management.values() if r.until_help])
def test_nothing_by_mouth_where_swallowing_is_not_safe(finding, cause):
    told = Understood(Person(), present=[finding])
    urgency = triage(told, KNOWN)
    alert = urgency.alerts[0].__class__(
        id="any", level="emergency", why="", do="", within="", because=[], cite=[], judgement=True,
        causes=[cause],
    )  # fmt: skip
    urgency = urgency.__class__(level="emergency", alerts=[alert])
    plan = steps_for(KNOWN, told, urgency, [])
    lines = [AID[s.text] for about in plan for s in about.until_help if s.text in AID]
    assert not any(line.mouth in ("drink", "sugar") for line in lines)
    assert any(line.mouth == "nothing" for line in lines)


@pytest.mark.parametrize("labs", [[], [{"name": "glucose", "value": 1.9, "unit": "mmol/L"}]])
def test_who_cannot_be_woken_gets_no_sugar(labs):
    given_ = {"findings": {"present": ["unresponsive"]}, "medicines": ["insulin"], "labs": labs}
    urgency = triage(understand(case_from(given_)), KNOWN)
    gravest = [a.do for a in urgency.alerts if a.level == "emergency"]
    assert not any("sugar now" in do.lower() for do in gravest)


@pytest.mark.parametrize("rule", [r for r in base.triage.values() if r.level in RED], ids=lambda r: r.id)  # fmt: skip
def test_no_alarm_names_pregnancy_a_chill_or_poison_as_what_to_rule_out(rule):
    silent = {c for c, record in base.causes.items() if record.names_no_danger}
    assert {"pregnancy_related", "fever_rigors", "toxic_exposure"} <= silent
    assert rule.also or not rule.causes or set(rule.causes) - silent


EMERGENCIES = [
    {"findings": {"present": ["saddle_numbness", "radiating_leg_pain"]}},
    {"findings": {"present": ["cold_pale_leg", "onset_sudden"]}},
    {"findings": {"present": ["unresponsive"]}, "medicines": ["insulin"]},
    {"findings": {"present": ["overdose"]}},
    {"findings": {"present": ["leg_weakness", "tingling_feet", "onset_within_days"]}},
]  # fmt: skip


@pytest.mark.parametrize("case", EMERGENCIES)
def test_an_emergency_page_shows_no_chance_until_it_is_unfolded(case):
    report = assess(case_from(case), draws=0)
    assert report.urgency.level == "emergency"
    page = write(report, "terminal")
    assert " %" not in page and "self-care" not in page.lower()
    document = build(report)
    assert document.section("causes").extra
    assert "Do not decide by this list" in document.section("causes").blocks[0].text
    assert report.plan.helpers[0].name == "Emergency number"


@pytest.mark.parametrize(
    ("case", "named"),
    [
        ({"findings": {"present": ["overdose"]}}, "an overdose"),
        ({"findings": {"present": ["fever", "stiff_neck"]}}, "meningitis"),
        ({"findings": {"present": ["one_leg_swollen_warm_painful", "shortness_of_breath"]}}, "a clot in the lung"),
        ({"findings": {"present": ["blood_in_stool_or_black_stool"]}, "labs": [{"name": "haemoglobin", "value": 85, "unit": "g/L"}]}, "bleeding from the gut"),
        ({"story": "we both have a headache and feel sick since the boiler was on, and the cat is ill"}, "carbon monoxide poisoning"),
        ({"findings": {"present": ["headache", "blurred_vision"]}, "history": {"present": ["pregnant"]}}, "pre-eclampsia"),
    ],
)  # fmt: skip
def test_what_must_be_ruled_out_is_what_the_alarm_means(case, named):
    told = understand(case_from(case))
    assert named in dangers(base, told, triage(told, KNOWN))


def test_a_clot_in_pregnancy_sends_to_the_maternity_unit():
    told = understand(case_from({"findings": {"present": ["one_leg_swollen_warm_painful"]}, "history": {"present": ["pregnant"]}}))  # fmt: skip
    urgency = triage(told, KNOWN)
    assert "maternity unit" in urgency.alerts[0].do and "clot" in urgency.alerts[0].do
    assert "deep_vein_thrombosis" in dangers(base, told, urgency)
    assert "pregnancy_related" not in dangers(base, told, urgency)


def test_a_child_with_a_fit_is_not_asked_about_drink():
    case = {"person": {"age": 4}, "findings": {"present": ["seizure"]}}
    told = understand(case_from(case))
    assert "alcohol_withdrawal" not in dangers(base, told, triage(told, KNOWN))
    report = assess(case_from(case), draws=0)
    assert build(report).care.scope.startswith("Out of scope: a child")
    grown = understand(case_from({**case, "person": {"age": 40}}))
    assert "alcohol_withdrawal" in dangers(base, grown, triage(grown, KNOWN))


def test_a_crisis_text_stands_once():
    report = assess(case_from({"findings": {"present": ["suicide_plan"]}}), draws=0)  # fmt: skip
    assert write(report, "terminal").count("You matter") == 1


def test_first_aid_of_different_postures_contradicts():
    flat, upright = FirstAid(text="a", posture="flat"), FirstAid(text="b", posture="upright")
    assert contradict(flat, upright) and not contradict(flat, FirstAid(text="c"))

"""Laws of what an alarm names and says: its own danger first, nothing that was told as an "if", nothing that calms."""

import re

import pytest

from stillwell.assess.steps import dangers, steps_for
from stillwell.case.model import Person
from stillwell.case.understand import Understood
from stillwell.knowledge.store import knowledge
from stillwell.triage.rules import RED, triage
from tests.case_helpers import told
from tests.knowledge.alarm_words import STATES
from tests.laws.test_triage import satisfy

KNOWN = knowledge()
base = KNOWN.base
RED_RULES = [r for r in base.triage.values() if r.level in RED]
# what a text may call a danger -> what names it: ids of causes, or words of `also`
CALLED = {
    r"giant cell arteritis": ["giant cell arteritis"],
    r"(?<!heat )\bstroke\b": ["stroke_or_tia", "bleeding", "fever"],
    r"can be tetanus": ["tetanus"],
    r"\b(?:a fit|fits)\b": ["focal_seizure", "fits", "withdrawal", "epilepsy", "low", "pre-eclampsia", "overdose", "theophylline", "hypoglycaemia"],
    r"water, salts": ["loss of water"],
    r"\bsepsis\b|blood poisoning|neutropenic": ["blood poisoning", "infection", "meningitis", "high_potassium"],
    r"\bheatstroke\b": ["heatstroke"],
    r"\blithium\b": ["lithium_toxicity"],
    r"\bdigoxin\b": ["digoxin", "low_potassium"],
    r"\btheophylline\b": ["theophylline"],
    r"high ammonia": ["ammonia", "liver_failure"],
    r"infantile spasms": ["infantile spasms"],
    r"\bmyositis\b": ["myositis"],
    r"\bpre-eclampsia\b": ["pre-eclampsia"],
    r"carbon monoxide|gas from a heater": ["carbon monoxide"],
    r"infected joint|joint .* can be infected": ["infected joint"],
    r"blocked artery|blocked main artery": ["acute_limb_ischaemia", "main artery", "stroke_or_tia", "clot"],
    r"main artery": ["main artery", "acute_limb_ischaemia", "clot in the lung"],
    r"blood clot|may hold a clot|clot in the lung": ["deep_vein_thrombosis", "clot", "heart attack"],
    r"spinal cord|pressed nerves": [
        "compressive_myelopathy", "cauda_equina_syndrome", "subacute_combined_degeneration",
        "nitrous_oxide_toxicity", "multiple_sclerosis", "guillain_barre", "stroke_or_tia",
        "lumbar_radiculopathy",
    ],
    r"\bpotassium\b": [
        "potassium", "periodic_paralysis", "uraemia", "dehydration", "digoxin", "hyperthyroidism",
    ],
    r"\bcalcium\b": ["calcium", "hypoparathyroidism"],
    r"\bsodium\b": ["low_sodium", "dehydration"],
    r"low sugar": ["hypoglycaemia"],
    r"vitamin B1\b": ["low_thiamine"],
    r"too much serotonin": ["serotonin_syndrome"],
    r"necrotising": ["necrotising"],
    r"dangerous rhythm": ["heart rhythm", "rhythm"],
    r"severe allergy": ["allergy", "venom"],
    r"\bmeningitis\b": ["meningitis", "blood poisoning"],
    r"thyroid storm": ["thyroid storm"],
    r"\bketoacidosis\b|acid in the blood": ["diabetes_uncontrolled"],
}  # fmt: skip


def first_named(rule):
    case = Understood(Person())
    satisfy(rule.when, case)
    urgency = triage(case, KNOWN)
    alone = urgency.__class__(
        level=rule.level, alerts=[a for a in urgency.alerts if a.id == rule.id]
    )
    found = dangers(base, Understood(Person()), alone)
    return found[0] if found else ""


@pytest.mark.parametrize("rule", RED_RULES, ids=lambda r: r.id)
def test_what_an_alarm_names_first_is_what_its_text_speaks_of(rule):
    names = [
        n for pattern, ids in CALLED.items() if re.search(pattern, rule.why, re.I) for n in ids
    ]
    if names and (rule.causes or rule.also):
        first = first_named(rule)
        said = f"{first} {base.causes[first].name if first in base.causes else ''}".lower()
        assert any(n.replace("_", " ") in said.replace("_", " ") for n in names), (first, rule.why)


def test_the_table_of_dangers_speaks_of_many_rules():
    spoken = [r for r in RED_RULES if any(re.search(p, r.why, re.I) for p in CALLED)]
    assert len(spoken) > 120


@pytest.mark.parametrize("text", [
    "my nan is 84, shivering hard, muddled, temperature 39, breathing fast",
    "dad, 79, is feverish and does not know where he is, he passes hardly any water",
    "I am hot and cold with rigors and confused, no tablets",
])  # fmt: skip
def test_too_much_of_the_medicine_is_never_named_where_none_is_taken(text):
    report = told(text)
    named = dangers(base, report, triage(report, KNOWN))
    assert named and not any("medicine" in n for n in named)


FIRST = [
    ("I take lithium, 70, vomiting for days and now I slur and stagger with coarse shaking", "lithium_toxicity"),
    ("on haloperidol, since the dose went up he is rigid, sweating, fever 39.8 and confused", "neuroleptic malignant"),
    ("I am 72, sore scalp, jaw aches when I chew, and sight went in one eye", "giant cell arteritis"),
    ("insulin user, sweaty, shaking, muddled and her legs will not hold her up", "hypoglycaemia"),
    ("on gliclazide, trembling and talking nonsense and cannot stand up", "hypoglycaemia"),
    ("my 6 year old limps with a fever of 39 and will not put weight on the leg", "infect"),
    ("shaking chills, fever 39.5, confused, heart racing", "blood poisoning"),
    ("trod on a rusty nail last week and now lockjaw", "tetanus"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "wanted"), FIRST)
def test_the_danger_that_the_story_tells_is_named_first(text, wanted):
    report = told(text)
    named = dangers(base, report, triage(report, KNOWN))
    assert wanted in named[0], named


# ---- nobody whose sugar may be low is told to fast, and sugar is for the awake ----
SUGAR = [
    "he takes insulin, is muddled and trembling and cannot stand",
    "on insulin, weak legs, confused, shaking and cannot pass urine",
    "my mother of 81 takes something for her sugar, gliclazide, she is shaky, confused and collapsed",
    "type 1 diabetic, sweating, shaking, talking rubbish, legs gave way, face fine",
]


@pytest.mark.parametrize("text", SUGAR)
def test_nobody_whose_sugar_may_be_low_is_told_to_fast(text):
    report = told(text)
    urgency = triage(report, KNOWN)
    lines = [s.text for a in steps_for(KNOWN, report, urgency, []) for s in a.until_help]
    assert urgency.level == "emergency"
    assert dangers(base, report, urgency)[0] == "hypoglycaemia"
    unsafe = {"slurred_speech", "seizure", "unresponsive", "loss_of_consciousness"} & {
        *report.present
    }
    assert unsafe or not any("drink nothing" in line for line in lines)


@pytest.mark.parametrize("rule", base.triage.values(), ids=lambda r: r.id)
def test_sugar_is_for_those_who_are_awake(rule):
    for text in (rule.do, *(i.do for i in rule.instead)):
        if re.search(r"\b(?:take|give) sugar\b", text, re.I):
            assert re.search(r"\bawake\b", text) and "swallow" in text, text


# ---- "go to hospital if ..." is not said of what was told ----
SEND = re.compile(
    r"\b(?:go to (?:a |the )?hospital|go to an emergency department|ambulance)\b[^.]*?\b(?:if|for|with|when)\b([^.]*)",
    re.I,
)


@pytest.mark.parametrize("rule", [r for r in base.triage.values() if r.level != "emergency"], ids=lambda r: r.id)  # fmt: skip
def test_what_an_alarm_sends_to_hospital_for_is_an_emergency_where_it_was_told(rule):
    for condition in SEND.findall(rule.do):
        named = {f for p, items in STATES.items() if re.search(p, condition) for f in items.split()}
        for finding in sorted(named & set(base.findings)):
            case = Understood(Person())
            satisfy(rule.when, case)
            if finding in case.present:
                continue  # what the rule fires by is not its own "if"
            case.present.append(finding)
            assert triage(case, KNOWN).level == "emergency", (rule.id, finding, condition)

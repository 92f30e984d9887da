"""Law: more severe evidence never lowers urgency, and every emergency rule can fire."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stillwell.case.model import Person
from stillwell.case.understand import TakenMedicine, Understood
from stillwell.knowledge.store import knowledge
from stillwell.triage.rules import LEVELS, triage
from tests.case_helpers import told

base = knowledge().base
FINDINGS = sorted(base.findings)


def level(present, history=()):
    case = Understood(Person(), present=list(present), history_present=list(history))
    return LEVELS.index(triage(case, knowledge()).level)


@settings(max_examples=200, deadline=None)
@given(st.sets(st.sampled_from(FINDINGS), max_size=12), st.sampled_from(FINDINGS))
def test_adding_a_finding_never_lowers_urgency(present, more):
    assert level({*present, more}) <= level(present)


def satisfy(when, case):
    """The least evidence that makes a condition hold."""
    if when.all is not None:
        for part in when.all:
            satisfy(part, case)
    elif when.any is not None:
        satisfy(when.any[0], case)
    elif when.finding is not None:
        case.present.append(when.finding)
    elif when.history is not None:
        case.history_present.append(when.history)
    elif when.medicine is not None:
        case.medicines.append(TakenMedicine(when.medicine, when.medicine, when.medicine))
    elif when.lab is not None:
        test = base.tests[when.lab]
        value = when.below * 0.9 if when.below else when.above * 1.1 if when.above else None
        lab = (
            {"name": when.lab, "flag": when.flag}
            if value is None
            else {"name": when.lab, "value": value, "unit": test.unit}
        )
        case.labs.update(told("x legs shake", labs=[lab]).labs)


@pytest.mark.parametrize("name", sorted(base.triage))
def test_every_rule_fires_on_the_least_evidence_that_it_names(name):
    case = Understood(Person())
    satisfy(base.triage[name].when, case)
    urgency = triage(case, knowledge())
    assert name in {a.id for a in urgency.alerts}
    assert LEVELS.index(urgency.level) <= LEVELS.index(base.triage[name].level)


WORDS = [
    ("my back hurts and I am numb between my legs", "emergency"),
    ("weakness started in my feet and is climbing up to my thighs", "emergency"),
    ("my muscles hurt after spin class and my urine is dark", "emergency"),
    ("I had a seizure", "emergency"),
    ("suddenly my face drooped and my arm is weak", "emergency"),
    ("my left calf is swollen and hurts, it is red and warm", "today"),
    ("my hands lock in spasm", "today"),
    ("my legs are restless in the evening", "routine"),
]


@pytest.mark.parametrize(("text", "expected"), WORDS)
def test_red_flags_fire_from_plain_words(text, expected):
    assert triage(told(text), knowledge()).level == expected


def test_lab_panic_values_fire_alone():
    for name, value, unit in [
        ("potassium", 2.2, "mmol/L"),
        ("potassium", 7.0, "mmol/L"),
        ("calcium", 1.7, "mmol/L"),
        ("sodium", 115, "mmol/L"),
        ("CK", 20000, "U/L"),
    ]:
        case = told(labs=[{"name": name, "value": value, "unit": unit}])
        assert triage(case, knowledge()).level == "emergency", name

"""A report never contradicts itself, nor what was told; where it did, it would say so."""

import random

import msgspec
import pytest

from stillwell.assess.assessment import assess
from stillwell.case.read import case_from
from stillwell.knowledge.store import knowledge
from stillwell.report.build import build
from stillwell.report.check import faults, settled
from stillwell.report.document import Item, Items, Section

base = knowledge().base
CASE = {
    "complaint": "my legs cramp at night",
    "person": {"age": 71, "sex": "male"},
    "medicines": ["furosemide", "omeprazole"],
    "labs": [
        {"name": "magnesium", "value": 0.5, "unit": "mmol/L"},
        {"name": "potassium", "value": 3.2, "unit": "mmol/L"},
    ],
}


def people(count):
    """Generated cases: signs, denials, history, medicines, supplements and results of every test."""
    choose = random.Random(71)
    medicines = sorted(m.name for c in base.medicines.values() for m in c.members)
    supplements = sorted(base.supplements)
    for _ in range(count):
        tests = choose.sample(sorted(base.tests.values(), key=lambda t: t.id), choose.randint(0, 4))
        labs = []
        for test in tests:
            low, high = test.possible
            value = low + (high - low) * choose.random() ** 4
            labs.append({"name": test.id, "value": value, "unit": test.unit})
        yield {
            "person": choose.choice([{}, {"age": 34, "sex": "female"}, {"age": 71, "sex": "male"}]),
            "findings": {"present": choose.sample(sorted(base.findings), choose.randint(1, 4))},
            "history": {
                "present": choose.sample(["vegan", "diabetes", "smoking", "back_disease"], 2)
            },
            "medicines": choose.sample(medicines, choose.randint(0, 3)),
            "supplements": choose.sample(supplements, choose.randint(0, 2)),
            "labs": labs,
        }


@pytest.mark.parametrize("case", people(40))
def test_no_report_of_a_generated_person_contradicts_itself(case):
    result = assess(case_from(case), draws=0)
    for audience in ("person", "doctor"):
        document = build(result, audience)
        assert faults(document, result) == []
        assert document.section("faults") is None


FELT = [
    "my legs are restless when I lie down", "both calves cramp at night", "my hands tremble when I hold a cup",
    "my feet tingle", "my thighs ache", "my legs feel heavy by evening", "my eyelid keeps twitching",
    "my fingers go numb at night", "I feel weak on the stairs", "my legs shake when I stand",
]  # fmt: skip
BESIDES = [
    "and I sleep badly",
    "since a few weeks",
    "and I am worried about it",
    "after a long run",
    "and I am tired",
    "",
]
TAKEN = [
    [],
    ["atorvastatin"],
    ["metformin", "omeprazole"],
    ["sertraline"],
    ["bendroflumethiazide"],
    ["metoclopramide"],
]
RESULTS = [
    [], [("ferritin", 14, "ug/L")], [("vitamin b12", 180, "ng/L")], [("creatine kinase", 240, "U/L")],
    [("tsh", 2.1, "mIU/L"), ("haemoglobin", 131, "g/L")], [("potassium", 3.2, "mmol/L")], [("hba1c", 62, "mmol/mol")],
]  # fmt: skip


def stories(count):
    """Ordinary people in their own words, with what they take and what was measured."""
    choose = random.Random(3)
    for _ in range(count):
        yield {
            "complaint": f"{choose.choice(FELT)} {choose.choice(BESIDES)}".strip() + ".",
            "person": {
                "age": choose.choice([24, 38, 52, 67, 81]),
                "sex": choose.choice(["female", "male"]),
            },
            "medicines": choose.choice(TAKEN),
            "labs": [{"name": n, "value": v, "unit": u} for n, v, u in choose.choice(RESULTS)],
        }


@pytest.mark.parametrize("case", [*stories(30)])
def test_no_report_of_an_ordinary_story_contradicts_itself(case):
    """With redraws: numbers are rounded by their ranges, and the order must hold all the same."""
    result = assess(case_from(case), draws=12)
    for audience in ("person", "doctor"):
        assert faults(build(result, audience), result) == []


@pytest.fixture(scope="module")
def result():
    return assess(case_from(CASE), draws=0)


def with_line(document, text, section="do", part="plan"):
    more = Section(id=section, title="More", part=part, blocks=[Items(items=[Item(text=text)])])
    return msgspec.structs.replace(document, sections=[*document.sections, more])


def test_a_line_that_stands_twice_in_the_plan_is_left_out(result):
    document = with_line(with_line(build(result), "Drink more."), "drink more")
    lines = [i.text for s in settled(document, result).sections for b in s.blocks
             if isinstance(b, Items) for i in b.items]  # fmt: skip
    assert sum(line.lower().startswith("drink more") for line in lines) == 1


def test_what_was_told_is_never_said_to_be_untold(result):
    wrong = with_line(build(result), base.wording.limits["no_medicines"], "limits", "machinery")
    assert [f.rule for f in faults(wrong, result)] == ["untold"]
    assert settled(wrong, result).section("faults") is not None


def test_both_ends_of_one_quantity_are_never_listed(result):
    causes = [
        msgspec.structs.replace(c, contributes=0.6, present=0.9)
        if c.id in ("low_potassium", "high_potassium")
        else c
        for c in result.causes
    ]
    wrong = msgspec.structs.replace(result, causes=causes)
    assert "opposite" in [f.rule for f in faults(build(result), wrong)]


def test_what_is_likely_low_is_never_said_to_be_unneeded(result):
    lines = [
        msgspec.structs.replace(line, unneeded=True) if line.nutrient == "magnesium" else line
        for line in result.plan.supplements
    ]
    assert any(line.unneeded for line in lines)
    plan = msgspec.structs.replace(result.plan, supplements=lines)
    wrong = msgspec.structs.replace(result, plan=plan)
    assert [f.rule for f in faults(build(result), wrong)] == ["not_needed"]


def test_nothing_that_was_told_is_lost(result):
    told = {**result.understood, "medicines": [*result.understood["medicines"], "zopiclone"]}
    wrong = msgspec.structs.replace(result, understood=told)
    assert [f.rule for f in faults(build(result), wrong)] == ["lost"]


def test_a_citation_without_its_source_is_found(result):
    document = build(result)
    bare = [s for s in document.sections if s.id not in ("sources", "more_sources")]
    wrong = msgspec.structs.replace(document, sections=bare)
    assert {f.rule for f in faults(wrong, result)} == {"no_source"}


def test_a_report_without_causes_says_so_and_not_that_none_fits():
    """A fault in the model costs the causes alone, and never reads as if nothing had been found."""

    def broken(*_):
        raise MemoryError

    case = case_from({"complaint": "my legs cramp at night"})
    found = assess(case, draws=0, find=broken)
    said = " ".join(sentence.text for sentence in found.bottom_line)
    assert found.missing["causes"]
    assert "could not be worked out" in said
    assert "None of the causes" not in said

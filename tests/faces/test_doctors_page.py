"""The doctor's page: what cannot wait, the person's own words, medicines with doses, and order."""

import pytest

from stillwell.assess.assessment import assess
from stillwell.case.dose_words import dose_words
from stillwell.case.read import case_from
from stillwell.knowledge.store import knowledge
from stillwell.report.build import build
from stillwell.report.document import CauseBlock, Items, Paragraph, Table
from stillwell.report.document import TestOrder as Order

PRESSED = (
    "I am 51 and a woman. Since the day before yesterday my bottom is numb where I sit on the toilet, "
    "both legs are weak and I cannot pass water. I take citalopram 20 mg every morning."
)
FEET = {
    "person": {"age": 66, "sex": "male"},
    "findings": {
        "present": ["tingling_feet", "symmetrical"],
        "absent": [
            "saddle_numbness", "ascending_weakness", "suicidal_thoughts", "fever", "chest_pain",
            "hand_tremor", "leg_cramps", "burning_feet", "numbness_feet", "seizure", "confusion",
        ],
    },
    "history": {"present": ["diabetes"]},
    "medicines": [{"name": "metformin", "dose": "850 mg three times a day"}],
}  # fmt: skip


def page(case):
    found = assess(case_from(case if isinstance(case, dict) else {"story": case}), draws=16)
    return found, build(found, "doctor")


def blocks(document, kind):
    return [b for s in document.sections for b in s.blocks if isinstance(b, kind)]


@pytest.fixture(scope="module")
def pressed():
    return page(PRESSED)


@pytest.fixture(scope="module")
def feet():
    return page(FEET)


def test_pressed_nerves_are_scanned_before_any_blood_is_taken(pressed):
    order = next(s for s in pressed[1].sections if s.id == "order")
    now = next(b for b in order.blocks if isinstance(b, Items))
    first = " ".join(item.lead.lower() for item in now.items)
    assert "mri" in first and "bladder scan" in first
    bloods = next(b for b in order.blocks if isinstance(b, Order))
    assert order.blocks.index(now) < order.blocks.index(bloods)
    assert not any("mri" in test.name.lower() for test in bloods.tests)


def test_every_danger_that_an_emergency_names_most_often_says_what_finds_it_out():
    for name in (
        "cauda_equina_syndrome", "compressive_myelopathy", "guillain_barre", "stroke_or_tia",
        "acute_limb_ischaemia", "deep_vein_thrombosis", "rhabdomyolysis", "hypoglycaemia",
    ):  # fmt: skip
        assert knowledge().base.management[name].now


def test_the_doctor_reads_the_persons_own_words_and_when_it_began(pressed):
    text = " ".join(p.text for p in blocks(pressed[1], Paragraph))
    assert "bottom is numb where I sit" in text
    assert "day before yesterday" in text


def test_a_long_story_is_quoted_by_its_first_sentences():
    _, document = page(PRESSED + " It is all very hard to bear for us." * 12)
    text = " ".join(p.text for p in blocks(document, Paragraph))
    assert "…" in text and text.count("very hard to bear") < 8


def test_causes_stand_in_the_order_of_the_number_that_is_shown(pressed, feet):
    for found, document in (pressed, feet):
        names = [row[0].lower() for row in blocks(document, Table)[0].rows]
        of = {c.technical_name.lower(): c for c in found.causes}
        shown = [(of[n].name in found.rule_out, of[n].contributes) for n in names]
        assert shown == sorted(shown, reverse=True)  # what an alarm names comes first


def test_a_dose_stands_wherever_medicines_are_listed(pressed, feet):
    for (found, document), dose in (
        (pressed, "20 mg every morning"),
        (feet, "850 mg three times a day"),
    ):
        assert any(dose in name for name in found.understood["medicines"])
        leads = [i.lead for b in blocks(document, Items) for i in b.items]
        assert any(dose in lead for lead in leads)


@pytest.mark.parametrize(
    ("after", "before", "dose"),
    [
        (" 75 mg at night since May", "", "75 mg at night"),
        (" for my nerves", "I was put on 10 mg", "10 mg"),
        (" helps, my wife weighs 60 kg", "", ""),
        (" and two weeks later fell, 30 mg of", "", ""),
    ],
)
def test_a_dose_is_what_stands_right_beside_the_name(after, before, dose):
    assert dose_words(after, before) == dose


def test_a_medicine_says_which_listed_cause_it_can_drive():
    _, document = page(
        {
            "person": {"age": 52, "sex": "female"},
            "findings": {"present": ["urge_to_move_legs", "urge_worse_at_rest"]},
            "medicines": ["mirtazapine 15 mg"],
        }
    )
    lines = [i for b in blocks(document, Items) for i in b.items if "irtazapine 15 mg" in i.lead]
    assert lines and "restless legs" in lines[0].text


def test_few_denied_signs_are_listed_and_never_the_question_asked_of_everybody(feet):
    text = blocks(feet[1], Paragraph)[0].text
    denied = text.partition("Denied: ")[2].partition(".")[0]
    assert "dying" not in denied
    told = [d for d in feet[0].denied if d.name in denied]
    assert 0 < len(told) <= 6


def test_only_signs_are_called_alarm_signs():
    base = knowledge().base
    _, document = page(
        {
            "person": {"age": 70, "sex": "male"},
            "story": "tingling in both feet and leg cramps for months",
            "medicines": ["metformin", "omeprazole", "furosemide"],
            "labs": [
                {"name": "magnesium", "value": 0.6, "unit": "mmol/L"},
                {"name": "vitamin_b12", "value": 110, "unit": "pmol/L"},
                {"name": "mcv", "value": 104, "unit": "fL"},
                {"name": "hba1c", "value": 70, "unit": "mmol/mol"},
            ],
        }
    )
    said = document.care.more.partition(": ")[2].rstrip(".")
    signs = {f.name for f in base.findings.values() if f.section != "course"}
    assert all(part in signs for part in said.split(", ") if part)


def test_a_probability_with_its_range_is_not_said_again_in_people(feet):
    causes = [b for s in build(feet[0]).sections for b in s.blocks if isinstance(b, CauseBlock)]
    assert causes
    assert not any(b.people and b.interval for b in causes)


def test_a_danger_that_is_no_cause_of_the_base_has_its_tests_from_the_rule():
    found, _ = page(
        "My right calf is red, hot and swollen since Sunday and now I am short of breath. I am 47."
    )
    names = " ".join(t.name for t in found.urgent_tests)
    assert "lung arteries" in names and "leg veins" in names
    assert "lung" in found.urgent_tests[0].name


def medicines_of(document):
    section = next(s for s in document.sections if s.id == "medicines")
    return [(item.lead, item.text) for b in section.blocks for item in b.items]


SAID = "not known to us, so its effects were not looked at"
RESTLESS = "My legs are restless in the evening."


@pytest.mark.parametrize(
    ("case", "listed"),
    [
        ({"story": f"{RESTLESS} I take cetirizine 10 mg once a day."}, ["Cetirizine 10 mg once a day"]),
        ({"story": RESTLESS, "medicines": ["cetirizine 10 mg", "Zorblax"]}, ["Cetirizine 10 mg", "Zorblax"]),
        ({"story": f"{RESTLESS} I take cetirizine.", "medicines": ["Cetirizine 10 mg"]}, ["Cetirizine 10 mg"]),
        ({"story": f"{RESTLESS} I take cetirizine 10 mg once a day.", "medicines": ["cetirizine"]}, ["Cetirizine 10 mg once a day"]),
    ],
)  # fmt: skip
def test_a_medicine_that_is_not_known_stands_among_the_medicines_once_as_told(case, listed):
    found, document = page(case)
    assert medicines_of(document) == [(name, SAID) for name in listed]
    assert "cetirizine" not in str([s for s in document.sections if s.id == "not_used"]).lower()
    assert (
        sum("cetirizine" in line.lower() for line in found.unclear) == 1
    )  # a person still reads it
    assert knowledge().base.wording.limits["no_medicines"] not in found.limits


def test_none_taken_is_not_the_same_as_nothing_told():
    none = medicines_of(page({"story": RESTLESS, "medicines": []})[1])
    untold = medicines_of(page({"story": RESTLESS})[1])
    assert none == [("", "None taken, as told.")]
    assert untold == [("", "Nothing was told of medicines.")]


def test_the_ninth_and_tenth_medicine_are_not_lost():
    many = [
        "metformin", "sertraline", "ramipril", "atorvastatin", "omeprazole", "amlodipine",
        "bisoprolol", "levothyroxine", "allopurinol", "warfarin", "gabapentin",
    ]  # fmt: skip
    shown = str(medicines_of(page({"story": RESTLESS, "medicines": many})[1])).lower()
    assert [name for name in many if name not in shown] == []

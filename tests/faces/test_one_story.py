"""A report tells one story: its heading, its reasons, its results and its grammar go together."""

import re
from pathlib import Path

import pytest

import stillwell
from stillwell.assess.assessment import assess
from stillwell.case.read import case_from
from stillwell.knowledge.store import knowledge
from stillwell.report.build import build, title_of

base = knowledge().base
NUMB = {
    "person": {"age": 64, "sex": "male"},
    "findings": {
        "present": [
            "urge_to_move_legs", "tingling_feet", "numbness_feet", "burning_feet", "symmetrical",
            "onset_weeks_to_months",
        ]
    },
    "history": {"present": ["diabetes"]},
    "labs": [
        {"name": "hba1c", "value": 64, "unit": "mmol/mol"},
        {"name": "vitamin_d_25oh", "value": 38, "unit": "nmol/L", "reference": [50, 125]},
        {"name": "folate", "value": 24, "unit": "nmol/L"},
        {"name": "vitamin_b12", "value": 420, "unit": "pmol/L"},
    ],
}  # fmt: skip


@pytest.fixture(scope="module")
def numb():
    return assess(case_from(NUMB), draws=0)


def test_the_heading_is_a_sign_that_the_main_cause_usually_brings(numb):
    assert next(s.about for s in numb.bottom_line if s.about) == "diabetic_neuropathy"
    assert "Restless" not in title_of(numb, "doctor")
    restless = assess(
        case_from(
            {"findings": {"present": ["urge_to_move_legs", "urge_worse_at_rest", "tingling_feet"]}}
        ),
        draws=0,
    )
    assert "Restless" in title_of(restless, "doctor")


def test_months_are_not_against_an_illness_that_its_file_lets_begin_over_months(numb):
    name = base.findings["onset_weeks_to_months"].name
    cause = next(c for c in numb.causes if c.id == "diabetic_neuropathy")
    against = [r.words for r in cause.reasons if r.weight < 0 and not r.better]
    assert name not in against


def test_an_onset_that_an_illness_hardly_ever_has_is_against_it():
    sudden = {**NUMB, "findings": {"present": ["tingling_feet", "numbness_feet", "onset_sudden"]}}
    found = assess(case_from(sudden), draws=0)
    cause = next(c for c in found.causes if c.id == "diabetic_neuropathy")
    against = [r.words for r in cause.reasons if r.weight < 0]
    assert base.findings["onset_sudden"].name in against


def test_results_well_inside_their_range_speak_for_no_lack(numb):
    for cause in numb.causes:
        for reason in cause.reasons:
            if reason.item.startswith("panel:") and reason.weight > 0:
                assert "420" not in reason.words
                assert "24 nmol" not in reason.words


def test_a_borderline_result_that_speaks_for_a_lack_says_that_it_is_borderline():
    found = assess(
        case_from(
            {
                "findings": {"present": ["tingling_feet"]},
                "labs": [{"name": "vitamin_b12", "value": 190, "unit": "pmol/L"}],
            }
        ),
        draws=0,
    )
    cause = next(c for c in found.causes if c.id == "low_vitamin_b12")
    said = [r.words for r in cause.reasons if r.item.startswith("panel:") and r.weight > 0]
    assert said and all("inside its range" in words for words in said)


def test_a_result_called_low_says_what_the_cause_of_the_same_name_means(numb):
    line = next(r for r in numb.results if r.id == "vitamin_d_25oh")
    assert "below 30" in line.below_definition
    assert base.causes["low_vitamin_d"].definition.startswith("25-hydroxyvitamin D < 30")


def test_a_row_of_medicines_takes_no_verb_of_one():
    texts = [
        text
        for record in base.management.values()
        for step in record.steps
        for text in (step.text, step.short)
    ]
    assert [t for t in texts if re.search(r"\{told\} (?!is|was)[a-z]+[^s]s ", t)] == []


def test_every_reason_of_an_order_ends_as_a_sentence(numb):
    document = build(numb, "doctor")
    tests = [t for s in document.sections for b in s.blocks for t in getattr(b, "tests", [])]
    assert tests
    for test in tests:
        assert test.why.endswith((".", "!", "?"))
        assert not test.note or test.note.endswith((".", "!", "?"))


def test_a_microgram_is_written_one_way_on_every_page():
    folder = Path(stillwell.__file__).parent
    places = [
        *folder.glob("web/**/*.py"),
        *folder.glob("report/**/*.*"),
        *folder.glob("web/**/*.j2"),
    ]
    texts = [p.read_text() for p in places if p.suffix in (".py", ".yaml", ".j2", ".typ")]
    assert texts
    assert not [t for t in texts if "µg" in t]

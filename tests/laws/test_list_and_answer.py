"""The bottom line and the list of causes speak with one voice."""

import pytest

from stillwell.assess.assessment import assess
from stillwell.case.read import case_from
from stillwell.knowledge.store import knowledge
from stillwell.report.build import build
from stillwell.report.document import CauseBlock

STORIES = next(iter(knowledge().base.stories.values()))


def assessed(**fields):
    return assess(case_from(fields), draws=0)


def lab(name: str, value: float, unit: str) -> dict[str, object]:
    return {"name": name, "value": value, "unit": unit}


CASES = [
    {
        "findings": {"present": ["tingling_feet", "gait_unsteady"]},
        "history": ["vegan"],
        "labs": [lab("vitamin b12", 90, "pg/mL")],
    },
    {"complaint": "My legs crawl in the evening when I sit, and walking helps", "medicines": ["mirtazapine"]},
    {"complaint": "my eyelid and calf twitch, and I drink six coffees a day"},
]  # fmt: skip


@pytest.mark.parametrize("fields", CASES)
def test_the_bottom_line_begins_with_the_first_of_the_list(fields):
    result = assessed(**fields)
    first = result.causes[0]
    assert STORIES.say.get(first.id, first.name) in result.bottom_line[0].text


@pytest.mark.parametrize("fields", CASES)
def test_the_list_counts_without_gaps(fields):
    part = build(assessed(**fields)).section("causes")
    assert part is not None
    ranks = [b.rank for b in part.blocks if isinstance(b, CauseBlock)]
    assert ranks == [*range(1, len(ranks) + 1)]


def test_a_list_that_begins_with_something_harmless_is_not_shown_under_an_alarm_that_names_a_danger():
    result = assessed(
        complaint="My left calf is swollen, warm and sore since a long flight. I have varicose veins."
    )
    assert result.urgency.level in ("today", "emergency") and result.rule_out
    part = build(result).section("causes")
    assert part is None or part.extra or result.causes[0].named_by_alert


def test_what_a_person_calls_restless_legs_is_taken_as_that():
    result = assessed(
        complaint="I've got restless legs.", person={"age": 58}, labs=[lab("ferritin", 55, "ug/L")]
    )
    assert "You call it restless legs" in result.bottom_line[0].text
    assert not any("stores are low" in s.text for s in result.bottom_line)


def test_empty_stores_are_asked_about_where_the_result_is_low():
    result = assessed(
        complaint="I've got restless legs.", person={"age": 58}, labs=[lab("ferritin", 6, "ug/L")]
    )
    assert any("why the stores are low" in s.text for s in result.bottom_line)


def test_a_raised_tsh_on_the_thyroid_tablet_gets_its_step_whatever_else_is_found():
    result = assessed(
        person={"age": 59, "sex": "female"},
        medicines=["levothyroxine", "omeprazole"],
        findings={"present": ["tingling_feet", "gait_unsteady", "fatigue"]},
        labs=[
            lab("vitamin b12", 190, "pg/mL"),
            lab("tsh", 8.9, "mIU/L"),
            lab("haemoglobin", 11, "g/dL"),
            lab("mcv", 106, "fL"),
        ],
    )
    part = build(result).section("do")
    assert part is not None and "thyroid" in str(part).lower()


def test_no_course_speaks_for_a_cause_whose_record_holds_nothing_of_it():
    base = knowledge().base
    result = assessed(
        complaint="Since a new tablet my legs are tired and ache, for weeks, and I feel cold",
        medicines=["rosuvastatin"],
    )
    for cause in result.causes:
        known = {edge.finding for edge in base.causes[cause.id].findings}
        for reason in cause.reasons:
            course = reason.item in base.findings and base.findings[reason.item].section == "course"
            assert not course or reason.weight < 0 or reason.item in known

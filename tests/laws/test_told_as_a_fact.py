"""What a person tells as a fact is not given back to them as a chance, nor asked for."""

import pytest

from stillwell.assess.assessment import assess
from stillwell.case.read import case_from
from stillwell.report.build import build
from stillwell.report.document import CauseBlock, Table
from stillwell.report.wording import words

FACTS = [
    ("I'm expecting, 28 weeks, and my calves cramp in bed.", "pregnancy_related"),
    ("Five months pregnant with my second. My legs ache and swell by the evening.", "pregnancy_related"),
    ("I have Parkinson's disease since 2015 and my right hand shakes at rest. I am 71.", "parkinson_disease"),
    ("Diagnosed with multiple sclerosis six years ago, now my legs feel weak and numb. I am 38, a woman.", "multiple_sclerosis"),
    ("I have myasthenia gravis and my arms tire and my lids droop in the evening.", "myasthenia_gravis"),
]  # fmt: skip


@pytest.mark.parametrize(("story", "cause"), FACTS)
def test_a_cause_that_was_told_is_said_to_be_told_and_has_no_chance_of_being_there(story, cause):
    found = assess(case_from({"story": story}), draws=16)
    assert next(c for c in found.causes if c.id == cause).told
    document = build(found)
    drawn = [b for s in document.sections for b in s.blocks if isinstance(b, CauseBlock)]
    shown = [b.present for b in drawn if b.id == cause]
    assert all(text == words().causes["present_told"] for text in shown)
    tables = [b for s in document.sections if s.id == "all_causes" for b in s.blocks]
    name = next(c.technical_name for c in found.causes if c.id == cause)
    rows = [row for b in tables if isinstance(b, Table) for row in b.rows if f"({name})" in row[0]]
    assert rows[0][3] == words().machinery["told"]
    moved = [m.cause for q in (*found.questions, *found.tests) for m in q.moves]
    assert cause not in moved


@pytest.mark.parametrize(
    "story",
    [
        "My calves cramp in bed. I am 30, a woman, and not pregnant.",
        "My right hand shakes at rest. My father had Parkinson's disease. I am 60.",
        "My legs feel numb. Could it be multiple sclerosis? I am 38.",
    ],
)
def test_what_was_denied_feared_or_told_of_another_is_no_fact(story):
    assert not any(c.told for c in assess(case_from({"story": story}), draws=0).causes)

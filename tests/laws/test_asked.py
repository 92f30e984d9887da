"""Law: what was asked about is answered from the numbers, and never more calmly than numbers and alarms allow."""

import random

import msgspec
import pytest

from stillwell.assess.assessment import assess
from stillwell.case.asked_in_words import Asked
from stillwell.case.read import case_from
from stillwell.knowledge.store import knowledge
from stillwell.report.build import build
from stillwell.report.chances import HARDLY_KNOWN, percent, word_for
from stillwell.report.check import faults
from stillwell.report.wording import words

BASE = knowledge().base
SAY = words().asked


def people(count):
    choose = random.Random(12)
    medicines = sorted(m.name for c in BASE.medicines.values() for m in c.members)
    findings = sorted(f for f in BASE.findings if not BASE.findings[f].triage_only)
    for _ in range(count):
        yield (
            {
                "person": {"age": choose.randint(18, 90), "sex": choose.choice(["female", "male"])},
                "findings": {"present": choose.sample(findings, choose.randint(0, 4))},
                "medicines": choose.sample(medicines, choose.randint(1, 2)),
            },
            choose.sample(sorted(BASE.causes), 3),
            choose.choice(sorted(BASE.medicines)),
        )


def with_asked(case, causes, medicines=(), draws=0):
    asked = [Asked(kind="cause", id=c, words=c) for c in causes]
    asked += [Asked(kind="medicine", id=m, words=m) for m in medicines]
    return msgspec.structs.replace(assess(case_from(case), draws=draws), asked=asked)


def answers(result):
    part = build(result).section("asked")
    return [] if part is None else part.blocks[0].items


@pytest.mark.parametrize(("case", "causes", "medicine"), [*people(25)])
def test_no_answer_is_calmer_than_numbers_and_alarms_allow(case, causes, medicine):
    result = with_asked(case, causes, [medicine], draws=30)
    assert faults(build(result), result) == []
    items, level = answers(result), result.urgency.level
    if level == "emergency":
        assert items == []
        return
    if level == "today":
        [only] = items
        assert only.text.startswith(SAY["alarm"].split("{")[0])
        return
    if result.urgency.outside:  # nothing of ours was told: the report says so, and no more
        assert items == []
        return
    assert len(items) == 4
    alarms = {c for alert in result.urgency.alerts for c in alert.causes}
    by_id = {c.id: c for c in result.causes}
    for id, item in zip(causes, items, strict=False):
        cause = by_id[id]
        if id in alarms or not result.urgency.understood:
            assert "%" not in item.text
            continue
        felt = bool(result.complaint)
        p, low, high = (
            (cause.contributes, cause.contributes_low, cause.contributes_high)
            if felt
            else (cause.present, cause.present_low, cause.present_high)
        )
        if high - low >= HARDLY_KNOWN:
            assert percent(low) in item.text
            assert words().chance.likely not in item.text
            continue
        word = word_for(p, high - low)
        assert word in item.text
        if cause.group != "result":
            assert percent(p, high - low) in item.text
        if word == words().chance.unlikely:
            assert "does not rule it out" in item.text
    assert SAY["prescriber"] == items[3].note or not result.urgency.understood


def test_nothing_asked_is_no_section():
    assert build(with_asked({"complaint": "my legs cramp at night"}, [])).section("asked") is None


def test_it_stands_after_the_next_step():
    document = build(
        assess(case_from({"complaint": "My calves cramp at night. Is it magnesium?"}), draws=0)
    )
    order = [s.id for s in document.sections]
    assert order.index("asked") == order.index("next") + 1


def test_a_cause_that_an_alarm_of_the_next_weeks_names_is_to_be_looked_for():
    result = assess(
        case_from({"complaint": "My hand shakes at rest. Do I have Parkinson's?"}), draws=0
    )
    assert result.urgency.level == "soon"
    [item] = answers(result)
    assert item.text == SAY["named_by_alert"]


def test_under_an_emergency_nothing_is_weighed():
    words_ = "My legs have grown weaker since yesterday and now I cannot stand. Is it potassium?"
    result = assess(case_from({"complaint": words_}), draws=0)
    assert result.asked
    assert result.urgency.level == "emergency"
    assert answers(result) == []


def test_a_medicine_is_answered_by_what_it_can_bring_on_and_never_by_stopping_it():
    story = "My legs ache, I take atorvastatin. Does my statin do it?"
    [item] = answers(assess(case_from({"complaint": story}), draws=0))
    assert BASE.causes["statin_myopathy"].name in item.text
    assert item.note == SAY["prescriber"]


def test_a_medicine_that_is_not_taken_is_said_not_to_be_counted():
    [item] = answers(with_asked({"complaint": "my legs cramp at night"}, [], ["statins"]))
    assert SAY["not_taken"] in item.text


def test_a_claim_is_answered_as_learn_answers_it():
    from stillwell.learn.answer import Library

    question = "Does magnesium help cramps?"
    [item] = answers(assess(case_from({"complaint": f"My legs cramp. {question}"}), draws=0))
    best = Library(knowledge()).answer(question, 1)[0]
    assert item.text == f"{best.answer} {best.text}"


def test_whether_one_has_an_illness_is_never_answered_by_a_general_claim():
    [item] = answers(
        assess(case_from({"complaint": "Tingling feet. Do I have diabetes?"}), draws=0)
    )
    assert not item.text.startswith("Yes")


def test_what_would_tell_more_is_a_test_of_the_order_where_it_holds_one():
    story = "My legs jump at night when I lie down and must move. Is it low iron?"
    result = assess(case_from({"complaint": story}), draws=30)
    [item] = answers(result)
    assert "ferritin" in [line.id for line in result.checklist.order]
    assert "ferritin" in item.note.lower()

"""Law: no reason reads backwards. What a cause's own file lists as its sign never stands against it."""

from pathlib import Path

import msgspec
import pytest

from stillwell.assess.assessment import assess
from stillwell.case.read import case_from
from stillwell.case.understand import understand
from stillwell.knowledge.store import knowledge
from stillwell.report.build import build
from tests.case_helpers import told

BASE = knowledge().base
CASES = Path(__file__).parents[1] / "cases"
SITUATIONS = [
    situation["given"]
    for name in ("everyday.yaml", "ordinary_1.yaml")
    for situation in msgspec.yaml.decode((CASES / name).read_bytes())
][::4]
FC06 = {
    "person": {"age": 34, "sex": "female"},
    "findings": {"present": ["heavy_periods", "fatigue", "onset_over_years"]},
    "labs": [{"name": "ferritin", "value": 11, "unit": "ng/mL"}],
}
FC07 = {
    "person": {"age": 71, "sex": "male"},
    "findings": {
        "present": ["night_cramps", "tingling_feet", "gait_unsteady"],
        "absent": ["back_pain"],
    },
    "history": {"present": ["diabetes", "heart_failure"]},
    "medicines": ["furosemide", "omeprazole", "metformin"],
}


def lists(cause, item):
    """Whether the cause's own file says that the item comes of it or raises it."""
    record, (kind, _, name) = BASE.causes[cause], item.partition(":")
    if kind == "history":
        return any(
            r.factor == name and (r.p or (r.odds_ratio or 0) > 1) for r in record.risk_factors
        )
    if kind in BASE.findings and BASE.findings[kind].section != "course":
        return not BASE.findings[kind].qualifies and any(f.finding == kind for f in record.findings)
    return False


@pytest.mark.parametrize("given", [*SITUATIONS, FC06, FC07], ids=range(len(SITUATIONS) + 2))
def test_nothing_a_cause_lists_as_its_own_speaks_against_it(given):
    seen = 0
    for cause in assess(understand(case_from(given)), draws=0).causes:
        for reason in cause.reasons:
            seen += 1
            assert not reason.item.startswith("not taken:")
            if lists(cause.id, reason.item):
                assert reason.weight > 0 or reason.better, (cause.id, reason)
            if reason.better:
                assert reason.weight < 0 and reason.better != cause.name
    assert seen


def reasons_of(given):
    return {c.id: {r.item: r for r in c.reasons} for c in assess(told(**given), draws=0).causes}


def test_tiredness_speaks_for_low_iron():
    assert reasons_of(FC06)["low_iron"]["fatigue"].weight > 0


def test_diabetes_is_not_against_nerve_damage_but_points_to_that_from_diabetes():
    reason = reasons_of(FC07)["polyneuropathy"]["history:diabetes"]
    assert reason.better == BASE.causes["diabetic_neuropathy"].name


def test_a_denied_sign_is_no_reason_where_the_cause_seldom_brings_it():
    for reasons in reasons_of(FC07).values():
        assert "no:back_pain" not in reasons or reasons["no:back_pain"].weight < 0


def test_the_report_says_what_it_points_to_and_not_against():
    document = build(assess(told(**FC07), draws=0))
    blocks = [
        b for s in document.sections for b in s.blocks if getattr(b, "id", "") == "polyneuropathy"
    ]
    assert blocks
    name = BASE.causes["diabetic_neuropathy"].name
    assert any(name in line for line in blocks[0].reasons_elsewhere)
    assert not any("diabetes" in line.lower() for line in blocks[0].reasons_against)

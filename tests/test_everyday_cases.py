"""Everyday situations that a clinician can read and correct (tests/cases/everyday.yaml)."""

from pathlib import Path

import pytest
import yaml

from stillwell.assess.assessment import assess
from stillwell.case.read import case_from

CASES = yaml.safe_load((Path(__file__).parent / "cases" / "everyday.yaml").read_text())


@pytest.mark.parametrize("case", CASES, ids=[c["name"] for c in CASES])
def test_everyday_case(case):
    result = assess(case_from(case["given"]), draws=0, detail=False)
    first = [c.id for c in result.causes[:3]]
    assert set(first) & set(case["likely"]), first
    if "urgency" in case:
        assert result.urgency.level == case["urgency"]

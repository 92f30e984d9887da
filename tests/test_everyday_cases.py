"""Everyday situations that a clinician can read and correct (tests/cases/*.yaml)."""

from functools import cache
from pathlib import Path

import pytest
import yaml

from stillwell.assess.assessment import assess
from stillwell.case.read import case_from
from stillwell.triage.rules import LEVELS

FOLDER = Path(__file__).parent / "cases"
CASES = yaml.safe_load((FOLDER / "everyday.yaml").read_text())
ORDINARY = [
    c for p in sorted(FOLDER.glob("ordinary_*.yaml")) for c in yaml.safe_load(p.read_text())
]


@pytest.mark.parametrize("case", CASES, ids=[c["name"] for c in CASES])
def test_everyday_case(case):
    result = assess(case_from(case["given"]), draws=0, detail=False)
    first = [c.id for c in result.causes[:3]]
    assert set(first) & set(case["likely"]), first
    if "urgency" in case:
        assert result.urgency.level == case["urgency"]


@cache
def outcomes():
    """(an expected cause among the first three, urgency as expected, less urgent than expected)."""
    rows = []
    for case in ORDINARY:
        result = assess(case_from(case["given"]), draws=0, detail=False)
        first = {c.id for c in result.causes[:3]}
        least = max(LEVELS.index(u) for u in case["urgency"])
        level = result.urgency.level
        rows.append(
            (
                bool(first & set(case["likely"])),
                level in case["urgency"],
                LEVELS.index(level) > least,
            )
        )
    return rows


# The expectations were written before the program saw the stories and are not bent to it; the misses stand in
# docs/validation.md. These floors keep it from getting worse.
def test_most_ordinary_stories_find_an_expected_cause() -> None:
    assert len(ORDINARY) >= 80
    assert sum(found for found, _, _ in outcomes()) / len(ORDINARY) >= 0.8


def test_most_ordinary_stories_get_the_expected_urgency() -> None:
    assert sum(fits for _, fits, _ in outcomes()) / len(ORDINARY) >= 0.8


def test_few_ordinary_stories_are_thought_less_urgent_than_expected() -> None:
    assert sum(under for _, _, under in outcomes()) / len(ORDINARY) <= 0.12

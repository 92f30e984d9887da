"""Law: for everybody the columns say what the one-case function says, to 1e-9, and the same urgency."""

from pathlib import Path

import numpy as np
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stillwell.case.read import case_from
from stillwell.cohort.assessed import Assessor
from stillwell.cohort.one_by_one import assess_one
from stillwell.cohort.people import DENIED, SEXES, TOLD, UNKNOWN, People
from stillwell.cohort.urgency import LEVEL_NAMES
from stillwell.errors import StillwellError
from tests.cohort.made import random_people

CASES = Path(__file__).parent.parent / "cases"


@pytest.fixture(scope="module")
def assessor(model):
    return Assessor(model)


def compare(assessor, people):
    """Each person by columns and by the one-case function."""
    found = assessor.assess(people)
    for i in range(len(people)):
        try:
            one = assess_one(assessor.model, people.case(i))
        except StillwellError:
            assert found.refused[i]
            continue
        assert not found.refused[i]
        assert LEVEL_NAMES[found.urgency[i]] == one.urgency, people.case(i)
        for ours, theirs in (
            (found.present[:, i], one.present),
            (found.contributes[:, i], one.contributes),
            (found.nothing_listed[i], one.nothing_listed),
        ):
            np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-9)
    return found


def test_people_of_whom_anything_may_be_told(assessor):
    found = compare(assessor, random_people(60, 1))
    assert found.one_by_one.sum() < 30


def test_people_with_results_alone(assessor):
    compare(assessor, random_people(40, 2, present=0, denied=0, results=10))


def test_people_who_told_much(assessor):
    compare(assessor, random_people(12, 3, present=5, denied=12, findings=25))


@settings(
    max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(seed=st.integers(0, 10**6))
def test_any_people(assessor, seed):
    compare(assessor, random_people(6, seed, findings=8, present=3))


def test_results_in_other_units_and_beyond_what_is_possible(assessor, known):
    people = People.unknown(4)
    people.labs["ferritin", "ng/mL"] = np.array([9.0, 300.0, np.nan, np.nan])
    people.labs["calcium_total", "mg/dL"] = np.array([8.0, 9.4, 900.0, np.nan])
    people.labs["albumin", "g/dL"] = np.array([3.0, 4.0, np.nan, np.nan])
    people.labs["hba1c", "%"] = np.array([9.0, 5.2, np.nan, 5.0])
    people.labs["vitamin_b12", "parsec"] = np.array([100.0, np.nan, np.nan, np.nan])
    found = compare(assessor, people)
    assert found.set_aside["calcium_total", "not_possible"] == 1
    assert found.set_aside["vitamin_b12", "unit_not_known"] == 1


def labelled_people(known):
    """The labelled cases of `tests/cases`, as far as they are listed and not told in words."""
    values = [yaml.safe_load(path.read_text()) for path in sorted(CASES.glob("published/*.yaml"))]
    for path in sorted(CASES.glob("*.yaml")):
        value = yaml.safe_load(path.read_text())
        for one in value if isinstance(value, list) else []:
            values.append(one.get("given") if isinstance(one, dict) else None)
    cases = []
    for value in values:
        try:
            cases.append(case_from({k: v for k, v in value.items() if k != "truth"}))
        except (StillwellError, AttributeError):
            continue
    people = People.unknown(len(cases))
    base = known.base
    for i, case in enumerate(cases):
        person = case.person
        people.age[i] = np.nan if person.age is None else np.floor(person.age)
        people.sex[i] = UNKNOWN if person.sex is None else SEXES.index(person.sex)
        for kind, table in (("findings", base.findings), ("history", base.history)):
            told = getattr(case, kind)
            for state, names in ((TOLD, told.present), (DENIED, told.absent)):
                for name in (n for n in names if n in table):
                    column = getattr(people, kind)
                    column.setdefault(name, np.full(len(cases), UNKNOWN, np.int8))[i] = state
        for item in case.medicines or []:
            name = item if isinstance(item, str) else item.name
            people.medicines.setdefault(name, np.zeros(len(cases), bool))[i] = True
        people.medicines_known[i] = case.medicines is not None
        for lab in case.labs:
            if lab.name in base.tests and isinstance(lab.value, int | float) and lab.unit:
                key = (lab.name, lab.unit)
                people.labs.setdefault(key, np.full(len(cases), np.nan))[i] = lab.value
    return people


def test_all_labelled_cases(assessor, known):
    people = labelled_people(known)
    assert len(people) > 20
    compare(assessor, people)


def test_what_is_said_of_a_person_does_not_depend_on_who_else_is_there(assessor):
    people = random_people(40, 5, findings=4)
    whole = assessor.assess(people.some(slice(None)))
    order = np.random.default_rng(0).permutation(40)
    mixed = Assessor(assessor.model).assess(people.some(order))
    for i, at in enumerate(order[:10]):
        alone = assessor.assess(people.some(np.array([at])))
        for name in ("present", "contributes"):
            mine = getattr(whole, name)[:, at]
            assert np.array_equal(mine, getattr(mixed, name)[:, i], equal_nan=True)
            assert np.array_equal(mine, getattr(alone, name)[:, 0], equal_nan=True)


@pytest.mark.parametrize(
    ("count", "given"),
    [
        (40, {"present": 0, "denied": 0, "results": 12}),  # an extract of health records
        (40, {"present": 1, "denied": 3, "findings": 8}),  # a survey
        (10, {"present": 5, "denied": 15, "findings": 30, "results": 5}),
        (4, {"present": 10, "denied": 5, "findings": 30, "results": 2}),
    ],
)
@pytest.mark.parametrize("seed", [11, 12])
def test_people_of_every_mix(assessor, count, given, seed):
    compare(assessor, random_people(count, seed, **given))


def test_findings_alone_are_worked_out_together(assessor, known):
    """Nobody with plain findings is left to the one-case function, however many patterns there are."""
    model = assessor.model
    findings = known.base.findings  # a worry beside other signs has a program of its own
    plain = sorted(n for n in set(model.findings) & set(findings) if not findings[n].asked_alone)
    plain = plain[:60]
    people = People.unknown(50)
    people.age[:] = np.linspace(20, 88, 50).round()
    people.sex[:] = np.arange(50) % 2
    for k, name in enumerate(plain):
        column = np.full(50, UNKNOWN, np.int8)
        column[k % 50 :: 17] = TOLD
        people.findings[name] = column
    found = compare(assessor, people)
    assert found.patterns > 40
    assert not found.one_by_one.any()


def test_a_finding_that_a_cause_suppresses(assessor):
    suppressed = sorted(assessor.model.inhibitions)
    people = People.unknown(2 * len(suppressed))
    people.age[:] = 55
    for k, name in enumerate(suppressed):
        people.findings[name] = np.full(len(people), UNKNOWN, np.int8)
        people.findings[name][[2 * k, 2 * k + 1]] = TOLD
    people.findings["leg_cramps"] = (np.arange(len(people)) % 2).astype(np.int8)
    compare(assessor, people)

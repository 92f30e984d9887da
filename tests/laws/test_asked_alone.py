"""Law: a sign that is a cause by definition is asked about only where nothing else was told."""

import numpy as np

from stillwell.assess.assessment import assess
from stillwell.case.model import Case, Told
from stillwell.cohort.assessed import Assessor
from stillwell.cohort.one_by_one import assess_one
from stillwell.cohort.people import TOLD, UNKNOWN, People


def anxiety(*present):
    found = assess(Case(findings=Told(present=list(present))), draws=0, detail=False)
    return next(c for c in found.causes if c.id == "anxiety_or_panic")


def test_a_worry_told_beside_another_sign_does_not_make_anxiety_its_cause():
    worried = anxiety("foot_drop", "anxiety_or_worry")
    assert worried.present > 0.4
    assert worried.contributes < 0.1


def test_a_worry_that_is_all_that_was_told_is_what_is_asked_about():
    assert anxiety("anxiety_or_worry").contributes > 0.4


def test_shaking_beside_a_worry_is_still_put_down_to_it():
    assert anxiety("tremor", "anxiety_or_worry").contributes > anxiety("tremor").contributes


def test_columns_say_the_same(model):
    people = People.unknown(3)
    people.findings["anxiety_or_worry"] = np.array([TOLD, TOLD, UNKNOWN], np.int8)
    people.findings["tremor"] = np.array([UNKNOWN, TOLD, TOLD], np.int8)
    people.findings["panic_attacks"] = np.array([UNKNOWN, UNKNOWN, TOLD], np.int8)
    found = Assessor(model).assess(people)
    for i in range(3):
        one = assess_one(model, people.case(i))
        np.testing.assert_allclose(found.contributes[:, i], one.contributes, rtol=0, atol=1e-9)
        assert abs(found.nothing_listed[i] - one.nothing_listed) < 1e-9

"""Law: a medicine tells the illness that it is taken for, unless the person says something else of it."""

import numpy as np
import pytest

from stillwell.assess.assessment import assess
from stillwell.assess.taken_for import implied_history
from stillwell.case.model import Case, Person, Told
from stillwell.case.understand import understand
from stillwell.cohort.assessed import Assessor
from stillwell.cohort.one_by_one import assess_one
from stillwell.cohort.people import DENIED, TOLD, UNKNOWN, People
from stillwell.knowledge.store import knowledge

KNOWN = knowledge()
FEET = Told(present=["tingling_feet", "numbness_feet"])


def nerve_damage(medicines, history=None, person=None):
    case = Case(
        person=person or Person(age=58, sex="female"),
        findings=FEET,
        history=history or Told(),
        medicines=medicines,
    )
    found = assess(case, draws=0, detail=False)
    return next(c.present for c in found.causes if c.id == "diabetic_neuropathy")


@pytest.mark.parametrize("medicine", ["metformin", "insulin", "gliclazide"])
def test_a_medicine_of_diabetes_tells_diabetes(medicine):
    untold, told = nerve_damage([]), nerve_damage([medicine])
    assert told > 2 * untold
    # nearly as if the person had said so
    assert told > 0.75 * nerve_damage([medicine], Told(present=["diabetes"]))


def test_who_denies_the_illness_is_believed():
    denied = Told(absent=["diabetes"])
    assert nerve_damage(["metformin"], denied) == pytest.approx(nerve_damage([], denied), rel=0.2)


def test_metformin_of_a_young_woman_is_less_sure():
    def sure(age, sex):
        case = Case(person=Person(age=age, sex=sex), medicines=["metformin"])
        return implied_history(KNOWN.base, understand(case))["diabetes"].certainty

    assert sure(25, "female") < 0.8 < sure(60, "female")


def test_what_a_medicine_does_itself_is_not_counted_twice():
    case = Case(findings=Told(present=["tremor"]), medicines=["insulin"])
    with_history = Case(
        findings=Told(present=["tremor"]), medicines=["insulin"], history=Told(absent=["diabetes"])
    )
    shaking = [
        next(
            c.present for c in assess(one, draws=0, detail=False).causes if c.id == "hypoglycaemia"
        )
        for one in (case, with_history)
    ]
    assert shaking[0] == pytest.approx(shaking[1], rel=0.05)


def test_medicines_of_no_one_illness_tell_none():
    case = Case(medicines=["gabapentin", "pregabalin", "amitriptyline", "topiramate", "lithium"])
    assert not implied_history(KNOWN.base, understand(case))


def test_the_reason_names_the_medicine_and_what_it_is_for():
    found = assess(Case(person=Person(age=58), findings=FEET, medicines=["metformin"]), draws=0)
    cause = next(c for c in found.causes if c.id == "diabetic_neuropathy")
    assert "metformin, mostly taken for diabetes" in [r.words for r in cause.reasons]


def test_columns_say_the_same(model):
    people = People.unknown(12)
    people.age[:] = [25, 25, 45, 70, 70, np.nan, 58, 58, 58, 66, 66, 40]
    people.sex[:] = [0, 1, 0, 1, 0, 0, -1, 1, 0, 1, 0, 1]
    people.findings["tingling_feet"] = np.full(12, TOLD, np.int8)
    people.history["diabetes"] = np.array([UNKNOWN] * 6 + [TOLD, DENIED] + [UNKNOWN] * 4, np.int8)
    takes = {
        "metformin": range(8),
        "insulin": [3, 8],
        "gliclazide": [4],
        "levothyroxine": [0, 5, 9],
        "levodopa": [2, 9, 10],
        "methotrexate": [11, 5],
        "levetiracetam": [6, 11],
    }
    for name, places in takes.items():
        people.medicines[name] = np.isin(np.arange(12), list(places))
    found = Assessor(model).assess(people)
    for i in range(12):
        one = assess_one(model, people.case(i))
        np.testing.assert_allclose(found.present[:, i], one.present, rtol=0, atol=1e-9)
        np.testing.assert_allclose(found.contributes[:, i], one.contributes, rtol=0, atol=1e-9)


def lists_of(condition):
    """Every list of alternatives in a condition, and each part that must hold as a list of its own."""
    if condition.any is not None:
        yield condition.any
    for part in condition.all or []:
        yield [part]
    for part in (*(condition.any or []), *(condition.all or [])):
        yield from lists_of(part)


def test_a_rule_for_an_illness_hears_the_medicines_that_nearly_surely_tell_it():
    tellers = {}
    for group in KNOWN.base.medicines.values():
        for reason in group.taken_for:
            if reason.p >= 0.9 and not reason.members:
                tellers.setdefault(reason.history, set()).add(group.id)
    for rule in KNOWN.base.triage.values():
        for alternatives in lists_of(rule.when):
            medicines = {one.medicine for one in alternatives}
            for history in {one.history for one in alternatives} & set(tellers):
                assert tellers[history] <= medicines, (rule.id, history)

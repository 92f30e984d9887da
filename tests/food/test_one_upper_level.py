"""One upper level for one person, wherever it is shown."""

import pytest

from stillwell.assess.ceilings import upper_level
from stillwell.case.model import Person
from stillwell.knowledge.store import knowledge
from stillwell.nutrition.intake.reference import LifeStage, upper_level_of
from stillwell.nutrition.intake.usual import usual_intakes
from tests.case_helpers import told

STAGES = [(30, "female"), (48, "male"), (77, "female"), (16, "male")]


@pytest.mark.parametrize(("age", "sex"), STAGES)
def test_what_is_eaten_is_held_against_the_level_that_the_plan_names(age, sex):
    known = knowledge()
    case = told(person={"age": age, "sex": sex}, findings={"present": ["leg_cramps"]})
    usual = usual_intakes(known, [], Person(age=age, sex=sex))
    for nutrient, line in usual.items():
        level = upper_level(known, case, nutrient)
        if level is not None and line.ul is not None:
            assert line.ul == pytest.approx(level.amount), nutrient


def test_magnesium_from_tablets_has_the_lower_of_two_levels():
    record = knowledge().base.nutrients["magnesium"]
    level = upper_level_of(record, LifeStage(age=61, sex="male"))
    assert level is not None
    assert level.body == "EFSA"
    assert level.amount < 300

"""An alarm's text states only what was told: no sign that its rule may fire without."""

import pytest

from stillwell.knowledge.schema import Condition
from stillwell.knowledge.store import knowledge

from .alarm_words import STATES, untold

BASE = knowledge().base


def either(*findings):
    return Condition(any=[Condition(finding=f) for f in findings])


@pytest.mark.parametrize("rule", BASE.triage.values(), ids=lambda r: r.id)
def test_no_alarm_states_a_sign_that_it_may_fire_without(rule):
    assert untold(rule.why, rule.when) == []


def test_the_words_looked_for_name_findings_history_or_measurements():
    known = {*BASE.findings, *BASE.history, *BASE.vitals}
    assert {item for items in STATES.values() for item in items.split()} <= known


def test_a_sign_that_only_one_way_to_fire_tells_is_found():
    way = Condition(all=[Condition(finding="muscle_pain"), either("dark_urine", "fever")])
    assert untold("Dark urine with sore muscles can harm the kidneys.", way)
    assert untold("Sore muscles with dark urine or fever can harm the kidneys.", way) == []
    assert untold("Sore muscles can mean dark urine later.", way) == []


def test_a_sign_that_every_way_to_fire_tells_may_be_stated():
    assert not untold("Numb or weak legs need care.", either("leg_weakness", "numbness_feet"))
    assert untold("Numb and weak legs need care.", either("leg_weakness", "numbness_feet"))

"""A red flag of a complaint is one whose yes makes the case more urgent, and it is asked of nobody who told it."""

import pytest

from stillwell.knowledge.checklists import EVERY
from stillwell.knowledge.store import knowledge
from stillwell.triage.red_flags import open_checklists, red_flags_of
from stillwell.triage.rules import LEVELS, red_flags_to_ask, triage
from tests.case_helpers import told

BASE = knowledge().base
PAIRS = [(c.id, flag) for c in BASE.checklists.values() for flag in c.red_flags]


def level(*findings):
    case = told(findings={"present": list(findings)})
    return LEVELS.index(triage(case, knowledge()).level)


@pytest.mark.parametrize(("name", "flag"), PAIRS)
def test_a_red_flag_makes_its_complaint_urgent(name, flag):
    for opening in BASE.checklists[name].opens:
        if opening != flag:
            assert level(opening, flag) <= LEVELS.index("soon"), opening


@pytest.mark.parametrize("name", [c for c in BASE.checklists if c != EVERY])
def test_the_gravest_red_flag_stands_high_and_most_cannot_wait(name):
    rules = BASE.checklists[name]
    opening = next(o for o in rules.opens if o not in rules.red_flags)
    red = [f for f in rules.red_flags if level(opening, f) <= LEVELS.index("today")]
    # thin or weak muscles beside twitching are a matter of weeks, and are asked first because they decide
    weeks = {"muscle_wasting", "leg_weakness"} & {*rules.red_flags} if name == "twitching" else ()
    assert len(red) >= len(rules.red_flags) - 1 - len(weeks)


@pytest.mark.parametrize("finding", [f for c in BASE.checklists.values() for f in c.opens])
def test_a_complaint_is_asked_about_its_own_red_flags_and_not_about_what_was_told(finding):
    known = knowledge()
    case = told(findings={"present": [finding]})
    flags = red_flags_of(known, case)
    assert flags and finding not in flags
    own = {f for c in open_checklists(known, case) for f in c.red_flags}
    assert set(flags) <= own
    case.absent.append(flags[0])
    assert flags[0] not in red_flags_of(known, case)
    assert flags[0] not in red_flags_to_ask(case, known, 10)


def test_every_complaint_of_the_model_opens_a_checklist():
    opened = {f for c in BASE.checklists.values() for f in c.opens}
    unopened = [f.id for f in BASE.findings.values() if f.complaint and f.id not in opened]
    assert unopened == []


def test_what_is_far_fetched_is_asked_last_unless_something_told_brings_it_near():
    known = knowledge()
    plain = red_flags_of(known, told(findings={"present": ["night_leg_cramps"]}))
    assert plain[:2] == ["dark_urine", "one_leg_swollen_warm_painful"]
    assert plain[-1] in ("laryngospasm_or_stridor", "startle_spasms")
    near = ["leg_cramps", "tingling_around_mouth"]
    flags = red_flags_of(known, told(findings={"present": near}))
    assert flags[-1] != "laryngospasm_or_stridor"

"""What must always be asked and tested: each rule in one case that a clinician can read."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stillwell.assess.assessment import assess
from stillwell.assess.checklist import make_checklist, must_ask
from stillwell.case.settled import OF_WOMEN
from stillwell.knowledge.checklists import orders_of
from stillwell.knowledge.store import knowledge
from tests.case_helpers import told

BASE = knowledge().base
WOMAN, MAN = {"age": 34, "sex": "female"}, {"age": 60, "sex": "male"}


def checklist(*present, level="routine", **fields):
    case = told(findings={"present": list(present)}, **fields)
    return make_checklist(knowledge(), case, level, [], {})


def ordered(*present, **fields):
    return [line.id for line in checklist(*present, **fields).order]


def avoided(*present, **fields):
    return [line.id for line in checklist(*present, **fields).avoid]


def lab(name, value, unit):
    return [{"name": name, "value": value, "unit": unit}]


SALTS = {"potassium", "sodium", "magnesium", "calcium", "kidney_function"}


@pytest.mark.parametrize("tablet", ["furosemide", "bendroflumethiazide", "spironolactone"])
def test_a_water_tablet_orders_the_salts_and_kidneys_first(tablet):
    assert set(ordered("night_leg_cramps", medicines=[tablet], person=MAN)[:5]) == SALTS


def test_a_stopped_water_tablet_that_was_never_taken_orders_nothing():
    assert ordered("night_leg_cramps", medicines=[], person=MAN) == []


def test_restless_legs_order_the_iron_stores_in_the_morning():
    lines = {line.id: line for line in checklist("urge_to_move_legs", person=MAN).order}
    assert {"ferritin", "transferrin_saturation"} <= set(lines)
    assert "morning" in lines["ferritin"].how
    assert lines["ferritin"].cite == ["c_aasm2025"]


def test_numb_feet_order_what_the_guidelines_name():
    wanted = {"blood_sugar", "vitamin_b12", "thyroid", "kidney_function", "full_blood_count"}
    assert wanted | {"blood_protein"} <= set(ordered("numbness_feet", person=MAN))


@pytest.mark.parametrize(("value", "asked"), [(90, False), (200, True), (400, False)])
def test_b12_in_the_middle_orders_mma(value, asked):
    order = ordered("tingling_feet", labs=lab("vitamin b12", value, "pmol/L"), person=MAN)
    assert ("methylmalonic_acid" in order) is asked
    assert "vitamin_b12" not in order


def test_laughing_gas_orders_mma_whatever_b12_is():
    history = {"present": ["nitrous_oxide_use"]}
    assert "methylmalonic_acid" in ordered("tingling_feet", history=history, person=MAN)


def test_shaking_orders_thyroid_and_sugar_and_weakness_ck_and_salts():
    assert ordered("hand_tremor", person=MAN) == ["thyroid"]
    assert "blood_sugar" in ordered("hand_tremor", "hunger_relieves_shaking", person=MAN)
    weak = set(ordered("leg_weakness", person=MAN))
    assert {"creatine_kinase", "potassium", "thyroid"} <= weak


def test_a_statin_with_sore_muscles_orders_ck_even_after_the_gym():
    given_ = ("muscle_pain", "after_unusual_exertion")
    assert "creatine_kinase" in ordered(*given_, medicines=["atorvastatin"], person=MAN)
    assert "creatine_kinase" not in avoided(*given_, medicines=["atorvastatin"], person=MAN)


@pytest.mark.parametrize(
    ("person", "history", "asked"),
    [
        (WOMAN, {}, True),
        ({"age": 70, "sex": "female"}, {}, False),
        (MAN, {}, False),
        ({"age": 34}, {}, False),
        (WOMAN, {"present": ["pregnant"]}, False),
        (WOMAN, {"absent": ["pregnant"]}, False),
        ({"age": 50, "sex": "female"}, {"present": ["postmenopausal"]}, False),
    ],
)
def test_a_pregnancy_test_is_for_who_may_be_pregnant_and_does_not_know(person, history, asked):
    found = checklist("leg_cramps", person=person, history=history, medicines=[])
    assert ("pregnancy_test" in [line.id for line in found.order]) is asked
    assert ("pregnant" in [q.id for q in found.questions]) is asked


def test_no_ck_after_the_gym_and_no_vitamin_d_for_a_healthy_adult():
    found = avoided("leg_tremor", "shaking_after_exertion", person=WOMAN, level="self_care")
    assert {"creatine_kinase", "vitamin_d"} <= set(found)
    assert ordered("leg_tremor", "shaking_after_exertion", person=WOMAN, level="self_care") == []


@pytest.mark.parametrize("sign", ["dark_urine", "leg_weakness"])
def test_after_the_gym_an_alarm_sign_brings_ck_back(sign):
    assert "creatine_kinase" not in avoided("muscle_pain", "after_unusual_exertion", sign)


@pytest.mark.parametrize("reason", ["little_sun", "coeliac_disease", "chronic_kidney_disease"])
def test_vitamin_d_is_not_advised_against_where_there_is_a_reason(reason):
    assert "vitamin_d" not in avoided("muscle_pain", history={"present": [reason]})


def test_the_gym_gets_no_tests_in_a_whole_assessment():
    result = assess(told("my legs shake at the end of a workout", person={"age": 25}), draws=0)
    assert result.checklist.order == []
    assert "creatine_kinase" in [line.id for line in result.checklist.avoid]


def test_tests_that_would_change_little_are_not_listed():
    case = told("I have to move my legs in the evening when I rest", person=MAN, medicines=[])
    result = assess(case, draws=0)
    offered = {line.id for line in result.checklist.order}
    assert {"ferritin", "transferrin_saturation"} <= offered
    assert not offered & {"vitamin_d", "phosphate", "crp", "liver_function", "caeruloplasmin"}


def test_what_the_program_wants_to_know_first_is_what_nobody_told():
    found = checklist("hand_tremor", person=WOMAN, medicines=["sertraline"])
    assert "medicines" not in [q.id for q in found.questions]
    assert "medicines" in [q.id for q in checklist("hand_tremor").questions]


FINDINGS = sorted(f for c in BASE.checklists.values() for f in c.opens)
TESTS = sorted(BASE.tests)
HISTORY = sorted({*BASE.history} - {*OF_WOMEN, "breastfeeding"})  # refused in a man
MEDICINES = ["furosemide", "lithium", "atorvastatin", "levothyroxine", "ramipril", "omeprazole"]


@settings(max_examples=150, deadline=None)
@given(
    st.sets(st.sampled_from(FINDINGS), min_size=1, max_size=5),
    st.sets(st.sampled_from(MEDICINES), max_size=3),
    st.sets(st.sampled_from(HISTORY), max_size=4),
    st.sets(st.sampled_from(TESTS), max_size=6),
    st.sampled_from(["female", "male", None]),
)
def test_one_order_of_at_most_eight_without_what_was_done_or_is_advised_against(
    findings, medicines, history, done, sex
):
    labs = [{"name": name, "flag": "normal"} for name in sorted(done)]
    found = checklist(
        *sorted(findings),
        medicines=sorted(medicines),
        history={"present": sorted(history)},
        labs=labs,
        person={"age": 40, "sex": sex} if sex else {},
    )
    order, avoid = [x.id for x in found.order], [x.id for x in found.avoid]
    assert len(order) == len(set(order)) <= 8
    assert len(found.questions) <= 3 and len(found.red_flags) <= 8
    assert not set(order) & set(avoid)
    lines = orders_of(BASE)
    assert not {t for name in (*order, *avoid) for t in lines[name].tests} & done
    assert not {flag.id for flag in found.red_flags} & findings
    for line in (*found.order, *found.avoid):
        assert line.why and (line.cite or line.judgement)


@pytest.mark.parametrize(
    "present",
    [
        ["radiating_leg_pain", "back_pain", "onset_within_days"],
        ["radiating_leg_pain", "back_pain", "numbness_one_leg", "onset_within_days"],
        ["radiating_leg_pain", "tingling_feet", "onset_within_days"],
    ],
)
def test_sciatica_without_alarm_signs_orders_no_blood_test(present):
    assert ordered(*present, person=MAN) == []


def test_tests_for_unsteady_walking_need_unsteady_walking():
    assert "folate" in ordered("gait_unsteady", person=MAN)
    assert "folate" not in ordered("slowness_of_movement", person=MAN)


def test_a_high_tsh_orders_antibodies_and_not_tsh_again():
    lines = ordered("leg_cramps", person=MAN, labs=lab("tsh", 48, "mIU/L"))
    assert "thyroid_antibodies" in lines
    assert "thyroid" not in lines


@pytest.mark.parametrize(("medicine", "holds"), [("amlodipine", True), ("sertraline", False)])
def test_light_headed_on_standing_with_a_pressure_tablet_is_measured_lying_and_standing(medicine, holds):  # fmt: skip
    lines = ordered("leg_weakness", "light_headed_on_standing", person=MAN, medicines=[medicine])
    assert ("blood_pressure_standing" in lines) == holds


@pytest.mark.parametrize(
    ("person", "more", "bowel"),
    [
        ({"age": 34, "sex": "female"}, [], False),
        ({"age": 34, "sex": "female"}, ["weight_loss"], True),
        ({"age": 52, "sex": "female"}, [], True),
        ({"age": 34, "sex": "male"}, [], True),
    ],
)
def test_low_iron_looks_for_coeliac_disease_and_where_it_may_be_the_bowel_for_blood(person, more, bowel):  # fmt: skip
    lines = ordered("urge_to_move_legs", *more, person=person, labs=lab("ferritin", 8, "ug/L"))
    assert "coeliac_serology" in lines
    assert ("bowel_blood_test" in lines) == bowel


@pytest.mark.parametrize(
    ("person", "unasked"),
    [({"age": 50}, "sex"), ({"sex": "male"}, "age"), (MAN, None)],
)
def test_only_what_is_missing_of_age_and_sex_is_asked(person, unasked):
    case = told(findings={"present": ["leg_cramps"]}, person=person)
    asked = {q.ask for q in must_ask(knowledge(), case)}
    assert asked & {"age", "sex"} == ({unasked} if unasked else set())

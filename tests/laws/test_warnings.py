"""Warnings that are easily lost: over now, told perhaps, in another language, or beside a field that is refused."""

import json

import pytest
from click.testing import CliRunner

import stillwell
from stillwell.assess.assessment import assess
from stillwell.case.read import parse_case
from stillwell.cli.main import main
from stillwell.errors import CaseError
from stillwell.knowledge.store import knowledge
from stillwell.report.build import build
from stillwell.report.write import write
from stillwell.triage.rules import triage
from tests.case_helpers import told


def urgency(text, **fields):
    return triage(told(text, **fields), knowledge())


def fired(text):
    return {a.id for a in urgency(text).alerts}


# ---- a spell of the brain that is over ----
@pytest.mark.parametrize("text", [
    "yesterday evening my words came out jumbled for five minutes, then it passed",
    "mum's mouth drooped for a few minutes at breakfast, she is fine now",
    "my left arm and leg went weak for half an hour, back to normal now",
    "he couldn't find his words for about ten minutes, all gone now",
    "my right side went numb for quarter of an hour this morning and it wore off",
])  # fmt: skip
def test_a_stroke_sign_that_is_over_is_seen_within_a_day_and_named(text):
    found = urgency(text)
    assert found.level in ("today", "emergency")
    named = build(assess(told(text), draws=0, detail=False)).care.rule_out
    assert any("stroke" in name for name in named)


@pytest.mark.parametrize("text", [
    "my left arm went dead after I slept on it for an hour, fine now",
    "my right leg went numb from sitting on the toilet for ten minutes, ok now",
    "talked rubbish for ten minutes after six pints, my legs are ok now",
    "after the dentist my face went numb for an hour, all gone",
])  # fmt: skip
def test_a_limb_that_was_slept_on_or_a_drink_is_no_warning_of_a_stroke(text):
    assert not {"tia_over", "tia_over_blood_thinner"} & fired(text)


def test_beside_a_spell_that_is_over_nothing_calms():
    case = told(findings={"present": ["brain_signs_over", "leg_weakness_one_sided", "leg_pain"]})
    text = write(assess(case, draws=0), "terminal").replace("\n", " ")
    assert "Stay active" not in text and "scan is not needed" not in text
    assert "within 24 hours" in text and "aspirin" in text and "Do not drive" in text


def test_on_a_blood_thinner_a_spell_that_is_over_is_an_emergency():
    assert (
        urgency("I take warfarin, my face drooped for ten minutes, gone now").level == "emergency"
    )


# ---- the cord after cancer, though cancer is told loosely ----
@pytest.mark.parametrize("text", [
    "had bowel cancer in 2019, now my back hurts and both legs are weak",
    "breast cancer years ago, back pain for weeks and my legs are giving me weakness",
    "treated for prostate cancer, back pain and legs weak",
    "my kidney cancer was taken out four years ago. my back aches and my legs got weak",
])  # fmt: skip
def test_cancer_however_loosely_told_with_back_pain_and_weak_legs_is_an_emergency(text):
    found = urgency(text)
    assert found.level == "emergency"
    assert any("compressive_myelopathy" in a.causes for a in found.alerts)


# ---- skin and arteries ----
@pytest.mark.parametrize("text", [
    "the red patch on my shin is spreading fast and it is far more painful than it looks",
    "cut on my foot, redness spreading, the pain is out of all proportion",
    "my thigh is red and hot and the redness is spreading, hurts way more than it should",
    "spreading redness up the leg, hurts much more than you would think",
])  # fmt: skip
def test_skin_that_spreads_and_hurts_more_than_it_looks_is_an_emergency(text):
    assert urgency(text).level == "emergency"


@pytest.mark.parametrize("text", [
    "my foot has turned white and is ice cold",
    "since this morning the left leg is cold and grey",
    "his leg went blue and cold last night",
    "woke up with a freezing pale foot, the other one is fine",
])  # fmt: skip
def test_a_leg_that_newly_went_cold_and_pale_is_an_emergency(text):
    assert urgency(text).level == "emergency"


@pytest.mark.parametrize("text", [
    "my toes go white and cold every winter, Raynaud's",
    "my feet always go cold and blue in bed in the winter",
    "we painted the wall white and my legs are cold today",
])  # fmt: skip
def test_feet_that_are_always_cold_in_winter_are_no_blocked_artery(text):
    assert "leg_just_gone_cold" not in fired(text)


# ---- a clot after a birth or an operation ----
@pytest.mark.parametrize("text", [
    "gave birth a week ago, my right calf is swollen and sore",
    "had a caesarean ten days ago, left leg swollen, red and painful",
    "hip replaced three weeks ago and now one calf is swollen and tender",
    "I had my baby two weeks ago and my left leg is big, hot and painful",
])  # fmt: skip
def test_after_a_birth_or_an_operation_a_clot_is_named_before_weak_veins(text):
    report = assess(told(text), draws=0, detail=False)
    assert report.urgency.level in ("today", "emergency")
    assert report.rule_out[0] == "a clot in a leg vein"
    order = [c.id for c in report.causes]
    assert order.index("deep_vein_thrombosis") < order.index("chronic_venous_disease")


# ---- driving ----
@pytest.mark.parametrize(("text", "rule"), [
    ("my husband had his first fit last night, bit his tongue", "driving_fit"),
    ("I blacked out at my desk and hit the floor", "driving_blackout"),
    ("on gliclazide, shaky and sweaty before lunch, a biscuit stops it", "driving_low_sugar"),
    ("I inject insulin, got muddled and trembling yesterday", "driving_low_sugar"),
    ("sleep apnoea, I nod off all day and my legs kick", "driving_sleepy"),
])  # fmt: skip
def test_who_must_not_drive_is_told_so_on_the_card(text, rule):
    known = knowledge().base.triage[rule]
    report = assess(told(text), draws=0, detail=False)
    card = build(report).care
    said = " ".join([card.now, *(a.do for a in card.alerts)])
    assert "Do not drive" in said and known.cite


def test_nobody_else_is_told_not_to_drive():
    assert not any(i.startswith("driving") for i in fired("my legs are restless in the evening"))


# ---- other languages ----
@pytest.mark.parametrize("text", [
    "Die Beine zittern mir seit gestern",
    "Ich kann nicht mehr gehen und bekomme keine Luft",
    "Meine Beine sind gelähmt",
    "No puedo mover las piernas desde ayer",
    "mis piernas tiemblan mucho por la noche y no puedo dormir",
    "Mes jambes tremblent et je ne peux pas marcher",
    "Ik kan mijn benen niet bewegen",
    "立てません",
])  # fmt: skip
def test_another_language_is_not_read_as_english_nor_called_harmless(text):
    report = assess(told(text), draws=0, detail=False)
    assert report.urgency.level == report.urgency.wording == "not_understood"
    assert not any(report.understood.values())
    page = write(report, "terminal")
    assert "999" in page and "112" in page and "ROUTINE" not in page


@pytest.mark.parametrize("text", [
    "the die is cast, my legs shake", "mi lgs r shakin n i cant slp", "legs hurt bad",
    "my nan died and my hands tremble", "soy makes my legs cramp",
])  # fmt: skip
def test_english_however_spelt_is_read(text):
    assert any(assess(told(text), draws=0, detail=False).understood.values())


# ---- a field that is refused ----
ALARM = "numb between my legs and I cannot pass urine"
REFUSED = {
    "yaml age": f"complaint: {ALARM}\nage: 412\n",
    "yaml tab": f"complaint: {ALARM}\n\tage: 40\n",
    "yaml open list": f"story: {ALARM}\nlabs: [1, 2\n",
    "yaml twice": f"complaint: {ALARM}\ncomplaint: legs ache\n",
    "unknown field": f"my_symptoms: {ALARM}\nage: 40\n",
    "json sex": json.dumps({"complaint": ALARM, "sex": "robot"}),
    "json list": json.dumps({"complaint": [ALARM], "medicines": 7}),
    "future": f"complaint: {ALARM}\nlabs:\n- {{name: ferritin, value: 20, unit: ug/L, date: 2199-01-01}}\n",
    "unit": f"complaint: {ALARM}\nlabs:\n- {{name: ferritin, value: 20, unit: furlong}}\n",
    "result": "complaint: legs ache\nlabs:\n- {name: potassium, value: 7.3, unit: mmol/L}\n- {name: ferritin, value: 2, unit: furlong}\n",
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_a_refused_field_never_swallows_an_alarm(name):
    done = CliRunner().invoke(main, ["assess", "-"], input=REFUSED[name])
    assert done.exit_code == 2
    assert "EMERGENCY" in done.output and "stillwell: " in done.output


@pytest.mark.parametrize("fields", [{"age": 412}, {"sex": "robot"}, {"persn": 1}, {"medicines": 7},
                                    {"labs": {"ferritin": "2 furlong"}}, {"findings": "weak"}])  # fmt: skip
def test_from_python_the_refusal_carries_the_alarm(fields):
    with pytest.raises(CaseError) as caught:
        stillwell.assess(ALARM, draws=0, detail=False, **fields)
    assert any("EMERGENCY" in note for note in caught.value.__notes__)


def test_where_the_rest_is_harmless_only_the_mistake_is_told():
    with pytest.raises(CaseError) as caught:
        parse_case(b"complaint: my legs are restless in the evening\nage: 412\n")
    from stillwell.api import alarm_despite

    assert alarm_despite(caught.value) is None


# ---- children ----
@pytest.mark.parametrize(("text", "age"), [
    ("both shins ache at night, she runs about by day", 7),
    ("legs bounce under the table all day", 15),
    ("cramps in the calves at night", 12),
    ("her legs swell and feel heavy", 16),
])  # fmt: skip
def test_under_eighteen_no_causes_and_no_advice_for_adults(text, age):
    report = assess(told(text, person={"age": age, "sex": "female"}), draws=0)
    assert report.causes == [] and report.nothing_listed is None and report.steps == []
    assert "18" in report.missing["causes"]
    assert report.urgency.level != "self_care"
    page = write(report, "terminal").lower()
    for word in ("pregnan", "weak leg veins", "keep your weight", "likely causes", "adult,"):
        assert word not in page, word


def test_sore_calves_after_flu_are_named_in_a_child():
    text = "my son (4) had the flu, now his calves hurt and he refuses to walk"
    report = assess(told(text), draws=0, detail=False)
    assert any("myositis" in name for name in report.rule_out)
    assert "CK" in write(report, "terminal")


# ---- despair, and flushes ----
@pytest.mark.parametrize("text", [
    "I have lined up all my pills, I cannot live with these legs",
    "I want to die, I bought a rope",
])  # fmt: skip
def test_despair_is_met_warmly_with_someone_there_and_the_means_away(text):
    page = write(assess(told(text), draws=0, detail=False), "terminal").replace("\n", " ")
    assert "Thank you for telling us" in page and "stay with you" in page and "reach" in page
    assert "a doctor must find its cause first" not in page


@pytest.mark.parametrize("text", [
    "menopausal, hot and shaky in the evening with the flushes",
    "hot flushes at night leave me boiling and trembling",
    "I am on HRT and get hot and shivery flashes",
])  # fmt: skip
def test_a_hot_flush_is_no_fever(text):
    assert urgency(text).level not in ("today", "emergency")


def test_a_fever_in_the_menopause_is_a_fever():
    assert urgency("menopausal, but now a temperature of 39 and shaking chills").level in ("today", "emergency")  # fmt: skip


@pytest.mark.parametrize(
    "words",
    [
        "I have myasthenia, my legs are weak and since today I cannot swallow",
        "known myasthenia gravis, arms and legs weak, short of breath",
    ],
)
def test_known_myasthenia_with_trouble_swallowing_or_breathing_is_an_emergency(words):
    assert triage(told(words), knowledge()).level == "emergency"

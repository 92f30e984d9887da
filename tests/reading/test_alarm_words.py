"""Alarm signs that the trained reader has no item for are read by exact words, and harmless twins are not."""

import time

import pytest

from stillwell.case.model import Case, Person
from stillwell.case.readers import alarm_reader
from stillwell.case.understand import understand
from stillwell.knowledge.store import knowledge
from stillwell.language.encoder import Encoder
from stillwell.triage.rules import triage

BASE = knowledge().base

TELLS = [
    ("My toes hurt every night, hanging my leg out of bed helps.", "pain_eases_hanging_leg_down"),
    ("Pain in the forefoot; I sleep in a chair with the leg down.", "pain_eases_hanging_leg_down"),
    ("the pain in my foot wakes me", "foot_pain_at_rest"),
    ("There is an ulcer on my heel that won't heal", "foot_sore_not_healing"),
    ("My second toe has turned black.", "black_toe"),
    ("Jaw hurts after a few minutes of chewing", "jaw_ache_on_chewing"),
    ("my scalp is so tender that I can't comb my hair", "scalp_tenderness"),
    ("Both shoulders and hips are stiff in the morning", "shoulders_and_hips_stiff"),
    ("I'm going to quit drinking next week", "plans_to_stop_drinking"),
    ("I tremble until I have had a drink", "shakes_until_first_drink"),
    ("My husband and I both get headaches at home", "ill_together_at_home"),
    ("The headache goes as soon as I leave the house", "better_out_of_the_house"),
    ("We heat with a wood burner", "burner_at_home"),
    ("the carbon monoxide alarm went off last night", "carbon_monoxide_alarm"),
    ("I am 31 weeks and the baby is moving less today", "baby_moves_less"),
    ("no kicks from the baby since morning, still moving on", "baby_moves_less"),
    ("I think my waters broke this morning", "waters_broken"),
    ("10 weeks pregnant and spotting", "bleeding_told_in_pregnancy"),
    ("I have agonising pain in my belly", "severe_abdominal_pain"),
    ("my son limps since yesterday", "limping"),
    ("She won't take her bottle", "baby_not_feeding"),
    ("I touched a live wire yesterday", "electric_shock"),
    ("my foot was crushed by a forklift", "limb_crushed"),
    ("I trod on a rusty nail and now I can't open my mouth", "stiff_jaw_after_wound"),
    ("an adder bit me on the foot", "snake_bite"),
    ("Sudden pain in my back, I went white", "sudden_belly_or_back_pain"),
    ("I have an aortic aneurysm and my back hurts", "known_aortic_aneurysm"),
    ("a ripping pain between my shoulder blades", "tearing_pain_of_trunk"),
    ("My neutrophils were 0.2 this morning", "very_low_neutrophils"),
    ("I feel shivery", "feels_shivery"),
    ("I can't stop gambling since the new tablets", "urges_hard_to_resist"),
]

TWINS = [
    "My mother's toe went black. My legs cramp.",
    "For my biology homework: why do toes go black in smokers?",
    "In a film a man had a black toe and a sore on his foot that did not heal.",
    "My toe went black years ago, it fell off.",
    "My black toe nail polish is chipped.",
    "I have no sore on my foot that does not heal.",
    "My legs are restless at night, walking helps.",
    "My tooth hurts and my jaw aches when I chew.",
    "My scalp is sore from sunburn.",
    "After the gym my shoulders and hips are stiff in the morning.",
    "I don't want to stop drinking.",
    "We were all sick after the ferry, better outside.",
    "We all had norovirus and were sick.",
    "The carbon monoxide alarm was tested, beeping as it should.",
    "The baby is moving well, no fewer movements, I am 34 weeks pregnant",
    "I am pregnant and my gums are bleeding",
    "My handshake is a limp handshake, my hand goes limp.",
    "I get a pain like an electric shock when I bend my neck.",
    "I have a trapped nerve in my leg.",
    "What is lockjaw?",
    "My python script bit me again.",
    "My dog was bitten by a snake.",
    "My neutrophils are 4.2 and my crp is 0.3",
    "My aortic aneurysm screening was normal.",
    "I tore a muscle in my back, tearing pain around it.",
    "That is a gamble with my health.",
    "What happens if my toe goes black?",
]


def signs(text):
    return {sign.id for sign in alarm_reader().read(text)}


@pytest.mark.parametrize(("text", "sign"), TELLS)
def test_an_alarm_sign_is_read_from_its_words(text, sign):
    assert sign in signs(text)


@pytest.mark.parametrize("text", TWINS)
def test_a_harmless_twin_tells_no_alarm_sign(text):
    assert not signs(text)


def test_every_finding_of_exact_words_is_tested_and_is_no_item_of_the_trained_reader():
    assert {sign for _, sign in TELLS} == set(BASE.alarm_words)
    assert not set(BASE.alarm_words) & set(Encoder().items)
    assert all(BASE.findings[i].triage_only for i in BASE.alarm_words)


URGENT = [
    (70, "Pain in my toes at night, it eases when I hang the leg out of bed.", "limb_threatened"),
    (64, "I have a sore on my foot that does not heal. I am diabetic.", "limb_threatened"),
    (50, "My big toe has gone black.", "toe_black"),
    (72, "New headache for two weeks and my jaw aches when I chew.", "head_artery_inflamed"),
    (68, "My shoulders and hips are stiff every morning.", "polymyalgia_signs"),
    (
        45,
        "I drink a bottle of vodka a day and shake until the first drink. I want to stop tomorrow.",
        "drink_stop_planned",
    ),
    (
        40,
        "My wife and I have headaches at home and feel better outside. We have an old boiler.",
        "carbon_monoxide_likely",
    ),
    (30, "I am 34 weeks pregnant and the baby has hardly moved today.", "pregnant_baby_moves_less"),
    (30, "I am 12 weeks pregnant and bleeding.", "pregnant_bleeding_told"),
    (4, "My son is 4, he has a fever and is limping.", "child_limping_fever"),
    (40, "I got an electric shock from a socket and my legs tremble.", "electric_shock_any"),
    (40, "My leg was pinned under a tractor.", "limb_crushed_any"),
    (40, "An adder bit me on the ankle.", "snake_bite_any"),
    (70, "Sudden terrible pain in my belly and back and I fainted.", "main_artery_burst"),
    (60, "I am having chemo, my neutrophils are 0.3 and I feel shivery.", "neutropenia_ill"),
    (66, "I take pramipexole and have started gambling.", "dopamine_urges"),
]


@pytest.mark.parametrize(("age", "text", "rule"), URGENT)
def test_a_story_with_an_exact_alarm_fires_its_rule(age, text, rule):
    case = understand(Case(person=Person(age=age), complaint=text))
    fired = [a for a in triage(case, knowledge()).alerts if a.id == rule]
    assert fired and not fired[0].perhaps


def test_stopping_a_habit_alone_is_no_self_harm_and_words_of_death_beside_it_stay():
    alone = understand(Case(complaint="I drink vodka. I want to stop from tomorrow on my own."))
    assert "suicidal_thoughts" not in {*alone.present, *alone.perhaps, *alone.noted}
    for text in (
        "I want to stop drinking and I want to die",
        "I drink alone, I want to end it all",
    ):
        case = understand(Case(complaint=text))
        assert "suicidal_thoughts" in {*case.present, *case.perhaps}, text


def test_thoughts_of_suicide_come_before_the_call_to_the_prescriber():
    text = "I take ropinirole and have gambled everything away, I want to die"
    urgency = triage(understand(Case(complaint=text)), knowledge())
    ids = [a.id for a in urgency.alerts]
    assert ids.index("suicidal_thoughts_told") < ids.index("dopamine_urges")
    assert urgency.level in ("emergency", "today")


@pytest.mark.parametrize(
    "piece", ["my toe hurts at night, ", "neutrophils ", "hang a ", "no black "]
)
def test_a_long_repetition_is_read_in_linear_time(piece):
    def seconds(length):
        began = time.process_time()
        alarm_reader().read(piece * (length // len(piece)))
        return time.process_time() - began

    seconds(2_000)
    assert seconds(60_000) < 20 * (seconds(12_000) + 0.05)

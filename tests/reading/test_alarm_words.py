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

CLIMBS = "numbness_or_tingling_climbing"
TELLS = [
    ("My soles went numb on Tuesday and it has crept up past both knees", CLIMBS),
    ("Tingling that spread from the toes into my thighs in eight days", CLIMBS),
    ("the pins and needles climb, they are now at my waist", CLIMBS),
    ("I banged my head on the shelf and now I am wobbly on my feet", "wobbly_after_head_knock"),
    ("I bruise all over for nothing and my gums bleed", "bleeds_easily"),
    ("the restless legs now start at lunch and my arms have it too", "earlier_or_in_arms"),
    ("my speech has been getting more slurred for five months", "speech_slowly_slurred"),
    ("I could be pregnant", "perhaps_pregnant"),
    ("My toes hurt every night, hanging my leg out of bed helps.", "pain_eases_hanging_leg_down"),
    ("Pain in the forefoot; I sleep in a chair with the leg down.", "pain_eases_hanging_leg_down"),
    ("the pain in my foot wakes me", "foot_pain_at_rest"),
    ("my legs feel like lead after a day on them", "heavy_legs"),
    ("both hands are numb when I wake at four", "hands_numb_at_night"),
    ("I wake up with pins and needles in my fingers", "hands_numb_at_night"),
    ("Every night my right hand tingles", "hands_numb_at_night"),
    ("fingers go dead in bed, mostly the right", "hands_numb_at_night"),
    ("I have to shake my hand out before I can feel it", "shaking_hand_eases_numbness"),
    ("my fingers tingle until I give them a shake", "shaking_hand_eases_numbness"),
    ("Flicking the hand brings the feeling back", "shaking_hand_eases_numbness"),
    ("My fingers tingle, I shake out both hands and it goes", "shaking_hand_eases_numbness"),
    ("numb thumb and first two fingers", "thumb_side_fingers_numb"),
    ("tingling in the thumb, index and middle finger", "thumb_side_fingers_numb"),
    ("The fingers go numb but not my little finger", "thumb_side_fingers_numb"),
    ("my little finger tingles when I lean on my elbow", "little_finger_side_numb"),
    ("pins and needles in the ring and little finger", "little_finger_side_numb"),
    ("pain shoots from my neck down the left arm", "arm_pain_from_neck"),
    ("It starts at the shoulder blade and runs down into my hand", "arm_pain_from_neck"),
    ("a numb patch on the outside of my left thigh", "outer_thigh_numb"),
    ("The outer thigh burns when I stand", "outer_thigh_numb"),
    ("There is an ulcer on my heel that won't heal", "foot_sore_not_healing"),
    ("My second toe has turned black.", "black_toe"),
    ("my speech was slurred for five minutes, fine now", "brain_signs_over"),
    ("the rash on my calf is far more painful than it looks", "pain_beyond_looks"),
    ("my right foot went cold and white an hour ago", "leg_turned_cold_and_pale"),
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
    ("I came off my motorbike on the ring road", "violent_accident"),
    ("I trod on a rusty nail and now I can't open my mouth", "stiff_jaw_after_wound"),
    ("an adder bit me on the foot", "snake_bite"),
    ("Sudden pain in my back, I went white", "sudden_belly_or_back_pain"),
    ("I have an aortic aneurysm and my back hurts", "known_aortic_aneurysm"),
    ("a ripping pain between my shoulder blades", "tearing_pain_of_trunk"),
    ("My neutrophils were 0.2 this morning", "very_low_neutrophils"),
    ("I feel shivery", "feels_shivery"),
    ("I can't stop gambling since the new tablets", "urges_hard_to_resist"),
    ("Every penny of the savings was lost on roulette", "urges_hard_to_resist"),
    ("I never used to gamble, now I am in debt with the bookies", "urges_hard_to_resist"),
    ("Since last year I spend every night on fruit machines", "urges_hard_to_resist"),
    ("She bought handbags on the shopping channel and hides the loans", "urges_hard_to_resist"),
    ("He scratches scratch cards all day", "urges_hard_to_resist"),
    ("I nod off behind the wheel", "sleepy_at_the_wheel"),
    ("He fell asleep at the lights in his cab", "sleepy_at_the_wheel"),
    ("I have to fight sleep, drowsy on the motorway", "sleepy_at_the_wheel"),
    ("I earn my bread as a bus driver", "drives_for_work_or_now"),
    ("She was up again and driving the car to work", "drives_for_work_or_now"),
    ("Am I safe to drive with these hypos?", "drives_for_work_or_now"),
    ("I take methotrexate 10 mg every day", "methotrexate_daily"),
    ("I ate broad beans for lunch", "ate_broad_beans"),
    ("I have a grapefruit every morning", "eats_grapefruit"),
    ("I'm struggling for breath and my feet tingle", "breath_does_not_come"),
    ("cant get my breath, calf is sore", "breath_does_not_come"),
    ("I can barely breathe and my legs ache", "breath_does_not_come"),
    ("My left foot is icy and pale, the pain in the leg is unbearable", "severe_leg_pain"),
    ("the foot is white and it hurts like mad", "severe_leg_pain"),
    ("my feet are numb and I soiled myself", "lost_control_of_bowels_or_bladder"),
    ("No control over my bladder since today", "lost_control_of_bowels_or_bladder"),
    ("My eyelids sag and I see two of everything", "drooping_lids_and_double_vision"),
    ("Am I having a stroke? My arm went dead", "thinks_stroke_or_heart_attack_now"),
    ("I think my neighbour is having a heart attack", "thinks_stroke_or_heart_attack_now"),
    (
        "I went through the change at 51 and now there is spotting again",
        "bleeding_after_the_menopause",
    ),
    ("I have postmenopausal bleeding and my legs cramp", "bleeding_after_the_menopause"),
    ("My chest feels like an elephant sits on it", "crushing_or_spreading_chest_pain"),
    ("A tightness in the chest that goes down my left arm", "crushing_or_spreading_chest_pain"),
    ("I want to stab my brother when he comes home", "thoughts_of_harming_others"),
]

TWINS = [
    "My chest is sore to the touch after the bench press, and my arms ache.",
    "When I panic there is a squeezing in my chest and my hands tingle.",
    "My mother is having therapy after the stroke. My legs cramp.",
    "I am going through the change, my periods come when they like and my legs cramp.",
    "I went through the menopause at 50, my piles bleed a little and my calves cramp.",
    "I could murder my brother for a cup of tea.",
    "I can't breathe through my nose, my legs ache.",
    "I can't catch my breath after running up the stairs.",
    "My leg hurts like hell after leg day at the gym.",
    "I lose control of my bladder when I laugh.",
    "I see double since the head cold, my lids are fine.",
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
    "My handshake is a limp handshake, my hand goes limp.",
    "My hands shake all day and I shake hands a lot.",
    "I shake my hands out before I swim, my calves cramp.",
    "My feet tingle at night and my hands tremble.",
    "My hands are not numb at night.",
    "My mother's fingers go numb in the night. My legs cramp.",
    "I shake like a leaf when I wake up.",
    "My neck is stiff and my arms shake.",
    "Pain shoots from my back down the leg.",
    "My thighs ache after the stairs.",
    "My little toe is numb.",
    "My thumb and index finger roll as if over a pill.",
    "I hurt my thumb and middle finger with a hammer.",
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
    "On Fridays I play bingo with my sister.",
    "My soles burn like a hot poker every night and I lost sleep.",
    "I lost my balance after riding horses.",
    "I spent the whole day shopping, my calves ache.",
    "The itch is driving me mad every night.",
    "I do not drive.",
    "I am a retired lorry driver.",
    "My son drives me to the clinic.",
    "I nod off in front of the television.",
    "Over three years the numbness has spread from my toes to my knees.",
    "My legs go numb up to the thigh when I sit on the toilet.",
    "The tingling in my feet has not spread up to my knees this week.",
    "My feet have tingled for two weeks.",
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
    in_the_model = {  # signs of the veins and of the nerve at the wrist, and no alarm
        "heavy_legs",
        "hands_numb_at_night",
        "shaking_hand_eases_numbness",
        "thumb_side_fingers_numb",
        "little_finger_side_numb",
        "arm_pain_from_neck",
        "outer_thigh_numb",
    }
    findings = {i for i in BASE.alarm_words if i not in BASE.history} - in_the_model
    assert all(BASE.findings[i].triage_only for i in findings)


URGENT = [
    (58, "I can't breathe and my legs tingle.", "breath_severe"),
    (66, "One foot is cold and white, the pain in the leg is excruciating.", "cold_leg_unbearable"),
    (44, "I lost control of my bladder and my feet tingle.", "control_lost_with_legs"),
    (39, "My lids droop and I see double.", "lids_and_double_vision"),
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


IDIOMS = [
    "I feel like crawling out of my own skin",
    "by midnight I am climbing the walls",
    "my hips are killing me",
    "I could kill for one quiet night",
    "I could murder a pint of water",
    "I was frightened to death",
    "my calves are dead weights",
    "I would like to saw both legs off",
    "I tear my hair out over it",
    "during a panic I am convinced I'm dying",
]
MEANT = [
    "I crawl the walls at night and want to kill myself",
    "my back is killing me and I want to end my life",
    "I could jump out of my skin, I will jump in front of a train",
    "I would rather be dead",
    "I am going to hang myself",
    "I keep thinking of ending it all",
]


def told_of_suicide(text):
    case = understand(Case(complaint=f"My legs never rest. {text}."))
    return any("suicid" in alert.id for alert in triage(case, knowledge()).alerts)


@pytest.mark.parametrize("text", IDIOMS)
def test_a_way_of_speaking_is_no_alarm_of_suicide(text):
    assert not told_of_suicide(text)


@pytest.mark.parametrize("text", MEANT)
def test_words_of_suicide_count_beside_a_way_of_speaking(text):
    assert told_of_suicide(text)


@pytest.mark.parametrize(
    "text",
    [
        "Since haloperidol he paces and wants to leap out of his skin",
        "After metoclopramide I can't keep still, I could climb the walls",
    ],
)
def test_restlessness_from_a_medicine_told_by_a_way_of_speaking_is_akathisia(text):
    ids = {a.id for a in triage(understand(Case(complaint=text)), knowledge()).alerts}
    assert "restless_on_medicine" in ids
    assert not any("suicid" in i for i in ids)


@pytest.mark.parametrize(
    ("text", "spasm"),
    [
        ("Whenever I get a panic attack my fingers claw up and my lips tingle", False),
        ("Every time I get anxious and breathe fast my hands lock", False),
        ("During panic attacks my wrists bend and my hands go into claws", False),
        ("My hands cramp into claws every night", True),
        ("My hands lock into claws in a panic, and also at rest", True),
        ("My hands claw up when I panic, since they took my thyroid out", True),
    ],
)
def test_spasm_told_only_of_panic_is_over_breathing_and_no_tetany(text, spasm):
    case = understand(Case(complaint=text))
    fired = {a.id for a in triage(case, knowledge()).alerts}
    assert ("carpopedal_spasm" in case.present) is spasm
    assert bool(fired & {"tetany", "tetany_breathing"}) is spasm
    assert spasm or "hyperventilation" in case.present


@pytest.mark.parametrize(
    ("text", "drink"),
    [
        ("I left off lorazepam cold turkey on Monday and shake", False),
        ("Went cold turkey from tramadol two days ago, legs kick, sweating", False),
        ("I quit the cigarettes cold turkey on Sunday and am shaky", False),
        ("Stopped paroxetine cold turkey, zaps and shaking", False),
        ("Gave up vodka cold turkey on Sunday, shaking", True),
        ("I have been sober for two days and shake all over", True),
    ],
)
def test_cold_turkey_is_from_what_was_left(text, drink):
    case = understand(Case(complaint=text))
    assert ("stopped_alcohol" in {*case.present, *case.perhaps}) is drink


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

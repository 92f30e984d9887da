"""Home measurements in words: read with their unit, of now, of the patient, at rest."""

import pytest

from stillwell.case.vitals_in_words import readings_of_now, vitals_in
from stillwell.knowledge.store import knowledge
from stillwell.triage.rules import LEVELS, triage
from tests.case_helpers import told

KNOWN = knowledge()

OF_NOW = [
    ("pulse 136 at rest", {"pulse": [136]}),
    ("HR 205", {"pulse": [205]}),
    ("my heart is going 180", {"pulse": [180]}),
    ("84 bpm", {"pulse": [84]}),
    ("pulse (resting): 140", {"pulse": [140]}),
    ("my heart rate went from 70 to 170", {"pulse": [70, 170]}),
    ("since last week my pulse is 140", {"pulse": [140]}),
    ("BP 84/52", {"systolic": [84], "diastolic": [52]}),
    ("220 over 130", {"systolic": [220], "diastolic": [130]}),
    ("bp one eighty over one ten", {"systolic": [180], "diastolic": [110]}),
    ("systolic 80", {"systolic": [80]}),
    ("temperature 41", {"temperature": [41]}),
    ("103.5F fever", {"temperature": [39.72]}),
    ("my temp is 39.5C", {"temperature": [39.5]}),
    ("temp of 39", {"temperature": [39]}),
    ("oxygen 86 percent", {"oxygen_saturation": [86]}),
    ("my sats are only 84%", {"oxygen_saturation": [84]}),
    ("ketones 5.2 and vomiting", {"ketones": [5.2]}),
    ("breathing 40 times a minute", {"breathing_rate": [40]}),
    ("respiratory rate 30", {"breathing_rate": [30]}),
    ("pulse is usually 60 but today 140", {"pulse": [140]}),
    ("my target is 120/80 but today it is 190/125", {"systolic": [190], "diastolic": [125]}),
    ("pulse 170 on the treadmill, 136 at rest", {"pulse": [136]}),
    ("my husband has leg cramps, his pulse is 140", {"pulse": [140]}),
    (
        "SpO2 88%, RR 28, HR 132, BP 86/40, temp 38.9",
        {
            "oxygen_saturation": [88],
            "breathing_rate": [28],
            "pulse": [132],
            "systolic": [86],
            "diastolic": [40],
            "temperature": [38.9],
        },
    ),
]

NOT_OF_NOW = [
    "my heart rate hit 165 on the treadmill",
    "165 bpm on the treadmill",
    "target is 120/80",
    "doctor wants my bp below 140/90",
    "my bp was 180/120 last year",
    "last year my bp was 180/120 and my pulse was 130",
    "if my pulse goes over 130 should I worry",
    "my mum's blood pressure is 200/120. I have leg cramps",
    "room temperature is 30",
    "temperature 35 degrees outside",
    "I take my pulse 3 times a day",
    "I eat pulses 3 times a week",
    "transferrin saturation 52",
    "fever for 3 days",
    "I am 79 F and take 100 mg",
    "my legs are heavy 24/7",
    "appointment on 12/10",
]

LEAST = [
    ("pulse 136 at rest, legs shake", "today"),
    ("HR 205", "emergency"),
    ("heart rate 180 and shaking", "emergency"),
    ("my pulse is 32", "emergency"),
    ("blood pressure 220/130, headache", "emergency"),
    ("blood pressure 190/125", "today"),
    ("BP 84/52 and confused", "emergency"),
    ("temperature 41", "emergency"),
    ("oxygen 86 percent", "emergency"),
    ("ketones 5.2 and vomiting", "emergency"),
    ("glucose meter says HI", "today"),
    ("sugars 28 and vomiting", "emergency"),
    ("breathing 30 times a minute", "emergency"),
]


@pytest.mark.parametrize(("text", "expected"), OF_NOW)
def test_readings_of_now_are_read(text, expected):
    found = {name: [r.value for r in rs] for name, rs in readings_of_now(text, KNOWN).items()}
    assert found == expected


@pytest.mark.parametrize("text", NOT_OF_NOW)
def test_readings_of_another_time_person_or_thing_do_not_count(text):
    assert readings_of_now(text, KNOWN) == {}


def test_the_standing_of_a_reading_is_told():
    standing = {r.standing for r in vitals_in("my bp was 180/120 last year", KNOWN)}
    assert standing == {"past"}
    assert [r.standing for r in vitals_in("165 bpm on the treadmill", KNOWN)] == ["effort"]
    assert {r.standing for r in vitals_in("target is 120/80", KNOWN)} == {"target"}


def test_a_bound_in_words_is_a_bound():
    assert [(r.value, r.bound) for r in vitals_in("heart rate over 130", KNOWN)] == [(130.0, ">")]


@pytest.mark.parametrize(("text", "least"), LEAST)
def test_alarming_readings_are_urgent(text, least):
    assert LEVELS.index(triage(told(text), KNOWN).level) <= LEVELS.index(least)


@pytest.mark.parametrize(
    "text",
    [
        "pulse 72, restless legs in the evening",
        "bp 128/78, restless legs in the evening",
        "oxygen 98 percent, restless legs in the evening",
        "my bp was 230/130 last year, restless legs in the evening",
        "heart rate 170 on the treadmill, restless legs in the evening",
    ],
)
def test_ordinary_readings_alarm_nobody(text):
    assert LEVELS.index(triage(told(text), KNOWN).level) >= LEVELS.index("soon")


def test_a_high_temperature_is_a_fever_and_a_usual_one_is_none():
    assert "fever" in told("temp 39.2 and my legs ache").present
    assert "fever" not in told("temp 36.8 and my legs ache").present

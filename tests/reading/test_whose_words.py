"""Whose words are: an illness counts as a relative's only where the relative is the subject."""

import pytest

from stillwell.case.sentences import Grammar, is_of_kin, statements
from stillwell.knowledge.store import knowledge
from tests.case_helpers import told

GRAMMAR = Grammar(knowledge().base.lexicon, knowledge().stems)

KIN = [
    ("My mother had a stroke in 1999. My legs shake.", "stroke", True),
    ("My legs shake. My dad has diabetes", "diabetes", True),
    ("I had a stroke. My legs shake.", "stroke", False),
    ("My mother had a stroke, and I had a stroke in 2020, my legs shake", "stroke", False),
    ("My wife says I had a stroke. My legs shake", "stroke", False),
]


@pytest.mark.parametrize(("text", "words", "of_kin"), KIN)
def test_an_illness_is_a_relatives_where_the_relative_is_the_subject(text, words, of_kin):
    assert is_of_kin(words, statements(text, GRAMMAR)) is of_kin


@pytest.mark.parametrize(
    "words",
    [
        "Me and the wife both have restless legs.",
        "My dad has restless legs and so do I.",
        "The wife and me have restless legs.",
        "Our son gets restless legs and me too.",
        "We both have restless legs.",
    ],
)
def test_what_two_people_share_is_the_tellers_too(words):
    assert "urge_to_move_legs" in told(words).present


@pytest.mark.parametrize(
    ("words", "own"),
    [
        (
            "My mum is confused, she is 84, her legs are weak. I am fine myself but I have cramps.",
            "leg_cramps",
        ),
        (
            "Gran is 90, she is dizzy and her legs swell. I'm okay apart from a sore back.",
            "back_pain",
        ),
    ],
)
def test_what_a_carer_says_of_themselves_is_not_the_patients_and_is_said(words, own):
    done = told(words)
    assert done.person.age in (84, 90) and done.person.sex == "female"
    assert own not in done.present and any("somebody else" in line for line in done.unclear)


def test_a_relatives_illness_beside_it_leaves_the_tellers_complaint():
    assert (
        "muscle_twitching" in told("My dad has Parkinson's. I'm fine but my legs twitch.").present
    )


@pytest.mark.parametrize(
    ("words", "item"),
    [
        ("Wobbly after I hit my head.", "sudden_severe_headache"),
        ("My legs are heavy, like lead.", "leg_weakness"),
        ("Shaky and hot last night with the menopause flushes.", "fever"),
        ("Cramps after a run, drinking loads of water, dark wee.", "little_urine"),
    ],
)
def test_words_beside_a_sign_are_not_the_sign(words, item):
    done = told(words)
    assert item not in done.present


@pytest.mark.parametrize(
    ("words", "item"),
    [
        ("A sudden headache, the worst of my life.", "sudden_severe_headache"),
        ("My legs are heavy and weak.", "leg_weakness"),
        ("Hot flushes, and a fever of 39.", "fever"),
        ("I hardly pass any urine.", "little_urine"),
    ],
)
def test_the_sign_itself_stays(words, item):
    assert item in told(words).present

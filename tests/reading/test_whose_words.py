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

"""How much alcohol is told: only much counts as much."""

import pytest

from stillwell.case.alcohol import drinks_a_week
from stillwell.knowledge.store import knowledge
from tests.case_helpers import told

KNOWN = knowledge()
LEXICON = KNOWN.base.lexicon


@pytest.mark.parametrize(
    ("words", "drinks"),
    [
        ("two glasses of wine a day", 17.0),
        ("a glass of wine with dinner", 8.5),
        ("alcohol: 2 units per week", 1.14),
        ("i drink 40 units a week", 22.9),
        ("i have a pint on fridays", 1.3),
        ("a couple of pints on fridays and saturdays", 5.1),
        ("six pints every night", 54.0),
        ("a bottle of wine a night", 35.5),
        ("half a bottle of wine every night", 17.75),
        ("a bottle of vodka a day", 110.0),
        ("two beers three times a week", 6.0),
        ("3-4 gins most nights", 20.0),
        ("one beer a day", 7.0),
    ],
)
def test_an_amount_is_counted_in_drinks_a_week(words, drinks):
    assert drinks_a_week(words, LEXICON) == pytest.approx(drinks, rel=0.02)


@pytest.mark.parametrize("words", ["i like wine", "i drank ten pints", "i drink"])
def test_an_amount_that_is_not_told_is_not_guessed(words):
    assert drinks_a_week(words, LEXICON) is None


@pytest.mark.parametrize(
    "words",
    [
        "I drink wine at weekends.",
        "Alcohol: 2 units per week.",
        "I have a pint on Fridays.",
        "I am a social drinker.",
        "I have one beer a day.",
        "I drink 10 units a week.",
        "A glass of wine with dinner.",
        "I like a drink at Christmas.",
    ],
)
def test_a_little_is_not_much(words):
    assert "alcohol_heavy" not in told(f"My feet tingle. {words}").history_present


@pytest.mark.parametrize(
    "words",
    [
        "I drink a bottle of vodka a day.",
        "I drink 40 units a week.",
        "I have 6 pints every night.",
        "I drink heavily at weekends.",
        "I drink far too much, every single day.",
        "Half a bottle of whisky most nights.",
    ],
)
def test_much_is_much(words):
    assert "alcohol_heavy" in told(f"My feet tingle. {words}").history_present

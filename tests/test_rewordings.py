"""Rewordings keep what a message means: numbers of results, denials, order in time, whose it is."""

import re

import pytest
from tools.rewordings import other_order, rewordings, sentences, small_words

TEXTS = [
    "My potassium is 5.9 mmol/L. I take 20 mg of ramipril 2 times a day and I do not drink.",
    "I don't have a fever. I have a tremor nearly every night for 3 weeks. My hands are cold.",
    "i'm weak. my sister isn't. it began in May",
    "...",
    "Isn't it odd? I am.",
]


def meaning(text):
    """The letters of what matters: numbers, words but the small ones, each as often as it stands."""
    text = text.lower().replace("\u2019", "'")
    for short, full in ((r"n't\b", " not"), (r"\bcan not\b", "cannot"), (r"'m\b", " am")):
        text = re.sub(short, full, text)
    text = re.sub(r"\b(isn|don)t\b", lambda m: m[1].removesuffix("n") + "n not", text)
    text = re.sub(r"\bim\b", "i am", text).replace("isn not", "is not").replace("don not", "do not")
    text = text.replace("i've got a", "i have a").replace("each night", "every night")
    text = text.replace("almost", "nearly").replace("started", "began")
    for number, name in (("2", "two"), ("3", "three")):
        text = re.sub(rf"\b{name}\b", number, text)
    return sorted(re.findall(r"[a-z]+|\d+(?:\.\d+)?", text))


@pytest.mark.parametrize("text", TEXTS)
def test_no_rewording_loses_or_adds_a_word_that_matters(text):
    added = {"hi", "um", "to", "be", "honest", "hello", "doctor", "hope", "you", "are", "well"}
    added |= {"thanks", "thank", "for", "your", "help"}
    for how, reworded in rewordings(text):
        left, more = meaning(text), []
        for word in meaning(reworded):
            if word in left:
                left.remove(word)
            else:
                more.append(word)
        assert not left, how
        assert set(more) <= added, how


def test_every_message_is_reworded_and_always_in_the_same_way():
    for text in TEXTS:
        first = list(rewordings(text))
        assert first == list(rewordings(text))
        assert all(reworded != text for _, reworded in first)
    names = {how for text in TEXTS for how, _ in rewordings(text)}
    assert {"order", "have_got", "contracted", "expanded", "numbers_in_words", "lines"} <= names


@pytest.mark.parametrize(
    "text",
    [
        "I fell. My leg hurts.",  # what came first
        "My sister has weak legs. I sleep badly.",  # whose
        "I take a tablet. My legs hate it.",  # leans on the other
        "I sleep badly. My legs don't.",
        "I started ramipril. My calves cramp.",
    ],
)
def test_sentences_that_lean_on_each_other_keep_their_order(text):
    assert other_order(text) == text


def test_sentences_of_the_teller_that_stand_alone_change_their_order():
    assert other_order("My legs cramp. I'm vegan. I sleep badly") == (
        "I sleep badly. I'm vegan. My legs cramp."
    )


def test_a_decimal_point_or_an_abbreviation_ends_no_sentence():
    assert len(sentences("Dr. Who says K 5.9 is high, e.g. Too high. I worry.")) == 2
    assert "".join(sentences("...my legs. I ache")) == "...my legs. I ache"


def test_small_words_touch_no_sign_and_no_degree():
    for text in ("my whole leg is quite weak", "too weak to stand", "weak for a while"):
        assert small_words(text) == text

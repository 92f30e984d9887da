"""What the system is not for is said plainly, gets no causes, and never hides an alarm."""

import pytest

from stillwell.assess.assessment import assess
from stillwell.case.read import case_from
from stillwell.report.build import build


def assessed(words):
    return assess(case_from({"complaint": words}), draws=0, detail=False)


def shown(words):
    document = build(assessed(words))
    lines = [document.care.heading, document.care.now]
    lines += [b.text for s in document.sections if s.id == "answer" for b in s.blocks]
    return document, " ".join(lines)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("A scaly rash on my elbow that itches", "outside what this system is for"),
        ("My throat is sore and I have a runny nose since Tuesday", "for nothing else"),
        ("Loose stools after a curry", "outside what this system is for"),
        ("Our spaniel is limping and his back legs shake", "people only"),
        ("Why does my cat twitch in her sleep?", "people only"),
        ("The pony can't get up since this morning", "people only"),
        ("Write me a poem about the sea", "cannot do that"),
        ("How do I bake bread with little sugar", "cannot do that"),
        ("What's the weather like in Leeds", "cannot do that"),
        ("Hello there", "for nothing else"),
        ("Sore tooth, bottom left, it is my gum", "for nothing else"),
    ],
)
def test_what_is_none_of_ours_is_told_so_and_gets_no_causes(words, said):
    document, text = shown(words)
    assert said in text
    assert not any(s.id in ("causes", "all_causes") for s in document.sections)
    assert "no alarm sign in what you told" not in text


@pytest.mark.parametrize(
    ("words", "level"),
    [
        ("My dog has died and I have crushing chest pain", "emergency"),
        ("The dog bit me on the shin, now red, hot and spreading", "today"),
        ("Write me a poem, I want to end my life tonight", "emergency"),
        ("A rash that does not fade under a glass, and fever", "emergency"),
        ("Our dog collapsed beside the gas fire and so did I", "emergency"),
        ("Recipe for soup please. My left arm and leg suddenly went weak", "emergency"),
    ],
)
def test_an_alarm_beside_it_stays(words, level):
    done = assessed(words)
    assert done.urgency.level == level
    assert not done.urgency.wording.startswith("outside")


@pytest.mark.parametrize(
    "words",
    [
        "My legs ache after I walk the dog",
        "My calves twitch like a sleeping dog",
        "She walks the dog and her legs shake",
        "Grandma fell over the cat and her hip hurts",
        "A recipe for iron-rich food please, my legs won't keep still at night",
        "An itchy rash, and my feet tingle",
        "Tired all the time",
    ],
)
def test_a_person_with_something_of_ours_is_not_sent_away(words):
    assert not assessed(words).urgency.outside

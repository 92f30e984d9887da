"""No named medicine is lost: it is taken, left, past, asked about or somebody else's, and always said."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stillwell.case.understand import medicine_names
from tests.case_helpers import told

NAMES = medicine_names()
WORDS = NAMES.lexicon
# what is a food, an element or a common word by itself counts only beside a word of taking or a dose
STRONG = sorted(
    name
    for name in NAMES.names
    if name not in WORDS["weak_medicine"] | WORDS["dose_only"]
    and len(name) > 3
    and "(" not in name  # a title of a class
    and not re.fullmatch(r"[a-z][ -]\d+", name)
)
FRAMES = {
    "taking": [
        "My doctor put me on {} last year and my legs are worse since.",
        "I was put on {} three years ago for my nerves.",
        "The nurse prescribed {} in 2021 and I shake since then.",
        "I take {} every morning.",
        "Every night I take {} for my back.",
        "They started him on {} in 2019. He still shakes.",
        "Is it OK to keep taking {}?",
        "Is it safe to drive on {}?",
    ],
    "stopped": [
        "I stopped {} last Tuesday.",
        "My doctor started me on {} in May but I came off it.",
        "I was put on {} last year, then they took me off it.",
    ],
    "past": [
        "I used to take {}.",
        "I finished {} in March.",
        "I completed my course of {} two years ago.",
        "I had {} in 2012.",
    ],
    "wished": [
        "Should I take {}?",
        "Is it OK to take {}?",
        "Is it safe for me to try {}?",
        "Am I allowed to use {}?",
        "What about {}?",
        "My neighbour said take {}.",
        "A man at work told me I should try {}.",
        "My aunt takes {}, she offered me some of hers.",
        "He offered me his {}, should I?",
        "The GP gave me {} last week but I haven't started it.",
        "My doctor suggested {}.",
    ],
    "other": [
        "I am not on {}.",
        "My aunt takes {}. I have cramp.",
        "I refused {}.",
        "People on {} get cramp.",
    ],
}
TOLD = [(status, frame) for status, frames in FRAMES.items() for frame in frames]


@pytest.mark.parametrize(("status", "frame"), TOLD)
def test_every_name_of_a_medicine_has_the_status_that_its_sentence_gives_it(status, frame):
    wrong = {}
    for name in STRONG:
        found = {m.status for m in NAMES.told(frame.format(name))}
        if found != {status}:
            wrong[name] = found
    assert not wrong


@settings(max_examples=60, deadline=None)
@given(name=st.sampled_from(STRONG), frame=st.sampled_from([frame for _, frame in TOLD]))
def test_a_named_medicine_is_always_said_somewhere(name, frame):
    done = told("My legs cramp. " + frame.format(name))
    taken = [m.told for m in (*done.medicines, *done.supplements, *done.planned)]
    spoken = name.replace("-", " ").replace(".", "")  # as it is said back
    assert taken or any(f"'{n}'" in line for line in done.unclear for n in (name, spoken))

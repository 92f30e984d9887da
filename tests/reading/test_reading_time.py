"""Law: reading takes time in proportion to the text, whatever stands in it."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stillwell.case.alarm_words import AlarmWordReader
from stillwell.case.foreign import is_english
from stillwell.case.labs_in_words import LabReader
from stillwell.case.model import Person
from stillwell.case.person_in_words import person_in
from stillwell.case.readers import small_words
from stillwell.case.sentences import Grammar
from stillwell.case.understand import medicine_names
from stillwell.case.vitals_in_words import vitals_in
from stillwell.knowledge.store import knowledge

KNOWN = knowledge()
GRAMMAR = Grammar(KNOWN.base.lexicon, KNOWN.stems)
LABS = LabReader(KNOWN)
ALARMS = AlarmWordReader(KNOWN, GRAMMAR)
READERS = {
    "vitals": lambda text: vitals_in(text, KNOWN),
    "persons": lambda text: person_in(text, Person(), GRAMMAR),
    "labs": lambda text: LABS.read(text, Person()),
    "medicines": medicine_names().named,
    "alarm words": ALARMS.read,
    "foreign": lambda text: is_english(text, KNOWN.english, GRAMMAR, *small_words()),
}
PIECES = [
    "my leg ", " ", "\n", "1", "1 ", "1,", "1 000 ", "5.", "120/80 ", "1/", "a", ", ", ". ", " : ", " - ",
    "(", "not ", "no numbness and ", "my mum's ", "he is ", "age ", "i'm ", "i am a ", "pulse ", "pulse is ",
    "pulse 136 ", "ferritin is ", "low iron and ", "iron, ", "potassium level ", "one ", "one hundred and ",
    "magnesium ", "i take magnesium 400 mg and ", "magnesiun ", "k 5 mmol/", "potassium is critically ",
    "meter says ", "'", "\u00a0", "\u200b", "ä",
]  # fmt: skip
LARGE = 200_000  # characters; within a second each on an idle core (benchmarks/startup.py)
SMALL = 20_000


def cpu_seconds(read, text):
    begun = time.process_time()
    read(text)
    return time.process_time() - begun


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("piece", PIECES)
def test_a_long_repetition_is_read_in_time(reader, piece):
    read = READERS[reader]
    read("my legs hurt")  # patterns are compiled once
    taken = cpu_seconds(read, piece * (LARGE // len(piece)))
    assert taken < 30.0  # no claim of speed: reading that is not linear takes many minutes


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=4), st.sampled_from(sorted(READERS)))
def test_mixtures_are_read_in_time(pieces, reader):
    text = "".join(pieces)
    assert cpu_seconds(READERS[reader], text * (SMALL // len(text))) < 30.0


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=400), st.sampled_from(sorted(READERS)))
def test_anything_can_be_read(text, reader):
    READERS[reader](text)

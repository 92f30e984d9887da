"""A pattern compiled late finds what the same pattern compiled at once finds."""

import re
from unittest.mock import patch

from hypothesis import given
from hypothesis import strategies as st

from stillwell.case.alarm_words import AlarmWordReader, any_of
from stillwell.case.sentences import Grammar
from stillwell.knowledge.late_pattern import LatePattern
from stillwell.knowledge.store import knowledge

WORDS = st.lists(st.sampled_from(["hang", "hangs", "my", "leg", "down", "no", "legs"]), max_size=9)
PHRASES = st.lists(
    st.sampled_from(["hang* ~ down", "leg*", "my leg", "no", "down ~ my"]), min_size=1, max_size=4
)


@given(WORDS, PHRASES)
def test_a_late_pattern_finds_what_the_pattern_itself_finds(
    words: list[str], phrases: list[str]
) -> None:
    text = " ".join(words)
    late = any_of(phrases)
    at_once = re.compile(late._source)
    assert [m.span() for m in late.finditer(text)] == [m.span() for m in at_once.finditer(text)]
    assert (late.search(text) is None) == (at_once.search(text) is None)
    assert late.sub("-", text) == at_once.sub("-", text)


def test_a_text_that_holds_none_of_the_words_compiles_nothing() -> None:
    with patch("re.compile") as compiled:
        assert LatePattern("pulse [0-9]+", ["pulse"]).search("my legs shake") is None
    compiled.assert_not_called()


def test_every_alarm_phrase_is_found_by_the_word_that_it_needs() -> None:
    known = knowledge()
    reader = AlarmWordReader(known, Grammar(known.base.lexicon, known.stems))
    for name, pattern in reader.classes.items():
        lexicon = known.base.lexicon
        for phrase in lexicon.get(name) or lexicon[f"alarm_{name}"]:
            said = phrase.lower().replace("*", "").replace(" ~", "")
            assert pattern.search(said), (name, phrase)

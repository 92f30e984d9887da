"""Whether a text is English at all: what is not must not be guessed at."""

from __future__ import annotations

import re

from rapidfuzz.distance.Levenshtein import distance
from rapidfuzz.process import extractOne

from stillwell.case.sentences import Grammar

UNKNOWN = 0.6  # share of words in no list of English from which a text without small words is none
MOST = 200  # words looked at
LISTED = 4  # letters of a word from which the list of English is complete
_WORD = re.compile(r"[^\W\d_]{2,}")
# the commonest English words: a text that holds one, however misspelt the rest, is read
FEWEST = 2  # words under which nothing is said of a text
# the commonest English words that are no words of its neighbours: a text that holds one is read
SMALL = frozenset(
    [
        "the",
        "my",
        "is",
        "are",
        "it",
        "of",
        "and",
        "with",
        "have",
        "not",
        "you",
        "they",
        "this",
        "that",
        "when",
        "but",
        "from",
        "can",
        "or",
        "after",
        "since",
        "what",
        "why",
        "how",
        "feel",
        "feels",
        "been",
    ]
)


def is_english(text: str, english: str, grammar: Grammar) -> bool:
    """Whether the words of a text are mostly English; a text without words counts as English.

    Args:
        english: words in common use, each between line ends.
        grammar: knows the words of body and complaint, one of which, even misspelt, makes a text one to be read.

    >>> from stillwell.case.understand import medicine_names
    >>> names = medicine_names()
    >>> is_english("mi lgs r shakin", names.english, names.grammar)
    True
    >>> is_english("Meine Beine zittern nachts", names.english, names.grammar)
    False
    """
    words = _WORD.findall(text.lower().replace("’", "'"))[:MOST]
    if len(words) < FEWEST or any(w in SMALL or grammar.kind(w) for w in words):
        return True
    signs = [w for w in grammar.kinds if len(w) >= len("leg")]
    near = (w.removesuffix("s").removesuffix("ing") for w in words)
    if any(extractOne(w, signs, scorer=distance, score_cutoff=1) for w in near if len(w) > 2):
        return True  # "tinglng feat"
    long = [w for w in words if len(w) >= LISTED]
    unknown = sum(f"\n{w}\n" not in english for w in long)
    return len(long) < FEWEST or unknown < UNKNOWN * len(long)

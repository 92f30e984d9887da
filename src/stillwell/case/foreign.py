"""Whether a text is English at all: what is not must not be guessed at."""

from __future__ import annotations

from collections.abc import Collection

from rapidfuzz.distance.Levenshtein import distance
from rapidfuzz.process import extractOne

from stillwell.case.sentences import Grammar
from stillwell.knowledge.kept_patterns import compiled

UNKNOWN = 0.6  # share of words in no list of English from which a text without small words is none
MOST = 200  # words looked at
LISTED = 4  # letters of a word from which the list of English is complete
FEWEST = 2  # words under which nothing is said of a text
_WORD = compiled(r"[^\W\d_]+(?:'[^\W\d_]+)?")


def is_english(
    text: str,
    english: str,
    grammar: Grammar,
    small_english: Collection[str],
    small_foreign: Collection[str],
) -> bool:
    """Whether the words of a text are mostly English; a text without words counts as English.

    Args:
        english: words in common use, each between line ends.
        grammar: knows the words of body and complaint, one of which, even misspelt, makes a text one to be read,
            unless the small words beside it are those of another language ("die Hand", "the hand").
        small_english, small_foreign: small words of English, and of other languages and not of English.

    >>> from stillwell.case.readers import medicine_names, small_words
    >>> names = medicine_names()
    >>> is_english("mi lgs r shakin", names.english, names.grammar, *small_words())
    True
    >>> is_english("Mir zittern die Beine, wenn ich stehe", names.english, names.grammar, *small_words())
    False
    """
    words = [w for w in _WORD.findall(text.lower().replace("’", "'"))[:MOST]]
    ours, theirs = sum(w in small_english for w in words), sum(w in small_foreign for w in words)
    if theirs >= FEWEST and theirs > ours:
        return False
    words = [w for w in words if len(w) > 1]
    if len(words) < FEWEST or any(w in small_english or grammar.kind(w) for w in words):
        return True
    signs = [w for w in grammar.kinds if len(w) >= len("leg")]
    near = (w.removesuffix("s").removesuffix("ing") for w in words)
    if any(extractOne(w, signs, scorer=distance, score_cutoff=1) for w in near if len(w) > 2):
        return True  # "tinglng feat"
    long = [w for w in words if len(w) >= LISTED]
    unknown = sum(f"\n{w}\n" not in english for w in long)
    return len(long) < FEWEST or unknown < UNKNOWN * len(long)

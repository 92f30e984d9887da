"""Tells where words name only a little of what an item speaks of as much ("I drink 1 coffee a day")."""

from __future__ import annotations

import re
from collections.abc import Mapping

from stillwell.language.marks import sentence_at

PREFIX = "little_of_"
_BETWEEN = r"(?:\s\w{1,10}){0,2}?\s"  # "one small cup"


def is_little(item: str, text: str, start: int, lexicon: Mapping[str, list[str]]) -> bool:
    """Whether the sentence that tells an item names one vessel of it, and no more.

    Args:
        item: id of what was read; only those with a class `little_of_<id>` in the lexicon are judged.
        start: a character of the words that told it.
    """
    amounts = lexicon.get(PREFIX + item)
    if not amounts:
        return False
    first, last = sentence_at(text, start)
    sentence = text[first:last].lower()
    if any(re.search(rf"\b{re.escape(w)}s?\b", sentence) for w in lexicon["little_unless"]):
        return False
    vessels = "|".join(map(re.escape, lexicon["little_vessel"]))
    one = "|".join(map(re.escape, amounts))
    if re.search(rf"\b(?:[2-9]|\d\d+)\b|\b(?:{vessels})s\b", sentence):
        return False
    return re.search(rf"\b(?:{one}){_BETWEEN}(?:{vessels})\b", sentence) is not None

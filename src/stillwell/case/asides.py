"""Takes asides out of a text: that nothing else is wrong, and whom the teller looks after."""

from __future__ import annotations

import re
from collections.abc import Mapping

from stillwell.knowledge.kept_patterns import compiled
from stillwell.knowledge.phrases import any_of, pattern_of

WELL = "well_"
_OF_OTHERS = compiled(r"\b(?:he|she|his|her|him|he's|she's|they|their|them)\b")
_END = r"(?=[.!?;\n]|,? (?:and|but) (?:i|my|i'm|i've)\b|, (?:i|my|i'm|i've)\b|$)"


def without_asides(text: str, lexicon: Mapping[str, list[str]]) -> tuple[str, list[str]]:
    """(the text without asides, the findings that they deny).

    "I look after my husband, who has dementia" is left out where nothing more is told of him.
    """
    denied: list[str] = []
    for name in sorted(n for n in lexicon if n.startswith(WELL)):
        text, hit = _without(text, lexicon[name])
        denied += [name.removeprefix(WELL)] if hit else []
    text, _ = _without(text, lexicon["nothing_else"])
    says = "|".join(map(pattern_of, lexicon["carer_says"]))
    kin = "|".join(sorted(map(re.escape, lexicon["kin"]), key=len, reverse=True))
    aside = compiled(
        rf"\b(?:{says}) (?:my|our) (?:[a-z-]{{2,12}} ){{0,2}}(?:{kin})\b[^.!?;\n]*?{_END}",
        re.IGNORECASE,
    )
    found = aside.search(text.replace("’", "'"))
    if found:
        rest = text[: found.start()] + " " + text[found.end() :]
        if not _OF_OTHERS.search(rest.lower()) and re.search(r"\b(?:i|my|i'm)\b", rest.lower()):
            text = rest
    return text, denied


def _without(text: str, phrases: list[str]) -> tuple[str, bool]:
    """A text without phrases that no "not" turns."""
    pattern, low, found = any_of(phrases), text.lower().replace("’", "'"), False
    for match in reversed(list(pattern.finditer(low))):
        before = low[: match.start()].split()[-2:]
        if any(w in ("not", "never", "wasn't", "isn't", "until", "used") for w in before):
            continue
        text, found = text[: match.start()] + " " + text[match.end() :], True
    return text, found

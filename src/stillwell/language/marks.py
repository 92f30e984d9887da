"""Question marks behind statements: on forums and question sites every title ends in one."""

from __future__ import annotations

import re

_SENTENCE = re.compile(r"[^.!?\n]+\?+")
_ASKS = re.compile(
    r"(?:^|[,;:–—…-]|\b(?:and|but|so|or|if not|please|doctor|doc|hi|hello|question|wondering)\b)\W*"
    r"(?:is|isn't|are|aren't|am|was|were|can|can't|could|couldn't|do|don't|does|doesn't|did|didn't|"
    r"have (?:i|you|they)|has (?:it|this|he|she)|will|would|should|shouldn't|may|might|shall|what|"
    r"what's|whats|why|how|how's|which|who|where|when (?:will|should|can|do)|any(?:one| idea)?|"
    r"possible|normal to|ok to|safe to|maybe|perhaps)\b",
    re.IGNORECASE,
)


def without_stray_marks(text: str) -> str:
    """The text with a full stop for the question mark of each sentence that asks nothing.

    Every character keeps its place.

    >>> without_stray_marks("I have dizziness and weak legs? Is it MS?")
    'I have dizziness and weak legs. Is it MS?'
    """

    def plain(match: re.Match[str]) -> str:
        sentence = match[0]
        if _ASKS.search(sentence.replace("’", "'")):
            return sentence
        return sentence.rstrip("?") + "." * (len(sentence) - len(sentence.rstrip("?")))

    return _SENTENCE.sub(plain, text)

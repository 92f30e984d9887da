"""From the network's tokens to readings: one item, the words that tell it, and how it is told."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stillwell.language.encoder import Encoder, Floats, encoder
from stillwell.language.marks import plain_letters, without_stray_marks

LIKELY = 0.5  # of the strongest token: tokens of a mention are at least this share of it
FAINT = 0.03  # mentions less likely than this are not looked at
GAP = 3  # tokens between two parts of one mention


@dataclass(frozen=True)
class Reading:
    """One item told in a text.

    Attributes:
        id: a finding or history item.
        start, stop: the characters that tell it.
        words: these characters.
        mentioned: probability that the words speak of it at all.
        told: probability of each way of telling, given that they do.
    """

    id: str
    start: int
    stop: int
    words: str
    mentioned: float
    told: dict[str, float]

    def chance(self, *statuses: str) -> float:
        """Probability that the words speak of it in one of these ways."""
        return self.mentioned * sum(self.told[s] for s in statuses)


@dataclass(frozen=True)
class TextReading:
    """All readings of a text, and what the network says of it as a whole."""

    readings: list[Reading]
    whole: dict[str, float]


def read_text(text: str, using: Encoder | None = None) -> TextReading:
    """Every item that a text speaks of, in order, each mention apart."""
    reader = using or encoder()
    coded = reader.encode(without_stray_marks(plain_letters(text)))
    found = []
    strongest = coded.mention.max(axis=0) if len(coded.mention) else np.zeros(len(reader.items))
    for item in np.flatnonzero(strongest >= FAINT):
        chances = coded.mention[:, item]
        for run in _runs(chances):
            weight = chances[run]
            logits = coded.told[run] + coded.mix[run] @ reader.own[item]
            logits = (weight[:, None] * logits).sum(0) / weight.sum()
            told = np.exp(logits - logits.max())
            told /= told.sum()
            start, stop = _whole_words(text, coded.spans[run[0], 0], coded.spans[run[-1], 1])
            found.append(
                Reading(
                    reader.items[item],
                    start,
                    stop,
                    text[start:stop],
                    float(weight.max()),
                    dict(zip(reader.statuses, map(float, told), strict=True)),
                )
            )
    found.sort(key=lambda r: (r.start, r.stop, r.id))
    return TextReading(found, coded.whole)


def _whole_words(text: str, start: int, stop: int) -> tuple[int, int]:
    """The characters of the words that these characters are part of."""
    first, last = int(start), int(stop)
    while first > 0 and text[first - 1].isalnum():
        first -= 1
    while last < len(text) and text[last].isalnum():
        last += 1
    return first, last


def _runs(chances: Floats) -> list[NDArray[np.int64]]:
    """Runs of tokens that tell one mention each."""
    strong = chances >= max(FAINT, LIKELY * chances.max())
    # a second, fainter mention elsewhere counts too, where it is clear enough by itself
    told = np.flatnonzero(strong | (chances >= 0.3))
    return list(np.split(told, np.flatnonzero(np.diff(told) > GAP) + 1))

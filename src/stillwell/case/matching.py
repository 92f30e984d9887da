"""Where the parts of a pattern stand near each other in one clause."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from stillwell.case.sentences import Whose
from stillwell.knowledge.phrases import Phrase

SLACK = 4  # words that may stand between the parts of a pattern


@dataclass(frozen=True)
class Word:
    """One word that counts.

    Attributes:
        place: its position among all words, the ignored ones counted.
        kind: "body", "symptom" or neither.
        denied_by: the position in the list of words of what denies it, or -1.
        segment: the number of the part between commas in which it stands.
    """

    raw: str
    stem: str
    clause: int
    mark: bool = False
    place: int = 0
    kind: str = ""
    whose: Whose = Whose.PATIENT
    denied_by: int = -1
    segment: int = 0


def fit(phrase: Phrase, words: list[Word], position: int) -> list[int] | None:
    """The positions of a pattern's words near `position`, in one clause, or None."""
    clause = words[position].clause
    # what bars a match must stand tight, or it would bar its neighbours too
    reach = len(phrase.parts) + (1 if phrase.excludes else SLACK)
    used: set[int] = set()
    for part in sorted(phrase.parts, key=lambda p: -max(len(c) for c in p)):
        best: tuple[int, int] | None = None
        for start in range(max(0, position - reach), min(len(words), position + reach + 1)):
            if words[start].clause != clause or words[start].mark or start in used:
                continue
            for choice in part:
                stop = start + len(choice) - 1
                if stop < len(words) and all(
                    not words[start + k].mark
                    and words[start + k].clause == clause
                    and words[start + k].stem == choice[k]
                    for k in range(len(choice))
                ):
                    distance = max(position - start, stop - position)
                    if best is None or distance < max(position - best[0], best[1] - position):
                        best = (start, stop)
        if best is None:
            return None
        used.update(range(best[0], best[1] + 1))
    found = sorted(used)
    if position not in used or found[-1] - found[0] > reach or _crosses(words, found):
        return None
    return found


def _crosses(words: list[Word], used: list[int]) -> bool:
    """Whether a pattern joins a body part to a symptom that belongs to another body part.

    "hands tremble, legs weak" says nothing of weak hands: between the two stand another symptom
    and another body part. In "tingling hands and weak legs" the symptom stands right before its own.
    """
    chosen = set(used)
    for left, right in pairwise(used):
        kinds = {words[left].kind, words[right].kind}
        if kinds != {"body", "symptom"}:
            continue
        between = {words[i].kind for i in range(left + 1, right) if i not in chosen}
        if {"body", "symptom"} <= between:
            return True
        after = right + 1
        if (
            words[right].kind == "symptom"
            and after < len(words)
            and after not in chosen
            and words[after].kind == "body"
            and words[after].place == words[right].place + 1
        ):
            return True
    return False

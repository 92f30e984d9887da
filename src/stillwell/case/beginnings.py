"""Beginnings told in exact words, where the trained reader saw none or only doubted: "six months of tingling"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from stillwell.case.medicines_in_words import NamedMedicine
from stillwell.case.sentences import Grammar
from stillwell.knowledge.base import Base
from stillwell.knowledge.kept_patterns import compiled
from stillwell.knowledge.phrases import tokens
from stillwell.language.claims import Claim
from stillwell.language.durations import ONSETS, beginning_told
from stillwell.language.marks import asks_in, sentence_at
from stillwell.language.number_words import ONES, TENS

TOLD = 0.85  # how surely a length of time beside a symptom is its beginning: judgement
_BETWEEN = compiled(r"[.,;!?\n…]+|\b(?:and|but|then|now)\b", re.IGNORECASE)


def with_beginning(
    claims: list[Claim],
    text: str,
    mentioned: Iterable[NamedMedicine],
    base: Base,
    grammar: Grammar,
) -> list[Claim]:
    """The claims with a beginning that is told beside a complaint, or was only perhaps read; one that was read stands.

    A time of something else ("diarrhoea for a week and now my calves cramp", "since the operation") is none.
    """
    if any(c.id in ONSETS and c.kind in ("present", "denied", "not_now") for c in claims):
        return claims
    lexicon = base.lexicon
    other = {*lexicon["not_ailing"], *lexicon["dated_events"], *grammar.words["kin"]}
    other |= grammar.words["negation"] | {w for one in mentioned for w in tokens(one.told)}
    ails = [
        c
        for c in claims
        if c.kind == "present" and c.id in base.findings and base.findings[c.id].complaint
    ]
    doubted = [c for c in claims if c.id in ONSETS]
    for start, stop in _parts(text):
        told = beginning_told(text[start:stop])
        if told is None or other & set(tokens(text[start:stop])):
            continue
        first, last = sentence_at(text, start)
        if asks_in(text[first : last + 1]):
            continue
        near = [c for c in doubted if c.start < stop and c.stop > start]
        here = [c for c in ails if c.start < stop and c.stop > start]
        beside = [c for c in ails if c.start < last and c.stop > first]
        bare = _is_time_alone(text[first:last], lexicon) and _dates_before(text, first, other, ails)
        if not here and not (near and beside) and not bare:
            continue
        said = text[start:stop].strip()
        found = Claim(told, "present", TOLD, said, start, stop, "present")
        if near:
            found = replace(near[0], id=told, kind="present", probability=TOLD, how="present")
        return [*(c for c in claims if c.id not in ONSETS), found]
    return claims


def _is_time_alone(sentence: str, lexicon: Mapping[str, list[str]]) -> bool:
    """Whether a sentence is a length of time and nothing else: "Been 2 year", "going on six months now"."""
    small = {*lexicon["only_time"], *ONES, *TENS}
    return all(w in small or w.isdigit() or not w[0].isalnum() for w in tokens(sentence))


def _dates_before(text: str, first: int, other: set[str], ails: list[Claim]) -> bool:
    """Whether a complaint stands before a sentence, and the sentence next before it speaks of nothing else."""
    start, stop = sentence_at(text, max(0, first - 2))
    spoken = set(tokens(text[start:stop])) & other
    return any(c.stop <= first for c in ails) and not spoken


def _parts(text: str) -> Iterable[tuple[int, int]]:
    """First and last-plus-one characters of the parts of sentences between marks and joining words."""
    at = 0
    for mark in _BETWEEN.finditer(text):
        if mark.start() > at:
            yield at, mark.start()
        at = mark.end()
    if at < len(text):
        yield at, len(text)

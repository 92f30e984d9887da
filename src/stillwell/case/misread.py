"""Claims that the whole phrase takes back: "lost ten thousand pounds" tells no lost weight, "vegan for 15 years" no
beginning of what ails."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from stillwell.case.medicines_in_words import NamedMedicine
from stillwell.case.sentences import Grammar
from stillwell.knowledge.phrases import any_of, tokens
from stillwell.language.claims import Claim
from stillwell.language.durations import ONSETS, onset_told
from stillwell.language.marks import sentence_at

BESIDE = 30  # characters on either side of a claim's words in which the phrase may stand
DOUBTFUL = 0.4  # the most that a claim told in part is believed: it is asked about
THERE = ("present", "perhaps")
OVERDOSE = "overdose"
MOST_AT_ONCE = 8  # pieces of a medicine from which a bare number is no usual dose: judgement
_COUNT = re.compile(r"(?<![\d.,])(\d{1,4})(?![\d.,]|\s?(?:mg|mcg|ug|g|ml|iu|units?|micrograms?)\b)")


def is_misread(claim: Claim, text: str, lexicon: Mapping[str, list[str]]) -> bool:
    """Whether the phrase around a claim's words tells of something else (`not_told_by_<id>`), or the text has none of
    the words that the claim needs (`only_with_<id>`; `perhaps_with_<id>` where it is only perhaps meant)."""
    if claim.kind not in THERE:
        return False
    low = text.lower().replace("’", "'")
    first, last = sentence_at(low, claim.start)
    near = low[max(first, claim.start - BESIDE) : min(last, claim.stop + BESIDE)]
    phrases = lexicon.get(f"not_told_by_{claim.id}")
    if phrases and any_of(phrases).search(near):
        still = lexicon.get(f"told_by_{claim.id}")
        return not (still and any_of(still).search(low[first:last]))
    always = lexicon.get(f"only_with_{claim.id}")
    if always and not any_of(always).search(low):
        return True
    needed = lexicon.get(f"perhaps_with_{claim.id}")
    return claim.kind == "perhaps" and bool(needed) and not any_of(needed or []).search(low)


def as_doubtful(claim: Claim, text: str, lexicon: Mapping[str, list[str]]) -> Claim:
    """A claim that such words tell only in part (`doubtful_with_<id>`), as one to be asked about; others as they are.

    "My legs shake when I stand up" tells nothing of whether walking or sitting stops it.
    """
    words = lexicon.get(f"doubtful_with_{claim.id}")
    if not words or claim.kind != "present":
        return claim
    low = text.lower().replace("’", "'")
    still = lexicon.get(f"told_by_{claim.id}")
    if not any_of(words).search(low) or (still and any_of(still).search(low)):
        return claim
    return replace(claim, kind="perhaps", probability=min(claim.probability, DOUBTFUL))


def as_guessed(claim: Claim, text: str, lexicon: Mapping[str, list[str]]) -> Claim:
    """A known illness that the teller only thinks to have ("reckon I've got Parkinson's") as feared; else the claim."""
    named = {pair.split(" = ")[0] for pair in lexicon["asked_for_history"]}
    if claim.id not in named or claim.kind != "present":
        return claim
    low = text.lower().replace("’", "'")
    before = low[sentence_at(low, claim.start)[0] : claim.stop]
    if not any_of(lexicon["guessed_illness"]).search(before):
        return claim
    return replace(claim, kind="not_now", how="feared")


def is_usual_dose(
    claim: Claim, mentioned: Iterable[NamedMedicine], lexicon: Mapping[str, list[str]]
) -> bool:
    """Whether an overdose was read from words that only tell a medicine with its dose and its times."""
    if claim.id != OVERDOSE or claim.kind not in THERE:
        return False
    names = {w for one in mentioned for w in tokens(one.told)}
    if any(int(count) > MOST_AT_ONCE for count in _COUNT.findall(claim.words)):
        return False  # "40 ibuprofen"
    words = [w for w in tokens(claim.words) if w[0].isalpha()]
    usual = names | {*lexicon["usual_dose"], "mg", "mcg", "g", "ml", "micrograms"}
    return bool(names & set(words)) and set(words) <= usual


def dated_by_what_ails(
    claims: list[Claim],
    text: str,
    mentioned: Iterable[NamedMedicine],
    lexicon: Mapping[str, list[str]],
    grammar: Grammar,
) -> list[Claim]:
    """The claims, where a time told of a habit or medicine is no beginning; that of the symptom is, if told."""
    habits = {*lexicon["not_ailing"], *(w for one in mentioned for w in tokens(one.told))}
    kept = []
    for claim in claims:
        if claim.id not in ONSETS or claim.kind not in THERE:
            kept.append(claim)
            continue
        start = max(text.rfind(mark, 0, claim.start) for mark in ",.;!?\n") + 1
        clause = re.split(r"[,.;!?\n]", text[start:])[0]
        words = tokens(clause)
        if not habits & set(words) or any(grammar.kind(w) == "symptom" for w in words):
            kept.append(claim)
            continue
        for other in re.split(r"[,.;!?\n]", text):
            told = onset_told(other)
            said = tokens(other)
            if told and not habits & set(said) and any(grammar.kind(w) for w in said):
                kept.append(replace(claim, id=told, words=other.strip()))
                break
    return kept

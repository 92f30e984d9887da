"""Texts about an animal alone, or that ask for something to be written or looked up: no person tells what ails them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from stillwell.case.sentences import Grammar
from stillwell.knowledge.phrases import any_of, tokens

ANIMAL, REQUEST = "animal", "request"


def other_than_ours(text: str, lexicon: Mapping[str, list[str]], grammar: Grammar) -> str:
    """`animal` or `request` where a text is that and names no person at all, else "".

    A bite, a scratch or a fall makes it a text about somebody, and so does any "I", "me" or relative.
    """
    low = text.lower().replace("\u2019", "'")
    animal = _owned(lexicon).search(low)
    if animal and not any_of(lexicon["done_by_animals"]).search(low):
        before = set(tokens(low[: animal.start()]))
        rest = _owned(lexicon).sub(" ", low)
        if not before & set(lexicon["somebody_before"]) and not _names_somebody(
            rest, lexicon, grammar
        ):
            return ANIMAL
    asked = any_of(lexicon["told_to_do"]).search(low)
    if asked and not low[: asked.start()].strip(" .,!"):
        return REQUEST
    return ""


def _owned(lexicon: Mapping[str, list[str]]) -> re.Pattern[str]:
    """An animal with its owner or article ("our old cat", "the horse's legs")."""
    animals = "|".join(map(re.escape, sorted(lexicon["animals"], key=len, reverse=True)))
    return re.compile(
        rf"\b(?:my|our|the|his|her|their|a|an) (?:[a-z]+ ){{0,2}}(?:{animals})(?:'?s)?\b"
    )


def _names_somebody(rest: str, lexicon: Mapping[str, list[str]], grammar: Grammar) -> bool:
    words = set(tokens(rest))
    people = {*lexicon["people_named"], *grammar.words["kin"], *grammar.words["first_person"]}
    return bool(words & people)

"""Reads age, sex and pregnancy from what the patient says: "67 year old man", "34F", "I'm pregnant"."""

from __future__ import annotations

import re

from stillwell.case.model import Person
from stillwell.case.sentences import Grammar, Whose, statements

_YEARS = r"(?:years?|yrs?|yr|y)\s*-?\s*(?:old|o)\b|yo\b|y/o\b"
_SEX = r"f|m|female|male|woman|man|lady|gentleman|girl|boy|guy|bloke"
_AGES = [
    re.compile(rf"\b(?P<age>\d{{1,3}})\s*-?\s*(?:{_YEARS})(?:\s+(?P<sex>{_SEX})\b)?"),
    re.compile(r"\b(?:aged|age)\s*:?\s*(?P<age>\d{1,3})\b(?!\s*(?:months|weeks|days))"),
    re.compile(rf"^\s*\(?(?P<age>\d{{1,3}})\s*,?\s*(?P<sex>{_SEX})\b"),
    re.compile(
        rf"\b(?P<sex>{_SEX})\s*,?\s*(?P<age>\d{{2,3}})\b(?!\s*(?:times|x|weeks|days|months|mg|years))"
    ),
    re.compile(
        r"\b(?:i'm|im|i am|am)\s+(?:a\s+)?(?P<age>\d{1,3})\s*(?P<sex>f|m)?\b(?!\s*(?:weeks|months|days|stone|kg|%|cm|times))"
    ),
    re.compile(
        r"\b(?:he|she)(?:'s| is|s)\s+(?:now\s+)?(?P<age>\d{1,3})\b(?!\s*(?:weeks|months|days|stone|kg|%))"
    ),
]
_OF_KIN = (
    r"(?:'s| is|s)\s+(?:now\s+)?(?P<age>\d{2,3})\b(?!\s*(?:weeks|months|days|stone|kg|mg|%|times))"
)
_SEXES = [
    re.compile(
        r"\b(?:i'm|im|i am|am)\s+(?:a\s+|an\s+)?(?:\w+\s+){0,2}(?P<sex>female|male|woman|man|lady|girl|boy)\b"
    ),
    re.compile(r"(?:^|,)\s*(?P<sex>female|male|woman|man)\s*(?:,|$)"),
]
_FEMALE = frozenset(["f", "female", "woman", "lady", "girl"])
_KIN_SEX = {
    "female": frozenset(
        [
            "mum",
            "mom",
            "mummy",
            "mother",
            "sister",
            "daughter",
            "aunt",
            "auntie",
            "gran",
            "granny",
            "nan",
            "nana",
            "grandma",
            "grandmother",
            "wife",
            "missus",
            "girlfriend",
            "niece",
            "granddaughter",
        ]
    ),
    "male": frozenset(
        [
            "dad",
            "daddy",
            "father",
            "brother",
            "son",
            "uncle",
            "grandad",
            "granddad",
            "grandpa",
            "grandfather",
            "husband",
            "hubby",
            "boyfriend",
            "nephew",
            "grandson",
        ]
    ),
}


_AGES.append(re.compile(rf"\b(?:{'|'.join(w for k in _KIN_SEX.values() for w in k)}){_OF_KIN}"))


def person_in(text: str, person: Person, grammar: Grammar) -> Person:
    """The person, with age and sex as told in words where they were not given.

    Only what is said of the patient counts: "my mum is 70" tells the age of the patient only where the
    whole text is about her.
    """
    age = person.age
    sex: str | None = person.sex
    for sentence in statements(text, grammar):
        own = [
            " ".join(w for w, whose in zip(s.words, s.whose, strict=True) if not whose)
            for s in sentence
            if s.whose and Whose.PATIENT in s.whose
        ]
        told = " , ".join(own)
        for pattern in _AGES:
            found = pattern.search(told)
            if found and age is None and 0 < int(found["age"]) <= 110:
                age = float(found["age"])
            if found and sex is None and found.groupdict().get("sex"):
                sex = "female" if found["sex"] in _FEMALE else "male"
        for pattern in _SEXES:
            found = pattern.search(told)
            if found and sex is None:
                sex = "female" if found["sex"] in _FEMALE else "male"
    if sex is None:
        sex = _sex_of_kin(text, grammar)
    if age == person.age and sex == person.sex:
        return person
    return Person(
        age=age,
        sex=sex,  # type: ignore[arg-type]
        pregnant=person.pregnant,
        weight_kg=person.weight_kg,
        height_cm=person.height_cm,
    )


def _sex_of_kin(text: str, grammar: Grammar) -> str | None:
    """The sex of a patient who is told of as husband, mother or the like."""
    for sentence in statements(text, grammar):
        for segment in sentence:
            words = [
                w.removesuffix("'s")
                for w, whose in zip(segment.words[:4], segment.whose[:4], strict=True)
                if not whose
            ]
            after = [w for w in segment.words[:5] if w in grammar.words["reports"]]
            for sex, kin in _KIN_SEX.items():
                if not after and any(w in kin for w in words[:2]) and words[0] != "i":
                    return sex
    return None

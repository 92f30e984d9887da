"""Amounts in meal text: numbers, measures and sizes, and the grams of a measure of a food."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Any

from stillwell.errors import CaseError
from stillwell.nutrition.foods.names import Index, index, named_here, singular
from stillwell.nutrition.foods.record import Food

OMELETTE = re.compile(r"\b(?:omel|scrambl|frittata)")
# a weight told after the amount: "2 slices of bread, 72 g"
TOTAL = re.compile(
    r"[,(]\s*(?:about|approx\.?|around|roughly|~)?\s*(\d+(?:\.\d+)?)\s*([a-z]+)\b(?!\s*each)\)?",
    re.IGNORECASE,
)
SHARED = re.compile(
    r"\b(?:shared|split)\s+(?:between|with|among|by)\s+(\d+|two|three|four|five|six)\b",
    re.IGNORECASE,
)


@dataclass
class Told:
    """What a phrase tells: how many (None: not told), of which measure and size, of what."""

    number: float | None
    measure: str
    sizes: list[str]
    words: list[str]


def amount_tokens(text: str) -> list[str]:
    """The numbers and words of a phrase."""
    text = re.sub("['’]", "", text.lower())
    text = text.replace("-", " ") if not re.search(r"-\s*\d", text) else text
    return re.findall(r"-?\d+/\d+|-?\d+(?:\.\d+)?|[a-z%&]+|×", text)


def told_amount(plain: str) -> Told:
    """What a cleaned phrase tells of amount, shared helpings and a weight told after it included."""
    known = index()
    shared = SHARED.search(plain)
    told = amount_of(amount_tokens(SHARED.sub(" ", plain)), known)
    total = TOTAL.search(plain)
    unit = known.units.get(total[2].lower(), "") if total else ""
    if total and unit in known.portions["fixed"]:
        before = amount_of(amount_tokens(plain.replace(total[0], " ")), known)
        if not (unit in ("ml", "cl", "l") and (before.number or 1) > 1 and before.measure):
            told.number, told.measure, told.sizes = float(total[1]), unit, []
    if shared:
        parts = number_of(shared[1]) or known.numbers[shared[1].lower()]
        told.number = (1.0 if told.number is None else told.number) / parts
    return told


def amount_of(tokens: list[str], known: Index) -> Told:
    """Amount, measure, sizes and food words of a phrase.

    Raises:
        CaseError: an amount is negative.
    """
    sizes, fixed = known.portions["sizes"], known.portions["fixed"]
    told = Told(None, "", [], [])
    times, article, i = 1.0, False, 0
    while i < len(tokens):
        token = tokens[i]
        following = tokens[i + 1] if i + 1 < len(tokens) else ""
        value = number_of(token)
        if value is not None and value < 0:
            raise CaseError("diary", f"'{token}' is a negative amount", "Give amounts above zero")
        named = named_here(tokens, i, known)
        if named:  # "quarter pounder", "pot noodle", "double cream": a name, not an amount
            told.words += tokens[i : i + named]
            i += named
        elif value is not None and following == "%":
            told.words.append(f"{token}%")
            i += 2
        elif token in ("x", "×"):
            times *= number_of(following) or 1.0
            i += 2 if number_of(following) is not None else 1
        elif value is not None:
            unit = known.units.get(following, "")
            after = tokens[i + 2] if i + 2 < len(tokens) else ""
            if (
                following in ("egg", "eggs")
                and after[:5] != "white"
                and OMELETTE.search(" ".join(tokens[i + 2 :]))
            ):
                told.number, told.measure, i = value, "egg", i + 1
            elif unit in fixed and (told.number is None or article or told.measure not in fixed):
                # 50 g says more than a bar; 2 x 330 ml and 2 bottles 330 ml are both told
                if told.number is not None and not article:
                    times *= told.number
                told.measure, told.number, i = unit, value, i + 1
            elif told.number is not None and "/" in token and not article:
                told.number += value  # 1 1/2
            elif told.number is not None and unit and not told.measure:
                times, told.number = times * told.number, value
            elif told.number is None or article:
                told.number, article = value, False
            i += 1
        elif f"{token} {following}" in known.units and not told.measure:
            told.measure, i = known.units[f"{token} {following}"], i + 2
        elif token in known.numbers and told.number is None and not _late(token, told.words):
            told.number, article = float(known.numbers[token]), token in ("a", "an")
            if token in ("half", "quarter", "third"):
                i += following in ("a", "an", "of")
            elif article and following in known.numbers:  # a dozen, a few, a half
                told.number, i = float(known.numbers[following]), i + 1
            i += 1
        elif token in known.units and not told.measure and _measures(token, following, told, known):
            told.measure, i = known.units[token], i + 1
        elif token in sizes:
            told.sizes.append(token)
            i += 1
        else:
            told.words.append(token)
            i += 1
    _last_measure(told, known)
    if told.number is not None or times != 1.0:
        told.number = (1.0 if told.number is None else told.number) * times
    return told


def _late(token: str, words: list[str]) -> bool:
    return token in ("a", "an") and bool(words)


def _measures(token: str, following: str, told: Told, known: Index) -> bool:
    """Whether a unit's word is meant as a measure here."""
    if told.number is not None:
        return token not in known.also_food or bool(following) or bool(told.words)
    return following == "of" or (not told.words and token not in known.also_food)


def _last_measure(told: Told, known: Index) -> None:
    """A measure told last ("olive oil drizzle"); a cut of meat is a measure and a word of the food."""
    if told.measure in ("breast", "fillet", "thigh", "leg", "wing", "chop"):
        told.words.append(told.measure)
    last = told.words[-1] if len(told.words) > 1 else ""
    whole = tuple(told.words) in known.phrases or tuple(map(singular, told.words)) in known.phrases
    if not told.measure and last in known.units and not whole:
        ended = (
            named_here(told.words, i, known) == len(told.words) - i
            for i in range(len(told.words) - 1)
        )
        if not any(ended):
            told.measure = known.units[last]
            if (
                told.number is None
                and last != singular(last)
                and told.measure in ("piece", "slice")
            ):
                told.measure = ""  # "carrot sticks", "seitan strips": some of them
            if told.measure not in ("breast", "fillet", "thigh", "leg", "wing", "chop", "steak"):
                told.words.pop()


def number_of(token: str) -> float | None:
    """A number or fraction written in digits."""
    try:
        return float(Fraction(token)) if "/" in token else float(token)
    except (ValueError, ZeroDivisionError):
        return None


def said_portion(words: list[str], known: Index) -> dict[str, Any]:
    """The portion of what was said, where its own weight differs from that of the food it is matched with."""
    for size in range(min(3, len(words)), 0, -1):
        for i in range(len(words) - size + 1):
            row = known.said.get(" ".join(map(singular, words[i : i + size])))
            if row:
                return dict(row)
    return {}


def grams_of(
    item: Food,
    measure: str,
    sizes: Iterable[str] = (),
    counted: bool = False,
    said: dict[str, Any] | None = None,
) -> float:
    """Grams of one measure ('' for one piece or serving) of a food, of the sizes told.

    `said` is a portion of what was said; it goes before the food's own.
    """
    portions = index().portions
    if measure in portions["fixed"]:
        return float(portions["fixed"][measure])
    key = measure or "each"
    row = _row(item.name.lower(), item.category.lower(), key)
    if said:
        row, key, measure = said, "each", ""
    grams = float(row[key])
    if not measure and not counted and "some" in row:
        grams = float(row["some"])
    for size in sizes:
        told = row.get(f"{size} {key}" if measure else size)
        grams = float(told) if told else grams * float(portions["sizes"][size])
    return grams


@cache
def _row(name: str, category: str, key: str) -> dict[str, Any]:
    """The first row of portions that holds for a food and knows the measure."""
    portions = index().portions
    for rows, text in ((portions["foods"], name), (portions["categories"], category)):
        for row in rows:
            if key in row and all(_pattern(w).search(text) for w in row["words"]):
                return dict(row)
    general: dict[str, Any] = portions["general"]
    return general if key in general else {key: general["each"]}


@cache
def _pattern(word: str) -> re.Pattern[str]:
    return re.compile(
        rf"\b{re.escape(singular(word))}(?:s|es|ies)?\b" if word != "egg" else r"\begg\b"
    )

"""Meal text to foods and grams: "2 eggs, a bowl of oatmeal with milk, black coffee x3".

A phrase is cut into amount, measure and food words; the words are put into the table's own terms and every
food is scored by how much of the phrase its name covers and how little it adds.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from math import log
from typing import Any

import msgspec
from rapidfuzz import process
from rapidfuzz.distance import OSA

from stillwell.errors import CaseError
from stillwell.knowledge.phrases import stem
from stillwell.nutrition.table import Food, all_foods, data

MOST_GRAMS = 5000.0
TRANSLATED = 0.07  # for a food named by a listed phrase, against one that shares its bare words
NUMBERS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "dozen": 12, "couple": 2, "few": 3, "several": 4,
    "half": 0.5, "quarter": 0.25, "some": 1, "another": 1,
}  # fmt: skip
VULGAR = {"½": "1/2", "¼": "1/4", "¾": "3/4", "⅓": "1/3", "⅔": "2/3"}
# words that say nothing of which food it is
FILLER = frozenset(
    [
        "of",
        "the",
        "a",
        "an",
        "my",
        "our",
        "some",
        "and",
        "with",
        "in",
        "on",
        "for",
        "at",
        "more",
        "less",
        "than",
        "about",
        "approx",
        "approximately",
        "around",
        "roughly",
        "fresh",
        "freshly",
        "homemade",
        "home",
        "made",
        "nice",
        "organic",
        "plain",
        "just",
        "little",
        "bit",
        "extra",
        "leftover",
        "leftovers",
        "cold",
        "warm",
        "hot",
        "small",
        "medium",
        "large",
        "big",
        "huge",
        "tiny",
        "regular",
        "giant",
        "double",
        "heaped",
        "generous",
        "thick",
        "thin",
        "fortified",
        "whole",
        "ate",
        "had",
        "drank",
        "eaten",
        "i",
        "we",
        "then",
        "also",
        "plus",
        "breakfast",
        "lunch",
        "dinner",
        "supper",
        "snack",
        "tea-time",
        "no",
        "not",
        "cooked",
    ]
)
ALSO_FOOD = ("bar", "sliced", "tinned", "round", "stick", "breast", "steak", "fillet")
FREE = frozenset(
    [
        "nfs",
        "ns",
        "as",
        "to",
        "type",
        "kind",
        "form",
        "or",
        "and",
        "with",
        "of",
        "from",
        "other",
        "all",
        "not",
        "part",
        "fat",
        "added",
        "made",
    ]
)
# words in a food's name that make it something else, unless they were said
STRANGE = frozenset(
    ["dry", "dried", "powder", "dehydrated", "unprepared", "mix", "concentrate", "imitation", "baby", "infant", "formula", "toddler", "substitute", "flour", "chips", "syrup", "candy", "bar", "cereal", "flavored", "snack", "diet", "sandwich", "salad", "soup", "juice", "pie", "cake", "cookie", "dessert", "sauce", "gravy", "creamer", "fast", "restaurant", "bran", "oil", "seeds", "skin", "bones", "extract", "pudding", "nectar", "paste", "sprouted", "hash", "alaska", "native", "decaffeinated", "nonalcoholic", "light", "freeze-dried", "pickled", "topping", "dip", "casserole", "stuffed", "creamed", "unheated", "uncooked", "frozen", "canned", "bouillon", "wrap", "school", "reduced", "lowfat", "nonfat"]
)  # fmt: skip
SPLIT = re.compile(r"[,;:\n•]+|\.(?=\s|$)|\s+\+\s+|\s+&\s+|\band then\b|\bthen\b")
NOTHING = re.compile(
    r"^\s*(?:i\s+)?(?:had\s+|ate\s+)?(?:nothing|skipped|no (?:breakfast|lunch|dinner|snacks?)|fasted|full english|as usual)\b",
    re.IGNORECASE,
)
JOINED = re.compile(r"\s+(?:with|and|on|in|plus)\s+")


class Candidate(msgspec.Struct, frozen=True):
    """One food that a phrase may mean."""

    id: str
    name: str
    grams: float
    confidence: float


class Item(msgspec.Struct):
    """One food told: what was said, how much, and what it may be (best first; empty: unknown)."""

    text: str
    amount: float
    measure: str
    foods: list[Candidate]


@dataclass
class _Index:
    foods: tuple[Food, ...]
    words: list[frozenset[str]]
    head: list[frozenset[str]]
    by_word: dict[str, list[int]]
    idf: dict[str, float]
    spelt: list[str]
    phrases: dict[tuple[str, ...], list[str]]
    longest: int
    units: dict[str, str]
    portions: dict[str, Any] = field(default_factory=dict)


def _tokens(text: str) -> list[str]:
    return re.findall(r"[a-z0-9%'’&]+", text.lower().replace("-", " "))


@cache
def index() -> _Index:
    """The words of every food, ready for matching."""
    foods = all_foods()
    words, heads = [], []
    by_word: dict[str, list[int]] = {}
    for i, item in enumerate(foods):
        own = frozenset(stem(t) for t in _tokens(item.name))
        words.append(own)
        heads.append(
            frozenset(stem(t) for t in _tokens(item.name.split(",")[0])) - {stem(w) for w in FREE}
        )
        for word in own:
            by_word.setdefault(word, []).append(i)
    total = len(foods)
    idf = {w: log(1 + total / len(at)) for w, at in by_word.items()}
    phrases = {tuple(_tokens(k)): _tokens(v) for k, v in data("synonyms.yaml")["phrases"].items()}
    portions = data("portions.yaml")
    units = {u: name for name, said in portions["units"].items() for u in said}
    spelt = sorted(
        {t for f in foods if f.source == "fndds" for t in _tokens(f.name) if len(t) >= 4}
        | {t for k in phrases for t in k if len(t) >= 4}
    )
    return _Index(
        foods, words, heads, by_word, idf, spelt, phrases,
        max(len(k) for k in phrases), units, portions,
    )  # fmt: skip


def read_meal(text: str) -> list[Item]:
    """Every food of a meal text, in order; what is unknown has no foods.

    Raises:
        CaseError: an amount is negative or impossible, or the text is too long.
    """
    if len(text) > 200_000:
        raise CaseError("diary", "is longer than 200,000 letters", "Give one week at most")
    items: list[Item] = []
    for piece in SPLIT.split(_clean(text)):
        if re.search(r"[a-z]", piece.lower()) and not NOTHING.match(piece):
            items += match_phrase(piece.strip())
    return items


def _clean(text: str) -> str:
    for sign, plain in VULGAR.items():
        text = text.replace(sign, f" {plain} ")
    return re.sub(r"(\d),(\d{3})\b", r"\1\2", text)


def match_phrase(text: str) -> list[Item]:
    """The foods of one phrase: one, or several where it joins foods that no single one covers."""
    whole = match_one(text)
    parts = [p for p in JOINED.split(_clean(text)) if re.search(r"[a-z]{2}", p.lower())]
    if len(parts) < 2 or (whole.foods and _covers(whole)):
        return [whole]
    found = [match_one(p) for p in parts]
    if whole.foods and not all(f.foods for f in found):
        return [whole]
    return found


def _covers(item: Item) -> bool:
    """Whether the best food's name holds every part of a joined phrase."""
    name = {stem(t) for t in _tokens(item.foods[0].name)}
    for part in JOINED.split(item.text):
        table, said = _table_words(_amount(_tokens_with_numbers(part), index())[3])
        if not any(stem(w) in name for w in (*table, *said)):
            return False
    return item.foods[0].confidence >= 0.75


def match_one(text: str, most: int = 8) -> Item:
    """One food told, with its likeliest foods and their grams."""
    known = index()
    amount, measure, size, words = _amount(_tokens_with_numbers(_clean(text)), known)
    ranked = rank(words, most)
    foods = []
    for item, confidence in ranked:
        grams = amount * size * grams_of(item, measure)
        if not 0 <= grams <= MOST_GRAMS * 4:
            raise CaseError(
                "diary", f"'{text}' would be {grams / 1000:.0f} kg", "Check the amount and its unit"
            )
        if grams > MOST_GRAMS:
            raise CaseError(
                "diary",
                f"'{text}' would be {grams / 1000:.1f} kg in one go",
                "Check the amount and its unit",
            )
        foods.append(Candidate(item.id, item.name, round(grams, 1), round(confidence, 3)))
    return Item(text.strip(), amount * size, measure, foods)


def _tokens_with_numbers(text: str) -> list[str]:
    text = text.lower().replace("-", " ") if not re.search(r"-\s*\d", text) else text.lower()
    return re.findall(r"-?\d+/\d+|-?\d+(?:\.\d+)?|[a-z%'’&]+|×", text)


def _amount(tokens: list[str], known: _Index) -> tuple[float, str, float, list[str]]:
    """(number, measure, size factor, food words)."""
    sizes = known.portions["sizes"]
    number: float | None = None
    times = 1.0
    measure, size, article = "", 1.0, False
    rest: list[str] = []
    i = 0
    while i < len(tokens):
        token = tokens[i]
        pair = " ".join(tokens[i : i + 2])
        following = tokens[i + 1] if i + 1 < len(tokens) else ""
        value = _number(token)
        if value is not None and value < 0:
            raise CaseError("diary", f"'{token}' is a negative amount", "Give amounts above zero")
        if value is not None and following == "%":
            rest += [f"{token}%"]
            i += 2
            continue
        if token in ("x", "×") and (_number(following) is not None or number is not None):
            times_value = _number(following)
            if times_value is not None:
                times, i = times * times_value, i + 2
                continue
            i += 1
            continue
        if value is not None:
            if known.units.get(following) in known.portions["fixed"] and (
                number is None or article
            ):
                measure, number, i = (
                    known.units[following],
                    value,
                    i + 2,
                )  # 50 g says more than a bar
                continue
            if number is not None and "/" in token:
                number += value  # 1 1/2
            elif number is not None and following in known.units:
                times, number = times * number, value  # 2 x 330 ml
            elif number is None:
                number = value
            i += 1
            continue
        if pair in known.units and not measure:
            measure, i = known.units[pair], i + 2
            continue
        if token in NUMBERS and number is None and not (token in ("a", "an") and rest):
            if following in NUMBERS and token in ("a", "an", "half"):
                number = float(NUMBERS[following]) * (
                    0.5 if token == "half" and NUMBERS[following] != 1 else 1
                )
                if token == "half":
                    number = 0.5
                i += 2
                continue
            number, article = float(NUMBERS[token]), token in ("a", "an")
            i += 1
            continue
        told = number is not None or following == "of"
        if token in known.units and not measure and (told or (i == 0 and token not in ALSO_FOOD)):
            measure, i = known.units[token], i + 1
            continue
        if token in sizes and token != "half":
            size *= float(sizes[token])
            i += 1
            continue
        rest.append(token)
        i += 1
    if measure in ("breast", "fillet"):  # these also say which food it is
        rest.append({"breast": "breast", "fillet": "fillet"}[measure])
    named = tuple(rest) in known.phrases or tuple(_one(w) for w in rest) in known.phrases
    if not measure and rest and rest[-1] in known.units and len(rest) > 1 and not named:
        measure = known.units[rest[-1]]
        rest = rest[:-1]
    return (number if number is not None else 1.0) * times, measure, size, rest


def _number(token: str) -> float | None:
    try:
        return float(Fraction(token)) if "/" in token else float(token)
    except (ValueError, ZeroDivisionError):
        return None


def _table_words(words: list[str]) -> tuple[list[str], list[str]]:
    """(words in the table's terms, words as said), misspellings mended."""
    known = index()
    said = [w for w in words]
    singular = [_mend(w, known) for w in said]
    found: list[str] = []
    i = 0
    while i < len(singular):
        for size in range(min(known.longest, len(singular) - i), 0, -1):
            for form in (
                tuple(singular[i : i + size]),
                tuple(_one(w) for w in singular[i : i + size]),
            ):
                if form in known.phrases:
                    found += known.phrases[form]
                    i += size
                    break
            else:
                continue
            break
        else:
            if singular[i] not in FILLER:
                found.append(singular[i])
            i += 1
    return found, [w for w in singular if w not in FILLER]


def _one(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith("oes"):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


def _mend(word: str, known: _Index) -> str:
    rooted = stem(word)
    if rooted in known.by_word or len(word) < 4 or word in FILLER or word in known.units:
        return word
    if any(word in k for k in known.phrases) or any(_one(word) in k for k in known.phrases):
        return word
    near = process.extractOne(
        word, known.spelt, scorer=OSA.normalized_similarity, score_cutoff=0.74
    )
    return near[0] if near else word


def rank(words: list[str], most: int = 8) -> list[tuple[Food, float]]:
    """Foods that the words may mean, likeliest first, with a confidence from 0 to 1."""
    known = index()
    table, said = _table_words(words)
    literal = {stem(w) for w in said}
    best: dict[int, float] = {}
    for form in (table, said):
        wanted = [w for w in dict.fromkeys(stem(w) for w in form if w not in FREE) if w]
        own = TRANSLATED if form is table and table != said else 0.0
        for score, i in _scores(wanted, literal, known) if wanted else ():
            best[i] = max(best.get(i, -9.0), score + own)
    ranked = sorted(
        ((score, i) for i, score in best.items()),
        key=lambda s: (-s[0], len(known.foods[s[1]].name), known.foods[s[1]].id),
    )
    return [(known.foods[i], max(0.0, min(1.0, score / 1.28))) for score, i in ranked[:most]]


def _scores(wanted: list[str], literal: set[str], known: _Index) -> list[tuple[float, int]]:
    """(score, food) of every food that covers enough of the wanted words."""
    weight = {w: known.idf.get(w, 9.0) for w in wanted}
    # a word that stands in no food still counts, so that an unknown food is not taken for a known one
    whole = sum(weight.values())
    reached: dict[int, float] = {}
    for word in wanted:
        for i in known.by_word.get(word, ()):
            reached[i] = reached.get(i, 0.0) + weight[word]
    free = {stem(w) for w in FREE}
    strange = {stem(w) for w in STRANGE}
    scored: list[tuple[float, int]] = []
    for i, covered in reached.items():
        share = covered / whole
        if share < 0.45:
            continue
        own = known.words[i] - free
        extra = own - set(wanted) - literal
        cost = sum(min(known.idf[w], 5.0) for w in extra) / 60 + 0.14 * len(extra & strange)
        head = known.head[i]
        first = 0.22 if head <= set(wanted) | literal else 0.1 if head & set(wanted) else 0.0
        score = share + first - cost + _favour(known.foods[i], literal)
        scored.append((score, i))
    return scored


def _favour(item: Food, said: set[str]) -> float:
    name = item.name.lower()
    value = {"fndds": 0.06, "sr": 0.0, "foundation": -0.04}.get(item.source, 0.02)
    if "nfs" in name or "ns as to" in name:
        value += 0.05
    if (
        ", raw" in name
        and "fruit" not in item.category.lower()
        and "raw" not in said
        and item.source != "fndds"
    ):
        value -= 0.05
    if "baby" in item.category.lower() or "baby food" in name or "formula" in item.category.lower():
        value -= 0.4
    if re.search(r"\b[A-Z]{4,}", item.name) or item.category in (
        "Restaurant Foods",
        "Fast Foods",
        "American Indian/Alaska Native Foods",
    ):
        value -= 0.12
    return value


def grams_of(item: Food, measure: str) -> float:
    """Grams of one measure ('' for one piece or serving) of a food."""
    portions = index().portions
    if measure in portions["fixed"]:
        return float(portions["fixed"][measure])
    key = measure or "each"
    name, category = item.name.lower(), item.category.lower()
    for row in portions["foods"]:
        if key in row and _spoken(row["words"], name):
            return float(row[key])
    for row in portions["categories"]:
        if key in row and _spoken(row["words"], category):
            return float(row[key])
    return float(portions["general"].get(key, portions["general"]["each"]))


@cache
def _pattern(word: str) -> re.Pattern[str]:
    return re.compile(rf"\b{re.escape(_one(word))}(?:s|es|ies)?\b" if word != "egg" else r"\begg\b")


def _spoken(words: list[str], name: str) -> bool:
    return all(_pattern(w).search(name) for w in words)

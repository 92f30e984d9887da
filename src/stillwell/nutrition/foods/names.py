"""The words of meal text and of the food table: listed names, misspellings, stems.

Words are put into the table's own terms (USDA names) by the longest name listed in the synonym files.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from math import log
from typing import Any

from rapidfuzz import process
from rapidfuzz.distance import OSA

from stillwell.knowledge.phrases import stem
from stillwell.nutrition.foods.record import Food, data
from stillwell.nutrition.foods.table import all_foods

SYNONYMS = ("synonyms.yaml", "synonyms_dishes.yaml", "synonyms_world.yaml")
OUTSIDE = ("restaurant foods", "fast foods", "american indian/alaska native foods")


@dataclass
class Index:
    """What matching looks up; built once."""

    foods: tuple[Food, ...]
    words: list[frozenset[str]]
    head: list[frozenset[str]]
    favour: list[float]
    by_word: dict[str, list[int]]
    idf: dict[str, float]
    spelt: list[str]
    phrases: dict[tuple[str, ...], list[str]]
    phrase_words: frozenset[str]
    phrase_spelt: list[str]
    longest: int
    units: dict[str, str]
    portions: dict[str, Any]
    numbers: dict[str, float]
    filler: frozenset[str]
    free: frozenset[str]
    free_stems: frozenset[str]
    strange: frozenset[str]
    also_food: frozenset[str]
    how: frozenset[str]
    dishes: dict[str, str]
    alone: frozenset[str]
    fillings: frozenset[str]
    said: dict[str, dict[str, float]]


@cache
def index() -> Index:
    """The words of every food, ready for matching."""
    foods, said, portions = all_foods(), data("words.yaml"), data("portions.yaml")
    free = frozenset(stem(w) for w in said["free"])
    words = [frozenset(stems(f.name)) for f in foods]
    by_word: dict[str, list[int]] = {}
    for i, own in enumerate(words):
        for word in own:
            by_word.setdefault(word, []).append(i)
    phrases = _phrases(said["brands"])
    phrase_words = frozenset(t for k in phrases for t in k)
    named = {t for f in foods if f.source == "fndds" for t in tokens(f.name)}
    return Index(
        foods=foods,
        words=words,
        head=[frozenset(stems(f.name.split(",")[0])) - free for f in foods],
        favour=[_favour(f) for f in foods],
        by_word=by_word,
        idf={w: log(1 + len(foods) / len(at)) for w, at in by_word.items()},
        spelt=sorted(t for t in named | phrase_words if len(t) >= 4),
        phrases=phrases,
        phrase_words=phrase_words,
        phrase_spelt=sorted(w for w in phrase_words if len(w) > 3),
        longest=max(len(k) for k in phrases),
        units={u: name for name, all_said in portions["units"].items() for u in all_said},
        portions=portions,
        numbers=said["numbers"],
        filler=frozenset(said["filler"]),
        free=frozenset(said["free"]),
        free_stems=free,
        strange=frozenset(stem(w) for w in said["strange"]),
        also_food=frozenset(said["also_food"]),
        how=frozenset(said["how"]),
        dishes=said["dishes"],
        alone=frozenset(said["alone"]),
        fillings=frozenset(said["fillings"]),
        said={" ".join(map(singular, k.split())): row for k, row in portions["said"].items()},
    )


def _phrases(brands: list[str]) -> dict[tuple[str, ...], list[str]]:
    """What people say, as words -> words of the table; makers' names say nothing."""
    listed: dict[tuple[str, ...], list[str]] = {tuple(tokens(b)): [] for b in brands}
    for family in (f for name in SYNONYMS for f in data(name).values()):
        for named, all_said in family.items():
            listed.update((tuple(tokens(said)), tokens(named)) for said in all_said)
    for spoken_words, named_words in list(listed.items()):
        if len(spoken_words) > 1:  # "roast potato" is "roast potatoes"
            listed.setdefault(tuple(singular(w) for w in spoken_words), named_words)
    return listed


def _favour(item: Food) -> float:
    """How much likelier one food is meant than others of the same words."""
    name, category = item.name.lower(), item.category.lower()
    value = {"fndds": 0.06, "sr": 0.0, "foundation": -0.04}.get(item.source, 0.02)
    if "nfs" in name or "ns as to" in name:
        value += 0.05
    if ", raw" in name and "fruit" not in category and item.source != "fndds":
        value -= 0.05
    if "baby" in category or "babyfood" in name or "baby food" in name or "formula" in category:
        value -= 0.4
    if re.search(r"\b[A-Z]{4,}", item.name) or category in OUTSIDE:
        value -= 0.12
    return value


def tokens(text: str) -> list[str]:
    """The words of a name, lower-case."""
    return re.findall(r"[a-z0-9%&]+", re.sub("['’]", "", text.lower()).replace("-", " "))


def stems(name: str) -> list[str]:
    """The stems of a name's words."""
    return [stem(t) for t in tokens(name)]


def table_words(words: list[str]) -> tuple[list[str], list[str]]:
    """(words in the table's terms, words as said), misspellings mended."""
    said = [mend(w) for w in words]
    filler = index().filler
    table = [w for _, named in segments(said) for w in named]
    return table, [w for w in said if w not in filler]


def segments(said: list[str]) -> list[tuple[list[str], list[str]]]:
    """Words cut into listed phrases and single words: (as said, in the table's terms)."""
    known = index()
    found: list[tuple[list[str], list[str]]] = []
    i = 0
    while i < len(said):
        for size in range(min(known.longest, len(said) - i), 0, -1):
            exact = tuple(said[i : i + size])
            form = exact if exact in known.phrases else tuple(map(singular, exact))
            if form in known.phrases:
                found.append((list(exact), known.phrases[form]))
                i += size
                break
        else:
            if said[i] not in known.filler:
                found.append(([said[i]], [said[i]]))
            i += 1
    return found


def named_here(tokens: list[str], at: int, known: Index) -> int:
    """How many words from here are a listed name of more than one word; 0 where none."""
    for size in range(min(known.longest, len(tokens) - at), 1, -1):
        said = tokens[at : at + size]
        if tuple(said) in known.phrases or tuple(map(singular, said)) in known.phrases:
            return size
    return 0


def dish_of(words: list[str]) -> tuple[str, str]:
    """The last word that is not only how a food is made, and the dish it names ('' for none)."""
    known = index()
    plain = (w for w in reversed(words) if w not in known.how and w not in known.filler)
    last = next(plain, "")
    return last, known.dishes.get(singular(last), "")


def singular(word: str) -> str:
    """A word without its plural ending."""
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("oes", "sandwiches", "dishes", "peaches", "radishes", "boxes", "mixes")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


@cache
def mend(word: str) -> str:
    """A misspelt word as it was meant; any other as it stands."""
    known = index()
    if len(word) < 4 or word in known.filler or word in known.units:
        return word
    if word in known.phrase_words or singular(word) in known.phrase_words:
        return word
    named = len(known.by_word.get(stem(word), ()))
    if named > 2:
        return word
    # a rare word of a name ("cheez") only gives way to a word people say, very near to it
    among, least = (known.phrase_spelt, 0.83) if named else (known.spelt, 0.74)
    if len(word) < 7 and not named:
        least = 0.8
    near = process.extractOne(word, among, scorer=OSA.normalized_similarity, score_cutoff=least)
    if near is None or (named and (len(word) < 6 or near[0][0] != word[0])):
        return word
    return near[0]

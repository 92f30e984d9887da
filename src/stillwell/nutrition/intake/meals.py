"""Meal text to foods and grams: "2 eggs, a bowl of oatmeal with milk, black coffee x3".

A phrase is cut into amount, measure and food words; the words are put into the table's own terms and every
food is scored by how much of the phrase its name covers and how little it adds.
"""

from __future__ import annotations

import re

import msgspec

from stillwell.errors import CaseError
from stillwell.knowledge.phrases import stem
from stillwell.nutrition.foods.names import (
    dish_of,
    index,
    mend,
    named_here,
    singular,
    stems,
    table_words,
)
from stillwell.nutrition.foods.ranking import lost_words, rank
from stillwell.nutrition.intake.amounts import (
    amount_of,
    amount_tokens,
    grams_of,
    number_of,
    said_portion,
    told_amount,
)
from stillwell.nutrition.intake.dishes import Served, beside_parts, count_once, own_parts, served
from stillwell.nutrition.intake.turns import clean

MOST_GRAMS = 5000.0
TOO_MUCH = (
    5.0  # usual amounts of what is added to a dish, above which the weight is the dish's: judgement
)
WEIGHT_LAST = re.compile(r"(?<=[a-z])\s+\d+(?:\.\d+)?\s*(?:g|grams?|kg)\s*$", re.IGNORECASE)
LOSS = 0.5  # of the confidence, where the food carries no word that was said: judgement
SPLIT = re.compile(r"[;:\n•]+|\.(?=\s|$)|\s+[-–]\s+|\band then\b|\bthen\b")
NOTHING = re.compile(
    r"^\s*(?:i\s+)?(?:had\s+|ate\s+)?(?:nothing|skipped|no (?:breakfast|lunch|dinner|snacks?)|fasted|as usual)\b",
    re.IGNORECASE,
)
JOINT = re.compile(r"(?:with|and|n|on|in|or|plus|w|w/|alongside)(?!\S)|[&+,/](?!\S)|,")
WORD = re.compile(r"[^\s,()]+|,")
DRINK = re.compile(r"\b(?:tea|coffee|americano|espresso|earl grey|decaf)$")


class Candidate(msgspec.Struct, frozen=True):
    """One food that a phrase may mean; `lost`: words of the phrase that it does not carry."""

    id: str
    name: str
    grams: float
    confidence: float
    lost: list[str] = []


class Item(msgspec.Struct):
    """One food told: what was said, how much, and what it may be (best first; empty: unknown).

    `dish`: the dish of several foods that it is a part of, as said.
    """

    text: str
    amount: float
    measure: str
    foods: list[Candidate]
    dish: str = ""


def read_meal(text: str) -> list[Item]:
    """Every food of a meal text, in order; what is unknown has no foods.

    Raises:
        CaseError: an amount is negative or impossible, or the text is too long.
    """
    if len(text) > 200_000:
        raise CaseError("diary", "is longer than 200,000 letters", "Give one week at most")
    items: list[Item] = []
    for told in SPLIT.split(clean(count_once(text))):
        for piece in _parts(told, commas=True):
            if re.search(r"[a-z]", piece.lower()) and not NOTHING.match(piece):
                items += match_phrase(piece)
    return items


def match_phrase(text: str) -> list[Item]:
    """The foods of one phrase: one, or several where it joins foods that no single one covers."""
    plain = clean(text)
    dish = served(plain)
    if dish is not None:
        return _of_dish(dish)
    parts = _each(_parts(plain))
    whole = match_one(parts[0] if len(parts) == 1 else text)
    whole.text = text.strip()
    if len(parts) < 2:
        return [whole]
    found = [item for p in parts for item in (match_phrase(p) if served(p) else [match_one(p)])]
    # "pancakes with maple syrup" is no pancake syrup: a food that the second part alone names is not both
    beside = {i.foods[0].id for i in found[1:] if i.foods}
    if whole.foods and whole.foods[0].id not in beside and _covers(whole, parts):
        return [whole]
    if not any(f.foods for f in found):
        return [whole]
    if whole.foods and not all(f.foods for f in found) and not whole.foods[0].lost:
        return [whole]
    found = _weighed_whole(found, parts)
    if DRINK.search(re.sub(r"\s*x\s*\d+$", "", found[0].text.lower())):
        for i, item in enumerate(found[1:], 1):  # milk in tea is a dash, not a glass
            bare = re.sub(r"\s*x\s*\d+$", "", item.text.lower())
            if re.fullmatch(r"(?:(?!dash|splash|drop)[\w-]+ )*(?:milk|cream)", bare):
                found[i] = _scaled(match_one(f"a dash of {bare}"), found[0].amount)
    return found


def _weighed_whole(found: list[Item], parts: list[str]) -> list[Item]:
    """ "Pasta with butter 300 g": the weight of the dish, where so much of what is added last cannot be.

    What is added keeps its usual amount, and the first food is the rest.
    """
    told = WEIGHT_LAST.search(parts[-1])
    first = told_amount(clean(parts[0]))
    if told is None or not all(i.foods for i in found) or first.number is not None:
        return found
    beside = [match_one(WEIGHT_LAST.sub("", p).strip()) for p in parts[1:]]
    if len(beside) != len(found) - 1 or not all(i.foods for i in beside):
        return found
    whole, usual = found[-1].foods[0].grams, beside[-1].foods[0].grams
    rest = whole - sum(i.foods[0].grams for i in beside)
    if whole <= TOO_MUCH * usual or rest <= 0:
        return found
    return [_scaled(found[0], rest / found[0].foods[0].grams), *beside]


def _of_dish(dish: Served) -> list[Item]:
    """The foods of a dish's usual serving, as much of them as was told, and the foods beside it."""
    known = index()
    told = told_amount(dish.amount)
    size = 1.0
    for word in told.sizes:
        size *= float(known.portions["sizes"][word])
    found = [item for part in own_parts(dish) for item in match_phrase(part)]
    times = (1.0 if told.number is None else told.number) * size
    if told.measure in known.portions["fixed"] and told.number is not None:
        grams = told.number * float(known.portions["fixed"][told.measure])
        times = grams / sum(i.foods[0].grams for i in found if i.foods)
    for item in found:
        item.dish = dish.dish
    before, after = (match_phrase(t) if t else [] for t in (dish.before, beside_parts(dish)))
    found = [*before, *(_scaled(i, times) for i in found), *after]
    heaviest = max((i.foods[0].grams for i in found if i.foods), default=0.0)
    if heaviest > MOST_GRAMS:
        raise CaseError(
            "diary",
            f"'{dish.amount} {dish.dish}' would be {heaviest / 1000:.1f} kg in one go",
            "Check the amount and its unit",
        )
    return found


def _scaled(item: Item, times: float) -> Item:
    """An item, so many times as much of it."""
    foods = [msgspec.structs.replace(f, grams=round(f.grams * times, 1)) for f in item.foods]
    return msgspec.structs.replace(item, amount=item.amount * times, foods=foods)


def _each(parts: list[str]) -> list[str]:
    """ "tea with milk x5": the five are for the milk too, and for the tea."""
    times = re.search(r"\s[x×]\s*\d+$", parts[-1]) if parts else None
    if times is None or len(parts) != 2:
        return parts
    first = amount_of(amount_tokens(parts[0]), index())
    return [f"{parts[0]}{times[0]}", parts[1]] if first.number in (None, 1.0) else parts


def _parts(text: str, commas: bool = False) -> list[str]:
    """A text cut at its commas and, unless only there, at "with", "and" and the like between two foods."""
    known = index()
    words = list(WORD.finditer(text))
    said = [re.sub("['’]", "", w[0].lower()) for w in words]
    mended = [mend(w) for w in said]
    inside: set[int] = (
        set()
    )  # joints that are part of a listed name: "sweet and sour", "leek and potato"
    i = 0
    while i < len(words):
        named = named_here(mended, i, known)
        inside.update(range(i, i + named))
        i += named or 1
    cuts = [
        i
        for i, word in enumerate(said)
        if 0 < i < len(said) - 1
        and (word == "," if commas else JOINT.fullmatch(word))
        and i not in inside
    ]
    parts: list[str] = []
    start = 0
    for cut in [*cuts, len(words)]:
        of = words[start:cut]
        part = text[of[0].start() : of[-1].end()].strip(" ,") if of else ""
        part = re.sub(r"^(?:and|with|plus|then|&)\s+", "", part, flags=re.IGNORECASE)
        part += ")" * (part.count("(") > part.count(")"))
        joint = said[start - 1] if start else ""
        if joint == "or":
            pass  # "coffee or tea": the first is taken
        elif parts and joint == "with" and (filled := _filled(parts[-1], part)):
            parts[-1] = filled
        elif parts and (_tells_only_how(part) or _fills(parts[-1], part, joint)):
            parts[-1] += f" {joint} {part}" if joint != "," else f", {part}"
        elif part:
            parts.append(part)
        start = cut + 1
    return parts


def _tells_only_how(part: str) -> bool:
    """Whether a part names no food: "2 tbsp", "steamed", "about a handful"."""
    known = index()
    words = amount_of(amount_tokens(part), known).words
    return all(w in known.filler or w in known.how for w in words)


def _filled(bread: str, filling: str) -> str:
    """ "2 white bread sandwiches with jam" as "2 white bread jam sandwiches"; '' where it is no bare sandwich."""
    known = index()
    words = amount_of(amount_tokens(bread), known).words
    last, dish = dish_of(words)
    rest = [w for w in words if w != last and w not in known.how and w not in known.filler]
    if not last or dish not in ("sandwich", "wrap") or not set(rest) <= {"bread"}:
        return ""
    at = bread.lower().rindex(last)
    return f"{re.sub(r'bread ', '', bread[:at], flags=re.IGNORECASE)}{filling} {bread[at:]}"


def _fills(before: str, part: str, joint: str) -> bool:
    """Whether two parts are one dish by its last word: "brie and tomato baguette"."""
    known = index()
    one, two = amount_tokens(before), amount_tokens(part)
    while len(two) > 1 and two[-1] in known.how:
        two.pop()
    return (
        joint in ("and", "&", "n")
        and len(two) > 1
        and singular(two[-1]) in known.dishes
        and singular(two[-1]) not in known.alone
        and (singular(one[-1]) not in known.dishes or singular(one[-1]) in known.fillings)
        and not any(t in known.numbers or t in known.units or number_of(t) for t in (two[0], *one))
    )


def _covers(item: Item, parts: list[str]) -> bool:
    """Whether the best food's name holds every part of a joined phrase, and loses nothing of it."""
    known = index()
    name = set(stems(item.foods[0].name)) - known.free_stems
    asked: set[str] = set()
    for part in parts:
        bare = amount_of(amount_tokens(part), known).words
        table, said = table_words(bare)
        words = {stem(w) for w in (*table, *said)}
        asked |= words
        plain = {stem(w) for w in (*table, *said) if w not in known.how and w not in known.filler}
        if not (plain or words) & name:
            return False
    best = item.foods[0]
    return not best.lost and best.confidence >= 0.75 and not (name - asked) & known.strange


def match_one(text: str, most: int = 8) -> Item:
    """One food told, with its likeliest foods and their grams."""
    known = index()
    text = text.strip()
    told = told_amount(clean(text))
    amount = 1.0 if told.number is None else told.number
    dish = said_portion(told.words, known) if told.measure in ("", "portion") else {}
    foods = []
    for item, confidence in rank(told.words, most):
        counted = told.number is not None
        grams = amount * grams_of(item, told.measure, told.sizes, counted, dish)
        if not 0 <= grams <= MOST_GRAMS:
            raise CaseError(
                "diary",
                f"'{text}' would be {grams / 1000:.1f} kg in one go",
                "Check the amount and its unit",
            )
        lost = lost_words(told.words, item)
        sure = confidence * (1 - LOSS * min(len(lost) / max(len(told.words), 1), 1.0))
        foods.append(Candidate(item.id, item.name, round(grams, 1), round(sure, 3), lost))
    return Item(text, amount, told.measure, foods)

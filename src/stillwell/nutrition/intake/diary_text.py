"""What a diary's words say beside foods: what was not eaten, doses, units that are no amounts of food.

Nothing is dropped: each piece of text becomes foods, a food that is not known, or a line that names it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

import msgspec
from rapidfuzz import process
from rapidfuzz.distance import OSA

from stillwell.errors import CaseError
from stillwell.knowledge.phrases import stem
from stillwell.nutrition.foods.names import index
from stillwell.nutrition.foods.table import food
from stillwell.nutrition.intake.amounts import grams_of
from stillwell.nutrition.intake.asides import without_asides
from stillwell.nutrition.intake.dishes import count_once
from stillwell.nutrition.intake.doses import dose_in
from stillwell.nutrition.intake.meals import SPLIT, Candidate, Item, match_one, read_meal

ASK_BELOW = 0.6  # 1 of 138 right answers of the development phrases lies below, most wrong ones of strangers
PIECES = re.compile(rf"{SPLIT.pattern}|\bbut\b(?:\s+(?:i\s+)?(?:had|ate|drank)\b)?", re.IGNORECASE)
NOTHING = re.compile(
    r"(?:i\s+)?(?:had\s+|ate\s+)?(?:nothing(?: (?:else|at all))?|fasted|fasting|skipped(?: \w+){0,2}|"
    r"(?:no|missed) (?:breakfast|lunch|dinner|supper|snacks?|tea time)|did ?n.?t eat(?: \w+)?|n/a|nil|none)\W*",
    re.IGNORECASE,
)
UNSAID = re.compile(
    r"\b(?:as usual|the usual|usual (?:breakfast|lunch|dinner|supper|snacks?)|same as \w+|same again|ditto|etc)\b\W*",
    re.IGNORECASE,
)
WITHOUT = re.compile(
    r"(?:^|\s)(?:no|without|w/o|minus|hold the|sans|not any|did ?n.?t (?:have|eat|drink)|left out(?: the)?)\s+"
    r"(?!added\b|extra\b|bake\b)(?:any\s+|the\s+)?"
    r"([a-z' -]+?)(?=$|\s+(?:and|with|plus|but|just|only)\s|[.!])",
    re.IGNORECASE,
)
FREE_OF = re.compile(r"^no (sugar|fat|alcohol|salt|caffeine|dairy|gluten) (?=[a-z])", re.IGNORECASE)
NO_ADDED = re.compile(r"\b(?:no|without) (?:added|extra) \w+", re.IGNORECASE)
DECIMAL = re.compile(r"(\d),(\d{1,2})(?=\s*(?:l|kg|g|ml|dl|cl|lit(?:re|er)s?)\b)", re.IGNORECASE)
THOUSANDS = re.compile(r"(\d),(\d{3})(?!\d)")
SMALL_UNIT = re.compile(
    r"\d\s*(iu|i\.u\.|mcg|[uµμ]g|micrograms?|mg|milligrams?)(?![a-z])", re.IGNORECASE
)
WEIRD_NUMBER = re.compile(r"\d(?:\.\d+)?e[+-]?\d+|\d+/0+(?!\d)|\d{6,}", re.IGNORECASE)
NUMBER_THEN_WORD = re.compile(r"(?<![\w/.])\d+(?:\.\d+)?\s*([a-z]{3,})\b(\s+of\b)?", re.IGNORECASE)
WEIGHTS = {
    "stone": 6350.0,
    "ton": 1e6,
    "tons": 1e6,
    "tonne": 1e6,
    "tonnes": 1e6,
    "hundredweight": 5e4,
}
# what no one eats of one thing in one go: kcal, sodium mg, alcohol g, caffeine mg, iron mg
MOST_AT_ONCE = {
    "energy": 4500.0,
    "sodium": 16000.0,
    "alcohol": 240.0,
    "caffeine": 2000.0,
    "iron": 200.0,
}


@dataclass
class Telling:
    """What a text of meals tells.

    Attributes:
        items: foods; those that are not known, or not surely, have no foods.
        asked: the foods that an unsure phrase may mean, to be chosen from.
        denied: what was said not to have been eaten.
        troubles: one line for each piece that cannot be so.
        doses: nutrient -> amount taken as a tablet.
    """

    items: list[Item] = field(default_factory=list)
    asked: dict[str, list[Candidate]] = field(default_factory=dict)
    denied: list[str] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)
    doses: dict[str, float] = field(default_factory=dict)


def read_telling(text: str, corrections: dict[str, str] | None = None) -> Telling:
    """Read the words of one day.

    Args:
        corrections: phrase -> id or name of the food it means ("none": nothing).
    """
    told = Telling()
    right = {k.strip().lower(): v for k, v in (corrections or {}).items()}
    text, sums = without_asides(THOUSANDS.sub(r"\1\2", DECIMAL.sub(r"\1.\2", text)))
    told.troubles += sums
    for piece in PIECES.split(count_once(text)):
        piece = piece.strip()
        if piece:
            _take(piece, told, right)
    return told


def _take(piece: str, told: Telling, right: dict[str, str]) -> None:
    """Take a piece apart at its commas, but leave foods together: commas also join ("chicken, 200 g")."""
    foods: list[str] = []
    if piece.lower() in right:
        _correct(piece, right[piece.lower()], told)
        return
    for part in re.split(r",(?!\d)", piece):
        part = part.strip()
        if _take_other(part, told, right):
            _read(", ".join(foods), told, right)
            foods = []
        else:
            foods.append(part)
    _read(", ".join(foods), told, right)


def _take_other(part: str, told: Telling, right: dict[str, str]) -> bool:
    """Take what is no food, or is not said to be eaten as it stands; whether it was so."""
    if part.lower() in right:
        _correct(part, right[part.lower()], told)
    elif not re.search(r"[a-zA-Z]", part):
        if not re.search(r"\w{4}", part):
            return False
        told.troubles.append(f"'{part}' names no food")
    elif NOTHING.fullmatch(part):
        told.denied.append(part)
    elif UNSAID.search(part):
        rest = UNSAID.sub(" ", part).strip(" .:-")
        if len(rest) > 3 and not re.fullmatch(r"(?:i |had |ate |my |the )+", rest + " "):
            told.troubles.append(f"'{part}': say what it was each time; only '{rest}' was read")
            _read(rest, told, right)
        else:
            told.items.append(Item(part, 1.0, "", []))
    elif (dose := dose_in(part)) is not None:
        told.doses[dose[0]] = told.doses.get(dose[0], 0.0) + dose[1]
    elif (trouble := _bad_amount(part)) is not None:
        told.troubles.append(trouble)
    else:
        less = _less(FREE_OF.sub(_free_of, NO_ADDED.sub(" ", part)), told)
        if less == part:
            return False
        already, denied = len(told.items), {stem(w) for d in told.denied for w in d.lower().split()}
        _read(less, told, right)
        told.items[already:] = [
            i for i in told.items[already:]
            if not (i.dish and denied & {stem(w) for w in i.text.lower().split()})
        ]  # fmt: skip
    return True


def _free_of(found: re.Match[str]) -> str:
    """ "no sugar cola" is a diet cola; a food free of anything else is named so."""
    rest = found.string[found.end() :]
    if found[1].lower() == "sugar":
        return "diet " if re.search(r"cola|soda|lemonade|drink|squash|pop\b", rest) else ""
    return f"{found[1]} free "


def _less(piece: str, told: Telling) -> str:
    """The piece without what was said not to be in it."""
    while found := WITHOUT.search(piece):
        told.denied.append(found[1].strip())
        before, after = piece[: found.start()].strip(), piece[found.end() :].strip()
        before = re.sub(r"\s*\b(?:and|with)$", "", before)
        after = re.sub(r"^(?:and|with|plus|just|only)\s+", "", after)
        piece = f"{before}, {after}" if before and after else before or after
    return piece


def _read(piece: str, told: Telling, right: dict[str, str]) -> None:
    if not re.search(r"[a-zA-Z]", piece):
        return
    try:
        items = [msgspec.structs.replace(i) for i in _matched(piece)]
    except CaseError as error:
        parts = [p for p in piece.split(",") if p.strip()]
        if len(parts) > 1:
            for part in parts:
                _read(part.strip(), told, right)
        else:
            told.troubles.append(str(error).removeprefix("diary: "))
        return
    for item in items or [Item(piece, 1.0, "", [])]:
        said = item.text.strip().lower()
        if said in right:
            _correct(item.text, right[said], told)
        elif item.foods and item.foods[0].confidence < ASK_BELOW:
            told.asked[item.text] = item.foods[:4]
            told.items.append(Item(item.text, item.amount, item.measure, []))
        elif item.foods and (much := too_much(item.foods[0])):
            told.troubles.append(f"'{item.text}' would bring {much} in one go: check the amount")
        else:
            told.items.append(item)


@lru_cache(maxsize=4096)
def _matched(piece: str) -> tuple[Item, ...]:
    return tuple(read_meal(piece))


def _correct(phrase: str, meant: str, told: Telling) -> None:
    """Take a phrase for the food that the person chose."""
    if meant.strip().lower() in ("none", "nothing", ""):
        told.denied.append(phrase)
        return
    try:
        item = match_one(phrase)
    except CaseError as error:
        told.troubles.append(str(error).removeprefix("diary: "))
        return
    if "/" in meant:
        record = food(meant.strip())
        grams = item.amount * grams_of(record, item.measure, (), True)
        chosen = [Candidate(record.id, record.name, round(grams, 1), 1.0)]
    else:
        chosen = [
            msgspec.structs.replace(c, grams=_rescaled(item, c.id), confidence=1.0)
            for c in match_one(meant).foods[:1]
        ]
    told.items.append(Item(phrase, item.amount, item.measure, chosen))


def _rescaled(item: Item, chosen: str) -> float:
    return round(item.amount * grams_of(food(chosen), item.measure, (), True), 1)


def too_much(chosen: Candidate) -> str | None:
    """What nobody takes of one food in one go; None where the amount is possible."""
    record = food(chosen.id)
    for nutrient, most in MOST_AT_ONCE.items():
        amount = (record.nutrients.get(nutrient) or 0.0) * chosen.grams / 100
        if amount > most:
            unit = {"energy": "kcal", "alcohol": "g of alcohol"}.get(nutrient, f"mg of {nutrient}")
            return f"{amount:,.0f} {unit}"
    return None


def _bad_amount(piece: str) -> str | None:
    """A line on an amount that is none of a food; None where it may be one."""
    weird = WEIRD_NUMBER.search(piece)
    if weird:
        return f"'{piece}': {weird[0]} is no amount; write a number such as 2 or 1/2"
    small = SMALL_UNIT.search(piece)
    if small:
        return f"'{piece}': {small[1]} is no unit for an amount of food; give grams, cups or pieces"
    for found in NUMBER_THEN_WORD.finditer(piece):
        word = found[1].lower()
        if word in WEIGHTS:
            return f"'{piece}': {word} is more than anyone eats in one go; give grams"
        if not _word_known(word):
            return f"'{piece}': the unit or food '{word}' is not known; give grams, cups or pieces"
    return None


def _word_known(word: str) -> bool:
    known = index()
    listed = (known.filler, known.free, known.phrase_words, known.numbers, known.units)
    if word in ("inch", "inches") or any(word in kind for kind in listed):
        return True
    if word in known.portions["sizes"] or stem(word) in known.by_word:
        return True
    return (
        process.extractOne(word, known.spelt, scorer=OSA.normalized_similarity, score_cutoff=0.74)
        is not None
    )


__all__ = ["ASK_BELOW", "Telling", "read_telling", "too_much"]

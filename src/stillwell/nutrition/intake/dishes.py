"""Dishes that are several foods, counted once: by the parts that a person lists, else by those of a usual serving."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from stillwell.knowledge.phrases import stem
from stillwell.nutrition.foods.names import Index, index, mend, singular
from stillwell.nutrition.foods.record import data
from stillwell.nutrition.intake.amounts import amount_of, amount_tokens

JOINTS = ("and", "with", "w", "w/", "plus", "&", "n", "on", "+")
SAME = {"&": "and", "n": "and", "+": "and"}
WORD = re.compile(r"[^\s,()]+")
# "omelette (3 eggs, cheese)", "fry up: 2 eggs, bacon", "stir fry - tofu, noodles"
BRACKETS = re.compile(r"(?P<dish>[^:,;()\n]{3,60}?)\s*\((?P<parts>[^()\n]+)\)")
HEADED = re.compile(r"(?P<dish>[^:,;()\n]{3,60}?)\s*(?::|\s[-–](?=\s))(?P<parts>[^:;\n]+)$")
LINES = re.compile(r"([;\n•]+|\.(?=\s|$))")


@dataclass(frozen=True)
class Served:
    """A dish found in a phrase.

    Attributes:
        dish: the words that name it.
        amount: what stands around the name and tells how much.
        parts: what a usual serving holds.
        before, after: other foods of the phrase.
        with_: whether `after` was told with the dish ("ploughman's with cheddar"), not beside it.
    """

    dish: str
    amount: str
    parts: tuple[str, ...]
    before: str = ""
    after: str = ""
    with_: bool = False


@dataclass(frozen=True)
class Named:
    """A name under which people list what they ate; `needs`: one of these makes the list the whole dish."""

    needs: tuple[str, ...]


def served(text: str) -> Served | None:
    """The dish of several foods that a phrase names, the longest name first; None where it names none."""
    words = list(WORD.finditer(text))
    said = [_form(w[0]) for w in words]
    known, dishes = index(), _served()
    for size in range(min(_longest(), len(said)), 0, -1):
        for at in range(len(said) - size + 1):
            parts = dishes.get(tuple(said[at : at + size]))
            if parts is None:
                continue
            start, end = words[at].start(), words[at + size - 1].end()
            before, after = text[:start].strip(" ,"), text[end:].strip(" ,")
            first, other = _beside(before, known, -1)
            last, more = _beside(after, known, 0)
            if first is not None and last is not None:
                told_with = bool(after) and after.split()[0].lower() in ("with", "w", "w/")
                amount = f"{first} {last}".strip()
                return Served(text[start:end], amount, parts, other, more, told_with)
    return None


def _beside(text: str, known: Index, end: int) -> tuple[str | None, str]:
    """(an amount, another food) of what stands beside a dish's name; (None, "") where it belongs to the name."""
    words = text.split()
    if not words:
        return "", ""
    if words[end].lower() in JOINTS:
        rest = " ".join(words[:-1] if end else words[1:])
        return "", rest
    bare = amount_of(amount_tokens(text), known).words
    if all(w in known.filler or known.phrases.get((w,)) == [] for w in bare):  # makers say nothing
        return text, ""
    return None, ""


def count_once(text: str) -> str:
    """A text in which a dish and its listed parts stand as the parts alone.

    >>> count_once("fry up: 2 eggs, 2 rashers bacon, beans")
    '2 eggs, 2 rashers bacon, beans'
    >>> count_once("omelette (cheese, ham)")
    'cheese and ham omelette'
    """
    lines = LINES.split(text)
    return "".join(HEADED.sub(_once, BRACKETS.sub(_once, line)) for line in lines)


def _once(found: re.Match[str]) -> str:
    """A dish and its list as what is to be counted; as they stand where the list is no list of its parts."""
    dish, listed = found["dish"].strip(), found["parts"].strip()
    parts = [p.strip(" .") for p in re.split(r",|\band\b", listed) if p.strip(" .")]
    name, whole = _named(dish), served(dish)
    if not all(_content(p) for p in parts) or not re.search(r"[a-z]$", dish.lower()):
        return found[0]
    lead = " " if found[0].startswith(" ") else ""
    if whole is not None and not whole.before and not whole.after:
        return lead + (listed if len(parts) > 1 else _replaced(whole, parts[0]))
    if name is None or (len(parts) < 2 and not name.needs):
        return found[0]
    said = {w for p in parts for w in re.findall(r"[a-z]+", p.lower())}
    if not name.needs or said & set(name.needs):
        return lead + listed
    if any(re.search(r"\d", p) for p in parts):
        return found[0]
    own = _content(dish)
    fill = [p for p in parts if not _content(p) <= own]
    return lead + (f"{' and '.join(fill)} {dish}" if fill else dish)


def own_parts(dish: Served) -> list[str]:
    """The parts of a usual serving, less those that were told with the dish in an amount of their own."""
    told = [_content(p) for p in _told_with(dish) if _has_amount(p)]
    return [p for p in dish.parts if not any(t & _content(p) for t in told)]


def beside_parts(dish: Served) -> str:
    """What was told with a dish and is not among its parts already."""
    if not dish.with_:
        return dish.after
    own = [_content(p) for p in dish.parts]
    more = [p for p in _told_with(dish) if _has_amount(p) or not any(_content(p) & o for o in own)]
    return " and ".join(more)


def _told_with(dish: Served) -> list[str]:
    parts = re.split(r",|\band\b|&|\+|\bplus\b", dish.after) if dish.with_ else []
    return [p.strip() for p in parts if p.strip()]


def _has_amount(phrase: str) -> bool:
    return amount_of(amount_tokens(phrase), index()).number is not None


def _replaced(dish: Served, part: str) -> str:
    """The usual serving with the one part that was told in place of its own."""
    told = _content(part)
    if not told:
        return ", ".join(dish.parts)
    kept = [p for p in dish.parts if not told & _content(p)]
    return ", ".join([*kept, part])


def _content(phrase: str) -> set[str]:
    known = index()
    words = amount_of(amount_tokens(phrase), known).words
    return {stem(singular(w)) for w in words if w not in known.filler and w not in known.how}


def _named(dish: str) -> Named | None:
    """Whose parts a person lists, by the last words of the dish."""
    words = [_form(w) for w in re.findall(r"[a-z&'-]+", dish.lower())]
    for size in range(min(3, len(words)), 0, -1):
        found = _listed().get(tuple(words[-size:]))
        if found is not None:
            return found
    return None


def _form(word: str) -> str:
    low = re.sub("['’]", "", word.lower()).strip(".!")
    return SAME.get(low, singular(mend(low)))


@cache
def _served() -> dict[tuple[str, ...], tuple[str, ...]]:
    return {
        tuple(_form(w) for w in str(said).split()): tuple(row["parts"])
        for row in data("dishes.yaml")["served"]
        for said in row["said"]
    }


@cache
def _longest() -> int:
    return max(map(len, _served()))


@cache
def _listed() -> dict[tuple[str, ...], Named]:
    return {
        tuple(_form(w) for w in str(said).split()): Named(tuple(row.get("needs", ())))
        for row in data("dishes.yaml")["listed"]
        for said in row["said"]
    }

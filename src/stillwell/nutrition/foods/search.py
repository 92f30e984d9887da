"""Search of the food table by name: the database's own index, whole foods and short names first."""

from __future__ import annotations

import re
import sqlite3

from stillwell.nutrition.foods.record import RANK, Food
from stillwell.nutrition.foods.table import as_food, connections

LOOKED_AT = (
    150  # hits of each database that are ranked; they come whole foods and short names first
)
SURE = (
    0.75  # confidence from which a translated or mended name goes before packets of the very words
)
TOKEN = re.compile(r"[a-z0-9]+")


def search_foods(words: str, most: int = 20) -> list[tuple[Food, float]]:
    """Foods whose name holds every word, likeliest first, with a confidence from 0 to 1.

    The last word may be begun only ("alm"). Where no whole food has such a name, the words are translated and
    mended as those of a diary are ("courgette", "bananna"), and packets follow.
    """
    tokens = TOKEN.findall(words.lower().replace("'", ""))
    if not tokens:
        return []
    found = hits(tokens)
    if not any(f.source != "branded" for f, _ in found):
        from stillwell.nutrition.foods.ranking import rank

        meant = rank(tokens, most)
        sure = [r for r in meant if r[1] >= SURE or not found]
        known = {f.id for f, _ in sure}
        found = [*sure, *(r for r in found if r[0].id not in known)]
    return found[:most]


def hits(tokens: list[str]) -> list[tuple[Food, float]]:
    """Foods whose name holds every token."""
    begun = f'"{tokens[-1]}"*' if len(tokens[-1]) >= 3 else f'"{tokens[-1]}"'
    query = " AND ".join([*(f'"{t}"' for t in tokens[:-1]), begun])
    best: dict[tuple[str, str], tuple[float, Food]] = {}
    for link in connections():
        for item in _rows(link, query):
            score = _score(item, tokens)
            best.setdefault((item.source, item.name.lower()), (score, item))
    ranked = sorted(best.values(), key=lambda s: (-s[0], len(s[1].name), s[1].name))
    return [(item, round(score, 3)) for score, item in ranked]


def _rows(link: sqlite3.Connection, query: str) -> list[Food]:
    rows = link.execute(
        "SELECT * FROM foods WHERE rowid IN (SELECT rowid FROM names WHERE names MATCH ? LIMIT ?)",
        (query, LOOKED_AT),
    )
    return [as_food(row) for row in rows]


def _score(item: Food, tokens: list[str]) -> float:
    """1 for the name itself; less for each word more, for a name that begins otherwise, for a packet."""
    name = TOKEN.findall(item.name.lower())
    head = TOKEN.findall(item.name.split(",")[0].lower())
    begins = all(any(h.startswith(t[:4]) for t in tokens) for h in head)
    score = 1.0 - 0.03 * max(len(name) - len(tokens), 0) - (0.0 if begins else 0.25)
    return max(score - 0.05 * RANK.get(item.source, 4), 0.05)

"""Which food a few words mean: every food is scored by how much of them its name covers and how little it adds."""

from __future__ import annotations

from stillwell.knowledge.phrases import stem
from stillwell.nutrition.foods.names import (
    Index,
    dish_of,
    index,
    mend,
    segments,
    singular,
    stems,
    table_words,
)
from stillwell.nutrition.foods.record import Food

TRANSLATED = 0.07  # for a food named by a listed phrase, against one that shares its bare words
UNKNOWN = 5.0  # weight of a word that stands in no food's name
BESIDE = ("with", "in", "on")
JOINING = ("and", "with", "on", "n", "&")


def rank(words: list[str], most: int = 8) -> list[tuple[Food, float]]:
    """Foods that the words may mean, likeliest first, with a confidence from 0 to 1."""
    known = index()
    table, said = table_words(words)
    literal = {stem(w) for w in said}
    mended = [mend(w) for w in words]
    before = next((i for i, w in enumerate(mended) if i and w in BESIDE), len(mended))
    core = mended[:before]  # "eggs with cheese" are eggs
    head = stem(dish_of(core)[1])
    best: dict[int, float] = {}
    for form in (table, said):
        wanted = [w for w in dict.fromkeys(stem(w) for w in form if w not in known.free) if w]
        own = TRANSLATED if form is table and table != said else 0.0
        for score, i in _scores(wanted, literal, head, known) if wanted else ():
            best[i] = max(best.get(i, -9.0), score + own)
    filled = _dishes_of(core, known) if core == mended else {}
    if filled:
        least = min(0.0, *filled.values()) - 0.05
        best = {**{i: min(v, least) for i, v in best.items()}, **filled}
    ranked = sorted(
        ((score, i) for i, score in best.items()),
        key=lambda s: (-s[0], len(known.foods[s[1]].name), known.foods[s[1]].id),
    )
    return [(known.foods[i], max(0.0, min(1.0, score / 1.28))) for score, i in ranked[:most]]


def lost_words(words: list[str], item: Food) -> list[str]:
    """The words of a phrase that a food does not carry, as said: what a match with it leaves out.

    A listed name ("kitkat") is carried by the food it stands for; of a listed name that joins foods
    ("cheese and pickle sandwich") each food must stand in the name.
    """
    known = index()
    name = set(stems(item.name))
    lost: list[str] = []
    back = {mend(w): w for w in words}
    for said, named in segments(list(map(mend, words))):
        if not named:
            continue  # a maker
        joined = any(w in JOINING for w in said)
        telling = [w for w in named if w not in known.free and w not in known.how]
        carried = {stem(w) for w in telling or named} <= name
        if carried and not joined:
            continue
        for word in said:
            own = {
                stem(word),
                stem(singular(word)),
                *(stem(w) for w in known.phrases.get((word,), [])),
            }
            if (
                word not in known.filler
                and word not in known.how
                and word not in known.numbers
                and not own & name
                and (not carried or own & set(known.by_word))
            ):
                lost.append(back.get(word, word))
    return lost


def _dishes_of(words: list[str], known: Index) -> dict[int, float]:
    """Scores of the foods of a dish that no listed name covers: "brie and tomato baguette" is a sandwich."""
    last, dish = dish_of(words)
    head = stem(dish)
    cut = [s for s in segments(words) if not all(w in known.how for w in s[0])]
    if not dish or len(cut) < 2 or head not in known.by_word:
        return {}
    pool = known.by_word[head]
    spoken = frozenset().union(*(known.words[i] for i in pool)) - known.free_stems
    fillings = [w for one, _ in cut for w in one if w != last]
    wanted: dict[str, None] = {head: None}
    asked, strangers = {head}, 0
    for one, named in segments(fillings):
        own = dict.fromkeys(stem(w) for w in (*named, *one))
        told = [w for w in own if w in spoken]
        asked |= set(own)
        wanted.update(dict.fromkeys(told))
        strangers += not told
    if len(wanted) == 1:
        return {}
    bare = {i for i in pool if not (known.words[i] & set(wanted)) - {head}}
    return {
        i: score - 0.1 * min(strangers, 3) - 0.3 * (i in bare)
        for score, i in _scores(list(wanted), asked, head, known)
        if i in set(pool)
    }


def _scores(
    wanted: list[str], literal: set[str], head_word: str, known: Index
) -> list[tuple[float, int]]:
    """(score, food) of every food that covers enough of the wanted words."""
    # a word that stands in no food still counts, so that an unknown food is not taken for a known one
    weight = {w: known.idf.get(w, UNKNOWN) for w in wanted}
    least = 0.45
    if head_word in weight:  # the last word says what dish it is
        weight[head_word] *= 2
        least = 0.3
    whole = sum(weight.values())
    reached: dict[int, float] = {}
    for word in wanted:
        for i in known.by_word.get(word, ()):
            reached[i] = reached.get(i, 0.0) + weight[word]
    asked = set(wanted) | literal
    scored: list[tuple[float, int]] = []
    if max(reached.values(), default=0.0) < least * whole:
        return []
    for i, covered in reached.items():
        share = covered / whole
        if share < 0.25:  # less likely ones only fill the list
            continue
        extra = known.words[i] - known.free_stems - asked
        cost = sum(min(known.idf[w], 5.0) for w in extra) / 60 + 0.14 * len(extra & known.strange)
        head = known.head[i]
        first = 0.22 if head <= asked else 0.1 if head & set(wanted) else 0.0
        scored.append((share + first - cost + known.favour[i], i))
    return scored

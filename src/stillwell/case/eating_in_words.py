"""Reads allergies, food that is left out and ways of eating from a story."""

from __future__ import annotations

from stillwell.case.sentences import Grammar, Segment, Whose, statements

LONGEST = 3  # words of one thing a person is allergic to
REACH = (
    4  # words before a cue within which it is denied, or before a way of eating that say it is kept
)
KINDS = ("allergies", "avoids", "diets", "dislikes")


def eating_in(text: str, grammar: Grammar) -> dict[str, list[str]]:
    """What the teller says of their own allergies, of food they leave out and of their way of eating.

    What is denied ("not allergic to nuts"), a relative's, or only thought of is left out.

    Returns:
        lists of words as told, under `allergies`, `avoids`, `diets` and `dislikes`.
    """
    found: dict[str, list[str]] = {kind: [] for kind in KINDS}
    for sentence in statements(text, grammar):
        for at, segment in enumerate(sentence):
            rest = sentence[at + 1 :]
            found["allergies"] += _after(segment, rest, "allergy_before", grammar)
            found["allergies"] += _before(segment, grammar)
            listed = _after(segment, rest, "avoid_before", grammar)
            found["avoids"] += [w for w in listed if w in grammar.words["avoided_food"]]
            found["dislikes"] += _after(segment, rest, "dislike_before", grammar)
            found["diets"] += _ways(segment, grammar)
    return {kind: list(dict.fromkeys(words)) for kind, words in found.items()}


def _phrase_at(words: list[str], at: int, phrases: frozenset[str]) -> int:
    """How many words of a phrase of the list begin here; 0 for none."""
    for length in (3, 2, 1):
        if len(words) >= at + length and " ".join(words[at : at + length]) in phrases:
            return length
    return 0


def _denied(words: list[str], at: int, grammar: Grammar) -> bool:
    return any(w in grammar.words["allergy_denied"] for w in words[max(0, at - REACH) : at])


def _after(segment: Segment, rest: list[Segment], cue: str, grammar: Grammar) -> list[str]:
    """The things that stand after each cue ("allergic to nuts, eggs and milk")."""
    words, found = segment.words, list[str]()
    cues = [
        (at, length)
        for at in range(len(words))
        if (length := _phrase_at(words, at, grammar.words[cue]))
    ]
    if not cues:
        return []
    for (at, length), (end, _) in zip(cues, [*cues[1:], (len(words), 0)], strict=True):
        if segment.whose[at] != Whose.PATIENT or _denied(words, at, grammar):
            return found
        found += _things(words[at + length : end], grammar)
    for more in rest:  # a list goes on between commas, in few words
        if len(more.words) > LONGEST + 1:
            break
        found += _things(more.words, grammar)
    return found


def _things(words: list[str], grammar: Grammar) -> list[str]:
    found: list[list[str]] = [[]]
    for word in words:
        if word in ("and", "or", "plus", "&"):
            found.append([])
        elif word in grammar.words["allergy_stop"]:
            break
        elif word not in grammar.words["allergy_filler"]:
            found[-1].append(word)
    return [" ".join(thing) for thing in found if 0 < len(thing) <= LONGEST]


def _before(segment: Segment, grammar: Grammar) -> list[str]:
    """What stands before "allergy" or "intolerant"."""
    words, found = segment.words, []
    for at, word in enumerate(words):
        if word not in grammar.words["allergy_after"] or at == 0:
            continue
        if _phrase_at(words, at, grammar.words["allergy_before"]):
            continue
        skip = grammar.words["allergy_filler"] | grammar.words["allergy_stop"]
        if words[at - 1] in skip or segment.whose[at] != Whose.PATIENT:
            continue
        start = at - 2 if at > 1 and words[at - 2] not in skip else at - 1
        if not _denied(words, start, grammar):
            found.append(" ".join(words[start:at]))
    return found


def _ways(segment: Segment, grammar: Grammar) -> list[str]:
    words, found = segment.words, []
    for at in range(len(words)):
        length = _phrase_at(words, at, grammar.words["way_of_eating"])
        before = words[max(0, at - REACH) : at]
        if not length or segment.whose[at] != Whose.PATIENT or _denied(words, at, grammar):
            continue
        if set(words[:at]) & grammar.words["way_only_thought"]:
            continue
        alone = length == len(words)  # "woman of 40, kosher, ..."
        if alone or set(before) & grammar.words["way_before"]:
            found.append(" ".join(words[at : at + length]))
    return found

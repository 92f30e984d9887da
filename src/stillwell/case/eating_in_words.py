"""Reads allergies, food that is left out and ways of eating from a story."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from stillwell.case.sentences import Grammar, Segment, Whose, statements
from stillwell.knowledge.kept_patterns import compiled
from stillwell.knowledge.phrases import longest_first, pattern_of

LONGEST = 3  # words of one thing a person is allergic to
REACH = (
    4  # words before a cue within which it is denied, or before a way of eating that say it is kept
)
KINDS = ("allergies", "avoids", "diets", "dislikes")
THING = r"(?:[a-z'-]{1,20} ){0,2}[a-z'-]{2,20}"


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
            if not _of_now(sentence, grammar):
                for kind in ("allergies", "avoids"):
                    found[kind] += _reactions(segment, kind, grammar)
        if len(sentence) > 1 and not _of_now(sentence, grammar):
            found["allergies"] += _reactions(_whole(sentence), "allergies", grammar)
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


def reactions_told(text: str, grammar: Grammar) -> list[str]:
    """The segments that only tell what a food or medicine always does to the teller, and nothing of now.

    What is told of today stays a sign: it may be the allergy itself.
    """
    found = []
    for sentence in statements(text, grammar):
        if _of_now(sentence, grammar):
            continue
        told = [
            " ".join(segment.words)
            for segment in sentence
            if any(_reactions(segment, kind, grammar) for kind in ("allergies", "avoids"))
        ]
        if not told and _reactions(_whole(sentence), "allergies", grammar):
            words = " ".join(_whole(sentence).words)
            told = [m[0] for m in _when_pattern(grammar).finditer(words)]
        found += told
    return found


def _whole(sentence: list[Segment]) -> Segment:
    """A sentence without its commas ("when I eat nuts, my face swells")."""
    return Segment([w for s in sentence for w in s.words], [w for s in sentence for w in s.whose])


def _of_now(sentence: list[Segment], grammar: Grammar) -> bool:
    said = f" {' '.join(w for s in sentence for w in s.words)} "
    return any(f" {w} " in said for w in grammar.words["reaction_now"])


def _either(words: frozenset[str]) -> str:
    return "|".join(map(re.escape, longest_first(words))) or "(?!)"


@lru_cache(maxsize=4)
def _reaction(
    told: frozenset[str],
    before: frozenset[str],
    brings: frozenset[str],
    gets: frozenset[str],
    signs: frozenset[str],
) -> tuple[re.Pattern[str], ...]:
    signs_told = rf"(?:(?!from|to|my)[a-z-]{{1,12}} ){{0,2}}(?:{_either(signs)})(?![\w'])"
    where = r"(?: (?:all over|everywhere|(?:on|over|round|around) my \w{3,9}))?"
    after = rf"{_either(told)}|(?:{_either(brings)}) {signs_told}"
    first = rf"{_either(before)}|(?:{_either(gets)}) {signs_told}{where}"
    return (
        compiled(
            rf"(?<![\w'])(?P<thing>{THING}) (?:always |also |just |really |often )?(?:{after})(?![\w'])"
        ),
        compiled(
            rf"(?<![\w'])(?:{first}) (?:(?:when|if|whenever|after|from|with|to|i|eat|have|eating|having|take|taking|any|some|the|in) ){{0,5}}(?P<at>{THING})(?![\w'])"
        ),
    )


@lru_cache(maxsize=4)
def _when_eaten(
    eats: frozenset[str],
    gets: frozenset[str],
    signs: frozenset[str],
    parts: frozenset[str],
    does: frozenset[str],
) -> re.Pattern[str]:
    """ "if I eat fish I come out in lumps", "when I eat nuts my throat closes"."""
    does_it = "|".join(pattern_of(w) for w in longest_first(does))
    follows = (
        rf"i (?:always |just |also )?(?:{_either(gets)}) (?:[a-z-]{{1,12}} ){{0,2}}(?:{_either(signs)})"
        rf"|my (?:{_either(parts)}) (?:always |just )?(?:{does_it})(?: up| shut| out| off)?"
    )
    return compiled(
        rf"(?<![\w'])(?:when|whenever|if|every time|each time|after|once) (?:i )?(?:(?:{_either(eats)}) )?"
        rf"(?:any |some |the |a |anything with )?(?P<at>{THING}?) (?:{follows})(?![\w'])"
    )


def _when_pattern(grammar: Grammar) -> re.Pattern[str]:
    parts = ("eats", "gets", "signs", "parts", "does")
    return _when_eaten(*(grammar.words[f"reaction_{part}"] for part in parts))


def _reactions(segment: Segment, kind: str, grammar: Grammar) -> list[str]:
    """What a thing does to the teller ("milk makes me ill", "come out in hives with shellfish")."""
    told = " ".join(
        w for w, whose in zip(segment.words, segment.whose, strict=True) if whose == Whose.PATIENT
    )
    found = []
    words = grammar.words
    general = [
        words[f"reaction_{part}"] if kind == "allergies" else frozenset[str]()
        for part in ("brings", "gets", "signs")
    ]
    patterns = _reaction(words[f"reaction_{kind}"], words[f"reaction_{kind}_before"], *general)
    if kind == "allergies":
        patterns = (*patterns, _when_pattern(grammar))
    for pattern in patterns:
        for m in pattern.finditer(told):
            if set(told[: m.end()].split()) & words["allergy_denied"]:
                continue
            known = next((n for n in _names_in(m) if _can_be_reacted_to(n, kind, grammar)), None)
            if known is not None:
                found.append(known)
    return found


def _names_in(found: re.Match[str]) -> Iterator[str]:
    """The names that may stand right before, or right after, what is said of them; longest first."""
    groups = found.groupdict()
    after = groups.get("at")
    words = (after or groups.get("thing") or "").split()
    for size in range(len(words), 0, -1):
        yield " ".join(words[:size] if after else words[-size:])


def _can_be_reacted_to(name: str, kind: str, grammar: Grammar) -> bool:
    food = name in grammar.words["avoided_food"]
    return food or (kind == "allergies" and name in grammar.words["reacted_medicine"])

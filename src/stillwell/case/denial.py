"""Tells what a statement denies besides the word "no": endings, and symptoms denied without a place."""

from __future__ import annotations

from collections.abc import Iterator

from stillwell.case.matching import Word
from stillwell.case.sentences import NOT_SAID, Grammar

SHORT = 9  # words in a clause above which its last word speaks of the end of it only


def over(words: list[Word], used: list[int], grammar: Grammar, lasting: bool = False) -> bool:
    """Whether the clause ends by saying that a match is over or well.

    Args:
        lasting: the finding counts though it is over (a face that drooped for ten minutes).

    "Cramps are gone", "trembling stopped", "my vision is fine", "tremor: no"; not "gone when I sit",
    which tells a quality of what is there, nor a pattern that holds the word itself.
    """
    clause = words[used[0]].clause
    inside = [i for i, w in enumerate(words) if w.clause == clause and not w.mark]
    lexicon = grammar.words
    while inside and words[inside[-1]].raw in lexicon["over_after"]:
        inside.pop()
    if not inside or inside[-1] in used or inside[-1] < used[-1]:
        return False
    ending = words[inside[-1]].raw
    pair = " ".join(words[i].raw for i in inside[-2:])
    well = ending in lexicon["well"] or ending == NOT_SAID
    if not well and (lasting or not {ending, pair} & lexicon["over"]):
        return False
    if len(inside) > SHORT or {words[i].raw for i in inside} & lexicon["conditional"]:
        return False
    between = [words[i] for i in range(used[-1] + 1, inside[-1])]
    return words[inside[-1]].denied_by < 0 and not any(w.kind == "body" for w in between)


def general_denials(
    words: list[Word], told: set[int], grammar: Grammar
) -> Iterator[tuple[str, int]]:
    """(finding, position) of every finding of a kind that is denied without a place ("no tingling")."""
    for i, word in enumerate(words):
        if word.mark or word.whose or i in told:
            continue
        if word.denied_by < 0 and not over(words, [i], grammar):
            continue
        near = words[max(0, i - 2) : i + 3]
        if any(w.kind == "body" and w.clause == word.clause for w in near):
            continue
        after = words[i + 1].stem if i + 1 < len(words) else ""
        for name in sorted(_classes(word.stem, after, grammar)):
            for target in sorted(grammar.words.get(f"deny_{name}", ())):
                yield target, i


def _classes(root: str, after: str, grammar: Grammar) -> set[str]:
    return grammar.classes.get(root, set()) | grammar.classes.get(f"{root} {after}", set())


__all__ = ["general_denials", "over"]

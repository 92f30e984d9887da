"""Turns plain-speech patterns into stems, once, when the knowledge is compiled."""

from __future__ import annotations

import re
from functools import cache

import msgspec

TOKEN = re.compile(r"[a-z0-9]+(?:['’][a-z]+)?|[.;:!?\n,()]")
IGNORED = frozenset(
    [
        "a",
        "an",
        "the",
        "of",
        "to",
        "in",
        "on",
        "at",
        "by",
        "for",
        "from",
        "with",
        "into",
        "is",
        "are",
        "was",
        "were",
        "be",
        "been",
        "being",
        "am",
        "i",
        "i'm",
        "i've",
        "i'd",
        "my",
        "me",
        "mine",
        "you",
        "your",
        "he",
        "him",
        "his",
        "she",
        "her",
        "hers",
        "it",
        "it's",
        "its",
        "they",
        "them",
        "their",
        "we",
        "our",
        "us",
        "and",
        "or",
        "so",
        "that",
        "this",
        "these",
        "those",
        "there",
        "here",
        "very",
        "really",
        "quite",
        "just",
        "also",
        "then",
        "than",
        "as",
        "if",
        "do",
        "does",
        "did",
        "have",
        "has",
        "had",
        "having",
        "get",
        "gets",
        "got",
        "getting",
        "will",
        "would",
        "shall",
        "should",
        "may",
        "might",
        "must",
        "some",
        "any",
        "all",
        "lot",
        "bit",
        "like",
        "when",
        "while",
        "which",
        "who",
        "what",
        "how",
        "up",
        "out",
        "about",
        "again",
        "still",
        "more",
        "most",
        "much",
    ]
)


class Phrase(msgspec.Struct, frozen=True, array_like=True):
    """One compiled pattern: each part is a choice of stem sequences; all parts must be near."""

    target: str
    parts: tuple[tuple[tuple[str, ...], ...], ...]
    text: str
    excludes: bool = False


@cache
def _stemmer():  # type: ignore[no-untyped-def]
    import snowballstemmer

    return snowballstemmer.stemmer("english")


@cache
def stem(word: str) -> str:
    """The stem of one lower-case word."""
    result: str = _stemmer().stemWord(word.replace("’", "'").removesuffix("'s"))
    return result


def tokens(text: str) -> list[str]:
    """Lower-case words and clause marks of a text."""
    plain = text.lower().replace("’", "'")
    plain = plain.replace("could not", "couldn't").replace("can not", "cannot")
    return TOKEN.findall(plain)


def _sequence(words: str) -> tuple[str, ...]:
    return tuple(stem(t) for t in tokens(words) if t[0].isalnum() and t not in IGNORED)


def compile_pattern(
    target: str, text: str, lexicon: dict[str, list[str]], excludes: bool = False
) -> Phrase:
    """Compile one pattern.

    Raises:
        KeyError: it names a lexicon class that does not exist.
        ValueError: it holds no words.
    """
    parts: list[tuple[tuple[str, ...], ...]] = []
    for piece in re.findall(r'(?:[^\s"]|"[^"]*")+', text.lower()):
        choices: set[tuple[str, ...]] = set()
        single = piece.replace('"', "")
        for choice in single.split("|"):
            if choice.startswith("{") and choice.endswith("}"):
                choices.update(_sequence(w) for w in lexicon[choice[1:-1]])
            elif "{" in choice:
                # a class inside a quoted phrase: expand it in place
                name = re.search(r"\{(\w+)\}", choice)
                if name is None:
                    raise ValueError(f"'{text}' has a brace that is never closed")
                for word in lexicon[name.group(1)]:
                    choices.add(_sequence(choice.replace(name.group(0), word)))
            else:
                choices.add(_sequence(choice))
        choices.discard(())
        kept = choices
        if kept:
            parts.append(tuple(sorted(kept)))
    if not parts:
        raise ValueError(f"the pattern '{text}' holds no words")
    return Phrase(target, tuple(parts), text, excludes)

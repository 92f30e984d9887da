"""Turns plain-speech patterns into stems, once, when the knowledge is compiled."""

from __future__ import annotations

import re
from functools import cache
from unicodedata import combining, normalize

import msgspec

TOKEN = re.compile(r"\d+(?:[.,]\d+)+|[a-z0-9]+(?:['’][a-z]+)?|[.;:!?\n,()]")


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
    """Lower-case words, numbers and clause marks of a text; accents are left off."""
    plain = text.lower().replace("’", "'")
    if not plain.isascii():
        plain = "".join(c for c in normalize("NFKD", plain) if not combining(c))
    plain = plain.replace("could not", "couldn't").replace("can not", "cannot")
    return TOKEN.findall(plain)


def _sequence(words: str, ignored: list[str]) -> tuple[str, ...]:
    return tuple(stem(t) for t in tokens(words) if t[0].isalnum() and t not in ignored)


def _said_by_anyone(
    piece: str, ignored: list[str], lexicon: dict[str, list[str]]
) -> set[tuple[str, ...]]:
    """Phrases of which only a word remains that says nothing by itself.

    Of "can't be still" only "can't" would be left, as "be" and "still" are passed over in texts.
    """
    general = {*lexicon.get("filler", []), *lexicon.get("negation", []), *lexicon.get("cant", [])}
    found: set[tuple[str, ...]] = set()
    for choice in piece.split("|"):
        words = tokens(choice)
        left = [w for w in words if w not in ignored]
        if len(words) > 1 and len(left) == 1 and left[0] in general:
            found.add((stem(left[0]),))
    return found


def compile_pattern(
    target: str, text: str, lexicon: dict[str, list[str]], excludes: bool = False
) -> Phrase:
    """Compile one pattern.

    Raises:
        KeyError: it names a lexicon class that does not exist.
        ValueError: it holds no words.
    """
    ignored = lexicon.get("ignored", [])
    parts: list[tuple[tuple[str, ...], ...]] = []
    for piece in re.findall(r'(?:[^\s"]|"[^"]*")+', text.lower()):
        choices: set[tuple[str, ...]] = set()
        single = piece.replace('"', "")
        for choice in single.split("|"):
            if choice.startswith("{") and choice.endswith("}"):
                choices.update(_sequence(w, ignored) for w in lexicon[choice[1:-1]])
            elif "{" in choice:
                # a class inside a quoted phrase: expand it in place
                name = re.search(r"\{(\w+)\}", choice)
                if name is None:
                    raise ValueError(f"'{text}' has a brace that is never closed")
                for word in lexicon[name.group(1)]:
                    choices.add(_sequence(choice.replace(name.group(0), word), ignored))
            else:
                choices.add(_sequence(choice, ignored))
        choices -= _said_by_anyone(single, ignored, lexicon)
        choices.discard(())
        kept = choices
        if kept:
            parts.append(tuple(sorted(kept)))
    if not parts:
        raise ValueError(f"the pattern '{text}' holds no words")
    return Phrase(target, tuple(parts), text, excludes)

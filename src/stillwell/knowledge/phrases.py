"""Words of a text and their stems, for exact readers and searches."""

from __future__ import annotations

import re
from functools import cache
from unicodedata import combining, normalize

TOKEN = re.compile(r"\d+(?:[.,]\d+)+|[a-z0-9]+(?:['’][a-z]+)?|[.;:!?\n,()]")


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

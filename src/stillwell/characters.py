"""Characters that a text may hold: none that steers a terminal, hides, or only looks like another.

What people paste from web pages holds spaces and letters that look like the plain ones and are others; what
a hostile file holds can move the cursor, rename the window or turn the order of letters round.
"""

from __future__ import annotations

import re
from typing import Any
from unicodedata import category, normalize

# Sequences that steer a terminal: CSI, the strings (OSC, DCS, PM, APC, SOS) and the short ones. A string
# that is not closed loses its start only, so that no words are lost with it.
_SEQUENCE = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]{0,64}[ -/]{0,8}[@-~]?"
    r"|(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])(?:[^\x07\x1b\x9c\n]{0,4096}(?:\x07|\x1b\\|\x9c))?"
    r"|\x1b[ -/]{0,8}[0-~]?"
)
_LINE_END = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
# Control characters but tab and line feed, marks that turn the direction of writing, half characters, and
# letters without a shape (tags, interlinear marks).
_STEERING = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u206f\ufff9-\ufffb"
    "\U000e0000-\U000e007f]"
)
_HALF = re.compile("[\ud800-\udfff]")
_NO_WIDTH = re.compile(
    "[\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b\u2060-\u2064\u3164\ufeff\uffa0]"
    "|(?<=[\x00-\u024f])[\u200c\u200d]|[\u200c\u200d](?=[\x00-\u024f])"
)
_LOOKALIKE = re.compile("[\ufb00-\ufb06\uff01-\uff5e\U0001d400-\U0001d7ff]")


def without_steering(text: str) -> str:
    """The text without what steers a terminal or hides the order of its letters.

    >>> without_steering("a\\x1b[31mb\\x1b]0;title\\x07c")
    'abc'
    """
    text = _LINE_END.sub("\n", _SEQUENCE.sub("", text))
    return _HALF.sub("\ufffd", _STEERING.sub("", text))


def plain(text: str) -> str:
    """The text in characters that can be read: every kind of space as one, and nothing of no width.

    Letters that are the same letter in another dress (full-width, ligatures, mathematical) become the plain
    one. Raised and small digits, fractions and the micro sign stay: "10⁹" is not "109".

    >>> plain("saddle\\u00a0numb\\u200bness")
    'saddle numbness'
    """
    if text.isascii() and text.isprintable():
        return text
    text = _NO_WIDTH.sub("", without_steering(text))
    text = _LOOKALIKE.sub(lambda found: normalize("NFKC", found[0]), text)
    return "".join(" " if c > "\x7f" and category(c) == "Zs" else c for c in text)


def plain_values(value: Any) -> Any:
    """The same data with every text in it plain, keys too."""
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, list):
        return [plain_values(v) for v in value]
    if isinstance(value, dict):
        return {plain_values(k): plain_values(v) for k, v in value.items()}
    return value


def one_line(text: str, most: int) -> str:
    """The text on one line of at most `most` characters; of a longer one the start and the end.

    >>> one_line("a" * 50 + " is no unit", 30)
    'aaaaaaaaaaaaaa … aa is no unit'
    """
    text = " ".join(without_steering(text[: 20 * most] + text[20 * most :][-most:]).split())
    if len(text) <= most:
        return text
    end = (most - 3) // 2
    return f"{text[: most - 3 - end].rstrip()} … {text[-end:].lstrip()}"

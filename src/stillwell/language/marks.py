"""Small words and marks that turn a statement round, read exactly: stray question marks, "until", "gone"."""

from __future__ import annotations

import re
from unicodedata import category

from stillwell.knowledge.kept_patterns import compiled

SENTENCE_MARKS = ".!?\n;"
_MARK = compiled(rf"(?:(?!\.)[{SENTENCE_MARKS}]|(?<!\d)\.|\.(?!\d))")  # "0.7 mg" ends no sentence
_SENTENCE = compiled(r"[^.!?\n]+(?:\?+|[.!\n]+|$)")
_ASKS = compiled(
    r"(?:^|[,;:–—…-]|\b(?:and|but|so|or|if not|please|doctor|doc|hi|hello|question|wondering)\b)\W*"
    r"(?:is|isn't|are|aren't|am|was|were|can|can't|could|couldn't|do|don't|does|doesn't|did|didn't|"
    r"have (?:i|you|they)|has (?:it|this|he|she)|will|would|should|shouldn't|may|might|shall|what|"
    r"what's|whats|why|how|how's|which|who|where|when (?:will|should|can|do)|any(?:one| idea)?|"
    r"possible|normal to|ok to|safe to|maybe|perhaps)\b",
    re.IGNORECASE,
)


# Cyrillic and Greek letters that look like Latin ones, as pasted or typed by mistake
_LOOKALIKES = str.maketrans("аеорсухіАВЕКМНОРСТХο", "aeopcyxiABEKMHOPCTXo")
_PICTURES = frozenset(["So", "Sk", "Cs", "Co", "Cn"])


def plain_letters(text: str) -> str:
    """The text with blanks for emojis and Latin letters for those that only look so; places are kept."""
    if text.isascii():
        return text
    latin = sum(c.isascii() and c.isalpha() for c in text)
    if 2 * latin >= sum(c.isalpha() for c in text):
        text = text.translate(_LOOKALIKES)
    return "".join(" " if category(c) in _PICTURES else c for c in text)


def without_stray_marks(text: str) -> str:
    """The text with a full stop for the question mark of each sentence that asks nothing.

    Every character keeps its place.

    >>> without_stray_marks("I have dizziness and weak legs? Is it MS?")
    'I have dizziness and weak legs. Is it MS?'
    """

    def plain(match: re.Match[str]) -> str:
        sentence = match[0]
        if not sentence.endswith("?") or _ASKS.search(sentence.replace("’", "'")):
            return sentence
        return sentence.rstrip("?") + "." * (len(sentence) - len(sentence.rstrip("?")))

    return _SENTENCE.sub(plain, text)


def asks_in(sentence: str) -> bool:
    """Whether a sentence is a question that asks something.

    >>> asks_in("Is a black toe bad?"), asks_in("My toe is black?")
    (True, False)
    """
    plain = sentence.replace("’", "'").rstrip()
    return plain.endswith("?") and bool(_ASKS.search(plain))


_DENIAL = r"(?:never|no|not|none|nothing|without|\w+n't|nor|haven't)"
_ASSERTS = compiled(
    rf"\b{_DENIAL}\b[^.;]{{0,90}}\b(?:until|till|til)\b"
    rf"|\b(?:can't|cannot|can not|couldn't|can never)\b[^.;]{{0,70}}\bwithout\b"
    r"|\b(?:hardly|scarcely|barely|not|never) an? (?:day|night|week|hour|evening|morning|minute)\b[^.;]{0,50}"
    r"\b(?:without|don't|doesn't|isn't|but|when)\b"
    rf"|\b{_DENIAL}\b[^.;]{{0,70}}\bbefore (?:this|last|the|my|today|now|then|yesterday|it)\b"
    r"|\b(?:used not to|didn't use to|never used to)\b[^.;]{0,70}\bnow\b",
    re.IGNORECASE,
)
_SIGN = (
    r"(?:cramp|tremor|trembl|shak|twitch|tingl|pain|ache|aching|swelling|spasm|itch|rash|numbness|dizz|"
    r"headache|fever|burning|restless|jerk|sweat|nausea|vomit|palpitation|pins and needles)\w*"
)
_IS_OVER = compiled(
    rf"\b{_SIGN}[^.,;!?]{{0,40}}\b(?:is|are|has|have|'s|'ve|all|now|completely)\s+(?:\w+\s+)?"
    r"(?:gone|stopped|cleared(?: up)?|disappeared|vanished|ceased)\b"
    r"(?!\s+(?:when|if|as|after|once|by|while|until|for|and (?:came|come)))"
    rf"|\bno longer\s+(?:have |get |feel )?(?:the |any )?{_SIGN}"
    rf"|\bstopped\s+(?:the |having )?{_SIGN}",
    re.IGNORECASE,
)


def asserts_by_denial(sentence: str) -> bool:
    """Whether a word of denial tells that something is there: "no cramp until last week".

    >>> asserts_by_denial("I can't walk without my legs going numb")
    True
    >>> asserts_by_denial("I have no cramp")
    False
    """
    return bool(_ASSERTS.search(sentence.replace("’", "'")))


def says_it_is_over(sentence: str) -> bool:
    """Whether a sentence ends a sign: "the cramps are gone", "no longer shaking".

    >>> says_it_is_over("the cramps in my calves are gone"), says_it_is_over("gone when I stand up")
    (True, False)
    """
    return bool(_IS_OVER.search(sentence.replace("’", "'")))


_DENIED_LIST = compiled(
    r"\b(?:denies|denied|denying|negative for|no history of|no h/o|nil)\b(?:(?!\b(?:but|however|admits|reports|"
    r"complains|c/o|has|positive|though)\b)[^.;!?])*$",
    re.IGNORECASE,
)


def stands_in_denied_list(before: str) -> bool:
    """Whether what comes right after these words of a sentence is denied: "denies fits, falls, ...".

    >>> stands_in_denied_list("Denies incontinence, "), stands_in_denied_list("Denies fits but has ")
    (True, False)
    """
    return bool(_DENIED_LIST.search(before))


def sentence_at(text: str, place: int) -> tuple[int, int]:
    """First and last-plus-one character of the sentence in which a character stands.

    >>> sentence_at("It shook. It hurts.", 13)
    (9, 18)
    >>> sentence_at("On 0.7 mg now. It hurts.", 9)
    (0, 13)
    """
    end = _MARK.search(text, place)
    first = max(_last_mark(text, mark, place) for mark in SENTENCE_MARKS) + 1
    return first, end.start() if end else len(text)


def _last_mark(text: str, mark: str, place: int) -> int:
    """Where a mark stands last before a place, a point within a number apart; -1 where nowhere."""
    at = text.rfind(mark, 0, place)
    while (
        mark == "." and at > 0 and text[at - 1 : at].isdigit() and text[at + 1 : at + 2].isdigit()
    ):
        at = text.rfind(mark, 0, at)
    return at

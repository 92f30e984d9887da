"""Rewords messages without changing their meaning, so that `stillwell evaluate --rewordings` can measure.

    python tools/rewordings.py messages.jsonl --out pairs.jsonl

Reads JSON lines or CSV with `id` and `text`, and writes a pair for every way of rewording that changes a
message. No chance is in it: the same file gives the same pairs.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import yaml

TABLE = Path(__file__).with_suffix(".yaml")
_SENTENCE = re.compile(r"[.!?…]*[^.!?…]+[.!?…]*\s*")
_NO_END = re.compile(r"\b(?:\w|dr|mr|mrs|ms|st|vs|approx)\.\s*$", re.IGNORECASE)
_BEGINNING = re.compile(r"[A-Z\"'(]|i\b")
_WORD = re.compile(r"[a-z']+")
_KEPT_CAPITAL = re.compile(r"I\b|[A-Z]{2}|[A-Z]\d")  # begins with I, an abbreviation or B12


@cache
def words() -> dict:
    """The table of small words beside this program."""
    return yaml.safe_load(TABLE.read_text("utf-8"))


def rewordings(text: str) -> Iterator[tuple[str, str]]:
    """Every way of rewording that changes a message, with the reworded message."""
    for name, way in ways().items():
        reworded = way(text.strip())
        if reworded != text.strip():
            yield name, reworded


def ways() -> dict[str, Callable[[str], str]]:
    """Name -> a way of rewording; one that does not fit leaves a message as it is."""
    around = {
        name: lambda text, frame=frame: _framed(text, frame)
        for name, frame in words()["around"].items()
    }
    return {
        **around,
        "contracted": contracted,
        "expanded": expanded,
        "have_got": have_got,
        "small_words": small_words,
        "numbers_in_words": numbers_in_words,
        "numbers_in_digits": numbers_in_digits,
        "order": other_order,
        "lower_case": str.lower,
        "capitals": str.upper,
        "no_full_stop": lambda text: text.removesuffix("."),
        "apostrophes": lambda text: text.replace("'", "\u2019"),
        "no_apostrophes": no_apostrophes,
        "lines": lambda text: "\n".join(part.strip() for part in sentences(text)),
        "dots": dots,
        "spaces": lambda text: text.replace(" ", "  "),
    }


def contracted(text: str) -> str:
    """ "I am" as "I'm", "do not" as "don't".

    >>> contracted("I do not sleep and I am tired")
    "I don't sleep and I'm tired"
    """
    return _replaced(text, words()["contractions"], before=r"\s+\w")


def expanded(text: str) -> str:
    """ "I'm" as "I am", "don't" as "do not".

    >>> expanded("My legs don't hurt")
    'My legs do not hurt'
    """
    pairs = {short: full for full, short in words()["contractions"].items()}
    return _replaced(text, pairs, before=rf"(?!\s+(?:{'|'.join(words()['turned'])})\b)")


def have_got(text: str) -> str:
    """ "I have a ..." as "I've got a ...", and back.

    >>> have_got("I have a tremor. I have lost weight.")
    "I've got a tremor. I have lost weight."
    """
    follows = f"(?= (?:{'|'.join(words()['determiners'])})\\b)"
    changed = re.sub(rf"\bI have{follows}", "I've got", text)
    return changed if changed != text else re.sub(rf"\bI(?:'ve| have) got{follows}", "I have", text)


def small_words(text: str) -> str:
    """Small words by others of the same meaning.

    >>> small_words("nearly every night")
    'almost each night'
    """
    return _replaced(text, words()["small_words"])


def numbers_in_words(text: str) -> str:
    """Small whole numbers of days, weeks, times ... in words; doses and results stay.

    >>> numbers_in_words("20 mg for 3 weeks, 2 times a day")
    '20 mg for three weeks, two times a day'
    """
    names = words()["numbers"]
    return re.sub(
        rf"(?<![\w.,/:-])(\d{{1,2}})(?= {_counted()})",
        lambda found: names[int(found[1])] if 2 <= int(found[1]) < len(names) else found[1],
        text,
    )


def numbers_in_digits(text: str) -> str:
    """Small numbers of days, weeks, times ... in digits.

    >>> numbers_in_digits("for three weeks")
    'for 3 weeks'
    """
    names = words()["numbers"]
    either = "|".join(names[2:])
    return re.sub(
        rf"(?<![\w-])({either})(?= {_counted()})",
        lambda found: str(names.index(found[1].lower())),
        text,
        flags=re.IGNORECASE,
    )


def other_order(text: str) -> str:
    """The sentences in the opposite order, where each stands by itself.

    >>> other_order("My legs shake. I sleep badly.")
    'I sleep badly. My legs shake.'
    >>> other_order("My sister's legs shake. Mine don't.")
    "My sister's legs shake. Mine don't."
    """
    parts = [part.strip() for part in sentences(text)]
    if len(parts) < 2 or not all(_stands_alone(part) for part in parts):
        return text
    parts = [part if part[-1] in ".!?…" else f"{part}." for part in parts]
    return " ".join(reversed(parts))


def no_apostrophes(text: str) -> str:
    """Contractions without their apostrophe, as people type them; where that is another word, with it.

    >>> no_apostrophes("I don't, and I'll wait")
    "I dont, and I'll wait"
    """
    shorts = words()["contractions"].values()
    plain = {short: short.replace("'", "") for short in shorts if short not in ("I'll", "they're")}
    return _replaced(text, plain)


def dots(text: str) -> str:
    """Sentences joined by dots.

    >>> dots("My legs shake. I sleep badly.")
    'My legs shake... I sleep badly.'
    """
    return re.sub(r"(?<=[a-z])\. (?=[A-Z])", "... ", text)


def sentences(text: str) -> list[str]:
    """The sentences of a message; a full stop between digits, or in "e.g." and "Dr.", ends none.

    >>> sentences("Potassium 5.1 today. My legs cramp!")
    ['Potassium 5.1 today. ', 'My legs cramp!']
    """
    parts = [""]
    for piece in _SENTENCE.findall(text):
        ended = parts[-1][-1:].isspace() and not _NO_END.search(parts[-1])
        if ended and _BEGINNING.match(piece):
            parts.append(piece)
        else:
            parts[-1] += piece
    return [part for part in parts if part.strip()]


def _stands_alone(sentence: str) -> bool:
    found = _WORD.findall(sentence.lower().replace("\u2019", "'"))
    leaning = {word for group in words()["leaning"] for word in group}
    told = {word for name in found for word in (name, name.removesuffix("'s"))}
    past = any(word.endswith("ed") and word not in ("bed", "need", "red") for word in found)
    own = bool(found) and found[0] in words()["own_beginnings"]
    return own and not (told & leaning or past or found[-1] in words()["leaning_at_end"])


def _framed(text: str, frame: str) -> str:
    before, after = frame.split("{text}")
    if before.endswith(", ") and not _KEPT_CAPITAL.match(text):
        text = text[:1].lower() + text[1:]
    if after and text[-1:].isalnum():
        text += "."
    return before + text + after


def _counted() -> str:
    return f"(?:{'|'.join(words()['counted'])})s?\\b"


def _replaced(text: str, pairs: dict[str, str], before: str = "") -> str:
    """Words by words, whole ones, longest first, a capital at the beginning kept.

    Args:
        before: a pattern that must follow.
    """
    either = "|".join(re.escape(one) for one in sorted(pairs, key=lambda w: (-len(w), w)))
    small = {one.lower(): other for one, other in pairs.items()}

    def other(found: re.Match[str]) -> str:
        put = small[found[0].lower()]
        capital = found[0][0].isupper() and put[0].islower()
        return put[0].upper() + put[1:] if capital else put

    return re.sub(rf"(?<![\w'])(?:{either})(?![\w'])(?={before})", other, text, flags=re.IGNORECASE)


def messages(path: Path) -> Iterator[tuple[str, str]]:
    """Id and text of each message of a file of JSON lines or CSV."""
    content = path.read_text("utf-8-sig")
    if path.suffix == ".csv":
        rows = list(csv.DictReader(io.StringIO(content, newline="")))
    else:
        rows = [json.loads(line) for line in content.split("\n") if line.strip()]
    for row in rows:
        yield row["id"], row["text"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("file", type=Path, help="JSON lines or CSV with id and text")
    parser.add_argument("--out", type=Path, required=True, help="JSON lines of pairs")
    parser.add_argument("--only", choices=sorted(ways()), action="append", help="only these ways")
    parser.add_argument("--every", type=int, default=1, help="only every n-th message")
    options = parser.parse_args()
    try:
        found = list(messages(options.file))
    except (OSError, ValueError, KeyError, TypeError) as error:
        parser.error(f"{options.file}: needs JSON lines or CSV with id and text ({error})")
    with options.out.open("w", encoding="utf-8") as out:
        for name, text in found[:: options.every]:
            for how, reworded in rewordings(text):
                if not options.only or how in options.only:
                    pair = {"id": f"{name}-{how}", "text": text, "reworded": reworded, "how": how}
                    out.write(json.dumps(pair, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()

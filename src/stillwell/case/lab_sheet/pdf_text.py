"""The text layer of a PDF as lines of words with their places on the page (pdfium)."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from itertools import pairwise

from stillwell.case.lab_sheet.lines import Line, plain_line
from stillwell.errors import CaseError

PAGES = 50
LETTERS = 400_000  # on all pages together
WORD_GAP = 0.17  # of the height of the letters: a blank that is not written
CELL_GAP = 0.75  # of that height: wider than a blank between two words
PDFIUM = threading.Lock()  # pdfium must not be called from two threads at once


@dataclass
class _Word:
    text: str
    left: float
    right: float
    bottom: float
    top: float
    xs: list[float]


def pdf_lines(data: bytes, field: str, until: float) -> list[Line]:
    """Every line of the text layer, page by page, top to bottom.

    Args:
        until: `time.monotonic()` at which reading stops.

    Raises:
        CaseError: broken, locked by a password, without text, too long, or too slow to read.
    """
    try:
        import pypdfium2  # takes a tenth of a second: only for a PDF
    except ImportError:
        way = "Install pypdfium2 (pip install 'stillwell[page]'), or paste the text"
        raise CaseError(field, "is a PDF, and what reads PDFs is not installed", way) from None

    with PDFIUM:
        try:
            document = pypdfium2.PdfDocument(data)
        except pypdfium2.PdfiumError as error:
            if "password" in str(error).lower():
                way = "Save it without the password, or type the results"
                raise CaseError(field, "is locked by a password", way) from None
            way = "Save it again, or type the results"
            raise CaseError(field, "is no PDF that can be opened", way) from None
        try:
            return _pages(document, field, until)
        finally:
            document.close()


def _pages(document, field: str, until: float) -> list[Line]:  # type: ignore[no-untyped-def]
    from pypdfium2 import PdfiumError

    if len(document) > PAGES:
        raise CaseError(
            field, f"has more than {PAGES} pages", "Give only the pages with the results"
        )
    lines: list[Line] = []
    letters = 0
    for number in range(len(document)):
        try:
            page = document[number]
            text = page.get_textpage()
        except PdfiumError:
            raise CaseError(
                field, f"page {number + 1} is broken", "Save it again, or type the results"
            ) from None
        letters += text.count_chars()
        if letters > LETTERS:
            raise CaseError(field, "holds too much text", "Give only the pages with the results")
        words = _words(text, field, until)
        text.close()
        page.close()
        for index, (raw, xs) in enumerate(_in_lines(words), 1):
            lines.append(plain_line(number + 1, index, raw, xs))
    if not lines:
        way = "Paste or type the results, or ask for a PDF whose text can be marked"
        raise CaseError(field, "holds only pictures, and no text that can be read", way)
    return lines


def too_slow(field: str) -> CaseError:
    """The error of a sheet that takes too long to read."""
    return CaseError(
        field, "takes too long to read", "Give only the page with the results, or type them"
    )


def _words(text, field: str, until: float) -> list[_Word]:  # type: ignore[no-untyped-def]
    """The words of a page: letters of one line without a gap between them."""
    import pypdfium2.raw as raw

    words: list[_Word] = []
    current: _Word | None = None
    box = raw.FS_RECTF()
    for index in range(text.count_chars()):
        if index % 2000 == 0 and time.monotonic() > until:
            raise too_slow(field)
        code = raw.FPDFText_GetUnicode(text, index)
        letter = chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else " "
        if letter.isspace() or letter == "\x02":
            current = None if letter not in "\u00a0\u2009\u202f" else current
            continue
        if not letter.isprintable() or not raw.FPDFText_GetLooseCharBox(text, index, box):
            continue
        left, right, bottom, top = box.left, box.right, box.bottom, box.top
        bottom, top = min(bottom, top), max(bottom, top)
        for part in _ligature(letter):
            if current is not None and _goes_on(current, left, bottom, top):
                current.text += part
                current.right = max(current.right, right)
                current.xs.append(left)
            else:
                current = _Word(part, left, right, bottom, top, [left])
                words.append(current)
    return words


def _ligature(letter: str) -> str:
    return {"ﬁ": "fi", "ﬂ": "fl", "ﬀ": "ff", "ﬃ": "ffi", "ﬄ": "ffl"}.get(letter, letter)


def _goes_on(word: _Word, left: float, bottom: float, top: float) -> bool:
    height = max(word.top - word.bottom, 1e-3)
    same_line = min(top, word.top) - max(bottom, word.bottom) > 0.3 * min(height, top - bottom)
    return same_line and -0.5 * height < left - word.right < WORD_GAP * height


def _in_lines(words: list[_Word]) -> list[tuple[str, list[float]]]:
    """Words that stand at one height, left to right; cells two blanks apart."""
    rows: list[list[_Word]] = []
    for word in sorted(words, key=lambda w: (-(w.top + w.bottom), w.left)):
        middle = (word.top + word.bottom) / 2
        for row in reversed(rows[-3:]):
            first = row[0]
            if (
                first.bottom < middle < first.top
                or word.bottom < (first.top + first.bottom) / 2 < word.top
            ):
                row.append(word)
                break
        else:
            rows.append([word])
    return [_joined(sorted(row, key=lambda w: w.left)) for row in rows]


def _joined(row: list[_Word]) -> tuple[str, list[float]]:
    text, xs = row[0].text, list(row[0].xs)
    for before, word in pairwise(row):
        height = max(before.top - before.bottom, word.top - word.bottom, 1e-3)
        gap = word.left - before.right
        blanks = 0 if gap < 0.05 * height else 1 if gap < CELL_GAP * height else 3
        text += " " * blanks + word.text
        xs += [before.right] * blanks + word.xs
    return text, xs

"""A document as a PDF that screen readers can read (PDF/UA-1), by typst, without any font of the system."""

from __future__ import annotations

from importlib import resources
from typing import Any, Final

import msgspec

from stillwell.case.lab_sheet.pdf_text import PDFIUM
from stillwell.report.document import Document
from stillwell.report.render.common import source_numbers
from stillwell.report.wording import words

PAGES = 2
SIZES = (10.0, 9.5, 9.0, 8.5, 8.0)  # points; the largest at which the pages hold it all
OWN_FONTS = ["Libertinus Serif", "DejaVu Sans Mono"]
UNIVERSAL: Final = "ua-1"


class Pdf(msgspec.Struct, frozen=True, kw_only=True):
    """A PDF and how well it can be read.

    Attributes:
        pages: how many.
        accessible: whether it meets PDF/UA-1. Not where a letter has no glyph in any font at hand; its foot
            says so.
    """

    data: bytes
    pages: int
    accessible: bool = True


def render(document: Document, most_pages: int = PAGES) -> Pdf:
    """The document on as few pages as asked for, in letters of 8 to 10 points.

    What is left out on paper (`extra`) is left out here; sources give way to the rest where there is no room.
    """
    on_paper = msgspec.structs.replace(
        document, sections=[s for s in document.sections if not s.extra]
    )
    without_sources = msgspec.structs.replace(
        on_paper, sections=[s for s in on_paper.sections if s.id != "sources"]
    )
    made: Pdf | None = None
    for shown in (on_paper, without_sources):
        for size in SIZES:
            made = _made(shown, size)
            if made.pages <= most_pages:
                return made
    assert made is not None
    return made


def _made(document: Document, size: float) -> Pdf:
    """One try at a size: with our own fonts, then the system's, then without the standard."""
    import typst

    files: Any = _files(document, size)  # typst takes a map of files; its types do not say so
    for system_fonts in (False, True):
        try:
            data = typst.compile(
                files, ignore_system_fonts=not system_fonts, pdf_standards=UNIVERSAL
            )
        except typst.TypstError as error:
            if "glyph" not in str(error) and "font" not in str(error):
                raise
            continue
        return Pdf(data=data, pages=_pages(data))
    foot = f"{document.footer} {words(document.language).labels['letters_missing']}"
    files = _files(msgspec.structs.replace(document, footer=foot), size)
    data = typst.compile(files)
    return Pdf(data=data, pages=_pages(data), accessible=False)


def _files(document: Document, size: float) -> dict[str, bytes]:
    template = resources.files("stillwell.report").joinpath("templates/document.typ").read_bytes()

    def packed(value: Any) -> bytes:
        return msgspec.json.encode(value)

    return {
        "main": template,
        "document.json": packed(document),
        "labels.json": packed(words(document.language).labels),
        "look.json": packed({"size": size, "fonts": OWN_FONTS}),
        "numbers.json": packed(source_numbers(document)),
    }


def _pages(data: bytes) -> int:
    from pypdfium2 import PdfDocument

    with PDFIUM:
        pdf = PdfDocument(data)
        try:
            return len(pdf)
        finally:
            pdf.close()

"""The doctor's page on paper: few pages, text that can be read out, and letters that no font has."""

from pathlib import Path

import msgspec
import pytest
from pypdfium2 import PdfDocument

from stillwell.assess.assessment import assess
from stillwell.case.read import read_case
from stillwell.report.build import build
from stillwell.report.document import Document
from stillwell.report.render.pdf import render

EXAMPLE = Path(__file__).parents[2] / "examples" / "restless_evenings.yaml"


@pytest.fixture(scope="module")
def document() -> Document:
    return build(assess(read_case(EXAMPLE), draws=0), "doctor")


def text_of(data: bytes) -> str:
    pdf = PdfDocument(data)
    return " ".join(" ".join(page.get_textpage().get_text_range() for page in pdf).split())


def test_the_doctor_gets_two_pages_at_most_that_can_be_read_out(document: Document) -> None:
    made = render(document)
    assert made.accessible and 1 <= made.pages <= 2
    assert document.care.heading in text_of(made.data)


def test_the_whole_report_fits_on_four_pages() -> None:
    assert render(build(assess(read_case(EXAMPLE), draws=0)), 4).pages <= 4


def test_letters_that_no_font_has_are_said_at_the_foot(document: Document) -> None:
    strange = msgspec.structs.replace(document, title="Summary for \U0010fffd")
    made = render(strange)
    assert not made.accessible
    assert "no font here has" in text_of(made.data)

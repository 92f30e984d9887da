"""The marks of sources stay on the line of the word that they stand behind, in every form."""

import re

import pytest

from stillwell.assess.assessment import assess
from stillwell.case.read import case_from
from stillwell.report.write import write

NO_BREAK = "\N{NO-BREAK SPACE}"


@pytest.fixture(scope="module")
def done():
    return assess(
        case_from(
            {
                "person": {"age": 34, "sex": "female"},
                "complaint": "my legs want to move every evening and walking helps",
                "medicines": ["sertraline"],
                "labs": [{"name": "ferritin", "value": 9, "unit": "ng/mL"}],
            }
        ),
        draws=0,
    )


@pytest.mark.parametrize("width", [40, 61, 72, 80, 100, 120])
def test_no_line_of_a_terminal_begins_with_a_mark(done, width):
    text = write(done, "terminal", width=width)
    assert re.search(r"\[\d+", text)
    listed = text.partition("SOURCES")[0]
    assert not re.search(r"(?m)^ *\[\d+[,\]](?! [A-Z])", listed)


def test_html_and_markdown_have_no_break_before_a_mark(done):
    page = write(done, "html").replace("&nbsp;", NO_BREAK)
    marks = re.findall(r'(.)<span class="small">\[', page, re.S)
    assert len(marks) > 3
    assert set(marks) == {NO_BREAK}
    assert not re.search(rf"\s[ \n]{NO_BREAK}<span|[ \n]{NO_BREAK}<span", page)
    body = write(done, "md").partition("## Sources")[0]
    assert re.search(rf"{NO_BREAK}\[\d", body)
    assert not re.search(r"[ \n]\[\d+[,\]]", body)

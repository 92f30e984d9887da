"""Lines and tables on a terminal: nothing is lost, nothing is wider than it may be, styles stand where they belong."""

import re

from hypothesis import given
from hypothesis import strategies as st

from stillwell.report.render.grid import grid
from stillwell.report.render.styled import Line, cells, shown, wrapped

WORD = st.text("abcdefg-é足", min_size=1, max_size=9)
TEXT = st.lists(WORD, max_size=12).map(" ".join)
STYLE = st.sampled_from(["", "bold", "bold red", "dim"])


@given(st.lists(st.tuples(TEXT, STYLE), max_size=4), st.integers(18, 60))
def test_a_wrapped_line_keeps_its_words_and_its_width(pieces, width):
    line = Line()
    for text, style in pieces:
        line.add(text, style)
    lines = [shown(part, colour=False) for part in wrapped(line, width)]
    assert " ".join(lines).split() == line.plain.split()
    assert all(cells(one) <= width or " " not in one.strip() for one in lines)
    coloured = "\n".join(shown(part, colour=True) for part in wrapped(line, width))
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == "\n".join(lines)


def test_a_style_goes_on_over_the_cut_and_adds_to_that_of_the_line():
    line = Line("one two", "yellow").add(" three", "italic")
    assert [shown(part, colour=True) for part in wrapped(line, 7)] == [
        "\x1b[33mone two\x1b[0m",
        "\x1b[3;33mthree\x1b[0m",
    ]


def text_of(lines):
    return [shown(line, colour=False) for line in lines]


def test_a_table_that_fits_has_columns_as_wide_as_their_longest_cell():
    assert text_of(grid(["Test", "Value"], [["ferritin", "9 ug/L"], ["TSH", ""]], 80)) == [
        "Test      Value ",
        "ferritin  9 ug/L",
        "TSH             ",
    ]


def test_the_widest_column_gives_way_and_heads_stand_at_the_bottom():
    lines = text_of(grid(["A", "Two words"], [["x", "some words more"]], 10))
    assert [line.rstrip() for line in lines] == [
        "   Two",
        "A  words",
        "x  some",
        "   words",
        "   more",
    ]


@given(st.lists(st.tuples(TEXT, TEXT, TEXT), min_size=1, max_size=5), st.integers(32, 80))
def test_a_table_keeps_every_letter_and_its_width(rows, width):
    lines = text_of(grid(["Test", "Value", "Range"], [list(row) for row in rows], width))
    assert all(cells(line) <= width for line in lines)
    letters = sorted("".join("".join(row) for row in rows).replace(" ", "") + "TestValueRange")
    assert sorted("".join(lines).replace(" ", "")) == letters

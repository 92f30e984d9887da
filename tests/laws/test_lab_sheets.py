"""Laws of lab sheets: nothing crashes, no number is lost, the order of rows does not matter."""

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from stillwell.case.lab_sheet import read_sheet
from stillwell.errors import CaseError
from tests.sheets.sheet_files import TODAY, layouts

PIECES = st.sampled_from(
    re.split(
        " ",
        "Ferritin Kalium K Na Vitamin B12 25-OH-Vitamin D Iron Zink CRP TSH Hb Test Result Previous Unit "
        "Range Datum Collected geb. Tel 12,5 1.250 1,250 139 <0.5 >90 15-150 (3,5-5,1) < 12.05.2026 "
        "03/04/2026 08:15 µg/l mmol/L ug/L g/dl % 10^9/L H L * + - ( ) | ; , : neg positive URINE Serum "
        "Seite 1/2 \t \n \n \n",
    )
)
SHEETS = st.lists(PIECES, max_size=60).map(" ".join) | st.text(
    st.characters(exclude_characters="\x00"), max_size=300
)
TEXTS = [layout["text"] for _, layout in layouts() if "text" in layout]


def digits_left(raw, places):
    """The digits of a sheet that no place covers."""
    lines = re.split(r"\r\n|[\r\n\f\v\x85\u2028\u2029]", raw)
    covered = {(p.line, i) for p in places for i in range(p.start, p.end)}
    return [
        (number, i)
        for number, line in enumerate(lines, 1)
        for i, letter in enumerate(line)
        if letter.isdecimal() and (number, i) not in covered
    ]


@settings(max_examples=300, deadline=None)
@given(SHEETS)
def test_every_number_stands_in_a_row_or_in_a_line_not_used(text):
    sheet = read_sheet(text, "text", TODAY)
    assert not digits_left(text, [x.place for x in (*sheet.rows, *sheet.unused)])


@settings(max_examples=150, deadline=None)
@given(SHEETS)
def test_a_sure_row_has_all_that_a_result_needs_and_others_say_what_to_ask(text):
    for row in read_sheet(text, None, TODAY).rows:
        assert row.sure != bool(row.why)
        if row.sure:
            assert row.test and row.unit and row.value is not None
            assert row.date is None or row.date <= TODAY


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300) | SHEETS.map(lambda t: b"%PDF-1.7\n" + t.encode()))
def test_any_bytes_are_read_or_refused_in_one_line(data):
    try:
        read_sheet(data, None, TODAY)
    except CaseError as error:
        assert str(error).startswith("lab sheet: ")


@settings(max_examples=150, deadline=None)
@given(SHEETS, st.sampled_from(["csv", "text"]))
def test_no_sheet_breaks_the_reader(text, kind):
    read_sheet(text, kind, TODAY)


TABLE = [
    "Ferritin 11 ug/L (15-150) L",
    "Kalium 3,3 mmol/l (3,5-5,1) -",
    "CRP <0.5 mg/L",
    "Hämoglobin 11,2 g/dl",
    "Quatschwert 12 mmol/l",
    "TSH 2,1 mU/l",
    "Ferritin < 30 ug/L means that your iron stores are low",
    "Vitamin B12 1.250 pg/ml",
    "Tel. 030 1234567",
]


@settings(max_examples=50, deadline=None)
@given(st.permutations(TABLE))
def test_the_order_of_rows_does_not_matter(lines):
    def rows(text):
        found = read_sheet(text, "text", TODAY).rows
        return sorted(
            repr((r.test, r.value, r.unit, r.flag, r.sure, r.why, r.place.words)) for r in found
        )

    assert rows("\n".join(lines)) == rows("\n".join(TABLE))


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(TEXTS), st.randoms(use_true_random=False))
def test_a_damaged_sheet_loses_no_number(text, chance):
    letters = list(text)
    for _ in range(8):
        at = chance.randrange(len(letters))
        letters[at] = chance.choice([" ", "", "\n", "|", "9", ".", ",", "-", letters[at] * 2])
    damaged = "".join(letters)
    sheet = read_sheet(damaged, "text", TODAY)
    assert not digits_left(damaged, [x.place for x in (*sheet.rows, *sheet.unused)])

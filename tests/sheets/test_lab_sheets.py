"""Lab sheets: nearly every row is right, no wrong one is sure, nothing on the sheet is lost."""

import datetime as dt
import time

import pytest
import typst

from stillwell.case.lab_sheet import labs_of, read_sheet
from stillwell.case.labs import read_labs
from stillwell.case.model import Case
from stillwell.errors import CaseError
from stillwell.knowledge.store import knowledge
from tests.sheets.sheet_files import TODAY, compared, layouts, pdf_of, sheet_of

LAYOUTS = layouts()
NAMES = [name for name, _ in LAYOUTS]


def test_there_are_twenty_layouts_of_six_kinds():
    assert len(LAYOUTS) >= 20
    assert len({name.split(":")[0] for name in NAMES}) >= 6


def test_nineteen_of_twenty_rows_are_right_and_no_wrong_row_is_sure():
    right = rows = 0
    wrong, silent = [], []
    for name, layout in LAYOUTS:
        mine, all_rows, misses, unseen = compared(layout)
        right, rows = right + mine, rows + all_rows
        wrong += [f"{name}: {m}" for m in misses]
        silent += [f"{name}: {s}" for s in unseen]
    assert not silent, silent
    assert right >= 0.95 * rows, wrong


@pytest.mark.parametrize(("name", "layout"), LAYOUTS, ids=NAMES)
def test_the_words_of_each_row_stand_at_their_place(name, layout):
    if "pdf" in layout:
        pytest.skip("lines of a PDF are made while reading")
    text = layout.get("csv") or layout["text"]
    lines = text.splitlines()
    sheet = sheet_of(layout)
    for place in [r.place for r in sheet.rows] + [u.place for u in sheet.unused]:
        assert lines[place.line - 1][place.start : place.end] == place.words


@pytest.mark.parametrize(("name", "layout"), LAYOUTS, ids=NAMES)
def test_each_sheet_is_read_within_a_second(name, layout):
    sheet_of(layout)
    data = pdf_of(layout["pdf"]) if "pdf" in layout else layout.get("csv") or layout["text"]
    begin = time.perf_counter()
    read_sheet(data, today=TODAY)
    assert time.perf_counter() - begin < 1.0


def test_what_was_confirmed_is_read_as_results_and_earlier_results_are_left_out():
    text = (
        "Test          Result   Previous 01.02.2026   Unit     Range\n"
        "Potassium     2.9      4.4                   mmol/L   3.5-5.1\n"
        "BUN           60       14                    mg/dL    7-20\n"
        "TSH           <0.01    1.1                   mIU/L    0.4-4.5\n"
    )
    sheet = read_sheet(text, today=TODAY)
    labs = labs_of(sheet, [i for i, row in enumerate(sheet.rows) if row.sure])
    results, notes = read_labs(Case(labs=labs), knowledge())
    assert {k: (r.value, r.flag) for k, r in results.items() if k != "urea"} == {
        "potassium": (2.9, "low"),
        "tsh": (0.01, "low"),
    }
    assert results["urea"].value == pytest.approx(21.4, abs=0.1)
    assert notes == []


def test_a_row_that_lacks_its_unit_is_refused_by_name():
    sheet = read_sheet("Haemoglobin 7.1", today=TODAY)
    with pytest.raises(CaseError, match=r"row 1 \(Haemoglobin\): has no unit"):
        labs_of(sheet, [0])
    [row] = sheet.rows
    row.unit = "g/dL"
    assert labs_of(sheet, {0: row})[0].value == 7.1


@pytest.mark.parametrize(
    "line",
    [
        "Patient: Anna Zink, 12 Station Road, born 03.04.1955",
        "Tel. 030 1234567  Fax 030 1234568",
        "Phone 020 7946 0123",
        "Order no. 123456  Lab no. 998877",
        "Page 2 of 3",
        "Frau Eisen, Geburtsdatum 12.03.1961",
        "Dr. K. Natrium, Tel 0711 140",
        "Mr Iron 45 High Street",
        "Age 61  Sex F",
        "Hinweis: Ferritin < 30 µg/l spricht für Eisenmangel",
        "Vitamin D3 20,000 IU weekly",
        "Magnesium oxide 400 mg",
        "12.05.2026",
        "",
    ],
)
def test_people_orders_and_notes_are_no_results(line):
    sheet = read_sheet(line, today=TODAY)
    assert sheet.rows == []
    assert [u.place.words for u in sheet.unused] == ([line] if line else [])


@pytest.mark.parametrize(
    ("line", "asks"),
    [
        ("Calcium 9.4 mmol/L", "did you mean 9.4 mg/dL"),
        ("Ferritin 12 mmol/L", "is not one of ferritin"),
        ("Haemoglobin 7.1", "is it 7.1 g/dL"),
        ("Ferritin 1,250 ug/L", "1.25 or 1250"),
        ("T4 12 pmol/L", "can be two tests"),
        ("Calcium / Albumin 2.4 mmol/L", "can be two tests"),
        ("Ferritin 12 14 ug/L", "several numbers"),
        ("Magnessium 0.8 mmol/L", "looks like magnesium"),
        ("Calcium 1.2 mmol/L (1.15-1.33)", "does not fit"),
        ("Potassium 4.2 mmol/L H 3.5-5.1", "do not go together"),
        ("Sodium 4.1 mmol/L", "is not possible"),
        ("Ferritin 12 ug/L\nFerritin 88 ug/L", "stands twice"),
        ("Collected 03/04/2026\nFerritin 40 ug/L", "can mean two days"),
        ("140 sodium 4.1 mmol/L", "before the name"),
        ("CRP negative", "is a word"),
        ("Sodium urine 40 mmol/L", "another fluid"),
        ("Ferritin 40 mg/L", "very unusual"),
        ("Ferritin 30 ug/L means your stores are low", "other words"),
    ],
)
def test_what_can_be_read_in_two_ways_is_asked(line, asks):
    rows = read_sheet(line, today=TODAY).rows
    assert rows
    assert not any(row.sure for row in rows)
    assert asks in rows[0].why


@pytest.mark.parametrize(
    ("sheet", "day"),
    [
        ("Collected 25/03/2026, received 03/04/2026\nFerritin 40 ug/L", dt.date(2026, 3, 25)),
        ("DOB 30/01/1970\nCollected 03/04/2026\nFerritin 40 ug/L", dt.date(2026, 4, 3)),
        ("Entnahme: 03.04.2026\nFerritin 40 ug/L", dt.date(2026, 4, 3)),
        ("Sample taken: 3 Apr 2026\nFerritin 40 ug/L", dt.date(2026, 4, 3)),
        ("Collected 05/08/2026\nFerritin 40 ug/L", dt.date(2026, 5, 8)),
        ("Reported 3 Apr 2026\nFerritin 40 ug/L", None),
        ("Printed: 3 Apr 2026  Born 3 Apr 1970\nFerritin 40 ug/L", None),
    ],
)
def test_the_day_is_that_of_the_sample(sheet, day):
    [row] = read_sheet(sheet, today=TODAY).rows
    assert (row.date, row.sure) == (day, True)


# ---- what cannot be read ----------------------------------------------------------------------------


def _locked():
    """A PDF that wants a password: the encryption dictionary of one, with a key that is not ours."""
    plain = typst.compile(b"Ferritin 12")
    head, tail = plain.rsplit(b"trailer", 1)
    key = b"<" + b"41" * 32 + b">"
    entry = (
        b"/Encrypt <</Filter/Standard/V 1/R 2/O " + key + b"/U " + key + b"/P -4>> /ID[<41><41>]"
    )
    return head + b"trailer" + tail.replace(b"<<", b"<<" + entry, 1)


def _picture():
    """A PDF of one page that holds a rectangle and no text."""
    return typst.compile(b"#rect(width: 5cm, height: 5cm, fill: red)")


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"%PDF-1.7\nbroken", "no PDF that can be opened"),
        (_locked, "password"),
        (_picture, "only pictures"),
        (lambda: typst.compile(b"#for i in range(51) [x #pagebreak(weak: true) y]"), "50 pages"),
        (b"x" * 10_000_001, "10 MB"),
        (b"Ferritin\x0012", "not text"),
        ("Ferritin 12 ug/L\n" * 2001, "2,000 results"),
        ("x\n" * 20_001, "20,000 lines"),
    ],
    ids=["broken", "locked", "picture", "pages", "size", "nul", "rows", "lines"],
)
def test_what_cannot_be_read_is_told_in_one_line(data, says):
    with pytest.raises(CaseError, match=says) as caught:
        read_sheet(data() if callable(data) else data, today=TODAY)
    assert str(caught.value).startswith("lab sheet: ")
    assert "\n" not in str(caught.value)


def test_a_full_sheet_is_read_within_the_time():
    line = "Ferritin   12   ug/L   15-150   Quatschwert {}  3.1  mmol/L  1-4\n"
    text = "".join(line.format(i) for i in range(990))
    begin = time.perf_counter()
    sheet = read_sheet(text, today=TODAY)
    assert len(sheet.rows) == 1980
    assert time.perf_counter() - begin < 5.0


def test_one_long_line_takes_no_long_time():
    for piece in ("1 ", "ferritin ", "(", "1,", "10^", "- ", "a/b ", "12.05.", "<", "|", "\t", '"'):
        begin = time.perf_counter()
        read_sheet(piece * 100_000, today=TODAY)
        assert time.perf_counter() - begin < 5.0, piece

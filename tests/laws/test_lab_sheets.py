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
@given(st.binary(max_size=300) | SHEETS.map(lambda t: b"%PDF-1.7\n" + t.encode(errors="replace")))
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


# ---- tables made at random, whose truth is known ----------------------------------------------------

MADE = {
    "ferritin": (["Ferritin", "Ferritin im Serum", "S-Ferritin (CLIA)"], "µg/l", 15, 150, 1),
    "potassium": (["Kalium", "Potassium", "K", "Kalium (K)"], "mmol/l", 3.5, 5.1, 1),
    "sodium": (["Natrium", "Na", "Sodium, serum"], "mmol/l", 135, 145, 0),
    "magnesium": (["Magnesium", "Mg"], "mmol/L", 0.7, 1.05, 2),
    "calcium_total": (["Calcium", "Kalzium gesamt", "Total calcium"], "mmol/L", 2.15, 2.6, 2),
    "tsh": (["TSH", "TSH basal"], "mU/l", 0.4, 4.0, 2),
    "haemoglobin": (["Hb", "Hämoglobin", "Haemoglobin"], "g/dl", 12, 16, 1),
    "vitamin_b12": (["Vitamin B12", "B12"], "pg/ml", 200, 900, 0),
    "crp": (["CRP", "C-reaktives Protein"], "mg/l", None, 5, 1),
    "vitamin_d_25oh": (["25-OH-Vitamin D", "Vitamin D (25-OH)"], "nmol/l", 50, 125, 0),
    None: (["Leukozyten", "Quatschwert", "Platelets"], "/nl", 4, 400, 1),
}
HEADS = {
    "test": ["Test", "Untersuchung", "Analyte"],
    "code": ["Nr.", "Code"],
    "result": ["Result", "Ergebnis", "Wert"],
    "previous": ["Previous", "Vorwert 12.01.2025", "Last result"],
    "unit": ["Unit", "Einheit"],
    "range": ["Reference range", "Normbereich", "Ref."],
    "flag": ["Flag", "H/L", "Bewertung"],
    "comment": ["Kommentar", "Method"],
}


@st.composite
def made_tables(draw):
    """(the table as text, {(test, value)} of today, {(test, value)} of before)."""
    comma = draw(st.booleans())
    order = ["test", *draw(st.permutations(["result", "unit", "range"]))]
    for extra in draw(st.sets(st.sampled_from(["previous", "flag", "comment", "code"]))):
        order.insert(draw(st.integers(1, len(order))) if extra != "code" else 0, extra)
    headed = draw(st.booleans()) or "previous" in order or "code" in order
    rows = [[draw(st.sampled_from(HEADS[c])) for c in order]] if headed else []
    today, before = set(), set()

    def written(number, digits):
        text = f"{number:.{digits}f}"
        return text.replace(".", ",") if comma else text

    for test in draw(st.lists(st.sampled_from(list(MADE)), min_size=2, max_size=6, unique=True)):
        names, unit, low, high, digits = MADE[test]
        value = round(draw(st.floats((low or 1) * 0.75, high * 1.3)), digits)
        old = round(draw(st.floats((low or 1) * 0.9, high * 1.1)), digits)
        bound = draw(st.sampled_from(["", "", "", "<"])) if test in ("crp", "tsh") else ""
        mark = "L" if low is not None and value < low else "H" if value > high else ""
        span = (
            f"< {written(high, digits)}"
            if low is None
            else f"{written(low, digits)} - {written(high, digits)}"
        )
        has_old = "previous" in order and draw(st.booleans())
        cells = {
            "test": draw(st.sampled_from(names)),
            "code": str(draw(st.integers(1, 9999))),
            "result": bound + written(value, digits),
            "previous": written(old, digits) if has_old else "",
            "unit": unit,
            "range": span,
            "flag": mark,
            "comment": draw(st.sampled_from(["", "ECLIA", "repeat in 4 weeks", "siehe unten"])),
        }
        rows.append([cells[c] for c in order])
        today.add((test, value))
        if has_old:
            before.add((test, old))
    form = draw(st.sampled_from(["aligned", "right", "strokes", "tabs", "csv"]))
    if form in ("aligned", "right"):
        wide = [max(len(r[i]) for r in rows) + draw(st.integers(2, 6)) for i in range(len(order))]
        pad = str.ljust if form == "aligned" else str.rjust
        lines = [
            "".join(
                c.ljust(w) if i == 0 else pad(c, w)
                for i, (c, w) in enumerate(zip(r, wide, strict=True))
            )
            for r in rows
        ]
    else:
        lines = [{"strokes": " | ", "tabs": "\t", "csv": ";"}[form].join(r) for r in rows]
    return "\n".join(lines), today, before


def test_a_bound_beside_another_number_is_asked_about():
    text = "Ferritin | µg/l | 15.0 - 150.0 |  | 12.0\nCRP | mg/l | < 5.0 | ECLIA | 1.0"
    assert [(r.test, r.sure) for r in read_sheet(text, None, TODAY).rows] == [
        ("ferritin", True),
        ("crp", False),
    ]


@settings(max_examples=300, deadline=None)
@given(made_tables())
def test_no_row_of_a_table_made_at_random_is_wrong_and_sure(made):
    text, today, before = made
    for row in read_sheet(text, None, TODAY).rows:
        if row.sure:
            assert (row.test, row.value) in (before if row.previous else today), row


def test_most_rows_of_tables_made_at_random_are_sure_and_right():
    right = all_rows = 0

    @settings(max_examples=200, deadline=None, database=None, derandomize=True)
    @given(made_tables())
    def count(made):
        nonlocal right, all_rows
        text, today, before = made
        rows = read_sheet(text, None, TODAY).rows
        found = {(r.test, r.value, r.previous) for r in rows if r.sure or r.test is None}
        truth = {(*t, False) for t in today} | {(*t, True) for t in before}
        right, all_rows = right + len(truth & found), all_rows + len(truth)

    count()
    assert right >= 0.9 * all_rows, (right, all_rows)

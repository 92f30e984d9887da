"""Blood tests on the page: read, confirmed row by row, changed and removed; hostile files."""

import html
import io
import re
import tempfile
import zipfile
import zlib

import pytest
import typst
from starlette.testclient import TestClient

from stillwell.store.store import Store
from stillwell.web.journey import Journey, decoded
from stillwell.web.lab_kept import taken_in
from stillwell.web.lab_rows import row_of

SHEET = """Test;Result;Unit;Range;Previous 01.02.2025
Ferritin;11;ng/mL;15-150;30
Potassium;4.1;mmol/L;3.5-5.1;4.0
Calcum;2.4;mmol/L;2.2-2.6;
"""
PDF = "#table(columns: 4, [Test], [Result], [Unit], [Range], [Ferritin], [11], [ng/mL], [15-150], [TSH], [2.1], [mU/L], [0.4-4.0])"


def upload(page: TestClient, visit: str, data: bytes, name: str = "sheet.pdf"):  # type: ignore[no-untyped-def]
    return page.post(f"{visit}/tests", data={"act": "read"}, files={"file": (name, data)})


def typed(page: TestClient, visit: str, text: str):  # type: ignore[no-untyped-def]
    return page.post(
        f"{visit}/tests", data={"act": "read", "results": text}, files={"file": ("", b"")}
    )


def form_of(text: str) -> dict[str, str]:
    """The fields of the page's last form as a browser would send them untouched."""
    sent: dict[str, str] = {}
    body = re.findall(r"<form method=\"post\"[^>]*>(.*?)</form>", text, re.S)[-1]
    for tag in re.findall(r"<input [^>]*>", body):
        at = {k: html.unescape(v) for k, v in re.findall(r'([\w-]+)="([^"]*)"', tag)}
        if at["type"] not in ("checkbox", "radio") or re.search(r"\schecked", tag):
            sent[at["name"]] = at.get("value", "")
    for name, options in re.findall(r'<select [^>]*name="([^"]+)"[^>]*>(.*?)</select>', body, re.S):
        chosen = re.search(r"<option([^>]*) selected>([^<]*)", options)
        value = re.search(r'value="([^"]*)"', chosen[1]) if chosen else None
        sent[name] = html.unescape(value[1] if value else chosen[2]) if chosen else ""
    return sent


def confirm(page: TestClient, visit: str, **changes: str):  # type: ignore[no-untyped-def]
    sent = form_of(page.get(f"{visit}/tests/rows").text)
    sent |= {name.replace("_", "-"): value for name, value in changes.items()}
    return page.post(f"{visit}/tests/rows", data=sent)


def journey(store: Store, visit: str) -> Journey:
    return decoded(store.get(visit.rpartition("/")[2]).body)


def said(text: str) -> str:
    return html.unescape(text)


def test_nothing_counts_before_it_is_confirmed(page: TestClient, visit: str, store: Store) -> None:
    after = typed(page, visit, "Ferritin 11 ng/mL")
    assert after.url.path.endswith("/tests/rows") and "Ferritin 11 ng/mL" in after.text
    assert journey(store, visit).labs == []
    assert "One result waits for your yes" in page.get(f"{visit}/tests").text
    after = confirm(page, visit)
    assert after.url.path.endswith("/tests")
    [lab] = journey(store, visit).labs
    assert (lab.name, lab.value, lab.unit) == ("Ferritin", 11.0, "ng/mL")
    assert journey(store, visit).sheet is None


def test_an_unsure_row_is_asked_and_never_taken_silently(
    page: TestClient, visit: str, store: Store
) -> None:
    text = upload(page, visit, SHEET.encode(), "sheet.csv").text
    asked, sure = text.split("Change a line, or leave one out")
    assert "Calcum;2.4;mmol/L" in asked and "looks like total calcium" in asked
    assert "Ferritin;11;ng/mL" in sure and "Ferritin;11" not in asked
    refused = confirm(page, visit)
    assert refused.status_code == 422
    assert "Say whether Calcum 2.4 mmol/L counts" in said(refused.text)
    assert journey(store, visit).labs == []
    calcium = re.search(r'name="use-(\d+)" value="yes" id="use-\d+-yes"', text)
    assert calcium
    n = calcium[1]
    refused = confirm(page, visit, **{f"use_{n}": "yes"})
    assert refused.status_code == 422 and f'id="test-{n}-error"' in refused.text
    confirm(page, visit, **{f"use_{n}": "yes", f"test_{n}": "total calcium"})
    names = {lab.name for lab in journey(store, visit).labs}
    assert names == {"Ferritin", "Potassium", "total calcium"}


def test_what_is_left_out_or_unticked_does_not_count(
    page: TestClient, visit: str, store: Store
) -> None:
    text = upload(page, visit, SHEET.encode(), "sheet.csv").text
    sent = form_of(text)
    n = re.search(r'name="use-(\d+)" value="yes" id="use-\d+-yes"', text)
    assert n
    sent[f"use-{n[1]}"] = "no"
    ferritin = re.search(
        r'id="use-(\d+)" checked>\s*</td>\s*<th[^>]*><label[^>]*>.*?Ferritin', text
    )
    assert ferritin
    del sent[f"use-{ferritin[1]}"]
    page.post(f"{visit}/tests/rows", data=sent)
    assert [lab.name for lab in journey(store, visit).labs] == ["Potassium"]


def test_earlier_results_are_history_and_not_todays_value(
    page: TestClient, visit: str, store: Store
) -> None:
    sheet = "Test;Result;Unit;Previous 01.02.2025\nFerritin;60;ng/mL;8\nTSH;2.1;mU/L;2.2\n"
    assert "Earlier results" in upload(page, visit, sheet.encode(), "sheet.csv").text
    confirm(page, visit)
    kept = journey(store, visit)
    assert [lab.value for lab in kept.labs] == [60.0, 2.1]
    assert [(lab.value, str(lab.date)) for lab in kept.earlier] == [
        (8.0, "2025-02-01"),
        (2.2, "2025-02-01"),
    ]
    page.post(f"{visit}/words", data={"words": "my legs are restless"})
    answer = page.get(f"{visit}/answer").text
    assert "60 ng/mL" in answer and "8 ng/mL" not in answer.replace("18 ng/mL", "")
    assert "Earlier results" in page.get(f"{visit}/tests").text


def test_a_newer_day_counts_and_the_older_becomes_history(
    page: TestClient, visit: str, store: Store
) -> None:
    for day, value in (("2025-03-01", 20), ("2026-03-01", 40), ("2024-03-01", 10)):
        typed(page, visit, f"Ferritin {value} ng/mL")
        confirm(page, visit, date_0=day)
    kept = journey(store, visit)
    assert [lab.value for lab in kept.labs] == [40.0]
    assert [lab.value for lab in kept.earlier] == [20.0, 10.0]


def test_taking_the_same_sheet_twice_changes_nothing() -> None:
    from stillwell.case.model import Lab

    rows = [
        row_of(Lab(name="ferritin", value=11, unit="ng/mL")),
        row_of(Lab(name="tsh", value=2, unit="mU/L"), True),
    ]
    once = taken_in([], [], rows)
    assert taken_in(*once, rows) == once
    assert [lab.value for lab in once[0]] == [11] and [lab.value for lab in once[1]] == [2]


@pytest.mark.parametrize(
    ("told", "choice", "kept"),
    [
        ("Ferritin 11 g/L", "ug/L", (11.0, "ug/L")),
        ("Magnesium 0.8 mg/L", "mmol/L", (0.8, "mmol/L")),
    ],
)
def test_what_is_possible_only_in_another_unit_is_asked_on_its_own_page(
    page: TestClient, visit: str, store: Store, told: str, choice: str, kept: tuple[float, str]
) -> None:
    typed(page, visit, told)
    after = confirm(page, visit, use_0="yes")
    assert after.url.path.endswith("/tests/units")
    value = told.split(maxsplit=1)[1]
    assert f"{value} is not possible" in after.text and f"{kept[0]:g} {choice}" in after.text
    assert journey(store, visit).labs == []
    sent = form_of(after.text)
    refused = page.post(f"{visit}/tests/units", data=sent)
    assert refused.status_code == 422 and "Say which one it is" in refused.text
    # the impossible reading is no answer
    assert page.post(f"{visit}/tests/units", data={**sent, "meant-0": "told"}).status_code == 422
    assert journey(store, visit).labs == []
    page.post(f"{visit}/tests/units", data={**sent, "meant-0": choice})
    [lab] = journey(store, visit).labs
    assert (lab.value, lab.unit) == kept


def test_what_is_unlikely_in_its_unit_can_be_kept_as_told_and_then_counts(
    page: TestClient, visit: str, store: Store
) -> None:
    typed(page, visit, "Ferritin 80 mg/L")
    after = confirm(page, visit, use_0="yes")
    assert after.url.path.endswith("/tests/units") and "80 ug/L" in after.text
    page.post(f"{visit}/tests/units", data={**form_of(after.text), "meant-0": "told"})
    [lab] = journey(store, visit).labs
    assert (lab.value, lab.unit) == (80000.0, "ug/L")
    from stillwell.case.model import Case
    from stillwell.case.understand import understand

    assert not understand(Case(complaint="my legs shake", labs=[lab])).labs_in_doubt


def test_a_doubtful_unit_can_be_left_out(page: TestClient, visit: str, store: Store) -> None:
    typed(page, visit, "Ferritin 11 g/L\nTSH 2.1 mU/L")
    after = confirm(page, visit, use_0="yes")
    page.post(f"{visit}/tests/units", data={**form_of(after.text), "meant-0": "out"})
    assert [lab.name for lab in journey(store, visit).labs] == ["TSH"]


def test_what_is_possible_in_no_unit_is_said_beside_its_field(
    page: TestClient, visit: str, store: Store
) -> None:
    typed(page, visit, "Ferritin 11 ng/mL")
    refused = confirm(page, visit, value_0="999999999999")
    assert refused.status_code == 422 and 'id="value-0-error"' in refused.text
    assert "in any usual unit" in refused.text
    assert journey(store, visit).labs == []


@pytest.mark.parametrize(
    ("field", "value", "error"),
    [
        ("value", "high", "is no number"),
        ("value", "1,250", "can mean 1250 or 1.25"),
        ("value", "", "Write the number"),
        ("unit", "mmol/L", "is not given in that kind of unit"),
        ("unit", "bananas", "is not known"),
        ("unit", "", "Choose the unit"),
        ("low", "much", "is no number"),
        ("date", "2999-01-01", "still to come"),
        ("date", "yesterday", "is no day"),
    ],
)
def test_an_error_stands_beside_its_field(
    page: TestClient, visit: str, store: Store, field: str, value: str, error: str
) -> None:
    typed(page, visit, "Ferritin 11 ng/mL")
    refused = confirm(page, visit, **{f"{field}_0": value})
    assert refused.status_code == 422
    beside = re.search(rf'id="{field}-0-error">([^<]*)', refused.text)
    assert beside and error in said(beside[1])
    assert f'href="#{field}-0"' in refused.text
    assert re.search(r"<details open>", refused.text)
    assert journey(store, visit).labs == []


def test_one_day_is_given_for_all_rows_that_have_none(
    page: TestClient, visit: str, store: Store
) -> None:
    typed(page, visit, "Ferritin 11 ng/mL\nTSH 2.1 mU/L")
    refused = confirm(page, visit, day="2999-01-01")
    assert refused.status_code == 422 and 'id="day-error"' in refused.text
    assert 'name="day" value="2999-01-01"' in refused.text
    confirm(page, visit, day="2026-03-02", date_1="2025-03-02")
    assert [str(lab.date) for lab in journey(store, visit).labs] == ["2026-03-02", "2025-03-02"]


def test_a_result_in_words_is_asked(page: TestClient, visit: str, store: Store) -> None:
    assert "read from a sentence" in typed(page, visit, "my ferritin is low").text
    confirm(page, visit, use_0="yes")
    [lab] = journey(store, visit).labs
    assert (lab.name, lab.value, lab.flag) == ("ferritin", None, "low")


def test_the_list_of_answers_says_that_results_wait(page: TestClient, visit: str) -> None:
    typed(page, visit, "Ferritin 11 ng/mL")
    assert "One result waits for your yes" in page.get(f"{visit}/check").text


def test_a_range_in_an_unknown_unit_does_not_call_a_reading_normal(
    page: TestClient, visit: str
) -> None:
    typed(page, visit, "Magnesium 0.8 mg/L (0.7-1.0)")
    text = confirm(page, visit, use_0="yes").text
    assert re.search(r"0\.8 mmol/L</strong> <span[^>]*>this would be normal", text)
    assert re.search(r"0\.8 mg/dL</strong> <span[^>]*>this would be low", text)


def test_a_kept_row_is_changed_and_removed(page: TestClient, visit: str, store: Store) -> None:
    typed(page, visit, "Ferritin 11 ng/mL\nTSH <0.01 mU/L")
    confirm(page, visit)
    change = f"{visit}/tests/now/0"
    sent = form_of(page.get(change).text)
    assert (sent["value-0"], sent["unit-0"]) == ("11", "ng/mL")
    refused = page.post(change, data={**sent, "value-0": "x"})
    assert refused.status_code == 422 and 'id="value-0-error"' in refused.text
    page.post(change, data={**sent, "value-0": "12", "date-0": "2026-01-02"})
    lab = journey(store, visit).labs[0]
    assert (lab.value, lab.unit, str(lab.date)) == (12.0, "ng/mL", "2026-01-02")
    # a window that still shows the old one changes nothing
    page.post(change, data={**sent, "value-0": "99"})
    assert journey(store, visit).labs[0].value == 12.0
    removals = re.findall(
        r'name="was" value="(\w+)">\s*<button [^>]*value="(now-\d)"',
        page.get(f"{visit}/tests").text,
    )
    page.post(f"{visit}/tests", data={"act": "remove", "was": removals[0][0], "row": "now-0"})
    assert [lab.name for lab in journey(store, visit).labs] == ["TSH"]
    page.post(f"{visit}/tests", data={"act": "remove", "was": removals[0][0], "row": "now-0"})
    assert [lab.value for lab in journey(store, visit).labs] == ["<0.01"]


def test_a_change_to_what_is_not_possible_is_asked_before_it_is_kept(
    page: TestClient, visit: str, store: Store
) -> None:
    typed(page, visit, "Ferritin 11 ng/mL")
    confirm(page, visit)
    change = f"{visit}/tests/now/0"
    sent = {**form_of(page.get(change).text), "unit-0": "g/L"}
    asked = page.post(change, data=sent)
    assert asked.status_code == 422 and "11 g/L is not possible" in asked.text
    assert journey(store, visit).labs[0].unit == "ng/mL"
    page.post(change, data={**form_of(asked.text), "meant-0": "ug/L"})
    assert journey(store, visit).labs[0].unit == "ug/L"


def test_none_and_skip_are_two_answers(page: TestClient, visit: str) -> None:
    assert "Not told" in page.get(f"{visit}/check").text
    for act, told in (("none", "None"), ("skip", "Skipped")):
        after = page.post(f"{visit}/tests", data={"act": act})
        assert after.url.path.endswith("/check")
        row = re.search(r"<dt>Blood tests</dt>\s*<dd>([^<]*)", after.text)
        assert row and row[1] == told


def test_another_windows_sheet_is_not_confirmed_by_this_one(
    page: TestClient, visit: str, store: Store
) -> None:
    old = form_of(typed(page, visit, "Ferritin 11 ng/mL").text)
    typed(page, visit, "TSH 2.1 mU/L")
    after = page.post(f"{visit}/tests/rows", data=old)
    assert after.url.path.endswith("/tests/rows") and journey(store, visit).labs == []


def test_lines_that_gave_no_row_are_listed(page: TestClient, visit: str) -> None:
    text = typed(page, visit, "Dr. Mary Miller\nFerritin 11 ng/mL\nSee you next week").text
    folded = text.split("Lines that were not used (2)")[1]
    assert "Mary Miller" in folded and "See you next week" in folded
    assert text.index("<details>") < text.index("Lines that were not used")


def test_a_pdf_is_read_page_by_page(page: TestClient, visit: str, store: Store) -> None:
    data = typst.compile(
        f"{PDF}\n#pagebreak()\n#table(columns: 3, [Magnesium], [0.8], [mmol/L])".encode()
    )
    text = upload(page, visit, data).text
    assert "page 2, line" in text
    confirm(page, visit, **{f"use_{n}": "yes" for n in re.findall(r'id="use-(\d+)-yes"', text)})
    assert {lab.value for lab in journey(store, visit).labs} == {11.0, 2.1, 0.8}


def test_a_large_upload_is_never_written_to_a_disk(
    page: TestClient, visit: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", "/nowhere/at/all")
    lines = b"Ferritin 11 ng/mL\n" + b"\n" * 9_000_000
    after = upload(page, visit, lines, "sheet.txt")
    assert after.status_code in (200, 422)  # a temporary file would have failed
    assert "more than 20,000 lines" in after.text or "Ferritin" in after.text


def _bomb() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("sheet.txt", b"0" * 50_000_000)
    return packed.getvalue()


def _pdf_bomb() -> bytes:
    """A PDF whose one page says a letter fifty million times."""
    content = zlib.compress(b"BT /F1 1 Tf " + b"(a) Tj " * 7_000_000 + b"ET", 9)
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R"
        b"/Resources<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>",
        b"<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream" % (len(content), content),
    ]
    body = b"%PDF-1.4\n"
    for n, part in enumerate(parts, start=1):
        body += b"%d 0 obj\n%s\nendobj\n" % (n, part)
    return body + b"trailer<</Root 1 0 R/Size 5>>\n%%EOF"


def _locked() -> bytes:
    return (
        b"%PDF-1.4\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n"
        b"2 0 obj\n<</Type/Pages/Kids[]/Count 0>>\nendobj\n"
        b"3 0 obj\n<</Filter/Standard/V 1/R 2/P -4/O<"
        + b"41" * 32
        + b">/U<"
        + b"42" * 32
        + b">>>\nendobj\n"
        b"trailer<</Root 1 0 R/Encrypt 3 0 R/ID[<00><00>]/Size 4>>\n%%EOF"
    )


HOSTILE = {
    "a zip bomb named .pdf": (_bomb, "is not text"),
    "a pdf bomb": (_pdf_bomb, "This cannot be used"),
    "a locked pdf": (_locked, "locked by a password"),
    "only a picture": (
        lambda: typst.compile(b"#rect(width: 5cm, height: 5cm)"),
        "This cannot be used",
    ),
    "a broken pdf": (lambda: b"%PDF-1.7\n" + bytes(range(256)) * 40, "no PDF that can be opened"),
    "binary named .txt": (lambda: bytes(range(256)) * 1000, "is not text"),
    "binary without zeros": (lambda: bytes(range(128, 256)) * 1000, "No result was understood"),
    "nothing in it": (lambda: b"", "Type a result"),
    "a million letters on a line": (lambda: b"Ferritin" + b"x" * 1_000_000 + b" 1", "No result"),
    "deep brackets": (lambda: b"(" * 200_000, ""),
    "5,000 lines": (
        lambda: b"".join(b"Ferritin %d ng/mL\n" % (n % 90 + 10) for n in range(5000)),
        "",
    ),
    "one byte under 10 MB": (lambda: b"x" * 9_999_000, ""),
    "entities": (
        lambda: b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
        "No result was understood",
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_upload_gets_one_clear_line(
    page: TestClient, visit: str, store: Store, name: str
) -> None:
    import time

    made, line = HOSTILE[name]
    data = made()
    begun = time.monotonic()
    after = upload(page, visit, data)
    assert time.monotonic() - begun < 7
    assert after.status_code == 422, name
    beside = re.search(r'id="(?:file|results)-error">([^<]*)', after.text)
    assert beside and line in said(beside[1]), beside
    kept = journey(store, visit)
    assert kept.labs == [] and kept.sheet is None
    assert page.get(f"{visit}/tests").status_code == 200


def test_a_number_without_end_is_asked_and_not_kept(
    page: TestClient, visit: str, store: Store
) -> None:
    after = upload(page, visit, b"Ferritin " + b"1" * 1_000_000 + b" ng/mL")
    assert "Please look at these" in after.text and len(after.text) < 100_000
    assert confirm(page, visit, use_0="yes").status_code == 422
    assert journey(store, visit).labs == []


def test_eleven_megabytes_are_refused(page: TestClient, visit: str, store: Store) -> None:
    after = upload(page, visit, b"x" * 11_000_000)
    assert after.status_code == 413 and "10 MB" in after.text and "<h1>" in after.text
    assert journey(store, visit).sheet is None


def test_two_files_and_a_form_without_end_are_refused(page: TestClient, visit: str) -> None:
    two = [("file", ("a.txt", b"a")), ("file", ("b.txt", b"b"))]
    assert page.post(f"{visit}/tests", data={"act": "read"}, files=two).status_code == 400
    many = {"content-type": "multipart/form-data; boundary=x"}
    after = page.post(f"{visit}/tests", content=b"--x\r\nrubbish", headers=many)
    assert after.status_code == 422 and "Type a result" in after.text
    fields = "&".join(f"use-{n}=yes" for n in range(20_000))
    typed(page, visit, "Ferritin 11 ng/mL")
    headers = {"content-type": "application/x-www-form-urlencoded"}
    assert page.post(f"{visit}/tests/rows", content=fields, headers=headers).status_code == 400


@pytest.mark.parametrize(
    "evil",
    [
        "<script>alert(1)</script> 12 ng/mL",
        "Ferritin<img src=x onerror=alert(1)> 12 ng/mL",
        'Ferritin" onfocus="alert(1) 12 ng/mL',
        "Ferritin 12 ng/mL <b>bold</b>",
    ],
)
def test_markup_in_a_sheet_is_shown_as_text(page: TestClient, visit: str, evil: str) -> None:
    text = typed(page, visit, f"{evil}\nTSH 2.1 mU/L").text
    for tag in ("<script>alert", "<img src=x", "<b>bold"):
        assert tag not in text
    assert not re.search(r'<[^>]*\sonfocus="', text)
    assert "TSH 2.1 mU/L" in text
    assert html.escape(evil.split(" 12")[0], quote=True)[:8].replace("&quot;", "&#34;") in text


def test_no_health_word_stands_in_an_address(page: TestClient, visit: str) -> None:
    typed(page, visit, "Ferritin 11 ng/mL\nFerritin 11 g/L")
    pages = [page.get(f"{visit}/tests/rows").text]
    confirm(page, visit, **{"use_1": "no"})
    pages += [page.get(f"{visit}/tests").text, page.get(f"{visit}/tests/now/0").text]
    for text in pages:
        title = re.search("<title>(.*?)</title>", text)
        assert title and "erritin" not in title[1]
        for url in re.findall('(?:href|action|src)="([^"]*)"', text):
            assert not re.search("ferritin|ng/ml", url, re.I), url

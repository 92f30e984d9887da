"""The report as a document: what stands where, for whom, how long, and that it is whole."""

import random
import re
from html import unescape
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwell.assess.assessment import assess
from stillwell.case.read import case_from, read_case
from stillwell.knowledge.store import knowledge
from stillwell.report.build import build, title_of
from stillwell.report.chances import interval, people, percent, word_for
from stillwell.report.document import CauseBlock, Document, Sources
from stillwell.report.render import terminal
from stillwell.report.sections.sources import cited
from stillwell.report.wording import words
from stillwell.report.write import write
from tests.faces.test_command_line import EXAMPLE

base = knowledge().base
PAGE = 75  # lines of an A4 page in the print of the page, each of some 110 letters
EMERGENCY = {
    "complaint": "my legs are weak",
    "labs": [{"name": "potassium", "value": 7.4, "unit": "mmol/L"}],
}


def some_people(count):
    """Cases of random signs, history, medicines and results, the same ones each time."""
    choose = random.Random(12)
    tests = [base.tests[n] for n in ("ferritin", "potassium", "vitamin_b12", "tsh", "mcv", "egfr")]
    for _ in range(count):
        low, high = zip(*((t.possible) for t in tests), strict=True)
        labs = [
            {
                "name": t.id,
                "value": choose.uniform(a + (b - a) / 1000, a + (b - a) / 20),
                "unit": t.unit,
            }
            for t, a, b in zip(tests, low, high, strict=True)
            if choose.random() < 0.4
        ]
        yield {
            "person": choose.choice([{}, {"age": 34, "sex": "female"}, {"age": 71, "sex": "male"}]),
            "findings": {"present": choose.sample(sorted(base.findings), choose.randint(0, 5))},
            "history": {"present": choose.sample(sorted(base.history), choose.randint(0, 3))},
            "medicines": choose.sample(["sertraline", "furosemide", "metformin", "lithium"], 2),
            "labs": labs,
        }


@pytest.fixture(scope="module")
def assessments():
    cases = [*some_people(10), EMERGENCY, {"complaint": "it is odd"}]
    found = [assess(case_from(case), draws=16) for case in cases]
    return [*found, assess(read_case(EXAMPLE), draws=16)]


@pytest.fixture(scope="module")
def documents(assessments):
    return [build(a, audience) for a in assessments for audience in ("person", "doctor")]


def lines_of(value):
    """All texts of a document."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for inner in value:
            yield from lines_of(inner)
    elif isinstance(value, dict):
        for inner in value.values():
            yield from lines_of(inner)


# ---- whole -------------------------------------------------------------------------------------------


def test_every_heading_has_content(documents):
    for document in documents:
        for section in document.sections:
            assert section.title and section.blocks
            for block in section.blocks:
                texts = [
                    t
                    for t in lines_of(msgspec.to_builtins(block))
                    if t != block.__struct_config__.tag
                ]
                assert any(texts), section.id
                lists = [getattr(block, n, None) for n in ("items", "rows", "sources")]
                assert [] not in lists, section.id


def test_every_cited_key_is_in_the_sources_once(documents):
    for document in documents:
        blocks = [b for s in document.sections for b in s.blocks if isinstance(b, Sources)]
        keys = [source.key for block in blocks for source in block.sources]
        assert len(keys) == len(set(keys))
        assert set(cited(document.care)) | set(cited(document.sections)) == set(keys)


def test_the_sources_of_what_is_shown_are_shown(documents):
    for document in documents:
        if document.audience == "doctor":
            continue  # one page; its sources are folded away
        shown = [s for s in document.sections if not s.extra]
        blocks = [b for s in shown for b in s.blocks if isinstance(b, Sources)]
        keys = {source.key for block in blocks for source in block.sources}
        assert {*cited(document.care), *cited(shown)} == keys


def test_the_document_goes_through_json_and_back(documents):
    for document in documents:
        assert msgspec.json.decode(msgspec.json.encode(document), type=Document) == document


def test_every_complaint_of_the_catalogue_is_a_finding():
    assert set(words().complaints) <= set(base.findings)


def test_every_section_has_a_title_and_every_title_a_section():
    """A heading that no module makes any more is deleted from the catalogue."""
    import stillwell.report.sections as package

    folder = Path(package.__file__).parent
    code = "".join(p.read_text() for p in (*folder.glob("*.py"), folder.parent / "check.py"))
    assert set(re.findall(r'section\(\s*"(\w+)"', code)) == set(words().sections)


# ---- numbers -----------------------------------------------------------------------------------------


def test_no_cause_below_one_per_cent_and_no_bar_against_the_order(documents):
    for document in documents:
        groups = [[]]
        for block in [b for s in document.sections for b in s.blocks]:
            if isinstance(block, CauseBlock):
                groups[-1].append(block)
            else:
                groups.append([])
        assert sum(map(len, groups)) <= 5
        for blocks in groups:
            drawn = [b.bar.value for b in blocks if b.bar]
            assert drawn == sorted(drawn, reverse=True)
            assert all(b.bar or b.note for b in blocks)
            assert all(v >= 0.01 for v in drawn)


def test_a_general_cause_after_its_special_one_draws_no_longer_bar(assessments):
    first, second = assessments[-1].causes[:2]
    raised = msgspec.structs.replace(second, contributes=0.97, contributes_high=0.99)
    changed = msgspec.structs.replace(assessments[-1], causes=[first, raised])
    blocks = [b for b in build(changed).section("causes").blocks if isinstance(b, CauseBlock)]
    assert blocks[0].bar and blocks[1].bar is None and first.name in blocks[1].note


@given(p=st.floats(0, 1), low=st.floats(0, 1), high=st.floats(0, 1))
def test_a_chance_is_said_the_same_way_in_word_number_and_frequency(p, low, high):
    low, high = min(low, high, p), max(low, high, p)
    width = high - low
    said, often, word = percent(p, width), people(p, width), word_for(p, width)
    number = int(re.search(r"\d+", said).group())
    assert width < 0.1 or number % 5 == 0
    assert width < 0.3 or number % 10 == 0
    assert "10 in 10" not in often
    if often and "about" in often:
        n, of = map(int, re.findall(r"\d+", often))
        assert abs(100 * n / of - 100 * p) <= 5.5
    assert (word == "likely") == (number >= 50 and "under" not in said)
    wide = words().chance.hardly.split(":")[0]
    assert (wide in interval(low, high)) == (width >= 0.6)


def test_no_test_is_named_by_a_bare_code():
    for test in base.tests.values():
        assert (
            test.name != test.id and test.name.lower() not in {"alt", "crp", "egfr", "tsh"}
        ) or (test.id.isalpha() and len(test.id) > 3), test.id


def test_reasons_name_what_was_measured_and_nothing_else():
    case = {"complaint": "restless legs at night", "labs": [{"name": "ferritin", "value": 11}]}
    case["labs"][0]["unit"] = "ng/mL"
    causes = {c.id: c for c in assess(case_from(case), draws=0).causes}
    said = [r.words for r in causes["low_iron"].reasons]
    assert "ferritin 11 ng/mL" in said and not any("saturation" in w for w in said)


# ---- results -----------------------------------------------------------------------------------------


def test_a_result_stands_beside_the_range_and_the_unit_that_were_used():
    labs = [
        {"name": "ferritin", "value": 11, "unit": "ng/mL"},
        {"name": "calcium_total", "value": 9.5, "unit": "mg/dL"},
        {"name": "potassium", "value": 5.2, "unit": "mmol/L", "reference": "3.5-5.1"},
        {"name": "magnesium", "flag": "low"},
    ]
    found = build(assess(case_from({"complaint": "leg cramps", "labs": labs}), draws=0))
    rows = {row.test: row for row in found.section("results").blocks[0].rows}
    assert (rows["Ferritin"].range, rows["Ferritin"].flag) == ("15 to 300 ng/mL", "low")
    assert rows["Total calcium"].range.endswith("mg/dL") and rows["Total calcium"].flag == "normal"
    own = rows["Potassium"]
    assert (own.range, own.flag, own.note) == ("3.5 to 5.1 mmol/L", "high", words().results["own"])
    assert rows["Magnesium"].range == words().results["word"]


# ---- what stands where -------------------------------------------------------------------------------


def test_the_answer_comes_first_and_the_machinery_last(documents):
    order = ["answer", "plan", "reasons", "machinery"]
    for document in documents:
        places = [order.index(section.part) for section in document.sections]
        if document.audience == "person":
            assert places == sorted(places)
            extra = [section.extra for section in document.sections]
            assert extra == sorted(extra)


def test_at_most_three_questions_and_one_order(documents):
    for document in documents:
        kinds = [b.__struct_config__.tag for s in document.sections for b in s.blocks]
        assert kinds.count("question") <= 3 and kinds.count("order") <= 1


def test_an_emergency_says_so_above_and_below_and_leaves_the_rest_out():
    result = assess(case_from(EMERGENCY), draws=0)
    text = write(result, "terminal")
    heading = base.wording.levels["emergency"].heading
    assert text.count(heading) == 2
    assert not {"next", "nutrients", "sayings"} & {s.id for s in build(result).sections}


@pytest.mark.parametrize(
    ("case", "title"),
    [
        ({"complaint": "my hands shake"}, "Shaking hands"),
        ({"findings": {"present": ["urge_relieved_by_moving"]}}, "Restless legs"),
        ({"findings": {"present": ["back_pain"]}}, "Back pain"),
        (EMERGENCY, "Weak legs: what to do now"),
        ({"labs": EMERGENCY["labs"]}, words().title_alarm),
        ({"history": {"present": ["vegetarian"]}}, words().title_open),
    ],
)
def test_the_title_names_the_complaint(case, title):
    assert title in title_of(assess(case_from(case), draws=0, detail=False))


def test_bottom_line_checklist_steps_and_warnings_are_drawn_in_every_form():
    case = {
        "complaint": "restless legs at night that I must move",
        "person": {"age": 34, "sex": "female"},
        "medicines": ["sertraline"],
        "supplements": ["St John's wort"],
    }
    made = assess(case_from(case), draws=0)
    document = build(made)
    answer = [b.text for b in document.section("answer").blocks]
    assert answer == [sentence.text for sentence in made.bottom_line]
    asked = [b.text for b in document.section("next").blocks if hasattr(b, "text")]
    most = 2 if made.checklist.order else 3  # fewer beside tests
    assert asked == [question.text for question in made.checklist.questions][:most]
    ordered = document.section("next").blocks[-1]
    names = ", ".join(t.name for t in ordered.tests).lower()
    assert names == ", ".join(t.name for t in made.checklist.order).lower()
    assert document.section("do").blocks[0].items[0].lead.lower() == made.steps[0].name.lower()
    assert document.section("taken").blocks[0].items[0].tone == "warning"
    lines = [made.bottom_line[0].text, made.steps[0].steps[0].text, made.warnings[0].do]
    for form in ("terminal", "html", "md"):
        text = " ".join(unescape(write(made, form)).split())
        for line in lines:
            assert line in text, form
    doctor = " ".join(write(made, "terminal", audience="doctor").split())
    assert made.warnings[0].do in doctor


# ---- on paper and on the terminal --------------------------------------------------------------------


def test_answer_next_step_and_plan_fit_a_page_and_the_whole_four(assessments):
    """A folded section (food and supplements) takes the line of its heading."""
    for result in assessments:
        assert write(result, "terminal", width=110).count("\n") <= 4 * PAGE
        document = build(result)
        first = [s for s in document.sections if s.part in ("answer", "plan")]
        folded = sum(s.folded for s in first)
        short = msgspec.structs.replace(document, sections=[s for s in first if not s.folded])
        text = terminal.render(short, colour=False, width=110, everything=False)
        assert text.count("\n") + folded <= PAGE


def test_the_doctor_s_summary_fits_a_page(assessments):
    for result in assessments:
        assert write(result, "terminal", audience="doctor", width=110).count("\n") <= PAGE


def test_the_doctor_s_summary_holds_what_a_doctor_asks_for(assessments):
    document = build(assessments[-1], "doctor")
    found = [section.id for section in document.sections]
    assert found[:5] == ["problem", "differential", "order", "medicines", "results"]
    assert "Woman, 34" in document.sections[0].blocks[0].text
    table = document.section("differential").blocks[0]
    assert len(table.rows) <= 5 and all(all(row) for row in table.rows)


@pytest.mark.parametrize("width", [32, 40, 80, 100])
def test_lines_are_as_wide_as_the_terminal(assessments, width):
    for line in write(assessments[-1], "terminal", width=width, everything=True).splitlines():
        assert len(line) <= width or len(line.split()) <= 2, line  # a long word or an address


def test_colour_changes_no_letter(assessments):
    coloured = write(assessments[-1], "terminal", colour=True)
    assert "\x1b[" in coloured
    bare = [line.rstrip() for line in re.sub(r"\x1b\[[\d;]*m", "", coloured).splitlines()]
    assert bare == write(assessments[-1], "terminal").splitlines()


def test_all_is_left_out_of_the_terminal_unless_asked_for(assessments):
    short, long = (write(assessments[-1], "terminal", everything=e) for e in (False, True))
    title = words().sections["all_causes"].upper()
    assert title not in short and title in long
    assert all(
        base.causes[c.id].technical_name in " ".join(long.split())
        for c in assessments[-1].causes[:3]
    )

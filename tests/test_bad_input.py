"""Bad input gets one line that names the field and the way out."""

import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stillwell.assess.assessment import assess
from stillwell.case.model import Case, Person
from stillwell.case.read import MAX_BYTES, case_from, parse_case, read_case
from stillwell.case.understand import understand
from stillwell.errors import CaseError, StillwellError
from stillwell.knowledge.store import knowledge

BAD = [
    ("complaint: x\nsympotms: y", "sympotms"),
    ("person: {age: -3}\ncomplaint: x", "person.age"),
    ("person: {sex: none}\ncomplaint: x", "person.sex"),
    ("person: [1]\ncomplaint: x", "person"),
    ("complaint: [", "not valid YAML"),
    ("[a, b]", "not a case"),
    ("{}", "nothing to go on"),
    ("labs: [{name: magnesium, value: 1, unit: mmol/L, date: 2999-01-01}]", "labs[0].date"),
    ("labs: [{nme: magnesium}]", "labs[0].nme"),
    ("complaint: x\nmedicines: {a: 1}", "medicines"),
    ("complaint: &a x\nstory: *a", "alias"),
    ("person: {age: 40}\nperson: {age: 50}\ncomplaint: x", "person: stands twice (again at line 2"),
    ("labs: [{name: K, value: 4, value: 5, unit: mmol/L}]", "value: stands twice"),
    ("labs: [{name: K, value: 4, unit: mmol/L, date: 2024-02-30}]", "2024-02-30"),
    ("labs: [{name: K, flag: lowish}]", "labs[0].flag"),
    ("complaint: x\nperson: {sex: male, pregnant: true}", "a man is said to be pregnant"),
    ("complaint: 3", "complaint"),
]


@pytest.mark.parametrize(("text", "field"), BAD)
def test_the_message_names_the_field(text, field):
    with pytest.raises(CaseError) as error:
        understand(parse_case(text.encode()))
    assert field in str(error.value)
    assert "\n" not in str(error.value)


def test_binary_large_and_deep_files_are_refused(tmp_path):
    for data in (b"\xff\xfe\x00\x01", b"a: \x00", b"x" * (MAX_BYTES + 1), b"[" * 5000):
        with pytest.raises(CaseError):
            parse_case(data)
    with pytest.raises(CaseError, match="No such file"):
        read_case(tmp_path / "missing.yaml")
    with pytest.raises(CaseError, match="folder"):
        read_case(tmp_path)


@settings(max_examples=60, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(max_size=20),
        lambda c: st.lists(c, max_size=3) | st.dictionaries(st.text(max_size=8), c, max_size=3),
    )
)
def test_any_json_is_read_or_refused_in_one_line(value):
    try:
        parse_case(json.dumps(value).encode())
    except StillwellError as error:
        assert "\n" not in str(error)


def test_a_bare_sentence_is_a_complaint():
    assert parse_case(b"my legs shake").complaint == "my legs shake"
    assert case_from({"complaint": "x", "age": 40}).person.age == 40


def test_a_case_without_any_symptom_is_answered_and_says_so() -> None:
    told = Case(person=Person(age=60), medicines=["metformin"])
    result = assess(told, draws=20)
    assert result.understood["medicines"] == ["metformin"]
    assert any("no symptom" in line for line in result.limits)
    assert result.nothing_listed > 0.9


def test_deep_block_nesting_is_refused_in_one_line():
    deep = "".join("  " * i + "a:\n" for i in range(400))
    with pytest.raises(CaseError, match="nested too deeply"):
        parse_case(
            (
                "complaint: x\nsource:\n"
                + "".join("  " + line + "\n" for line in deep.splitlines())
            ).encode()
        )


def test_other_encodings_are_named():
    with pytest.raises(CaseError, match=r"UTF-16.*UTF-8"):
        parse_case("complaint: x".encode("utf-16"))
    with pytest.raises(CaseError, match="UTF-8"):
        parse_case("complaint: na\u00efve".encode("latin-1"))


@pytest.mark.parametrize(
    "text",
    [
        "my legs shake: every night",
        "my legs shake #and my feet are numb",
        "Dear doctor:\nmy legs shake.",
        "- my legs shake\n- my feet are numb",
        "legs: shaking",
    ],
)
def test_a_story_is_text_whatever_signs_it_holds(text):
    assert parse_case(text.encode()).complaint == text


def test_people_write_the_same_field_in_several_ways():
    case = parse_case(
        b"""
complaint: legs shake
person: {age: "34", sex: F}
medicines: sertraline, omeprazole
findings: [leg cramps]
labs: {potassium: 2.1 mmol/L, ferritin: "12 ug/L (L)", tsh: "\xe2\x89\xa40.01 mU/L", magnesium: low}
"""
    )
    assert (case.person.age, case.person.sex) == (34, "female")
    assert case.medicines == ["sertraline", "omeprazole"]
    assert case.findings.present == ["leg cramps"]
    labs = understand(case).labs
    assert {n: (r.value, r.flag) for n, r in labs.items()} == {
        "potassium": (2.1, "low"),
        "ferritin": (12, "low"),
        "tsh": (0.01, "low"),
        "magnesium": (None, "low"),
    }


def test_broken_knowledge_is_one_line_that_names_the_way_out(tmp_path):
    (tmp_path / "findings").mkdir()
    (tmp_path / "findings" / "bad.yaml").write_text("- {id: x}\n")
    with pytest.raises(StillwellError, match="kb check") as error:
        knowledge(tmp_path)
    assert "\n" not in str(error.value)


def test_a_story_with_headings_is_a_story():
    story = b"My legs are weak and crampy\nMedicines: ramipril\nResults: Potassium 6.4\n"
    assert parse_case(story).complaint == story.decode().strip()


def test_all_problems_of_a_file_are_told_in_one_go() -> None:
    with pytest.raises(CaseError) as caught:
        parse_case(b"complant: x\nlabs: 7\nperson: {age: old, sex: female}\n")
    line = str(caught.value)
    assert "complant" in line and "labs" in line and "person.age" in line and "\n" not in line


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "is empty. Write what your legs do"),
        (b"person:\n\tage: 5\n", "a tab at line 2. Use spaces, not tabs"),
        (b"complaint: ''\n", "Tell us what you feel"),
    ],
)
def test_the_way_out_is_said_in_plain_words(data: bytes, said: str) -> None:
    with pytest.raises(CaseError, match=re.escape(said)):
        parse_case(data)

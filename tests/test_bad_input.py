"""Bad input gets one line that names the field and the way out."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stillwell.assess.assessment import assess
from stillwell.case.model import Case, Person
from stillwell.case.read import MAX_BYTES, case_from, parse_case, read_case
from stillwell.errors import CaseError, StillwellError

BAD = [
    ("complaint: x\nsympotms: y", "sympotms"),
    ("person: {age: -3}\ncomplaint: x", "person.age"),
    ("person: {sex: none}\ncomplaint: x", "person.sex"),
    ("person: [1]\ncomplaint: x", "person"),
    ("complaint: [", "not valid YAML"),
    ("- a\n- b", "not a case"),
    ("{}", "nothing to go on"),
    ("labs: [{name: magnesium, value: 1, unit: mmol/L, date: 2999-01-01}]", "labs[0].date"),
    ("labs: [{nme: magnesium}]", "labs[0].nme"),
    ("complaint: x\nmedicines: aspirin", "medicines"),
    ("a: &a [1]\nb: *a", "alias"),
    ("complaint: 3", "complaint"),
]


@pytest.mark.parametrize(("text", "field"), BAD)
def test_the_message_names_the_field(text, field):
    with pytest.raises(CaseError) as error:
        parse_case(text.encode())
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

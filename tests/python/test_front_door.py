"""`import stillwell`: words, plain data or a Case in, an Assessment out, errors of one line."""

import json
import subprocess
import sys

import pytest

import stillwell
from stillwell.case.model import Lab, Person

QUICK = {"draws": 0, "detail": False}


def fresh(code: str) -> str:
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.strip()


def test_importing_it_loads_neither_numpy_nor_the_model() -> None:
    heavy = "{'numpy', 'msgspec', 'yaml', 'typing', 'stillwell.api'}"
    assert fresh(f"import sys, stillwell; print({heavy} & set(sys.modules))") == "set()"


def test_a_case_without_a_diary_loads_neither_the_food_table_nor_the_planner() -> None:
    heavy = (
        "{'importlib.metadata', 'jinja2', 'stillwell.assess.diet', 'stillwell.nutrition.intake.usual', "
        "'stillwell.nutrition.intake.diary_text', 'stillwell.nutrition.planner.solver', "
        "'stillwell.nutrition.planner.plan', 'stillwell.learn.search'}"
    )
    run = "import stillwell; a = stillwell.assess('my legs jump at night', age=34); a.to_text()"
    assert fresh(f"{run}; import sys; print({heavy} & set(sys.modules))") == "set()"


def test_it_can_be_called_before_and_after_the_package_of_its_name_is_imported() -> None:
    after = "import stillwell.assess.assessment as a, stillwell; "
    show = "print(callable(stillwell.assess), stillwell.assess.__name__)"
    assert fresh("import stillwell; " + show) == "True stillwell.assess"
    assert fresh(after + show) == "True stillwell.assess"
    assert fresh("from stillwell import assess; print(callable(assess))") == "True"


def test_words_a_dict_and_a_case_give_the_same_assessment() -> None:
    words = "my legs jump at night when I lie down"
    labs = {"ferritin": "11 ng/mL"}
    one = stillwell.assess(words, age=34, sex="female", labs=labs, **QUICK)
    two = stillwell.assess({"complaint": words, "age": 34, "sex": "female", "labs": labs}, **QUICK)
    case = stillwell.Case(
        complaint=words,
        person=Person(age=34, sex="female"),
        labs=[Lab(name="ferritin", value="11", unit="ng/mL")],
    )
    three = stillwell.assess(case, **QUICK)
    assert one.to_dict() == two.to_dict() == three.to_dict()
    assert isinstance(one, stillwell.Assessment)


def test_the_forms_are_those_of_the_command_line() -> None:
    from stillwell.assess.assessment import assess
    from stillwell.case.read import case_from
    from stillwell.report.write import write

    told = "my legs shake when I stand still"
    result = stillwell.assess(told, **QUICK)
    plain = assess(case_from({"complaint": told}), draws=0, detail=False)
    assert result.to_html() == write(plain, "html")
    assert result.to_markdown() == write(plain, "md")
    assert result.to_text() == write(plain, "terminal")
    assert json.loads(result.to_json()) == json.loads(write(plain, "json"))


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (lambda: stillwell.assess(3), TypeError, "give words (str), a dict"),
        (lambda: stillwell.assess(b"legs"), TypeError, "bytes"),
        (lambda: stillwell.assess("legs shake", colour="red"), stillwell.CaseError, "colour"),
        (lambda: stillwell.assess("legs shake", agee=3), stillwell.CaseError, "'age'"),
        (lambda: stillwell.assess("legs shake", age=430), stillwell.CaseError, "0 and 120"),
        (lambda: stillwell.assess(), stillwell.CaseError, "holds nothing to go on"),
        (
            lambda: stillwell.assess(stillwell.Case(complaint="legs"), age=3),
            stillwell.CaseError,
            "beside a Case",
        ),
        (
            lambda: stillwell.assess({"complaint": "legs", "person": {"age": 3}}, age=4),
            stillwell.CaseError,
            "given twice",
        ),
    ],
)
def test_what_cannot_be_used_is_refused_with_the_way_out(call, error, says) -> None:
    with pytest.raises(error) as caught:
        call()
    assert says in str(caught.value)


def test_an_alarm_is_heard_though_a_result_cannot_be_used() -> None:
    with pytest.raises(stillwell.CaseError) as caught:
        stillwell.assess("I can't feel my bottom and I wet myself", labs={"ferritin": "1 parsec"})
    assert any("EMERGENCY" in note for note in caught.value.__notes__)


def test_a_number_of_an_array_is_a_number() -> None:
    import numpy as np

    told = {"complaint": "my legs shake"}
    assert (
        stillwell.assess(told, age=np.int64(40), **QUICK).to_dict()
        == stillwell.assess(told, age=40, **QUICK).to_dict()
    )

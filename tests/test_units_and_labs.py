"""Units are converted as an independent unit library does; impossible values are refused."""

import pint
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwell.case.labs import find_test
from stillwell.case.units import convert, from_own_unit, parse_unit, usual_units
from stillwell.errors import CaseError, UnitError
from stillwell.knowledge.store import knowledge
from tests.case_helpers import told

registry = pint.UnitRegistry()
TESTS = sorted(knowledge().base.tests)


def by_pint(value, unit, test):
    """The same conversion with pint and the molar mass."""
    text = unit.replace("ug", "microgram").replace("umol", "micromole")
    if "mEq" in text:
        value, text = value / test.valence, text.replace("mEq", "mmol")
    source = registry.Quantity(value, text.replace("/", " / "))
    target = test.unit.replace("ug", "microgram").replace("umol", "micromole")
    if source.dimensionality == registry.Quantity(1, target.replace("/", " / ")).dimensionality:
        return source.to(target.replace("/", " / ")).magnitude
    mass = registry.Quantity(test.molar_mass, "g/mol")
    moved = source / mass if "mol" in target else source * mass
    return moved.to(target.replace("/", " / ")).magnitude


@pytest.mark.parametrize(
    "name", [t for t in TESTS if "mol" in knowledge().base.tests[t].unit and t != "hba1c"]
)
def test_every_unit_of_every_molar_test_agrees_with_pint(name):
    test = knowledge().base.tests[name]
    for unit in usual_units(test):
        if unit in test.other_units:
            continue
        assert convert(1.7, unit, test) == pytest.approx(by_pint(1.7, unit, test), rel=1e-9), unit


@given(st.sampled_from(TESTS), st.floats(0.01, 1000), st.data())
def test_there_and_back_is_the_same_number(name, value, data):
    test = knowledge().base.tests[name]
    unit = data.draw(st.sampled_from(usual_units(test)))
    assert from_own_unit(convert(value, unit, test), unit, test) == pytest.approx(value)


def test_known_pairs():
    tests = knowledge().base.tests
    assert convert(9.2, "mg/dL", tests["calcium_total"]) == pytest.approx(2.296, abs=0.002)
    assert convert(1.2, "mEq/L", tests["magnesium"]) == pytest.approx(0.6)
    assert convert(7.2, "%", tests["hba1c"]) == pytest.approx(55.2, abs=0.1)
    assert convert(20, "ng/mL", tests["vitamin_d_25oh"]) == pytest.approx(49.9, abs=0.1)
    assert convert(200, "pg/mL", tests["vitamin_b12"]) == pytest.approx(147.6, abs=0.1)


@pytest.mark.parametrize(
    "text", ["mmol/l", "MMOL/L", "µmol/L", "ug/dl", "mcg/dL", "[IU]/L", "uIU/mL"]
)
def test_everyday_spellings_are_read(text):
    parse_unit(text)


def test_an_unknown_unit_is_named():
    with pytest.raises(UnitError, match="bananas"):
        parse_unit("bananas")


def test_an_impossible_value_names_the_likely_unit():
    with pytest.raises(CaseError, match=r"labs\[0\].*not possible.*mg/dL"):
        told("cramps", labs=[{"name": "calcium", "value": 9.2, "unit": "mmol/L"}])


def test_a_value_without_a_unit_that_could_be_two_things_is_asked_about():
    with pytest.raises(CaseError, match="has no unit"):
        told("cramps", labs=[{"name": "magnesium", "value": 0.55}])


def test_the_laboratorys_own_range_decides():
    case = told(
        "cramps",
        labs=[{"name": "magnesium", "value": 0.72, "unit": "mmol/L", "reference": "0.75-1.0"}],
    )
    assert case.labs["magnesium"].flag == "low"


def test_censored_values_are_read():
    case = told("shaking", labs=[{"name": "TSH", "value": "<0.01", "unit": "mU/L"}])
    assert (case.labs["tsh"].flag, case.labs["tsh"].censored) == ("low", "<")


def test_results_in_plain_words_are_read():
    assert told("my calves cramp. Mg 0.55 mmol/L").labs["magnesium"].value == pytest.approx(0.55)


def test_names_of_tests_are_matched(known):
    assert find_test("Hb", known).id == "haemoglobin"
    assert find_test("ferritn", known).id == "ferritin"

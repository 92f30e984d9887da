"""Units are converted as an independent unit library does; impossible values are refused."""

from dataclasses import replace

import pint
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwell.assess.assessment import assess
from stillwell.assess.results import result_lines
from stillwell.case.labs import find_test
from stillwell.case.numbers import readings
from stillwell.case.units import convert, from_own_unit, parse_unit, usual_units
from stillwell.errors import CaseError, UnitError
from stillwell.knowledge.store import knowledge
from stillwell.triage.rules import triage
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


# ---- results in words ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "test", "value"),
    [
        ("potassium 2.1 and weak legs", "potassium", 2.1),
        ("K 6.9", "potassium", 6.9),
        ("k+ 6.8, legs weak", "potassium", 6.8),
        ("ferritin 9", "ferritin", 9),
        ("CK 25000", "creatine_kinase", 25000),
        ("CK 25,000", "creatine_kinase", 25000),
        ("lithium level 2.4", "lithium_level", 2.4),
        ("blood sugar 2.1 and sweaty", "glucose", 2.1),
        ("my ferritin came back at 12", "ferritin", 12),
        ("calcium 9.2", "calcium_total", 2.296),
        ("hb 4.8", "haemoglobin", 48),
        ("TSH <0.01", "tsh", 0.01),
    ],
)
def test_a_result_in_words_needs_no_unit_where_only_one_makes_sense(text, test, value):
    assert told(text).labs[test].value == pytest.approx(value, rel=1e-3)


def test_a_result_in_words_that_could_be_two_things_is_asked_about_and_not_dropped():
    case = told("Mg 0.55, cramps")
    assert any("0.55 mmol/L or 0.55 mg/dL" in line for line in case.unclear)
    assert case.labs["magnesium"].flag == "low"  # either way
    case = told("vitamin d 30, cramps")
    assert any("30 nmol/L or 30 ng/mL" in line for line in case.unclear)
    assert "vitamin_d_25oh" not in case.labs


@pytest.mark.parametrize(
    ("text", "flags"),
    [
        ("my magnesium is low", {"magnesium": "low"}),
        (
            "the doctor said my B12 and vitamin D are low",
            {"vitamin_b12": "low", "vitamin_d_25oh": "low"},
        ),
        ("B12 and D are low", {"vitamin_b12": "low", "vitamin_d_25oh": "low"}),
        ("I have low potassium", {"potassium": "low"}),
        ("vitamin D deficiency", {"vitamin_d_25oh": "low"}),
        ("my iron is fine, legs ache", {"serum_iron": "normal"}),
        ("could it be low magnesium? my legs cramp", {}),
        ("I wonder if I have low potassium", {}),
        ("I eat a low sodium diet", {}),
    ],
)
def test_a_test_said_to_be_low_is_a_result_and_no_supplement(text, flags):
    case = told(text)
    assert {name: r.flag for name, r in case.labs.items()} == flags
    assert not case.supplements


@pytest.mark.parametrize(
    "text",
    [
        "I walk 5 km/h and my legs ache",
        "I take iron 20 mg/d, my legs ache",
        "vitamin D 25 ug/day, my legs ache",
        "B12 for 2 months, my legs ache",
        "took 500 mg 2 times a day, my legs ache",
        "I take magnesium 400 and my legs ache",
    ],
)
def test_numbers_that_are_no_results_neither_count_nor_refuse_the_case(text):
    case = told(text)
    assert not case.labs
    assert "leg_pain" in case.present


def test_urea_nitrogen_is_not_urea():
    tests = (
        [{"name": "BUN", "value": 60, "unit": "mg/dL"}],
        [{"name": "urea", "value": 60, "unit": "mg/dL"}],
    )
    nitrogen, urea = (told("x", labs=labs).labs["urea"].value for labs in tests)
    assert nitrogen == pytest.approx(21.4, abs=0.1)
    assert urea == pytest.approx(9.99, abs=0.01)


def test_thousands_and_decimal_commas_are_told_apart_or_asked_about():
    assert readings("2,1") == ([2.1], "")
    assert readings("25,000") == ([25000.0], "")
    assert readings("<0,01") == ([0.01], "<")
    assert readings("1,250") == ([1250.0, 1.25], "")
    with pytest.raises(CaseError, match=r"1250 or 1\.25"):
        told("x", labs=[{"name": "ferritin", "value": "1,250", "unit": "ng/mL"}])
    case = told("x", labs=[{"name": "CK", "value": "1,250", "unit": "U/L"}])  # 1.25 is not possible
    assert case.labs["creatine_kinase"].value == 1250


@pytest.mark.parametrize(
    ("name", "test"),
    [
        ("K+", "potassium"),
        ("Na+", "sodium"),
        ("Ca++", "calcium_total"),
        ("hgb", "haemoglobin"),
        ("kalium", "potassium"),
        ("serum potassium", "potassium"),
        ("ionised calcium", "calcium_ionised"),
        ("magnesum", "magnesium"),
    ],
)
def test_usual_and_misspelt_names_find_their_test(name, test, known):
    assert find_test(name, known).id == test


@pytest.mark.parametrize(
    "name", ["CSF glucose", "urine sodium", "magnesium RBC", "1,25-OH vitamin D", "kallium", "xyz"]
)
def test_a_test_of_another_fluid_or_an_unknown_one_is_not_taken_for_another(name, known):
    found = find_test(name, known)
    assert found is None or found.id == "potassium"  # kallium
    case = told("x legs shake", labs=[{"name": name, "value": 5, "unit": "mmol/L"}])
    assert found or any(name in line for line in case.unclear)


# ---- the same test twice -------------------------------------------------------------------------


def test_of_two_dated_results_the_newer_counts_whatever_their_order():
    old = {"name": "potassium", "value": 2.1, "unit": "mmol/L", "date": "2019-01-10"}
    new = {"name": "potassium", "value": 4.0, "unit": "mmol/L", "date": "2025-01-01"}
    for labs in ([old, new], [new, old]):
        case = told(labs=labs)
        assert case.labs["potassium"].value == 4.0
        assert any("twice" in line and "2.1" in line for line in case.unclear)


def test_of_two_undated_results_the_more_dangerous_counts():
    low = {"name": "potassium", "value": 2.1, "unit": "mmol/L"}
    usual = {"name": "K", "value": 4.0, "unit": "mmol/L"}
    for labs in ([low, usual], [usual, low]):
        assert told(labs=labs).labs["potassium"].value == 2.1


# ---- doses ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "name", "dose"),
    [
        ("I take B6 500 mg, my feet are numb", "vitamin_b6", 500),
        ("vitamin D 50,000 IU a day and cramps", "vitamin_d", 1250),
        ("50,000 IU of vitamin D a week and cramps", "vitamin_d", 178.6),
        ("I take 400 IU vitamin D, zinc 50 mg and B6 200mg a day. cramps", "vitamin_d", 10),
        ("I take 400 IU vitamin D, zinc 50 mg and B6 200mg a day. cramps", "zinc", 50),
        ("I take 400 IU vitamin D, zinc 50 mg and B6 200mg a day. cramps", "vitamin_b6", 200),
        ("magnesium 200 mg twice a day and cramps", "magnesium", 400),
    ],
)
def test_doses_of_supplements_are_read_from_words(text, name, dose):
    doses = {s.group: s.dose for s in told(text).supplements}
    assert doses[name] == pytest.approx(dose, rel=1e-3)


def test_doses_of_listed_supplements_are_read():
    case = told(
        "cramps", supplements=["B6 500 mg", {"name": "vitamin D", "dose": "50,000 IU a week"}]
    )
    assert {s.group: round(s.dose) for s in case.supplements} == {
        "vitamin_b6": 500,
        "vitamin_d": 179,
    }
    assert "vitamin_b6_supplement_high_dose" in case.history_present
    assert "vitamin_b6_supplement_high_dose" not in told("I take B6 2 mg. cramps").history_present


def test_a_value_a_thousandfold_off_is_asked_about_and_not_counted():
    case = told("x", labs=[{"name": "ferritin", "value": 11, "unit": "mg/L"}])
    assert "ferritin" not in case.labs
    assert [r.shown for r in case.labs_in_doubt["ferritin"]] == ["11 mg/L", "11 ug/L"]
    assert [n for n in case.unclear if "11 mg/L" in n and "11 ug/L" in n]


@pytest.mark.parametrize(
    ("name", "value", "unit"),
    [
        ("ferritin", 11, "ug/L"),
        ("ferritin", 11000, "ug/L"),
        ("ferritin", 0.011, "mg/L"),
        ("potassium", 6.9, "mmol/L"),
        ("vitamin d", 17, "ng/mL"),
        ("creatinine", 0.09, "mmol/L"),
        ("b12", 210, "pg/mL"),
        ("haemoglobin", 9.8, "g/dL"),
        ("tsh", 60, "uIU/mL"),
    ],
)
def test_a_value_that_makes_sense_in_its_unit_is_counted(name, value, unit):
    case = told("x", labs=[{"name": name, "value": value, "unit": unit}])
    assert len(case.labs) == 1 and not case.labs_in_doubt


def test_a_result_in_doubt_still_sets_off_its_alarm_as_a_perhaps():
    sure = told("x", labs=[{"name": "potassium", "value": 7.1, "unit": "mmol/L"}])
    result = sure.labs["potassium"]
    doubtful = replace(sure, labs={}, labs_in_doubt={"potassium": (result, result)})
    alerts = triage(doubtful, knowledge()).alerts
    assert [a for a in alerts if a.level == "emergency" and a.perhaps == ["potassium 7.1 mmol/L"]]


def test_ferritin_in_the_range_and_below_its_definition_says_both_everywhere():
    labs = [{"name": "ferritin", "value": 22, "unit": "ng/mL"}]
    case = told("restless legs", person={"age": 34, "sex": "female"}, labs=labs)
    assessment = assess(case, draws=0)
    (line,) = assessment.results
    assert line.flag == "normal"
    assert "below 30 ng/mL" in line.below_definition and "low iron stores" in line.below_definition
    iron = next(n for n in assessment.plan.supplements if n.nutrient == "iron")
    assert "Not needed" not in iron.text


def test_the_threshold_of_vitamin_d_is_said_with_whose_it_is():
    case = told("x", labs=[{"name": "vitamin d", "value": 17, "unit": "ng/mL"}])
    (line,) = result_lines(knowledge(), case, "si")
    assert "below 50 nmol/L" in line.below_definition
    assert "European Calcified Tissue Society" in line.below_definition
    (enough,) = result_lines(
        knowledge(), told("x", labs=[{"name": "vitamin d", "value": 60, "unit": "nmol/L"}]), "si"
    )
    assert not enough.below_definition


@pytest.mark.parametrize(
    ("name", "calcium", "albumin", "flag"),
    [
        ("calcium", 2.05, 28, "normal"),
        ("calcium", 2.5, 25, "high"),
        ("calcium", 2.05, 42, "low"),
        ("adjusted calcium", 2.05, 28, "low"),
    ],
)
def test_calcium_is_judged_as_adjusted_for_albumin(name, calcium, albumin, flag):
    labs = [{"name": name, "value": calcium, "unit": "mmol/L"}, {"name": "albumin", "value": albumin, "unit": "g/L"}]  # fmt: skip
    case = told("leg cramps", labs=labs)
    result = case.labs["calcium_total"]
    assert result.flag == flag
    assert ("adjusted for albumin" in result.shown) == (name == "calcium")


@pytest.mark.parametrize(("albumin", "alarmed"), [(20, False), (40, True)])
def test_the_adjusted_calcium_decides_the_alarm(albumin, alarmed):
    labs = [{"name": "calcium", "value": 1.88, "unit": "mmol/L"}, {"name": "albumin", "value": albumin, "unit": "g/L"}]  # fmt: skip
    case = told("leg cramps", labs=labs)
    assert (triage(case, knowledge()).level in ("today", "emergency")) == alarmed

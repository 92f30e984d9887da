"""An OMOP extract: the last results in the window, illnesses and drugs up to the day, and nothing later."""

import datetime as dt
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from stillwell.cohort.drug_names import read_drug
from stillwell.cohort.mapping import read_map
from stillwell.cohort.omop import people_table, prepared
from stillwell.cohort.reading import REASONS, read_people
from stillwell.cohort.run import Options, assess_cohort
from stillwell.errors import CaseError

AS_OF = dt.date(2022, 6, 30)


@pytest.fixture
def extract(tmp_path, known):
    """Three people; ferritin and potassium, one of them later, one without a unit, one only a bound."""
    ferritin, potassium = (known.base.tests[t].loinc[0] for t in ("ferritin", "potassium"))
    tables = {
        "person": {
            "person_id": [1, 2, 3],
            "gender_concept_id": [8532, 8507, 0],
            "year_of_birth": [1980, 1950, 2000],
            "month_of_birth": [6, None, 1],
            "day_of_birth": [30, None, 1],
        },
        "concept": {
            "concept_id": [11, 12, 21, 22, 31, 41],
            "vocabulary_id": ["LOINC", "LOINC", "SNOMED", "SNOMED", "RxNorm", "UCUM"],
            "concept_code": [ferritin, potassium, "44054006", "999", "860975", "mmol/L"],
            "concept_name": ["Ferritin", "Potassium", "Diabetes", "child", "24 HR metformin hydrochloride 500 MG Oral Tablet", "mmol/L"],
        },
        "concept_ancestor": {"ancestor_concept_id": [21], "descendant_concept_id": [22]},
        "measurement": {
            "person_id": [1, 1, 1, 2, 2, 9],
            "measurement_concept_id": [11, 11, 11, 12, 11, 12],
            "measurement_date": ["2022-01-01", "2022-06-01", "2022-07-01", "2022-06-30", "2022-05-01", "2022-01-01"],
            "value_as_number": [80.0, 9.0, 500.0, 4.2, 30.0, 4.0],
            "unit_source_value": ["ng/mL", "ng/mL", "ng/mL", None, None, "mmol/L"],
            "unit_concept_id": [0, 0, 0, 41, 0, 41],
            "operator_concept_id": [0, 0, 0, 0, 4171756, 0],
        },
        "condition_occurrence": {
            "person_id": [1, 2, 3],
            "condition_concept_id": [22, 21, 21],
            "condition_start_date": ["2001-01-01", "2022-07-01", "2022-06-30"],
        },
        "drug_exposure": {
            "person_id": [1, 2],
            "drug_concept_id": [31, 31],
            "drug_exposure_start_date": ["2022-06-01", "2010-01-01"],
            "drug_exposure_end_date": ["2022-06-28", "2010-02-01"],
        },
    }  # fmt: skip
    for name, columns in tables.items():
        pq.write_table(pa.table(columns), tmp_path / f"{name}.parquet")
    return tmp_path


def test_what_is_read_ends_with_the_day(extract, known):
    how = read_map("omop", known.base, AS_OF)
    table, flat, aside = people_table(extract, how, known.base)
    reading = read_people(table, flat)
    people = reading.people
    assert people.age.tolist() == [42, 71, 22]
    assert people.sex.tolist() == [0, 1, -1]
    assert people.history["diabetes"].tolist() == [1, -1, 1]
    assert people.medicines["metformin"].tolist() == [True, False, False]
    assert people.labs["ferritin", "ng/mL"][0] == 9.0
    assert people.labs["potassium", "mmol/L"][1] == 4.2
    assert reading.set_aside == {("ferritin", "only_a_bound"): 1}
    assert aside == {
        "ferritin: after_as_of": 1,
        "potassium: person_not_known": 1,
        "condition: after_as_of": 1,
    }
    assert people.medicines_known.all() and not people.medicines_open.any()


def _with(folder, name, **rows):
    """Rows added to a table of the extract."""
    path = folder / f"{name}.parquet"
    old = pq.read_table(path).to_pylist() if path.exists() else []
    new = [dict(zip(rows, values, strict=True)) for values in zip(*rows.values(), strict=True)]
    pq.write_table(pa.Table.from_pylist([*new, *old]), path)


def test_who_died_before_the_day_is_refused(extract, known):
    _with(extract, "death", person_id=[1, 2, 3], death_date=["2022-06-29", "2022-07-01", None])
    table, flat, aside = people_table(extract, read_map("omop", known.base, AS_OF), known.base)
    reading = read_people(table, flat)
    assert [REASONS[r] if r >= 0 else "" for r in reading.reason] == ["died_before_as_of", "", ""]
    assert aside["death: no_date"] == 1


def test_a_drug_that_is_not_read_leaves_open_what_else_is_taken(extract, known):
    _with(extract, "concept", concept_id=[32], vocabulary_id=["RxNorm"], concept_code=["1"], concept_name=["amoxicillin 250 MG Oral Capsule"])  # fmt: skip
    _with(
        extract,
        "drug_exposure",
        person_id=[1, 2],
        drug_concept_id=[32, 32],
        drug_exposure_start_date=["2022-06-20", "2022-01-20"],
        drug_exposure_end_date=["2022-06-27", "2022-01-27"],
    )
    table, flat, aside = people_table(extract, read_map("omop", known.base, AS_OF), known.base)
    people = read_people(table, flat).people
    assert people.medicines_open.tolist() == [True, False, False]
    assert people.medicines["metformin"].tolist() == [True, False, False]
    assert aside["drug: name_not_read"] == 1
    assert not people.understood(0).medicines_known and people.understood(1).medicines_known


@pytest.mark.parametrize("supply", [None, 10, 400])
def test_the_end_of_a_drug_after_the_day_is_not_used(extract, known, supply):
    found = []
    for end in ("2022-12-31", None):
        _with(
            extract,
            "drug_exposure",
            person_id=[3],
            drug_concept_id=[31],
            drug_exposure_start_date=["2022-01-01"],
            drug_exposure_end_date=[end],
            days_supply=[supply],
        )
        table, flat, _ = people_table(extract, read_map("omop", known.base, AS_OF), known.base)
        people = read_people(table, flat).people
        found.append((bool(people.medicines["metformin"][2]), bool(people.medicines_open[2])))
    expected = {None: (False, True), 10: (False, False), 400: (True, False)}[supply]
    assert found == [expected, expected]


def test_results_that_are_not_used_are_counted(extract, known):
    _with(
        extract,
        "measurement",
        person_id=[1, 1, 1, 1],
        measurement_concept_id=[12, 12, 12, 99],
        measurement_date=["2020-01-01", None, "2022-06-01", "2022-06-01"],
        value_as_number=[4.0, 4.0, None, 4.0],
    )
    _, _, aside = people_table(extract, read_map("omop", known.base, AS_OF), known.base)
    for reason in ("before_window", "no_date", "no_value"):
        assert aside[f"potassium: {reason}"] == 1
    assert aside["measurement: code_not_read"] == 1


def test_a_run_over_an_extract_goes_on_and_leaves_no_copy(extract, known, tmp_path):
    how, hashes = read_map("omop", known.base, AS_OF), []
    for _ in range(2):
        with prepared(str(extract), how) as (where, flat, aside):
            out = tmp_path / "out"
            manifest = assess_cohort(
                where, flat, out, Options(workers=1), staged=True, set_aside=aside
            )
        hashes.append(manifest["hash"])
    assert manifest["assessed"] == 3 and hashes[0] == hashes[1]
    assert not Path(where).exists()


def test_a_folder_without_the_tables_says_which_is_lacking(tmp_path, known):
    with pytest.raises(CaseError, match=r"holds no person\.parquet"):
        people_table(tmp_path, read_map("omop", known.base, AS_OF), known.base)


@pytest.mark.parametrize(
    ("name", "medicines"),
    [
        ("24 HR metformin hydrochloride 500 MG Oral Tablet", ["metformin"]),
        ("simvastatin 20 MG Oral Tablet", ["simvastatin"]),
        ("nothing known 5 MG", []),
        ("", []),
        ("NDA020503 200 ACTUAT albuterol 0.09 MG/ACTUAT Metered Dose Inhaler", ["salbutamol"]),
        (
            "Abuse-Deterrent 12 HR oxycodone hydrochloride 10 MG Extended Release Oral Tablet [Oxycontin]",
            ["oxycodone"],
        ),
        ("{28 (norethindrone 0.35 MG Oral Tablet) } Pack [Camila 28 Day]", ["norethisterone"]),
        ("penicillin V potassium 250 MG Oral Tablet", []),
        ("losartan potassium 25 MG Oral Tablet", ["losartan"]),
        ("potassium chloride 20 MEQ Extended Release Oral Tablet", ["potassium chloride"]),
    ],
)
def test_drugs_are_known_by_their_generic_names(name, medicines):
    assert read_drug(name) == (medicines, bool(medicines))

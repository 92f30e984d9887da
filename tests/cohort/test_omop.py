"""An OMOP extract: the last results in the window, illnesses and drugs up to the day, and nothing later."""

import datetime as dt
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from stillwell.cohort.mapping import read_map
from stillwell.cohort.omop import ingredients, people_table, prepared
from stillwell.cohort.reading import read_people
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
    table, flat = people_table(extract, how, known.base)
    reading = read_people(table, flat)
    people = reading.people
    assert people.age.tolist() == [42, 71, 22]
    assert people.sex.tolist() == [0, 1, -1]
    assert people.history["diabetes"].tolist() == [1, -1, 1]
    assert people.medicines["metformin"].tolist() == [True, False, False]
    assert people.labs["ferritin", "ng/mL"][0] == 9.0
    assert people.labs["potassium", "mmol/L"][1] == 4.2
    assert reading.set_aside == {("ferritin", "only_a_bound"): 1}


def test_a_run_over_an_extract_goes_on_and_leaves_no_copy(extract, known, tmp_path):
    how, hashes = read_map("omop", known.base, AS_OF), []
    for _ in range(2):
        with prepared(str(extract), how) as (where, flat):
            out = tmp_path / "out"
            manifest = assess_cohort(where, flat, out, Options(workers=1), staged=True)
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
    ],
)
def test_drugs_are_known_by_their_generic_names(name, medicines):
    assert ingredients(name) == medicines

"""Maps: the built-in ones are whole, and a mistake is one line that names the field and the way out."""

import datetime as dt

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from stillwell.cli.main import main
from stillwell.cohort.dry_run import dry_run, suspicion
from stillwell.cohort.mapping import BUILT_IN, checked_map, read_map
from stillwell.errors import CaseError
from tests.cohort.made import MAP, made_map, made_table, replaced


@pytest.mark.parametrize("name", BUILT_IN)
def test_built_in_maps_name_only_what_is_known(name, known):
    assert read_map(name, known.base, dt.date(2024, 12, 31)).columns()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"findings": {"leg_cramp": {"column": "x"}}}, "Did you mean 'leg_cramps'"),
        ({"labs": {"ferritin": {"column": "x", "unit": "furlong"}}}, "furlong"),
        ({"medicines": {"xyzzy": {"column": "x"}}}, "no medicine"),
        ({"medicines": {"water tablet": {"column": "x"}}}, "can mean several"),
        ({"as_of": None}, "as_of: is needed"),
        ({"as_of": "yesterday"}, "as_of"),
        ({"person": {"age": {"colum": "x"}}}, "colum"),
        ({"causes": ["low_irn"]}, "Did you mean 'low_iron'"),
    ],
)
def test_a_mistake_is_one_line_with_the_way_out(change, words, known):
    with pytest.raises(CaseError) as caught:
        checked_map({**MAP, **change}, known.base)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_map_is_another_when_anything_in_it_changes():
    assert made_map().digest == made_map().digest != made_map(keep=["region"]).digest


def test_a_unit_that_cannot_be_meant_is_suspected_with_its_distribution(known):
    test = known.base.tests["ferritin"]
    values = np.linspace(20, 200, 50)
    assert suspicion(values, "ug/L", test) == ""
    line = suspicion(values, "mg/L", test)
    assert "median 110" in line and "ug/L" in line


def test_a_dry_run_prints_no_free_text_of_a_unit_column(tmp_path):
    units = ["mmol/L"] * 5 + ["John Smith 123", "banana"] + ["mmol per litre!"] * 12
    table = replaced(made_table(19), "potassium_unit", pa.array(units))
    pq.write_table(table, tmp_path / "a.parquet")
    lines = [x for x in dry_run(str(tmp_path / "a.parquet"), made_map()) if "potassium" in x]
    assert "labs.potassium in mmol/L: 5 (26%)" in lines
    assert "labs.potassium in mmol per litre!: 12 (63%)" in lines
    assert "labs.potassium in other spellings: 2 (11%)" in lines
    assert not any("Smith" in x or "banana" in x for x in lines)


def test_the_command_in_one_line_errors_and_a_dry_run(tmp_path):
    run = CliRunner().invoke
    path = tmp_path / "people.parquet"
    pq.write_table(made_table(30), path)
    how = tmp_path / "map.yaml"
    how.write_text(
        "key: id\nperson: {age: {column: age}}\nlabs: {ferritin: {column: ferritin, unit: ug/L}}\n"
    )
    found = run(main, ["cohort", "assess", str(path), "--map", str(how), "--dry-run"])
    assert found.exit_code == 0, found.output
    assert "labs.ferritin in ug/L" in found.output
    assert "p1-" not in found.output  # nothing of a row
    for arguments in (
        ["cohort", "assess", str(path), "--map", "nowhere.yaml", "--out", str(tmp_path / "o")],
        [
            "cohort",
            "assess",
            str(tmp_path / "none"),
            "--map",
            str(how),
            "--out",
            str(tmp_path / "o"),
        ],
        ["cohort", "assess", str(path), "--map", str(how)],
    ):
        with pytest.raises(CaseError):
            run(
                main.commands["cohort"],
                arguments[1:],
                standalone_mode=False,
                catch_exceptions=False,
            )

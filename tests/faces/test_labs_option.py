"""`assess --labs`: certain rows of a lab sheet are used, the others listed in one line each."""

import pytest
from click.testing import CliRunner

from stillwell.cli.main import main
from tests.sheets.sheet_files import pdf_of

TABLE = "Test | Result | Previous | Unit | Range\nFerritin | 9 L | 22 | ug/L | 15-150\nHaemoglobin | 7.1 | | |\nPotassium | 4.2 | 4.1 | mmol/L | 3.5-5.1"


@pytest.fixture
def case(tmp_path):
    path = tmp_path / "case.yaml"
    path.write_text("complaint: my legs are restless in the evening\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("kind", ["pdf", "txt"])
def test_certain_rows_are_used_and_the_others_listed(case, tmp_path, kind):
    sheet = tmp_path / f"sheet.{kind}"
    sheet.write_bytes(pdf_of({"tables": [TABLE]}) if kind == "pdf" else TABLE.encode())
    done = CliRunner().invoke(main, ["assess", str(case), "--labs", str(sheet), "--dry-run"])
    assert done.exit_code == 0, done.output
    assert "results: ferritin 9 ug/L (low), potassium 4.2 mmol/L (normal)" in done.stdout
    listed = [line for line in done.stderr.splitlines() if line.startswith("NOT USED")]
    assert len(listed) == 3
    assert "Haemoglobin 7.1: no unit stands here: is it 7.1 g/dL?" in listed[1]
    assert "2 of 5 results of the sheet are used" in done.stderr


def test_a_sheet_without_a_result_is_refused(case, tmp_path):
    sheet = tmp_path / "sheet.txt"
    sheet.write_text("Patient: Anna Zink, born 3.4.1955\n", encoding="utf-8")
    done = CliRunner().invoke(main, ["assess", str(case), "--labs", str(sheet)])
    assert done.exit_code == 2
    assert "--labs: no result was found" in done.output

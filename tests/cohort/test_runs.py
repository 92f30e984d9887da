"""Law: a run writes the same bytes however it is done, and goes on where it was stopped."""

import json
import os
import signal
import subprocess
import sys
import time

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pytest

from stillwell.cohort.report import write_report
from stillwell.cohort.run import Options, assess_cohort
from stillwell.errors import CaseError
from tests.cohort.made import MAP, made_map, made_table, replaced


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    """Two files, in five row groups, with some rows that are refused."""
    folder = tmp_path_factory.mktemp("people")
    first = made_table(150, 1)
    ages = [None if i % 40 == 7 else 30 + i % 50 for i in range(150)]
    first = replaced(first, "age", pa.array(ages))
    keys = [None if i == 3 else f"a{i}" for i in range(150)]
    pq.write_table(replaced(first, "id", pa.array(keys)), folder / "a.parquet", row_group_size=60)
    pq.write_table(made_table(80, 2), folder / "b.parquet", row_group_size=40)
    return folder


@pytest.fixture(scope="module")
def usual(source, tmp_path_factory):
    """A run in this process."""
    out = tmp_path_factory.mktemp("out") / "usual"
    return out, assess_cohort(str(source), made_map(), out, Options(workers=1))


def test_every_row_is_accounted_for(usual):
    _, manifest = usual
    assert manifest["rows"] == 230
    assert manifest["assessed"] + manifest["rejected"] == manifest["rows"]
    assert manifest["rejects"] == {"key_missing": 1}


def test_workers_and_batches_leave_the_output_as_it_is(source, usual, tmp_path):
    for name, options in (("pool", Options(workers=2)), ("small", Options(workers=1, batch=7))):
        manifest = assess_cohort(str(source), made_map(), tmp_path / name, options)
        assert manifest["hash"] == usual[1]["hash"]
        assert manifest["parts"] == usual[1]["parts"]


def test_only_the_key_and_what_the_map_names_is_written(usual):
    out, _ = usual
    names = pq.read_table(out / "parts/part-000000.parquet").column_names
    causes = [f"{kind}_{c}" for c in MAP["causes"] for kind in ("present", "contributes")]
    assert sorted(names) == sorted(["id", "urgency", "nothing_listed", *causes])


def test_aggregate_only_keeps_nothing_of_few_people(tmp_path):
    table = replaced(made_table(150, 1), "region", pa.array(["solo"] + ["north"] * 149))
    keys = [None if i == 3 else f"a{i}" for i in range(150)]
    table = replaced(table, "id", pa.array(keys))
    table = replaced(table, "potassium_unit", pa.array([None] * 4 + ["mmol/L"] * 146))
    pq.write_table(table, tmp_path / "in.parquet", row_group_size=60)
    out, options = tmp_path / "out", Options(workers=1, aggregate_only=True)

    def run():
        manifest = assess_cohort(str(tmp_path / "in.parquet"), made_map(), out, options)
        write_report(out, made_map(), manifest)
        return manifest

    manifest = run()
    assert (manifest["assessed"], manifest["parts"]) == (149, [])
    assert manifest["rejects"] == {"other": 1}
    assert manifest["values_set_aside"]["potassium: no_unit"] is None
    assert manifest["part_totals"] == "deleted when the summary was written"
    files = sorted(p.relative_to(out).as_posix() for p in out.rglob("*"))
    assert files == ["manifest.json", "plan.json", "report.html", "summary.json"]
    for path in out.iterdir():
        text = path.read_bytes()
        assert b"a77" not in text and b"solo" not in text
    before = (out / "summary.json").read_bytes()
    assert run() == manifest and (out / "summary.json").read_bytes() == before


def test_aggregate_only_goes_on_from_the_totals_of_its_parts(source, tmp_path, monkeypatch):
    out, options = tmp_path / "out", Options(workers=1, aggregate_only=True)
    with monkeypatch.context() as patch:
        patch.setattr("stillwell.cohort.run.summarise", _no_room)
        with pytest.raises(CaseError, match="No space left"):
            assess_cohort(str(source), made_map(), out, options)
    assert list(out.glob("parts/*.totals.parquet")) and not (out / "manifest.json").exists()
    monkeypatch.setattr("stillwell.cohort.work.write_table", _no_room)  # nothing is done again
    assert assess_cohort(str(source), made_map(), out, options)["assessed"] == 229
    assert not (out / "parts").exists()


def test_a_part_that_was_changed_is_done_again(source, usual, tmp_path):
    out = tmp_path / "out"
    assess_cohort(str(source), made_map(), out, Options(workers=1))
    part = out / "parts/part-000002.parquet"
    part.write_bytes(part.read_bytes()[:-20])
    again = assess_cohort(str(source), made_map(), out, Options(workers=1))
    assert again["hash"] == usual[1]["hash"]


def test_killed_at_any_moment_it_goes_on_to_the_same_end(source, usual, tmp_path):
    out, how = tmp_path / "out", tmp_path / "map.yaml"
    how.write_text(json.dumps(MAP))
    command = [sys.executable, "-m", "stillwell.cli.main", "cohort", "assess", str(source)]
    command += ["--map", str(how), "--out", str(out), "--workers", "1"]
    for wait in np.random.default_rng(5).uniform(0.5, 3.0, 10):
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(wait)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert json.loads((out / "manifest.json").read_text())["hash"] == usual[1]["hash"]
    assert "230 rows: 229 assessed, 1 rejected" in done.stdout
    assert (out / "report.html").stat().st_size < 2_000_000


def test_csv_and_arrow_say_what_parquet_says(tmp_path):
    table = made_table(50, 4)
    pq.write_table(table, tmp_path / "t.parquet")
    pyarrow.csv.write_csv(table, tmp_path / "t.csv")
    file = pa.OSFile(str(tmp_path / "t.arrow"), "wb")
    with file, pa.ipc.new_file(file, table.schema) as writer:
        writer.write_table(table)
    shown = {}
    for end in ("parquet", "csv", "arrow"):
        out = tmp_path / end
        assess_cohort(str(tmp_path / f"t.{end}"), made_map(), out, Options(workers=1))
        shown[end] = pq.read_table(out / "parts/part-000000.parquet")
    assert shown["parquet"].equals(shown["arrow"])
    assert shown["parquet"].equals(shown["csv"])


def test_broken_lines_of_a_csv_file_are_counted(tmp_path):
    path = tmp_path / "t.csv"
    pyarrow.csv.write_csv(made_table(10, 5), path)
    path.write_text(path.read_text() + "one,two\n")
    manifest = assess_cohort(str(path), made_map(), tmp_path / "out", Options(workers=1))
    assert manifest["rows"] == 11
    assert manifest["rejects"] == {"row_broken": 1}


def test_files_of_other_columns_are_read_as_far_as_they_go(tmp_path):
    (where := tmp_path / "in").mkdir()
    pq.write_table(made_table(20, 1), where / "a.parquet")
    pq.write_table(made_table(20, 2).drop_columns(["ferritin", "cramps"]), where / "b.parquet")
    pq.write_table(made_table(20, 3).drop_columns(["id", "metformin"]), where / "c.parquet")
    manifest = assess_cohort(str(where), made_map(), tmp_path / "out", Options(workers=1))
    assert (manifest["rows"], manifest["assessed"]) == (60, 40)
    assert manifest["rejects"] == {"key_missing": 20}
    assert manifest["columns_lacking"] == {"id": 1, "cramps": 1, "metformin": 1, "ferritin": 1}


def test_a_column_that_no_file_has_ends_the_run_unless_it_is_optional(tmp_path):
    where = tmp_path / "a.parquet"
    pq.write_table(made_table(20, 1).drop_columns(["cramps"]), where)
    words = r"lacks columns that the map names: 'cramps'. Columns found: id, age.*optional: true"
    with pytest.raises(CaseError, match=words):
        assess_cohort(str(where), made_map(), tmp_path / "out", Options(workers=1))
    assert not (tmp_path / "out").exists()
    how = made_map(findings={"leg_cramps": {"column": "cramps", "optional": True}})
    manifest = assess_cohort(str(where), how, tmp_path / "out", Options(workers=1))
    assert (manifest["assessed"], manifest["columns_lacking"]) == (20, {"cramps": 1})


@pytest.mark.parametrize(
    ("head", "words"),
    [
        (b"id,\xe4lter\n1,2\n", "not UTF-8"),
        ("id,age\n1,2\n".encode("utf-16"), "not UTF-8"),
        (b"id,id,age\n1,1,2\n", "same name: 'id'"),
        (b"id;age\n1;40\n", "separator seems to be ';'"),
        (b"John Smith,44\nJane Smith,45\n", "2 columns were found and none of the map's"),
        (b"id,name\n,John\n", "nobody was assessed"),
        (b"id,name\n", "nobody was assessed"),
    ],
)
def test_a_file_that_cannot_be_meant_is_one_line(tmp_path, head, words):
    (tmp_path / "a.csv").write_bytes(head)
    (tmp_path / "map.yaml").write_text("key: id\nperson: {age: {column: age, optional: true}}\n")
    command = [sys.executable, "-m", "stillwell", "cohort", "assess", str(tmp_path / "a.csv")]
    command += ["--map", str(tmp_path / "map.yaml"), "--out", str(tmp_path / "out")]
    done = subprocess.run([*command, "--workers", "1"], capture_output=True, text=True)
    assert done.returncode == 2
    last = done.stderr.strip().splitlines()[-1]
    assert words in last and "Smith" not in done.stderr + done.stdout
    assert "Traceback" not in done.stderr


def test_results_inside_the_input_are_refused(tmp_path):
    pq.write_table(made_table(5), tmp_path / "a.parquet")
    for where in (str(tmp_path), f"{tmp_path}/**/*.parquet"):
        with pytest.raises(CaseError, match="lies inside IN"):
            assess_cohort(where, made_map(), tmp_path / "x/out", Options(workers=1))


@pytest.mark.parametrize("damage", ["cut", "noise"])
def test_a_damaged_file_is_refused_or_its_rows_are_counted(tmp_path, damage):
    path = tmp_path / "a.parquet"
    pq.write_table(made_table(200, 1), path)
    data = bytearray(path.read_bytes())
    if damage == "cut":
        path.write_bytes(data[: len(data) // 2])
        with pytest.raises(CaseError, match="cannot be read"):
            assess_cohort(str(path), made_map(), tmp_path / "out", Options(workers=1))
        return
    data[100:1200] = b"\xff" * 1100
    path.write_bytes(data)
    manifest = assess_cohort(str(path), made_map(), tmp_path / "out", Options(workers=1))
    assert manifest["assessed"] + manifest["rejected"] == manifest["rows"] == 200


def test_a_folder_of_another_run_is_not_touched(source, usual):
    with pytest.raises(CaseError, match="another input or map"):
        assess_cohort(str(source), made_map(keep=["region"]), usual[0], Options(workers=1))


def _no_room(*args, **kwargs):
    raise OSError(28, "No space left on device")


def test_no_room_says_so_and_what_to_do(source, tmp_path, monkeypatch):
    monkeypatch.setattr("stillwell.cohort.work.write_table", _no_room)
    with pytest.raises(CaseError, match=r"No space left.*goes on where it stopped"):
        assess_cohort(str(source), made_map(), tmp_path / "out", Options(workers=1))


def test_the_report_needs_nothing_from_elsewhere(usual):
    out, manifest = usual
    page = write_report(out, made_map(), manifest).read_text()
    assert "http" not in page and "<script" not in page
    assert "Low iron" in page or "iron" in page
    assert "fewer than 10 people" in page

"""Law: a cluster writes what one process writes, also where a worker is ended in the middle."""

import os
import re
import signal
from pathlib import Path

import distributed
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from stillwell.cohort.run import Options, assess_cohort
from stillwell.errors import CaseError
from tests.cohort.made import made_map, made_table


def test_a_dask_cluster_of_processes_writes_the_same_bytes(tmp_path):
    source = tmp_path / "people.parquet"
    pq.write_table(made_table(240, 3), source, row_group_size=30)
    usual = assess_cohort(str(source), made_map(), tmp_path / "here", Options(workers=1))
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
    ) as cluster:
        ended = []

        def end_a_worker(done, whole):
            if done and not ended:
                ended.append(next(iter(cluster.workers.values())).pid)
                os.kill(ended[0], signal.SIGKILL)

        options = Options(engine="dask", scheduler=cluster.scheduler_address)
        found = assess_cohort(str(source), made_map(), tmp_path / "there", options, end_a_worker)
    assert ended
    assert found["hash"] == usual["hash"]


def test_a_scheduler_that_does_not_answer_is_one_line(tmp_path):
    source = tmp_path / "people.parquet"
    pq.write_table(made_table(5), source)
    options = Options(engine="dask", scheduler="tcp://127.0.0.1:1")
    with pytest.raises(CaseError, match="does not answer"):
        assess_cohort(str(source), made_map(), tmp_path / "out", options)


def test_the_recipe_for_spark_says_what_a_run_says(tmp_path):
    """The function of docs/scale.md, run over Arrow batches as Spark would call it."""
    text = (Path(__file__).parents[2] / "docs/scale.md").read_text()
    recipe = re.search(r"```python\n(def assess\(batches\).*?)```", text, re.S)
    assert recipe
    table = made_table(30)
    names = {"how": made_map()}
    exec(recipe[1], names)
    found = pa.Table.from_batches(list(names["assess"](table.to_batches(max_chunksize=11))))
    pq.write_table(table, tmp_path / "in.parquet")
    assess_cohort(str(tmp_path / "in.parquet"), made_map(), tmp_path / "out", Options(workers=1))
    part = pq.read_table(tmp_path / "out/parts/part-000000.parquet")
    assert found["id"].to_pylist() == part["id"].to_pylist()
    assert found["low_iron"].to_pylist() == part["present_low_iron"].to_pylist()

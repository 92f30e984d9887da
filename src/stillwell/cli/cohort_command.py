"""The command `stillwell cohort`: many people at once."""

from __future__ import annotations

import datetime as dt
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from stillwell.characters import plain
from stillwell.errors import CaseError

if TYPE_CHECKING:
    from stillwell.cohort.mapping import CohortMap


@click.group()
def cohort() -> None:
    """Assess many people at once: a survey, an extract of health records."""


@cohort.command("assess")
@click.argument("source", metavar="IN")
@click.option(
    "--map", "map_name", required=True, help="A map (YAML), or a built-in one: omop, nhanes."
)
@click.option("--out", help="A folder for the parts, the manifest and the report.")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="Nothing later is read.")
@click.option("--dry-run", is_flag=True, help="Say what the map reads, without assessing.")
@click.option(
    "--aggregate-only", is_flag=True, help="Keep sums only, nothing of fewer than ten people."
)
@click.option("--workers", type=click.IntRange(1), help="Local processes; all by default.")
@click.option("--batch", type=click.IntRange(1), default=16_384, help="People worked out at once.")
@click.option("--engine", type=click.Choice(["pool", "dask"]), default="pool")
@click.option("--scheduler", help="Address of a Dask scheduler, for --engine dask.")
def assess(
    source: str,
    map_name: str,
    out: str | None,
    as_of: dt.datetime | None,
    dry_run: bool,
    aggregate_only: bool,
    workers: int | None,
    batch: int,
    engine: str,
    scheduler: str | None,
) -> None:
    """Assess everybody in IN: a Parquet, CSV or Arrow file, a folder of them, or a glob.

    \b
    Example: stillwell cohort assess survey/ --map nhanes --out survey_out
    Example: stillwell cohort assess labs.csv --map my_map.yaml --dry-run
    A run that was stopped goes on where it was when the same command is given again.
    """
    try:
        import fsspec  # noqa: F401
        import pyarrow  # noqa: F401
    except ImportError:
        way = "Install it: pip install 'stillwell[cohort]'"
        raise CaseError("cohort", "needs pyarrow and fsspec", way) from None
    from stillwell.cohort.mapping import read_map
    from stillwell.cohort.omop import prepared
    from stillwell.knowledge.store import knowledge

    how = read_map(map_name, knowledge().base, as_of.date() if as_of else None)
    if dry_run:
        from stillwell.cohort.dry_run import dry_run as look

        with prepared(source, how) as (where, ready, aside):
            for line in look(where, ready, aside):
                click.echo(plain(line))
        return
    if out is None:
        raise CaseError("--out", "is needed", "Give a folder, or --dry-run")
    from stillwell.cohort.source import check_apart

    check_apart(source, out)
    from stillwell.cohort.report import write_report
    from stillwell.cohort.run import Options, assess_cohort

    options = Options(engine, scheduler, workers, batch, aggregate_only)
    start = time.monotonic()
    with prepared(source, how) as (where, ready, aside):
        progress = _progress() if _shown() else None
        staged = where != source
        manifest = assess_cohort(
            where, ready, out, options, progress, staged=staged, set_aside=aside
        )
        page = write_report(Path(out), ready, manifest)
        hint = "" if manifest["assessed"] or staged else _hint(where, ready)
    seconds = time.monotonic() - start
    click.echo(
        f"{manifest['rows']:,} rows: {manifest['assessed']:,} assessed, "
        f"{manifest['rejected']:,} rejected; {seconds:.0f} s"
    )
    for reason, number in manifest["rejects"].items():
        click.echo(f"  {reason}: {number:,}")
    for column, number in manifest["columns_lacking"].items():
        click.echo(plain(f"  column of the map that {number} files lack: {column}"))
    click.echo(f"written: {plain(str(page))}", err=True)
    if not manifest["assessed"]:
        raise CaseError("IN", "nobody was assessed", hint or "See the reasons above")


def _hint(where: str, how: CohortMap) -> str:
    """What to look at where nobody was assessed."""
    from stillwell.cohort.source import columns_in_words, files_of, lacking

    _, names = lacking(files_of(where)[:1], how.columns())
    said = columns_in_words(names, how.columns())
    return f"Check the key column '{how.key}' and the separator (a comma). {said}"


def _shown() -> bool:
    return sys.stderr.isatty()


def _progress() -> Callable[[int, int], None]:
    """A line with rate and time left, on standard error."""
    start: list[tuple[float, int]] = []

    def say(done: int, whole: int) -> None:
        now = time.monotonic()
        start.append((now, done))
        seconds, rows = now - start[0][0], done - start[0][1]
        rate = rows / seconds if seconds > 0 else 0.0
        left = f", {(whole - done) / rate:,.0f} s left" if rate else ""
        end = "\n" if done >= whole else ""
        click.echo(
            f"\r{done:,} of {whole:,} rows, {rate:,.0f} a second{left}   {end}", nl=False, err=True
        )

    return say


__all__ = ["cohort"]

"""The report on a run: one page that needs nothing else, under 2 MB."""

from __future__ import annotations

import json
from collections.abc import Iterable
from importlib import resources
from pathlib import Path
from typing import Any

import jinja2
import yaml

from stillwell.cohort.mapping import CohortMap
from stillwell.cohort.parts import DELETED, SUMMARY
from stillwell.cohort.summary import FEWEST, summarise
from stillwell.cohort.totals import BINS, EVERYBODY
from stillwell.errors import CaseError
from stillwell.files import write_whole
from stillwell.knowledge.store import knowledge

LISTED = 12  # causes of a group; all stand in summary.json
MOST_GROUPS = 30  # values of one column


def write_report(folder: Path, how: CohortMap, manifest: dict[str, Any]) -> Path:
    """Summarise a finished run and write its page. Raises CaseError."""
    path = folder / "report.html"
    try:
        write_whole(path, page(_summary(folder, how, manifest), how, manifest))
    except OSError as error:
        way = "Make room, and run the same command again"
        raise CaseError("--out", f"cannot be written ({error.strerror})", way) from None
    return path


def _summary(folder: Path, how: CohortMap, manifest: dict[str, Any]) -> dict[str, Any]:
    if manifest.get("part_totals") == DELETED:
        return dict(json.loads((folder / SUMMARY).read_bytes()))
    return summarise(folder, how)


def page(summary: dict[str, Any], how: CohortMap, manifest: dict[str, Any]) -> str:
    """The page as HTML."""
    here = resources.files("stillwell.cohort")
    say = yaml.safe_load(here.joinpath("words/en.yaml").read_text("utf-8"))
    env = jinja2.Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    template = env.from_string(here.joinpath("templates/report.html.j2").read_text("utf-8"))
    shown = [row.get("share", 0.0) for row in summary["prevalence"]]
    return template.render(
        say=say,
        summary=summary,
        manifest=manifest,
        designed=bool(how.survey and how.survey.psu),
        groups=_groups(summary["prevalence"], say),
        names={name: cause.name for name, cause in knowledge().base.causes.items()},
        widest=max(shown, default=0.0) or 1.0,
        fewest=FEWEST,
        bins=BINS,
        number=lambda n: f"fewer than {FEWEST}" if n is None else f"{n:,}",
        percent=_percent,
        most_of=_most_of,
    )


def _groups(
    rows: Iterable[dict[str, Any]], say: dict[str, str]
) -> list[tuple[str, list[tuple[str, list[dict[str, Any]]]]]]:
    """Domain, its values, and of each the commonest causes."""
    found: dict[str, dict[str, list[dict[str, Any]]]] = {}
    for row in rows:
        found.setdefault(row["domain"], {}).setdefault(row["value"], []).append(row)
    return [
        (
            say["people"] if domain == EVERYBODY else domain.replace("_", " "),
            [
                (value, sorted(held, key=lambda r: -r.get("share", 0.0))[:LISTED])
                for value, held in list(values.items())[:MOST_GROUPS]
            ],
        )
        for domain, values in found.items()
    ]


def _percent(share: float) -> str:
    return f"{share:.2%}" if share < 0.1 else f"{share:.1%}"


def _most_of(row: dict[str, Any]) -> float:
    """The upper end of both axes of a calibration picture."""
    shares = [c[k] for c in row["calibration"] for k in ("expected", "observed")]
    return max(shares, default=1.0) or 1.0


__all__ = ["page", "write_report"]

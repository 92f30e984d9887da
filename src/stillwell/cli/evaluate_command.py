"""What `stillwell evaluate` prints of labelled messages: aligned tables, JSON, the messages behind a figure."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from stillwell.assess.shares import ALL, Miss, Share, wording
from stillwell.characters import one_line
from stillwell.errors import CaseError

if TYPE_CHECKING:
    from stillwell.assess.evaluate_reading import ReadingEvaluation
    from stillwell.assess.evaluate_rewordings import RewordingEvaluation
    from stillwell.assess.evaluate_triage import TriageEvaluation

Table = list[list[str]]
EVERY = "all"  # of --misses: those of every figure
MOST_LETTERS = 400  # of a message in a list


def evaluate_file(kind: str, path: Path, as_json: bool, misses: str | None) -> None:
    """Evaluate one file of labelled messages and print it.

    Args:
        kind: `reading`, `triage` or `rewordings`.
        misses: the figure whose messages are listed, or `EVERY`.

    Raises:
        CaseError: a figure that this kind of file has not, or a file that cannot be used.
    """
    figures = wording().figures[kind]
    if misses is not None and misses not in (EVERY, *figures):
        raise CaseError(
            "--misses", f"'{misses}' is no figure of --{kind}", f"Use one of {', '.join(figures)}"
        )
    result: ReadingEvaluation | TriageEvaluation | RewordingEvaluation
    if kind == "reading":
        result, tables = _reading(path)
    elif kind == "triage":
        result, tables = _triage(path)
    else:
        result, tables = _rewordings(path)
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(result)).decode())
        return
    for table in tables:
        click.echo("\n".join(_aligned(table)) + "\n")
    if misses is not None:
        _list_misses(result.misses, misses)


def _reading(path: Path) -> tuple[ReadingEvaluation, list[Table]]:
    from stillwell.assess.evaluate_reading import OF_NEGATIVES, OF_SECTIONS, evaluate_reading
    from stillwell.assess.labelled_files import read_messages
    from stillwell.knowledge.store import knowledge

    known = knowledge()
    messages = read_messages(path, known)
    found = evaluate_reading(messages, known, _progress(len(messages)))
    kinds = ", ".join(f"{n} {kind}" for kind, n in found.kinds.items())
    head = [["messages", f"{found.n} ({kinds})"]]
    sections = [["section", *OF_SECTIONS]]
    sections += [
        [name, *(_shown(shares.get(figure)) for figure in OF_SECTIONS)]
        for name, shares in found.sections.items()
    ]
    told = {f: found.sections[ALL][f] for f in OF_SECTIONS if f in found.sections[ALL]}
    tables = [head, sections, _figures("reading", {**told, **found.figures})]
    if found.levels:
        tables.append([["urgency_below, needs", ""], *_pairs(found.levels)])
    if found.negatives:
        tables.append([[f"{OF_NEGATIVES}, by kind", ""], *_pairs(found.negatives)])
    return found, tables


def _triage(path: Path) -> tuple[TriageEvaluation, list[Table]]:
    from stillwell.assess.evaluate_triage import evaluate_triage
    from stillwell.assess.labelled_files import read_situations

    situations = read_situations(path)
    found = evaluate_triage(situations, _progress(len(situations)))
    return found, [[["situations", f"{found.n}"]], _figures("triage", found.figures)]


def _rewordings(path: Path) -> tuple[RewordingEvaluation, list[Table]]:
    from stillwell.assess.evaluate_rewordings import FIGURES, evaluate_rewordings
    from stillwell.assess.labelled_files import read_pairs

    pairs = read_pairs(path)
    found = evaluate_rewordings(pairs, _progress(len(pairs)))
    ways = [["how", *FIGURES]]
    ways += [[way, *(_shown(s.get(figure)) for figure in FIGURES)] for way, s in found.how.items()]
    return found, [[["pairs", f"{found.n}"]], ways]


def _figures(kind: str, shares: Mapping[str, Share]) -> Table:
    says = wording().figures[kind]
    rows = [[figure, _shown(share), says[figure]] for figure, share in shares.items()]
    return [["figure", "share (95 % interval)", "what it counts"], *rows]


def _pairs(shares: Mapping[str, Share]) -> Table:
    return [[name, _shown(share)] for name, share in shares.items()]


def _shown(share: Share | None) -> str:
    """A share with its interval, for people.

    >>> from stillwell.assess.shares import wilson
    >>> _shown(wilson(8, 10))
    '8/10 80% (49%–94%)'
    """
    if share is None or share.share is None:
        return "–"
    return f"{share.part}/{share.whole} {share.share:.0%} ({share.low:.0%}–{share.high:.0%})"


def _aligned(rows: Table) -> list[str]:
    columns = max(map(len, rows))
    widths = [max(len(row[at]) for row in rows if at < len(row)) for at in range(columns)]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=False)).rstrip()
        for row in rows
    ]


def _list_misses(misses: Mapping[str, list[Miss]], figure: str) -> None:
    for name in misses if figure == EVERY else [figure]:
        click.echo(f"{name}: {len(misses.get(name, []))}")
        for miss in misses.get(name, []):
            what = ", ".join(one for one in miss.what if one)
            line = f"{miss.id} | {miss.text} | {what}"
            click.echo(f"  {one_line(line, MOST_LETTERS)}")


def _progress(total: int) -> Callable[[int], None] | None:
    """A bar on the terminal; none where the output goes elsewhere."""
    if not sys.stderr.isatty():
        return None

    def show(done: int) -> None:
        end = "\n" if done == total else ""
        click.echo(f"\r{done}/{total} " + "█" * (30 * done // total) + end, nl=False, err=True)

    return show

"""The command `stillwell`.

Exit codes: 0 done, 1 problems found, 2 input that cannot be used, 130 ended by Ctrl-C.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Literal

import click

from stillwell import __version__
from stillwell.characters import plain
from stillwell.cli.cohort_command import cohort
from stillwell.cli.terminal import PIPE_COLUMNS, Commands, columns, keep_for_good
from stillwell.errors import CaseError
from stillwell.files import MAX_BYTES, as_text, read_bytes, read_stream, same_file, write_whole


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="stillwell")
def main() -> None:
    """What is making my legs shake, and what do I do about it?

    \b
    stillwell assess my_case.yaml
    echo "my legs jump at night when I lie down" | stillwell assess -
    stillwell ask
    """


@main.command()
@click.argument("case")
@click.option(
    "--format",
    "forms",
    multiple=True,
    type=click.Choice(["terminal", "html", "md", "json", "document"]),
    help="One or more forms; terminal by default. document: the report as JSON.",
)
@click.option("--out", help="A file, or a folder for several forms.")
@click.option(
    "--units",
    type=click.Choice(["brought", "si", "us"]),
    default="brought",
    help="How results are printed; as they were brought by default.",
)
@click.option(
    "--authority",
    type=click.Choice(["lowest", "us", "efsa", "uk"]),
    default="lowest",
    help="Whose upper levels of supplements hold; the lower of US and EFSA by default.",
)
@click.option(
    "--for",
    "audience",
    type=click.Choice(["person", "doctor"]),
    default="person",
    help="doctor: a summary of one page.",
)
@click.option(
    "--all", "everything", is_flag=True, help="Also all causes, weights and further sources."
)
@click.option("--dry-run", is_flag=True, help="Say what was understood, without assessing.")
@click.option(
    "--labs",
    metavar="SHEET",
    help="A lab sheet (PDF, CSV or text): its certain results are used, the others listed.",
)
def assess(
    case: str,
    forms: tuple[str, ...],
    out: str | None,
    units: Literal["brought", "si", "us"],
    authority: Literal["lowest", "us", "efsa", "uk"],
    audience: Literal["person", "doctor"],
    everything: bool,
    dry_run: bool,
    labs: str | None,
) -> None:
    """Assess CASE, a YAML or JSON file ('-' reads standard input).

    \b
    Example: stillwell assess case.yaml --format html --format terminal --out report/
    Example: stillwell assess case.yaml --for doctor
    Example: stillwell assess case.yaml --labs results.pdf
    """
    from stillwell.case.read import parse_case, read_case

    told = parse_case(_standard_input()) if case == "-" else read_case(case)
    from stillwell.language.encoder import load_beside

    load_beside()
    from stillwell.knowledge.store import knowledge

    knowledge()
    keep_for_good()
    from stillwell.case.understand import understand

    if labs is not None:
        from stillwell.cli.sheet_option import with_sheet

        told = with_sheet(told, labs)
    if dry_run:
        _dry_run(understand(told))
        return
    from stillwell.assess.assessment import assess as run
    from stillwell.report.write import FORMATS, write
    from stillwell.triage.rules import RED

    forms = tuple(dict.fromkeys(forms)) or ("terminal",)
    stem = "standard-input" if case == "-" else Path(case).stem
    paths = _report_paths(case, out, {form: f"{stem}.{FORMATS[form]}" for form in forms})
    result = run(told, units=units, authority=authority)
    for form in forms:
        colour = (
            form == "terminal"
            and out is None
            and sys.stdout.isatty()
            and not os.environ.get("NO_COLOR")
        )
        text = write(
            result,
            form,
            colour=colour,
            width=columns() if out is None else PIPE_COLUMNS,
            audience=audience,
            everything=everything,
        )
        if out is None:
            click.echo(text, nl=False)
            continue
        try:
            _write_report(paths[form], text)
        except CaseError:
            if result.urgency.level in RED:  # the alarm is not lost with the report
                click.echo(plain(f"{result.plan.heading} {result.plan.now}"), err=True)
            raise
        click.echo(f"written: {plain(str(paths[form]))}", err=True)


def _report_paths(case: str, out: str | None, names: dict[str, str]) -> dict[str, Path]:
    """Form -> where its report goes.

    Raises:
        CaseError: no name, a file's name for several forms, or the case's own file.
    """
    if out is None:
        return {}
    if not out.strip():
        raise CaseError("--out", "is empty", "Give a file or a folder")
    new = not Path(out).suffix and not os.path.lexists(out)
    folder = os.path.isdir(out) or out.endswith(os.sep) or new
    if len(names) > 1 and not folder:
        raise CaseError(
            "--out",
            f"'{out}' is a file's name, and {len(names)} forms were asked for",
            "Give a folder, with / at its end, or one --format",
        )
    paths = {form: Path(out) / name if folder else Path(out) for form, name in names.items()}
    for path in paths.values():
        if case != "-" and same_file(path, case):
            raise CaseError("--out", f"'{path}' is the case itself", "Give another name")
    return paths


def _write_report(path: Path, text: str, mode: int = 0o600) -> None:
    try:
        write_whole(path, text, mode=mode)
    except OSError as error:
        way = "Choose a folder you may write to, and a short name"
        raise CaseError("--out", f"{path}: {error.strerror}", way) from None


def _medicine(taken) -> str:  # type: ignore[no-untyped-def]
    """What is taken as it was told, and what that is where the words do not say so themselves."""
    from stillwell.knowledge.store import knowledge

    base = knowledge().base
    record = base.medicines.get(taken.group) or base.supplements[taken.group]
    known = taken.member or record.name
    if taken.one_of > 1:
        return f"{taken.told} (kind not known)"
    return taken.told if known.lower() in taken.told.lower() else f"{taken.told} ({known})"


def _dry_run(told) -> None:  # type: ignore[no-untyped-def]
    from stillwell.assess.in_words import told_present
    from stillwell.knowledge.store import knowledge

    base = knowledge().base
    names = {i: finding.name for i, finding in base.findings.items()}
    names |= {i: history.name for i, history in base.history.items()}
    person, eating = told.person, told.eating_in_words
    age = "" if person.age is None else f"{person.age:g} years"
    rows = [
        ("person", [said for said in (age, person.sex or "") if said]),
        ("present", [base.findings[f].name for f in told_present(base, told)]),
        (
            "perhaps meant",
            [f"{names[i]} ({told.from_words.get(i, '')})" for i in told.perhaps if i in names],
        ),
        ("not present", [base.findings[f].name for f in told.absent]),
        ("history", [base.history[h].name for h in told.history_present]),
        ("not in history", [base.history[h].name for h in told.history_absent]),
        ("medicines", list(dict.fromkeys(map(_medicine, told.medicines)))),
        ("supplements", list(dict.fromkeys(map(_medicine, told.supplements)))),
        ("planned", list(dict.fromkeys(map(_medicine, told.planned)))),
        ("allergies", told.all_allergies),
        ("food left out", [*told.avoids, *eating.get("avoids", [])]),
        ("way of eating", eating.get("diets", [])),
        ("measured", list(dict.fromkeys(r.shown for v in told.vitals.values() for r in v))),
        ("results", [f"{base.tests[t].name} {r.shown} ({r.flag})" for t, r in told.labs.items()]),
    ]
    for name, items in rows:
        if items:
            click.echo(f"{name}: {', '.join(items)}")
    for line in told.unclear:
        click.echo(f"NOT USED: {line}")


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=8321, show_default=True)
@click.option("--data", help="Where it is kept: a file, or postgresql+psycopg://...")
@click.option("--workers", type=click.IntRange(0, 64), default=0, help="Processes that assess.")
@click.option("--open", "show", is_flag=True, help="Open the page in the browser.")
@click.option(
    "--passphrase", "locked", is_flag=True, help="Keep everything encrypted; asks for it."
)
@click.option(
    "--lan", is_flag=True, help="Let others in this network use it, each with an account."
)
@click.option("--host-name", "names", multiple=True, help="A further name browsers reach it by.")
@click.option("--proxy", default="", help="Address of a proxy to believe (docs/serving.md).")
def serve(
    host: str,
    port: int,
    data: str | None,
    workers: int,
    show: bool,
    locked: bool,
    lan: bool,
    names: tuple[str, ...],
    proxy: str,
) -> None:
    """Open the private page on this machine (Ctrl-C stops it).

    \b
    Example: stillwell serve --open
    """
    from stillwell.cli.browser import opened_in_browser
    from stillwell.cli.data_commands import ask_passphrase
    from stillwell.web.serve import serve as run

    def ready(url: str) -> None:
        click.echo(f"stillwell runs at {url} (Ctrl-C stops it)")
        if show and not opened_in_browser(url):
            click.echo("no browser was found here: open that address in one yourself")

    def invited(code: str) -> None:
        click.echo(f"invitation for the first account (once, two days): {code}")
        if not proxy:
            click.echo("others in the network can read passwords: see docs/serving.md", err=True)

    run(
        host="0.0.0.0" if lan else host,
        port=port,
        data=data,
        workers=workers,
        ask=ask_passphrase if locked else None,
        names=names,
        proxy=proxy,
        ready=ready,
        invited=invited,
    )


@main.group("data")
def data_group() -> None:
    """What the page keeps: take it along, bring it back, lock it, delete it."""


_kept = click.option("--data", help="Where it is kept: a file, or postgresql+psycopg://...")
_locked = click.option("--passphrase", "locked", is_flag=True, help="It is locked: asks for it.")


@data_group.command("invite")
@_kept
@_locked
def data_invite(data: str | None, locked: bool) -> None:
    """Print an invitation for one more account of a shared server.

    \b
    Example: stillwell data invite
    """
    from stillwell.cli.data_commands import invite

    invite(data, locked)


@data_group.command("export")
@click.argument("file", type=click.Path(path_type=Path))
@_kept
@_locked
def data_export(file: Path, data: str | None, locked: bool) -> None:
    """Write everything into FILE, a zip with a page, tables and a data file.

    \b
    Example: stillwell data export stillwell.zip
    """
    from stillwell.cli.data_commands import save

    save(file, data, locked)


@data_group.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@_kept
@_locked
def data_import(file: Path, data: str | None, locked: bool) -> None:
    """Bring back what was exported into FILE; what is here stays, and the later version of a record.

    \b
    Example: stillwell data import stillwell.zip
    """
    from stillwell.cli.data_commands import bring

    bring(file, data, locked)


@data_group.command("delete")
@_kept
@click.option("--yes", "sure", is_flag=True, help="Do not ask.")
def data_delete(data: str | None, sure: bool) -> None:
    """Delete everything, and look through the file whether it is gone.

    \b
    Example: stillwell data delete
    """
    from stillwell.cli.data_commands import erase

    erase(data, sure)


@data_group.command("passphrase")
@_kept
@click.option("--remove", is_flag=True, help="Take it away: the data lies open then.")
def data_passphrase(data: str | None, remove: bool) -> None:
    """Lock the data with a passphrase, change it, or take it away.

    \b
    Example: stillwell data passphrase
    """
    from stillwell.cli.data_commands import passphrase

    passphrase(data, remove)


@main.command()
@click.option("--resume", help="Keep answers in this file and go on from it.")
def ask(resume: str | None) -> None:
    """Answer questions in the terminal; the most informative one comes next.

    \b
    Answers: y, n, ? (don't know), s (skip), b (back), w (why do you ask?), q (stop and report)
    """
    from stillwell.cli.interview import interview

    if resume is not None and not resume.strip():
        raise CaseError("--resume", "is empty", "Give the name of a file for the answers")
    interview(Path(resume) if resume is not None else None)


@main.command()
@click.argument(
    "folder", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path)
)
@click.option("--without-labs", is_flag=True, help="Leave out all results.")
@click.option(
    "--from-story",
    is_flag=True,
    help="Use only the story's words, age, sex, medicines and results.",
)
@click.option("--reading", metavar="FILE.jsonl", help="How well labelled messages are read.")
@click.option("--triage", metavar="FILE.csv", help="How well urgency is told.")
@click.option(
    "--rewordings", metavar="FILE.jsonl", help="What changes between texts that mean the same."
)
@click.option(
    "--misses",
    metavar="[FIGURE]",
    is_flag=False,
    flag_value="all",
    help="List the messages behind one figure of a file, or behind all.",
)
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON.")
def evaluate(
    folder: Path | None,
    without_labs: bool,
    from_story: bool,
    reading: str | None,
    triage: str | None,
    rewordings: str | None,
    misses: str | None,
    as_json: bool,
) -> None:
    """Accuracy on the labelled cases in FOLDER, or on one file of labelled messages.

    \b
    Example: stillwell evaluate cases/ --from-story
    Example: stillwell evaluate --reading messages.jsonl --misses false_claims
    Example: stillwell evaluate --triage situations.csv
    """
    files = {"reading": reading, "triage": triage, "rewordings": rewordings}
    given = [(kind, path) for kind, path in files.items() if path is not None]
    if folder is not None and not given:
        if misses is not None:
            raise CaseError("--misses", "is for a file of messages", "Cases are listed anyway")
        _evaluate_cases(folder, without_labs, from_story, as_json)
        return
    if folder is not None or len(given) != 1:
        way = "Give a folder of cases, or one of --reading, --triage and --rewordings"
        raise CaseError("evaluate", "needs one thing to evaluate", way)
    if without_labs or from_story:
        option = "--without-labs" if without_labs else "--from-story"
        raise CaseError(option, "is for a folder of cases", "Leave it out")
    from stillwell.cli.evaluate_command import evaluate_file

    kind, path = given[0]
    evaluate_file(kind, Path(path), as_json, misses)


def _evaluate_cases(folder: Path, without_labs: bool, from_story: bool, as_json: bool) -> None:
    import msgspec

    from stillwell.assess.evaluate import evaluate as run

    total = len(list(folder.glob("*.y*ml")))

    def show(done: int) -> None:
        if sys.stderr.isatty():
            click.echo(
                f"\r{done}/{total} " + "█" * (30 * done // max(total, 1)), nl=False, err=True
            )

    result = run(folder, without_labs=without_labs, from_story=from_story, progress=show)
    if sys.stderr.isatty():
        click.echo(err=True)
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(result)).decode())
        return
    click.echo(f"cases         {result.n}")
    click.echo(f"top-1         {result.top1:.1%}")
    click.echo(f"top-3         {result.top3:.1%}")
    click.echo(f"under-triage  {result.under_triage:.1%}  less urgent than the label")
    click.echo(
        f"over-triage   {result.over_triage:.1%}  today or emergency, label routine or self-care"
    )
    click.echo(f"above label   {result.above_label:.1%}  more urgent than the label by any step")
    if result.recognised is not None:
        click.echo(f"findings recognised in the story {result.recognised:.1%}")
    for row in result.cases:
        mark = "ok  " if row.rank == 1 else "top3" if row.rank <= 3 else "MISS"
        click.echo(
            f"{mark} {row.id:9} {row.primary:28} rank {row.rank:<3} "
            f"urgency {row.urgency_given} (label {row.urgency_expected})"
        )
        if row.reason:
            click.echo(f"       {row.reason}")


@main.command()
@click.option("--format", "form", type=click.Choice(["terminal", "md"]), default="terminal")
def compare(form: str) -> None:
    """The classic comparison: nutrients, restless legs, tremor, anxiety, exertion, in tables with sources.

    \b
    Example: stillwell compare --format md
    """
    from stillwell.knowledge.store import knowledge
    from stillwell.learn.records.comparison import comparison

    click.echo(comparison(knowledge().base, markdown=form == "md"), nl=False)


@main.command()
@click.argument("question", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="Print the ranked answers as JSON.")
@click.option("--all", "whole", is_flag=True, help="Show long lists whole.")
def learn(question: tuple[str, ...], as_json: bool, whole: bool) -> None:
    """Answer QUESTION from the knowledge base, with sources; says so when we don't know.

    \b
    Example: stillwell learn "can low vitamin d make my legs shake?"
    """
    import msgspec

    from stillwell.cli.learn_command import show_answers
    from stillwell.knowledge.store import knowledge
    from stillwell.learn.answer import Library

    words = plain(" ".join(question))
    if len(words) > 2000:
        raise CaseError("question", "is longer than 2,000 letters", "Ask one thing at a time")
    found = Library(knowledge()).answer(words)
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(found)).decode())
        return
    show_answers(found, whole)


@main.command()
@click.argument("diary", required=False)
@click.option("--habits", "ask", is_flag=True, help="Ask the short form of some 20 questions.")
@click.option("--age", type=click.FloatRange(0, 120))
@click.option("--sex", type=click.Choice(["female", "male"]))
@click.option("--pregnant", is_flag=True)
@click.option(
    "--with",
    "history",
    multiple=True,
    help="smoking, vegan, vegetarian, breastfeeding, postmenopausal.",
)
@click.option("--correct", multiple=True, help="'phrase=food id': what a phrase means.")
@click.option(
    "--body",
    "--authority",
    "body",
    type=click.Choice(["US", "EFSA", "UK"], case_sensitive=False),
    default="US",
    help="Whose reference intakes (of the UK: what is advised, RNI; no average requirements).",
)
@click.option("--json", "as_json", is_flag=True)
def diet(
    diary: str | None,
    ask: bool,
    age: float | None,
    sex: str | None,
    pregnant: bool,
    history: tuple[str, ...],
    correct: tuple[str, ...],
    body: str,
    as_json: bool,
) -> None:
    """What DIARY holds (a text or case file; '-' reads standard input) against what you need.

    \b
    Example: echo "2 eggs, toast, black coffee x3" | stillwell diet - --age 40 --sex female
    Example: stillwell diet --habits --age 40 --sex female
    """
    from stillwell.cli.diet_command import ask_habits, case_from_words, corrections, show_diet

    text = _text(diary) if diary else None
    habits = ask_habits() if ask else {}
    case = case_from_words(text, age, sex, pregnant, list(history), corrections(correct), habits)
    show_diet(case, body, as_json)


@main.command()
@click.argument("case")
@click.option(
    "--nutrient", "nutrients", multiple=True, help="Close the gap of these; else those in question."
)
@click.option(
    "--level", default=0.1, show_default=True, help="Accepted chance of getting too little."
)
@click.option(
    "--prices", help="CSV file (food,price of a portion): dear foods count as more change."
)
@click.option("--json", "as_json", is_flag=True)
def plan(
    case: str, nutrients: tuple[str, ...], level: float, prices: str | None, as_json: bool
) -> None:
    """Three ways to close the gaps of CASE (with its `diary:` or `habits:`) by the least change of diet."""
    from stillwell.cli.food_commands import show_plan

    show_plan(_text(case), list(nutrients), as_json, level, prices)


@main.group()
def foods() -> None:
    """The food table: search it, match meal text, list foods rich in a nutrient, import."""


@foods.command("search")
@click.argument("words", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True)
def foods_search(words: tuple[str, ...], as_json: bool) -> None:
    """Foods whose names fit WORDS, best first."""
    from stillwell.cli.food_commands import search

    search(_short("words", words), as_json)


@foods.command("match")
@click.argument("text", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True)
def foods_match(text: tuple[str, ...], as_json: bool) -> None:
    """Each phrase of TEXT (or each row of a CSV file with a column `text`) as foods and grams.

    \b
    Example: stillwell foods match "2 eggs, a bowl of oatmeal with milk, black coffee x3"
    """
    from stillwell.cli.food_commands import match

    match(" ".join(text), as_json)


@foods.command("rich-in")
@click.argument("nutrient")
@click.option("--vegan", is_flag=True)
@click.option("--avoid", multiple=True, help="An allergy or way of eating; may be given again.")
@click.option("--per", type=click.Choice(["portion", "100kcal", "100g"]), default="portion")
@click.option("--json", "as_json", is_flag=True)
def foods_rich_in(
    nutrient: str, vegan: bool, avoid: tuple[str, ...], per: str, as_json: bool
) -> None:
    """Foods rich in NUTRIENT.

    \b
    Example: stillwell foods rich-in magnesium --avoid nuts --avoid kosher
    """
    from stillwell.cli.food_commands import rich_in

    ways = [*(["vegan"] if vegan else []), *map(plain, avoid)]
    rich_in(plain(nutrient), ways, per, as_json)


@foods.command("import")
@click.argument("path", type=click.Path(exists=True, path_type=Path))
def foods_import(path: Path) -> None:
    """Bring an official FoodData Central download (the folder of its CSV files, or a JSON file)."""
    from stillwell.cli.food_commands import bring

    bring(path)


def _text(source: str) -> str:
    """The text of a file, or of standard input for '-'."""
    name = "standard input" if source == "-" else source
    return plain(as_text(_standard_input() if source == "-" else read_bytes(source), name))


def _standard_input() -> bytes:
    return read_stream(getattr(sys.stdin, "buffer", None), "standard input", MAX_BYTES)


def _short(field: str, words: tuple[str, ...]) -> str:
    """Words of a command line, of no more than a sentence or two. Raises CaseError."""
    text = plain(" ".join(words))
    if len(text) > 2000:
        raise CaseError(field, "is longer than 2,000 letters", "Give a few words")
    return text


@main.group()
def kb() -> None:
    """The knowledge base: check it, count it, read it."""


@kb.command("check")
def kb_check() -> None:
    """Check every knowledge file; prints all errors with file and line."""
    from stillwell.cli.knowledge_commands import check

    sys.exit(check())


@kb.command("stats")
@click.option("--json", "as_json", is_flag=True)
def kb_stats(as_json: bool) -> None:
    """Count what the knowledge base holds: figures, words and judgements apart."""
    from stillwell.cli.knowledge_commands import stats

    stats(as_json)


@kb.command("show")
@click.argument("name")
def kb_show(name: str) -> None:
    """A readable page of one cause, test or medicine class, with its sources.

    \b
    Example: stillwell kb show low_magnesium
    """
    from stillwell.cli.knowledge_commands import show

    show(name)


@kb.command("schema")
@click.argument("folder", type=click.Path(path_type=Path))
def kb_schema(folder: Path) -> None:
    """Write a JSON Schema of each kind of file (and of a case) into FOLDER."""
    from stillwell.cli.knowledge_commands import schemas

    for path, text in schemas(folder):
        _write_report(path, text, mode=0o644)  # tells of nobody


main.add_command(cohort)

if __name__ == "__main__":
    main()

"""The interview on a terminal: asks page after page, keeps every answer, and ends in the report."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click
import msgspec

from stillwell.assess.assessment import Assessment, assess
from stillwell.assess.interview import NONE, Page, next_page, page_of, taken_in
from stillwell.case.model import Case, Person, Told
from stillwell.case.read import case_from, parse_case, refuse_too_long
from stillwell.case.readers import lab_reader
from stillwell.case.understand import Understood, understand
from stillwell.characters import plain
from stillwell.cli.answers import NO, UNKNOWN, YES, Command, command_in, parse
from stillwell.cli.terminal import columns
from stillwell.errors import CaseError
from stillwell.files import read_bytes, write_whole
from stillwell.knowledge.store import knowledge
from stillwell.report.chances import percent
from stillwell.report.write import write
from stillwell.triage.rules import RED, triage

MOST_QUESTIONS = 15
SUICIDE = frozenset(["suicidal_danger", "suicidal_thoughts_told"])
NOTHING = ("", *NO, *UNKNOWN, "skip", "s")


class Session(msgspec.Struct, kw_only=True):
    """An interview so far: the case as it was opened, and every answer in order, by its page's key."""

    case: Case
    answers: list[tuple[str, str]] = []

    def told(self) -> Case:
        """The case with the answers taken in."""
        return taken_in(self.case, self.answers, knowledge())


def interview(resume: Path | None) -> None:
    """Run the interview; every answer is kept in `resume`, where given.

    Where `resume` is a case and no interview, it stays as it is, and the answers go to a new file beside it.

    Raises:
        CaseError: `resume` cannot be read or written.
    """
    session = None
    if resume is not None and os.path.lexists(resume):
        session, resume = _resumed(resume)
    elif resume is not None:
        _refuse_name(resume)
    session = session or _opening()
    _keep(resume, session)
    try:
        _ask(session, resume)
    except (click.Abort, EOFError, KeyboardInterrupt):
        more = " " + _say("go_on_with", path=resume) if resume else ""
        click.echo("\n" + _say("stopped") + more)
    click.echo()
    colour = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    report = write(assess(session.told()), "terminal", colour=colour, width=columns())
    click.echo(report, nl=False)


def _say(key: str, **parts: object) -> str:
    return knowledge().base.wording.interview[key].format(**parts)


def _ask(session: Session, resume: Path | None) -> None:
    known = knowledge()
    warned = False
    while len(session.answers) < MOST_QUESTIONS:
        understood = understand(session.told())
        result = assess(understood, draws=0)
        _show_top(result)
        if SUICIDE & {a.id for a in result.urgency.alerts}:
            return  # the report that follows says what matters now; legs can wait
        if result.urgency.level == "emergency" and not warned:
            warned = True
            why = result.urgency.alerts[0].why
            click.secho(f"\n{result.plan.heading}\n{result.plan.now} {why}", fg="red", bold=True)
            if not click.confirm(_say("go_on"), default=False):
                return
        page = next_page(understood, result, [key for key, _ in session.answers], known)
        if page is None:
            click.echo("\n" + _say("enough"))
            return
        given = _answer(len(session.answers) + 1, page, session)
        if given == Command("quit"):
            return
        if given == Command("back"):
            if not session.answers:
                click.echo("   " + _say("first"))
                continue
            session.answers.pop()
        elif isinstance(given, Command):
            if not _change(session, given.number):
                return
        else:
            session.answers.append((page.key, given))
        _keep(resume, session)


def _change(session: Session, number: int) -> bool:
    """Ask one answer again and put the new one in its place; False where the person stops there."""
    page = page_of(session.answers[number - 1][0], knowledge())
    given = _answer(number, page, session)
    if given == Command("quit"):
        return False
    if isinstance(given, str):
        session.answers[number - 1] = (page.key, given)
    return True


def _answer(number: int, page: Page, session: Session) -> str | Command:
    """What the person says to a page, as it is kept, or what they want instead."""
    known = knowledge()
    commands = _say("commands")
    click.echo(f"\n{number}. {page.text}")
    if page.kind in ("any_of", "one_of"):
        for place, item in enumerate(page.items, 1):
            table = known.base.findings if item in known.base.findings else known.base.history
            click.echo(f"   {place:2} {table[item].name}")
    hint = {"yes_no": "yes_no", "any_of": "numbers", "one_of": "number"}.get(page.kind)
    shown = f"[{_say(hint)}; {commands}]" if hint else f"[{commands}]"
    while True:
        raw = plain(str(click.prompt(f"   {shown}", default="", show_default=False)))
        given = parse(raw, page)
        if isinstance(given, Command) and given.name == "why":
            click.echo("   " + _say("because", why=page.why or _say("small")))
        elif isinstance(given, Command) and given.name == "change":
            if 1 <= given.number <= len(session.answers):
                return given
            click.echo(
                "   " + _say("no_such", number=given.number, most=max(len(session.answers), 1))
            )
        elif given is None:
            key = {"yes_no": "yes_or_no", "any_of": "one_of_numbers", "one_of": "one_number"}
            click.echo("   " + _say(key[page.kind], most=len(page.items), commands=commands))
        elif page.kind == "results" and isinstance(given, str) and not _read(given, session):
            return NONE
        else:
            return given


def _read(results: str, session: Session) -> bool:
    """Say what was made of results in words, and whether anything was."""
    if results in (NONE, "unknown", "skip"):
        return True
    read = lab_reader().read(results, session.case.person)
    notes = [
        *read.notes,
        *understand(msgspec.structs.replace(session.case, labs=read.labs)).unclear,
    ]
    for line in dict.fromkeys(notes):
        click.echo(f"   ({line})")
    if not read.labs:
        click.echo("   " + _say("results_unread"))
    return bool(read.labs)


def _opening() -> Session:
    """The first questions: what is the matter, age, sex, medicines; "back" goes to the one before.

    Raises:
        click.Abort: the person wants to stop before anything was told.
    """
    words, told = _complaint()
    asks = (lambda: _number(_say("age")), _sex, _medicines)
    given: list[object] = []
    while len(given) < len(asks):
        answer = asks[len(given)]()
        if answer != Command("back"):
            given.append(answer)
        elif given:
            given.pop()
        else:
            words, told = _complaint()
    age, sex, listed = given
    case = Case(
        person=Person(age=age, sex=sex),  # type: ignore[arg-type]
        complaint=words,
        findings=Told(present=[], absent=[]),
        medicines=listed,  # type: ignore[arg-type]
    )
    for line in understand(case).unclear:
        if line not in told.unclear:
            click.echo(f"   ({line})")
    return Session(case=case)


def _complaint() -> tuple[str, Understood]:
    """What the person says is the matter, once something in it is understood."""
    while True:
        words = _words(_say("opening"))
        wanted = command_in(words)
        if wanted == "quit":
            raise click.Abort
        if wanted is not None:
            click.echo("   " + _say("first" if wanted == "back" else "opening_help"))
            continue
        understood = understand(Case(complaint=words))
        for line in understood.unclear:
            click.echo(f"   ({line})")
        _say_alarm(understood)
        if understood.history_present or not understood.understood_nothing:
            return words, understood
        click.echo(_say("again"))


def _medicines() -> list[str] | Command:
    """The medicines, one name each, or the wish to go back."""
    while True:
        said = _words(_say("medicines"), default="")
        wanted = command_in(said)
        if wanted == "back":
            return Command("back")
        if wanted == "quit":
            raise click.Abort
        if wanted is not None or said.lower() in YES:
            click.echo("   " + _say("medicines_help"))
            continue
        return [m.strip() for m in said.split(",") if m.strip().lower() not in NOTHING]


def _say_alarm(understood: Understood) -> None:
    """An alarm in the first words is said before anything is asked."""
    known = knowledge()
    urgency = triage(understood, known)
    if urgency.level in RED and urgency.alerts:
        heading = known.base.wording.levels[urgency.wording].heading
        alert = urgency.alerts[0]
        click.secho(f"\n{heading}\n{alert.do} {alert.why}\n", fg="red", bold=True)


def _words(text: str, default: str | None = None) -> str:
    """What the person says, in characters that can be read and of a length that can."""
    while True:
        said = plain(str(click.prompt(text, default=default, show_default=False))).strip()
        try:
            refuse_too_long({"that": said, "list": said.split(",")})
        except CaseError as error:
            click.echo(f"   {error}")
            continue
        if said or default is not None:
            return said


def _refuse_name(path: Path) -> None:
    """Refuse a name under which no file can be, before any question. Raises CaseError."""
    try:
        path.stat()
    except FileNotFoundError:
        pass
    except OSError as error:
        raise CaseError(
            "resume", f"the answers cannot be kept there ({error.strerror})", "Give another file"
        ) from None


def _number(text: str) -> float | Command | None:
    while True:
        raw = click.prompt(text, default="", show_default=False).strip()
        if command_in(raw) == "back":
            return Command("back")
        if raw.lower() in NOTHING:
            return None
        try:
            if 0 <= float(raw) <= 120:
                return float(raw)
        except ValueError:
            pass
        click.echo("   " + _say("age_again"))


def _sex() -> str | Command | None:
    while True:
        raw = click.prompt(_say("sex"), default="", show_default=False)
        raw = raw.strip().lower()
        if command_in(raw) == "back":
            return Command("back")
        if raw in (*NOTHING, "other"):
            return None
        if raw in ("f", "female", "woman", "w"):
            return "female"
        if raw in ("m", "male", "man"):
            return "male"
        click.echo("   " + _say("sex_again"))


def _show_top(result: Assessment) -> None:
    top = ", ".join(f"{c.name} {percent(c.contributes)}" for c in result.causes[:3])
    click.echo("   " + _say("so_far", top=top, nothing=percent(result.nothing_listed)))


def _resumed(path: Path) -> tuple[Session, Path]:
    """The interview or the case in a file, and the file for the answers.

    Raises:
        CaseError: neither can be read, or answers about this case are there already.
    """
    data = read_bytes(path, f"resume ({path})")
    try:
        kept = msgspec.json.decode(data, type=Session)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        case = parse_case(data, f"resume ({path})")
        answers = path.with_name(f"{path.stem}.answers.json")
        if os.path.lexists(answers):
            raise CaseError(
                "resume",
                f"{path.name} is a case, and {answers.name} holds answers about it already",
                f"Go on with --resume {answers}, or move that file away",
            ) from None
        click.echo(_say("kept_beside", case=path.name, answers=answers.name))
        return Session(case=case), answers
    case = case_from(msgspec.to_builtins(kept.case))
    refuse_too_long({"answers": [word for pair in kept.answers for word in pair]})
    return Session(case=case, answers=[(plain(n), plain(a)) for n, a in kept.answers]), path


def _keep(path: Path | None, session: Session) -> None:
    if path is None:
        return
    try:
        write_whole(path, msgspec.json.encode(session))
    except OSError as error:
        raise CaseError(
            "resume", f"the answers cannot be kept there ({error.strerror})", "Give another file"
        ) from None

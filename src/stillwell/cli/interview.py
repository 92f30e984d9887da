"""The interview: complaint in own words, red flags first, then the most informative question each time."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click
import msgspec

from stillwell.assess.assessment import Assessment, assess
from stillwell.case.model import Case, Person, Told
from stillwell.case.read import case_from, parse_case, refuse_too_long
from stillwell.case.understand import Understood, understand
from stillwell.characters import plain
from stillwell.cli.terminal import columns
from stillwell.errors import CaseError
from stillwell.files import read_bytes, write_whole
from stillwell.knowledge.store import Knowledge, knowledge
from stillwell.report.chances import percent
from stillwell.report.write import write
from stillwell.triage.red_flags import unasked_red_flags
from stillwell.triage.rules import RED, triage

MOST_QUESTIONS = 25
RED_FLAGS = 5  # questions about red flags that come first
WORTH_BITS = 0.01
UNSURE = 0.6  # probability that the words say something under which it is asked about
DOUBTFUL = 4  # questions about what the words may have meant
SUICIDE = frozenset(["suicidal_danger", "suicidal_thoughts_told"])
ANSWERS = {
    "yes": ("y", "yes", "yeah", "yep"),
    "no": ("n", "no", "nope"),
    "unknown": ("?", "d", "don't know", "dont know", "not sure", "unsure", "maybe", "sometimes"),
    "skip": ("s", "skip"),
    "back": ("b", "back"),
    "why": ("w", "why"),
    "quit": ("q", "quit", "stop", "report"),
}


class Session(msgspec.Struct, kw_only=True):
    """An interview so far: the case as it was opened, and every answer in order."""

    case: Case
    answers: list[tuple[str, str]] = []

    def told(self) -> Case:
        """The case with the answers taken in."""
        present = [name for name, answer in self.answers if answer == "yes"]
        absent = [name for name, answer in self.answers if answer == "no"]
        findings = Told(
            present=[*self.case.findings.present, *present],
            absent=[*self.case.findings.absent, *absent],
        )
        told = msgspec.structs.replace(self.case, findings=findings)
        if not self.case.findings.present and self.case.story:
            # beside answers the story stays the person's own complaint, as it was before the first one
            words = " ".join(t for t in (self.case.complaint, self.case.story) if t)
            told = msgspec.structs.replace(told, complaint=words, story=None)
        return told


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
        click.echo("\nStopped here." + (f" Go on with --resume {resume}." if resume else ""))
    click.echo()
    colour = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    report = write(assess(session.told()), "terminal", colour=colour, width=columns())
    click.echo(report, nl=False)


def _ask(session: Session, resume: Path | None) -> None:
    warned = False
    while len(session.answers) < MOST_QUESTIONS:
        result = assess(session.told(), draws=0)
        _show_top(result)
        if SUICIDE & {a.id for a in result.urgency.alerts}:
            return  # the report that follows says what matters now; legs can wait
        if result.urgency.level == "emergency" and not warned:
            warned = True
            why = result.urgency.alerts[0].why
            click.secho(f"\n{result.plan.heading}\n{result.plan.now} {why}", fg="red", bold=True)
            if not click.confirm("Go on with the questions all the same?", default=False):
                return
        question = _next(session, result)
        if question is None:
            click.echo("\nNo further question is worth its trouble.")
            return
        name, text, why = question
        answer = _answer(len(session.answers) + 1, text, why)
        if answer == "quit":
            return
        if answer == "back":
            if not session.answers:
                click.echo("   This is the first question.")
                continue
            session.answers.pop()
        else:
            session.answers.append((name, answer))
        _keep(resume, session)


def _next(session: Session, result: Assessment) -> tuple[str, str, str] | None:
    """The next question: id, text, and why it is asked."""
    known = knowledge()
    asked = {name for name, _ in session.answers}
    told = understand(session.told())
    for name in _doubtful(told, known):
        if name not in asked:
            text = known.base.wording.alarms["you_wrote"].format(
                words=told.from_words[name], question=known.base.findings[name].question
            )
            return name, text, "to be sure of what you meant"
    if len(session.answers) < RED_FLAGS:
        present = {c.id: c.present for c in result.causes}
        for name in unasked_red_flags(told, known, present):
            if name not in asked:
                why = "to rule out first what cannot wait"
                return name, known.base.findings[name].question, why
    for question in result.questions:
        if question.id in asked or known.base.findings[question.id].sign:
            continue
        if question.bits < WORTH_BITS:
            return None
        return question.id, question.text, question.why
    return None


def _doubtful(told: Understood, known: Knowledge) -> list[str]:
    """Findings that the words perhaps tell: alarm signs first, then the likeliest; a few of them."""
    alarms = set(known.base.lexicon["alarm_items"])
    unsure = {n: p for n, p in told.certainty.items() if n in told.present and p < UNSURE}
    unsure |= {n: p for n, p in told.perhaps.items() if n not in told.present}
    found = [n for n in unsure if n in known.base.findings and n in told.from_words]
    return sorted(found, key=lambda n: (n not in alarms, -unsure[n]))[:DOUBTFUL]


def _opening() -> Session:
    told: Understood | None = None
    words = ""
    while told is None or not (told.history_present or not told.understood_nothing):
        if told is not None:
            click.echo("That was not understood. Try other words: what do your legs do, and when?")
        words = _words("What is the matter with your legs? (your own words)")
        told = understand(Case(complaint=words))
        for line in told.unclear:
            click.echo(f"   ({line})")
        _say_alarm(told)
    age = _number("Your age (Enter to skip)")
    sex = _sex()
    medicines = _words("Medicines, with commas between (Enter for none)", default="")
    names = [m.strip() for m in medicines.split(",") if m.strip()]
    case = Case(
        person=Person(age=age, sex=sex),  # type: ignore[arg-type]
        complaint=words,
        findings=Told(present=[], absent=[]),
        medicines=list(names),
    )
    for line in understand(case).unclear:
        if line not in told.unclear:
            click.echo(f"   ({line})")
    return Session(case=case)


def _say_alarm(told: Understood) -> None:
    """An alarm in the first words is said before anything is asked."""
    known = knowledge()
    urgency = triage(told, known)
    if urgency.level in RED and urgency.alerts:
        heading = known.base.wording.levels[urgency.level].heading
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


def _number(text: str) -> float | None:
    while True:
        raw = click.prompt(text, default="", show_default=False).strip()
        if not raw:
            return None
        try:
            if 0 <= float(raw) <= 120:
                return float(raw)
        except ValueError:
            pass
        click.echo("   Please give the age in years, such as 52, or press Enter.")


def _sex() -> str | None:
    while True:
        raw = click.prompt("Sex: f, m (Enter to skip)", default="", show_default=False)
        raw = raw.strip().lower()
        if raw in ("", "skip", "other", "none"):
            return None
        if raw in ("f", "female", "woman", "w"):
            return "female"
        if raw in ("m", "male", "man"):
            return "male"
        click.echo("   Please answer f or m, or press Enter.")


def _answer(number: int, text: str, why: str) -> str:
    while True:
        raw = click.prompt(f"\n{number}. {text} [y/n/?/s/b/w/q]", default="?", show_default=False)
        given = raw.strip().lower()
        answer = next((a for a, words in ANSWERS.items() if given in words), None)
        if answer == "why":
            click.echo(f"   Because: {why or 'it would move several causes a little'}")
        elif answer is not None:
            return answer
        else:
            click.echo(
                "   Please answer y (yes), n (no), ? (don't know), s (skip), b (back), "
                "w (why do you ask?) or q (stop and report)."
            )


def _show_top(result: Assessment) -> None:
    top = ", ".join(f"{c.name} {percent(c.contributes)}" for c in result.causes[:3])
    click.echo(f"   so far: {top}; nothing listed {percent(result.nothing_listed)}")


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
        click.echo(f"{path.name} stays as it is; your answers are kept in {answers.name}.")
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

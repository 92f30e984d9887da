"""The interview: complaint in own words, then the most informative question each time."""

from __future__ import annotations

import os
from pathlib import Path

import click
import msgspec

from stillwell.assess.assessment import Assessment, assess
from stillwell.case.model import Case, Person, Told
from stillwell.case.read import read_case
from stillwell.case.understand import understand
from stillwell.knowledge.store import knowledge
from stillwell.report.view import percent
from stillwell.report.write import write

MOST_QUESTIONS = 25
WORTH_BITS = 0.01


def interview(resume: Path | None) -> None:
    """Run the interview; every answer is kept in `resume`, where given."""
    case = read_case(resume) if resume is not None and resume.exists() else _opening()
    findings = knowledge().base.findings
    skipped: set[str] = set()
    answered: list[str] = []
    for number in range(1, MOST_QUESTIONS + 1):
        _keep(resume, case)
        result = assess(case, draws=0)
        _show_top(result)
        if result.urgency.level == "emergency":
            click.echo(
                click.style(
                    f"\n{result.plan.now} {result.urgency.alerts[0].why}", fg="red", bold=True
                )
            )
        question = next(
            (q for q in result.questions if q.id not in skipped and not findings[q.id].sign), None
        )
        if question is None or question.bits < WORTH_BITS:
            click.echo("\nNo further question is worth its trouble.")
            break
        answer = _answer(number, question.text, question.why)
        if answer == "q":
            break
        if answer == "b" and answered:
            last = answered.pop()
            case = _without(case, last)
            skipped.discard(last)
        elif answer in ("y", "n"):
            side = case.findings.present if answer == "y" else case.findings.absent
            side.append(question.id)
            answered.append(question.id)
        else:
            skipped.add(question.id)
    _keep(resume, case)
    click.echo()
    click.echo(write(assess(case), "terminal", colour=not os.environ.get("NO_COLOR")), nl=False)


def _opening() -> Case:
    words = click.prompt("What is the matter with your legs? (your own words)")
    age = click.prompt("Your age (Enter to skip)", default="", show_default=False)
    sex = click.prompt("Sex: f, m (Enter to skip)", default="", show_default=False).lower()[:1]
    medicines = click.prompt(
        "Medicines, with commas between (Enter for none)", default="", show_default=False
    )
    person = Person(
        age=float(age) if age.strip().replace(".", "", 1).isdigit() and float(age) <= 120 else None,
        sex={"f": "female", "m": "male"}.get(sex),  # type: ignore[arg-type]
    )
    told = understand(Case(person=person, complaint=words))
    for line in told.unclear:
        click.echo(f"({line})")
    return Case(
        person=person,
        complaint=words,
        findings=Told(present=[], absent=[]),
        medicines=[m.strip() for m in medicines.split(",") if m.strip()],
    )


def _answer(number: int, text: str, why: str) -> str:
    while True:
        raw = click.prompt(f"\n{number}. {text} [y/n/?/s/b/w/q]", default="?", show_default=False)
        answer = raw.strip().lower()[:1]
        if answer == "w":
            click.echo(f"   Because it would move: {why or 'several causes a little'}")
            continue
        if answer in ("y", "n", "?", "s", "b", "q"):
            return answer
        click.echo("   Please answer y, n, ?, s, b, w or q.")


def _without(case: Case, name: str) -> Case:
    told = Told(
        present=[f for f in case.findings.present if f != name],
        absent=[f for f in case.findings.absent if f != name],
    )
    return msgspec.structs.replace(case, findings=told)


def _show_top(result: Assessment) -> None:
    top = ", ".join(f"{c.name} {percent(c.contributes)}" for c in result.causes[:3])
    click.echo(f"   so far: {top}; nothing listed {percent(result.nothing_listed)}")


def _keep(path: Path | None, case: Case) -> None:
    if path is None:
        return
    part = path.with_name(path.name + ".part")
    part.write_bytes(msgspec.json.encode(case))
    os.replace(part, path)

"""What `stillwell diet` prints: what was understood, usual intakes beside needs and limits, what is missing."""

from __future__ import annotations

import click
import msgspec

from stillwell.assess.ceilings import Authority
from stillwell.assess.diet import diet_cautions, intake_lines, other_lines, read_diet
from stillwell.assess.intakes import Eaten, IntakeLine
from stillwell.case.model import Case
from stillwell.case.read import refuse_too_long
from stillwell.case.understand import Understood, understand
from stillwell.characters import plain
from stillwell.cli.food_commands import diary_alone, diary_or_case
from stillwell.errors import CaseError
from stillwell.knowledge.store import knowledge
from stillwell.nutrition.foods.record import spoken
from stillwell.nutrition.foods.table import connect
from stillwell.nutrition.intake.diary import Day
from stillwell.nutrition.intake.habits import Question, questions, times_a_week
from stillwell.nutrition.intake.usual import life_stage, unknown_foods
from stillwell.nutrition.planner.wording import said

LIKELY_BELOW = 0.05  # probability from which passing an upper level is shown


def corrections(told: tuple[str, ...]) -> dict[str, str]:
    """`--correct 'phrase=food id'` as a map.

    Raises:
        CaseError: no equals sign.
    """
    found = {}
    for line in told:
        phrase, equals, meant = plain(line).partition("=")
        if not equals or not phrase.strip():
            raise CaseError(
                "--correct", f"'{line}' names no food", "Write 'phrase=food id' or 'phrase=food'"
            )
        found[phrase.strip()] = meant.strip()
    return found


def ask_habits() -> dict[str, float | str]:
    """The short form, asked in the terminal; an empty answer leaves a question out."""
    click.echo(
        "How often do you eat or drink these? Write times a week (3), or words (daily, 2 a day, once a month, "
        "never).\nEnter alone: don't know."
    )
    answers: dict[str, float | str] = {}
    for number, question in enumerate(questions(), 1):
        value = _answer(number, question)
        if value is not None:
            answers[question.id] = value
    return answers


def _answer(number: int, question: Question) -> float | None:
    while True:
        text = plain(
            click.prompt(
                f"{number}/{len(questions())} {question.ask} ({question.portion})",
                default="", show_default=False,
            )
        )  # fmt: skip
        if not text.strip():
            return None
        try:
            return times_a_week(float(text) if text.replace(".", "", 1).isdigit() else text)
        except CaseError as error:
            click.echo(str(error).removeprefix("habits: "))


def case_from_words(
    text: str | None,
    age: float | None,
    sex: str | None,
    pregnant: bool,
    history: list[str],
    correct: dict[str, str],
    habits: dict[str, float | str],
) -> Case:
    """The case that a file or a plain diary and the options tell together.

    Raises:
        CaseError: nothing eaten was told, or an age or life stage that is not possible.
    """
    if not text and not habits:
        raise CaseError(
            "diary", "is missing", "Give a file, - for standard input, or --habits to be asked"
        )
    case = (diary_or_case(text) if text else None) or diary_alone(text)
    refuse_too_long({"history": history, "foods": correct})
    person = case.person
    changed = {"age": age, "sex": sex, "pregnant": pregnant or None}
    person = msgspec.structs.replace(person, **{k: v for k, v in changed.items() if v is not None})
    life_stage(person)
    return msgspec.structs.replace(
        case,
        person=person,
        foods={**case.foods, **correct},
        habits={**case.habits, **habits},
        history=msgspec.structs.replace(
            case.history, present=[*case.history.present, *map(plain, history)]
        ),
    )


def show_diet(case: Case, body: str, as_json: bool) -> None:
    """Intakes with bars against what is needed, their sources, and what was not understood."""
    connect(lambda line: click.echo(line, err=True))
    understood = understand(case)
    authority: Authority = "uk" if body == "UK" else "lowest"
    eaten = read_diet(knowledge(), understood, body)
    if eaten is None:
        raise CaseError(
            "diary",
            "is missing",
            "Write what you ate under diary:, or food: times a week under habits:",
        )
    say = knowledge().base.wording.diet
    if not case.habits and not any(d.items or d.doses or d.troubles for d in eaten.days):
        raise CaseError("diary", say["no_food"], say["no_food_way"])
    lines = intake_lines(eaten.usual)
    if as_json:
        _as_json(understood, eaten, lines, authority)
        return
    for number, day in enumerate(eaten.days, 1):
        _print_day(number, day)
    if eaten.days:
        click.echo()
    for doubt in eaten.notes if eaten.doubted else []:
        click.echo(doubt)
    title = f"{'Usual intake a day (90 % range)':52}{'need':>8}  too little?"
    click.echo(click.style(title, bold=True))
    missed = sum(d.not_counted for d in eaten.days)
    for line in lines:
        _print_line(line, bool(eaten.days), missed, eaten.doubted)
    others = other_lines(eaten)
    if others:
        click.echo(said("others"))
    for other in others:
        silent = other.reporting < other.foods
        least = said("least", reporting=str(other.reporting), foods=str(other.foods))
        amount = _said(other.eaten)
        name = spoken(other.nutrient)
        click.echo(
            "  "
            + said("other", nutrient=name, amount=amount, unit=other.unit, least=least * silent)
        )
    if body == "UK":
        click.echo(said("uk"))
    click.echo(
        "Too little: the chance that your usual intake lies under your need (over few days it is uncertain)."
    )
    for name in unknown_foods(eaten.days):
        click.echo(f"NOT COUNTED: {name}")
    if any(d.asked for d in eaten.days):
        click.echo("Choose one with --correct 'phrase=food id', or under foods: in a case.")
    beside = diet_cautions(knowledge(), understood, eaten, authority)
    for note in dict.fromkeys([*([] if eaten.doubted else eaten.notes), *eaten.unread, *beside]):
        click.echo(note)


def _as_json(
    understood: Understood, intake: Eaten, lines: list[IntakeLine], authority: Authority
) -> None:
    value = {
        "days": len(intake.days),
        "foods": [msgspec.to_builtins(i) for d in intake.days for i in d.items],
        "asked": {
            phrase: [msgspec.to_builtins(c) for c in choices]
            for d in intake.days
            for phrase, choices in d.asked.items()
        },
        "not_eaten": [said for d in intake.days for said in d.denied],
        "intakes": lines,
        "others": other_lines(intake),
        "unknown": unknown_foods(intake.days),
        "supplements": intake.doses,
        "notes": [
            *intake.notes,
            *intake.unread,
            *diet_cautions(knowledge(), understood, intake, authority),
        ],
    }
    click.echo(msgspec.json.format(msgspec.json.encode(value)).decode())


def _print_day(number: int, day: Day) -> None:
    click.echo(click.style(f"Day {number}", bold=True))
    for item in day.items:
        if item.foods:
            best = item.foods[0]
            sure = f"{best.confidence:4.0%}" + (" ?" if best.confidence < 0.75 else "")
            lost = f"  without: {', '.join(best.lost)}" if best.lost else ""
            click.echo(
                f"  {item.text[:34]:34} {best.name[:34]:34} {best.grams:5.0f} g {sure}{lost}"
            )
        elif item.text in day.asked:
            names = "; ".join(c.name for c in day.asked[item.text][:3])
            click.echo(f"  {item.text[:34]:34} not counted: which? {names}")
        else:
            click.echo(f"  {item.text[:34]:34} NOT FOUND")
    for line in day.troubles:
        click.echo(f"  not counted: {line}")
    for nutrient, amount in day.doses.items():
        click.echo(f"  {spoken(nutrient)} from tablets: {amount:g}")
    if day.denied:
        click.echo(f"  not eaten: {', '.join(day.denied)}")


def _print_line(line: IntakeLine, diary: bool, missed: int, doubted: bool = False) -> None:
    need = line.advised or line.ear
    share = min(line.usual / need, 1.5) if need else 0.0
    bar = "█" * round(share * 12) if need else ""
    mark = (
        ""
        if doubted
        else (
            f"{line.inadequate:.0%}"
            if line.inadequate is not None
            else ("under AI" if line.ai and line.usual < line.ai else "")
            or (said("under") if line.rda and line.usual < line.rda else "")
        )
    )
    amount = f"{_said(line.usual)} {line.unit} ({_said(line.low)}-{_said(line.high)})"
    click.echo(
        f"{spoken(line.nutrient):13}{amount:26} {bar:18}{_said(need) if need else '-':>6}  {mark}".rstrip()
    )
    if diary and (line.reporting < line.foods or missed):
        silent = (
            f"; {line.reporting} of {line.foods} foods report {spoken(line.nutrient)}"
            if line.reporting < line.foods
            else ""
        )
        more = f"; {missed} not counted" if missed else ""
        click.echo(f"{'':13}told: at least {_said(line.eaten)} {line.unit}{silent}{more}")
    if line.tablets:
        click.echo(f"{'':13}of it {_said(line.tablets)} {line.unit} from tablets")
    if line.ul is not None and (line.above or 0.0) >= LIKELY_BELOW:
        what = " from tablets" if line.ul_counts == "supplements" else ""
        click.echo(
            f"{'':13}ABOVE the upper level of {_said(line.ul)} {line.unit}{what}: {line.above:.0%} likely"
        )
    if line.limit is not None and line.usual > line.limit:
        click.echo(f"{'':13}above {_said(line.limit)} {line.unit}: less is better")
    if line.sources and need:
        click.echo(f"{'':13}most from {'; '.join(name for name, _ in line.sources)}")


def _said(amount: float) -> str:
    """Three digits, never in powers of ten."""
    if amount >= 100:
        return f"{amount:.0f}"
    return f"{amount:.3g}"

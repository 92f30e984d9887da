"""What the answer rests on: results, what was understood, what is eaten, what is missing."""

from __future__ import annotations

from stillwell.assess.assessment import Assessment
from stillwell.assess.intakes import Diet, IntakeLine
from stillwell.assess.results import ResultLine
from stillwell.nutrition.foods.record import spoken
from stillwell.report.chances import percent
from stillwell.report.document import (
    AnyBlock,
    Item,
    Items,
    Paragraph,
    ResultRow,
    Results,
    Section,
    Table,
)
from stillwell.report.phrases import amount, listed, section, who
from stillwell.report.wording import words
from stillwell.triage.rules import RED
from stillwell.writing import capital

SHORT = 0.1  # chance of too little from which a nutrient is in the short table
MOST_INTAKES = 8


def results(assessment: Assessment) -> list[Section]:
    """Each result with the range used and where the person stands."""
    rows = [_row(line) for line in assessment.results]
    notes = [Paragraph(text=note.text, cite=note.cite) for note in assessment.result_notes]
    return section("results", "reasons", [Results(rows=rows), *notes])


def understood(assessment: Assessment) -> list[Section]:
    """What was read out of the case, and what was not used."""
    say = words().understood
    shown = {k: v for k, v in assessment.understood.items() if v}
    if assessment.results:
        shown.pop("results", None)  # they have a table of their own
    whose = _whose(assessment)
    leads = {name: say.get(f"{name}_{whose}", say.get(name, name)) for name in shown}
    items = [Item(lead=leads[name], text=listed(v)) for name, v in shown.items()]
    if assessment.person.age is not None or assessment.person.sex is not None:
        items.insert(0, Item(lead=say["person"], text=who(assessment.person)))
    items += [Item(lead=say["not_used"], text=line, tone="warning") for line in assessment.unclear]
    return section("understood", "reasons", [Items(items=items)])


def _whose(assessment: Assessment) -> str:
    """By which word the report speaks of somebody else than the one who tells; "" of the teller."""
    if not assessment.of_other:
        return ""
    return {"male": "he", "female": "she"}.get(assessment.person.sex or "", "they")


def gaps(assessment: Assessment) -> list[Section]:
    """Parts of the report that could not be worked out."""
    lines = [Item(text=line, tone="warning") for line in assessment.missing.values()]
    return section("gaps", "reasons", [Items(items=lines)])


def sayings(assessment: Assessment) -> list[Section]:
    """Popular sayings about the likely causes."""
    say = words().sayings["saying"]
    items = [
        Item(
            text=say.format(claim=s.claim, verdict=s.verdict, why=s.why),
            strength=s.strength,  # type: ignore[arg-type]
        )
        for s in assessment.plan.sayings
    ]
    items += [
        Item(lead=capital(line.nutrient), text=line.text)
        for line in assessment.plan.supplements
        if line.remark
    ]
    calm = assessment.urgency.level != "emergency"
    return section("sayings", "reasons", [Items(items=items)], folded=True) if calm else []


def who_can_help(assessment: Assessment) -> list[Section]:
    """Whom to see and which organisations help."""
    items = [Item(text=capital(line)) for line in assessment.plan.see]
    items += [
        Item(lead=helper.name, text=helper.what, note=helper.url)
        for helper in assessment.plan.helpers
    ]
    folded = assessment.urgency.level not in RED  # whom to call in an alarm is never folded away
    return section("help", "reasons", [Items(items=items)], folded=folded)


def intakes(assessment: Assessment) -> list[Section]:
    """What is eaten: the nutrients that may be short, and the lines that could not be used."""
    diet = assessment.diet
    if diet is None or assessment.urgency.level == "emergency":
        return []
    say = words().intakes
    lead = say["habits"]
    if diet.days:
        lead = say["lead_one"] if diet.days == 1 else say["lead"].format(days=diet.days)
    short = [i for i in _judged(diet) if (i.inadequate or 0) >= SHORT]
    short.sort(key=lambda i: -(i.inadequate or 0))
    not_used = words().understood["not_used"]
    notes = [Item(lead=not_used, text=line, tone="warning") for line in diet.unknown]
    notes += [Item(text=note) for note in diet.notes]
    blocks: list[AnyBlock] = [
        Paragraph(text=lead, tone="quiet"),
        _intake_table(short[:MOST_INTAKES]),
        Items(items=notes),
    ]
    return section("intakes", "reasons", blocks, folded=True)


def all_intakes(assessment: Assessment) -> list[Section]:
    """Every nutrient that has a reference intake."""
    if assessment.diet is None:
        return []
    table = _intake_table(_judged(assessment.diet))
    return section("all_intakes", "machinery", [table], extra=True)


def _judged(diet: Diet) -> list[IntakeLine]:
    return [i for i in diet.intakes if i.ear or i.ai]


def _intake_table(lines: list[IntakeLine]) -> Table:
    say = words().intakes
    return Table(
        caption="",
        columns=[say["nutrient"], say["usual"], say["little"], say["most"]],
        rows=[_intake(line) for line in lines],
    )


def _intake(line: IntakeLine) -> list[str]:
    say = words().intakes
    usual = say["range"].format(
        usual=amount(line.usual), unit=line.unit, low=amount(line.low), high=amount(line.high)
    )
    if line.reporting < line.foods:
        partly = say["at_least"].format(reporting=line.reporting, foods=line.foods)
        usual = f"{usual}, {partly}"
    if line.ear:
        advised = amount(line.rda or line.ear)
        little = say["advised"].format(chance=percent(line.inadequate), advised=advised)
    else:
        little = say["enough"].format(enough=amount(line.ai or 0.0))
    foods = "; ".join(name for name, _ in line.sources)
    return [capital(spoken(line.nutrient)), usual, little, foods]


def _row(line: ResultLine) -> ResultRow:
    say = words().results
    far = line.marked and line.flag != "normal"
    flag = say["far"].format(flag=say[line.flag]) if far else say[line.flag]
    if line.borderline:
        flag = say["borderline"].format(cause=line.borderline)
    flag = line.below_definition or flag
    return ResultRow(
        test=capital(line.name),
        value=line.value,
        range=_range(line),
        flag=flag,
        note=say["own"] if line.own_range and (line.low, line.high) != (None, None) else "",
    )


def _range(line: ResultLine) -> str:
    say = words().results
    if line.low is not None and line.high is not None:
        key = "between"
    elif line.low is not None:
        key = "from"
    elif line.high is not None:
        key = "up_to"
    else:
        return say["word" if line.own_range else "none"]
    low = "" if line.low is None else f"{line.low:g}"
    high = "" if line.high is None else f"{line.high:g}"
    return say[key].format(low=low, high=high, unit=line.unit)

"""What `stillwell diet`, `plan` and `foods` print."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import click
import msgspec

from stillwell.case.model import Case, Person
from stillwell.case.read import parse_case
from stillwell.case.understand import understand
from stillwell.errors import CaseError
from stillwell.knowledge.store import knowledge


def _echo_json(value: Any) -> None:
    click.echo(msgspec.json.format(msgspec.json.encode(value)).decode())


def _case(text: str) -> Case | None:
    """A case file, or None where the text is a plain diary."""
    start = text.lstrip()
    keys = ("person:", "diary:", "habits:", "complaint:", "id:", "{")
    if start.startswith(keys) or any(f"\n{k}" in text for k in keys[:5]):
        return parse_case(text.encode())
    return None


def show_diet(
    text: str, age: float | None, sex: str | None, pregnant: bool, body: str, as_json: bool
) -> None:
    """Intakes with bars against what is needed, their sources, and what was not understood."""
    from stillwell.assess.diet import intake_lines
    from stillwell.nutrition.intake import habit_day, read_diary, unknown_foods, usual_intakes
    from stillwell.nutrition.table import connect, spoken

    connect(lambda line: click.echo(line, err=True))
    case = _case(text) or Case(
        person=Person(age=age, sex=sex, pregnant=pregnant or None),  # type: ignore[arg-type]
        diary=text,
    )
    if case.diary:
        days = read_diary(case.diary)
    elif case.habits:
        days = [habit_day(case.habits)]
    else:
        raise CaseError(
            "diary",
            "is missing",
            "Write what you ate under diary:, or food: times a week under habits:",
        )
    usual = usual_intakes(knowledge(), days, case.person, body=body)
    lines = intake_lines(usual)
    unknown = unknown_foods(days)
    foods = [msgspec.to_builtins(i) for d in days for i in d.items]
    if as_json:
        _echo_json({"days": len(days), "foods": foods, "intakes": lines, "unknown": unknown})
        return
    for number, day in enumerate(days, 1):
        click.echo(click.style(f"Day {number}", bold=True))
        for item in day.items:
            best = item.foods[0] if item.foods else None
            click.echo(
                f"  {item.text[:34]:34} {best.name[:34]:34} {best.grams:5.0f} g"
                if best
                else f"  {item.text[:34]:34} NOT FOUND"
            )
    click.echo()
    click.echo(click.style(f"{'Usual intake a day (90 % range)':52} need   too little?", bold=True))
    for line in lines:
        target = line.rda or line.ear or line.ai
        share = min(line.usual / target, 1.5) if target else 0.0
        bar = "█" * round(share * 12) if target else ""
        mark = (
            f"{line.inadequate:.0%}"
            if line.inadequate is not None
            else ("under AI" if line.ai and line.usual < line.ai else "")
        )
        least = " at least" if line.reporting < line.foods else ""
        amount = f"{line.usual:.4g} {line.unit} ({line.low:.3g}-{line.high:.4g}){least}"
        need = f"{target:g}" if target else ""
        click.echo(f"{spoken(line.nutrient):13}{amount:30} {bar:18}{need:>6}  {mark}")
        if line.ul and not line.ul_scope and line.high > line.ul:
            click.echo(f"{'':13}may pass the upper level of {line.ul:g} {line.unit}")
        if line.sources and target:
            click.echo(f"{'':13}most from {'; '.join(name for name, _ in line.sources)}")
    for name in unknown:
        click.echo(f"NOT USED: {name}")
    click.echo(
        "Too little: the chance that your usual intake lies under your need (over few days it is uncertain)."
    )


def show_plan(text: str, nutrients: list[str], as_json: bool) -> None:
    """Up to three plans of food for a case, and what supplements are safe."""
    from stillwell.assess.assessment import assess
    from stillwell.assess.diet import read_diet
    from stillwell.nutrition.plan import DIETS, plans

    case = _case(text)
    if case is None or not (case.diary or case.habits):
        case = Case(diary=text) if case is None else case
    if not (case.diary or case.habits):
        raise CaseError(
            "diary",
            "is missing",
            "Write what you ate under diary:, or food: times a week under habits:",
        )
    told = understand(case)
    if nutrients:
        eaten = read_diet(knowledge(), told)
        assert eaten is not None
        names = [n.lower().replace(" ", "_") for n in nutrients]
        diets: list[str] = [d for d in ("vegan", "vegetarian") if d in told.history_present]
        diets += [d for d in told.avoids if d in DIETS]
        found = plans(
            eaten.days,
            eaten.usual,
            names,
            diets=diets,
            allergies=told.allergies,
            dislikes=told.dislikes,
        )
        supplements: list[Any] = []
    else:
        result = assess(told, draws=0)
        found = result.diet.plans if result.diet else []
        names = result.diet.nutrients if result.diet else []
        supplements = list(result.plan.supplements)
    if as_json:
        _echo_json({"nutrients": names, "plans": found, "supplements": supplements})
        return
    if not found:
        click.echo(
            "Nothing to close: your usual intake meets the need of every nutrient in question."
        )
    for number, one in enumerate(found, 1):
        click.echo(f"{number}. {one.sentence}")
        if one.clash:
            click.echo(f"   Food alone cannot reach it within these limits: {', '.join(one.clash)}")
        elif not all(one.met.values()):
            click.echo("   This is the best that food can do here; ask about a supplement.")
        for note in one.notes:
            click.echo(f"   {note}")
    for line in supplements:
        click.echo(
            f"{line.nutrient}: {line.text} {line.ceiling} {' '.join(line.warnings)}".rstrip()
        )


def search(words: str, as_json: bool) -> None:
    """Foods by name."""
    from stillwell.nutrition.match import rank
    from stillwell.nutrition.table import NUTRIENTS, connect

    connect(lambda line: click.echo(line, err=True))
    found = rank(words.lower().split(), 20)
    if as_json:
        _echo_json(
            [
                {
                    "id": f.id,
                    "name": f.name,
                    "category": f.category,
                    "confidence": round(c, 3),
                    "release": f.release,
                    "per_100g": f.nutrients,
                }
                for f, c in found
            ]
        )
        return
    if not found:
        click.echo("no food of that name; try other words")
    for item, _ in found:
        energy = item.nutrients["energy"]
        shown = f"{energy:.0f} kcal" if energy is not None else "energy not reported"
        missing = sum(v is None for v in item.nutrients.values())
        note = f", {missing} of {len(NUTRIENTS)} nutrients not reported" if missing else ""
        click.echo(f"{item.name}  [{item.id}]  {shown} per 100 g{note}")


def match(text: str, as_json: bool) -> None:
    """Meal text, or a CSV file of phrases, as foods and grams."""
    from stillwell.nutrition.match import Item, match_phrase, read_meal
    from stillwell.nutrition.table import connect

    connect(lambda line: click.echo(line, err=True))
    rows: list[tuple[str, list[Item]]] = []
    if text.endswith(".csv") and Path(text).is_file():
        with open(text, encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            if not reader.fieldnames or "text" not in reader.fieldnames:
                raise CaseError(text, "has no column 'text'", "Name the column of phrases text")
            rows = [(row["text"] or "", match_phrase(row["text"] or "")) for row in reader]
    else:
        rows = [(item.text, [item]) for item in read_meal(text)]
    if as_json:
        click.echo(
            json.dumps(
                [_matched(phrase, items) for phrase, items in rows], indent=2, ensure_ascii=False
            )
        )
        return
    for phrase, items in rows:
        for item in items:
            if not item.foods:
                click.echo(f"{phrase}: NOT FOUND")
                continue
            best, *others = item.foods
            also = "; ".join(f.name for f in others[:3])
            click.echo(
                f"{phrase}: {best.name}, {best.grams:g} g ({best.confidence:.0%}){f'; or: {also}' if also else ''}"
            )


def _matched(phrase: str, items: list[Any]) -> dict[str, Any]:
    """One phrase as JSON: the foods of its first item ranked, and every item where it joins several."""
    parts = [msgspec.to_builtins(i) for i in items]
    first = parts[0] if parts else {"foods": []}
    return {
        "text": phrase,
        "grams": first["foods"][0]["grams"] if first["foods"] else None,
        "confidence": first["foods"][0]["confidence"] if first["foods"] else 0.0,
        "foods": first["foods"],
        "items": parts,
    }


def rich_in(nutrient: str, vegan: bool, per: str, as_json: bool) -> None:
    """Foods by how much of a nutrient they bring."""
    from stillwell.nutrition.match import grams_of
    from stillwell.nutrition.plan import DIETS, candidates
    from stillwell.nutrition.table import NUTRIENTS

    name = nutrient.lower().replace(" ", "_").replace("-", "_")
    if name not in NUTRIENTS:
        raise CaseError(
            "nutrient", f"'{nutrient}' is not known", f"Use one of: {', '.join(NUTRIENTS)}"
        )
    rows = []
    for item in candidates():
        if vegan and item.holds & DIETS["vegan"]:
            continue
        amount = item.record.nutrients.get(name)
        energy = item.record.nutrients.get("energy")
        if amount is None:
            continue
        grams = {
            "portion": item.grams or grams_of(item.record, ""),
            "100g": 100.0,
            "100kcal": 1e4 / energy if energy else 0.0,
        }[per]
        rows.append(
            {
                "food": item.record.name,
                "id": item.record.id,
                "portion": item.portion if per == "portion" else per,
                "grams": round(grams, 1),
                "amount": round(amount * grams / 100, 2),
                "unit": NUTRIENTS[name][1],
            }
        )
    rows.sort(key=lambda r: -float(r["amount"]))  # type: ignore[arg-type]
    if as_json:
        _echo_json(rows[:25])
        return
    out = io.StringIO()
    for row in rows[:15]:
        out.write(
            f"{row['amount']:>8} {row['unit']:3} {row['portion']} ({row['grams']} g): {row['food']}\n"
        )
    click.echo(out.getvalue(), nl=False)


def bring(path: Path) -> None:
    """Import an official download."""
    from stillwell.nutrition.official import import_official

    import_official(path, lambda line: click.echo(line, err=True))
    click.echo("done: the food table now holds this download too")

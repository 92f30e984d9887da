"""What `stillwell diet`, `plan` and `foods` print."""

from __future__ import annotations

import csv
import io
import json
import os
from pathlib import Path
from typing import Any

import click
import msgspec

from stillwell.case.model import Case
from stillwell.case.read import parse_case, refuse_too_long
from stillwell.case.understand import understand
from stillwell.characters import plain
from stillwell.errors import CaseError
from stillwell.files import read_text
from stillwell.knowledge.store import knowledge


def _echo_json(value: Any) -> None:
    click.echo(msgspec.json.format(msgspec.json.encode(value)).decode())


def diary_or_case(text: str) -> Case | None:
    """A case file, or None where the text is a plain diary."""
    start = text.lstrip()
    keys = ("person:", "diary:", "habits:", "complaint:", "id:", "{")
    if start.startswith(keys) or any(f"\n{k}" in text for k in keys[:5]):
        return parse_case(text.encode())
    return None


def diary_alone(text: str | None) -> Case:
    """A case of which only a diary in words is known. Raises CaseError: it is too long."""
    refuse_too_long({"diary": text})
    return Case(diary=text or None)


def show_plan(
    text: str, nutrients: list[str], as_json: bool, level: float = 0.1, prices: str | None = None
) -> None:
    """Up to three plans of food for a case, and what supplements are safe."""
    from stillwell.assess.assessment import assess
    from stillwell.assess.diet import diet_advice, read_diet
    from stillwell.nutrition.planner.wording import said, total_lines

    case = diary_or_case(text)
    if case is None or not (case.diary or case.habits):
        case = diary_alone(text) if case is None else case
    if not (case.diary or case.habits):
        raise CaseError(
            "diary",
            "is missing",
            "Write what you ate under diary:, or food: times a week under habits:",
        )
    understood = understand(case)
    # the same assessment whatever is asked for: its probabilities decide what would be dangerous
    result = assess(understood, draws=0)
    diet = result.diet
    if nutrients or prices or level != 0.1:
        eaten = read_diet(knowledge(), understood)
        assert eaten is not None
        diet = diet_advice(
            knowledge(),
            understood,
            eaten,
            {c.id: c.present for c in result.causes},
            nutrients=[_nutrient(n) for n in nutrients] or None,
            level=level,
            prices=_prices(prices) if prices else None,
        )
    assert diet is not None
    supplements = list(result.plan.supplements)
    if as_json:
        _echo_json(
            {
                "nutrients": diet.nutrients,
                "plans": diet.plans,
                "notes": diet.notes,
                "supplements": supplements,
            }
        )
        return
    every = [set(p.notes) for p in diet.plans]
    shared = (
        [n for n in diet.plans[0].notes if all(n in e for e in every)] if len(every) > 1 else []
    )
    for number, one in enumerate(diet.plans, 1):
        click.echo(click.style(f"{number}. {one.headline}", bold=True))
        click.echo(f"   {one.sentence}")
        click.echo(f"   {one.effort}")
        if one.eaten_already:
            click.echo(f"   {said('familiar', names=', '.join(one.eaten_already))}")
        if one.new_foods:
            click.echo(f"   {said('new', names=', '.join(one.new_foods))}")
        if one.shopping:
            foods = "; ".join(b.line for b in one.shopping)
            click.echo(f"   {said('shopping_list', foods=foods)}")
        click.echo(f"   {said('totals')}")
        for total in total_lines(one.totals):
            click.echo(f"     {total}")
        if one.clash:
            click.echo(f"   In the way of more: {'; '.join(one.clash)}.")
        for note in one.notes:
            if note not in shared:
                click.echo(f"   {note}")
    for note in [*shared, *diet.notes]:
        click.echo(note)
    for line in supplements:
        ceiling = f" Upper limit: {line.ceiling}." if line.ceiling else ""
        beware = "".join(f" Beware: {w}" for w in line.warnings)
        click.echo(f"{line.nutrient}: {line.text}{ceiling}{beware}")


def _nutrient(told: str) -> str:
    """A nutrient as the food table calls it. Raises CaseError with the nearest name."""
    from rapidfuzz import process

    from stillwell.nutrition.foods.record import NUTRIENTS, spoken
    from stillwell.nutrition.intake.doses import nutrient_named

    name = told.strip().lower().replace(" ", "_").replace("-", "_")
    if name in NUTRIENTS:
        return name
    row = nutrient_named(told)
    if row is not None and row["nutrient"] in NUTRIENTS:
        return str(row["nutrient"])
    near = process.extractOne(name, list(NUTRIENTS), score_cutoff=60)
    start = f"Did you mean '{spoken(near[0])}'? " if near else ""
    raise CaseError(
        "nutrient", f"'{told}' is not known", f"{start}Use one of: {', '.join(NUTRIENTS)}"
    )


def _prices(name: str) -> dict[str, float]:
    """Prices of one portion from a CSV file with the columns food and price."""
    found = {}
    for number, row in enumerate(_rows(name, "prices"), 2):
        try:
            price = float(row["price"])
            food = row["food"].strip()
        except (KeyError, TypeError, ValueError, AttributeError):
            raise CaseError(
                "prices",
                f"line {number} has no food and price",
                "Columns: food,price (of a portion)",
            ) from None
        if not 0 <= price < 1e4 or not food:
            raise CaseError("prices", f"line {number}: {price:g} is no price", "Give 0 or more")
        found[food] = price
    return found


def _rows(name: str, field: str) -> list[dict[str, str]]:
    """The rows of a CSV file by its header. Raises CaseError: not an ordinary file, or no such text."""
    text = plain(read_text(name, field))
    try:
        return list(csv.DictReader(io.StringIO(text, newline="")))
    except csv.Error as error:
        raise CaseError(field, f"is no CSV file ({error})", "Give columns with commas") from None


def search(words: str, as_json: bool) -> None:
    """Foods by name."""
    from stillwell.nutrition.foods.record import NUTRIENTS
    from stillwell.nutrition.foods.search import search_foods
    from stillwell.nutrition.foods.table import connect

    connect(lambda line: click.echo(line, err=True))
    found = search_foods(words)
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
    """Meal text, a text file of meals (a line each), or a CSV file of phrases, as foods and grams."""
    from stillwell.nutrition.foods.table import connect
    from stillwell.nutrition.intake.meals import Item, match_phrase, read_meal

    rows: list[tuple[str, list[Item]]] = []
    if text.endswith(".csv") and os.path.exists(text):
        read = _rows(text, text)
        if not read or "text" not in read[0]:
            raise CaseError(text, "has no column 'text'", "Name the column of phrases text")
        connect(lambda line: click.echo(line, err=True))
        rows = [(row["text"] or "", match_phrase(row["text"] or "")) for row in read]
    else:
        lines = read_text(text, "text").splitlines() if os.path.isfile(text) else [text]
        lines = [plain(line).strip() for line in lines]
        refuse_too_long({"text": "\n".join(lines)})
        connect(lambda line: click.echo(line, err=True))
        rows = [(item.text, [item]) for line in lines if line for item in read_meal(line)]
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


def rich_in(nutrient: str, ways: list[str], per: str, as_json: bool) -> None:
    """Foods by how much of a nutrient they bring, without those that a word of `ways` rules out.

    Raises:
        CaseError: a word that is neither a way of eating nor a food.
    """
    from stillwell.nutrition.planner.limits import said_limits
    from stillwell.nutrition.planner.rich import rich_foods

    name = _nutrient(nutrient)
    kept = said_limits([], allergies=[*ways])  # as strictly as an allergy: the kind with the food
    rows = rich_foods(name, kept, per)
    if as_json:
        _echo_json([msgspec.to_builtins(row) for row in rows[:25]])
        return
    out = io.StringIO()
    for row in rows[:15]:
        out.write(f"{row.amount:>8} {row.unit:3} {row.portion} ({row.grams} g): {row.food}\n")
    click.echo(out.getvalue(), nl=False)


def bring(path: Path) -> None:
    """Import an official download."""
    from stillwell.nutrition.foods.official import import_official

    import_official(path, lambda line: click.echo(line, err=True))
    click.echo("done: the food table now holds this download too")

"""What `stillwell kb` prints."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import click
import msgspec
from rapidfuzz import process

from stillwell.assess.assessment import Assessment
from stillwell.case.model import Case
from stillwell.errors import CaseError
from stillwell.knowledge import schema as s
from stillwell.knowledge.loader import Base, cites, sourced_numbers
from stillwell.knowledge.references import reference_text
from stillwell.knowledge.store import KnowledgeError, compile_knowledge, knowledge

VOCABULARY = {"causes": "causes", "findings": "findings", "history": "history", "labs": "tests"}


def check() -> int:
    """Print all problems; 0 where there is none."""
    try:
        known = compile_knowledge()
    except KnowledgeError as error:
        for problem in error.problems:
            click.echo(str(problem))
        click.echo(f"{len(error.problems)} problems")
        return 1
    missing = uncovered(known.base)
    for name in missing:
        click.echo(f"the vocabulary's '{name}' is not covered")
    click.echo("knowledge base: no problems" if not missing else f"{len(missing)} problems")
    return 1 if missing else 0


def uncovered(base: Base) -> list[str]:
    """Ids of the common vocabulary that the knowledge base lacks."""
    return [
        f"{kind}:{name}"
        for kind, table in VOCABULARY.items()
        for name in base.vocabulary.get(kind, [])
        if name not in getattr(base, table)
    ]


def counts(base: Base) -> dict[str, float | int]:
    """Counts of records and of cited and judged numbers."""
    cited = judged = 0
    tables: tuple[Mapping[str, object], ...] = (
        {str(i): share for i, share in enumerate(base.population)},
        base.causes,
        base.findings,
        base.history,
        base.tests,
        base.panels,
        base.medicines,
        base.supplements,
        base.nutrients,
        base.triage,
    )
    for table in tables:
        for record in table.values():
            for _, number in sourced_numbers(record):
                if number.judgement:
                    judged += 1
                else:
                    cited += 1
    return {
        "causes": len(base.causes),
        "findings": len(base.findings),
        "history": len(base.history),
        "tests": len(base.tests),
        "triage_rules": len(base.triage),
        "medicines": sum(len(c.members) for c in base.medicines.values()),
        "supplements": len(base.supplements),
        "references": len(base.references),
        "numbers_cited": cited,
        "numbers_judged": judged,
        "share_cited": round(cited / (cited + judged), 3),
        "causes_reviewed": sum(c.reviewed is not None for c in base.causes.values()),
        "causes_without_tests": sum(not c.tests for c in base.causes.values()),
    }


def stats(as_json: bool) -> None:
    """Print the counts."""
    found = counts(knowledge().base)
    if as_json:
        click.echo(json.dumps(found, indent=2))
        return
    for name, value in found.items():
        click.echo(f"{name.replace('_', ' '):22} {value}")


def show(name: str) -> None:
    """Print a page of one record. Raises CaseError where there is none of that name."""
    base = knowledge().base
    if name in base.causes:
        _show_cause(base, base.causes[name])
        return
    for table in (
        base.tests,
        base.medicines,
        base.supplements,
        base.nutrients,
        base.triage,
        base.findings,
        base.history,
    ):
        if name in table:
            click.echo(json.dumps(msgspec.to_builtins(table[name]), indent=2, ensure_ascii=False))
            _sources(base, table[name])
            return
    known = [*base.causes, *base.tests, *base.medicines, *base.findings]
    near = process.extractOne(name, known)
    raise CaseError(
        "name", f"'{name}' is not in the knowledge base", f"Nearest: {near[0]}" if near else ""
    )


def _standing(number: object) -> str:
    interval = getattr(number, "interval", None)
    n = getattr(number, "n", None)
    span = f"{interval[0]:g} to {interval[1]:g}" if interval else f"n = {n}"
    where = ", ".join(cites(number)) or f"judgement: {getattr(number, 'reason', '')}"
    return f"({span}) [{where}]"


def _show_cause(base: Base, cause: s.Cause) -> None:
    click.echo(click.style(f"{cause.name} ({cause.technical_name})", bold=True))
    click.echo(cause.summary)
    click.echo(f"Definition: {cause.definition}\n\nHow common")
    for prior in cause.prior:
        value = (
            f"{prior.p:.3%}"
            if prior.p is not None
            else f"{prior.incidence_per_100000_year:g} per 100,000 a year"
        )
        click.echo(f"  {prior.sex} {prior.ages[0]}-{prior.ages[1]}: {value} {_standing(prior)}")
    if cause.risk_factors:
        click.echo("Who gets it")
    for factor in cause.risk_factors:
        value = f"odds x {factor.odds_ratio:g}" if factor.odds_ratio else f"{factor.p:.1%}"
        click.echo(f"  {base.history[factor.factor].name}: {value} {_standing(factor)}")
    for link in cause.raised_by:
        click.echo(f"  brought by {base.causes[link.cause].name}: {link.p:.0%} {_standing(link)}")
    click.echo("What it does")
    for edge in cause.findings:
        state = "" if edge.state == "any" else f" ({edge.state})"
        click.echo(
            f"  {base.findings[edge.finding].name}{state}: {edge.p or 0:.0%} {_standing(edge)}"
        )
    for lab in cause.labs:
        click.echo(f"  {base.tests[lab.lab].name} {lab.side}: {lab.p:.0%} {_standing(lab)}")
    if cause.tests:
        click.echo("Tests: " + ", ".join(base.tests[t].name for t in cause.tests))
    for line in base.management[cause.id].steps:
        click.echo(
            f"Done by {line.who}: {line.text} (evidence: {line.strength}) "
            f"[{', '.join(cites(line)) or 'judgement'}]"
        )
    for claim in cause.claims:
        click.echo(
            f'Said: "{claim.claim}": {claim.verdict}. {claim.why} [{", ".join(cites(claim))}]'
        )
    click.echo(f"See: {cause.see}")
    _sources(base, cause)


def _sources(base: Base, record: object) -> None:
    keys = dict.fromkeys(k for _, n in sourced_numbers(record) for k in cites(n))
    if keys:
        click.echo("Sources")
    for key in keys:
        click.echo(
            f"  [{key}] {reference_text(base.references[key])} (read: {base.references[key].read})"
        )


def schemas(folder: Path) -> Iterator[tuple[Path, str]]:
    """(path, JSON Schema) of each kind of knowledge file and of a case."""
    for kind, (record, many) in s.KINDS.items():
        shape = list[record] if many else record  # type: ignore[valid-type]
        yield (
            folder / f"{kind}.schema.json",
            json.dumps(msgspec.json.schema(shape), indent=1) + "\n",
        )
    yield (
        folder / "references.schema.json",
        json.dumps(msgspec.json.schema(dict[str, s.Reference]), indent=1) + "\n",
    )
    yield (
        folder / "assessment.schema.json",
        json.dumps(msgspec.json.schema(Assessment), indent=1) + "\n",
    )
    yield folder / "case.schema.json", json.dumps(msgspec.json.schema(Case), indent=1) + "\n"

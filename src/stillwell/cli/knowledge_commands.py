"""What `stillwell kb` prints."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

import click
import msgspec

from stillwell.assess.assessment import Assessment
from stillwell.case.model import Case
from stillwell.knowledge import schema as s
from stillwell.knowledge.base import Base, sourced_numbers
from stillwell.knowledge.references import how_read
from stillwell.knowledge.store import KnowledgeError, compile_knowledge, knowledge
from stillwell.report.document import Document

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
    """Counts of records, of finding links by how their figure came about, of other numbers, and of statements.

    A statement (a red flag, an interaction, advice) has a source and no figure; it is never counted as a number.
    """
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
        base.checklists,
    )
    sourced = [
        number
        for table in tables
        for record in table.values()
        for _, number in sourced_numbers(record)
    ]
    links = [n for n in sourced if isinstance(n, s.Produces)]
    numbers = [n for n in sourced if isinstance(n, s.Sourced) and not isinstance(n, s.Produces)]
    statements = [n for n in sourced if not isinstance(n, s.Sourced)]
    by_basis = Counter("judged" if n.judgement else n.basis for n in links)
    read = Counter(how_read(r) for r in base.references.values())
    identified = sum(bool(r.doi or r.pmid or r.pmcid) for r in base.references.values())
    return {
        "causes": len(base.causes),
        "findings": len(base.findings),
        "history": len(base.history),
        "tests": len(base.tests),
        "triage_rules": len(base.triage),
        "medicines": sum(len(c.members) for c in base.medicines.values()),
        "supplements": len(base.supplements),
        "finding_links": len(links),
        **{f"links_{name}": by_basis[name] for name in ("counted", "derived", "worded", "judged")},
        "other_numbers_cited": sum(not n.judgement for n in numbers),
        "other_numbers_judged": sum(n.judgement for n in numbers),
        "statements_cited": sum(not n.judgement for n in statements),
        "statements_judged": sum(n.judgement for n in statements),
        "references": len(base.references),
        "references_identified": identified,
        **{f"read_{name}": read[name] for name in ("in_full", "abstract", "page_or_part")},
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
    """Print the page of the record of a name. Raises CaseError where there is none, with the nearest."""
    from stillwell.learn.records.names import Names
    from stillwell.learn.records.pages import filled, page

    base = knowledge().base
    found = Names(base).find(name)
    click.echo(filled(page(base, found[0])))
    if len(found) > 1:
        others = ", ".join(f"'{r.kind}:{r.id}'" for r in found[1:])
        click.echo(f"\nOthers of this name: {others}")


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
    yield (
        folder / "document.schema.json",
        json.dumps(msgspec.json.schema(Document), indent=1) + "\n",
    )
    yield folder / "case.schema.json", json.dumps(msgspec.json.schema(Case), indent=1) + "\n"

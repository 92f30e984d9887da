"""The machinery: what we cannot know, all causes with their ranges, how much each thing counts."""

from __future__ import annotations

from stillwell.assess.assessment import Assessment
from stillwell.assess.ranked import Because
from stillwell.knowledge.store import knowledge
from stillwell.report.chances import percent
from stillwell.report.document import AnyBlock, Item, Items, Paragraph, Section, Table
from stillwell.report.phrases import listed, section
from stillwell.report.sections.causes import main_causes
from stillwell.report.sections.given import items_of
from stillwell.report.wording import words
from stillwell.triage.rules import NOT_UNDERSTOOD
from stillwell.writing import capital


def limits(assessment: Assessment) -> list[Section]:
    """What no such answer can know; in an emergency folded away, for its numbers may calm."""
    folded = assessment.urgency.level == "emergency"
    return section("limits", "machinery", items_of(assessment.limits), extra=folded)


def all_causes(assessment: Assessment) -> list[Section]:
    """Every cause with its numbers, not rounded further than to the per cent."""
    if assessment.urgency.wording == NOT_UNDERSTOOD:
        return []
    say = words().machinery
    columns = [say[k] for k in ("cause", "contributes", "range", "present", "before")]
    rows = [
        [
            f"{capital(c.name)} ({c.technical_name})",
            percent(c.contributes),
            say["to"].format(low=percent(c.contributes_low), high=percent(c.contributes_high)),
            say["told"] if c.told else percent(c.present),
            percent(c.before),
        ]
        for c in assessment.causes
    ]
    table = Table(caption="", columns=columns, rows=rows)
    return section("all_causes", "machinery", [table, *_widths(assessment)], extra=True)


def _widths(assessment: Assessment) -> list[AnyBlock]:
    """Which few numbers make the ranges wide: what would have to be known better."""
    say, base = words().machinery, knowledge().base
    items = []
    for cause in assessment.causes:
        parts = [
            say[f"wide_{w.kind}"].format(
                cause=base.causes[w.cause].name if w.cause else "",
                finding=_sign(w.finding),
                share=percent(w.share),
            )
            for w in assessment.widths.get(cause.id, [])
        ]
        if parts:
            items.append(Item(lead=capital(cause.name), text=listed(parts)))
    return [Paragraph(text=say["widths"]), Items(items=items)] if items else []


def _sign(item: str) -> str:
    """A sign or a result as people read it: "your vitamin B12 is low" and not "lab:vitamin_b12:low"."""
    base = knowledge().base
    if item in base.findings:
        return base.findings[item].name
    kind, _, rest = item.partition(":")
    test, _, side = rest.partition(":")
    if kind != "lab" or test not in base.tests:
        return item
    return words().machinery["wide_result"].format(test=base.tests[test].name, side=side)


def weights(assessment: Assessment) -> list[Section]:
    """The reasons of the main causes in log-odds."""
    say = words().machinery
    rows = [
        [capital(c.name), r.words, _side(r), f"{r.weight:+.1f}"]
        for c in main_causes(assessment)
        for r in c.reasons
    ]
    columns = [say[k] for k in ("cause", "what", "side", "weight")]
    if not rows:
        return []
    blocks: list[AnyBlock] = [
        Paragraph(text=say["weights"]),
        Table(caption="", columns=columns, rows=rows),
    ]
    return section("weights", "machinery", blocks, extra=True)


def _side(reason: Because) -> str:
    """For, against, or which other cause it points to."""
    say = words().machinery
    if reason.better:
        return say["elsewhere"].format(cause=reason.better)
    return say["for" if reason.weight > 0 else "against"]


def cited_by_cause(assessment: Assessment) -> list[Section]:
    """All sources of the numbers of the main causes."""
    items = [Item(text=capital(c.name), cite=c.cite) for c in main_causes(assessment) if c.cite]
    return section("cited_by_cause", "machinery", [Items(items=items)], extra=True)

"""The last pass over a finished report: is it at one with itself?

A line that is said twice is left out. What contradicts another part is named in the report itself: no reader
should have to find it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

import msgspec

from stillwell.assess.assessment import Assessment
from stillwell.knowledge.checklists import orders_of
from stillwell.knowledge.store import knowledge
from stillwell.report.chances import LIKELY, WORTH_LISTING
from stillwell.report.document import (
    AnyBlock,
    CauseBlock,
    Document,
    Item,
    Items,
    Paragraph,
    Section,
    Sources,
    Table,
    TestOrder,
)
from stillwell.report.phrases import section, sentences
from stillwell.report.wording import words
from stillwell.triage.rules import RED
from stillwell.writing import capital


class Fault(NamedTuple):
    """Something in a report that cannot stand; `rule` names what it offends against, `what` the words."""

    rule: str
    what: str


def settled(document: Document, assessment: Assessment) -> Document:
    """The document without lines that are said twice, and with a section that names its contradictions."""
    document = msgspec.structs.replace(document, sections=_once(document.sections))
    found = faults(document, assessment)
    if not found:
        return document
    say = words().faults
    lines = [say[fault.rule].format(what=fault.what) for fault in found]
    named = Items(items=[Item(text=line, tone="warning") for line in dict.fromkeys(lines)])
    lead = Paragraph(text=say["lead"], tone="warning")
    more = section("faults", "answer", [lead, named])
    return msgspec.structs.replace(document, sections=[*more, *document.sections])


def faults(document: Document, assessment: Assessment) -> list[Fault]:
    """Everything in which a report contradicts itself or what was told; empty for every report, it is hoped."""
    return [
        *_opposites(assessment),
        *_not_needed_but_low(assessment),
        *_asked_and_avoided(assessment),
        *_called_untold(document, assessment),
        *_lost(document, assessment),
        *_without_source(document),
        *_pointing_nowhere(document),
        *_named_and_listed(document, assessment),
        *_asked_again(document, assessment),
        *_said_twice(document),
        *_internal(document),
        *_later(document, assessment),
        *_unnamed(document, assessment),
    ]


def _opposites(assessment: Assessment) -> Iterator[Fault]:
    """Nobody has both ends of one quantity."""
    listed = {c.id: c for c in assessment.causes if c.contributes >= WORTH_LISTING}
    causes = knowledge().base.causes
    for name, cause in listed.items():
        other = listed.get(causes[name].opposite or "")
        if other is not None and name < other.id and cause.present + other.present > 1.0 + 1e-9:
            yield Fault("opposite", f"{cause.name}, {other.name}")


def _not_needed_but_low(assessment: Assessment) -> Iterator[Fault]:
    """A nutrient of which a lack is likely is not said to be unneeded."""
    present = {c.id: c.present for c in assessment.causes}
    low = {n.name: n.low_cause for n in knowledge().base.nutrients.values() if n.low_cause}
    for line in assessment.plan.supplements:
        cause = low.get(line.nutrient)
        if line.unneeded and cause and present.get(cause, 0.0) >= LIKELY:
            yield Fault("not_needed", line.nutrient)


def _asked_and_avoided(assessment: Assessment) -> Iterator[Fault]:
    """A test that a step sends to, or that is ordered, is not advised against."""
    wanted = {name for about in assessment.steps for step in about.steps for name in step.asks}
    wanted |= {line.id for line in assessment.checklist.order}
    for line in assessment.checklist.avoid:
        if line.id in wanted:
            yield Fault("asked_and_avoided", line.name)


def _called_untold(document: Document, assessment: Assessment) -> Iterator[Fault]:
    """What was told is not said to be untold."""
    said = knowledge().base.wording.limits
    told = assessment.understood
    lines = {item.text for block in _blocks(document) for item in _items(block)}
    for key, kind in words().untold.items():
        if told.get(kind) and said[key] in lines:
            yield Fault("untold", said[key])


def _lost(document: Document, assessment: Assessment) -> Iterator[Fault]:
    """Everything that was understood stands in the report of a person; a result by the name of its test."""
    if document.audience == "doctor":
        return
    places = [part for name in ("understood", "results") if (part := document.section(name))]
    shown = " ".join(_texts([p.blocks for p in places])).lower()
    for names in assessment.understood.values():
        for name in names:
            if (
                " ".join(name.split()).lower() not in shown
                and name.partition(":")[0].lower() not in shown
            ):
                yield Fault("lost", name)


def _without_source(document: Document) -> Iterator[Fault]:
    """Every citation leads to a source."""
    known = {s.key for b in _blocks(document) if isinstance(b, Sources) for s in b.sources}
    for block in (document.care, *_blocks(document)):
        for key in _cited(block):
            if key not in known:
                yield Fault("no_source", key)


def _pointing_nowhere(document: Document) -> Iterator[Fault]:
    """Who is sent to another place of the report finds something there.

    The doctor's summary holds no questions for the person: who reads it looks for the signs themselves.
    """
    if document.section("differential") is not None:
        return
    texts = [*_texts(document.care), *_texts([s.blocks for s in document.sections])]
    there = {s.id for s in document.sections}
    if document.care.alerts:
        there.add("alerts")
    if document.care.ask:
        there.add("ask")
    if any(isinstance(b, TestOrder) and b.tests for b in _blocks(document)):
        there.add("tests")
    for phrase, places in words().refers.items():
        if not set(places) & there and any(phrase in text.lower() for text in texts):
            yield Fault("points_nowhere", phrase)


def _named_and_listed(document: Document, assessment: Assessment) -> Iterator[Fault]:
    """What the short answer calls likely or in play stands in the list of causes, in the same order.

    The doctor's summary holds no short answer; its list is by the numbers.
    """
    names = {c.id: c.name for c in assessment.causes}
    said = [name for sentence in assessment.bottom_line for name in sentence.names]
    there = [b.id for b in _blocks(document) if isinstance(b, CauseBlock)]
    if document.section("differential") is not None:
        technical = {capital(c.technical_name): c.id for c in assessment.causes}
        tables = [b for b in _blocks(document) if isinstance(b, Table)]
        there = [technical[row[0]] for t in tables for row in t.rows if row[0] in technical]
    elif document.section("causes") is None:
        return
    for name in said:
        if name not in there:
            yield Fault("named_unlisted", names[name])
    places = [there.index(name) for name in said if name in there]
    listed = document.section("causes") is not None and assessment.urgency.level not in RED
    if listed and places != sorted(places):
        yield Fault("other_order", ", ".join(names[name] for name in said))


def _asked_again(document: Document, assessment: Assessment) -> Iterator[Fault]:
    """A test whose result was told is asked for only where it says why.

    Under an alarm of today a test of today is right whatever an older one said.
    """
    told = {  # a result that can hardly be right is rightly asked for anew
        line.id
        for line in assessment.results
        if not any(line.name in limit for limit in assessment.limits)
    }
    orders = orders_of(knowledge().base)
    for line in assessment.checklist.order:
        if line.id in orders and told & set(orders[line.id].tests):
            yield Fault("asked_again", line.name)
    if assessment.urgency.level in RED:
        return
    say = words()
    tests = knowledge().base.tests
    places = [p.blocks for name in ("answer", "do") if (p := document.section(name))]
    for text in (*_texts(document.care), *_texts(places)):
        for sentence in sentences(text.lower()):
            asks = any(word in sentence for word in say.asking)
            if not asks or any(word in sentence for word in say.again):
                continue
            for test in sorted(told & set(tests)):
                name = tests[test].name.lower().partition(" (")[0]
                if re.search(rf"\b{re.escape(name)}\b", sentence):
                    yield Fault("asked_again", tests[test].name)


def _said_twice(document: Document) -> Iterator[Fault]:
    """The short answer says nothing twice."""
    answer = document.section("answer")
    seen: set[str] = set()
    for text in _texts(answer.blocks) if answer is not None else ():
        for sentence in sentences(text):
            plain = sentence.lower().removeprefix("first, ").rstrip(".")
            if plain in seen and len(plain.split()) > 1:
                yield Fault("said_twice", sentence)
            seen.add(plain)


def _internal(document: Document) -> Iterator[Fault]:
    """No words of ours reach a reader; the reader's own words may hold anything."""
    own = ("understood", "problem", "not_used", "asked", "more_sources", "sources")
    parts = [s.blocks for s in document.sections if s.id not in own]
    for text in (*_texts(document.care), *_texts(parts)):
        if any(word in text for word in words().internal) and " " in text:
            yield Fault("internal", text)


def _later(document: Document, assessment: Assessment) -> Iterator[Fault]:
    """Who is sent to a doctor today is told no later time for the same thing."""
    if assessment.urgency.level not in RED:
        return
    places = [p.blocks for name in ("answer", "taken") if (p := document.section(name))]
    for text in _texts(places):
        if any(time in text for time in words().later):
            yield Fault("later", text)


def _unnamed(document: Document, assessment: Assessment) -> Iterator[Fault]:
    """An alarm names the signs that made it go off, or what is taken; else it is a question."""
    if assessment.urgency.level not in RED or document.care.ask:
        return
    for alert in document.care.alerts:
        taken = any(warning.text == alert.why for warning in assessment.warnings)
        if not (alert.because or alert.lead or taken or alert.why.endswith("?")):
            yield Fault("unnamed", alert.why)


def _once(sections: list[Section]) -> list[Section]:
    """The sections of the plan without lines that an earlier one has; a section left empty goes."""
    seen: set[str] = set()
    found = []
    for part in sections:
        if part.part != "plan":
            found.append(part)
            continue
        blocks: list[AnyBlock] = []
        for block in part.blocks:
            if isinstance(block, Items):
                items = [item for item in block.items if not _is_again(item, seen)]
                block = msgspec.structs.replace(block, items=items)
                if not items:
                    continue
            blocks.append(block)
        if blocks:
            found.append(msgspec.structs.replace(part, blocks=blocks))
    return found


def _is_again(item: Item, seen: set[str]) -> bool:
    """Whether an item without inner ones says what was said before; it counts as said from here on."""
    text = " ".join(item.text.lower().split()).rstrip(".")
    if not text or item.items or item.lead in seen:
        return False
    again = text in seen
    seen.add(text)
    return again


def _blocks(document: Document) -> Iterator[AnyBlock]:
    for part in document.sections:
        yield from part.blocks


def _items(block: AnyBlock) -> Iterator[Item]:
    queue = list(block.items) if isinstance(block, Items) else []
    while queue:
        item = queue.pop(0)
        yield item
        queue += item.items


def _cited(value: object) -> Iterator[str]:
    """All keys of sources in a block, at any depth."""
    queue = [msgspec.to_builtins(value)]
    while queue:
        one = queue.pop()
        if isinstance(one, dict):
            yield from one.get("cite") or ()
            queue += [v for k, v in one.items() if k != "cite"]
        elif isinstance(one, list):
            queue += one


def _texts(value: object) -> Iterator[str]:
    """All words in some blocks, at any depth."""
    queue = [msgspec.to_builtins(value)]
    while queue:
        one = queue.pop()
        if isinstance(one, str):
            yield one
        elif isinstance(one, dict):
            queue += one.values()
        elif isinstance(one, list):
            queue += one

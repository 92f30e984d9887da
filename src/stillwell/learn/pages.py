"""Each record of the knowledge base as a page that can answer a question."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import msgspec

from stillwell.knowledge import schema as s
from stillwell.knowledge.base import Base, cites
from stillwell.knowledge.references import reference_text
from stillwell.learn.catalogue import words


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """An answer in the knowledge base's own words.

    Attributes:
        kind: claim, cause, test, food, medicine, list, or relation (of a cause and a complaint).
        answer: what is said first: yes, no, it depends, not known, or the thing asked for.
        text: why. `items`: the lines of a list. `sources`: in the order of their use.
    """

    id: str
    kind: str
    title: str
    answer: str = ""
    verdict: str = ""
    strength: str = ""
    text: str = ""
    items: list[str] = []
    sources: list[str] = []


@dataclass(frozen=True)
class Page:
    """An answer with the texts by which it is found.

    Attributes:
        wordings: how people may put the question, one text each.
        named: texts of which one must hold all that a question to this page is about.
        about: names of which the question must hold a word; empty for a claim.
        favour: what its score is multiplied by.
    """

    answer: Answer
    wordings: list[str]
    named: list[str]
    favour: float
    about: str = ""


def sources_of(base: Base, *records: object) -> list[str]:
    """The references that records cite, each once."""
    keys = dict.fromkeys(key for record in records for key in cites(record))
    return [reference_text(base.references[key]) for key in keys if key in base.references]


def claim_answer(base: Base, claim: s.Saying) -> Answer:
    """A claim as an answer: what is so first, then the saying itself, then why."""
    said = words()
    why = claim.why
    if claim.survey:
        why = f"{why} {said.survey.format(survey=claim.survey)}"
    return Answer(
        id=claim.id, kind="claim", title=claim.claim, verdict=claim.verdict,
        answer=claim.answer or f"{said.verdicts[claim.verdict]}.", strength=claim.strength, text=why,
        sources=sources_of(base, claim) or [said.judgement.format(reason=claim.reason)],
    )  # fmt: skip


def pages_of(base: Base) -> Iterator[Page]:
    """All pages, claims first."""
    for claim in base.claims.values():
        names = " ".join(base.causes[c].name for c in claim.causes)
        wordings = [claim.claim, *claim.asks, f"{claim.claim} {names}"]
        yield Page(claim_answer(base, claim), wordings, [" ".join(wordings)], 1.25)
    yield from (_cause(base, cause) for cause in base.causes.values())
    yield from (_test(base, test) for test in base.tests.values())
    yield from (_food(base, nutrient) for nutrient in base.nutrients.values())
    for group in (*base.medicines.values(), *base.supplements.values()):
        page = _medicine(base, group)
        if page.answer.text:
            yield page


def _cause(base: Base, cause: s.Cause) -> Page:
    steps = base.general_steps(cause.id)[:3]
    helps = " ".join(f"{line.text} (evidence: {line.strength})" for line in steps)
    felt = " ".join(base.findings[e.finding].name for e in cause.findings[:4])
    name = f"{cause.name} {cause.technical_name}"
    answer = Answer(
        id=cause.id, kind="cause", title=cause.name, text=f"{cause.summary} {helps}".strip(),
        sources=sources_of(base, *cause.prior, *steps),
    )  # fmt: skip
    wordings = [
        name,
        f"what is {cause.name}",
        f"{cause.name} {cause.summary} {felt}",
        *(f"{cause.name} {line.text}" for line in steps),
    ]
    return Page(answer, wordings, [f"{name} common treated treatment"], 1.0, name)


def _test(base: Base, test: s.Test) -> Page:
    text = " ".join(
        t for t in (test.what, test.prepare, test.if_low, test.if_high, test.limits) if t
    )
    answer = Answer(
        id=test.id, kind="test", title=test.name, text=text,
        sources=sources_of(base, *test.reference),
    )  # fmt: skip
    wordings = [
        f"{test.name} blood test result",
        f"{' '.join(test.words)} blood test level normal range",
    ]
    return Page(
        answer,
        wordings,
        [" ".join([*wordings, "low high"])],
        0.95,
        f"{test.name} {' '.join(test.words)}",
    )


def _food(base: Base, nutrient: s.Nutrient) -> Page:
    portions = "; ".join(f"{f.portion}: {f.amount:g} {nutrient.unit}" for f in nutrient.foods[:6])
    advice = nutrient.food_advice
    answer = Answer(
        id=f"food_{nutrient.id}", kind="food", title=f"Food rich in {nutrient.name}",
        text=f"{advice} {portions}." if portions else advice,
        sources=sources_of(base, *nutrient.foods),
    )  # fmt: skip
    wordings = [
        f"food rich in {nutrient.name}",
        f"what to eat for {nutrient.name} diet sources",
        f"{nutrient.name} {' '.join(f.food for f in nutrient.foods)}",
    ]
    named = [" ".join([*wordings, "low high level raise contain"])]
    return Page(answer, wordings, named, 1.0, nutrient.name)


def _medicine(base: Base, group: s.DrugClass) -> Page:
    meetings = " ".join(
        f"With {i.with_.replace('_', ' ')}: {i.effect} {i.advice}"
        for i in (meeting.of_class(group) for meeting in group.interactions)
    )
    effects = ", ".join(dict.fromkeys(base.causes[e.cause].name for e in group.effects))
    brings = f"Can bring on: {effects}." if effects else ""
    answer = Answer(
        id=group.id, kind="medicine", title=group.name,
        text=" ".join(t for t in (group.note, brings, meetings) if t),
        sources=sources_of(base, *group.effects, *group.interactions),
    )  # fmt: skip
    wordings = [
        f"{group.name} {' '.join(m.name for m in group.members)}",
        f"{group.name} side effects {effects}",
        *(f"{m.name} {' '.join(m.brands)}" for m in group.members),
        *(f"{m.name} side effects" for m in group.members),
        *(f"{group.name} with {i.with_.replace('_', ' ')} together" for i in group.interactions),
    ]
    members = " ".join(f"{m.name} {' '.join(m.brands)}" for m in group.members)
    names = f"{group.name} {' '.join(group.words)} {members}"
    named = [f"{names} side effects {effects}"]
    named += [f"{names} {i.with_.replace('_', ' ')} safe interact mix" for i in group.interactions]
    return Page(answer, wordings, named, 0.9, names)

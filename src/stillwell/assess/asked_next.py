"""The best questions and tests as a report names them, with what each answer would change."""

from __future__ import annotations

from dataclasses import replace

import msgspec

from stillwell.assess.posterior import WIDE, Find, Found, find_posterior
from stillwell.assess.questions import NextStep, next_steps
from stillwell.assess.ranked import is_told
from stillwell.assess.stages import Stages
from stillwell.case.understand import Understood
from stillwell.knowledge.store import Knowledge, knowledge


class Move(msgspec.Struct, frozen=True, kw_only=True):
    """What an answer makes of one cause: its probability after yes (abnormal) and after no (normal)."""

    cause: str
    yes: float
    no: float


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """An unasked question or a test, with what it is worth."""

    id: str
    kind: str
    text: str
    why: str
    bits: float
    per_burden: float
    probability: float
    moves: list[Move] = []


def steps_next(found: Found) -> list[NextStep]:
    return next_steps(
        found.causal_model, found.understood, found.small, found.exact, found.order, found.keep
    )


def questions_and_tests(
    known: Knowledge, steps: list[NextStep], understood: Understood
) -> tuple[list[Question], list[Question]]:
    """The best questions and the best tests; none is asked for what the person told as a fact."""
    worth = [step for s in steps if (step := _without_told(known, s, understood)) is not None]
    questions = [_question(known, s) for s in worth if s.kind in ("question", "sign")][:8]
    tests = [_question(known, s) for s in worth if s.kind not in ("question", "sign")][:8]
    return questions, tests


def _without_told(known: Knowledge, step: NextStep, understood: Understood) -> NextStep | None:
    """A step without what it would change of causes told as a fact; None where it is most about one of these."""
    told = [m for m in step.moves if is_told(known.base, understood, m[0])]
    if told and max(step.moves, key=lambda m: abs(m[1] - m[2])) in told:
        return None
    return replace(step, moves=tuple(m for m in step.moves if m not in told))


def questions_for(understood: Understood, find: Find = find_posterior) -> list[Question]:
    """The questions of `assess` alone; none where they cannot be worked out."""
    stages = Stages("", knowledge().base.wording.limits)
    found = stages.attempt("causes", lambda: find(understood, 0), None)
    if found is None or found.small_cells > WIDE:
        return []
    asked: list[NextStep] = stages.attempt("next", lambda: steps_next(found), [])
    nothing: tuple[list[Question], list[Question]] = ([], [])
    return stages.attempt(
        "next", lambda: questions_and_tests(knowledge(), asked, understood), nothing
    )[0]


def _question(known: Knowledge, step: NextStep) -> Question:
    base = known.base
    if step.id in base.tests:
        text, kind = base.tests[step.id].name, str(base.tests[step.id].burden)
    else:
        text, kind = base.findings[step.id].question, step.kind
        if step.again:
            text = base.wording.again.format(question=text)
    say = base.wording.moves
    moved = say["result" if step.id in base.tests else "answer"]
    moves = "; ".join(
        moved.format(cause=base.causes[c].name, yes=_share(say, yes), no=_share(say, no))
        for c, yes, no in step.moves
    )
    return Question(
        id=step.id,
        kind=kind,
        text=text,
        why=moves,
        bits=step.bits,
        per_burden=step.per_burden,
        probability=step.probability,
        moves=[Move(cause=c, yes=yes, no=no) for c, yes, no in step.moves],
    )


def _share(say: dict[str, str], p: float) -> str:
    return say["under"] if p < 0.005 else say["percent"].format(n=f"{100 * p:.0f}")

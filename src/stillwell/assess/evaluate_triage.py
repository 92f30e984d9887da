"""How well urgency is told: situations in a person's own words against the level they need."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import msgspec

from stillwell.assess.assessment import assess
from stillwell.assess.labelled_files import Situation
from stillwell.assess.shares import Miss, Share, Tally
from stillwell.case.read import case_from
from stillwell.errors import StillwellError
from stillwell.triage.rules import LEVELS, NOT_UNDERSTOOD, RED

FIGURES = (
    *("caught", "enough", "emergency_as_such", "told_no_alarm", "said_unknown"),
    *("false_alarms", "refused", "crashed"),
)
FAULTS = ("told_no_alarm", "said_unknown", "false_alarms", "refused", "crashed")
REFUSED, CRASHED = "refused", "crashed"


class TriageEvaluation(msgspec.Struct, frozen=True, kw_only=True):
    """Shares over all situations; `misses`: figure -> the situations behind it."""

    n: int
    figures: dict[str, Share]
    misses: dict[str, list[Miss]]


@dataclass(frozen=True)
class Told:
    """What a person was told: the level of urgency, or `refused` or `crashed` with the reason."""

    level: str
    said: str
    first_cause: str = ""


def told(text: str, person: dict[str, float | str] | None = None, *, detail: bool = True) -> Told:
    """Assess a person's own words, whole.

    Args:
        detail: work out reasons and next steps too, as a report does.
    """
    try:
        outcome = assess(
            case_from({"complaint": text, "person": dict(person or {})}), draws=0, detail=detail
        )
    except StillwellError as error:
        return Told(REFUSED, str(error))
    except Exception as error:  # whatever it is, somebody in need would have been told nothing
        return Told(CRASHED, f"{type(error).__name__}: {error}")
    first = outcome.causes[0].id if outcome.causes else ""
    return Told(outcome.urgency.level, outcome.urgency.wording, first)


def evaluate_triage(
    situations: list[Situation], progress: Callable[[int], None] | None = None
) -> TriageEvaluation:
    """Assess every situation and compare the urgency; a refusal or a crash tells nobody anything."""
    tally = Tally(FAULTS)
    for done, one in enumerate(situations, start=1):
        take(tally, one, told(one.text, one.person))
        if progress is not None:
            progress(done)
    return TriageEvaluation(n=len(situations), figures=tally.shares(FIGURES), misses=tally.misses())


def take(tally: Tally, one: Situation, said: Told) -> None:
    """Count one situation."""
    what = f"{said.said} for {one.expected}"

    def count(figure: str, is_part: bool) -> None:
        tally.count(figure, is_part, id=one.id, text=one.text, what=what)

    alarmed = said.level in RED
    if one.expected in RED:
        place = LEVELS.index(said.level) if said.level in LEVELS else len(LEVELS)
        unknown = said.said == NOT_UNDERSTOOD
        count("caught", alarmed)
        count("enough", place <= LEVELS.index(one.expected))
        count("told_no_alarm", said.level in ("routine", "self_care") and not unknown)
        count("said_unknown", unknown)
    else:
        count("false_alarms", alarmed)
    if one.expected == LEVELS[0]:
        count("emergency_as_such", said.level == one.expected)
    count("refused", said.level == REFUSED)
    count("crashed", said.level == CRASHED)

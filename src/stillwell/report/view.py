"""What every report shows, in order, with the wording of the numbers."""

from __future__ import annotations

from dataclasses import dataclass

from stillwell.assess.assessment import Assessment, Ranked

LIKELY = 0.5
POSSIBLE = 0.1
SHOWN = 0.02


@dataclass(frozen=True)
class CauseLine:
    """One cause as the report shows it."""

    cause: Ranked
    word: str
    percent: str
    people: str
    interval: str
    bar: int
    folded: bool


def word_for(p: float) -> str:
    """likely, possible or unlikely."""
    if p >= LIKELY:
        return "likely"
    return "possible" if p >= POSSIBLE else "unlikely"


def percent(p: float) -> str:
    """A probability for people: no more digits than it deserves."""
    if p < 0.005:
        return "under 1 %"
    if p > 0.99:
        return "over 99 %"
    return f"{p * 100:.0f} %"


def people(p: float) -> str:
    """A natural frequency: of 10, or of 100 where 10 is too coarse."""
    if p >= 0.1:
        return f"about {round(p * 10)} in 10 people who tell this story"
    if p >= 0.005:
        return f"about {max(1, round(p * 100))} in 100 people who tell this story"
    return "fewer than 1 in 100 people who tell this story"


def cause_lines(assessment: Assessment) -> list[CauseLine]:
    """The causes in order, the improbable ones marked to be folded away."""
    lines = []
    for rank, cause in enumerate(assessment.causes):
        p = cause.contributes
        lines.append(
            CauseLine(
                cause=cause,
                word=word_for(p),
                percent=percent(p),
                people=people(p),
                interval=f"{percent(cause.contributes_low)} to {percent(cause.contributes_high)}",
                bar=round(p * 30),
                folded=rank >= 8 or (rank >= 3 and p < SHOWN),
            )
        )
    return lines

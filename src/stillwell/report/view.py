"""What every report shows, in order, with the wording of the numbers."""

from __future__ import annotations

from dataclasses import dataclass

from stillwell.assess.assessment import Assessment, Ranked

LIKELY = 0.5
POSSIBLE = 0.1
SHOWN = 0.02


@dataclass(frozen=True)
class CauseLine:
    """One cause as the report shows it.

    `apart`: it is probably there, but probably not the reason.
    """

    cause: Ranked
    word: str
    percent: str
    people: str
    interval: str
    bar: int
    folded: bool
    apart: bool


def word_for(p: float) -> str:
    """likely, possible or unlikely."""
    if p >= LIKELY:
        return "likely"
    return "possible" if p >= POSSIBLE else "unlikely"


def percent(p: float | None) -> str:
    """A probability for people: no more digits than it deserves; a dash where it is not known."""
    if p is None:
        return "–"
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
                apart=cause.present >= LIKELY and p < POSSIBLE,
            )
        )
    return lines


def source_numbers(assessment: Assessment) -> dict[str, int]:
    """The number under which each source stands in the list of sources."""
    return {key: number for number, key in enumerate(assessment.references, 1)}


def cited(keys: list[str], numbers: dict[str, int]) -> str:
    """The numbers of some sources in square brackets; nothing where none is listed."""
    found = sorted({numbers[key] for key in keys if key in numbers})
    return f"[{', '.join(map(str, found))}]" if found else ""


def link_of(text: str) -> str:
    """The address of a source that its line names by DOI, PubMed number or address."""
    word = text.split()[-1] if text else ""
    if word.startswith("doi:"):
        return "https://doi.org/" + word.removeprefix("doi:")
    if " PMID " in text and word.isdigit():
        return f"https://pubmed.ncbi.nlm.nih.gov/{word}/"
    if word.startswith("PMC") and word[3:].isdigit():
        return f"https://pmc.ncbi.nlm.nih.gov/articles/{word}/"
    return word if word.startswith(("https://", "http://")) else ""

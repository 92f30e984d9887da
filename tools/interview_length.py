"""How many questions an interview needs until the label is among the first three, over labelled cases.

    python tools/interview_length.py FOLDER ...

Each case opens with its first finding, age and sex. Medicines and results are left out unless --told; what
the case does not list is answered no. A page with several signs counts as one question.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from stillwell.assess.assessment import assess
from stillwell.assess.evaluate import labelled
from stillwell.assess.interview import NONE, WORTH_BITS, Page, next_page, page_of, taken_in
from stillwell.case.model import Case, Told
from stillwell.case.understand import understand
from stillwell.knowledge.store import knowledge


def answer(page: Page, case: Case) -> str:
    """What the person of a case says to a page."""
    true = {*case.findings.present, *case.history.present}
    if page.kind == "yes_no":
        return "yes" if page.topic in true else "no"
    if page.kind == "results":
        return NONE
    return "|".join(i for i in page.items if i in true) or NONE


def questions_needed(
    case: Case,
    truth: dict[str, Any],
    most: int,
    told: bool,
    single: bool,
    worth: float = WORTH_BITS,
) -> tuple[int | None, int]:
    """(questions until the label is among the first three, or None; questions until it stops by itself)."""
    known = knowledge()
    right = {truth["primary"], *(truth.get("acceptable") or [])}
    opening = msgspec.structs.replace(
        case,
        findings=Told(present=case.findings.present[:1]),
        history=Told(),
        story=None,
        complaint=None,
        labs=[],
        medicines=case.medicines if told else [],
    )
    answers: list[tuple[str, str]] = []
    needed: int | None = None
    for number in range(most + 1):
        now = understand(taken_in(opening, answers, known))
        result = assess(now, draws=0)
        if needed is None and right & {c.id for c in result.causes[:3]}:
            needed = number
        asked = [key for key, _ in answers]
        page = next_page(now, result, asked, known, worth)
        if single:
            left = [q for q in result.questions if q.id not in asked]
            page = page_of(left[0].id, known) if left else None
        if page is None:
            return needed, number
        answers.append((page.key, answer(page, case)))
    return needed, most


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--most", type=int, default=12)
    parser.add_argument("--told", action="store_true", help="medicines are told at the start")
    parser.add_argument("--single", action="store_true", help="only the most informative question")
    parser.add_argument("--worth", type=float, default=WORTH_BITS, help="least bits of a question")
    arguments = parser.parse_args()
    for folder in arguments.folders:
        found = [
            questions_needed(
                c, truth, arguments.most, arguments.told, arguments.single, arguments.worth
            )
            for c, truth in labelled(folder)
            if truth.get("primary")
        ]
        needed = [n if n is not None else arguments.most + 1 for n, _ in found]
        print(
            f"{folder.name}: {len(found)} cases, median {np.median(needed):g} questions, "
            f"reached {np.mean([n is not None for n, _ in found]):.0%} "
            f"(within 8: {np.mean([n <= 8 for n in needed]):.0%}), "
            f"stops after {np.median([s for _, s in found]):g}"
        )


if __name__ == "__main__":
    main()

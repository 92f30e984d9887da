"""Accuracy on labelled cases: the labels never reach the assessment."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import yaml

from stillwell.assess.assessment import assess
from stillwell.case.model import Case
from stillwell.case.read import case_from
from stillwell.case.understand import understand
from stillwell.errors import CaseError
from stillwell.files import read_text
from stillwell.triage.rules import LEVELS, NOT_UNDERSTOOD


class CaseResult(msgspec.Struct, frozen=True, kw_only=True):
    """One labelled case: where the true cause was ranked, and how urgent it was said to be."""

    id: str
    primary: str
    rank: int
    ranked: list[dict[str, float | str]]
    urgency_expected: str
    urgency_given: str
    recognised: float | None
    reason: str


class Evaluation(msgspec.Struct, frozen=True, kw_only=True):
    """Shares over all cases.

    `under_triage`: less urgent than the label. `over_triage`: called an emergency or a matter of today where
    the label says routine or less. `above_label`: more urgent than the label by any step, soon for routine or
    an emergency for soon.
    """

    n: int
    top1: float
    top3: float
    under_triage: float
    over_triage: float
    above_label: float
    recognised: float | None
    cases: list[CaseResult]


def labelled(folder: Path) -> Iterator[tuple[Case, dict[str, object]]]:
    """The cases of a folder, apart from their labels.

    Raises:
        CaseError: the folder holds no labelled case, or one that cannot be read.
    """
    for _, value, truth in _files(folder):
        yield case_from(value), truth


def _files(folder: Path) -> Iterator[tuple[str, dict[str, object], dict[str, object]]]:
    """Name, case and label of each file of a folder."""
    found = False
    for path in sorted(folder.glob("*.y*ml")):
        try:
            value = yaml.safe_load(read_text(path))
        except (yaml.YAMLError, CaseError, RecursionError, ValueError):
            continue  # no labelled case
        if isinstance(value, dict) and isinstance(value.get("truth"), dict):
            found = True
            truth = value.pop("truth")
            yield path.stem, value, truth
    if not found:
        raise CaseError(
            str(folder), "holds no labelled cases", "Give a folder of YAML files with 'truth:'"
        )


def evaluate(
    folder: Path,
    *,
    without_labs: bool = False,
    from_story: bool = False,
    progress: Callable[[int], None] | None = None,
) -> Evaluation:
    """Assess every labelled case and compare.

    Args:
        from_story: use only the story's words, with age, sex, medicines and labs.
    """
    results: list[CaseResult] = []
    for name, value, truth in _files(folder):
        try:
            results.append(_try(case_from(value), truth, without_labs, from_story))
        except CaseError as error:  # one file that cannot be used is a miss, not the end of the run
            results.append(_unusable(name, truth, str(error)))
        if progress is not None:
            progress(len(results))
    return _summary(results)


def _try(case: Case, truth: dict[str, object], without_labs: bool, from_story: bool) -> CaseResult:
    told = case
    if without_labs:
        told = msgspec.structs.replace(told, labs=[])
    recognised = None
    if from_story:
        wanted = {*case.findings.present, *case.history.present}
        told = msgspec.structs.replace(
            told,
            findings=type(case.findings)(),
            history=type(case.history)(),
            other=[],
            diet=None,
        )
        read = understand(told, use_story=True)
        got = {*read.present, *read.history_present}
        recognised = len(wanted & got) / len(wanted) if wanted else None
    return _judge(case, truth, assess(told, draws=0, detail=False), recognised)


def _unusable(name: str, truth: dict[str, object], reason: str) -> CaseResult:
    return CaseResult(
        id=name,
        primary=str(truth.get("primary")),
        rank=999,
        ranked=[],
        urgency_expected=str(truth.get("urgency", "routine")),
        urgency_given="routine",
        recognised=None,
        reason=f"could not be read: {reason}",
    )


def _judge(case: Case, truth: dict, outcome, recognised: float | None) -> CaseResult:  # type: ignore[no-untyped-def,type-arg]
    right = {str(truth["primary"]), *map(str, truth.get("acceptable") or [])}
    order = [(r.id, r.contributes, r.present) for r in outcome.causes]
    if truth["primary"] == "other":
        nothing = outcome.nothing_listed or 0.0
        before = next((k for k, item in enumerate(order) if item[1] < nothing), len(order))
        order.insert(before, ("other", nothing, nothing))
    rank = next((k + 1 for k, item in enumerate(order) if item[0] in right), 999)
    reason = ""
    if rank > 3:
        place = next((r for r in outcome.causes if r.id == truth["primary"]), None)
        if place is not None:
            reason = f"{place.name}: {place.present:.1%} present; ahead: " + ", ".join(
                f"{name} {share:.0%}" for name, share, _ in order[:3]
            )
    return CaseResult(
        id=case.id or "?",
        primary=str(truth["primary"]),
        rank=rank,
        ranked=[{"id": i, "contributes": c, "present": p} for i, c, p in order],
        urgency_expected=str(truth["urgency"]),
        urgency_given=outcome.urgency.level,
        recognised=recognised,
        reason=reason,
    )


def _summary(results: list[CaseResult]) -> Evaluation:
    n = len(results)
    level = [*LEVELS, NOT_UNDERSTOOD].index  # whoever is told nothing is told too little
    under = sum(level(r.urgency_given) > level(r.urgency_expected) for r in results)
    over = sum(
        r.urgency_given in ("emergency", "today") and r.urgency_expected in ("routine", "self_care")
        for r in results
    )
    known = [r.recognised for r in results if r.recognised is not None]
    return Evaluation(
        n=n,
        top1=sum(r.rank == 1 for r in results) / n,
        top3=sum(r.rank <= 3 for r in results) / n,
        under_triage=under / n,
        over_triage=over / n,
        above_label=sum(level(r.urgency_given) < level(r.urgency_expected) for r in results) / n,
        recognised=sum(known) / len(known) if known else None,
        cases=results,
    )
